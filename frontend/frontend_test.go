package frontend

import (
	"bytes"
	"compress/gzip"
	"html"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/evanw/esbuild/pkg/api"

	"mashang/i18n"
)

func newRenderer(t testing.TB) *Renderer {
	t.Helper()
	words, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(words, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestClausesKeepEveryCharacter(t *testing.T) {
	for in, want := range map[string][]string{
		"有什么帮助，给多少，去哪办": {"有什么帮助，", "给多少，", "去哪办"},
		"Know": {"Know"},
		"":     nil,
		"一句很长很长很长很长很长很长很长的话，后面": {"一句很长很长很长很长很长很长很长的话，后面"},
	} {
		if got := clauses(in); !slices.Equal(got, want) {
			t.Errorf("clauses(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestBlocks(t *testing.T) {
	got := blocks("一句。\n- 甲\n- 乙\n\n二句。\n- 丙")
	if len(got) != 4 || got[0].Text != "一句。" || !slices.Equal(got[1].Items, []string{"甲", "乙"}) || got[2].Text != "二句。" || len(got[3].Items) != 1 {
		t.Errorf("blocks() = %+v", got)
	}
}

func TestSetQueryKeepsTheRest(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"/policies?department=all&lang=en", "/policies?department=all&lang=zh-Hant"},
		{"/s/ABC", "/s/ABC?lang=zh-Hant"},
		{"https://evil.example/x", "/x?lang=zh-Hant"},
		{"//evil.example/x", "/x?lang=zh-Hant"},
		{"\x7f", "/?lang=zh-Hant"},
		{"", "/?lang=zh-Hant"},
	} {
		if got := setQuery(tt.in, "lang", "zh-Hant"); got != tt.want {
			t.Errorf("setQuery(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestDigits(t *testing.T) {
	for in, want := range map[string]string{"0500-5550121": "05005550121", "+86 500 5550121": "+865005550121", "javascript:1": "1", "12345": "12345"} {
		if got := digits(in); got != want {
			t.Errorf("digits(%q) = %q, want %q", in, got, want)
		}
	}
}

// hostile is what strangers and careless imports put into a text.
const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)>' javascript:alert(3)`

// TestNothingFromDataBecomesMarkup renders every page of ours that takes plain
// data with hostile text in every place.
func TestNothingFromDataBecomesMarkup(t *testing.T) {
	r := newRenderer(t)
	text := i18n.Text{Hans: hostile, Hant: hostile, En: hostile}
	section := struct{ Title, Text string }{hostile, hostile + "\n- " + hostile}
	bodies := map[string]any{
		"text":  map[string]any{"Title": hostile, "Lead": hostile, "Sections": []any{section}},
		"error": map[string]any{"Icon": "alert", "Kind": "missing", "What": hostile, "Retry": hostile, "Incident": hostile, "Fields": []string{hostile}, "Wait": 0},
		"code-problem": map[string]any{"Icon": "alert", "Title": hostile, "What": hostile, "Safe": hostile, "Now": hostile, "Warn": true,
			"Village": map[string]any{"Name": hostile, "To": "javascript:alert(1)"}, "Office": nil},
	}
	for name, body := range bodies {
		for _, l := range i18n.Langs() {
			for _, care := range []string{"", "1", "max"} {
				var b bytes.Buffer
				p := Page{
					Lang: l, Care: care, Title: hostile, Path: "/?q=" + hostile, Home: hostile, Issuer: hostile, Hotline: hostile, Host: hostile, Robots: hostile,
					Place: &PlaceHead{Name: text, Town: hostile, Number: hostile, Back: "javascript:alert(1)"}, Office: Office{Name: hostile, Phone: hostile}, Sample: true, Body: body,
				}
				if err := r.Page(&b, name, p); err != nil {
					t.Fatal(name, err)
				}
				out := b.String()
				for _, bad := range []string{"<script>", "<img", `href="javascript:`} {
					if strings.Contains(out, bad) {
						t.Errorf("%s in %s has %s", name, l, bad)
					}
				}
				if !strings.Contains(html.UnescapeString(out), "alert(1)") {
					t.Errorf("%s in %s does not show the text at all", name, l)
				}
			}
		}
	}
}

func TestForeignTextIsMarked(t *testing.T) {
	r := newRenderer(t)
	var b bytes.Buffer
	err := r.Page(&b, "error", Page{Lang: i18n.En, Place: &PlaceHead{Name: i18n.Text{Hans: "杏林村"}}, Body: map[string]any{
		"Icon": "alert", "Kind": "missing", "What": "", "Retry": "", "Incident": "", "Fields": nil, "Wait": 0,
	}})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `<span lang="zh-Hans">杏林村</span>`) {
		t.Error("a name that stayed Chinese is not marked")
	}
}

func TestUnknownPagesAndLanguagesAreErrors(t *testing.T) {
	r := newRenderer(t)
	if err := r.Page(io.Discard, "nothing", Page{Lang: i18n.Hans}); err == nil {
		t.Error("no error for an unknown page")
	}
	if err := r.Page(io.Discard, "text", Page{Lang: "fr"}); err == nil {
		t.Error("no error for an unknown language")
	}
}

func TestFilesOfAPageAreChecked(t *testing.T) {
	words, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for name, src := range map[string]string{
		"unknown sheet":  "{{/* css: nothing */}}{{define \"a\"}}{{end}}",
		"unknown layout": "{{/* layout: odd */}}{{define \"a\"}}{{end}}",
		"unknown word":   "{{/* colour: red */}}{{define \"a\"}}{{end}}",
		"unknown func":   "{{define \"a\"}}{{safe .}}{{end}}",
		"defined twice":  "{{define \"a\"}}x{{end}}{{define \"resident-top\"}}x{{end}}",
	} {
		_, err := New(words, Options{Files: fstest.MapFS{
			"pages/a.html": {Data: []byte(src)}, "parts/f.html": {Data: []byte(`{{define "resident-top"}}{{end}}{{define "resident-end"}}{{end}}`)},
			"dist/page.css": {Data: []byte("a{}")},
		}})
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestStartIsQuick keeps what happens before the first request small. It counts
// processor time, and leaves room for the race detector; BenchmarkNew tells the
// time itself, which is to stay below 100 ms.
func TestStartIsQuick(t *testing.T) {
	words, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	spent := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			t.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	best := time.Hour
	for range 5 {
		before := spent()
		if _, err := New(words, Options{}); err != nil {
			t.Fatal(err)
		}
		best = min(best, spent()-before)
	}
	if best > 400*time.Millisecond {
		t.Errorf("the renderer takes %v of processor time to make, want far less", best)
	}
}

func TestScriptIsSmallAndOldFashioned(t *testing.T) {
	r := newRenderer(t)
	for name := range r.assets.byName {
		if !strings.HasSuffix(name, ".js") {
			continue
		}
		src, err := os.ReadFile("static/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if name == "desk.js" {
			continue // for the hotline's own machines only, which have a browser of these years
		}
		// What is written must already be ES2015: lowering may need helpers old phones lack.
		out := api.Transform(string(src), api.TransformOptions{Loader: api.LoaderJS, Target: api.ES2015})
		for _, m := range append(out.Errors, out.Warnings...) {
			t.Errorf("%s: %s", name, m.Text)
		}
		for _, newer := range []string{"?.", "??", "async ", "await ", "**"} {
			if bytes.Contains(src, []byte(newer)) {
				t.Errorf("%s uses %q", name, newer)
			}
		}
	}
	// A page has the script of the frame and its own, what comes later included.
	named := regexp.MustCompile(`asset "([a-z]+\.js)"`)
	pages, err := filepath.Glob("pages/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range pages {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		total := len(r.assets.byName["mashang.js"].gz)
		for _, m := range named.FindAllStringSubmatch(string(src), -1) {
			total += len(r.assets.byName[m[1]].gz)
		}
		if total > 8<<10 {
			t.Errorf("%s has %d bytes of script gzip, want at most 8 KB", file, total)
		}
	}
}

func TestStylesSuitOldBrowsers(t *testing.T) {
	r := newRenderer(t)
	newer := regexp.MustCompile(`[;{](gap|row-gap|inset|aspect-ratio|inline-size|margin-inline|padding-inline)[:-]|:is\(|:where\(|:has\(|clamp\(|@layer|@container`)
	for name, a := range r.assets.byName {
		if !strings.HasSuffix(name, ".css") || name == "staff.css" {
			continue
		}
		if found := newer.Find(a.plain); found != nil {
			t.Errorf("%s has %s", name, found)
		}
		if bytes.Contains(a.plain, []byte("url(")) || bytes.Contains(a.plain, []byte("@import")) {
			t.Errorf("%s fetches something", name)
		}
	}
}

func TestStaticFilesComeCompressedOrPlain(t *testing.T) {
	r := newRenderer(t)
	for _, tt := range []struct{ accept, want string }{{"", ""}, {"gzip", "gzip"}, {"gzip, deflate, br", "br"}, {"br;q=0, gzip;q=0.5", "gzip"}, {"identity", ""}} {
		req := httptest.NewRequest("GET", r.Asset("base.css"), nil)
		req.Header.Set("Accept-Encoding", tt.accept)
		rec := httptest.NewRecorder()
		r.Static().ServeHTTP(rec, req)
		if got := rec.Header().Get("Content-Encoding"); rec.Code != 200 || got != tt.want {
			t.Errorf("%q: %d, encoded %q, want %q", tt.accept, rec.Code, got, tt.want)
		}
		var body io.Reader = rec.Body
		switch tt.want {
		case "br":
			body = brotli.NewReader(body)
		case "gzip":
			z, err := gzip.NewReader(body)
			if err != nil {
				t.Fatal(err)
			}
			body = z
		}
		b, err := io.ReadAll(body)
		if err != nil || !bytes.Equal(b, r.assets.byName["base.css"].plain) {
			t.Errorf("%q: the file does not come out as it went in (%v)", tt.accept, err)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	words, err := i18n.Load()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := New(words, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPage(b *testing.B) {
	r := newRenderer(b)
	body := map[string]any{"Title": "t", "Lead": "l", "Sections": []any{struct{ Title, Text string }{"a", "b\n- c"}}}
	for b.Loop() {
		if err := r.Page(io.Discard, "text", Page{Lang: i18n.Hans, Path: "/x?a=1", Home: "/", Body: body}); err != nil {
			b.Fatal(err)
		}
	}
}
