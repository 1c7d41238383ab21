package api

import (
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/platform/problem"
)

// contentPolicy allows what our own host serves and nothing inline.
const contentPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: blob:; media-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// secure sets the headers every answer but static files carries.
func (s *Server) secure(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if s.web.Secure() {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// log writes one line a request: the route's pattern, never the address itself,
// which may hold a code or a token.
func (s *Server) log(c *gin.Context) {
	start := time.Now()
	c.Next()
	route := c.FullPath()
	if route == "" {
		route = "none"
	}
	s.Log.Info("request", "method", method(c.Request.Method), "route", route, "status", c.Writer.Status(),
		"bytes", max(0, c.Writer.Size()), "ms", float64(time.Since(start).Microseconds())/1000)
}

// method keeps a stranger's invention out of the log.
func method(m string) string {
	switch m {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
		return m
	}
	return "other"
}

// recover turns a panic into a plain apology. The panic's value may hold what
// somebody typed, so only its type and the stack are logged.
func (s *Server) recover(c *gin.Context) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(v)
		}
		cause := fmt.Sprintf("%T", v)
		if err, ok := v.(runtime.Error); ok {
			cause = err.Error()
		}
		s.Log.Error("panic", "route", c.FullPath(), "cause", cause, "stack", string(debug.Stack()))
		s.fail(c, errPanic)
		c.Abort()
	}()
	c.Next()
}

var errPanic = errors.New("api: panic")

// prepare finds out who asks, for pages and for JSON each in its way.
func (s *Server) prepare(c *gin.Context) {
	if isAPI(c) {
		s.web.PrepareJSON(c)
		return
	}
	s.web.Prepare(c)
}

// sameOrigin refuses what another site makes a browser send. All our own
// addresses are one site: a page opened on one may send to another.
func (s *Server) sameOrigin(c *gin.Context) {
	if s.web.Ours(c.GetHeader("Origin")) {
		return
	}
	if err := s.cross.Check(c.Request); err != nil {
		s.fail(c, &problem.Error{Kind: problem.Denied, Key: "error.denied.cross", Err: err})
		c.Abort()
	}
}

// missing also answers for the files by which WeChat and others see whose the
// address is: their names are the office's to enter, so they have no route.
func (s *Server) missing(c *gin.Context) {
	if f, ok := s.web.Office().File(strings.TrimPrefix(c.Request.URL.Path, "/")); ok && (c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead) {
		c.Header("Cache-Control", "no-cache")
		c.Data(http.StatusOK, "text/plain; charset=utf-8", []byte(f.Content))
		return
	}
	s.fail(c, problem.New(problem.Missing, "error.missing"))
}

func (s *Server) notAllowed(c *gin.Context) {
	s.web.FailMethod(c, isAPI(c))
}

// fail answers as the address asks for: a problem document below /api/, a page
// everywhere else.
func (s *Server) fail(c *gin.Context, err error) {
	if isAPI(c) {
		s.web.FailJSON(c, err)
		return
	}
	s.web.Fail(c, err)
}

func isAPI(c *gin.Context) bool { return strings.HasPrefix(c.Request.URL.Path, "/api/") }
