package edit_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/aid/policy/edit"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/review"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func TestADraftIsCheckedLikeAnImportAndNamesTheField(t *testing.T) {
	s := open(t, storetest.SQLite(t))
	s.fill(t)
	long := strings.Repeat("长", 9000)
	who := func(p *policy.Programme, change func(*policy.Section)) { change(&p.Sections[0]) }
	programme := func(change func(*policy.Programme)) any {
		p, _ := s.Library.Shelf().Programme("dibao")
		p.Sections, p.Deadlines = slices.Clone(p.Sections), slices.Clone(p.Deadlines)
		p.Sections[0].Cites = slices.Clone(p.Sections[0].Cites)
		change(&p)
		return p
	}
	document := func(change func(*policy.Document)) any {
		d, _ := s.Library.Shelf().Document("law")
		d.Articles = slices.Clone(d.Articles)
		change(&d)
		return d
	}
	for _, tt := range []struct {
		name  string
		v     any
		field string // "" nothing is wrong
		key   string
	}{
		{"as it stands", programme(func(*policy.Programme) {}), "", ""},
		{"an unknown document", programme(func(p *policy.Programme) { p.Legal = []policy.Cite{{Document: "law"}, {Document: "none"}} }), "legal.1", "policy.cite.document"},
		{"an unknown article", programme(func(p *policy.Programme) { who(p, func(s *policy.Section) { s.Cites[0].Article = "99" }) }), "sections.who.cites.0", "policy.cite.article"},
		{"an expired document", programme(func(p *policy.Programme) {
			who(p, func(s *policy.Section) { s.Cites[0] = policy.Cite{Document: "old", Article: "1"} })
		}), "sections.who.cites.0", "policy.cite.force"},
		{"a quote that is not there", programme(func(p *policy.Programme) { who(p, func(s *policy.Section) { s.Cites[0].Quote = "收入高的家庭" }) }), "sections.who.cites.0", "policy.cite.quote"},
		{"a wrong unit", programme(func(p *policy.Programme) { p.Deadlines[0].Unit = "fortnight" }), "deadlines.decision.days", "policy.import.deadline"},
		{"no number", programme(func(p *policy.Programme) { p.Deadlines[0].Days = 0 }), "deadlines.decision.days", "policy.import.deadline"},
		{"an unknown department", programme(func(p *policy.Programme) { p.Department = "none" }), "department", "policy.import.department"},
		{"an unknown situation", programme(func(p *policy.Programme) { p.Situations = []string{"none"} }), "situations", "policy.import.situation"},
		{"an unknown way", programme(func(p *policy.Programme) { p.Apply = "fax" }), "apply", "policy.import.apply"},
		{"no name", programme(func(p *policy.Programme) { p.Name = i18n.Text{} }), "name", "policy.import.name"},
		{"a text too long", programme(func(p *policy.Programme) { who(p, func(s *policy.Section) { s.Text.Hant = long }) }), "sections.who.text.zh-Hant", "policy.import.long"},
		{"a tag", programme(func(p *policy.Programme) { who(p, func(s *policy.Section) { s.Text.En = "see <b>here</b>" }) }), "sections.who.text.en", "policy.import.markup"},
		{"a comparison is no tag", programme(func(p *policy.Programme) { who(p, func(s *policy.Section) { s.Text.En = "income < 700 and > 0" }) }), "", ""},
		{"an article twice", document(func(d *policy.Document) { d.Articles[1].No = "9" }), "articles.9", "policy.import.articles"},
		{"an empty article", document(func(d *policy.Document) { d.Articles[1].Text = " " }), "articles.10", "policy.import.article"},
		{"an unknown place", document(func(d *policy.Document) { d.Place = "990000000000" }), "place", "policy.import.place"},
		{"a wrong state", document(func(d *policy.Document) { d.State = "perhaps" }), "state", "policy.import.state"},
		{"an end before the begin", document(func(d *policy.Document) { d.To = day(t, "2020-01-01") }), "effective_to", "policy.import.days"},
		{"it replaces itself", document(func(d *policy.Document) { d.Replaces = []string{"law"} }), "replaces", "policy.import.circle"},
		{"it is replaced by what it replaces", policy.Document{ID: "old", Title: "旧办法", State: policy.Expired, Replaces: []string{"law"}, Articles: []policy.Article{{No: "1", Text: "旧的。"}}}, "replaces", "policy.import.circle"},
		{"an answer without one", policy.Entry{ID: "f2", Questions: []i18n.Text{hans("问")}}, "answer", "policy.import.entry"},
		{"an answer about nothing there is", policy.Entry{ID: "f2", Programme: "none", Questions: []i18n.Text{hans("问")}, Answer: hans("答")}, "programme", "policy.import.programme"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			faults, err := s.Library.Check(t.Context(), s.DB, tt.v, now)
			if err != nil {
				t.Fatal(err)
			}
			if tt.field == "" {
				if len(faults) > 0 {
					t.Errorf("refused: %v", faults)
				}
				return
			}
			if len(faults) != 1 || faults[0].Field != tt.field || faults[0].Key != tt.key {
				t.Errorf("= %+v, want %s at %s", faults, tt.key, tt.field)
			}
		})
	}
}

func TestADraftIsProposedPublishedAndTurnedBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := open(t, db), t.Context()
		s.fill(t)
		text := func() string {
			p, _ := s.Library.Shelf().Programme("dibao")
			return edit.Section(p, "who").Text.Hans
		}
		before := text()
		d, err := s.save(t, "dibao", "who", "ann", func(p *policy.Programme) {
			p.Sections[0].Text = hans("新的话。")
			p.Sections[0].Cites[0].Quote = "不在那里"
		})
		if err != nil || d.Version != 1 || d.BegunBy != "ann" {
			t.Fatalf("saved = %+v, %v", d, err)
		}
		var faults place.Faults
		if _, err := s.Propose(ctx, edit.Programme, "dibao", d.Version, "ann", "why", time.Time{}); !errors.As(err, &faults) || faults[0].Field != "sections.who.cites.0" {
			t.Fatalf("what is wrong is proposed: %v", err)
		}
		if d, err = s.save(t, "dibao", "who", "bob", func(p *policy.Programme) { p.Sections[0].Cites[0].Quote = "收入低的家庭" }); err != nil || d.SavedBy != "bob" || d.BegunBy != "ann" {
			t.Fatalf("saved again = %+v, %v", d, err)
		}
		// The draft is there after a restart, and nobody else sees it.
		again := open(t, db)
		if kept, err := again.Open(ctx, edit.Programme, "dibao"); err != nil || kept.Version != 2 || string(kept.Body) != string(d.Body) || text() != before {
			t.Fatalf("after a restart: %+v, %v", kept, err)
		}
		if _, err := s.Propose(ctx, edit.Programme, "dibao", 1, "ann", "why", time.Time{}); !problem.Is(err, problem.Conflict) {
			t.Fatalf("an older state is proposed: %v", err)
		}
		one, err := s.Propose(ctx, edit.Programme, "dibao", d.Version, "bob", "why", time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		if kept, err := s.Open(ctx, edit.Programme, "dibao"); err != nil || kept.Version != 0 {
			t.Fatalf("a proposed draft stays: %+v, %v", kept, err)
		}
		if _, err := s.Review.Approve(ctx, one.ID, "bob"); !problem.Is(err, problem.Denied) {
			t.Fatalf("bob approves his own: %v", err)
		}
		if _, err := s.Review.Approve(ctx, one.ID, "cat"); err != nil || text() != "新的话。" {
			t.Fatalf("published: %q, %v", text(), err)
		}
		back, err := s.Review.Revert(ctx, one.ID, "ann", "no")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Review.Approve(ctx, back.ID, "cat"); err != nil || text() != before {
			t.Fatalf("turned back: %q, %v", text(), err)
		}
		// Any version can be taken as a draft again, but not over another draft.
		taken, err := s.Take(ctx, one.ID, false, "ann")
		if err != nil || !strings.Contains(string(taken.Body), "新的话。") {
			t.Fatalf("taken = %s, %v", taken.Body, err)
		}
		if _, err := s.Take(ctx, one.ID, true, "bob"); !problem.Is(err, problem.Conflict) {
			t.Fatalf("taken over a draft: %v", err)
		}
	})
}

// What was right when it was proposed is checked again when it is published.
func TestWhatLostItsGroundIsNotPublished(t *testing.T) {
	s, ctx := open(t, storetest.SQLite(t)), t.Context()
	s.fill(t)
	d, err := s.save(t, "dibao", "legal", "ann", func(p *policy.Programme) { p.Legal = []policy.Cite{{Document: "law", Article: "10"}} })
	if err != nil {
		t.Fatal(err)
	}
	one, err := s.Propose(ctx, edit.Programme, "dibao", d.Version, "ann", "why", time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	law, _ := s.Library.Shelf().Document("law")
	law.Articles = law.Articles[:1]
	if loose := s.Library.Shelf().Loosens(law, now); len(loose) != 0 {
		t.Errorf("nothing published rests on article 10: %v", loose)
	}
	gone := law
	gone.Articles = []policy.Article{{No: "1", Text: "空。"}}
	if loose := s.Library.Shelf().Loosens(gone, now); len(loose) != 2 || loose[0].Item != "dibao" || loose[1].Item != "f1" {
		t.Errorf("loosened = %v", loose)
	}
	if err := s.DB.Tx(ctx, func(q store.Queryer) error { return s.Library.PutDocuments(ctx, q, []policy.Document{law}) }); err != nil {
		t.Fatal(err)
	}
	var told *problem.Error
	if _, err := s.Review.Approve(ctx, one.ID, "cat"); !errors.As(err, &told) || told.Key != "policy.cite.article" {
		t.Errorf("published on an article that is gone: %v", err)
	}
}

func TestTwoEditorsDoNotOverwriteEachOther(t *testing.T) {
	s, ctx := open(t, storetest.SQLite(t)), t.Context()
	s.fill(t)
	d, err := s.Open(ctx, edit.Programme, "dibao")
	if err != nil {
		t.Fatal(err)
	}
	v, _ := d.Value()
	who, how := edit.Mark(v, "who"), edit.Mark(v, "how")
	set := func(part, seen, by, text string) error {
		_, err := s.Save(ctx, edit.Programme, "dibao", part, seen, by, func(v any) (any, error) {
			p := v.(policy.Programme)
			section := edit.Section(p, part)
			section.Text = hans(text)
			return edit.SetSection(p, section), nil
		})
		return err
	}
	if err := set("who", who, "ann", "安写的"); err != nil {
		t.Fatal(err)
	}
	if err := set("how", how, "bob", "另一部分"); err != nil {
		t.Errorf("another part is no conflict: %v", err)
	}
	var clash *edit.Clash
	if err := set("who", who, "bob", "鲍写的"); !errors.As(err, &clash) || clash.Draft.SavedBy != "bob" || !strings.Contains(string(clash.Draft.Body), "安写的") {
		t.Fatalf("overwritten: %v", err)
	}
	now, _ := clash.Draft.Value()
	if err := set("who", edit.Mark(now, "who"), "bob", "两人的"); err != nil {
		t.Errorf("having looked = %v", err)
	}
	if err := s.Discard(ctx, edit.Programme, "dibao", 1); !problem.Is(err, problem.Conflict) {
		t.Errorf("an older state is discarded: %v", err)
	}
}

func TestADraftOnAnOutdatedBaseSaysSoAndIsRenewed(t *testing.T) {
	s, ctx := open(t, storetest.SQLite(t)), t.Context()
	s.fill(t)
	d, err := s.save(t, "dibao", "who", "ann", func(p *policy.Programme) { p.Sections[0].Text = hans("安写的。"); p.Order = 7 })
	if err != nil {
		t.Fatal(err)
	}
	published, _ := s.Library.Shelf().Programme("dibao")
	published.Sections = slices.Clone(published.Sections)
	published.Sections[1].Text, published.Alias, published.Order = hans("去县里。"), hans("吃低保"), 9
	if err := s.DB.Tx(ctx, func(q store.Queryer) error {
		return s.Library.PutProgrammes(ctx, q, []policy.Programme{published})
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Library.Reload(ctx); err != nil {
		t.Fatal(err)
	}
	if old, err := s.Outdated(ctx, d); err != nil || !old {
		t.Fatalf("outdated = %v, %v", old, err)
	}
	if _, err := s.Propose(ctx, edit.Programme, "dibao", d.Version, "ann", "why", time.Time{}); !problem.Is(err, problem.Conflict) {
		t.Fatalf("proposed on what no longer stands: %v", err)
	}
	both, err := s.Renew(ctx, edit.Programme, "dibao", d.Version, "ann")
	if err != nil || !slices.Equal(both, []string{"order"}) {
		t.Fatalf("both = %v, %v", both, err)
	}
	d, _ = s.Open(ctx, edit.Programme, "dibao")
	v, _ := d.Value()
	p := v.(policy.Programme)
	if edit.Section(p, "who").Text.Hans != "安写的。" || edit.Section(p, "how").Text.Hans != "去县里。" || p.Alias.Hans != "吃低保" || p.Order != 7 || p.Sections[0].Key != "who" {
		t.Errorf("renewed = %+v", p)
	}
	if _, err := s.Propose(ctx, edit.Programme, "dibao", d.Version, "ann", "why", time.Time{}); err != nil {
		t.Errorf("renewed, it is not proposed: %v", err)
	}
}

func TestARetiredProgrammeLeavesEveryListAndKeepsItsCases(t *testing.T) {
	s, ctx := open(t, storetest.SQLite(t)), t.Context()
	s.fill(t)
	for _, kind := range []string{edit.Programme, edit.Document} {
		if _, err := s.Remove(ctx, kind, map[string]string{edit.Programme: "dibao", edit.Document: "law"}[kind], "ann", ""); !problem.Is(err, problem.Conflict) {
			t.Errorf("a %s is removed: %v", kind, err)
		}
	}
	one, err := s.Remove(ctx, edit.Department, "minzheng", "ann", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Review.Approve(ctx, one.ID, "cat"); !problem.Is(err, problem.Invalid) {
		t.Errorf("a department with programmes is removed: %v", err)
	}
	flip := func(v any) any { p := v.(policy.Programme); p.Retired = !p.Retired; return p }
	one, err = s.Alter(ctx, edit.Programme, "dibao", "ann", "", flip)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Review.Approve(ctx, one.ID, "cat"); err != nil {
		t.Fatal(err)
	}
	shelf := s.Library.Shelf()
	if _, ok := shelf.Programme("dibao"); ok || len(shelf.Programmes()) != 0 || len(shelf.Entries()) != 0 {
		t.Error("a retired programme is still offered, or answered about")
	}
	if p, ok := shelf.Ever("dibao"); !ok || p.Name.Hans != "低保" || len(shelf.Retired()) != 1 {
		t.Error("what was filed under it has lost its name")
	}
	if days, _, _, ok := shelf.Clock("dibao"); !ok || days != 30 {
		t.Error("what was filed under it has lost its deadline")
	}
	if files, err := shelf.Export(policy.FileProgrammes); err != nil || len(files) != 3 {
		t.Errorf("the export has lost it: %d files, %v", len(files), err)
	}
	if stale, err := s.Library.Stale(ctx); err != nil || len(stale) != 0 {
		t.Errorf("stale = %v, %v", stale, err)
	}
	back, err := s.Alter(ctx, edit.Programme, "dibao", "ann", "", flip)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Review.Approve(ctx, back.ID, "cat"); err != nil || len(s.Library.Shelf().Programmes()) != 1 || len(s.Library.Shelf().Entries()) != 1 {
		t.Errorf("offered again: %v", err)
	}
}

func TestTheFirstOfAKindNeedsNoSecondPersonAndTheNextDoes(t *testing.T) {
	s, ctx := open(t, storetest.SQLite(t)), t.Context()
	first := func(v any, kind, id string) review.Change {
		t.Helper()
		d, err := s.Begin(ctx, v, "ann")
		if err != nil {
			t.Fatal(err)
		}
		one, err := s.Propose(ctx, kind, id, d.Version, "ann", "why", time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		return one
	}
	if one := first(policy.Department{ID: "minzheng", Name: hans("民政局")}, edit.Department, "minzheng"); one.ID != "" {
		t.Error("the first department waits")
	}
	if one := first(policy.Programme{ID: "dibao", Name: hans("低保"), Department: "minzheng", Apply: "office"}, edit.Programme, "dibao"); one.ID != "" || len(s.Library.Shelf().Programmes()) != 1 {
		t.Error("the first programme waits")
	}
	if one := first(policy.Programme{ID: "tekun", Name: hans("特困"), Department: "minzheng", Apply: "office"}, edit.Programme, "tekun"); one.ID == "" || len(s.Library.Shelf().Programmes()) != 1 {
		t.Error("the second programme does not wait")
	}
	var told *problem.Error
	if _, err := s.Begin(ctx, policy.Programme{ID: "dibao", Name: hans("又一个")}, "ann"); !errors.As(err, &told) || told.Fields["id"] != "edit.id.taken" {
		t.Errorf("a duplicate id = %v", err)
	}
	if _, err := s.Begin(ctx, policy.Entry{ID: "f1", Questions: []i18n.Text{hans("问")}}, "ann"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Begin(ctx, policy.Entry{ID: "f1", Questions: []i18n.Text{hans("问")}}, "bob"); !errors.As(err, &told) || told.Fields["id"] != "edit.id.draft" {
		t.Errorf("a duplicate draft = %v", err)
	}
}
