package wording_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"mashang/aid/policy"
	"mashang/aid/policy/translate"
	"mashang/aid/policy/wording"
	"mashang/i18n"
	"mashang/platform/audit"
	"mashang/platform/problem"
	"mashang/platform/review"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

var now = time.Date(2026, 11, 21, 12, 0, 0, 0, i18n.Shanghai)

type room struct {
	*wording.Book
	desk *review.Desk
}

// newRoom is a small catalogue: a programme with a list, one answer, one department.
func newRoom(t testing.TB, db *store.DB) room {
	t.Helper()
	clock := func() time.Time { return now }
	l, err := policy.NewLibrary(t.Context(), db, nil, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	r := room{&wording.Book{Library: l, DB: db, Now: clock}, &review.Desk{DB: db, Audit: &audit.Log{DB: db, Now: clock}, Now: clock}}
	r.desk.Register(r.ReviewKind())
	r.put(t, programme("每月712元。\n- 一条\n- 两条", "712 yuan a month.\n- one\n- two"))
	tx(t, db, func(q store.Queryer) error {
		return l.PutEntries(t.Context(), q, []policy.Entry{{ID: "e/1", Questions: []i18n.Text{{Hans: "怎么办", Hant: "怎麼辦"}, {Hans: "咋办"}}, Answer: i18n.Text{Hans: "去镇里", Hant: "去镇里", En: "Go to the town"}}})
	})
	r.reload(t)
	return r
}

func programme(what, whatEn string) policy.Programme {
	return policy.Programme{ID: "dibao", Department: "minzheng", Name: i18n.Text{Hans: "低保", Hant: "低保", En: "Dibao"}, Sections: []policy.Section{
		{Key: "what", Title: i18n.Text{Hans: "得到什么", Hant: "得到什麼", En: "What"}, Text: i18n.Text{Hans: what, Hant: "每月712元。\n- 一條\n- 兩條", En: whatEn}}}}
}

func tx(t testing.TB, db *store.DB, do func(store.Queryer) error) {
	t.Helper()
	if err := db.Tx(context.Background(), do); err != nil {
		t.Fatal(err)
	}
}

func (r room) put(t testing.TB, p policy.Programme) {
	t.Helper()
	tx(t, r.DB, func(q store.Queryer) error {
		if err := r.Library.PutDepartments(t.Context(), q, []policy.Department{{ID: "minzheng", Name: i18n.Text{Hans: "民政局", Hant: "民政局", En: "Civil affairs"}}}); err != nil {
			return err
		}
		return r.Library.PutProgrammes(t.Context(), q, []policy.Programme{p})
	})
	r.reload(t)
}

func (r room) reload(t testing.TB) {
	t.Helper()
	if err := r.Library.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (r room) all(t testing.TB) []wording.Unit {
	t.Helper()
	all, err := r.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (r room) unit(t testing.TB, id string, l i18n.Lang) wording.Unit {
	t.Helper()
	for _, u := range r.all(t) {
		if u.ID() == id && u.Lang == l {
			return u
		}
	}
	t.Fatalf("no %s in %s", id, l)
	return wording.Unit{}
}

func (r room) export(t testing.TB, f wording.Filter) string {
	t.Helper()
	var b bytes.Buffer
	if err := wording.Export(&b, wording.Ordered(wording.Choose(r.all(t), f))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func (r room) plan(t testing.TB, raw string) wording.Plan {
	t.Helper()
	p, err := r.Plan(t.Context(), []byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const what = "programme/dibao/sections.what.text"

func TestTheListTellsWhatIsMissingAndWrong(t *testing.T) {
	r := newRoom(t, storetest.SQLite(t))
	if u := r.unit(t, "entry/e/1/questions.0", i18n.En); u.State != translate.Missing {
		t.Errorf("a question without English is %s", u.State)
	}
	if u := r.unit(t, "entry/e/1/answer", i18n.Hant); u.State != translate.Missing || u.Strange == "" {
		t.Errorf("Traditional that is Simplified is %s %q", u.State, u.Strange)
	}
	if u := r.unit(t, "programme/dibao/name", i18n.Hant); u.State != translate.Fresh || u.Flagged() {
		t.Errorf("what is alike in both scripts is %s", u.State)
	}
	for _, u := range r.all(t) {
		if u.Path == "questions.1" {
			t.Error("another wording of a question is asked for")
		}
	}
	r.put(t, programme("每月738元。\n- 一条\n- 两条", "712 yuan a month.\n- one\n- two"))
	u := r.unit(t, what, i18n.En)
	if u.State != translate.Outdated || !strings.Contains(u.Was, "712") || fmt.Sprint(u.Figures.Lost, u.Figures.Came) != "[738] [712]" {
		t.Errorf("after the sum was changed: %+v", u)
	}
	for _, c := range wording.Tally(r.all(t)) {
		if c.Fresh+c.Missing+c.Outdated != c.All || c.Lang == i18n.En && (c.Outdated != 1 || c.Missing != 1 || c.Figures != 1) {
			t.Errorf("tally = %+v", c)
		}
	}
	if got := len(wording.Choose(r.all(t), wording.Filter{Lang: i18n.En, State: wording.Open})); got != 2 {
		t.Errorf("%d are open in English", got)
	}
}

func TestAnExportComesBackAsNoChange(t *testing.T) {
	r := newRoom(t, storetest.SQLite(t))
	r.put(t, programme("每月738元。\n- 一条\n- 两条", "712 yuan a month.\n- one\n- two"))
	raw := r.export(t, wording.Filter{})
	p := r.plan(t, raw)
	if len(p.Items) != 0 || p.New+p.Changed+p.Confirmed != 0 || p.Same != p.Units || len(p.Refused)+len(p.Notes) != 0 {
		t.Errorf("coming back: %+v", p)
	}
	if !strings.Contains(raw, "needs-review-translation") || !strings.Contains(raw, "needs-translation") || !strings.Contains(raw, "\n- 一条\n") || raw != r.export(t, wording.Filter{}) {
		t.Error(raw)
	}
}

func TestEveryUnitOfAFileIsDecidedOn(t *testing.T) {
	r := newRoom(t, storetest.SQLite(t))
	r.put(t, programme("每月738元。\n- 一条\n- 两条", "712 yuan a month.\n- one\n- two"))
	raw := r.export(t, wording.Filter{Lang: i18n.En})
	old := "712 yuan a month.\n- one\n- two</target>"
	for _, tt := range []struct {
		name, was, becomes               string
		fresh, changed, confirmed, noted int
		refused                          string
	}{
		{"a new one", `<target state="needs-translation"></target>`, "<target>How</target>", 1, 0, 0, 0, ""},
		{"a right one", old, "738 yuan a month.\n- one\n- two</target>", 0, 1, 0, 0, ""},
		{"another sum", old, "783 yuan a month.\n- one\n- two</target>", 0, 1, 0, 1, ""},
		{"a lost item", old, "738 yuan a month.\n- one, two</target>", 0, 1, 0, 1, ""},
		{"space around", "Go to the town</target>", "\n Go to the town </target>", 0, 0, 0, 0, ""},
		{"seen and right", `needs-review-translation">`, `translated">`, 0, 0, 1, 0, ""},
		{"an emptied one", ">Go to the town</target>", "></target>", 0, 0, 0, 0, ""},
		{"the source has moved", "738元", "712元", 0, 0, 0, 0, ""}, // an untouched target is no change
		{"the source has moved, and a change", "<source>去镇里</source>\n        <target state=\"translated\">Go to the town", "<source>去县里</source>\n        <target>Go to the county", 0, 0, 0, 0, "words.import.moved"},
		{"unknown", `id="programme/dibao/name"`, `id="programme/nobody/name"`, 0, 0, 0, 0, "words.import.unknown"},
		{"twice", `id="programme/dibao/sections.what.title"`, `id="programme/dibao/name"`, 0, 0, 0, 0, "words.import.twice"},
		{"a tag", "Go to the town<", "Go &lt;b&gt;there&lt;/b&gt;<", 0, 0, 0, 0, "words.import.markup"},
		{"a mark of a tool", "Go to the town<", "Go <g id=\"1\">there</g><", 0, 0, 0, 0, "words.import.inline"},
		{"too long", ">Dibao<", ">" + strings.Repeat("long ", 100) + "<", 0, 0, 0, 0, "words.import.long"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file := strings.Replace(raw, tt.was, tt.becomes, 1)
			if file == raw {
				t.Fatal("nothing was changed")
			}
			p := r.plan(t, file)
			refused := ""
			if len(p.Refused) > 0 {
				refused = p.Refused[0].Key
				if p.Refused[0].Line == 0 || p.Refused[0].Item == "" {
					t.Errorf("nobody knows which: %+v", p.Refused[0])
				}
			}
			if p.New != tt.fresh || p.Changed != tt.changed || p.Confirmed != tt.confirmed || len(p.Notes) != tt.noted || refused != tt.refused || len(p.Refused) > 1 {
				t.Errorf("= %d new, %d changed, %d confirmed, notes %v, refused %v", p.New, p.Changed, p.Confirmed, p.Notes, p.Refused)
			}
		})
	}
}

func TestLanguagesThatAreNotOursAreRefused(t *testing.T) {
	r := newRoom(t, storetest.SQLite(t))
	raw := r.export(t, wording.Filter{Lang: i18n.En})
	for was, want := range map[string]string{`target-language="en"`: "words.import.target", `source-language="zh-Hans"`: "words.import.source"} {
		_, err := r.Plan(t.Context(), []byte(strings.ReplaceAll(raw, was, strings.Split(was, "=")[0]+`="fr"`)))
		var told *problem.Error
		if !errors.As(err, &told) || told.Key != want {
			t.Errorf("%s: %v", was, err)
		}
	}
	if p := r.plan(t, strings.ReplaceAll(raw, `target-language="en"`, `target-language="en-GB"`)); p.Same != p.Units {
		t.Errorf("British English = %+v", p)
	}
}

func TestAFileIsPublishedByAnotherAndTurnedBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRoom(t, db)
		r.put(t, programme("每月738元。\n- 一条\n- 两条", "712 yuan a month.\n- one\n- two"))
		raw := r.export(t, wording.Filter{Lang: i18n.En})
		raw = strings.Replace(raw, `state="needs-translation"></target>`, ">How do I apply?</target>", 1)
		raw = strings.Replace(raw, `needs-review-translation">`, `final">`, 1)
		p := r.plan(t, raw)
		if p.New != 1 || p.Confirmed != 1 {
			t.Fatalf("plan = %+v", p)
		}
		c, err := r.Propose(t.Context(), r.desk, p, "Translations", "", "anna")
		if err != nil {
			t.Fatal(err)
		}
		if u := r.unit(t, what, i18n.En); u.State != translate.Outdated {
			t.Error("a proposal changes what stands")
		}
		if _, err := r.desk.Approve(t.Context(), c.ID, "anna"); !problem.Is(err, problem.Denied) {
			t.Errorf("approving one's own = %v", err)
		}
		if _, err := r.desk.Approve(t.Context(), c.ID, "bert"); err != nil {
			t.Fatal(err)
		}
		if u := r.unit(t, what, i18n.En); u.State != translate.Fresh {
			t.Errorf("confirmed = %s", u.State)
		}
		if u := r.unit(t, "entry/e/1/questions.0", i18n.En); u.Target != "How do I apply?" || u.State != translate.Fresh {
			t.Errorf("translated = %+v", u)
		}
		if u := r.unit(t, "entry/e/1/questions.0", i18n.Hant); u.Target != "怎麼辦" {
			t.Errorf("another language was touched: %+v", u)
		}
		back, err := r.desk.Revert(t.Context(), c.ID, "anna", "wrong")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.desk.Approve(t.Context(), back.ID, "bert"); err != nil {
			t.Fatal(err)
		}
		if u := r.unit(t, what, i18n.En); u.State != translate.Outdated {
			t.Errorf("turned back = %s", u.State)
		}
		if u := r.unit(t, "entry/e/1/questions.0", i18n.En); u.Target != "" {
			t.Errorf("turned back = %+v", u)
		}

		// A source that moves between proposal and approval keeps the file from being published.
		p = r.plan(t, strings.Replace(raw, ">712 yuan a month.", ">738 yuan a month.", 1))
		if c, err = r.Propose(t.Context(), r.desk, p, "Translations", "", "anna"); err != nil {
			t.Fatal(err)
		}
		r.put(t, programme("每月800元。\n- 一条\n- 两条", "712 yuan a month.\n- one\n- two"))
		if _, err := r.desk.Approve(t.Context(), c.ID, "bert"); !problem.Is(err, problem.Conflict) {
			t.Errorf("published over a source that moved: %v", err)
		}
	})
}

func TestOnePersonSaysThatATranslationStaysRight(t *testing.T) {
	r := newRoom(t, storetest.SQLite(t))
	r.put(t, programme("每月738元。\n- 一条\n- 两条", "712 yuan a month.\n- one\n- two"))
	confirm := func(seen string) error {
		return r.DB.Tx(t.Context(), func(q store.Queryer) error { return r.Confirm(t.Context(), q, what, i18n.En, seen) })
	}
	if err := confirm(translate.Sum("每月712元。\n- 一条\n- 两条")); !problem.Is(err, problem.Conflict) {
		t.Errorf("confirmed what was not looked at: %v", err)
	}
	if err := confirm(translate.Sum("每月738元。\n- 一条\n- 两条")); err != nil {
		t.Fatal(err)
	}
	if u := r.unit(t, what, i18n.En); u.State != translate.Fresh {
		t.Errorf("= %s", u.State)
	}
}

// The width that a file tells translators is the one that is checked when a text is written.
func TestWidthsAreThoseThatAreChecked(t *testing.T) {
	r := newRoom(t, storetest.SQLite(t))
	full := policy.Programme{ID: "full", Department: "minzheng", Name: i18n.Text{Hans: "名"}, Alias: i18n.Text{Hans: "别"}, Summary: i18n.Text{Hans: "简"},
		Sections: []policy.Section{{Key: "a", Title: i18n.Text{Hans: "题"}, Text: i18n.Text{Hans: "文"}}}, Papers: []policy.Paper{{Key: "a", Name: i18n.Text{Hans: "名"}, Note: i18n.Text{Hans: "注"}}},
		Steps: []policy.Step{{Key: "a", Title: i18n.Text{Hans: "题"}, Text: i18n.Text{Hans: "文"}}}, Deadlines: []policy.Deadline{{Key: "d", Days: 1, Unit: "day", Text: i18n.Text{Hans: "期"}, From: i18n.Text{Hans: "从"}}},
		Unknown: []policy.Unknown{{About: "what", Text: i18n.Text{Hans: "不知"}}}}
	r.put(t, full)
	checked := 0
	for _, u := range append(wording.Choose(r.all(t), wording.Filter{Programme: "full"}), wording.Choose(r.all(t), wording.Filter{Kind: policy.OfEntry})...) {
		most := wording.Width(u)
		for _, n := range []int{most, most + 1} {
			err := r.Try(t.Context(), []wording.Item{{ID: string(u.Lang) + "/" + u.ID(), Text: strings.Repeat("字", n), Source: translate.Sum(u.Source)}})
			if refused := err != nil; refused != (n > most) {
				t.Errorf("%s in %s with %d characters: %v", u.ID(), u.Lang, n, err)
			}
			checked++
		}
	}
	if checked < 20 {
		t.Errorf("only %d checked", checked)
	}
}
