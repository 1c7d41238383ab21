package api_test

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"mashang/api"
)

func TestHeadersGuardEveryAnswer(t *testing.T) {
	p := newPortal(t, nil)
	for _, path := range []string{"/", "/s/" + p.xinglin(t), "/policies/dibao", "/nowhere", "/s/x", "/api/v1/nowhere", "/healthz", "/readyz"} {
		a := p.open(t, "GET", path)
		csp := a.Header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: the policy lacks %s", path, want)
			}
		}
		if strings.Contains(csp, "unsafe") {
			t.Errorf("%s: the policy allows something unsafe", path)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
			"Strict-Transport-Security": "max-age=31536000",
		} {
			if got := a.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		if !strings.Contains(a.Header.Get("Permissions-Policy"), "camera=(self)") {
			t.Errorf("%s: no permissions policy", path)
		}
		for _, inline := range []string{"<style", " style=", "onclick=", "onload=", "<script>"} {
			if strings.Contains(a.text, inline) {
				t.Errorf("%s has inline %q, which the policy forbids", path, inline)
			}
		}
	}
}

func TestCookiesFollowTheBaseAddress(t *testing.T) {
	for base, want := range map[string]struct {
		name   string
		secure bool
	}{"https://ms.yunxi.example": {"__Host-lang", true}, "http://192.168.1.5:8080": {"lang", false}} {
		p := newPortal(t, func(parts *api.Parts) { parts.BaseURL = base })
		a := p.open(t, "GET", "/?lang=en")
		for _, c := range a.Cookies() {
			if c.Name != want.name || c.Secure != want.secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
				t.Errorf("with %s the cookie is %v", base, c)
			}
		}
		if len(a.Cookies()) != 1 {
			t.Errorf("%d cookies, want one", len(a.Cookies()))
		}
	}
}

func TestOtherSitesCannotPost(t *testing.T) {
	p := newPortal(t, nil)
	for _, tt := range []struct {
		name    string
		headers []string
		refused bool
	}{
		{"cross-site", []string{"Sec-Fetch-Site", "cross-site"}, true},
		{"same-site", []string{"Sec-Fetch-Site", "same-site"}, true},
		{"foreign origin", []string{"Origin", "https://evil.example"}, true},
		{"our own", []string{"Sec-Fetch-Site", "same-origin"}, false},
		{"our own address behind a proxy", []string{"Origin", "https://ms.yunxi.example"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := p.open(t, "POST", "/emergency", tt.headers...)
			if (a.StatusCode == http.StatusForbidden) != tt.refused {
				t.Errorf("answers %d", a.StatusCode)
			}
			if tt.refused {
				a.says(t, "这一页不能给您看", "12345")
			}
		})
	}
}

func TestNoAddressLeadsAway(t *testing.T) {
	p := newPortal(t, nil)
	for _, tt := range []struct {
		name, path string
		headers    []string
	}{
		{"two slashes", "//evil.example/x", nil},
		{"many slashes", "////evil.example/", nil},
		{"a prefix from a stranger", "/policies/", []string{"X-Forwarded-Prefix", "/evil.example"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := p.open(t, "GET", tt.path, tt.headers...)
			if strings.Contains(a.text, `"//evil`) || strings.Contains(a.Header.Get("Location"), "evil") {
				t.Errorf("%s leads to %q, with the page %.600s", tt.path, a.Header.Get("Location"), a.text)
			}
		})
	}
}

func TestMistakesAreToldInWords(t *testing.T) {
	p := newPortal(t, nil)
	for _, tt := range []struct {
		name, method, path string
		status             int
		want               []string
	}{
		{"no such page", "GET", "/nowhere", 404, []string{"没有找到这一页", "您交过的东西都还在", "回到首页", "0500-5550"}},
		{"method", "DELETE", "/policies", 405, []string{"没有找到这一页"}},
		{"a path from a scanner", "GET", "/wp-admin/%00..%2f", 404, []string{"没有找到这一页"}},
		{"invalid UTF-8", "GET", "/?q=%ff%fe%00", 404, []string{"没有找到"}},
		{"invalid UTF-8 in the address", "GET", "/policies/%ff%00", 404, []string{"没有找到这一页"}},
		{"a very long question", "GET", "/?q=" + strings.Repeat("a", 5000), 400, []string{"这次没看懂"}},
		{"unknown situation", "GET", "/policies?situation=%3Cb%3E", 404, []string{"没有这一类"}},
		{"unknown part", "GET", "/documents/jiuzhu-2019?part=99", 404, []string{"没有这份文件"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := p.open(t, tt.method, tt.path)
			if a.StatusCode != tt.status {
				t.Errorf("status %d, want %d", a.StatusCode, tt.status)
			}
			a.says(t, tt.want...)
		})
	}
	j := p.open(t, "GET", "/api/v1/nowhere?lang=en")
	if j.StatusCode != 404 || j.Header.Get("Content-Type") != "application/problem+json" || !strings.Contains(j.text, `"type":"/problems/error.missing"`) {
		t.Errorf("a JSON call to nowhere answers %d %s %s", j.StatusCode, j.Header.Get("Content-Type"), j.text)
	}
}

func TestAPanicIsAPlainApology(t *testing.T) {
	// Without its rooms the status page panics; the token must not be logged.
	p := newPortal(t, func(parts *api.Parts) { parts.Cases = nil })
	a := p.open(t, "GET", "/status/SECRETTOKEN1234567890123456")
	if a.StatusCode != http.StatusInternalServerError {
		t.Fatalf("status %d, want 500", a.StatusCode)
	}
	a.says(t, "是我们这边出了问题", "给过您回执的都存好了", "12345")
	a.keepsQuiet(t, "goroutine", "nil pointer")
	log := p.Log.String()
	if !strings.Contains(log, `"msg":"panic"`) || strings.Contains(log, "SECRETTOKEN") {
		t.Error("the panic is not logged, or with the token")
	}
}

func TestTheLogHoldsNoAddresses(t *testing.T) {
	p := newPortal(t, nil)
	code := p.xinglin(t)
	p.open(t, "GET", "/s/"+code)
	p.open(t, "GET", "/?q=11010519491231002X")
	p.open(t, "GET", "/verify?n=13855500123")
	p.open(t, "GET", "/nowhere/13855500123", "Referer", "https://x.example/13855500123", "User-Agent", "13855500123")
	log := p.Log.String()
	for _, secret := range []string{code, "11010519491231002X", "13855500123", "127.0.0.1"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if !strings.Contains(log, `"route":"/s/:code"`) || !strings.Contains(log, `"msg":"request"`) {
		t.Error("the log does not tell the route")
	}
}

func TestHealth(t *testing.T) {
	p := newPortal(t, nil)
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 200} {
		if a := p.open(t, "GET", path); a.StatusCode != want {
			t.Errorf("%s answers %d", path, a.StatusCode)
		}
	}
	p.DB.Close()
	if a := p.open(t, "GET", "/readyz"); a.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("without a database /readyz answers %d", a.StatusCode)
	}
}

func TestNewRefusesAnAddressWithoutAHost(t *testing.T) {
	if _, err := api.New(api.Parts{BaseURL: "ms.yunxi.example"}); err == nil {
		t.Error("no error")
	}
}

func TestProxiesAreBelievedOnlyWhenNamed(t *testing.T) {
	for name, proxies := range map[string][]netip.Prefix{"none": nil, "loopback": {netip.MustParsePrefix("127.0.0.0/8")}} {
		p := newPortal(t, func(parts *api.Parts) { parts.TrustedProxies = proxies })
		if a := p.open(t, "GET", "/", "X-Forwarded-For", "203.0.113.9"); a.StatusCode != http.StatusOK {
			t.Errorf("%s: answers %d", name, a.StatusCode)
		}
	}
}

func TestStaticFilesAreKeptForEver(t *testing.T) {
	p := newPortal(t, nil)
	page := p.open(t, "GET", "/s/"+p.xinglin(t))
	m := linked.FindAllStringSubmatch(page.text, -1)
	if len(m) != 2 {
		t.Fatalf("the landing links %d files, want a sheet and a script", len(m))
	}
	for _, link := range m {
		for _, encoding := range []string{"", "gzip", "br"} {
			a := p.open(t, "GET", link[1], "Accept-Encoding", encoding)
			if a.StatusCode != http.StatusOK || !strings.Contains(a.Header.Get("Cache-Control"), "immutable") || a.Header.Get("Content-Encoding") != encoding {
				t.Errorf("%s as %q answers %d, %q, %q", link[1], encoding, a.StatusCode, a.Header.Get("Cache-Control"), a.Header.Get("Content-Encoding"))
			}
		}
	}
	for _, path := range []string{"/static/nothing.css", "/static/../api.go", "/static/%2e%2e/pages/home.html"} {
		if a := p.open(t, "GET", path); a.StatusCode == http.StatusOK {
			t.Errorf("%s answers 200", path)
		}
	}
}
