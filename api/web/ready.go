package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"

	"mashang/frontend"
)

// maxReady bounds how many pages are kept as ready bytes, about 6 KB each.
const maxReady = 1024

// readyPages keeps whole responses, compressed. When it is full it starts anew:
// what is asked for often is soon back.
type readyPages struct {
	mu    sync.RWMutex
	pages map[string]*readyPage
}

type readyPage struct {
	etag          string
	plain, gz, br []byte
}

// RenderReady answers 200 with a page that is the same for everybody who asks
// with the same facts, so that it is rendered and compressed once. version must
// change whenever what the page shows does; build makes the frame.
func (w *Web) RenderReady(c *gin.Context, name, version string, build func() (frontend.Page, error)) error {
	r := From(c)
	at := ""
	if r.Spot != nil {
		at = r.Spot.Division.Code
	}
	key := strings.Join([]string{name, r.Path, string(r.Lang), r.Care, r.Code, at, version}, "\x00")
	w.ready.mu.RLock()
	page := w.ready.pages[key]
	w.ready.mu.RUnlock()
	if page == nil {
		var err error
		if page, err = w.makeReady(name, build); err != nil {
			return err
		}
		w.ready.mu.Lock()
		if w.ready.pages == nil || len(w.ready.pages) >= maxReady {
			w.ready.pages = map[string]*readyPage{}
		}
		w.ready.pages[key] = page
		w.ready.mu.Unlock()
	}
	return page.send(c)
}

func (w *Web) makeReady(name string, build func() (frontend.Page, error)) (*readyPage, error) {
	p, err := build()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := w.Face.Page(&b, name, p); err != nil {
		return nil, fmt.Errorf("web: ready: %w", err)
	}
	sum := sha256.Sum256(b.Bytes())
	return &readyPage{
		etag:  `W/"` + base64.RawURLEncoding.EncodeToString(sum[:9]) + `"`,
		plain: b.Bytes(), gz: frontend.Gzip(b.Bytes()), br: frontend.BrotliFast(b.Bytes()),
	}, nil
}

func (p *readyPage) send(c *gin.Context) error {
	h := c.Writer.Header()
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", p.etag)
	h.Add("Vary", "Accept-Encoding, Cookie")
	if matches(c.GetHeader("If-None-Match"), p.etag) {
		c.Status(http.StatusNotModified)
		c.Writer.WriteHeaderNow()
		return nil
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	body := p.plain
	switch enc := frontend.Encoding(c.GetHeader("Accept-Encoding")); enc {
	case "br":
		h.Set("Content-Encoding", enc)
		body = p.br
	case "gzip":
		h.Set("Content-Encoding", enc)
		body = p.gz
	}
	return write(c, http.StatusOK, body)
}

func matches(header, etag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		one = strings.TrimSpace(one)
		if one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(etag, "W/") {
			return true
		}
	}
	return false
}
