package web_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/andybalholm/brotli"
	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/api/web"
	"mashang/frontend"
	"mashang/i18n"
	"mashang/platform/kv"
	"mashang/platform/problem"
	"mashang/platform/store/storetest"
	"mashang/qr"
)

// newWeb is a Web over an empty county, with an engine for its handlers.
func newWeb(t testing.TB) (*web.Web, *gin.Engine, *bytes.Buffer) {
	t.Helper()
	words, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	face, err := frontend.New(words, frontend.Options{})
	if err != nil {
		t.Fatal(err)
	}
	memory := kv.NewMemory(time.Now)
	t.Cleanup(func() { memory.Close() })
	places := &place.Gazetteer{DB: storetest.SQLite(t), KV: memory}
	if err := places.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(places.Close)
	var log bytes.Buffer
	w := &web.Web{
		Words: words, Face: face, Places: places, Codes: qr.NewSigner([]byte("key")), KV: memory, Now: time.Now, Hotline: "12345",
		Log: slog.New(slog.NewJSONHandler(&log, nil)), Base: &url.URL{Scheme: "https", Host: "ms.example"},
	}
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	if err := e.SetTrustedProxies(nil); err != nil {
		t.Fatal(err)
	}
	e.Use(w.Prepare)
	return w, e, &log
}

func ask(e http.Handler, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	e.ServeHTTP(rec, req)
	return rec
}

var failures = []struct {
	name   string
	err    error
	status int
	kind   string
}{
	{"invalid", &problem.Error{Kind: problem.Invalid, Key: "problem.invalid", Fields: map[string]string{"phone": "phone.length"}}, 422, "problem.invalid"},
	{"malformed", problem.New(problem.Malformed, "error.malformed"), 400, "error.malformed"},
	{"unauthenticated", problem.New(problem.Unauthenticated, ""), 401, "unauthenticated"},
	{"denied", problem.New(problem.Denied, ""), 403, "denied"},
	{"missing", fmt.Errorf("wrapped: %w", problem.New(problem.Missing, "know.missing")), 404, "know.missing"},
	{"conflict", problem.New(problem.Conflict, ""), 409, "conflict"},
	{"gone", problem.New(problem.Gone, ""), 410, "gone"},
	{"too large", &http.MaxBytesError{Limit: 9}, 413, "error.large"},
	{"unsupported", problem.New(problem.Unsupported, ""), 415, "unsupported"},
	{"limited", &problem.Error{Kind: problem.Limited, Key: "error.limited", RetryAfter: 1500 * time.Millisecond}, 429, "error.limited"},
	{"unavailable", problem.New(problem.Unavailable, ""), 503, "unavailable"},
	{"ours", errors.New("database: password=hunter2"), 500, "internal"},
	{"a kind nobody knows", &problem.Error{Kind: 7, Key: "x", Err: errors.New("hunter2")}, 500, "internal"},
}

// TestErrorsBecomePages: what happened, are my things safe, what now.
func TestErrorsBecomePages(t *testing.T) {
	w, e, log := newWeb(t)
	for i, f := range failures {
		e.GET(fmt.Sprintf("/%d", i), w.Page(func(*gin.Context) error { return f.err }))
	}
	for i, f := range failures {
		t.Run(f.name, func(t *testing.T) {
			log.Reset()
			rec := ask(e, "GET", fmt.Sprintf("/%d", i), "", "Accept-Language", "en")
			if rec.Code != f.status {
				t.Errorf("status %d, want %d", rec.Code, f.status)
			}
			body := rec.Body.String()
			if !strings.Contains(body, "<h1>") || strings.Contains(body, "hunter2") || strings.Contains(body, "error.") {
				t.Errorf("the page is not plain words: %s", body)
			}
			if f.status == 429 && rec.Header().Get("Retry-After") != "2" {
				t.Errorf("Retry-After is %q, want 2", rec.Header().Get("Retry-After"))
			}
			if logged := strings.Contains(log.String(), "request failed"); logged != (f.status == 500) {
				t.Errorf("logged: %v", logged)
			}
			if rec.Header().Get("Cache-Control") != "no-store" {
				t.Error("the page may be kept")
			}
		})
	}
}

func TestErrorsBecomeProblemDocuments(t *testing.T) {
	w, e, _ := newWeb(t)
	for i, f := range failures {
		e.GET(fmt.Sprintf("/%d", i), w.JSON(func(*gin.Context) error { return f.err }))
	}
	for i, f := range failures {
		t.Run(f.name, func(t *testing.T) {
			rec := ask(e, "GET", fmt.Sprintf("/%d", i), "")
			var doc web.Problem
			if err := json.Unmarshal(rec.Body.Bytes(), &doc); err != nil {
				t.Fatal(err)
			}
			if rec.Code != f.status || doc.Status != f.status || doc.Type != "/problems/"+f.kind || doc.Title == "" {
				t.Errorf("got %d %+v, want %d /problems/%s", rec.Code, doc, f.status, f.kind)
			}
			if rec.Header().Get("Content-Type") != "application/problem+json" || strings.Contains(rec.Body.String(), "hunter2") {
				t.Errorf("%s %s", rec.Header().Get("Content-Type"), rec.Body)
			}
			if f.name == "invalid" && (len(doc.Errors) != 1 || doc.Errors[0].Field != "phone" || doc.Errors[0].Code != "phone.length" || doc.Errors[0].Message == "phone.length") {
				t.Errorf("errors: %+v", doc.Errors)
			}
		})
	}
}

func TestFormsAreCleanedAndBounded(t *testing.T) {
	w, e, _ := newWeb(t)
	var got url.Values
	e.POST("/", web.Limit(100), w.Page(func(c *gin.Context) (err error) {
		got, err = web.Form(c)
		return err
	}))
	const urlencoded = "application/x-www-form-urlencoded"
	if rec := ask(e, "POST", "/", "a=%ff%00b%0d%0ac&a=2", "Content-Type", urlencoded); rec.Code != 200 || got["a"][0] != "\uFFFDb\nc" || got["a"][1] != "2" {
		t.Errorf("%d, %q", rec.Code, got["a"])
	}
	if rec := ask(e, "POST", "/", "a="+strings.Repeat("x", 200), "Content-Type", urlencoded); rec.Code != 413 {
		t.Errorf("a body over the limit answers %d", rec.Code)
	}
	for _, bad := range []string{"a=%zz", "a=1;b"} {
		if rec := ask(e, "POST", "/", bad, "Content-Type", urlencoded); rec.Code != 400 {
			t.Errorf("%q answers %d", bad, rec.Code)
		}
	}
	if rec := ask(e, "POST", "/", "--x\r\nrubbish", "Content-Type", "multipart/form-data; boundary=x"); rec.Code != 400 {
		t.Errorf("a broken multipart form answers %d", rec.Code)
	}
}

func TestOnlyOurOwnPortIsOurs(t *testing.T) {
	w, _, _ := newWeb(t)
	for origin, want := range map[string]bool{
		"https://ms.example": true, "https://MS.example": true, "https://ms.example:8443": false, "http://ms.example": false,
		"https://ms.example.evil": false, "https://evil.example": false, "null": false, "": false,
	} {
		if got := w.Ours(origin); got != want {
			t.Errorf("Ours(%q) = %v", origin, got)
		}
	}
}

func TestLimits(t *testing.T) {
	w, e, _ := newWeb(t)
	e.GET("/", w.Page(func(c *gin.Context) error { return w.Allow(c, "look:"+web.ClientAddress(c), 2, time.Minute) }))
	for i, want := range []int{200, 200, 429} {
		// A forged header does not make a new address: nobody is trusted.
		if rec := ask(e, "GET", "/", "", "X-Forwarded-For", fmt.Sprintf("203.0.113.%d", i)); rec.Code != want {
			t.Errorf("visit %d answers %d, want %d", i+1, rec.Code, want)
		}
	}
}

func TestSeatsAreFewForOneAddress(t *testing.T) {
	w := &web.Web{}
	at := func(address string) *gin.Context {
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Request = httptest.NewRequest(http.MethodPost, "/", nil)
		c.Request.RemoteAddr = address + ":1"
		return c
	}
	var leave []func()
	take := func(address string) int {
		for n := 0; ; n++ {
			done, err := w.Seat(at(address))
			if err != nil {
				return n
			}
			leave = append(leave, done)
		}
	}
	if n := take("10.0.0.1"); n != 32 {
		t.Errorf("one address has %d seats, want 32", n)
	}
	all := 32
	for n := range 20 {
		all += take(fmt.Sprintf("10.0.1.%d", n))
	}
	if all != 256 {
		t.Errorf("all together have %d seats, want 256", all)
	}
	for _, done := range leave {
		done()
	}
	if n := take("10.0.0.1"); n != 32 {
		t.Errorf("after all left one address has %d seats, want 32", n)
	}
}

func TestLocal(t *testing.T) {
	for in, want := range map[string]string{
		"/policies/dibao": "/policies/dibao", "/policies?department=all": "/policies?department=all",
		"": "/", "//evil.example": "/", `/\evil.example`: "/", "https://evil.example": "/", "policies": "/",
		"javascript:alert(1)": "/", "/a\r\nb": "/", `\\evil`: "/", "/\t/evil.example": "/",
	} {
		if got := web.Local(in); got != want {
			t.Errorf("Local(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzLocalStaysHere(f *testing.F) {
	for _, s := range []string{"/a", "//a", "/\\a", "/%2f/a", "http:a", "/a?b=//c"} {
		f.Add(s)
	}
	here := &url.URL{Scheme: "https", Host: "ms.example", Path: "/x"}
	f.Fuzz(func(t *testing.T, s string) {
		to, err := here.Parse(web.Local(s))
		if err != nil || to.Host != here.Host || to.Scheme != "https" || strings.ContainsAny(web.Local(s), "\r\n\\") {
			t.Errorf("Local(%q) = %q leads to %v", s, web.Local(s), to)
		}
	})
}

func FuzzClean(f *testing.F) {
	f.Add("a\x00b\xff\r\n")
	f.Fuzz(func(t *testing.T, s string) {
		got := web.Clean(s)
		if !utf8.ValidString(got) || strings.ContainsAny(got, "\x00\r\x7f") {
			t.Errorf("Clean(%q) = %q", s, got)
		}
		if again := web.Clean(got); again != got {
			t.Errorf("cleaning twice changes %q to %q", got, again)
		}
	})
}

// TestReadyPagesAreTheSameEachTime: rendered, kept, compressed either way or not
// at all, a page has the same words and the same tag.
func TestReadyPagesAreTheSameEachTime(t *testing.T) {
	w, e, _ := newWeb(t)
	built := 0
	e.GET("/", w.Page(func(c *gin.Context) error {
		return w.RenderReady(c, "text", "1", func() (frontend.Page, error) {
			built++
			return web.From(c).Frame("title", map[string]any{"Title": "t", "Lead": "l", "Sections": nil}), nil
		})
	}))
	first := ask(e, "GET", "/", "")
	for _, encoding := range []string{"", "gzip", "br", "gzip", ""} {
		rec := ask(e, "GET", "/", "", "Accept-Encoding", encoding)
		var body io.Reader = rec.Body
		switch rec.Header().Get("Content-Encoding") {
		case "gzip":
			z, err := gzip.NewReader(body)
			if err != nil {
				t.Fatal(err)
			}
			body = z
		case "br":
			body = brotli.NewReader(body)
		}
		b, err := io.ReadAll(body)
		if err != nil || string(b) != first.Body.String() || rec.Header().Get("ETag") != first.Header().Get("ETag") {
			t.Errorf("asked for as %q the page differs (%v)", encoding, err)
		}
	}
	if built != 2 {
		t.Errorf("built %d times, want twice: the second time it is kept", built)
	}
	if rec := ask(e, "GET", "/", "", "If-None-Match", first.Header().Get("ETag")); rec.Code != http.StatusNotModified || rec.Body.Len() != 0 {
		t.Errorf("an unchanged page answers %d", rec.Code)
	}
	for i := range 3000 {
		ask(e, "GET", fmt.Sprintf("/?made=%d", i), "")
	}
	if built != 3002 {
		t.Errorf("built %d times after 3,000 made-up addresses, want 3,002", built)
	}
}

func BenchmarkReadyPage(b *testing.B) {
	w, e, _ := newWeb(b)
	e.GET("/", w.Page(func(c *gin.Context) error {
		return w.RenderReady(c, "text", "1", func() (frontend.Page, error) {
			return web.From(c).Frame("t", struct {
				Title, Lead string
				Sections    []struct{ Title, Text string }
			}{"a", "b", nil}), nil
		})
	}))
	for b.Loop() {
		ask(e, "GET", "/", "", "Accept-Encoding", "gzip")
	}
}

func BenchmarkRenderedPage(b *testing.B) {
	w, e, _ := newWeb(b)
	e.GET("/", w.Page(func(c *gin.Context) error {
		return w.Render(c, 200, "text", "t", struct {
			Title, Lead string
			Sections    []struct{ Title, Text string }
		}{"a", "b", nil})
	}))
	for b.Loop() {
		ask(e, "GET", "/", "", "Accept-Encoding", "gzip")
	}
}
