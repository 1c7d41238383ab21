// Package web is what the resident pages, the staff pages and the JSON calls
// share: who asks and in which language, rendering, and the one place where an
// error becomes a response.
package web

import (
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/frontend"
	"mashang/i18n"
	"mashang/platform/kv"
	"mashang/platform/problem"
	"mashang/platform/settings"
	"mashang/qr"
)

// Web answers requests. All fields are set by its maker and never change
// afterwards.
type Web struct {
	Words   *i18n.Catalog
	Face    *frontend.Renderer
	Places  *place.Gazetteer
	Codes   *qr.Signer
	KV      kv.Store
	Log     *slog.Logger
	Now     func() time.Time
	Base    *url.URL       // as printed in codes; https makes cookies __Host- and Secure
	Hotline string         // the number at the foot of every page, until the office enters its own
	Sample  bool           // every page says that the data is invented
	Book    *settings.Book // what the office says of itself; nil: nothing

	ready readyPages
	small smallEmblem
	pools pools
	seats seats
}

// Handler answers one request or returns why it cannot. It must not have
// written anything when it returns an error.
type Handler func(c *gin.Context) error

// Page makes a gin handler whose errors become pages in the reader's language.
func (w *Web) Page(h Handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := h(c); err != nil {
			w.Fail(c, err)
		}
	}
}

// JSON makes a gin handler whose errors become RFC 9457 problem documents.
func (w *Web) JSON(h Handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := h(c); err != nil {
			w.FailJSON(c, err)
		}
	}
}

// Redirect sends the browser to a page of ours with a GET (303), so that
// reloading does not repeat what was done. Any other address leads to "/".
func (w *Web) Redirect(c *gin.Context, to string) error {
	c.Redirect(http.StatusSeeOther, Local(to))
	return nil
}

// Local returns to when it is a path on this host, else "/".
func Local(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || len(to) == 0 || to[0] != '/' || len(to) > 1 && (to[1] == '/' || to[1] == '\\') {
		return "/"
	}
	return u.String()
}

// ClientAddress is the address limits count by: that of the peer, or what a
// trusted proxy says; an IPv6 address stands for its /64 network.
func ClientAddress(c *gin.Context) string {
	a, err := netip.ParseAddr(c.ClientIP())
	if err != nil {
		return "unknown"
	}
	if a = a.Unmap(); a.Is6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

// Allow counts one use of key and returns a Limited problem when there were
// more than limit within the window. State that cannot be reached lets pass.
func (w *Web) Allow(c *gin.Context, key string, limit int, window time.Duration) error {
	ok, retry, err := w.KV.Allow(c.Request.Context(), key, limit, window)
	if err != nil {
		w.Log.Warn("limit not counted", "err", err)
		return nil
	}
	if ok {
		return nil
	}
	return &problem.Error{Kind: problem.Limited, Key: "error.limited", RetryAfter: retry}
}

// asProblem finds the problem to tell in err; an error that carries none is
// ours and comes back as nil.
func asProblem(err error) *problem.Error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return &problem.Error{Kind: problem.TooLarge, Key: "error.large", Err: err}
	}
	var p *problem.Error
	if errors.As(err, &p) {
		return p
	}
	return nil
}
