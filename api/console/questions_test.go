package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"mashang/faq"
	"mashang/faq/better"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

// unanswered asks what the sample county says nothing of, and waits until it is kept.
func (d desk) unanswered(t *testing.T, questions ...string) {
	t.Helper()
	for _, q := range questions {
		if _, err := d.Assistant.Ask(t.Context(), faq.Question{Text: q, Place: sample.Xinglin, Channel: "resident"}); err != nil {
			t.Fatal(err)
		}
	}
	for until := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		_, n, err := d.Assistant.Unanswered(t.Context(), faq.MissedFilter{})
		if err != nil {
			t.Fatal(err)
		}
		if n >= len(questions) {
			return
		}
		if time.Now().After(until) {
			t.Fatalf("%d questions are kept", n)
		}
	}
}

var (
	groupLink = regexp.MustCompile(`/console/questions/([A-Z2-7]{26})"`)
	aVersion  = regexp.MustCompile(`name="version" value="(\d+)"`)
)

func TestAnUnansweredQuestionBecomesAWordingThatAnswersIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, db)
		editor, admin, publisher, operator := d.as(t, "editor"), d.as(t, "admin"), d.as(t, "publisher"), d.as(t, "operator")
		if a := d.get(t, editor, "/console/questions"); a.Status != 200 || !strings.Contains(a.Body, "没有没答上来的问题") {
			t.Errorf("nothing asked = %d", a.Status)
		}
		d.unanswered(t, "政府发的购物券怎么领", "请问政府发的购物券怎么领啊", "政府发的购物劵怎么领")
		a := d.get(t, editor, "/console/questions")
		link := groupLink.FindStringSubmatch(a.Body)
		if a.Status != 200 || link == nil || strings.Count(a.Body, "<th scope=\"row\">") != 1 || !strings.Contains(a.Body, "柳河镇 3") || !strings.Contains(a.Body, "还有 2 种问法") {
			t.Fatalf("the list = %d %s", a.Status, a.Body)
		}
		at := "/console/questions/" + link[1]
		page := d.get(t, editor, at)
		version := aVersion.FindStringSubmatch(page.Body)
		if page.Status != 200 || version == nil || !strings.Contains(page.Body, "购物劵") || !strings.Contains(page.Body, "现在会怎么回") {
			t.Fatalf("the group = %d %s", page.Status, page.Body)
		}
		if looks := d.get(t, operator, at); looks.Status != 200 || strings.Contains(looks.Body, at+"/variant") {
			t.Errorf("who only looks = %d", looks.Status)
		}
		entry := d.Library.Shelf().Entries()[0]
		form := url.Values{"version": {version[1]}, "entry": {entry.ID}, "wording": {"政府发的购物券怎么领"}}
		for name, bad := range map[string][2]string{"no answer chosen": {"entry", ""}, "a number": {"wording", "13800138000怎么领"}} {
			typed := url.Values{"version": {version[1]}, "entry": {entry.ID}, "wording": {"政府发的购物券怎么领"}}
			typed.Set(bad[0], bad[1])
			if a := d.post(t, editor, at+"/variant", typed); a.Status != 422 || !strings.Contains(a.Body, `id="sum"`) {
				t.Errorf("%s = %d", name, a.Status)
			}
		}
		status := make(chan int, 2)
		for _, who := range []*http.Client{editor, admin} {
			go func() { status <- d.post(t, who, at+"/variant", form).Status }()
		}
		if x, y := <-status, <-status; x+y != 303+409 {
			t.Fatalf("two editors at once = %d and %d", x, y)
		}
		g, err := d.Better.Groups.Find(t.Context(), link[1])
		if err != nil || g.State != better.Proposed {
			t.Fatalf("the group = %+v %v", g, err)
		}
		change := d.get(t, publisher, "/console/review/"+g.Change)
		if !strings.Contains(change.Body, "已有回答的问法") || !strings.Contains(change.Body, "最近没答上来的") || strings.Contains(change.Body, "购物劵") {
			t.Errorf("who publishes sees no effect, or what he may not = %d %s", change.Status, change.Body)
		}
		if seen := d.get(t, editor, "/console/review/"+g.Change); !strings.Contains(seen.Body, "群众问过") {
			t.Errorf("the editor does not see what moves = %s", seen.Body)
		}
		if a := d.post(t, publisher, "/console/review/"+g.Change+"/approve", nil); a.Status != 303 {
			t.Fatalf("approving = %d %s", a.Status, a.Body)
		}
		if err := d.Assistant.Refresh(); err != nil {
			t.Fatal(err)
		}
		if got, err := d.Assistant.Ask(t.Context(), faq.Question{Text: "政府发的购物券怎么领", Quiet: true}); err != nil || got.Shown != "entry/"+entry.ID {
			t.Errorf("asked again = %s %q %v", got.Outcome, got.Shown, err)
		}
		if a := d.get(t, editor, at); !strings.Contains(a.Body, "已经改好") {
			t.Errorf("the group after = %s", a.Body)
		}
		if a := d.get(t, editor, "/console/questions"); strings.Contains(a.Body, at) {
			t.Error("what is published still waits")
		}
	})
}

func TestADraftBeginsWithTheNearestWordsAndItsSources(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	editor := d.as(t, "editor")
	d.unanswered(t, "我爹的五保钱打到谁的卡上")
	link := groupLink.FindStringSubmatch(d.get(t, editor, "/console/questions").Body)
	if link == nil {
		t.Fatal("no group")
	}
	at := "/console/questions/" + link[1]
	form := url.Values{"version": {"1"}}
	a := d.post(t, editor, at+"/entry", form)
	if a.Status != 303 || !strings.HasPrefix(a.Header.Get("Location"), "/console/edit/entry/faq-") {
		t.Fatalf("drafting = %d to %s %s", a.Status, a.Header.Get("Location"), a.Body)
	}
	sheet := d.get(t, editor, a.Header.Get("Location"))
	if sheet.Status != 200 || !strings.Contains(sheet.Body, at[8:]+"/undo") || !strings.Contains(sheet.Body, "mz-in") {
		t.Errorf("the editor = %d %s", sheet.Status, sheet.Body)
	}
	if again := d.post(t, editor, at+"/entry", form); again.Status != 409 {
		t.Errorf("a second click = %d", again.Status)
	}
	if undone := d.post(t, editor, at+"/undo", aForm(t, d, editor, at)); undone.Status != 303 {
		t.Fatalf("undo = %d %s", undone.Status, undone.Body)
	}
	if gone := d.get(t, editor, a.Header.Get("Location")); gone.Status != 404 {
		t.Errorf("the draft after undo = %d", gone.Status)
	}
	for _, deed := range []string{"answered", "out"} {
		settled := d.post(t, editor, at+"/settle", url.Values{"version": aForm(t, d, editor, at)["version"], "state": {deed}})
		if settled.Status != 303 {
			t.Fatalf("%s = %d %s", deed, settled.Status, settled.Body)
		}
		if a := d.get(t, editor, "/console/questions"); strings.Contains(a.Body, at+`"`) {
			t.Errorf("%s, and it waits", deed)
		}
	}
}

// aForm is the version that a page about a group shows.
func aForm(t *testing.T, d desk, b *http.Client, at string) url.Values {
	t.Helper()
	m := aVersion.FindStringSubmatch(d.get(t, b, at).Body)
	if m == nil {
		t.Fatal("the page has no version")
	}
	return url.Values{"version": {m[1]}}
}

func TestTheLexiconTheTestsAndTheMonthAreKeptOnPages(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	editor, publisher := d.as(t, "editor"), d.as(t, "publisher")
	if a := d.post(t, editor, "/console/lexicon/edit", url.Values{"words": {"钱"}, "lang": {"zh-Hans"}, "kind": {"plain"}}); a.Status != 422 || !strings.Contains(a.Body, "太短了") {
		t.Errorf("one character = %d", a.Status)
	}
	a := d.post(t, editor, "/console/lexicon/edit", url.Values{"words": {"阿婆钱粮"}, "lang": {"zh-Hans"}, "kind": {"dialect"}, "programmes": {"dibao"}})
	if a.Status != 303 || !strings.HasPrefix(a.Header.Get("Location"), "/console/review/") {
		t.Fatalf("a word = %d %s", a.Status, a.Body)
	}
	page := d.get(t, publisher, a.Header.Get("Location"))
	if !strings.Contains(page.Body, "阿婆钱粮") || !strings.Contains(page.Body, "方言") || !strings.Contains(page.Body, "会走到别处") {
		t.Errorf("the change = %s", page.Body)
	}
	if a := d.post(t, publisher, a.Header.Get("Location")+"/approve", nil); a.Status != 303 {
		t.Fatalf("approving = %d", a.Status)
	}
	if a := d.get(t, editor, "/console/lexicon?show=ours"); strings.Count(a.Body, `<th scope="row">`) != 1 || !strings.Contains(a.Body, "阿婆钱粮") {
		t.Errorf("the lexicon = %s", a.Body)
	}
	file := d.get(t, editor, "/console/lexicon/export")
	if a := d.handIn(t, editor, "/console/lexicon/import", "l.csv", file.Body); a.Status != 200 || !strings.Contains(a.Body, "什么都不会动") {
		t.Errorf("as it went out = %d", a.Status)
	}

	e := d.Library.Shelf().Entries()[0]
	if a := d.post(t, editor, "/console/tests/edit", url.Values{"question": {e.Questions[0].Hans}, "shown": {"entry/" + e.ID}, "lang": {"zh-Hans"}}); a.Status != 303 {
		t.Fatalf("a test = %d %s", a.Status, a.Body)
	}
	if a := d.post(t, editor, "/console/tests/edit", url.Values{"question": {"天上的星星归谁管"}, "shown": {"entry/" + e.ID}, "lang": {"zh-Hans"}}); a.Status != 303 {
		t.Fatalf("a test = %d %s", a.Status, a.Body)
	}
	run := d.post(t, editor, "/console/tests/run", nil)
	if run.Status != 303 || !strings.HasPrefix(run.Header.Get("Location"), "/console/tests/runs/") {
		t.Fatalf("a run = %d %s", run.Status, run.Body)
	}
	if a := d.get(t, editor, run.Header.Get("Location")); a.Status != 200 || !strings.Contains(a.Body, "天上的星星") || !strings.Contains(a.Body, "50.0%") {
		t.Errorf("the run = %d %s", a.Status, a.Body)
	}
	if a := d.get(t, editor, "/console/tests"); a.Status != 200 || !strings.Contains(a.Body, "低于及格线") {
		t.Errorf("the tests = %d %s", a.Status, a.Body)
	}

	if err := d.Counted.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/console/monthly", "/console/monthly/2026-11", "/console/monthly/2026-11?as=csv", "/console/monthly/2026-11?as=xlsx"} {
		if a := d.get(t, editor, path); a.Status != 200 || len(a.Body) < 100 {
			t.Errorf("%s = %d", path, a.Status)
		}
	}
	if a := d.get(t, editor, "/console/monthly/2026-09"); a.Status != 404 {
		t.Errorf("a month without a report = %d", a.Status)
	}
	if a := d.post(t, editor, "/console/monthly/2026-10", nil); a.Status != 303 {
		t.Errorf("making one = %d", a.Status)
	}
	admin := d.as(t, "admin")
	if a := d.post(t, admin, "/console/questions-settings", url.Values{"days": {"3"}, "least": {"3"}, "floor": {"90"}}); a.Status != 422 || !strings.Contains(a.Body, "f-days-e") {
		t.Errorf("three days = %d", a.Status)
	}
	if a := d.post(t, admin, "/console/questions-settings", url.Values{"days": {"30"}, "least": {"4"}, "floor": {"80"}}); a.Status != 303 {
		t.Errorf("settings = %d %s", a.Status, a.Body)
	}
	if s, err := d.Better.Groups.Settings(t.Context()); err != nil || s != (better.Settings{Days: 30, Least: 4, Floor: 80}) {
		t.Errorf("settings = %+v %v", s, err)
	}
}
