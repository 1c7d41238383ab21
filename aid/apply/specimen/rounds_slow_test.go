//go:build slow

package specimen_test

const rounds = 300
