package screen_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/aid/policy"
	"mashang/aid/policy/screen"
	"mashang/i18n"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// shop is a library with one programme, a law in force and one that is not.
func shop(t testing.TB, db *store.DB) *policy.Library {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, i18n.Shanghai) }
	l, err := policy.NewLibrary(t.Context(), db, nil, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	name := i18n.Text{Hans: "名"}
	err = db.Tx(t.Context(), func(q store.Queryer) error {
		return errors.Join(
			l.PutDocuments(t.Context(), q, []policy.Document{
				{ID: "law", Title: "法", State: policy.InForce, Articles: []policy.Article{{No: "9", Label: "第九条", Text: "九。"}}},
				{ID: "old", Title: "旧法", State: policy.Expired, Articles: []policy.Article{{No: "1", Label: "第一条", Text: "一。"}}}}),
			l.PutDepartments(t.Context(), q, []policy.Department{{ID: "minzheng", Name: name}}),
			l.PutProgrammes(t.Context(), q, []policy.Programme{{ID: "dibao", Name: name, Department: "minzheng", Apply: "office"}, {ID: "dibian", Name: name, Department: "minzheng", Apply: "office"}}))
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	return l
}

func book(t testing.TB, db *store.DB, l *policy.Library) *screen.Book {
	t.Helper()
	b := &screen.Book{DB: db, Library: l, Now: l.Now}
	if err := b.Open(); err != nil {
		t.Fatal(err)
	}
	return b
}

const words = `"text": {"zh-Hans": "因为", "zh-Hant": "因為", "en": "because"}`

func TestRulesAreBroughtInWholeOrNotAtAll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := shop(t, db)
		one, two := book(t, db, l), book(t, db, l) // two instances
		income := 100.0
		family := screen.Family{Members: []screen.Member{{Rel: "self", Age: 40, Counted: true}}, Income: &income}
		judged := func(b *screen.Book) string {
			t.Helper()
			all, err := b.Judge(t.Context(), family, screen.Standards{Dibao: 700, Line: 1050})
			if err != nil {
				t.Fatal(err)
			}
			var said []string
			for _, v := range all {
				said = append(said, v.Programme+" "+v.Verdict)
			}
			return strings.Join(said, ", ")
		}
		shipped := judged(one)
		if !strings.Contains(shipped, "dibao may") {
			t.Fatalf("the rules of the program say %q", shipped)
		}
		good := "[\n" +
			`{"programme": "dibao", "verdict": "unlikely", "when": "known && pc < 200", "cites": [{"document": "law", "article": "9"}], ` + words + `},` + "\n" +
			`{"programme": "dibian", "verdict": "may", "when": "unlikely.dibao", ` + words + `}` + "\n]\n"
		if r, err := one.Import(t.Context(), strings.NewReader(good), true); err != nil || r.Written || r.Rows != 2 || judged(two) != shipped {
			t.Fatalf("a dry run: %+v, %v, %s", r, err, judged(two))
		}
		if r, err := one.Import(t.Context(), strings.NewReader(good), false); err != nil || !r.Written {
			t.Fatalf("Import = %+v, %v", r, err)
		}
		const want = "dibao unlikely, dibian may"
		if judged(one) != want || judged(two) != want {
			t.Errorf("after the import: %s and %s", judged(one), judged(two))
		}
		out, err := two.Export(t.Context())
		if err != nil || string(out) != good {
			t.Errorf("Export = %s, %v", out, err)
		}
		rule := func(more string) string {
			return "[\n" + `{"programme": "dibao", "verdict": "may", "when": "known", ` + words + "},\n" + more + "\n]"
		}
		for _, tt := range []struct{ name, file, want string }{
			{"a condition that does not parse", rule(`{"programme": "dibian", "verdict": "may", "when": "known &&", ` + words + `}`), "screener.rule.parse"},
			{"a fact nobody knows", rule(`{"programme": "dibian", "verdict": "may", "when": "pcc < std", ` + words + `}`), "screener.rule.parse"},
			{"a number where yes or no is wanted", rule(`{"programme": "dibian", "verdict": "may", "when": "pc + std", ` + words + `}`), "screener.rule.parse"},
			{"words compared with a number", rule(`{"programme": "dibian", "verdict": "may", "when": "self.rel < 3", ` + words + `}`), "screener.rule.parse"},
			{"a field nobody reads", rule(`{"programme": "dibian", "verdict": "may", "whem": "known", ` + words + `}`), "screener.rule.parse"},
			{"cut off", "[\n" + `{"programme": "dibao", "verdict": "may", "when": "known", ` + words + "},\n" + `{"programme": "dib`, "screener.rule.parse"},
			{"a verdict of its own", rule(`{"programme": "dibian", "verdict": "certainly", "when": "known", ` + words + `}`), "screener.rule.verdict"},
			{"no words in English", rule(`{"programme": "dibian", "verdict": "may", "when": "known", "text": {"zh-Hans": "因为", "zh-Hant": "因為"}}`), "screener.rule.text"},
			{"rests on itself", rule(`{"programme": "dibian", "verdict": "may", "when": "!may.dibian", ` + words + `}`), "screener.rule.order"},
			{"rests on what comes later", rule(`{"programme": "dibian", "verdict": "may", "when": "may[\"tekun\"]", ` + words + `}`), "screener.rule.order"},
			{"a programme nobody offers", rule(`{"programme": "tekun", "verdict": "may", "when": "known", ` + words + `}`), "policy.import.programme"},
			{"a document that is not there", rule(`{"programme": "dibian", "verdict": "may", "when": "known", "cites": [{"document": "none"}], ` + words + `}`), "policy.cite.document"},
			{"an article that is not there", rule(`{"programme": "dibian", "verdict": "may", "when": "known", "cites": [{"document": "law", "article": "10"}], ` + words + `}`), "policy.cite.article"},
			{"a document out of force", rule(`{"programme": "dibian", "verdict": "may", "when": "known", "cites": [{"document": "old", "article": "1"}], ` + words + `}`), "policy.cite.force"},
			{"a condition without end", rule(`{"programme": "dibian", "verdict": "may", "when": "` + strings.Repeat("(", 100_000) + `", ` + words + `}`), "screener.rule.long"},
			{"no list", `{"programme": "dibao"}`, "screener.rule.list"},
			{"nothing in it", `[]`, "screener.rule.list"},
			{"two lists", good + "[]", "screener.rule.list"},
		} {
			t.Run(tt.name, func(t *testing.T) {
				r, err := one.Import(t.Context(), strings.NewReader(tt.file), false)
				if err != nil || r.Written || len(r.Faults) == 0 || r.Faults[0].Key != tt.want {
					t.Fatalf("%+v, %v, want %s", r, err, tt.want)
				}
				if strings.Contains(tt.file, "\n{") && tt.name != "two lists" && r.Faults[0].Line != 3 {
					t.Errorf("on line %d, want 3", r.Faults[0].Line)
				}
			})
		}
		if judged(one) != want || judged(two) != want {
			t.Errorf("a refused file changed the rules: %s and %s", judged(one), judged(two))
		}
	})
}

func FuzzRules(f *testing.F) {
	f.Add("[\n" + `{"programme": "dibao", "verdict": "may", "when": "known && pc < std", ` + words + `}]`)
	f.Add(`[{"when": "any(members, .age > 3)"}]`)
	f.Add(`[{"when": "map(1..100000000, #)"}]`)
	db := storetest.SQLite(f)
	b := book(f, db, shop(f, db))
	f.Fuzz(func(t *testing.T, file string) {
		r, err := b.Import(t.Context(), strings.NewReader(file), true)
		if err != nil || r.Written || r.Rows == 0 && len(r.Faults) == 0 {
			t.Errorf("%+v, %v", r, err)
		}
		if slices.ContainsFunc([]rune(r.Faults.Error()), func(c rune) bool { return c == 0 }) {
			t.Error("a fault with a zero in it")
		}
	})
}
