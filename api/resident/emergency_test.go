package resident_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"mashang/aid/cases"
)

func receiptOf(b *browser) string {
	b.t.Helper()
	groups := regexp.MustCompile(`<p class="mz-code"><span>(\d{4})</span><span>(\d{4})</span><span>(\d{4})</span><span>(\d{4})</span></p>`).FindStringSubmatch(b.Body)
	if groups == nil {
		b.t.Fatalf("%s shows no receipt:\n%s", b.At, b.text())
	}
	return strings.Join(groups[1:], "")
}

func pinOf(b *browser) string {
	b.t.Helper()
	found := regexp.MustCompile(`<p class="mz-sum">(\w{4,12})</p>`).FindStringSubmatch(b.Body)
	if found == nil {
		b.t.Fatalf("%s shows no PIN:\n%s", b.At, b.text())
	}
	return found[1]
}

func TestEmergencyFromAScan(t *testing.T) {
	p := newPortal(t)
	b := p.scan(p.hall).get("/emergency").want(200).see("有生命危险", "120", "110", "119", "24 小时", "0500-5550129").sound()
	if n := b.byID("f-where"); n == nil || attr(n, "value") != "柳河镇杏林村便民服务点" {
		t.Errorf("the place is not filled in: %v", n)
	}
	b.submit("/emergency", map[string]string{"who": "张大爷 13855500123", "what": "food"}, "").want(200)
	b.see("收到了，您的求助", "还没有人看到", "柳河镇民政办", "2026年11月19日 10:24", "查询密码", "0500-5550129").sound()
	if !strings.HasPrefix(b.At, "/status/") {
		t.Fatalf("the receipt stands at %s", b.At)
	}
	receipt, pin, link := receiptOf(b), pinOf(b), b.At
	b.get(link + "?care=1").want(200).see(pin) // the PIN may be read in larger letters
	newBrowser(t, p.URL).get(link).want(200).miss(pin).see("还没有人看到", "当时给您的查询密码")

	t.Run("receipt and PIN find it", func(t *testing.T) {
		newBrowser(t, p.URL).get("/status").submit("/status", map[string]string{"receipt": receipt, "proof": pin}, "").want(200).see("还没有人看到")
	})
	t.Run("acknowledged", func(t *testing.T) {
		p.wait(40 * time.Minute)
		must(t, p.Cases.Apply(t.Context(), "m1", cases.StatusEvent{Receipt: receipt, Status: "acknowledged", At: p.clock()}))
		b.get(link).want(200).see("值班的人看到了", "2026年11月18日 11:04").miss("还没有人看到").sound()
	})
	if strings.Contains(p.Log.String(), "13855500123") {
		t.Error("a phone number stands in the log")
	}
}

func TestEmergencyWithoutAPlaceAsksForTheTown(t *testing.T) {
	p := newPortal(t)
	b := newBrowser(t, p.URL).get("/emergency").want(200).see("哪个镇？", "柳河镇", "北原镇").sound()
	b.submit("/emergency", map[string]string{"who": "我", "where": "老供销社门口", "more": "摔了"}, "").want(200).see("云溪县民政局")
	newBrowser(t, p.URL).post("/emergency", url.Values{"who": {"我"}, "where": {"村口"}, "what": {"food"}, "town": {"123"}}).want(200).see("云溪县民政局") // a town nobody knows stops no call
	c := newBrowser(t, p.URL).get("/emergency")
	c.submit("/emergency", map[string]string{"who": "我", "where": "老供销社门口", "town": beiyuan, "what": "home"}, "").want(200).see("北原镇民政办")
}

func TestEmergencyKeepsWhatWasTypedAndSaysWhatIsMissing(t *testing.T) {
	p := newPortal(t)
	for _, tt := range []struct {
		name   string
		values url.Values
		see    []string
		keep   string
	}{
		{"nothing", url.Values{}, []string{"还差一点就能送出去", "写个称呼或电话", "写一下人在哪里", "选一样，或者写一句"}, ""},
		{"only who", url.Values{"who": {"张大爷"}}, []string{"写一下人在哪里"}, `value="张大爷"`},
		{"an invented choice", url.Values{"who": {"张大爷"}, "where": {"村口"}, "what": {"gold"}}, []string{"选一样，或者写一句"}, `value="村口"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBrowser(t, p.URL).post("/emergency", tt.values).want(422).see(tt.see...).sound()
			if !strings.Contains(b.Body, tt.keep) {
				t.Errorf("%s is gone", tt.keep)
			}
			if sum := b.byID("sum"); sum == nil || attr(sum, "role") != "alert" {
				t.Error("no summary of what is wrong")
			}
		})
	}
	t.Run("in English", func(t *testing.T) {
		newBrowser(t, p.URL).post("/emergency?lang=en", url.Values{}).want(422).see("Almost there", "Say where they are")
	})
	t.Run("a million characters and broken bytes stop no call", func(t *testing.T) {
		newBrowser(t, p.URL).post("/emergency", url.Values{"who": {"\xff\xfe"}, "where": {"村口"}, "more": {strings.Repeat("救", 350_000)}}).want(200).see("收到了")
	})
}

func TestEmergencyTwiceIsOneCase(t *testing.T) {
	p := newPortal(t)
	b := p.scan(p.hall).get("/emergency")
	form := filled(b.form("/emergency"))
	form.Set("who", "张大爷")
	form.Set("what", "food")
	first := b.tab().post("/emergency", form).want(200)
	second := b.tab().post("/emergency", form).want(200)
	if receiptOf(first) != receiptOf(second) || pinOf(first) != pinOf(second) {
		t.Error("a double tap made two cases")
	}
	list, err := p.Cases.List(t.Context(), cases.Filter{Kind: cases.Emergency})
	must(t, err)
	if len(list) != 1 {
		t.Errorf("%d cases, want 1", len(list))
	}
}
