package scan_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"mashang/aid/place"
	"mashang/aid/place/scan"
	"mashang/i18n"
	"mashang/platform/kv"
	"mashang/platform/store"
)

// The divisions of the tests' county: a town with two villages, and another with one.
const (
	county = "530100000000"
	east   = "530101000000"
	plum   = "530101200000"
	peach  = "530101201000"
	west   = "530102000000"
	willow = "530102200000"
)

// clock is one that a test moves.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func midnight(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, i18n.Shanghai)
}

// gazetteer enters the county with n posters in each village and as many at each town's hall.
func gazetteer(t testing.TB, db *store.DB, now func() time.Time, n int) *place.Gazetteer {
	t.Helper()
	g := &place.Gazetteer{DB: db, KV: kv.NewMemory(now), Now: now}
	if err := g.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	var locations []place.Location
	for _, code := range []string{east, plum, peach, west, willow} {
		for range n {
			i := len(locations)
			locations = append(locations, place.Location{ID: locationID(i), Division: code, Name: i18n.Text{Hans: fmt.Sprint("点位", i)}, Kind: "hall", Number: fmt.Sprintf("%04d", i), State: place.Active})
		}
	}
	put(t, g, []place.Division{
		{Code: county, Name: i18n.Text{Hans: "测试县"}, Level: place.County},
		{Code: east, Name: i18n.Text{Hans: "东镇"}, Level: place.Town, Parent: county},
		{Code: west, Name: i18n.Text{Hans: "西镇"}, Level: place.Town, Parent: county},
		{Code: plum, Name: i18n.Text{Hans: "梅村"}, Level: place.Village, Parent: east},
		{Code: peach, Name: i18n.Text{Hans: "桃村"}, Level: place.Village, Parent: east},
		{Code: willow, Name: i18n.Text{Hans: "柳村"}, Level: place.Village, Parent: west},
	}, locations)
	return g
}

func put(t testing.TB, g *place.Gazetteer, divisions []place.Division, locations []place.Location) {
	t.Helper()
	err := g.DB.Tx(t.Context(), func(q store.Queryer) error {
		if err := g.PutDivisions(t.Context(), q, divisions); err != nil {
			return err
		}
		return g.PutLocations(t.Context(), q, locations)
	})
	if err == nil {
		err = g.Reload(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// row is one hour of counts, written as a counter would.
type row struct {
	location string
	at       time.Time
	kind     string
	n        int64
}

func count(t testing.TB, db *store.DB, rows ...row) {
	t.Helper()
	err := db.Tx(t.Context(), func(q store.Queryer) error {
		for _, r := range rows {
			if _, err := q.ExecContext(context.Background(), `INSERT INTO scans (location, hour, kind, n) VALUES ($1, $2, $3, $4)
				ON CONFLICT (location, hour, kind) DO UPDATE SET n = scans.n + excluded.n`, r.location, store.At(r.at.Truncate(time.Hour)), r.kind, r.n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func figures(t testing.TB, l *scan.Ledger, q scan.Query) scan.Figures {
	t.Helper()
	f, err := l.Figures(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func roll(t testing.TB, l *scan.Ledger) {
	t.Helper()
	if err := l.Roll(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}

// wide enters a county of the pilot's shape: three towns, 116 villages, n posters in each.
func wide(t testing.TB, db *store.DB, now func() time.Time, n int) *place.Gazetteer {
	t.Helper()
	g := gazetteer(t, db, now, 0)
	var divisions []place.Division
	var locations []place.Location
	for v := range 116 {
		town := []string{east, west, county}[v%3]
		code := fmt.Sprintf("5301%02d%03d000", 10+v%3, 200+v)
		divisions = append(divisions, place.Division{Code: code, Name: i18n.Text{Hans: fmt.Sprint("村", v)}, Level: place.Village, Parent: town})
		for range n {
			i := len(locations)
			locations = append(locations, place.Location{ID: locationID(i), Division: code, Name: i18n.Text{Hans: fmt.Sprint("点位", i)}, Kind: "hall", Number: fmt.Sprintf("%04d", i), State: place.Active})
		}
	}
	put(t, g, divisions, locations)
	return g
}
