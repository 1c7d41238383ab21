//go:build !slow

package specimen_test

// rounds is how many sets of answers are made for each form; many more when it may take its time.
const rounds = 2
