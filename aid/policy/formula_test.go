package policy_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func TestAFormulaIsAppliedAsTheDocumentSays(t *testing.T) {
	for _, tt := range []struct {
		base         string
		times, round string
		want         string // "" no factor
	}{
		{"712", "1.5", "", "1068.00"},
		{"712", "1.3", "", "925.60"},
		{"712", "1.3", policy.RoundYuan, "926.00"},
		{"712", "1.3", policy.RoundUp, "926.00"},
		{"712", "1.3", policy.RoundDown, "925.00"},
		{"712", "1.3", policy.RoundTen, "930.00"},
		{"738", "1.3", policy.RoundYuan, "959.00"},
		{"738", "1.3", policy.RoundUp, "960.00"},
		{"712", "2", policy.RoundUp, "1424.00"},
		{"0.01", "0.5", "", "0.01"},
		{"100000000", "1000", policy.RoundUp, "100000000000.00"},
		{"712", "0", "", ""}, {"712", "-1", "", ""}, {"712", "1,5", "", ""}, {"712", "1.", "", ""}, {"712", ".5", "", ""}, {"712", "1e3", "", ""}, {"712", "1000.0001", "", ""}, {"712", "1.00001", "", ""},
	} {
		cents, err := policy.ParseYuan(tt.base)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := policy.Formula{Times: tt.times, Round: tt.round}.Apply(cents)
		if ok != (tt.want != "") || ok && policy.Yuan(got) != tt.want {
			t.Errorf("%s × %s %s = %s, %v, want %s", tt.base, tt.times, tt.round, policy.Yuan(got), ok, tt.want)
		}
	}
}

// computed is a standard that is a multiple of another.
func computed(t testing.TB, id, variant, where, of, times, from, to string) policy.Standard {
	s := row(t, id, variant, where, "0", from, to)
	s.Formula = policy.Formula{Times: times}
	s.Formula.Programme, s.Formula.Variant, _ = strings.Cut(of, "/")
	return s
}

func putStandards(t testing.TB, l *policy.Library, db *store.DB, rows ...policy.Standard) error {
	t.Helper()
	err := db.Tx(t.Context(), func(q store.Queryer) error { return l.PutStandards(t.Context(), q, rows) })
	if err == nil {
		err = l.Reload(t.Context())
	}
	return err
}

// 1.5 times what holds at the place on the day, with both documents, and from when both hold.
func TestAComputedStandardFollowsItsBase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := filled(t, db)
		if err := putStandards(t, l, db, computed(t, "line", "line", county, "dibao/rural", "1.5", "2026-03-01", ""), computed(t, "far", "far", county, "dibao/line", "2", "2026-01-01", "2027-06-30")); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			name        string
			chain       []string
			at, variant string
			amount      string // "" none, "-" nothing at all
			place       string
			base        string
			from, to    string
		}{
			{"the county", []string{liuhe, county}, "2026-11-21", "line", "1068.00", county, "712.00", "2026-03-01", "2026-12-31"},
			{"the county's base of next year", []string{liuhe, county}, "2027-01-01", "line", "1107.00", county, "738.00", "2027-01-01", ""},
			{"a place with a base of its own", []string{beiyuan, zone, county}, "2026-11-21", "line", "1134.00", zone, "756.00", "2026-03-01", ""},
			{"a place where nothing is set", []string{shimen, county}, "2026-11-21", "line", "-", "", "", "", ""},
			{"a day before the formula", []string{liuhe, county}, "2026-02-28", "line", "-", "", "", "", ""},
			{"a formula on a formula", []string{liuhe, county}, "2026-11-21", "far", "2136.00", county, "1068.00", "2026-03-01", "2026-12-31"},
			{"a formula whose base has none yet", []string{liuhe, county}, "2026-02-01", "far", "", county, "", "", ""},
		} {
			t.Run(tt.name, func(t *testing.T) {
				all := l.Shelf().Standards(tt.chain, "dibao", day(t, tt.at).Add(time.Hour))
				i := slices.IndexFunc(all, func(a policy.Amount) bool { return a.Variant == tt.variant })
				switch {
				case tt.amount == "-" && i < 0:
					return
				case i < 0 || tt.amount == "-":
					t.Fatalf("found %d among %+v", i, all)
				case tt.amount == "":
					if !all[i].None || all[i].Cents != 0 {
						t.Errorf("got %+v, want none", all[i])
					}
					return
				}
				got := all[i]
				if policy.Yuan(got.Cents) != tt.amount || got.None || got.Place != tt.place || got.Base == nil || policy.Yuan(got.Base.Cents) != tt.base || got.Base.Document != "county" ||
					place.FormatDay(got.From) != tt.from || place.FormatDay(got.To) != tt.to {
					t.Errorf("got %s at %s from %s to %s on %+v", policy.Yuan(got.Cents), got.Place, place.FormatDay(got.From), place.FormatDay(got.To), got.Base)
				}
			})
		}
	})
}

// Every column goes out and comes back, in a table and in JSON.
func TestComputedStandardsGoOutAndComeBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := filled(t, db)
		line := computed(t, "line", "line", county, "dibao/rural", "1.5", "2026-03-01", "")
		line.Formula.Round = policy.RoundUp
		if err := putStandards(t, l, db, line); err != nil {
			t.Fatal(err)
		}
		before := slices.Clone(l.Shelf().Rows())
		csv := strings.Join(policy.StandardTemplate(), ",") + "\n"
		for _, s := range before {
			csv += strings.Join(policy.StandardLine(s), ",") + "\n"
		}
		r, err := l.ImportStandards(t.Context(), "a.csv", strings.NewReader(csv), false)
		if err != nil || !r.Written {
			t.Fatalf("ImportStandards = %+v, %v", r, err)
		}
		if got := l.Shelf().Rows(); !slices.Equal(got, before) {
			t.Errorf("the table came back as\n%+v\nwant\n%+v", got, before)
		}
		files, err := l.Shelf().Export(policy.FileStandards)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(files[0].Content), `"formula": {`) {
			t.Errorf("no formula in %s", files[0].Content)
		}
		if r, err := l.ImportStandards(t.Context(), "a.json", strings.NewReader(string(files[0].Content)), false); err != nil || !r.Written || !slices.Equal(l.Shelf().Rows(), before) {
			t.Errorf("JSON came back as %+v, %v", r, err)
		}
	})
}

// What is wrong with a table is told by line and reason, and what stands stays.
func TestWrongStandardsAreRefusedByLineAndReason(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := filled(t, db)
		if err := putStandards(t, l, db, computed(t, "line", "line", county, "dibao/rural", "1.5", "2026-03-01", "")); err != nil {
			t.Fatal(err)
		}
		before, version := slices.Clone(l.Shelf().Rows()), l.Shelf().Version()
		const head = "id,programme,variant,place,amount,unit,unit_text,from,to,document,formula_of,formula_times,formula_round\n"
		good := "ok,dibao,fine," + county + ",10,yuan_once,元,2026-01-01,,county,,,\n"
		for _, tt := range []struct{ name, line, want string }{
			{"goes round in two", "c-urban-26,dibao,urban," + county + ",,yuan_person_month,元/人·月,2026-01-01,,county,dibao/line,1.2,\n", ""},
			{"goes round", "c-rural-26,dibao,rural," + county + ",,yuan_person_month,元/人·月,2026-01-01,2026-12-31,county,dibao/line,1.2,\n", "policy.formula.circle"},
			{"rests on itself", "x,dibao,self," + county + ",,yuan_once,元,2026-01-01,,county,dibao/self,2,\n", "policy.formula.circle"},
			{"unknown base", "x,dibao,x," + county + ",,yuan_once,元,2026-01-01,,county,tekun/rural,2,\n", "policy.formula.base"},
			{"no factor", "x,dibao,x," + county + ",,yuan_once,元,2026-01-01,,county,dibao/rural,,\n", "policy.formula.times"},
			{"a factor in words", "x,dibao,x," + county + ",,yuan_once,元,2026-01-01,,county,dibao/rural,一倍半,\n", "policy.formula.times"},
			{"unknown rounding", "x,dibao,x," + county + ",,yuan_once,元,2026-01-01,,county,dibao/rural,2,nearest\n", "policy.formula.round"},
			{"an amount beside the formula", "x,dibao,x," + county + ",10,yuan_once,元,2026-01-01,,county,dibao/rural,2,\n", "policy.formula.amount"},
			{"a share of money", "x,dibao,x," + county + ",,percent,%,2026-01-01,,county,dibao/rural,2,\n", "policy.formula.unit"},
			{"a unit nobody knows", "x,dibao,x," + county + ",10,yuan_person_weekly,元,2026-01-01,,county,,,\n", "policy.import.unitcode"},
			{"no unit", "x,dibao,x," + county + ",10,,,2026-01-01,,county,,,\n", "policy.import.unit"},
			{"overlapping periods", "x,dibao,rural," + county + ",10,yuan_once,元,2026-06-01,2026-06-30,county,,,\n", "policy.import.overlap"},
			{"a place nobody knows", "x,dibao,x,330000000000,10,yuan_once,元,2026-01-01,,county,,,\n", "policy.import.place"},
			{"days the wrong way round", "x,dibao,x," + county + ",10,yuan_once,元,2026-02-01,2026-01-01,county,,,\n", "policy.import.days"},
		} {
			t.Run(tt.name, func(t *testing.T) {
				r, err := l.ImportStandards(t.Context(), "a.csv", strings.NewReader(head+good+tt.line), tt.want == "")
				var p *problem.Error
				if err != nil && !errors.As(err, &p) {
					t.Fatal(err)
				}
				if tt.want == "" {
					if len(r.Faults) > 0 {
						t.Errorf("refused: %+v", r.Faults)
					}
					return
				}
				if r.Written || len(r.Faults) != 1 || r.Faults[0].Key != tt.want || r.Faults[0].Line != 3 {
					t.Errorf("%+v, want line 3 %s", r, tt.want)
				}
			})
		}
		if got := l.Shelf().Rows(); !slices.Equal(got, before) || l.Shelf().Version() != version {
			t.Errorf("a refused table changed what stands")
		}
	})
}

// A file may have thousands of formulas that rest on one another: each is read once, not once for each other, and of many
// circles enough are told.
func TestALongFileOfFormulasIsReadInOneGo(t *testing.T) {
	l := filled(t, storetest.SQLite(t))
	const many = 6000
	file := func(first string) string {
		var b strings.Builder
		b.WriteString("id,programme,variant,place,amount,unit,unit_text,from,to,document,formula_of,formula_times,formula_round\n")
		of := first
		for i := range many {
			fmt.Fprintf(&b, "x%d,dibao,v%d,%s,,yuan_once,元,2026-01-01,,county,dibao/%s,1.5,\n", i, i, county, of)
			of = fmt.Sprintf("v%d", i)
		}
		return b.String()
	}
	if r, err := l.ImportStandards(t.Context(), "a.csv", strings.NewReader(file("rural")), true); err != nil || r.Rows != many || len(r.Faults) != 0 {
		t.Errorf("a long chain: %d rows, %v, %v", r.Rows, r.Faults, err)
	}
	r, err := l.ImportStandards(t.Context(), "a.csv", strings.NewReader(file(fmt.Sprintf("v%d", many-1))), true)
	if err != nil || len(r.Faults) == 0 || len(r.Faults) > 20 || r.Faults[0].Key != "policy.formula.circle" {
		t.Errorf("a long circle: %d faults, %v", len(r.Faults), err)
	}
}
