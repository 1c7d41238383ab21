package policy_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/i18n"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

const (
	county  = "990121000000"
	zone    = "990121990000"
	liuhe   = "990121100000"
	beiyuan = "990121400000"
	shimen  = "990121102000"
)

func hans(s string) i18n.Text { return i18n.Text{Hans: s} }

func day(t testing.TB, s string) time.Time {
	t.Helper()
	d, err := place.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func documents(t testing.TB) []policy.Document {
	return []policy.Document{
		{ID: "law", Title: "救助办法", State: policy.InForce, From: day(t, "2021-07-01"), Articles: []policy.Article{
			{No: "9", Label: "第九条", Text: "三个工作日内告知申请人。"}, {No: "22", Label: "第二十二条", Text: "自受理之日起三十个工作日内办结。"}}},
		{ID: "old", Title: "旧办法", State: policy.Expired, To: day(t, "2021-06-30"), Articles: []policy.Article{{No: "1", Label: "第一条", Text: "旧的。"}}},
		{ID: "soon", Title: "新办法", State: policy.InForce, From: day(t, "2027-01-01"), Articles: []policy.Article{{No: "1", Label: "第一条", Text: "新的。"}}},
		{ID: "unsure", Title: "待核的办法", State: policy.Unverified, Articles: []policy.Article{{No: "1", Label: "第一条", Text: "待核。"}}},
		{ID: "county", Title: "县里的通知", State: policy.InForce, Place: county, Articles: []policy.Article{{No: "1", Label: "第一条", Text: "标准。"}}},
	}
}

func dibao() policy.Programme {
	return policy.Programme{ID: "dibao", Order: 1, Department: "minzheng", Name: hans("最低生活保障"), Situations: []string{"shouru"}, Full: true, Apply: "form", Office: "minzheng",
		Deadlines: []policy.Deadline{{Key: "decision", Days: 30, Unit: "workday", Cite: policy.Cite{Document: "law", Article: "22", Quote: "三十个工作日"}}},
		Steps:     []policy.Step{{Key: "decide", Within: "decision"}},
		Legal:     []policy.Cite{{Document: "law"}},
		Unknown:   []policy.Unknown{{About: "amount", Text: hans("钱数没有找到")}}}
}

func row(t testing.TB, id, variant, where, amount, from, to string) policy.Standard {
	s := policy.Standard{ID: id, Programme: "dibao", Variant: variant, Place: where, Unit: "yuan_person_month", UnitText: hans("元/人·月"), From: day(t, from), To: day(t, to), Document: "county"}
	if amount == "" {
		s.None = true
		return s
	}
	var err error
	if s.Cents, err = policy.ParseYuan(amount); err != nil {
		t.Fatal(err)
	}
	return s
}

func standards(t testing.TB) []policy.Standard {
	return []policy.Standard{
		row(t, "c-rural-26", "rural", county, "712", "2026-01-01", "2026-12-31"),
		row(t, "c-rural-27", "rural", county, "738", "2027-01-01", ""),
		row(t, "c-urban-26", "urban", county, "836", "2026-01-01", ""),
		row(t, "z-rural-26", "rural", zone, "756", "2026-01-01", ""),
		row(t, "s-none", "", shimen, "", "2026-07-01", ""),
	}
}

// filled is a library on a small county whose clock stands at 21 November 2026.
func filled(t testing.TB, db *store.DB) *policy.Library {
	t.Helper()
	g, err := place.NewGazetteer(t.Context(), db, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	today := day(t, "2026-11-21").Add(9 * time.Hour)
	l, err := policy.NewLibrary(t.Context(), db, nil, func() time.Time { return today })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	ctx := t.Context()
	err = db.Tx(ctx, func(q store.Queryer) error {
		return errors.Join(
			g.PutDivisions(ctx, q, []place.Division{
				{Code: county, Name: hans("云溪县"), Level: place.County},
				{Code: zone, Name: hans("开发区"), Level: place.Zone, Parent: county},
				{Code: liuhe, Name: hans("柳河镇"), Level: place.Town, Parent: county},
				{Code: beiyuan, Name: hans("北原镇"), Level: place.Town, Parent: zone},
				{Code: shimen, Name: hans("石门镇"), Level: place.Town, Parent: county},
			}),
			l.PutDocuments(ctx, q, documents(t)),
			l.PutDepartments(ctx, q, []policy.Department{{ID: "minzheng", Name: hans("县民政局")}}),
			l.PutSituations(ctx, q, []policy.Situation{{ID: "shouru", Name: hans("收入少"), Programmes: []string{"dibao"}}}),
			l.PutProgrammes(ctx, q, []policy.Programme{dibao()}),
			l.PutStandards(ctx, q, standards(t)),
			l.PutEntries(ctx, q, []policy.Entry{{ID: "e1", Programme: "dibao", Questions: []i18n.Text{hans("要多久")}, Answer: hans("30 个工作日"), Cites: []policy.Cite{{Document: "law", Article: "22"}}}}),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Reload(ctx); err != nil {
		t.Fatal(err)
	}
	return l
}

// The same programme at three places: the county's figure, the zone's own, and none.
func TestTheAmountIsThatOfThePlaceAndTheDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := filled(t, db).Shelf()
		for _, tt := range []struct {
			name  string
			chain []string
			day   string
			want  string
		}{
			{"the county's figure", []string{liuhe, county}, "2026-11-21", "c-rural-26 712.00, c-urban-26 836.00"},
			{"the zone's own, else the county's", []string{beiyuan, zone, county}, "2026-11-21", "z-rural-26 756.00, c-urban-26 836.00"},
			{"expressly none", []string{shimen, county}, "2026-11-21", "s-none none"},
			{"before that was said", []string{shimen, county}, "2026-06-30", "c-rural-26 712.00, c-urban-26 836.00"},
			{"last day of the year", []string{liuhe, county}, "2026-12-31", "c-rural-26 712.00, c-urban-26 836.00"},
			{"next year's", []string{liuhe, county}, "2027-01-01", "c-rural-27 738.00, c-urban-26 836.00"},
			{"before anything was set", []string{liuhe, county}, "2025-12-31", ""},
			{"elsewhere", []string{"110101000000"}, "2026-11-21", ""},
		} {
			t.Run(tt.name, func(t *testing.T) {
				var got []string
				for _, a := range s.Standards(tt.chain, "dibao", day(t, tt.day).Add(23*time.Hour+59*time.Minute)) {
					if a.None {
						got = append(got, a.ID+" none")
					} else {
						got = append(got, a.ID+" "+policy.Yuan(a.Cents))
					}
				}
				if joined := strings.Join(got, ", "); joined != tt.want {
					t.Errorf("Standards = %q, want %q", joined, tt.want)
				}
			})
		}
	})
}

func TestTheShelfHoldsWhatWasPut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := filled(t, db).Shelf()
		p, ok := s.Programme("dibao")
		if !ok || len(s.Programmes()) != 1 || p.Deadlines[0].Days != 30 || len(p.Unknown) != 1 || p.Unknown[0].About != "amount" {
			t.Errorf("Programme = %+v, %v", p, ok)
		}
		days, unit, cite, ok := s.Clock("dibao")
		if !ok || days != 30 || unit != "workday" || cite.Article != "22" {
			t.Errorf("Clock = %d %s %v %v", days, unit, cite, ok)
		}
		if _, _, _, ok := s.Clock("tekun"); ok {
			t.Error("a programme that is not there has a clock")
		}
		if a, ok := s.Article("law", "9"); !ok || a.Label != "第九条" {
			t.Errorf("Article = %+v, %v", a, ok)
		}
		if _, ok := s.Article("law", "99"); ok {
			t.Error("an article that does not exist was found")
		}
		now := day(t, "2026-11-21")
		for id, want := range map[string]bool{"law": true, "old": false, "soon": false, "unsure": true, "nowhere": false} {
			if _, _, ok := s.Cited(policy.Cite{Document: id}, now); ok != want {
				t.Errorf("Cited(%s) = %v, want %v", id, ok, want)
			}
		}
		if len(s.Entries()) != 1 || len(s.Departments()) != 1 || len(s.Situations()) != 1 || len(s.Documents()) != 5 || s.Version() == 0 {
			t.Error("something is missing on the shelf")
		}
	})
}

func TestABadRowIsRefusedWithItsReason(t *testing.T) {
	cited := func(c policy.Cite) func(*policy.Programme) {
		return func(p *policy.Programme) { p.Legal = []policy.Cite{c} }
	}
	put := func(change func(*policy.Programme)) func(*policy.Library, store.Queryer) error {
		return func(l *policy.Library, q store.Queryer) error {
			p := dibao()
			change(&p)
			return l.PutProgrammes(t.Context(), q, []policy.Programme{p})
		}
	}
	standard := func(s policy.Standard) func(*policy.Library, store.Queryer) error {
		return func(l *policy.Library, q store.Queryer) error {
			return l.PutStandards(t.Context(), q, []policy.Standard{s})
		}
	}
	document := func(change func(*policy.Document)) func(*policy.Library, store.Queryer) error {
		return func(l *policy.Library, q store.Queryer) error {
			d := documents(t)[0]
			change(&d)
			return l.PutDocuments(t.Context(), q, []policy.Document{d})
		}
	}
	other := row(t, "x", "rural", "110101000000", "1", "2026-01-01", "")
	unknown := row(t, "x", "rural", county, "1", "2030-01-01", "")
	unknown.Programme = "nothing"
	paperless := row(t, "x", "", zone, "1", "2030-01-01", "")
	paperless.Document = "nothing"
	for _, tt := range []struct {
		name string
		put  func(*policy.Library, store.Queryer) error
		want string
	}{
		{"document not there", put(cited(policy.Cite{Document: "nowhere", Article: "1"})), "policy.cite.document"},
		{"document expired", put(cited(policy.Cite{Document: "old", Article: "1"})), "policy.cite.force"},
		{"document not in force yet", put(cited(policy.Cite{Document: "soon", Article: "1"})), "policy.cite.force"},
		{"article not there", put(cited(policy.Cite{Document: "law", Article: "99"})), "policy.cite.article"},
		{"quote of another article", put(cited(policy.Cite{Document: "law", Article: "9", Quote: "三十个工作日"})), "policy.cite.quote"},
		{"quote changed", put(cited(policy.Cite{Document: "law", Quote: "30个工作日"})), "policy.cite.quote"},
		{"deadline's cite", put(func(p *policy.Programme) { p.Deadlines[0].Cite.Article = "23" }), "policy.cite.article"},
		{"department", put(func(p *policy.Programme) { p.Department = "x" }), "policy.import.department"},
		{"situation", put(func(p *policy.Programme) { p.Situations = []string{"x"} }), "policy.import.situation"},
		{"deadline's unit", put(func(p *policy.Programme) { p.Deadlines[0].Unit = "fortnight" }), "policy.import.deadline"},
		{"step within nothing", put(func(p *policy.Programme) { p.Steps[0].Within = "x" }), "policy.import.within"},
		{"name", put(func(p *policy.Programme) { p.Name.Hans = "" }), "policy.import.name"},
		{"days overlap", standard(row(t, "x", "rural", county, "1", "2026-12-31", "2027-06-30")), "policy.import.overlap"},
		{"place", standard(other), "policy.import.place"},
		{"programme", standard(unknown), "policy.import.programme"},
		{"document of a figure", standard(paperless), "policy.import.document"},
		{"days turned round", standard(row(t, "x", "", zone, "1", "2026-12-31", "2026-01-01")), "policy.import.days"},
		{"state", document(func(d *policy.Document) { d.State = "maybe" }), "policy.import.state"},
		{"no articles", document(func(d *policy.Document) { d.Articles = nil }), "policy.import.empty"},
		{"article twice", document(func(d *policy.Document) { d.Articles = append(d.Articles, d.Articles[0]) }), "policy.import.articles"},
		{"entry without an answer", func(l *policy.Library, q store.Queryer) error {
			return l.PutEntries(t.Context(), q, []policy.Entry{{ID: "e2", Questions: []i18n.Text{hans("问")}}})
		}, "policy.import.entry"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := filled(t, storetest.SQLite(t))
			err := l.DB.Tx(t.Context(), func(q store.Queryer) error { return tt.put(l, q) })
			var faults place.Faults
			if !errors.As(err, &faults) || !slices.ContainsFunc(faults, func(f place.Fault) bool { return f.Key == tt.want && f.Line == 1 && f.Item != "" }) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

// A document that goes out of force does not take down what cites it; it is listed for the office.
func TestStaleCitesAreListed(t *testing.T) {
	l := filled(t, storetest.SQLite(t))
	if faults, err := l.Stale(t.Context()); err != nil || len(faults) > 0 {
		t.Fatalf("Stale = %v, %v, want none", faults, err)
	}
	law := documents(t)[0]
	law.State = policy.Expired
	if err := l.DB.Tx(t.Context(), func(q store.Queryer) error { return l.PutDocuments(t.Context(), q, []policy.Document{law}) }); err != nil {
		t.Fatal(err)
	}
	faults, err := l.Stale(t.Context())
	if err != nil || len(faults) != 3 {
		t.Errorf("Stale = %v, %v, want the programme's two cites and the entry's", faults, err)
	}
}

func TestJSONComesBackAsItWent(t *testing.T) {
	s := row(t, "c", "rural", county, "712.5", "2026-01-01", "2026-12-31")
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"amount":"712.50"`, `"from":"2026-01-01"`, `"to":"2026-12-31"`} {
		if !strings.Contains(string(b), want) {
			t.Errorf("%s lacks %s", b, want)
		}
	}
	var back policy.Standard
	if err := json.Unmarshal(b, &back); err != nil || back.Cents != 71250 || !back.From.Equal(s.From) || !back.To.Equal(s.To) {
		t.Errorf("back = %+v, %v", back, err)
	}
	for _, bad := range []string{`{"id":"x","amuont":"1"}`, `{"id":"x","amount":"1.234"}`, `{"id":"x","from":"2026-02-30"}`} {
		if err := json.Unmarshal([]byte(bad), &back); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}

func TestParseYuan(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want int64
		ok   bool
	}{
		{"712", 71200, true}, {"712.5", 71250, true}, {"712.05", 71205, true}, {"1,068.00", 106800, true}, {" 0 ", 0, true},
		{"", 0, false}, {"-1", 0, false}, {"1.234", 0, false}, {"1.", 0, false}, {".5", 0, false}, {"7l2", 0, false}, {"９", 0, false}, {"1e3", 0, false}, {"1000000000", 0, false},
	} {
		got, err := policy.ParseYuan(tt.in)
		if (err == nil) != tt.ok || tt.ok && got != tt.want {
			t.Errorf("ParseYuan(%q) = %d, %v, want %d, %v", tt.in, got, err, tt.want, tt.ok)
		}
	}
}

func BenchmarkStandards(b *testing.B) {
	s := filled(b, storetest.SQLite(b)).Shelf()
	at := day(b, "2026-11-21")
	chain := []string{beiyuan, zone, county}
	b.ReportAllocs()
	for b.Loop() {
		s.Standards(chain, "dibao", at)
	}
}
