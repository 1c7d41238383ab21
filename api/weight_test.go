package api_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"mashang/aid/place"
	"mashang/sample"
)

const (
	landingLimit = 10 << 10
	pageLimit    = 14 << 10
)

// countedConn counts what arrives over the wire.
type countedConn struct {
	net.Conn
	n *atomic.Int64
}

func (c countedConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.n.Add(int64(n))
	return n, err
}

var linked = regexp.MustCompile(`<(?:link rel="stylesheet"|link rel="icon"|script|img)[^>]*(?:href|src)="(/[^"]+)"`)

// weigh opens a page as a phone with an empty cache does: HTTP/1.1, gzip, all
// that the page links, headers included.
func weigh(t testing.TB, p *portal, path, cookies string) (bytesOver int64, html string, status int) {
	t.Helper()
	var n atomic.Int64
	client := &http.Client{
		Transport: &http.Transport{DisableCompression: true, DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := (&net.Dialer{}).DialContext(ctx, network, address)
			return countedConn{c, &n}, err
		}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer client.CloseIdleConnections()
	get := func(path string) (string, int) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.URL+path, nil)
		must(t, err)
		req.Header.Set("Accept-Encoding", "gzip, deflate")
		req.Header.Set("Accept-Language", "zh-CN,zh;q=0.9")
		req.Header.Set("User-Agent", "Mozilla/5.0 (Linux; Android 8.1.0) AppleWebKit/537.36 MicroMessenger/8.0")
		if cookies != "" {
			req.Header.Set("Cookie", cookies)
		}
		res, err := client.Do(req)
		must(t, err)
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		must(t, err)
		if res.Header.Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(bytes.NewReader(b))
			must(t, err)
			b, err = io.ReadAll(z)
			must(t, err)
		}
		return string(b), res.StatusCode
	}
	html, status = get(path)
	for _, m := range linked.FindAllStringSubmatch(html, -1) {
		if _, s := get(m[1]); s != http.StatusOK {
			t.Errorf("%s links %s, which answers %d", path, m[1], s)
		}
	}
	return n.Load(), html, status
}

func TestPagesFitTheirBudget(t *testing.T) {
	p := newPortal(t, nil)
	code := p.xinglin(t)
	moved, _ := p.inState(t, place.Moved)
	retired, _ := p.inState(t, place.Retired)
	lost, _ := p.inState(t, place.Lost)
	paths := []string{
		"/", "/?q=柳", "/?q=nowhere", "/policies", "/policies?all=1", "/policies?department=all", "/policies?department=minzheng",
		"/policies?situation=shouru", "/policies?q=低保", "/policies?q=nothing", "/verify", "/verify?n=0137", "/privacy", "/accessibility", "/parts",
		"/nowhere", "/s/AAAAAAAAAAAAAAAA", "/s/" + retired, "/s/" + lost,
	}
	for _, g := range p.Library.Shelf().Programmes() {
		paths = append(paths, "/policies/"+g.ID)
	}
	heaviest := map[string]string{}
	most := map[string]int64{}
	check := func(kind, path, cookies string, limit int64) {
		n, html, _ := weigh(t, p, path, cookies)
		if n > limit {
			t.Errorf("%s (%s) weighs %d bytes, want at most %d", path, cookies, n, limit)
		}
		if n > most[kind] {
			most[kind], heaviest[kind] = n, path+" "+cookies
		}
		if !strings.Contains(html, "</html>") {
			t.Errorf("%s (%s) is no whole page", path, cookies)
		}
	}
	for _, lang := range []string{"zh-Hans", "zh-Hant", "en"} {
		for _, care := range []string{"", "1", "max"} {
			cookies := "__Host-lang=" + lang + "; __Host-care=" + care
			for _, at := range []string{code, p.hall(t, sample.Beiyuan), p.hall(t, sample.Shimen), moved} {
				check("landing", "/s/"+at, cookies, landingLimit)
			}
			check("landing", "/?place="+sample.Xinglin, cookies, landingLimit)
			for _, path := range paths {
				kind, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "?")
				kind, _, _ = strings.Cut(kind, "/")
				check("/"+kind, path, cookies+"; __Host-place="+code, pageLimit)
			}
		}
	}
	// The reader's language changes little of a document, and other modes make it lighter.
	for _, d := range p.Library.Shelf().Documents() {
		for part := range documentParts(t, p, d.ID) {
			check("/documents", fmt.Sprintf("/documents/%s?part=%d", d.ID, part), "__Host-lang=en; __Host-place="+code, pageLimit)
		}
	}
	for kind, n := range most {
		t.Logf("%-12s %6d bytes  %s", kind, n, heaviest[kind])
	}
}
