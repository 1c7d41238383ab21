package notify_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"mashang/aid/notify"
	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/i18n"
	"mashang/platform/calendar"
	"mashang/platform/kv"
	"mashang/platform/privacy"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

// clock is the time of a test, which it moves as it likes.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) Set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

func (c *clock) Add(d time.Duration) { c.Set(c.Now().Add(d)) }

// at is a moment in the county.
func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, i18n.Shanghai)
	if err != nil {
		panic(err)
	}
	return t
}

// county is a portal's part that tells people, over the sample county.
type county struct {
	*clock
	db    *store.DB
	keys  *privacy.Keyring
	words *i18n.Catalog
	rules notify.Rules
	log   bytes.Buffer
	desk  *notify.Desk
}

func newCounty(t testing.TB, db *store.DB) *county {
	t.Helper()
	c := &county{clock: &clock{at: at("2026-11-23 10:00")}, db: db, rules: notify.Rules{On: true}}
	var err error
	if c.keys, err = ring(); err != nil {
		t.Fatal(err)
	}
	if c.words, err = words(); err != nil {
		t.Fatal(err)
	}
	if db.Engine() != store.SQLite {
		if err := readIn(t.Context(), db, c.keys, c.Now); err != nil {
			t.Fatal(err)
		}
	}
	c.desk = c.instance(t)
	return c
}

// The sample county is read in once for a test binary, and every SQLite test begins with a copy of the file: under the
// race detector reading it in takes seconds.
var (
	ring  = sync.OnceValues(func() (*privacy.Keyring, error) { return privacy.ParseKeys(privacy.NewKey()) })
	words = sync.OnceValues(i18n.Load)
	whole = sync.OnceValues(func() (b []byte, err error) {
		dir, err := os.MkdirTemp("", "county")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(dir)
		keys, err := ring()
		if err != nil {
			return nil, err
		}
		db, err := store.Open(context.Background(), store.Options{Dir: dir})
		if err != nil {
			return nil, err
		}
		path := filepath.Join(dir, "whole")
		err = readIn(context.Background(), db, keys, func() time.Time { return at("2026-11-23 10:00") })
		if err == nil {
			err = db.Backup(context.Background(), path)
		}
		if err := errors.Join(err, db.Close()); err != nil {
			return nil, err
		}
		return os.ReadFile(path)
	})
)

// readIn reads the sample county into an empty database, without its posters and questions: texts know neither, and every
// instance would read them again.
func readIn(ctx context.Context, db *store.DB, keys *privacy.Keyring, now func() time.Time) error {
	memory := kv.NewMemory(now)
	places := &place.Gazetteer{DB: db, KV: memory, Keys: keys, Now: now}
	if err := places.Open(ctx); err != nil {
		return err
	}
	defer places.Close()
	library, err := policy.NewLibrary(ctx, db, memory, now)
	if err != nil {
		return err
	}
	defer library.Close()
	if err := sample.Load(ctx, sample.Parts{DB: db, Places: places, Library: library, Now: now}); err != nil {
		return err
	}
	for _, stmt := range []string{`DELETE FROM locations`, `DELETE FROM entries`} {
		if _, err := db.ExecContext(ctx, stmt); err != nil {
			return err
		}
	}
	return nil
}

// sqlite is a database that holds the sample county.
func sqlite(t testing.TB) *store.DB {
	t.Helper()
	b, err := whole()
	if err != nil {
		t.Fatal(err)
	}
	return storetest.SQLiteOf(t, b)
}

// each runs fn over the sample county on both engines.
func each(t *testing.T, fn func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run(store.SQLite, func(t *testing.T) { fn(t, sqlite(t)) })
	t.Run(store.Postgres, func(t *testing.T) { fn(t, storetest.Postgres(t)) })
}

// instance is another one on the same database.
func (c *county) instance(t testing.TB) *notify.Desk {
	t.Helper()
	memory := kv.NewMemory(c.Now)
	places := &place.Gazetteer{DB: c.db, KV: memory, Keys: c.keys, Now: c.Now}
	if err := places.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(places.Close)
	library, err := policy.NewLibrary(t.Context(), c.db, memory, c.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(library.Close)
	return &notify.Desk{
		DB: c.db, KV: open{memory}, Keys: c.keys, Key: []byte("a key of keyed hashes for tests!"), Library: library, Places: places, Words: c.words,
		Calendar: calendar.Load(), Rules: func() notify.Rules { return c.rules }, Base: &url.URL{Scheme: "https", Host: "ms.yunxi.example"}, Now: c.Now,
		Log: slog.New(slog.NewTextHandler(&c.log, nil)),
	}
}

// open is a state without limits, for tests of something else.
type open struct{ kv.Store }

func (open) Allow(context.Context, string, int, time.Duration) (bool, time.Duration, error) {
	return true, 0, nil
}

// parcel is what a gateway has received: sealed, and not yet sent.
type parcel struct {
	outbox, ID, Template, Params string
	NotAfter                     time.Time `json:"not_after"`
}

// parcels reads the outbox as a courier does.
func (c *county) parcels(t testing.TB) []parcel {
	t.Helper()
	all, err := store.All(context.Background(), c.db, func(rows *sql.Rows) (p parcel, err error) {
		var body string
		if err := rows.Scan(&p.outbox, &body); err != nil {
			return p, err
		}
		e := struct {
			Data *parcel `json:"data"`
		}{&p}
		return p, json.Unmarshal([]byte(body), &e)
	}, `SELECT id, body FROM webhook_messages WHERE topic = $1 ORDER BY created_at, id`, notify.Topic)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// key asks for the key of a parcel, as the gateway does right before it sends.
func (c *county) key(d *notify.Desk, p parcel, gateway string) (key string, err error) {
	err = c.db.Tx(context.Background(), func(q store.Queryer) error {
		o, err := d.Open(context.Background(), q, p.ID, gateway, "")
		key = o.Key
		return err
	})
	return key, err
}

// send opens every parcel that is there and returns the texts in order.
func (c *county) send(t testing.TB) (all []notify.Params) {
	t.Helper()
	for _, p := range c.parcels(t) {
		key, err := c.key(c.desk, p, "gateway")
		if err != nil {
			continue
		}
		params, err := notify.OpenParams(key, p.ID, p.Params)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, params)
		if _, err := c.db.ExecContext(context.Background(), `DELETE FROM webhook_messages WHERE id = $1`, p.outbox); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

var sixDigits = regexp.MustCompile(`\d{6}`)

func (c *county) wish(phone string) notify.Wish {
	return notify.Wish{Phone: phone, Situations: []string{"canzhang"}, Place: sample.Xinglin, Lang: i18n.Hans, Agreed: true}
}

// join subscribes and confirms with the code that arrives.
func (c *county) join(t testing.TB, w notify.Wish) {
	t.Helper()
	handle, err := c.desk.Join(t.Context(), w, "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	texts := c.send(t)
	if len(texts) == 0 {
		t.Fatal("no code came")
	}
	if use, err := c.desk.Confirm(t.Context(), handle, sixDigits.FindString(texts[len(texts)-1].Text), "192.0.2.1"); err != nil || use != "join" {
		t.Fatalf("Confirm() = %q, %v", use, err)
	}
}

func (c *county) tick(t testing.TB) {
	t.Helper()
	if err := c.desk.Tick(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}

// raise sets a new figure for rural dibao in the county from a day on.
func (c *county) raise(t testing.TB, cents int64, from string) {
	t.Helper()
	of := policy.Series{Programme: "dibao", Variant: "rural", Place: sample.County}
	day, err := place.ParseDay(from)
	if err != nil {
		t.Fatal(err)
	}
	shelf := c.desk.Library.Shelf()
	row := shelf.Series(of)[0]
	row.ID, row.Cents, row.From, row.To, row.Document = "test-"+from, cents, day, time.Time{}, "yunxi-minfa-2026-8"
	for _, s := range shelf.Series(of) {
		if s.From.Equal(day) {
			row.ID = s.ID // the day has a figure already: it is corrected
		}
	}
	rows := policy.Enter(shelf.Series(of), row)
	err = c.db.Tx(t.Context(), func(q store.Queryer) error { return c.desk.Library.PutStandards(t.Context(), q, rows) })
	if err == nil {
		err = c.desk.Library.Reload(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
}
