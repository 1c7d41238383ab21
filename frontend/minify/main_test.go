package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// What is served must be what is written.
func TestDistIsMadeFromStatic(t *testing.T) {
	made, err := all("../static")
	if err != nil {
		t.Fatal(err)
	}
	there, err := filepath.Glob("../dist/*")
	if err != nil {
		t.Fatal(err)
	}
	if len(there) != len(made) {
		t.Errorf("dist has %d files, static makes %d: run `go generate ./frontend`", len(there), len(made))
	}
	for name, want := range made {
		got, err := os.ReadFile(filepath.Join("../dist", name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("dist/%s is not what static/%s makes (%v): run `go generate ./frontend`", name, name, err)
		}
	}
}
