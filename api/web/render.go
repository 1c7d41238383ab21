package web

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"sync"

	"github.com/gin-gonic/gin"

	"mashang/frontend"
)

// pools lend what rendering needs, so that a busy portal does not make it anew.
type pools struct{ buffers, zippers sync.Pool }

func (p *pools) buffer() *bytes.Buffer {
	b, ok := p.buffers.Get().(*bytes.Buffer)
	if !ok {
		return new(bytes.Buffer)
	}
	b.Reset()
	return b
}

func (p *pools) zip(to *bytes.Buffer, from []byte) {
	z, ok := p.zippers.Get().(*gzip.Writer)
	if !ok {
		z, _ = gzip.NewWriterLevel(nil, 6) // the level is valid
	}
	z.Reset(to)
	_, _ = z.Write(from) // a bytes.Buffer takes everything
	z.Close()
	p.zippers.Put(z)
}

// Render answers with the page name around body. What it shows may be personal:
// no browser or proxy keeps it.
func (w *Web) Render(c *gin.Context, status int, name, title string, body any) error {
	return w.RenderPage(c, status, name, From(c).Frame(title, body))
}

// RenderPage is Render for a handler that changed the frame.
func (w *Web) RenderPage(c *gin.Context, status int, name string, p frontend.Page) error {
	plain := w.pools.buffer()
	defer w.pools.buffers.Put(plain)
	if err := w.Face.Page(plain, name, p); err != nil {
		return err
	}
	h := c.Writer.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept-Encoding, Cookie")
	out := plain
	if frontend.Encoding(c.GetHeader("Accept-Encoding")) != "" {
		zipped := w.pools.buffer()
		defer w.pools.buffers.Put(zipped)
		w.pools.zip(zipped, plain.Bytes())
		h.Set("Content-Encoding", "gzip")
		out = zipped
	}
	return write(c, status, out.Bytes())
}

// write sends ready bytes. A reader who went away is no error of ours.
func write(c *gin.Context, status int, b []byte) error {
	c.Writer.Header().Set("Content-Length", strconv.Itoa(len(b)))
	c.Status(status)
	if c.Request.Method == http.MethodHead {
		c.Writer.WriteHeaderNow()
		return nil
	}
	c.Writer.Write(b)
	return nil
}
