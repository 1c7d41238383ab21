package resident_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"mashang/aid/cases"
)

func TestStatusSaysOneAndTheSameForUnknownAndWrong(t *testing.T) {
	p := newPortal(t)
	e := p.scan(p.hall).get("/emergency").submit("/emergency", map[string]string{"who": "张大爷", "what": "food"}, "")
	receipt, pin := receiptOf(e), pinOf(e)
	other := cases.NewReceipt()
	wrong := newBrowser(t, p.URL).post("/status", url.Values{"receipt": {receipt}, "proof": {"0000x"}}).want(404).see("对不上").sound()
	unknown := newBrowser(t, p.URL).post("/status", url.Values{"receipt": {other}, "proof": {"0000x"}}).want(404)
	if strings.ReplaceAll(wrong.Body, receipt, "R") != strings.ReplaceAll(unknown.Body, other, "R") {
		t.Error("the pages differ")
	}
	t.Run("what was typed is kept", func(t *testing.T) {
		if !strings.Contains(wrong.Body, `value="`+receipt+`"`) {
			t.Error("the receipt is gone")
		}
	})
	t.Run("as people write it", func(t *testing.T) {
		spoken := receipt[:4] + " " + receipt[4:8] + "－" + receipt[8:12] + " " + receipt[12:]
		b := newBrowser(t, p.URL).post("/status", url.Values{"receipt": {spoken}, "proof": {" " + pin + " "}}).want(200).see("还没有人看到")
		if b.At != "/status" || b.Header.Get("Cache-Control") != "no-store" || !strings.Contains(b.Body, "noindex") {
			t.Errorf("the page may be kept or found: %s %s", b.At, b.Header.Get("Cache-Control"))
		}
	})
	t.Run("five wrong proofs lock", func(t *testing.T) {
		b := newBrowser(t, p.URL)
		for range 5 {
			b.post("/status", url.Values{"receipt": {receipt}, "proof": {"9999x"}})
		}
		b.post("/status", url.Values{"receipt": {receipt}, "proof": {pin}}).want(429).see("先停一停", "15 分钟").sound()
		if b.Header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
		p.wait(16 * time.Minute)
		b.post("/status", url.Values{"receipt": {receipt}, "proof": {pin}}).want(200)
	})
	for _, secret := range []string{receipt, pin, e.At} {
		if strings.Contains(p.Log.String(), secret) {
			t.Errorf("%q stands in the log", secret)
		}
	}
}

func TestStatusNamesWhatIsWrongWithTheNumber(t *testing.T) {
	p := newPortal(t)
	for _, tt := range []struct{ name, receipt, proof, see string }{
		{"nothing", "", "", "写一下回执号"},
		{"no proof", "5820447190362717", "", "写一下后四位或者密码"},
		{"too short", "5820 4471 9036", "1234", "16 位"},
		{"letters", "58204471903627IO", "1234", "没有字母"},
		{"broken bytes", "5820\xff", "1234", "数字"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			newBrowser(t, p.URL).post("/status", url.Values{"receipt": {tt.receipt}, "proof": {tt.proof}}).want(422).see(tt.see).sound()
		})
	}
}

func TestStatusLinkThatOpensNothing(t *testing.T) {
	p := newPortal(t)
	newBrowser(t, p.URL).get("/status/AAAAAAAAAAAAAAAAAAAAAAAAAA").want(404).see("打不开进度")
	newBrowser(t, p.URL).get("/status/AAAAAAAAAAAAAAAAAAAAAAAAAA/withdraw").want(404)
}

func TestStatusTakesWhatTheOfficeAskedFor(t *testing.T) {
	p := newPortal(t)
	b := fillDibao(p.begin()).submit("/check", nil, "go=submit").want(200)
	link := b.At
	must(t, p.Cases.Apply(t.Context(), "m1", cases.StatusEvent{
		Receipt: receiptOf(b), Status: "supplement", At: p.clock().Add(time.Hour), Items: []string{"户口簿首页", "住院票据"}, By: p.clock().Add(7 * 24 * time.Hour),
	}))
	b.get(link).want(200).see("还差几样", "户口簿首页", "住院票据", "2026年11月25日").sound()
	b.link("/add").want(200).see("户口簿首页", "15 MB").sound()
	add := b.At
	b.upload("/add", "", nil).want(422).see("拍一张照片，或者写一句话").sound()
	b.upload("/add", "a.pdf", []byte("%PDF-1.7")).see("PDF").sound()
	b.upload("/add", "a.jpg", photoJPEG(t)).want(200).see("已补材料")
	if b.At != link {
		t.Errorf("handing it in led to %s", b.At)
	}
	b.get(add).want(200).see("补一张材料").miss("户口簿首页") // one more may always follow while the case is open
	must(t, p.Cases.Apply(t.Context(), "m2", cases.StatusEvent{Receipt: receiptOf(b.get(link)), Status: "rejected", At: p.clock().Add(2 * time.Hour)}))
	if b.get(add).want(200); b.At != link {
		t.Errorf("the case is decided, yet %s", b.At)
	}
	newBrowser(t, p.URL).get("/status/AAAAAAAAAAAAAAAAAAAAAAAAAA/add").want(404)
}
