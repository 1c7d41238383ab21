//go:build unix

package main

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// holdFolder makes the data folder and holds it until release is called: shared
// with every command that works on its database, or alone, so that a restore can
// never take the database from under a portal that serves. The system lets go of
// it when a program dies.
func holdFolder(dir string, alone bool) (release func() error, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	d, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	how := syscall.LOCK_SH
	if alone {
		how = syscall.LOCK_EX
	}
	err = syscall.Flock(int(d.Fd()), how|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		busy := fmt.Errorf("another mashang is at work in %s: stop it first", dir)
		return nil, errors.Join(busy, d.Close())
	}
	// A file system without locks is no reason not to serve.
	return d.Close, nil
}
