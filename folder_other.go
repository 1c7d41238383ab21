//go:build !unix

package main

import "os"

// holdFolder makes the data folder; here there is no lock to hold it with.
func holdFolder(dir string, _ bool) (release func() error, err error) {
	return func() error { return nil }, os.MkdirAll(dir, 0o700)
}
