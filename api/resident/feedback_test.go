package resident_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"mashang/aid/cases"
	"mashang/aid/feedback"
	"mashang/api/apitest"
	"mashang/platform/store/storetest"
)

var ticketOn = regexp.MustCompile(`name="t" value="([^"]+)"`)

func ticket(b *browser) string {
	b.t.Helper()
	m := ticketOn.FindStringSubmatch(b.Body)
	if m == nil {
		b.t.Fatalf("%s has nothing to rate:\n%s", b.At, b.text())
	}
	return m[1]
}

func totals(t *testing.T, p *apitest.Portal) feedback.Sum {
	t.Helper()
	from, to := feedback.Months(p.Now(), 1)
	got, err := p.Feedback.Totals(t.Context(), feedback.Filter{From: from, To: to})
	must(t, err)
	return got.All
}

func TestAPageIsRatedWithOneTap(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	b := newBrowser(t, p.URL)
	b.get("/s/" + p.Poster(t))
	b.get("/policies/dibao").want(200).link("/feedback").want(200).see("这一页说清楚了吗", "非常满意", "非常不满意", "不记您是谁").sound()
	b.post("/feedback", url.Values{"t": {ticket(b)}, "level": {"2"}}).want(200).see("记下了：不满意", "哪里不好", "电话打不通", "回到那一页").sound()
	b.post("/feedback", url.Values{"t": {ticket(b)}, "level": {"2"}, "reason": {"phone", "hard"}}).want(200)
	if got := totals(t, p); got.N != 1 || got.Bad() != 1 || got.Reasons["phone"] != 1 {
		t.Errorf("counted are %+v", got)
	}
	b.post("/feedback", url.Values{"t": {ticket(b)}, "undo": {"1"}}).want(200).see("这一页说清楚了吗")
	if got := totals(t, p); got.N != 0 {
		t.Errorf("taken back, %+v are counted", got)
	}
	b.post("/feedback", url.Values{"t": {ticket(b)}, "level": {"5"}}).want(200).see("记下了：非常满意").miss("哪里不好")
	p.Pass(25 * time.Hour)
	b.post("/feedback", url.Values{"t": {ticket(b)}, "level": {"1"}}).want(409).see("过了一天")
	b.get("/feedback?t=" + url.QueryEscape(ticket(newBrowser(t, p.URL).get("/feedback?id=dibao").want(200)))).want(200)
	for _, path := range []string{"/feedback?id=nowhere", "/feedback?about=case&id=dibao"} {
		newBrowser(t, p.URL).get(path).want(404)
	}
	newBrowser(t, p.URL).get("/feedback?t=made~up").want(410).see("开得太久")
	newBrowser(t, p.URL).post("/feedback", url.Values{"t": {ticket(newBrowser(t, p.URL).get("/feedback?id=dibao"))}, "level": {"9"}}).want(422)
}

func TestAnAnswerIsRatedAndNoQuestionIsKept(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	b := newBrowser(t, p.URL)
	b.get("/s/" + p.Poster(t))
	b.post("/ask", url.Values{"q": {"低保怎么申请"}}).want(200).see("您问的，是不是这个", "是，有用").sound()
	given := ticket(b)
	if strings.Contains(given, "申请") {
		t.Error("the ticket holds the question")
	}
	b.post("/feedback", url.Values{"t": {given}, "level": {"2"}, "reason": {"other"}}).want(200).see("记下了：不满意", "再问一句")
	if got := totals(t, p); got.N != 1 || got.Reasons["other"] != 1 {
		t.Errorf("counted are %+v", got)
	}
	b.post("/ask", url.Values{"q": {"我不想活了"}}).want(200).miss("您问的，是不是这个") // nobody in danger is asked how it was
}

func TestACaseIsRatedWhereItStands(t *testing.T) {
	p := newPortal(t)
	b := p.scan(p.hall).get("/emergency").submit("/emergency", map[string]string{"who": "张大爷", "what": "food"}, "").want(200)
	b.miss("办得怎么样", "顺不顺") // help is under way
	link := b.At
	p.wait(time.Minute)
	must(t, p.Cases.Apply(t.Context(), "m1", cases.StatusEvent{Receipt: receiptOf(b), Status: "closed", At: p.clock()}))
	b.get(link).want(200).see("这件事办得怎么样").sound()
	b.submit("/feedback", nil, "level=1").want(200).see("记下了：非常不满意", "会有人来看")
	if b.At != link {
		t.Errorf("the tap leads to %s", b.At)
	}
	n, err := p.Cases.Count(t.Context(), cases.Filter{Kind: cases.Feedback, Open: true})
	must(t, err)
	if n != 1 {
		t.Errorf("%d cases are open", n)
	}
	b.link("/feedback").want(200).see("哪里不好", "态度不好").sound()
	b.submit("/feedback", nil, "undo=1").want(200)
	b.get(link).want(200).see("这件事办得怎么样")
}

func TestAVillageHallRatesAndAProgramIsSetAside(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	for range 63 {
		b := newBrowser(t, p.URL).get("/feedback?id=dibao")
		b.post("/feedback", url.Values{"t": {ticket(b)}, "level": {"1"}}).want(200)
	}
	if got := totals(t, p); got.N != 60 || got.Crowded != 3 {
		t.Errorf("counted are %d, set aside %d", got.N, got.Crowded)
	}
	p.Pass(11 * time.Minute)
	b := newBrowser(t, p.URL).get("/feedback?id=dibao")
	b.post("/feedback", url.Values{"t": {ticket(b)}, "level": {"5"}}).want(200)
	if got := totals(t, p); got.N != 61 {
		t.Errorf("after a while %d are counted", got.N)
	}
}
