package roster_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/aid/place"
	"mashang/aid/roster"
	"mashang/i18n"
	"mashang/platform/kv"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

const (
	county  = "990121000000"
	liuhe   = "990121100000"
	xinglin = "990121100201"
	taoyuan = "990121100202"
)

// clock is a clock that a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(s string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = moment(s)
}

func moment(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, i18n.Shanghai)
	if err != nil {
		panic(err)
	}
	return t
}

func newBoard(t testing.TB, db *store.DB) (*roster.Board, *clock) {
	t.Helper()
	c := &clock{}
	c.set("2026-11-16 09:30")
	g := &place.Gazetteer{DB: db, KV: kv.NewMemory(c.now), Now: c.now}
	if err := g.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	named := func(s string) i18n.Text { return i18n.Text{Hans: s} }
	err := db.Tx(t.Context(), func(q store.Queryer) error {
		return g.PutDivisions(t.Context(), q, []place.Division{
			{Code: county, Name: named("云溪县"), Level: place.County},
			{Code: liuhe, Name: named("柳河镇"), Level: place.Town, Parent: county},
			{Code: xinglin, Name: named("杏林村"), Level: place.Village, Parent: liuhe},
			{Code: taoyuan, Name: named("桃园社区"), Level: place.Village, Parent: liuhe},
		})
	})
	if err == nil {
		err = g.Reload(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	keys, err := privacy.ParseKeys(privacy.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	return &roster.Board{DB: db, Secrets: &privacy.Secrets{DB: db, Keys: keys}, Places: g, Now: c.now}, c
}

// list is a low-income list that may be shown at once.
func list(village string) roster.Meta {
	return roster.Meta{Programme: "dibao", Village: village, Kind: roster.List, Document: "yunxi-2026-3", Phone: "0500-5550199", By: "ma", Approver: "gao"}
}

var header = []string{"序号", "姓名", "家庭人口", "保障人数", "类别", "月保障金额（元）", "批准年月"}

func bring(t testing.TB, b *roster.Board, m roster.Meta, header []string, rows ...[]string) roster.Report {
	t.Helper()
	r, err := b.Import(t.Context(), m, header, roster.Table(rows))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func find(t testing.TB, b *roster.Board, q roster.Query) roster.Page {
	t.Helper()
	p, err := b.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func names(p roster.Page) []string {
	var all []string
	for _, e := range p.Entries {
		all = append(all, e.Name)
	}
	return all
}

func TestAListIsFoundByWholeNamesOnly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, _ := newBoard(t, db)
		r := bring(t, b, list(xinglin), header,
			[]string{"1", "张建明", "3", "3人", "A类", "936元", "2025年3月"},
			[]string{"2", "欧阳 兰", "1", "1", "B", "1,024.50", "2024-06"},
			[]string{"3", "蕭麗華", "2", "2", "", "655", "2024/7/1"})
		if !r.Saved || len(r.Problems) > 0 || r.Publications[0].Households != 3 || r.Publications[0].Persons != 6 {
			t.Fatalf("report = %+v", r)
		}
		all := find(t, b, roster.Query{Village: xinglin})
		if got, want := names(all), []string{"张*明", "欧阳*", "蕭*華"}; !slices.Equal(got, want) || all.Total != 3 || all.Pages != 1 {
			t.Fatalf("all = %v, want %v (total %d)", got, want, all.Total)
		}
		e := all.Entries[1]
		if e.Cents != 102450 || e.Class != "B" || e.Persons != 1 || e.Unit != "month" || !e.From.Equal(moment("2024-06-01 00:00")) {
			t.Errorf("entry = %+v", e)
		}
		for _, tt := range []struct {
			name, village, asked string
			want                 []string
		}{
			{"whole name", xinglin, "张建明", []string{"张*明"}},
			{"with spaces", xinglin, " 欧阳兰 ", []string{"欧阳*"}},
			{"Traditional for Simplified", xinglin, "張建明", []string{"张*明"}},
			{"Simplified for Traditional", xinglin, "萧丽华", []string{"蕭*華"}},
			{"part of a name", xinglin, "张建", nil},
			{"another village", taoyuan, "张建明", nil},
		} {
			t.Run(tt.name, func(t *testing.T) {
				if got := names(find(t, b, roster.Query{Village: tt.village, Name: tt.asked})); !slices.Equal(got, tt.want) {
					t.Errorf("Search(%s) = %v, want %v", tt.asked, got, tt.want)
				}
			})
		}
		for _, asked := range []string{"张", "张*明", "%", "张_明"} {
			_, err := b.Search(t.Context(), roster.Query{Village: xinglin, Name: asked})
			if !problem.Is(err, problem.Invalid) {
				t.Errorf("Search(%s) = %v, want it refused", asked, err)
			}
		}
	})
}

func TestANoticeBeginsAndEndsOnTheMinute(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, c := newBoard(t, db)
		m := list(xinglin)
		m.Kind, m.From = roster.Notice, moment("2026-11-16 10:00")
		bring(t, b, m, header, []string{"1", "孙小华", "2", "2", "", "712", ""})
		for _, tt := range []struct {
			at   string
			want int
		}{
			{"2026-11-16 09:59", 0}, {"2026-11-16 10:00", 1}, {"2026-11-23 09:59", 1}, {"2026-11-23 10:00", 0}, {"2027-01-01 00:00", 0},
		} {
			c.set(tt.at)
			if got := find(t, b, roster.Query{Village: xinglin}); got.Total != tt.want || len(got.Publications) != tt.want {
				t.Errorf("at %s: %d entries in %d publications, want %d", tt.at, got.Total, len(got.Publications), tt.want)
			}
		}
	})
}

func TestAListIsOffUntilItIsAllowedAndApproved(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, c := newBoard(t, db)
		row := []string{"1", "孙小华", "2", "2", "", "712", ""}

		unnamed := list(xinglin)
		unnamed.Document = ""
		r := bring(t, b, unnamed, header, row)
		if n := find(t, b, roster.Query{Village: xinglin}).Total; n != 0 {
			t.Errorf("without a document %d entries are shown, want 0", n)
		}
		for _, tt := range []struct {
			document string
			want     int
		}{{"yunxi-2026-3", 1}, {" ", 0}} {
			if err := b.Allow(t.Context(), r.Publications[0].ID, tt.document); err != nil {
				t.Fatal(err)
			}
			if n := find(t, b, roster.Query{Village: xinglin}).Total; n != tt.want {
				t.Errorf("with the document %q %d entries are shown, want %d", tt.document, n, tt.want)
			}
		}
		unapproved := list(xinglin)
		unapproved.Approver = ""
		r = bring(t, b, unapproved, header, row)
		id := r.Publications[0].ID
		if n := find(t, b, roster.Query{Village: xinglin}).Total; n != 0 {
			t.Errorf("before approval %d entries are shown, want 0", n)
		}
		for range 2 {
			if err := b.Approve(t.Context(), id, "gao"); err != nil {
				t.Fatal(err)
			}
		}
		if n := find(t, b, roster.Query{Village: xinglin}).Total; n != 1 {
			t.Errorf("after approval %d entries are shown, want 1", n)
		}
		if n := find(t, b, roster.Query{Village: taoyuan}).Total; n != 0 {
			t.Errorf("in another village %d entries are shown, want 0", n)
		}

		c.set("2026-11-17 08:00")
		bring(t, b, list(xinglin), header, []string{"1", "周大山", "1", "1", "", "712", ""})
		if got, want := names(find(t, b, roster.Query{Village: xinglin})), []string{"周*山"}; !slices.Equal(got, want) {
			t.Errorf("after the next list %v are shown, want %v", got, want)
		}
		current := find(t, b, roster.Query{Village: xinglin}).Publications[0]
		if err := b.Withdraw(t.Context(), current.ID, "gao"); err != nil {
			t.Fatal(err)
		}
		if n := find(t, b, roster.Query{Village: xinglin}).Total; n != 0 {
			t.Errorf("after withdrawal %d entries are shown, want 0", n)
		}
		if all, err := b.All(t.Context(), xinglin, 10); err != nil || len(all) != 3 {
			t.Errorf("the console lists %d publications, want 3 (%v)", len(all), err)
		}
		if err := b.Approve(t.Context(), "none", "gao"); !problem.Is(err, problem.Missing) {
			t.Errorf("approving an unknown publication = %v, want Missing", err)
		}
	})
}

func TestWhatIsNeverPublishedIsRefusedWhole(t *testing.T) {
	b, _ := newBoard(t, storetest.SQLite(t))
	for _, programme := range []string{"guer", "shishi", "liulang"} {
		m := list(xinglin)
		m.Programme = programme
		_, err := b.Import(t.Context(), m, header, roster.Table(nil))
		var p *problem.Error
		if !errors.As(err, &p) || p.Kind != problem.Denied || p.Fields["programme"] == "" {
			t.Errorf("Import(%s) = %v, want Denied", programme, err)
		}
	}
	for _, tt := range []struct {
		field  string
		change func(*roster.Meta)
	}{
		{"kind", func(m *roster.Meta) { m.Kind = "poster" }},
		{"mask", func(m *roster.Meta) { m.Mask = "none" }},
		{"place", func(m *roster.Meta) { m.Village = "990121999999" }},
		{"programme", func(m *roster.Meta) { m.Programme = "" }},
		{"to", func(m *roster.Meta) { m.From, m.To = moment("2026-11-20 00:00"), moment("2026-11-19 00:00") }},
	} {
		m := list(xinglin)
		tt.change(&m)
		_, err := b.Import(t.Context(), m, header, roster.Table(nil))
		var p *problem.Error
		if !errors.As(err, &p) || p.Fields[tt.field] == "" {
			t.Errorf("Import with a bad %s = %v, want the field named", tt.field, err)
		}
	}
}

func TestPagesHoldFiftyInTheOrderOfTheList(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, _ := newBoard(t, db)
		var rows [][]string
		for i := range 120 {
			rows = append(rows, []string{fmt.Sprint(i + 1), "张" + string(rune(0x4e00+i)) + "明", "1", "1", "", fmt.Sprint(i), ""})
		}
		bring(t, b, list(xinglin), header, rows...)
		var got []int64
		for page := 1; page <= 4; page++ {
			p := find(t, b, roster.Query{Village: xinglin, Page: page})
			if p.Total != 120 || p.Pages != 3 {
				t.Fatalf("page %d: total %d in %d pages, want 120 in 3", page, p.Total, p.Pages)
			}
			for _, e := range p.Entries {
				got = append(got, e.Cents/100)
			}
		}
		if len(got) != 120 || !slices.IsSorted(got) {
			t.Errorf("pages give %d entries, sorted %v", len(got), slices.IsSorted(got))
		}
	})
}

func TestNoWholeNameIsStoredWhenMasked(t *testing.T) {
	dir := t.TempDir()
	db, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	b, _ := newBoard(t, db)
	var rows [][]string
	var planted []string
	for i := range 1000 {
		name := "张" + string(rune(0x4e00+i)) + string(rune(0x5e00+i))
		planted = append(planted, name)
		rows = append(rows, []string{"", name, "1", "1", "", "700", ""})
	}
	start := time.Now()
	bring(t, b, list(xinglin), header, rows...)
	t.Logf("1,000 rows in %v", time.Since(start))
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s: %v", dir, err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range planted {
			if bytes.Contains(raw, []byte(name)) {
				t.Fatalf("%s holds the whole name %s", filepath.Base(file), strings.Repeat("*", 3))
			}
		}
	}
}
