//go:build slow

package e2e_test

// slow makes the fault loops as long as they are meant to be.
const slow = true
