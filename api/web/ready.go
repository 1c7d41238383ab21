package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"

	"mashang/frontend"
)

// Bounds on what is kept: ready pages of about 6 KB each, and the hashes of
// those asked for once.
const (
	maxReady = 1024
	maxSeen  = 8192
)

// readyPages keeps whole responses, compressed as small as they get. A page is
// kept when it is asked for a second time, so that addresses made up by a
// stranger cost no more than rendering them. A full store starts anew: what is
// asked for often is soon back.
type readyPages struct {
	mu    sync.RWMutex
	pages map[[32]byte]*readyPage
	seen  map[[32]byte]bool
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
	if r.Draft != nil {
		p, err := build()
		if err != nil {
			return err
		}
		return w.RenderPage(c, http.StatusOK, name, p)
	}
	at := ""
	if r.Spot != nil {
		at = r.Spot.Division.Code
	}
	key := sha256.Sum256([]byte(strings.Join([]string{name, r.Path, string(r.Lang), r.Care, r.Code, at, version, r.Host, strconv.FormatInt(w.Office().Version, 10)}, "\x00")))
	if page := w.ready.find(key); page != nil {
		return page.send(c, w)
	}
	p, err := build()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := w.Face.Page(&b, name, p); err != nil {
		return fmt.Errorf("web: ready: %w", err)
	}
	sum := sha256.Sum256(b.Bytes())
	page := &readyPage{etag: `W/"` + base64.RawURLEncoding.EncodeToString(sum[:9]) + `"`, plain: b.Bytes()}
	if w.ready.again(key) {
		page.gz, page.br = frontend.Gzip(page.plain), frontend.BrotliFast(page.plain)
		w.ready.keep(key, page)
	}
	return page.send(c, w)
}

func (s *readyPages) find(key [32]byte) *readyPage {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.pages[key]
}

// again notes that key was asked for and tells whether it had been before.
func (s *readyPages) again(key [32]byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen[key] {
		delete(s.seen, key)
		return true
	}
	if s.seen == nil || len(s.seen) >= maxSeen {
		s.seen = map[[32]byte]bool{}
	}
	s.seen[key] = true
	return false
}

func (s *readyPages) keep(key [32]byte, page *readyPage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pages == nil || len(s.pages) >= maxReady {
		s.pages = map[[32]byte]*readyPage{}
	}
	s.pages[key] = page
}

// send answers with the page, or with 304 when the browser has it. A page that
// is not kept is compressed for this answer only.
func (p *readyPage) send(c *gin.Context, w *Web) error {
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
	switch enc := frontend.Encoding(c.GetHeader("Accept-Encoding")); {
	case enc == "":
		return write(c, http.StatusOK, p.plain)
	case p.gz == nil:
		zipped := w.pools.buffer()
		defer w.pools.buffers.Put(zipped)
		w.pools.zip(zipped, p.plain)
		h.Set("Content-Encoding", "gzip")
		return write(c, http.StatusOK, zipped.Bytes())
	case enc == "br":
		h.Set("Content-Encoding", enc)
		return write(c, http.StatusOK, p.br)
	}
	h.Set("Content-Encoding", "gzip")
	return write(c, http.StatusOK, p.gz)
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
