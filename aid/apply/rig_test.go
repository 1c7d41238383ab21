package apply_test

import (
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"mashang/aid/apply"
	"mashang/aid/apply/applytest"
	"mashang/aid/cases"
	"mashang/aid/place"
	"mashang/i18n"
	"mashang/platform/calendar"
	"mashang/platform/files"
	"mashang/platform/kv"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
)

var newDay = time.Date(2026, 11, 18, 10, 24, 0, 0, i18n.Shanghai)

const (
	county  = "990121000000"
	liuhe   = "990121100000"
	xinglin = "990121100201"
	poster  = "AAAAAAAA"
)

// rig is a desk on a database, in a small county, with a clock that a test moves.
type rig struct {
	*apply.Desk
	ring string // the keys, as they are configured
	mu   sync.Mutex
	at   time.Time
}

func (r *rig) now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.at
}

func (r *rig) pass(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at = r.at.Add(d)
}

func newRig(t testing.TB, db *store.DB) *rig {
	t.Helper()
	r := &rig{ring: privacy.NewKey(), at: newDay}
	keys, err := privacy.ParseKeys(r.ring)
	if err != nil {
		t.Fatal(err)
	}
	shared := kv.NewMemory(r.now)
	g := &place.Gazetteer{DB: db, KV: shared, Now: r.now}
	if err := g.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	named := func(s string) i18n.Text { return i18n.Text{Hans: s} }
	err = db.Tx(t.Context(), func(q store.Queryer) error {
		return errors.Join(g.PutDivisions(t.Context(), q, []place.Division{
			{Code: county, Name: named("云溪县"), Level: place.County},
			{Code: liuhe, Name: named("柳河镇"), Level: place.Town, Parent: county},
			{Code: xinglin, Name: named("杏林村"), Level: place.Village, Parent: liuhe},
		}), g.PutLocations(t.Context(), q, []place.Location{
			{ID: poster, Division: xinglin, Name: named("便民服务点"), Kind: "hall", Number: "0137", State: place.Active, Roster: xinglin},
			{ID: "BBBBBBBB", Division: xinglin, Name: named("老村口"), Kind: "hall", Number: "0138", State: place.Retired},
		}))
	})
	if err == nil {
		err = g.Reload(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	secrets := &privacy.Secrets{DB: db, Keys: keys}
	registry, err := cases.New(t.Context(), cases.Parts{DB: db, Keys: keys, Secrets: secrets, KV: shared, Calendar: calendar.Load(), Now: r.now, BaseURL: "https://ms.yunxi.example"})
	if err != nil {
		t.Fatal(err)
	}
	r.Desk = &apply.Desk{DB: db, Keys: keys, Secrets: secrets, Vault: &files.Vault{DB: db, Keys: keys, Now: r.now}, Cases: registry, Places: g, KV: shared, Now: r.now}
	return r
}

func (r *rig) start(t testing.TB) apply.Draft {
	t.Helper()
	d, err := r.Start(t.Context(), "dibao", poster)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// fill types a whole application into a draft, page by page, as a browser would.
func (r *rig) fill(t testing.TB, d apply.Draft, a apply.Application) apply.Draft {
	t.Helper()
	keys, posted := applytest.Pages(a)
	for _, key := range keys {
		saved, err := r.SavePage(t.Context(), d.ID, d.Secret, key, posted[key])
		if len(posted[key]) > 0 && err != nil {
			t.Fatalf("page %s: %v", key, err)
		}
		saved.Secret = d.Secret
		d = saved
	}
	return d
}

// fieldsOf is what a problem says about fields, or nil.
func fieldsOf(err error) map[string]string {
	var p *problem.Error
	if !errors.As(err, &p) {
		return nil
	}
	return p.Fields
}

func example(n int) apply.Application { return applytest.Example("dibao", poster, xinglin, n) }

// body is what the office fetches about a case.
func body(t testing.TB, r *rig, receipt string) apply.Document {
	t.Helper()
	raw, err := r.Cases.Body(t.Context(), receipt)
	if err != nil {
		t.Fatal(err)
	}
	var doc apply.Document
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// with is values with some changed.
func with(v url.Values, pairs ...string) url.Values {
	out := maps.Clone(v)
	for i := 0; i+1 < len(pairs); i += 2 {
		out[pairs[i]] = []string{pairs[i+1]}
	}
	return out
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

func scanString(rows *sql.Rows) (string, error) {
	var s string
	return s, rows.Scan(&s)
}
