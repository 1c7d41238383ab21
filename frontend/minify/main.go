// Command minify writes the style sheets and scripts of frontend/static into
// frontend/dist as browsers get them. Run it after a change there:
//
//	go generate ./frontend
//
// It runs when somebody writes, not when the portal starts: the bundler would
// cost a small machine several megabytes for work that is always the same.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"
)

func main() {
	if err := run("static", "dist"); err != nil {
		fmt.Fprintln(os.Stderr, "minify:", err)
		os.Exit(1)
	}
}

// run minifies every sheet and script of one folder into another, and takes
// away what has no source any more.
func run(from, to string) error {
	made, err := all(from)
	if err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(to, "*"))
	if err != nil {
		return err
	}
	for _, file := range old {
		if _, ok := made[filepath.Base(file)]; !ok {
			if err := os.Remove(file); err != nil {
				return err
			}
		}
	}
	for name, b := range made {
		if err := os.WriteFile(filepath.Join(to, name), b, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// all is the minified content of a folder by file name.
func all(from string) (map[string][]byte, error) {
	names, err := filepath.Glob(filepath.Join(from, "*"))
	if err != nil {
		return nil, err
	}
	made := map[string][]byte{}
	for _, file := range names {
		b, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if b, err = minify(filepath.Ext(file), b); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		made[filepath.Base(file)] = b
	}
	return made, nil
}

func minify(ext string, b []byte) ([]byte, error) {
	opts := api.TransformOptions{MinifyWhitespace: true, MinifySyntax: true, MinifyIdentifiers: true, Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsNone}
	switch ext {
	case ".js":
		opts.Loader, opts.Target, opts.Format = api.LoaderJS, api.ES2015, api.FormatIIFE
	case ".css":
		// A 2018 WebView: no newer syntax may come out of minifying.
		opts.Loader = api.LoaderCSS
		opts.Engines = []api.Engine{{Name: api.EngineChrome, Version: "61"}, {Name: api.EngineSafari, Version: "11"}}
		opts.Supported = map[string]bool{"inset-property": false, "hex-rgba": false}
	default:
		return b, nil
	}
	out := api.Transform(string(b), opts)
	if len(out.Errors) > 0 {
		return nil, errors.New(out.Errors[0].Text)
	}
	return bytes.TrimSpace(out.Code), nil
}
