package check_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/faq"
	"mashang/faq/check"
	"mashang/i18n"
	"mashang/platform/kv"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

func noon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, i18n.Shanghai) }

// places are one with the county's standards, one with its zone's own, and one with none.
var places = []string{"990121100201", "990121400000", "990121102000"}

// county is an assistant over the sample county with a checker of it.
func county(t testing.TB) (*faq.Assistant, *check.Checker) {
	t.Helper()
	ctx, db, state := context.Background(), storetest.SQLite(t), kv.NewMemory(noon)
	gazetteer, err := place.NewGazetteer(ctx, db, state)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(gazetteer.Close)
	library, err := policy.NewLibrary(ctx, db, state, noon)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(library.Close)
	if err := sample.Load(ctx, sample.Parts{DB: db, Places: gazetteer, Library: library, Now: noon}); err != nil {
		t.Fatal(err)
	}
	words, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	a, err := faq.NewAssistant(ctx, faq.Parts{Library: library, Places: gazetteer, KV: state, Catalog: words, Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a, &check.Checker{Shelf: library.Shelf(), Atlas: gazetteer.Atlas(), Catalog: words, Now: noon()}
}

// answer asks and says where the answer is for.
func answer(t testing.TB, a *faq.Assistant, q faq.Question) (r faq.Reply, division string, lang i18n.Lang) {
	t.Helper()
	r, err := a.Ask(context.Background(), q)
	if err != nil {
		t.Fatalf("%q: %v", q.Text, err)
	}
	return r, r.Division, r.Lang
}

// sweep checks every n-th question and says what was found.
func sweep(t *testing.T, every int) {
	a, c := county(t)
	sayings, err := faq.SeedSayings()
	if err != nil {
		t.Fatal(err)
	}
	all := check.Questions(a.Library.Shelf(), sayings, places)
	outcomes, unfounded, figures := map[faq.Outcome]int{}, map[string][]string{}, 0
	asked := 0
	for i := 0; i < len(all); i += every {
		r, division, lang := answer(t, a, all[i])
		outcomes[r.Outcome]++
		asked++
		figures += len(check.Figures(r.Text)) + len(r.Amounts) + len(r.Citations)
		for _, f := range c.Check(division, lang, r) {
			t.Errorf("%q at %s: %s", all[i].Text, all[i].Place, f)
		}
		for _, f := range c.Unfounded(division, r) {
			unfounded[r.Shown+" "+string(lang)] = append(unfounded[r.Shown+" "+string(lang)], f)
		}
	}
	for where, f := range unfounded {
		t.Errorf("%s says %v, which stands in no document and no standard in force there", where, f[0])
	}
	t.Logf("%d of %d questions asked, %d figures, amounts and citations checked, outcomes %v", asked, len(all), figures, outcomes)
}

func TestEveryFigureShownIsStored(t *testing.T) { sweep(t, 131) }

// An answer with one digit changed is caught, wherever it stands.
func TestAChangedDigitIsCaught(t *testing.T) {
	a, c := county(t)
	sayings, err := faq.SeedSayings()
	if err != nil {
		t.Fatal(err)
	}
	tried, missed := 0, 0
	all := check.Questions(a.Library.Shelf(), sayings, places)
	for i := 0; i < len(all); i += 331 {
		r, division, lang := answer(t, a, all[i])
		for _, spoil := range []func(faq.Reply) (faq.Reply, bool){
			func(r faq.Reply) (faq.Reply, bool) { s, ok := bump(r.Text); r.Text = s; return r, ok },
			func(r faq.Reply) (faq.Reply, bool) {
				if len(r.Citations) == 0 {
					return r, false
				}
				r.Citations = append([]faq.Citation{}, r.Citations...)
				s, ok := bump(r.Citations[0].Quote)
				r.Citations[0].Quote = s
				return r, ok
			},
			func(r faq.Reply) (faq.Reply, bool) {
				if len(r.Amounts) == 0 {
					return r, false
				}
				r.Amounts = append([]faq.Amount{}, r.Amounts...)
				s, ok := bump(r.Amounts[0].Amount)
				r.Amounts[0].Amount = s
				return r, ok
			},
			func(r faq.Reply) (faq.Reply, bool) { s, ok := bump(r.Contact.Phone); r.Contact.Phone = s; return r, ok },
			func(r faq.Reply) (faq.Reply, bool) {
				if len(r.Amounts) == 0 {
					return r, false
				}
				r.Amounts = append([]faq.Amount{}, r.Amounts...)
				r.Amounts[0].EffectiveFrom = "2026-02-01"
				return r, true
			},
		} {
			bad, ok := spoil(r)
			if !ok {
				continue
			}
			tried++
			if len(c.Check(division, lang, bad)) == 0 {
				missed++
				t.Logf("%q at %s: not caught: %s", all[i].Text, all[i].Place, bad.Text)
			}
		}
	}
	if tried < 100 || missed > tried/100 {
		t.Errorf("%d of %d spoiled replies were not caught", missed, tried)
	}
}

// bump changes the first digit it finds that no other mark of a list or a date begins with.
func bump(s string) (string, bool) {
	i := strings.IndexAny(s, "0123456789")
	if i < 0 {
		return s, false
	}
	return s[:i] + string('0'+(s[i]-'0'+1)%10) + s[i+1:], true
}
