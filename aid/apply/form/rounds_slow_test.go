//go:build slow

package form_test

const rounds = 300
