package console_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"mashang/aid/policy"
	"mashang/platform/audit"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// alter changes one text of a programme as the editor would, without its translations.
func alter(t *testing.T, d desk, from, to string) {
	t.Helper()
	err := d.DB.Tx(t.Context(), func(q store.Queryer) error {
		s, err := d.Library.ShelfIn(t.Context(), q)
		if err != nil {
			return err
		}
		p, _ := s.Programme("dibao")
		if p.Summary.Hans = strings.Replace(p.Summary.Hans, from, to, 1); !strings.Contains(p.Summary.Hans, to) {
			t.Fatalf("no %s in %s", from, p.Summary.Hans)
		}
		return d.Library.PutProgrammes(t.Context(), q, []policy.Programme{p})
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Library.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
}

const summary = "/console/words/text?id=programme%2Fdibao%2Fsummary&to=en"

func TestATranslationLeftBehindIsListedSentOutAndBroughtBack(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	editor, publisher := d.as(t, "editor"), d.as(t, "publisher")
	if a := d.get(t, editor, "/console/words?state=open"); a.Status != 200 || !strings.Contains(a.Body, "这里没有要看的译文") {
		t.Errorf("the sample county has nothing to translate: %d", a.Status)
	}
	alter(t, d, "国家每月", "国家每个月")
	a := d.get(t, editor, "/console/words?state=outdated")
	if a.Status != 200 || strings.Count(a.Body, "/console/words/text?") != 2 || !strings.Contains(a.Body, "过时") {
		t.Fatalf("the list = %d %s", a.Status, a.Body)
	}
	if a := d.get(t, editor, summary); a.Status != 200 || !strings.Contains(a.Body, "<mark>") || !strings.Contains(a.Body, "译的时候的原文") || !strings.Contains(a.Body, "/console/edit/programme/dibao/part/names") {
		t.Errorf("side by side = %d %s", a.Status, a.Body)
	}
	if a := d.get(t, d.as(t, "helper"), summary); a.Status != 200 || strings.Contains(a.Body, "/words/confirm") || strings.Contains(a.Body, "/console/edit/") {
		t.Errorf("who only looks = %d", a.Status)
	}
	file := d.get(t, editor, "/console/words/export?to=en&state=outdated")
	if file.Status != 200 || !strings.Contains(file.Header.Get("Content-Disposition"), "mashang-en-outdated.xlf") || strings.Count(file.Body, "<trans-unit") != 1 {
		t.Fatalf("the file = %d %s", file.Status, file.Body)
	}

	for _, tt := range []struct{ name, body, want string }{
		{"2.0", `<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0"/>`, "XLIFF 2.0"},
		{"a bomb", `<!DOCTYPE x [<!ENTITY a "a">]>` + file.Body, "DOCTYPE"},
		{"not a word", "hello", "这不是 XLIFF 文件"},
	} {
		if a := d.handIn(t, editor, "/console/words/import", "t.xlf", tt.body); a.Status != 422 || !strings.Contains(a.Body, tt.want) {
			t.Errorf("%s = %d without %s", tt.name, a.Status, tt.want)
		}
	}
	if a := d.handIn(t, editor, "/console/words/import", "t.xlf", file.Body); a.Status != 200 || !strings.Contains(a.Body, "什么都不会动") {
		t.Errorf("as it went out = %d", a.Status)
	}
	back := regexp.MustCompile(`(?s)(<target)[^>]*>.*?</target>`).ReplaceAllString(file.Body, `$1 state="translated">The state tops up the income of 9 poor families every month.</target>`)
	a = d.handIn(t, editor, "/console/words/import", "t.xlf", back)
	staged := regexp.MustCompile(`name="staged" value="([^"]+)"`).FindStringSubmatch(a.Body)
	if a.Status != 200 || staged == nil || !strings.Contains(a.Body, "数字对不上") {
		t.Fatalf("the preview = %d %s", a.Status, a.Body)
	}
	a = d.post(t, editor, "/console/words/import", url.Values{"staged": {staged[1]}})
	at := a.Header.Get("Location")
	if a.Status != 303 || !strings.HasPrefix(at, "/console/review/") {
		t.Fatalf("proposing = %d %s", a.Status, a.Body)
	}
	if a := d.get(t, publisher, at); a.Status != 200 || !strings.Contains(a.Body, "<mark>9</mark>") || !strings.Contains(a.Body, "国家每个月") {
		t.Errorf("the change = %d %s", a.Status, a.Body)
	}
	if a := d.post(t, editor, at+"/approve", nil); a.Status != 403 {
		t.Errorf("publishing one's own = %d", a.Status)
	}
	if a := d.post(t, publisher, at+"/approve", nil); a.Status != 303 {
		t.Fatalf("publishing = %d %s", a.Status, a.Body)
	}
	if p, _ := d.Library.Shelf().Programme("dibao"); !strings.Contains(p.Summary.En, "9 poor families") {
		t.Errorf("published = %s", p.Summary.En)
	}
	undo := d.post(t, editor, at+"/revert", url.Values{"reason": {"9 户是编的"}}).Header.Get("Location")
	if a := d.post(t, publisher, undo+"/approve", nil); a.Status != 303 {
		t.Fatalf("turning back = %d", a.Status)
	}
	if a := d.get(t, editor, "/console/words?state=outdated"); strings.Count(a.Body, "/console/words/text?") != 2 {
		t.Error("turned back, the translation is not outdated again")
	}

	seen := regexp.MustCompile(`name="seen" value="([^"]+)"`).FindStringSubmatch(d.get(t, editor, summary).Body)
	alter(t, d, "国家每个月", "国家每一个月")
	form := url.Values{"id": {"programme/dibao/summary"}, "to": {"en"}, "seen": {seen[1]}}
	if a := d.post(t, editor, "/console/words/confirm", form); a.Status != 409 {
		t.Errorf("confirming what has moved = %d", a.Status)
	}
	form.Set("seen", regexp.MustCompile(`name="seen" value="([^"]+)"`).FindStringSubmatch(d.get(t, editor, summary).Body)[1])
	if a := d.post(t, editor, "/console/words/confirm", form); a.Status != 303 {
		t.Errorf("confirming = %d %s", a.Status, a.Body)
	}
	if a := d.get(t, editor, "/console/words?state=outdated&to=en"); strings.Contains(a.Body, "/console/words/text?") {
		t.Error("confirmed, and still outdated")
	}
	if rows, err := d.Audit.List(t.Context(), audit.Filter{Action: "translation-confirm"}); err != nil || len(rows) != 1 {
		t.Errorf("%d confirmations on record, %v", len(rows), err)
	}
}

func TestWhatNobodyKnowsIsListedAndShrinksByItself(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, db)
		editor := d.as(t, "editor")
		all, err := d.Gaps.All(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		unknown := 0
		for _, p := range d.Library.Shelf().Programmes() {
			unknown += len(p.Unknown)
		}
		page := d.get(t, editor, "/console/gaps?kind=unknown")
		if page.Status != 200 || !strings.Contains(page.Body, "/ 共") && !strings.Contains(page.Body, "/console/gaps/one?name=") {
			t.Fatalf("the list = %d", page.Status)
		}
		if a := d.get(t, editor, "/console"); !strings.Contains(a.Body, "件事还没人知道") {
			t.Error("the first page says nothing")
		}
		file := d.get(t, editor, "/console/gaps?as=csv&kind=unknown")
		if n := strings.Count(file.Body, "\n") - 1; file.Status != 200 || n != unknown {
			t.Errorf("the file has %d lines, want %d", n, unknown)
		}
		g := all[len(all)-1] // an unknown
		one := "/console/gaps/one?name=" + url.QueryEscape(g.Name)
		if a := d.get(t, editor, one); a.Status != 200 || !strings.Contains(a.Body, g.Text.Hans) {
			t.Errorf("one = %d", a.Status)
		}
		for _, tt := range []struct{ name, field, value, want string }{
			{"a day to come", "asked", "2027-01-01", "f-asked-e"},
			{"asked of somebody, no day", "of", "县医保局", "f-asked-e"},
			{"resting until yesterday", "until", "2026-11-20", "f-until-e"},
			{"resting for years", "until", "2036-11-20", "f-until-e"},
			{"resting without a reason", "until", "2026-12-20", "f-reason-e"},
			{"a long reason", "reason", strings.Repeat("长", 201), "f-reason-e"},
		} {
			if a := d.post(t, editor, "/console/gaps/one", url.Values{"name": {g.Name}, tt.field: {tt.value}}); a.Status != 422 || !strings.Contains(a.Body, tt.want) {
				t.Errorf("%s = %d without %s", tt.name, a.Status, tt.want)
			}
		}
		if a := d.post(t, editor, "/console/gaps/one", url.Values{"name": {g.Name}, "asked": {"2026-11-20"}, "of": {"县医保局"}}); a.Status != 303 {
			t.Fatalf("asked = %d", a.Status)
		}
		if a := d.get(t, editor, "/console/gaps?find="+url.QueryEscape(g.Title.Hans)+"&kind=unknown"); !strings.Contains(a.Body, "县医保局") || !strings.Contains(a.Body, "2026年11月20日问过") {
			t.Error("nobody sees that somebody was asked")
		}
		open, _ := d.Gaps.Open(t.Context())
		if a := d.post(t, editor, "/console/gaps/one", url.Values{"name": {g.Name}, "until": {"2026-12-20"}, "reason": {"等省里文件"}}); a.Status != 303 {
			t.Fatalf("resting = %d", a.Status)
		}
		if n, _ := d.Gaps.Open(t.Context()); n != open-1 {
			t.Errorf("%d are open, want %d", n, open-1)
		}
		if a := d.get(t, editor, "/console/gaps?show=resting"); !strings.Contains(a.Body, "等省里文件") {
			t.Error("what rests is not shown")
		}
		if a := d.post(t, editor, "/console/gaps/again", url.Values{"name": {g.Name}}); a.Status != 303 {
			t.Fatalf("again = %d", a.Status)
		}
		if n, _ := d.Gaps.Open(t.Context()); n != open {
			t.Errorf("%d are open again, want %d", n, open)
		}
		d.post(t, editor, "/console/gaps/one", url.Values{"name": {g.Name}, "until": {"2026-12-20"}, "reason": {"等省里文件"}})
		d.Pass(40 * 24 * time.Hour)
		if a := d.get(t, d.as(t, "editor"), "/console/gaps?show=resting"); strings.Contains(a.Body, "等省里文件") {
			t.Error("it rests for ever")
		}
		// Filled in, it is gone.
		p, _ := d.Library.Shelf().Programme(g.Programme)
		p.Unknown = nil
		if err := d.DB.Tx(t.Context(), func(q store.Queryer) error { return d.Library.PutProgrammes(t.Context(), q, []policy.Programme{p}) }); err != nil {
			t.Fatal(err)
		}
		if err := d.Library.Reload(t.Context()); err != nil {
			t.Fatal(err)
		}
		if a := d.get(t, d.as(t, "editor"), one); a.Status != 410 {
			t.Errorf("filled in = %d", a.Status)
		}
	})
}
