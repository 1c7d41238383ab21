package apply_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mashang/aid/apply"
	"mashang/aid/apply/applytest"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func TestADraftIsThereBeforeTheFirstAnswer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		d := r.start(t)
		if d.ID == "" || len(d.Secret) < 20 || len(d.ResumeCode) != 8 || len(d.PIN) != 4 || d.Place != poster || d.Division != xinglin {
			t.Fatalf("draft = %+v", d)
		}
		again, err := r.Draft(t.Context(), d.ID, d.Secret)
		if err != nil || again.ResumeCode != d.ResumeCode || again.PIN != d.PIN || again.Next("") != "for" {
			t.Errorf("Draft = %+v, %v", again, err)
		}
		if _, err := r.Draft(t.Context(), d.ID, "somebody else"); !problem.Is(err, problem.Missing) {
			t.Errorf("a stranger gets %v, want Missing", err)
		}
		for _, place := range []string{"", "ZZZZZZZZ", "990121999999", "x"} {
			if _, err := r.Start(t.Context(), "dibao", place); fieldsOf(err)["place"] == "" {
				t.Errorf("Start at %q = %v, want the place named", place, err)
			}
		}
		if d, err := r.Start(t.Context(), "dibao", "BBBBBBBB"); err != nil || d.Division != xinglin {
			t.Errorf("at a poster that was taken down: %v", err)
		}
		if _, err := r.Start(t.Context(), "jy_yiwu", poster); !problem.Is(err, problem.Missing) {
			t.Errorf("Start without a form = %v, want Missing", err)
		}
	})
}

func TestWhatIsTypedIsKeptRightOrWrong(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		d := r.start(t)
		typed := url.Values{"applicant.name": {"张大爷"}, "applicant.id": {"11010519491231002"}, "applicant.phone": {"1385550012"}, "go": {"next"}, "admin": {"1"}}
		saved, err := r.SavePage(t.Context(), d.ID, d.Secret, "applicant", typed)
		want := map[string]string{"applicant.id": "id.length", "applicant.phone": "phone.length"}
		if got := fieldsOf(err); !problem.Is(err, problem.Invalid) || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("SavePage = %v with %v, want %v", err, got, want)
		}
		for _, v := range []apply.Draft{saved, mustDraft(t, r, d)} {
			page := v.Pages["applicant"]
			if page.Version != 1 || page.Values.Get("applicant.id") != "11010519491231002" || page.Values.Get("applicant.phone") != "1385550012" || len(page.Values) != 3 {
				t.Errorf("kept %+v", page)
			}
			on := v.On("applicant")
			if len(on) != 2 || on[1].Args["n"] != "10" {
				t.Errorf("problems = %+v, want the digits counted", on)
			}
		}
		bad := url.Values{"applicant.name": {"a\xff\xfeb"}, "applicant.phone": {"\x00"}}
		if _, err := r.SavePage(t.Context(), d.ID, d.Secret, "applicant", bad); fieldsOf(err)["applicant.name"] != "form.error.chars" {
			t.Errorf("invalid UTF-8: %v", err)
		}
		large := url.Values{"story": {strings.Repeat("难", 100_000)}}
		if _, err := r.SavePage(t.Context(), d.ID, d.Secret, "cause", large); !problem.Is(err, problem.TooLarge) {
			t.Errorf("a page too large: %v", err)
		}
		long := url.Values{"causes": {"illness"}, "story": {strings.Repeat("难", 1200)}}
		if _, err := r.SavePage(t.Context(), d.ID, d.Secret, "cause", long); fieldsOf(err)["story"] != "form.error.long" {
			t.Errorf("an answer too long: %v", err)
		}
		if n := len([]rune(mustDraft(t, r, d).Pages["cause"].Values.Get("story"))); n != 1200 {
			t.Errorf("%d characters kept, want 1200", n)
		}
		if _, err := r.SavePage(t.Context(), d.ID, d.Secret, "nowhere", nil); !problem.Is(err, problem.Missing) {
			t.Errorf("a page that is not there: %v", err)
		}
	})
}

func mustDraft(t testing.TB, r *rig, d apply.Draft) apply.Draft {
	t.Helper()
	v, err := r.Draft(t.Context(), d.ID, d.Secret)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestTwoTabsLoseNoPage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		d := r.start(t)
		pages := map[string]url.Values{
			"applicant": {"applicant.name": {"张建明"}},
			"cause":     {"causes": {"illness"}},
			"household": {"household.alone": {"yes"}, "household.supporters": {"no"}},
			"savings":   {"savings.deposits": {"3500"}},
			"bank":      {"bank.holder": {"张建明"}},
		}
		var wg sync.WaitGroup
		for key, values := range pages {
			for range 3 {
				wg.Go(func() {
					if _, err := r.SavePage(t.Context(), d.ID, d.Secret, key, values); err != nil && !problem.Is(err, problem.Invalid) {
						t.Errorf("page %s: %v", key, err)
					}
				})
			}
		}
		wg.Wait()
		v := mustDraft(t, r, d)
		for key := range pages {
			if v.Pages[key].Version != 3 || len(v.Pages[key].Values) == 0 {
				t.Errorf("page %s = %+v, want it saved three times", key, v.Pages[key])
			}
		}
	})
}

func TestADraftIsResumedByCodeAndPIN(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		d := r.start(t)
		code := strings.ToLower(d.ResumeCode[:4]) + " - " + d.ResumeCode[4:]
		again, err := r.Resume(t.Context(), code, " "+d.PIN, "10.0.0.1")
		if err != nil || again.ID != d.ID || again.Secret != d.Secret {
			t.Fatalf("Resume = %+v, %v", again, err)
		}
		unknown := fieldsOf(second(r.Resume(t.Context(), "ABCDEFGH", "0000", "10.0.0.2")))
		wrong := "0000"
		if d.PIN == wrong {
			wrong = "0001"
		}
		for range 5 {
			_, err := r.Resume(t.Context(), d.ResumeCode, wrong, "10.0.0.1")
			if got := fieldsOf(err); fmt.Sprint(got) != fmt.Sprint(unknown) || got["code"] == "" {
				t.Fatalf("wrong PIN = %v, unknown code = %v: they must be the same", got, unknown)
			}
		}
		if _, err := r.Resume(t.Context(), d.ResumeCode, d.PIN, "10.0.0.1"); !problem.Is(err, problem.Limited) {
			t.Errorf("after five wrong PINs: %v, want Limited", err)
		}
		if _, err := r.Resume(t.Context(), d.ResumeCode, d.PIN, "10.0.0.9"); err != nil {
			t.Errorf("from another address: %v", err)
		}
		r.pass(16 * time.Minute)
		if _, err := r.Resume(t.Context(), d.ResumeCode, d.PIN, "10.0.0.1"); err != nil {
			t.Errorf("after a rest: %v", err)
		}
	})
}

func TestPINsGuessedAtOnceAreNoMoreThanInTurn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		d := r.start(t)
		var tried atomic.Int32
		var all sync.WaitGroup
		for n := range 60 {
			all.Go(func() {
				_, err := r.Resume(t.Context(), d.ResumeCode, fmt.Sprintf("x%d", n), "10.0.0.1")
				if problem.Is(err, problem.Invalid) {
					tried.Add(1)
				}
			})
		}
		all.Wait()
		if n := tried.Load(); n < 1 || n > 5 {
			t.Errorf("of 60 PINs at once %d were tried, want at most 5", n)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestADraftWaitsThirtyDaysAfterTheLastAnswer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		d := r.start(t)
		r.pass(29 * 24 * time.Hour)
		if _, err := r.SavePage(t.Context(), d.ID, d.Secret, "for", url.Values{"for.kind": {"self"}, "kin": {"no"}}); err != nil {
			t.Fatal(err)
		}
		if _, err := r.AddPaper(t.Context(), d.ID, d.Secret, "other", photo(80, 60)); err != nil {
			t.Fatal(err)
		}
		r.pass(29 * 24 * time.Hour)
		if err := r.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Draft(t.Context(), d.ID, d.Secret); err != nil {
			t.Fatalf("29 days after the last answer: %v", err)
		}
		r.pass(2 * 24 * time.Hour)
		if _, err := r.Draft(t.Context(), d.ID, d.Secret); !problem.Is(err, problem.Gone) {
			t.Errorf("31 days after the last answer: %v, want Gone", err)
		}
		if err := r.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Draft(t.Context(), d.ID, d.Secret); !problem.Is(err, problem.Missing) {
			t.Errorf("after the sweep: %v, want Missing", err)
		}
		for _, table := range []string{"drafts", "draft_pages", "papers", "files", "file_chunks"} {
			var n int
			if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM `+table).Scan(&n); err != nil || n != 0 {
				t.Errorf("%s still has %d rows (%v)", table, n, err)
			}
		}
	})
}

func TestRowsComeOneByOneOrAllAtOnce(t *testing.T) {
	r := newRig(t, storetest.SQLite(t))
	d := r.start(t)
	keys, posted := applytest.Pages(example(1))
	for _, key := range keys[:slices.Index(keys, "members")] {
		if _, err := r.SavePage(t.Context(), d.ID, d.Secret, key, posted[key]); err != nil && key != "filler" {
			t.Fatal(key, err)
		}
	}
	row := func(n int, pairs ...string) url.Values {
		v := url.Values{}
		for i := 0; i+1 < len(pairs); i += 2 {
			v.Set(fmt.Sprintf("members.%s.%s", map[bool]string{true: "new", false: fmt.Sprint(n)}[n < 0], pairs[i]), pairs[i+1])
		}
		for name, v2 := range map[string]string{"health": "well", "work": "farm"} {
			v.Set(fmt.Sprintf("members.%s.%s", map[bool]string{true: "new", false: fmt.Sprint(n)}[n < 0], name), v2)
		}
		return v
	}
	save := func(page string, v url.Values) (apply.Draft, error) {
		return r.SavePage(t.Context(), d.ID, d.Secret, page, v)
	}
	child := applytest.ID(time.Date(2014, 3, 1, 0, 0, 0, 0, time.UTC), 7)

	v, err := save("members.new", row(-1, "name", "张小花", "relation", "child", "id", child[:17]))
	if fieldsOf(err)["members.new.id"] != "id.length" || v.On("members")[0].Field != "members.new.id" {
		t.Fatalf("a wrong new row: %v, %+v", err, v.Problems)
	}
	if _, err := save("members.new", row(-1, "name", "张小花", "relation", "child", "id", child)); err != nil {
		t.Fatalf("the same row put right: %v", err)
	}
	if _, err := save("members.new", row(-1, "name", "张小花", "relation", "child", "id", child)); err != nil {
		t.Fatalf("tapped twice: %v", err)
	}
	if _, err := save("members.new", row(-1, "name", "李兰", "relation", "spouse", "birth", "1973年5月2日")); err != nil {
		t.Fatal(err)
	}
	v, err = save("members.0", row(0, "name", "张小花", "relation", "grandchild", "id", child))
	if err != nil {
		t.Fatal(err)
	}
	page := v.Pages["members"].Values
	if page.Get("members.0.relation") != "grandchild" || page.Get("members.1.name") != "李兰" || page.Get("members.2.name") != "" {
		t.Errorf("members = %v", page)
	}
	if got := []bool{v.Persons[1].Minor, v.Persons[2].Minor}; !got[0] || got[1] || len(v.Persons) != 3 {
		t.Errorf("persons = %+v", v.Persons)
	}
	for _, bad := range []string{"members.9", "members.-1", "members.x", "members.01", "for.0", "applicant.new"} {
		if _, err := save(bad, row(0, "name", "甲乙")); !problem.Is(err, problem.Missing) {
			t.Errorf("SavePage(%s) = %v, want Missing", bad, err)
		}
	}
	many := url.Values{}
	for i := range 45 {
		many.Set(fmt.Sprintf("members.%d.name", i*2), "王"+string(rune('甲'+i)))
	}
	_, err = save("members", many)
	if fieldsOf(err)["members"] != "form.error.rows.many" {
		t.Errorf("45 members: %v", fieldsOf(err)["members"])
	}
	if n := len(mustDraft(t, r, d).Pages["members"].Values); n != 45 {
		t.Errorf("%d names kept, want 45", n)
	}
}

func TestRowsFollowTheirPersons(t *testing.T) {
	r := newRig(t, storetest.SQLite(t))
	d := r.start(t)
	a := example(1)
	v := r.fill(t, d, a)
	before := v.Pages["incomes"].Values
	if before.Get("incomes.3.who") != v.Persons[3].Key || before.Get("incomes.3.transfers") != "2160" {
		t.Fatalf("incomes = %v", before)
	}
	_, posted := applytest.Pages(a)
	members := url.Values{} // the child moves out, the parent's name is corrected
	for path, typed := range posted["members"] {
		switch {
		case strings.HasPrefix(path, "members.0."):
			members[path] = typed
		case strings.HasPrefix(path, "members.2."):
			members["members.1."+strings.TrimPrefix(path, "members.2.")] = typed
		}
	}
	if _, err := r.SavePage(t.Context(), d.ID, d.Secret, "members", members); err != nil {
		t.Fatal(err)
	}
	v = mustDraft(t, r, d)
	after := v.Pages["incomes"].Values
	if len(v.Persons) != 3 || after.Get("incomes.2.who") != v.Persons[2].Key || after.Get("incomes.2.transfers") != "2160" || after.Get("incomes.3.who") != "" {
		t.Errorf("after somebody left: %v", after)
	}
	members.Set("members.1.name", "更正名")
	if _, err := r.SavePage(t.Context(), d.ID, d.Secret, "members", members); err != nil {
		t.Fatal(err)
	}
	v = mustDraft(t, r, d)
	if got := v.Pages["incomes"].Values; got.Get("incomes.2.who") != "更正名" || got.Get("incomes.2.transfers") != "2160" {
		t.Errorf("after a name was corrected: %v", got)
	}
	if p := v.On("consent"); len(p) != 1 || p[0].Field != "consents.2.name" || p[0].Key != "form.error.signature" {
		t.Errorf("the signature of the old name: %+v", p)
	}
}
