package policy_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"mashang/aid/policy"
	"mashang/platform/audit"
	"mashang/platform/files"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/review"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func rural(t testing.TB, l *policy.Library) []policy.Standard {
	t.Helper()
	if err := l.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	return l.Shelf().Series(policy.Series{Programme: "dibao", Variant: "rural", Place: county})
}

func TestEnterEndsWhatHoldsAndStopsBeforeWhatFollows(t *testing.T) {
	had := []policy.Standard{row(t, "a", "rural", county, "700", "2026-01-01", ""), row(t, "c", "rural", county, "800", "2028-01-01", "")}
	got := policy.Enter(had[:1], row(t, "b", "rural", county, "750", "2027-01-01", ""))
	if len(got) != 2 || !got[0].To.Equal(day(t, "2026-12-31")) || !got[1].To.IsZero() {
		t.Errorf("Enter() = %+v", got)
	}
	got = policy.Enter([]policy.Standard{had[1]}, row(t, "b", "rural", county, "750", "2027-01-01", ""))
	if len(got) != 2 || got[0].ID != "b" || !got[0].To.Equal(day(t, "2027-12-31")) {
		t.Errorf("before a later one = %+v", got)
	}
	got = policy.Enter(had, row(t, "a", "rural", county, "710", "2026-01-01", "2027-12-31"))
	if len(got) != 2 || got[0].Cents != 71000 || !had[0].To.IsZero() {
		t.Errorf("a correction = %+v, from %+v", got, had)
	}
}

func TestASeriesIsProposedPublishedAndTurnedBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := filled(t, db)
		d := &review.Desk{DB: db, Audit: &audit.Log{DB: db, Now: l.Now}, Now: l.Now}
		d.Register(l.StandardKind())
		of := policy.Series{Programme: "dibao", Variant: "rural", Place: county}
		first := rural(t, l)
		next := policy.Enter(first, row(t, "c-rural-28", "rural", county, "760", "2028-01-01", ""))
		raw, err := json.Marshal(next)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.TrySeries(t.Context(), of, next); err != nil {
			t.Fatalf("TrySeries() = %v", err)
		}
		if len(rural(t, l)) != 2 {
			t.Fatal("trying wrote")
		}
		c, err := d.Propose(t.Context(), review.Change{Kind: policy.KindStandard, Object: of.Key(), Title: "x", After: raw, By: "editor"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Approve(t.Context(), c.ID, "editor"); !problem.Is(err, problem.Denied) {
			t.Errorf("approving one's own = %v", err)
		}
		if _, err := d.Approve(t.Context(), c.ID, "publisher"); err != nil {
			t.Fatal(err)
		}
		got := rural(t, l)
		if len(got) != 3 || !got[1].To.Equal(day(t, "2027-12-31")) || got[2].Cents != 76000 {
			t.Fatalf("published = %+v", got)
		}
		back, err := d.Revert(t.Context(), c.ID, "editor", "written wrongly")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Approve(t.Context(), back.ID, "publisher"); err != nil {
			t.Fatal(err)
		}
		if got := rural(t, l); len(got) != 2 || !got[1].To.IsZero() {
			t.Errorf("turned back = %+v", got)
		}
		// Overlaps, other series and unknown papers are refused when it is tried, in words.
		wrong := row(t, "x", "rural", county, "1", "2026-06-01", "2026-07-01")
		if err := l.TrySeries(t.Context(), of, append(rural(t, l), wrong)); !problem.Is(err, problem.Invalid) {
			t.Errorf("an overlap = %v", err)
		}
		wrong = row(t, "x", "rural", county, "1", "2030-06-01", "")
		wrong.Document = "nowhere"
		if err := l.TrySeries(t.Context(), of, []policy.Standard{wrong}); !problem.Is(err, problem.Invalid) {
			t.Errorf("an unknown document = %v", err)
		}
		if err := l.TrySeries(t.Context(), of, []policy.Standard{row(t, "x", "urban", county, "1", "2030-06-01", "")}); err == nil {
			t.Error("a row of another series was taken")
		}
		// Nor may a row bear the code of another series: that amount would vanish, and nobody who approves would see it.
		if err := l.TrySeries(t.Context(), policy.Series{Programme: "dibao", Variant: "new", Place: county}, []policy.Standard{row(t, got[0].ID, "new", county, "1", "2030-06-01", "")}); !problem.Is(err, problem.Conflict) {
			t.Errorf("the code of another series = %v", err)
		}
	})
}

const sheet = "编码,项目,档次,地区,金额,单位,起始日期,截止日期,依据文件\n" +
	"c-rural-26,dibao,rural,990121000000,712,元/人·月,2026-01-01,2026-12-31,county\n" +
	"c-rural-27,dibao,rural,990121000000,739,元/人·月,2027-01-01,,county\n" +
	"l-26,dibao,A,990121100000,100,元/人·月,2026-02-01,,county\n"

func TestAFileIsTriedBeforeItIsTakenInByAnother(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := filled(t, db)
		trial, err := l.Try(t.Context(), policy.FileStandards, "s.csv", []byte(sheet))
		if err != nil || trial.Rows != 3 || trial.New != 1 || len(trial.Faults) != 0 || trial.New+trial.Changed+trial.Same != 3 {
			t.Fatalf("Try() = %+v, %v", trial, err)
		}
		if got := rural(t, l); got[1].Cents != 73800 {
			t.Fatalf("trying wrote %+v", got)
		}
		if bad, err := l.Try(t.Context(), policy.FileStandards, "s.csv", []byte("项目,地区,金额,起始日期\nnobody,990121000000,1,2026-01-01\n")); err != nil || len(bad.Faults) == 0 || bad.Faults[0].Line != 2 {
			t.Errorf("Try(bad) = %+v, %v", bad, err)
		}

		keys, err := privacy.ParseKeys(privacy.NewKey())
		if err != nil {
			t.Fatal(err)
		}
		vault := &files.Vault{DB: db, Keys: keys, Now: l.Now}
		d := &review.Desk{DB: db, Audit: &audit.Log{DB: db, Now: l.Now}, Now: func() time.Time { return l.Now() }}
		d.Register(l.ImportKind(vault))
		err = db.Tx(t.Context(), func(q store.Queryer) error {
			return vault.Put(t.Context(), q, "f1", policy.BroughtOwner, "text/csv", strings.NewReader(sheet))
		})
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(policy.Brought{Kind: policy.FileStandards, Name: "s.csv", File: "f1", Rows: 3})
		if err != nil {
			t.Fatal(err)
		}
		c, err := d.Propose(t.Context(), review.Change{Kind: policy.KindImport, Object: "standards/f1", Title: "s.csv", After: raw, By: "editor"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Approve(t.Context(), c.ID, "publisher"); err != nil {
			t.Fatal(err)
		}
		if got := rural(t, l); got[1].Cents != 73900 {
			t.Errorf("taken in = %+v", got)
		}
		if _, err := vault.Stat(t.Context(), "f1"); !problem.Is(err, problem.Missing) {
			t.Errorf("the file is still there: %v", err)
		}
		if _, err := d.Revert(t.Context(), c.ID, "editor", ""); !problem.Is(err, problem.Invalid) {
			t.Errorf("a file turned back as a whole = %v", err)
		}
	})
}

// What another has published since a file was read must not be turned back by it.
func TestAFileIsNotTakenInOverWhatWasPublishedSince(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := filled(t, db)
		keys, err := privacy.ParseKeys(privacy.NewKey())
		if err != nil {
			t.Fatal(err)
		}
		vault := &files.Vault{DB: db, Keys: keys, Now: l.Now}
		d := &review.Desk{DB: db, Audit: &audit.Log{DB: db, Now: l.Now}, Now: l.Now}
		d.Register(l.ImportKind(vault))
		bring := func(file string) review.Change {
			t.Helper()
			trial, err := l.Try(t.Context(), policy.FileStandards, "s.csv", []byte(sheet))
			if err != nil || len(trial.Effects) == 0 || trial.Effects[0].Kind != policy.KindStandard || !strings.Contains(string(trial.Effects[0].Before), "73800") && trial.Effects[0].Title == "" {
				t.Fatalf("Try() = %+v, %v", trial, err)
			}
			if err := vault.Put(t.Context(), db, file, policy.BroughtOwner, "text/csv", strings.NewReader(sheet)); err != nil {
				t.Fatal(err)
			}
			raw, err := json.Marshal(policy.Brought{Kind: policy.FileStandards, Name: "s.csv", File: file, Ground: policy.Ground(trial.Effects)})
			if err != nil {
				t.Fatal(err)
			}
			c, err := d.Propose(t.Context(), review.Change{Kind: policy.KindImport, Object: "standards/" + file, Title: "s.csv", After: raw, By: "editor"})
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		c := bring("f1")
		corrected := row(t, "c-rural-27", "rural", county, "745", "2027-01-01", "")
		if err := l.PutStandards(t.Context(), db, []policy.Standard{corrected}); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Approve(t.Context(), c.ID, "publisher"); !problem.Is(err, problem.Conflict) {
			t.Errorf("taken in over a correction = %v", err)
		}
		if got := rural(t, l); got[1].Cents != 74500 {
			t.Errorf("the correction is %+v", got[1])
		}
		if _, err := d.Approve(t.Context(), bring("f2").ID, "publisher"); err != nil {
			t.Errorf("read again: %v", err)
		}
	})
}
