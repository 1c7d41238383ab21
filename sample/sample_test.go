package sample_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/aid/roster"
	"mashang/i18n"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

func noon(s string) time.Time {
	d, err := place.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d.Add(12 * time.Hour)
}

// loaded is the sample county as it stands at now.
func loaded(t testing.TB, db *store.DB, now time.Time) sample.Parts {
	t.Helper()
	clock := func() time.Time { return now }
	g := &place.Gazetteer{DB: db, Now: clock}
	if err := g.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	l, err := policy.NewLibrary(t.Context(), db, nil, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	keys, err := privacy.ParseKeys(privacy.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	p := sample.Parts{DB: db, Places: g, Library: l, Now: clock,
		Board: &roster.Board{DB: db, Secrets: &privacy.Secrets{DB: db, Keys: keys}, Places: g, Now: clock}}
	if err := sample.Load(t.Context(), p); err != nil {
		var faults place.Faults
		if errors.As(err, &faults) {
			t.Fatalf("%d faults:\n%v", len(faults), faults)
		}
		t.Fatal(err)
	}
	return p
}

var today = noon("2026-11-21")

func TestTheCountyHasTheShapeOfThePilot(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := loaded(t, db, today)
		a, s := p.Places.Atlas(), p.Library.Shelf()
		_, _, locations := a.Size()
		full := 0
		for _, x := range s.Programmes() {
			if x.Full {
				full++
			}
		}
		for _, tt := range []struct {
			what      string
			got, want int
		}{
			{"villages", len(a.Villages()), 116}, {"柳河镇", len(a.Children(sample.Liuhe)), 45}, {"北原镇", len(a.Children(sample.Beiyuan)), 31},
			{"石门镇", len(a.Children(sample.Shimen)), 40}, {"locations", locations, 3000}, {"departments", len(s.Departments()), 12},
			{"situations", len(s.Situations()), 12}, {"programmes", len(s.Programmes()), 37}, {"written out", full, 37},
		} {
			if tt.got != tt.want {
				t.Errorf("%s: %d, want %d", tt.what, tt.got, tt.want)
			}
		}
		foreign := 0
		for _, v := range a.Villages() {
			if !strings.HasPrefix(v.Code, v.Parent[:9]) {
				foreign++
			}
		}
		if foreign != 3 {
			t.Errorf("%d villages carry the prefix of another town, want 3", foreign)
		}
		if a.Root().Code != sample.County || !strings.HasPrefix(sample.County, "99") {
			t.Errorf("the root is %s", a.Root().Code)
		}
	})
}

func TestTheRostersAddUp(t *testing.T) {
	p := loaded(t, storetest.SQLite(t), today)
	households, persons, supported, hidden := 0, 0, 0, 0
	for _, l := range sample.Rosters(p.Places.Atlas(), p.Library.Shelf(), today) {
		if l.Meta.Kind != roster.List {
			continue
		}
		for _, row := range l.Rows {
			n, err := strconv.Atoi(row[3])
			if err != nil {
				t.Fatal(err)
			}
			switch l.Meta.Programme {
			case "dibao":
				households, persons = households+1, persons+n
			case "tekun":
				supported++
			}
		}
		if l.Meta.Document == "" {
			hidden += len(l.Rows)
		}
	}
	if households != 1709 || persons != 2720 || supported != 936 {
		t.Errorf("%d households of %d persons and %d supported, want 1709, 2720 and 936", households, persons, supported)
	}
	if hidden == 0 {
		t.Error("石门镇 has no list to keep back")
	}
}

// Amounts stay below the village's own figure for each person, and names are found once in their village.
func TestEveryRowOfARosterIsPlausible(t *testing.T) {
	p := loaded(t, storetest.SQLite(t), today)
	a, s := p.Places.Atlas(), p.Library.Shelf()
	most := map[string]int64{}
	for _, v := range a.Villages() {
		for _, x := range append(s.Standards(a.Chain(v.Code), "dibao", today), s.Standards(a.Chain(v.Code), "tekun", today)...) {
			most[v.Code+x.Programme] = max(most[v.Code+x.Programme], x.Cents)
		}
	}
	seen := map[string]bool{}
	for _, l := range sample.Rosters(a, s, today) {
		for _, row := range l.Rows {
			village, name, size, persons, amount := row[0], row[1], row[2], row[3], row[5]
			if seen[village+name] {
				t.Fatalf("two of one name in %s", village)
			}
			seen[village+name] = true
			d, ok := a.Division(village)
			if !ok || d.Level != place.Village {
				t.Fatalf("a row of %q", village)
			}
			h, _ := strconv.Atoi(size)
			n, _ := strconv.Atoi(persons)
			if n < 1 || h < n {
				t.Errorf("%d of %d persons", n, h)
			}
			if d.Parent == sample.Shimen {
				if amount != "" {
					t.Errorf("an amount in %s, where no figure is registered", d.Name.Hans)
				}
				continue
			}
			cents, err := policy.ParseYuan(amount)
			if l.Meta.Programme != "linshi_zhichu" && (err != nil || cents <= 0 || cents > int64(n)*most[village+l.Meta.Programme]) {
				t.Errorf("%s receives %q for %d in %s", l.Meta.Programme, amount, n, d.Name.Hans)
			}
		}
	}
}

func TestThePostersOfTheCounty(t *testing.T) {
	all, err := sample.Locations()
	if err != nil {
		t.Fatal(err)
	}
	ids, numbers, states, names := map[string]bool{}, map[string]bool{}, map[string]int{}, map[string]bool{}
	var first place.Location
	for _, l := range all {
		ids[l.ID], numbers[l.Number], names[l.Name.Hans] = true, true, true
		states[l.State]++
		if l.Number == sample.First {
			first = l
		}
		if l.Kind == "hospital" && l.Roster != "" {
			t.Errorf("%s opens a roster", l.Name.Hans)
		}
		if strings.Contains(l.Name.Hans, "站站") && !strings.Contains(l.Name.Hans, "火车站站前") || strings.Contains(l.Name.Hans, "镇镇") {
			t.Errorf("a clumsy name: %s", l.Name.Hans)
		}
	}
	if len(ids) != 3000 || len(numbers) != 3000 || len(names) != 3000 || !numbers["0001"] || !numbers["3000"] {
		t.Errorf("%d IDs, %d numbers, %d names, want 3000 of each", len(ids), len(numbers), len(names))
	}
	if first.Name.Hans != "杏林村便民服务点" || first.Name.En != "Xinglin Village service point" || first.Roster != sample.Xinglin || first.State != place.Active {
		t.Errorf("poster %s is %+v", sample.First, first)
	}
	if states[place.Retired] != 20 || states[place.Moved] != 12 || states[place.Lost] != 8 {
		t.Errorf("states: %v", states)
	}
	again, err := sample.Locations()
	if err != nil || !slices.Equal(all, again) {
		t.Error("the county is another one each time")
	}
}

func TestTheLandingsAreThreeKindsOfPlace(t *testing.T) {
	p := loaded(t, storetest.SQLite(t), today)
	var got []string
	for _, l := range sample.Landings(p.Places.Atlas()) {
		spot, err := p.Places.Resolve(l.LocationID)
		if err != nil {
			t.Fatal(err)
		}
		figure := "nothing"
		for _, x := range p.Library.Shelf().Standards(spot.Chain, "dibao", today) {
			if x.Variant == "rural" {
				figure = policy.Yuan(x.Cents)
				if x.None {
					figure = "none"
				}
			}
		}
		got = append(got, spot.Location.Number+" "+l.Name+" "+figure)
	}
	want := []string{"0137 云溪县柳河镇杏林村·杏林村便民服务点 712.00", "1126 云溪县云溪经济开发区北原镇麦丘村·麦丘村便民服务点 756.00", "1901 云溪县石门镇石笋村·石笋村便民服务点 none"}
	if !slices.Equal(got, want) {
		t.Errorf("landings:\n got %q\nwant %q", got, want)
	}
}

func TestNoticesStandAroundNow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := loaded(t, db, today)
		shown := func(at time.Time, village string) (kinds []string) {
			b := &roster.Board{DB: p.Board.DB, Secrets: p.Board.Secrets, Places: p.Board.Places, Now: func() time.Time { return at }}
			all, err := b.Overview(t.Context(), village)
			if err != nil {
				t.Fatal(err)
			}
			for _, one := range all {
				kinds = append(kinds, fmt.Sprintf("%s %s", one.Kind, one.Programme))
			}
			return kinds
		}
		for _, tt := range []struct {
			name, village string
			at            time.Time
			want          []string
		}{
			{"today", sample.Xinglin, today, []string{"notice dibao", "notice linshi_zhichu", "list dibao", "list tekun"}},
			{"tomorrow", sample.Xinglin, today.AddDate(0, 0, 1), []string{"notice linshi_zhichu", "notice linshi_zhichu", "list dibao", "list tekun"}},
			{"in ten days", sample.Xinglin, today.AddDate(0, 0, 10), []string{"list dibao", "list tekun"}},
			{"石门镇", "990121102201", today, nil},
		} {
			if got := shown(tt.at, tt.village); !slices.Equal(got, tt.want) {
				t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
			}
		}
	})
}

func TestLoadingAgainChangesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := loaded(t, db, today)
		before, err := p.Board.All(t.Context(), "", 1000)
		if err != nil {
			t.Fatal(err)
		}
		places, shelf := p.Places.Version(), p.Library.Shelf().Version()
		if err := sample.Load(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		after, err := p.Board.All(t.Context(), "", 1000)
		if err != nil || len(after) != len(before) || p.Places.Version() != places || p.Library.Shelf().Version() != shelf {
			t.Errorf("loading again wrote: %d lists became %d, %v", len(before), len(after), err)
		}
	})
}

// The demo's clock may stand on another day; the county must load there too.
func TestTheCountyLoadsOnAnyDay(t *testing.T) {
	for _, at := range []string{"2025-02-01", "2026-03-31", "2027-01-01", "2031-12-31"} {
		t.Run(at, func(t *testing.T) {
			p := loaded(t, storetest.SQLite(t), noon(at))
			_, err := p.Places.Resolve(sample.Shimen)
			if gone := problem.Is(err, problem.Gone); gone != (at < "2026-07-01") {
				t.Errorf("石门镇: %v", err)
			}
		})
	}
}

func TestEveryTextStandsInThreeLanguages(t *testing.T) {
	check := func(what string, texts ...i18n.Text) {
		for _, x := range texts {
			if x.Hans == "" || x.Hant == "" || x.En == "" {
				t.Errorf("%s: %+v", what, x)
			}
		}
	}
	divisions, err := sample.Divisions()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range divisions {
		check(d.Code, d.Name)
	}
	offices, err := sample.Offices()
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range offices {
		check(o.ID, o.Name, o.Address, o.Hours)
		if !strings.HasPrefix(o.Phone, "0500-55501") {
			t.Errorf("%s has the phone %s", o.ID, o.Phone)
		}
	}
	programmes, err := sample.Programmes()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range programmes {
		check(p.ID, p.Name, p.Summary)
		for _, s := range p.Sections {
			check(p.ID+" "+s.Key, s.Title, s.Text)
		}
	}
}

func TestEveryProgrammeHasAnOffice(t *testing.T) {
	p := loaded(t, storetest.SQLite(t), today)
	for _, x := range p.Library.Shelf().Programmes() {
		for _, town := range []string{sample.Liuhe, sample.Beiyuan, sample.Shimen} {
			if o, ok := p.Places.Atlas().Office(town, x.Office); !ok || o.Phone == "" {
				t.Errorf("%s: nobody in %s serves %q", x.ID, town, x.Office)
			}
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		db := storetest.SQLite(b)
		b.StartTimer()
		loaded(b, db, today)
	}
}

func BenchmarkResolve(b *testing.B) {
	p := loaded(b, storetest.SQLite(b), today)
	id := sample.Landings(p.Places.Atlas())[1].LocationID
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := p.Places.Resolve(id); err != nil {
				b.Error(err)
			}
		}
	})
}

func BenchmarkOffice(b *testing.B) {
	a := loaded(b, storetest.SQLite(b), today).Places.Atlas()
	b.ReportAllocs()
	for b.Loop() {
		a.Office("990121400201", "yibao")
	}
}

func BenchmarkStandards(b *testing.B) {
	p := loaded(b, storetest.SQLite(b), today)
	a, s := p.Places.Atlas(), p.Library.Shelf()
	b.ReportAllocs()
	for b.Loop() {
		s.Standards(a.Chain("990121400201"), "dibao", today)
	}
}
