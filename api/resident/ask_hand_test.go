package resident_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"mashang/api/apitest"
	"mashang/platform/store/storetest"
)

// sent sends a form as the page's script does and returns the reply.
func (b *browser) sent(path string, form url.Values) (int, string) {
	b.t.Helper()
	req, err := http.NewRequest(http.MethodPost, b.base+path, strings.NewReader(form.Encode()))
	must(b.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", b.base)
	res, err := b.client.Do(req)
	must(b.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	must(b.t, err)
	return res.StatusCode, string(body)
}

func TestQuestionsAreSuggestedWhileTyping(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	b := newBrowser(t, p.URL)
	b.get("/s/" + p.Poster(t)).want(200)
	b.submitless("/ask", "航天飞机的票怎么买，我叫张三丰")
	for _, tt := range []struct {
		typed, first string
		most         int
	}{
		{"特困", "特困", 5}, {"dibao", "低保", 5}, {"低", "", 0}, {"航天飞机", "", 0}, {"我叫张三丰", "", 0}, {"", "", 0}, {strings.Repeat("低保", 300), "", 0},
	} {
		status, body := b.sent("/ask/suggest", url.Values{"q": {tt.typed}})
		var all []string
		if err := json.Unmarshal([]byte(body), &all); err != nil || status != 200 || len(all) > tt.most || tt.most > 0 && (len(all) == 0 || !strings.HasPrefix(all[0], tt.first)) {
			t.Errorf("%q: %d %s %v", tt.typed, status, body, err)
		}
	}
	if strings.Contains(p.Log.String(), "特困") {
		t.Error("what was typed stands in the log")
	}
}

// submitless asks a question by a post, so that it would be known if typed questions were offered to others.
func (b *browser) submitless(path, q string) {
	b.t.Helper()
	if status, _ := b.sent(path, url.Values{"q": {q}}); status != 200 {
		b.t.Fatalf("%s: %d", path, status)
	}
}

func TestAQuestionIsHandedOverInOneStep(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	b := newBrowser(t, p.URL)
	b.get("/s/" + p.Poster(t)).want(200)
	b.get("/ask").submit("/ask", map[string]string{"q": "公积金怎么取，我的身份证是990121195303081012"}, "").want(200).see("请人回答我")
	form := filled(b.form("/ask/hand"))
	if strings.Contains(form.Get("q"), "990121") || form.Get("key") == "" {
		t.Fatalf("the form carries %v", form)
	}
	b.submit("/ask/hand", map[string]string{"phone": "12"}, "").want(422).sound()
	b.submit("/ask/hand", map[string]string{"phone": "13855500123"}, "").want(200).sound()
	if !strings.HasPrefix(b.At, "/status/") {
		t.Fatalf("led to %s:\n%s", b.At, b.text())
	}
	rows, err := p.DB.QueryContext(t.Context(), `SELECT kind FROM cases`)
	must(t, err)
	defer rows.Close()
	n := 0
	for rows.Next() {
		var kind string
		must(t, rows.Scan(&kind))
		if n++; kind != "question" {
			t.Errorf("a case of kind %s", kind)
		}
	}
	if must(t, rows.Err()); n != 1 {
		t.Errorf("%d cases", n)
	}
}

func TestWhatSomebodySaysOfAnAnswerIsTaken(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	b := newBrowser(t, p.URL)
	b.get("/s/" + p.Poster(t)).want(200)
	b.get("/ask").submit("/ask", map[string]string{"q": "低保怎么申请"}, "").want(200)
	status, body := b.sent("/ask/judge", url.Values{"q": {"低保怎么申请"}, "level": {"2"}, "t": filled(b.form("/ask/judge"))["t"]})
	if status != 200 || !strings.Contains(body, "id=\"rate\"") {
		t.Fatalf("%d: %.300s", status, body)
	}
	must(t, p.Assistant.Close())
	var text, verdict string
	must(t, p.DB.QueryRowContext(t.Context(), `SELECT text, verdict FROM faq_questions`).Scan(&text, &verdict))
	if text != "低保怎么申请" || verdict != "no" {
		t.Errorf("kept %q %q", text, verdict)
	}
}
