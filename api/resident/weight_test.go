package resident_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"mashang/aid/cases"
	"mashang/aid/roster"
	"mashang/api/apitest"
	"mashang/platform/store/storetest"
)

// pageLimit is what a page may weigh, all it needs included.
const pageLimit = 14 << 10

type countedConn struct {
	net.Conn
	n *atomic.Int64
}

func (c countedConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.n.Add(int64(n))
	return n, err
}

var linked = regexp.MustCompile(`<(?:link rel="stylesheet"|script|img)[^>]*(?:href|src)="(/[^"]+)"`)

// weigh opens a page as a phone with an empty cache does: HTTP/1.1, gzip, headers counted. The photos somebody took
// are theirs and not counted.
func (b *browser) weigh(method, path string, form url.Values) int64 {
	b.t.Helper()
	var n atomic.Int64
	client := &http.Client{Jar: b.client.Jar, Transport: &http.Transport{
		DisableCompression: true,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := (&net.Dialer{}).DialContext(ctx, network, address)
			return countedConn{c, &n}, err
		},
	}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer client.CloseIdleConnections()
	get := func(method, path string, form url.Values) string {
		req, err := http.NewRequest(method, b.base+path, strings.NewReader(form.Encode()))
		must(b.t, err)
		if method == http.MethodPost {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		req.Header.Set("Accept-Encoding", "gzip")
		res, err := client.Do(req)
		must(b.t, err)
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		must(b.t, err)
		if res.Header.Get("Content-Encoding") != "gzip" {
			return string(body)
		}
		z, err := gzip.NewReader(bytes.NewReader(body))
		must(b.t, err)
		body, err = io.ReadAll(z)
		must(b.t, err)
		return string(body)
	}
	page := get(method, path, form)
	if !strings.Contains(page, "</html>") {
		b.t.Errorf("%s is no whole page", path)
	}
	for _, m := range linked.FindAllStringSubmatch(page, -1) {
		if !strings.Contains(m[1], "/photo/") {
			get(http.MethodGet, m[1], nil)
		}
	}
	return n.Load()
}

func TestDoorsFitTheirBudget(t *testing.T) {
	p := newPortal(t)
	p.publish(xinglin, "dibao", roster.List, "云民发〔2026〕3 号", manyNames(50)...)
	p.publish(xinglin, "tekun", roster.List, "云民发〔2026〕4 号", manyNames(20)...)
	heaviest, most := "", int64(0)
	for _, mode := range []string{"lang=zh-Hans&care=0", "lang=en&care=0", "lang=zh-Hant&care=max"} {
		b := p.scan(p.hall)
		b.get("/?" + mode)
		check := func(method, path string, form url.Values) {
			t.Helper()
			n := b.weigh(method, path, form)
			if n > pageLimit {
				t.Errorf("%s %s (%s) weighs %d bytes, want at most %d", method, path, mode, n, pageLimit)
			}
			if n > most {
				most, heaviest = n, path+" "+mode
			}
		}
		for _, path := range []string{"/apply", "/apply/dibao", "/apply/tekun", "/apply/falv", "/apply/jy_yiwu", "/apply?situation=laoren", "/apply?situation=kanbing", "/apply/resume", "/emergency", "/status", "/roster", "/ask"} {
			check("GET", path, nil)
		}
		for _, path := range []string{"/emergency", "/status", "/ask", "/apply/resume"} {
			check("POST", path, url.Values{})
		}
		b.get("/apply/dibao").submit("/start", nil, "").want(200)
		for _, key := range []string{"for", "applicant", "home", "life", "cause", "household", "papers", "bank", "expenses", "check"} {
			check("GET", "/apply/dibao/"+key, nil)
			switch key {
			case "for", "applicant", "home", "cause", "household", "check":
				check("POST", "/apply/dibao/"+key, url.Values{"go": {"submit"}, "applicant.id": {"1"}, "applicant.phone": {"1"}, "applicant.hukou": {"x"}})
			}
		}
		b.post("/apply/dibao/household", url.Values{"household.alone": {"no"}, "household.supporters": {"yes"}})
		b.post("/apply/dibao/things", url.Values{"things.vehicles": {"yes"}, "things.houses": {"yes"}})
		b.post("/apply/dibao/applicant", url.Values{"applicant.name": {"张建明"}})
		for range 5 {
			b.post("/apply/dibao/members.new", url.Values{"members.new.name": {"李秀兰"}, "members.new.relation": {"spouse"}, "members.new.id": {wifeID}})
			b.post("/apply/dibao/members.new", url.Values{"members.new.name": {"张小宝"}, "members.new.relation": {"child"}, "members.new.id": {zhangID}})
		}
		// Every kind of money makes the longest pages: a sum to type for each.
		b.post("/apply/dibao/incomes.0", url.Values{"incomes.0.has": {"wages", "business", "property", "transfers", "other"}})
		b.post("/apply/dibao/savings", url.Values{"savings.has": {"deposits", "securities", "insurance", "claims", "other"}})
		b.post("/apply/dibao/expenses", url.Values{"expenses.has": {"medical", "education", "disability", "rent", "other"}})
		for _, key := range []string{"members", "members.new", "members.0.id", "members.0.health", "supporters.new", "vehicles.new", "houses.new", "incomes.0", "incomes.0.sums", "savings", "savings.sums", "expenses", "expenses.sums", "consent", "check"} {
			check("GET", "/apply/dibao/"+key, nil)
		}
		check("POST", "/apply/dibao/incomes.0.sums", url.Values{"go": {"next"}, "incomes.0.wages": {"x"}})
		check("POST", "/apply/dibao/consent", url.Values{"go": {"next"}})
		check("GET", "/apply/later", nil)
		check("GET", "/apply", nil)
	}
	b := p.scan(p.hall).get("/emergency").submit("/emergency", map[string]string{"who": "张大爷", "what": "food"}, "")
	for i, status := range []string{"acknowledged", "visiting", "fast_aid"} {
		p.wait(60e9)
		must(t, p.Cases.Apply(t.Context(), string(rune('a'+i)), cases.StatusEvent{Receipt: receiptOf(b), Status: status, At: p.clock()}))
	}
	if n := b.weigh("GET", b.At, nil); n > pageLimit {
		t.Errorf("the receipt weighs %d bytes", n)
	}
	t.Logf("heaviest: %d bytes, %s", most, heaviest)
}

func manyNames(n int) []string {
	var lines []string
	for i := range n {
		lines = append(lines, "赵"+string(rune('一'+i*7))+string(rune('丁'+i*3))+",2,2,"+string(rune('1'+i%9))+"36,2025-03")
	}
	return lines
}

func TestDoorsOfTheWholeCountyFitTheirBudget(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	for _, mode := range []string{"lang=zh-Hans&care=0", "lang=en&care=0", "lang=zh-Hant&care=1"} {
		b := newBrowser(t, p.URL)
		b.get("/s/" + p.Poster(t) + "?" + mode).want(200)
		b.get("/apply/dibao").submit("/start", nil, "").want(200)
		for _, path := range []string{"/apply", "/apply/dibao/home", "/roster", "/emergency"} {
			if n := b.weigh("GET", path, nil); n > pageLimit {
				t.Errorf("%s (%s) weighs %d bytes, want at most %d", path, mode, n, pageLimit)
			}
		}
		for _, q := range []string{"低保怎么申请", "低保一个月多少钱", "残疾人有什么补贴", "我被打了", "不想活了", "老人那个钱咋领", "how much is dibao", "特困需要什么材料", "临时救助"} {
			if n := b.weigh("POST", "/ask", url.Values{"q": {q}}); n > pageLimit {
				t.Errorf("the answer to %q (%s) weighs %d bytes, want at most %d", q, mode, n, pageLimit)
			}
		}
	}
}
