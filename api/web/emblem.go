package web

import (
	"net/http"
	"sync"

	"github.com/gin-gonic/gin"

	"mashang/platform/settings"
)

// smallEmblem keeps the office's emblem as pages show it.
type smallEmblem struct {
	mu      sync.Mutex
	id      string
	picture []byte
}

// EmblemURL is where pages take the emblem from, "" when the office has none.
func (w *Web) EmblemURL() string {
	if id := w.Office().EmblemID; id != "" {
		return "/emblem.png?v=" + id
	}
	return ""
}

// Emblem answers with the office's emblem, small.
func (w *Web) Emblem(c *gin.Context) {
	o := w.Office()
	if o.EmblemID == "" {
		c.Status(http.StatusNotFound)
		return
	}
	w.small.mu.Lock()
	if w.small.id != o.EmblemID {
		picture, err := settings.Small(o.Emblem)
		if err != nil {
			w.Log.Error("emblem not drawn", "err", err)
		}
		w.small.id, w.small.picture = o.EmblemID, picture
	}
	picture := w.small.picture
	w.small.mu.Unlock()
	h := c.Writer.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-cache")
	if c.Query("v") == o.EmblemID {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	c.Data(http.StatusOK, "image/png", picture)
}
