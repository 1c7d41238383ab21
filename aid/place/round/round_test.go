package round_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/aid/place"
	"mashang/aid/place/round"
	"mashang/i18n"
	"mashang/platform/files"
	"mashang/platform/kv"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

const (
	county = "530100000000"
	east   = "530101000000"
	plum   = "530101200000"
	west   = "530102000000"
)

// desk is a book of rounds with four posters: two in 梅村, one at its town, one in the other town.
type desk struct {
	*round.Book
	at time.Time
}

var posters = []string{"AAAAAAAA", "AAAAAAAB", "AAAAAAAC", "AAAAAAAD", "AAAAAAAE"}

func open(t *testing.T, db *store.DB) *desk {
	t.Helper()
	d := &desk{at: time.Date(2026, 11, 10, 9, 0, 0, 0, i18n.Shanghai)}
	now := func() time.Time { return d.at }
	g := &place.Gazetteer{DB: db, KV: kv.NewMemory(now), Now: now}
	if err := g.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	err := db.Tx(t.Context(), func(q store.Queryer) error {
		if err := g.PutDivisions(t.Context(), q, []place.Division{
			{Code: county, Name: i18n.Text{Hans: "测试县"}, Level: place.County},
			{Code: east, Name: i18n.Text{Hans: "东镇"}, Level: place.Town, Parent: county},
			{Code: west, Name: i18n.Text{Hans: "西镇"}, Level: place.Town, Parent: county},
			{Code: plum, Name: i18n.Text{Hans: "梅村"}, Level: place.Village, Parent: east},
		}); err != nil {
			return err
		}
		var all []place.Location
		for i, at := range []string{plum, plum, east, west, plum} {
			l := place.Location{ID: posters[i], Division: at, Name: i18n.Text{Hans: fmt.Sprint("点位", i)}, Kind: "hall", Number: fmt.Sprintf("%04d", i), State: place.Active}
			if i == 4 {
				l.State = place.Retired
			}
			all = append(all, l)
		}
		return g.PutLocations(t.Context(), q, all)
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
	d.Book = &round.Book{DB: db, Places: g, Vault: &files.Vault{DB: db, Keys: keys, Now: now}, Now: now, Days: 30}
	return d
}

func (d *desk) plan(t *testing.T, locations ...string) round.Round {
	t.Helper()
	r, err := d.Plan(t.Context(), d.DB, round.Round{Name: "十一月", Division: east, Due: d.at.AddDate(0, 0, 7), By: "chief"}, locations)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (d *desk) tick(t *testing.T, k round.Tick) round.Inspection {
	t.Helper()
	one, err := d.Tick(t.Context(), k, nil)
	if err != nil {
		t.Fatal(err)
	}
	return one
}

var keys int

func once() string { keys++; return fmt.Sprintf("key-of-a-form-%04d", keys) }

// shot is a photo with a note of where it was taken, as phones write it.
func shot(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, 60, 40)), nil); err != nil {
		t.Fatal(err)
	}
	exif := append([]byte("\xff\xe1\x00\x20Exif\x00\x00"), []byte("GPS 30.1234 104.9876 xxxx")[:24]...)
	return append(append([]byte("\xff\xd8"), exif...), b.Bytes()[2:]...)
}

func TestRoundIsWalked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		r := d.plan(t, posters[0], posters[1], posters[2], posters[1])
		if r.Total != 3 {
			t.Errorf("the round has %d posters, want 3", r.Total)
		}
		if open, err := d.Open(t.Context(), "anybody", posters[0]); err != nil || len(open) != 1 {
			t.Errorf("Open = %v, %v, want the round", open, err)
		}
		d.tick(t, round.Tick{Once: once(), Location: posters[0], Round: r.ID, State: round.Damaged, By: "li"})
		d.at = d.at.Add(time.Hour)
		d.tick(t, round.Tick{Once: once(), Location: posters[0], Round: r.ID, State: round.Fine, By: "li"}) // mended on the spot
		d.tick(t, round.Tick{Once: once(), Location: posters[1], Round: r.ID, State: round.Gone, By: "li"})
		if open, err := d.Open(t.Context(), "anybody", posters[0]); err != nil || len(open) != 0 {
			t.Errorf("Open of a poster that was seen = %v, %v", open, err)
		}
		r, err := d.Find(t.Context(), db, r.ID)
		if err != nil || r.Done != 2 || r.Bad != 1 {
			t.Errorf("the round: %+v, %v, want two seen and one not fine", r, err)
		}
		stops, err := d.Stops(t.Context(), r, "")
		if err != nil || len(stops) != 3 || stops[0].Location.ID != posters[2] || stops[0].Found != nil {
			t.Errorf("Stops = %v, %v, want the one to do first", stops, err)
		}
		if below, err := d.Stops(t.Context(), r, plum); err != nil || len(below) != 2 {
			t.Errorf("the village's part of the round has %d posters, want 2", len(below))
		}
		if last, err := d.Last(t.Context(), posters[0]); err != nil || last.State != round.Fine {
			t.Errorf("Last = %+v, %v", last, err)
		}
		if _, err := d.Last(t.Context(), posters[3]); !problem.Is(err, problem.Missing) {
			t.Errorf("Last of a poster nobody saw = %v, want Missing", err)
		}
		d.at = d.at.AddDate(0, 0, 9)
		if !r.Late(d.at) || r.Late(d.at.AddDate(0, 0, -5)) {
			t.Error("a round is late when its day is over and not before")
		}
		if err := d.End(t.Context(), db, r.ID, true); err != nil {
			t.Fatal(err)
		}
		if all, err := d.Rounds(t.Context(), east, false); err != nil || len(all) != 1 || all[0].Ended.IsZero() {
			t.Errorf("Rounds = %v, %v", all, err)
		}
		if all, err := d.Rounds(t.Context(), east, true); err != nil || len(all) != 0 {
			t.Errorf("a round that has ended runs: %v, %v", all, err)
		}
		if all, err := d.Rounds(t.Context(), west, false); err != nil || len(all) != 0 {
			t.Errorf("the other town sees %v", all)
		}
	})
}

func TestRoundIsRefused(t *testing.T) {
	d := open(t, storetest.SQLite(t))
	good := round.Round{Name: "十一月", Division: east, Due: d.at}
	for _, tt := range []struct {
		name      string
		change    func(r *round.Round)
		locations []string
		field     string
	}{
		{"no name", func(r *round.Round) { r.Name = "  " }, posters[:1], "name"},
		{"a name of two hundred letters", func(r *round.Round) { r.Name = strings.Repeat("𠮷", 200) }, posters[:1], "name"},
		{"nowhere", func(r *round.Round) { r.Division = "1" }, posters[:1], "place"},
		{"yesterday", func(r *round.Round) { r.Due = d.at.AddDate(0, 0, -1) }, posters[:1], "due"},
		{"never", func(r *round.Round) { r.Due = time.Time{} }, posters[:1], "due"},
		{"no poster", func(*round.Round) {}, nil, "which"},
		{"a poster of the other town", func(*round.Round) {}, posters[3:4], "which"},
		{"a retired poster", func(*round.Round) {}, posters[4:], "which"},
		{"an unknown poster", func(*round.Round) {}, []string{"ZZZZZZZZ"}, "which"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := good
			tt.change(&r)
			_, err := d.Plan(t.Context(), d.DB, r, tt.locations)
			var e *problem.Error
			if !errors.As(err, &e) || e.Fields[tt.field] == "" {
				t.Errorf("Plan = %v, want the field %q named", err, tt.field)
			}
		})
	}
}

// A form that comes twice, even at the same moment, is taken once; so is what is done with it.
func TestInspectionIsTakenOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		k := round.Tick{Once: once(), Location: posters[0], State: round.Sticker, By: "li"}
		var mu sync.Mutex
		deeds := 0
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				committed := false
				_, err := d.Tick(context.Background(), k, func(store.Queryer, round.Inspection) error { committed = true; return nil })
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				if committed && err == nil {
					deeds++
				}
			})
		}
		wg.Wait()
		all, err := d.Last(t.Context(), posters[0])
		if err != nil || all.ID != k.Once {
			t.Errorf("kept %+v, %v", all, err)
		}
		var n int
		if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM inspections`).Scan(&n); err != nil || n != 1 {
			t.Errorf("%d inspections, want one", n)
		}
		k.State = round.Fine
		if _, err := d.Tick(t.Context(), k, nil); !problem.Is(err, problem.Conflict) {
			t.Errorf("another finding under the same key = %v, want Conflict", err)
		}
		k.State, k.By = round.Sticker, "wang"
		if _, err := d.Tick(t.Context(), k, nil); !problem.Is(err, problem.Conflict) {
			t.Errorf("another person's finding under the same key = %v, want Conflict", err)
		}
	})
}

// When the deed in the same transaction fails nothing is kept, neither the finding nor its photo.
func TestInspectionIsKeptWholeOrNotAtAll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		broken := errors.New("broken")
		k := round.Tick{Once: once(), Location: posters[0], State: round.Fine, By: "li", Photo: bytes.NewReader(shot(t))}
		if _, err := d.Tick(t.Context(), k, func(store.Queryer, round.Inspection) error { return broken }); !errors.Is(err, broken) {
			t.Fatalf("Tick = %v", err)
		}
		if _, err := d.Last(t.Context(), posters[0]); !problem.Is(err, problem.Missing) {
			t.Errorf("Last after a failure = %v", err)
		}
		k.Photo = bytes.NewReader(shot(t))
		one := d.tick(t, k)
		in, err := d.Photo(t.Context(), one.ID)
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		b, err := io.ReadAll(in)
		if err != nil || !bytes.HasPrefix(b, []byte("\xff\xd8")) || bytes.Contains(b, []byte("GPS")) || bytes.Contains(b, []byte("Exif")) {
			t.Errorf("the photo still says where it was taken, or is none: %v", err)
		}
		for _, sent := range []string{"", "hello", "<svg/>", string(shot(t)[:30])} {
			k := round.Tick{Once: once(), Location: posters[1], State: round.Fine, By: "li", Photo: strings.NewReader(sent)}
			var e *problem.Error
			if _, err := d.Tick(t.Context(), k, nil); !errors.As(err, &e) {
				t.Errorf("the photo %.10q = %v, want it refused in words", sent, err)
			}
		}
		if _, err := d.Last(t.Context(), posters[1]); !problem.Is(err, problem.Missing) {
			t.Error("a finding with a broken photo was kept")
		}
	})
}

func TestPositionIsCoarseAndMayBeMissing(t *testing.T) {
	d := open(t, storetest.SQLite(t))
	for _, tt := range []struct {
		lat, lon string
		want     string
	}{
		{"30.123449", "104.98765", "30.1234, 104.9877"}, {" 30.1 ", "104.9", "30.1000, 104.9000"}, {"-33.5", "-70.1", "-33.5000, -70.1000"},
		{"", "", ""}, {"30.1", "", ""}, {"91", "10", ""}, {"10", "181", ""}, {"NaN", "NaN", ""}, {"Inf", "1", ""}, {"1e400", "1", ""}, {"0", "0", ""}, {"<b>", "1", ""},
	} {
		got := ""
		if s := round.ParseSpot(tt.lat, tt.lon); s != nil {
			got = s.String()
		}
		if got != tt.want {
			t.Errorf("ParseSpot(%q, %q) = %q, want %q", tt.lat, tt.lon, got, tt.want)
		}
	}
	first := d.tick(t, round.Tick{Once: once(), Location: posters[0], State: round.Fine, By: "li", Lat: "30.0000", Lon: "104.0000"})
	d.at = d.at.Add(time.Hour)
	moved := d.tick(t, round.Tick{Once: once(), Location: posters[0], State: round.Wrong, By: "li", Lat: "30.0100", Lon: "104.0000"})
	d.at = d.at.Add(time.Hour)
	back := d.tick(t, round.Tick{Once: once(), Location: posters[0], State: round.Fine, By: "li", Lat: "30.0001", Lon: "104.0001"})
	if first.Away != -1 || moved.Away != 1112 || back.Away < 10 || back.Away > 20 {
		t.Errorf("away %d, %d, %d metres, want unknown, 1112 and 15 from where it hung well", first.Away, moved.Away, back.Away)
	}
}

func TestCoverageTellsWhoIsOverdue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.tick(t, round.Tick{Once: once(), Location: posters[0], State: round.Fine, By: "li"})
		d.at = d.at.AddDate(0, 0, 20)
		d.tick(t, round.Tick{Once: once(), Location: posters[2], State: round.Covered, By: "li"})
		check := func(want string) {
			t.Helper()
			watches, due, err := d.Coverage(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			for _, w := range watches {
				fmt.Fprintf(&b, "%s %d/%d never %d bad %d; ", w.Division[:6], w.Fresh, w.Total, w.Never, w.Bad)
			}
			for _, one := range due {
				b.WriteString(one.Location.ID[7:])
			}
			if b.String() != want {
				t.Errorf("coverage %q, want %q", b.String(), want)
			}
		}
		check("530101 2/3 never 1 bad 1; 530102 0/1 never 1 bad 0; BD")
		d.at = d.at.AddDate(0, 0, 15)
		check("530101 1/3 never 1 bad 1; 530102 0/1 never 1 bad 0; BDA")
		if _, due, err := d.Coverage(t.Context(), west); err != nil || len(due) != 1 {
			t.Errorf("the other town has %d overdue, %v, want one", len(due), err)
		}
	})
}

// Whatever a phone says of its position, it is one on earth or none.
func FuzzParseSpot(f *testing.F) {
	f.Add("30.1", "104.9")
	f.Add("NaN", "-Inf")
	f.Add("1e9999", " 0x1p-2 ")
	f.Fuzz(func(t *testing.T, lat, lon string) {
		if s := round.ParseSpot(lat, lon); s != nil && (s.Lat > 900_000 || s.Lat < -900_000 || s.Lon > 1_800_000 || s.Lon < -1_800_000) {
			t.Errorf("ParseSpot(%q, %q) = %v", lat, lon, s)
		}
	})
}
