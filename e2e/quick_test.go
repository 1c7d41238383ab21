//go:build !slow

package e2e_test

// slow: see slow_test.go.
const slow = false
