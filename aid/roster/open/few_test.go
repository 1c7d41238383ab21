//go:build !slow

package open

// cubes is how many random counties the gate attacks; make slow attacks many more.
const cubes = 10
