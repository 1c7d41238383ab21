package api_test

import (
	"log/slog"
	"net/http/httptest"
	"testing"
	"time"

	"mashang/aid/cases"
	"mashang/aid/feedback"
	"mashang/aid/place"
	"mashang/aid/place/scan"
	"mashang/aid/policy"
	"mashang/api"
	"mashang/api/apitest"
	"mashang/frontend"
	"mashang/i18n"
	"mashang/platform/calendar"
	"mashang/platform/kv"
	"mashang/platform/privacy"
	"mashang/platform/settings"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/qr"
	"mashang/sample"
)

// noon is when the tests happen.
var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, i18n.Shanghai)

// portal is a running portal over the sample county, with the rooms of the
// first doors: places, policy, codes.
type portal struct {
	*httptest.Server
	Codes    *qr.Signer
	Places   *place.Gazetteer
	Library  *policy.Library
	Counter  *scan.Counter
	Settings *settings.Book
	DB       *store.DB
	Log      *apitest.Log
}

func newPortal(t testing.TB, change func(*api.Parts)) *portal {
	t.Helper()
	ctx := t.Context()
	now := func() time.Time { return noon }
	p := &portal{DB: storetest.SQLite(t), Log: &apitest.Log{}, Codes: qr.NewSigner([]byte("a signing key for tests"))}
	log := slog.New(slog.NewJSONHandler(p.Log, nil))
	memory := kv.NewMemory(now)
	t.Cleanup(func() { memory.Close() })

	p.Places = &place.Gazetteer{DB: p.DB, KV: memory, Now: now, Log: log}
	must(t, p.Places.Open(ctx))
	t.Cleanup(p.Places.Close)
	p.Library = &policy.Library{DB: p.DB, KV: memory, Now: now, Log: log}
	must(t, p.Library.Open(ctx))
	t.Cleanup(p.Library.Close)
	must(t, sample.Load(ctx, sample.Parts{DB: p.DB, Places: p.Places, Library: p.Library, Now: now}))

	p.Counter = scan.NewCounter(p.DB, now, log)
	t.Cleanup(func() { p.Counter.Close() })
	words, err := i18n.Load()
	must(t, err)
	face, err := frontend.New(words, frontend.Options{})
	must(t, err)
	keys, err := privacy.ParseKeys(privacy.NewKey())
	must(t, err)
	registry, err := cases.New(ctx, cases.Parts{
		DB: p.DB, Keys: keys, Secrets: &privacy.Secrets{DB: p.DB, Keys: keys}, KV: memory, Calendar: calendar.Load(), Now: now, Log: log,
	})
	must(t, err)
	book := &settings.Book{DB: p.DB, KV: memory, Now: now, Log: log, Hotline: "12345"}
	must(t, book.Open(ctx))
	t.Cleanup(book.Close)
	p.Settings = book
	parts := api.Parts{
		BaseURL: "https://ms.yunxi.example", Sample: true, Log: log, Now: now, DB: p.DB, KV: memory, Words: words, Face: face,
		Codes: p.Codes, Places: p.Places, Counter: p.Counter, Library: p.Library, Cases: registry, Settings: book,
		Feedback: &feedback.Box{DB: p.DB, Cases: registry, Places: p.Places, Key: []byte("a key for tickets in tests"), Now: now},
	}
	if change != nil {
		change(&parts)
	}
	s, err := api.New(parts)
	must(t, err)
	p.Server = httptest.NewServer(s.Handler())
	t.Cleanup(p.Close)
	return p
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// hall is the code at the hall of the town's first village.
func (p *portal) hall(t testing.TB, town string) string {
	t.Helper()
	a := p.Places.Atlas()
	for _, v := range a.Children(town) {
		for _, l := range a.Locations(v.Code) {
			if l.Kind == "hall" && l.State == place.Active {
				return p.Codes.Code(l.ID)
			}
		}
	}
	t.Fatalf("no hall in %s", town)
	return ""
}

// xinglin is the code of poster 0137.
func (p *portal) xinglin(t testing.TB) string {
	t.Helper()
	for _, l := range p.Places.Atlas().Locations(sample.Xinglin) {
		if l.Number == "0137" {
			return p.Codes.Code(l.ID)
		}
	}
	t.Fatal("no poster 0137")
	return ""
}

// inState is the code of a location that is moved, retired or lost.
func (p *portal) inState(t testing.TB, state string) (string, place.Location) {
	t.Helper()
	a := p.Places.Atlas()
	for _, v := range a.Villages() {
		for _, l := range a.Locations(v.Code) {
			if l.State == state {
				return p.Codes.Code(l.ID), l
			}
		}
	}
	t.Fatalf("no location is %s", state)
	return "", place.Location{}
}
