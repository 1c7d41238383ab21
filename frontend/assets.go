package frontend

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base32"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

// assets are the files of dist, named by their content and compressed once.
type assets struct {
	byName map[string]*asset // base.css
	byPath map[string]*asset // base.k3v9x2ab.css
}

type asset struct {
	path, mime string
	plain, gz  []byte
	br         func() []byte
}

func loadAssets(from fs.FS) (*assets, error) {
	a := &assets{byName: map[string]*asset{}, byPath: map[string]*asset{}}
	names, err := fs.Glob(from, "dist/*")
	if err != nil {
		return nil, err
	}
	for _, file := range names {
		b, err := fs.ReadFile(from, file)
		if err != nil {
			return nil, err
		}
		name := path.Base(file)
		one := makeAsset(name, b)
		a.byName[name], a.byPath[one.path] = one, one
	}
	return a, nil
}

func makeAsset(name string, b []byte) *asset {
	ext := path.Ext(name)
	sum := sha256.Sum256(b)
	hash := strings.ToLower(base32.StdEncoding.EncodeToString(sum[:5]))
	one := &asset{path: strings.TrimSuffix(name, ext) + "." + hash + ext, mime: mime.TypeByExtension(ext), plain: b}
	switch ext {
	case ".css", ".js", ".svg":
		one.gz = Gzip(b)
		// Brotli's best level takes tens of milliseconds, so it waits for the first browser that can use it.
		one.br = sync.OnceValue(func() []byte { return Brotli(b) })
	}
	return one
}

// Gzip compresses b as small as it gets.
func Gzip(b []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // the level is valid
	_, _ = w.Write(b)                                       // a bytes.Buffer takes everything
	w.Close()
	return out.Bytes()
}

// Brotli compresses b as small as it gets; slow, meant for bytes that are kept.
func Brotli(b []byte) []byte { return squeeze(b, brotli.BestCompression) }

// BrotliFast compresses b well within a millisecond or two.
func BrotliFast(b []byte) []byte { return squeeze(b, 5) }

func squeeze(b []byte, level int) []byte {
	var out bytes.Buffer
	w := brotli.NewWriterLevel(&out, level)
	_, _ = w.Write(b)
	w.Close()
	return out.Bytes()
}

// Asset returns the address of a static file, "/static/base.k3v9x2ab.css". An
// unknown name comes back as an address that answers 404.
func (r *Renderer) Asset(name string) string {
	if a := r.assets.byName[name]; a != nil {
		return "/static/" + a.path
	}
	return "/static/" + name
}

// Static serves the static files below /static/. Their names change with their
// content, so browsers may keep them for ever.
func (r *Renderer) Static() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		name := strings.TrimPrefix(req.URL.Path, "/static/")
		a := r.assets.byPath[name]
		h := w.Header()
		if a == nil {
			http.Error(w, "404", http.StatusNotFound)
			return
		}
		body := a.plain
		if a.gz != nil {
			h.Set("Vary", "Accept-Encoding")
			switch Encoding(req.Header.Get("Accept-Encoding")) {
			case "br":
				body = a.br()
				h.Set("Content-Encoding", "br")
			case "gzip":
				body = a.gz
				h.Set("Content-Encoding", "gzip")
			}
		}
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("Content-Type", a.mime)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Length", strconv.Itoa(len(body)))
		if req.Method != http.MethodHead {
			w.Write(body)
		}
	})
}

// Encoding chooses br, gzip or "" from an Accept-Encoding header.
func Encoding(accept string) string {
	var gz bool
	for part := range strings.SplitSeq(accept, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if q := strings.ReplaceAll(params, " ", ""); q == "q=0" || strings.HasPrefix(q, "q=0.0") {
			continue
		}
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "br":
			return "br"
		case "gzip":
			gz = true
		}
	}
	if gz {
		return "gzip"
	}
	return ""
}
