//go:build slow

package open

const cubes = 1500
