package cases_test

import (
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"mashang/aid/cases"
	"mashang/platform/calendar"
	"mashang/platform/kv"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/webhook"
)

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// at is a moment of November 2026 in Shanghai; the 20th is a Friday.
func at(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour, minute, 0, 0, calendar.Shanghai())
}

// world is a registry with everything it needs.
type world struct {
	*cases.Registry
	clock *clock
	book  *webhook.Book
	keys  string
}

func law(programme string) cases.Clocks {
	if programme != "dibao" {
		return cases.Clocks{}
	}
	return cases.Clocks{
		"decide": {Days: 30, Unit: "workday"}, "special": {Days: 45, Unit: "workday"}, "visit": {Days: 3, Unit: "workday"},
		"publicity": {Days: 7, Unit: "day"}, "notice": {Days: 3, Unit: "workday"}, "pay": {Days: 1, Unit: "month"},
	}
}

func ring(t testing.TB, text string) *privacy.Keyring {
	t.Helper()
	k, err := privacy.ParseKeys(text)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func newWorld(t testing.TB, db *store.DB) *world {
	t.Helper()
	w := &world{clock: &clock{at: at(20, 10, 41)}, keys: privacy.NewKey()}
	keys := ring(t, w.keys)
	var err error
	w.Registry, err = cases.New(t.Context(), cases.Parts{
		DB: db, Keys: keys, Secrets: &privacy.Secrets{DB: db, Keys: keys}, KV: kv.NewMemory(w.clock.Now),
		Calendar: calendar.Load(), Now: w.clock.Now, Law: law, BaseURL: "https://ms.yunxi.example",
	})
	if err != nil {
		t.Fatal(err)
	}
	w.book = &webhook.Book{DB: db, Keys: keys, Now: w.clock.Now}
	return w
}

func application() cases.Filing {
	return cases.Filing{
		Kind: cases.Application, Programme: "dibao", Location: "ABCDEFGH", Division: "990121100201",
		Scope: []string{"990121100201", "990121100000", "990121000000"}, For: "self", Person: "PERSON1", Unique: true,
		Body:  map[string]any{"applicant": map[string]any{"name": "张大爷", "id": "11010519491231002X"}},
		Proof: "002X", Papers: []string{},
	}
}

func file(t testing.TB, w *world, f cases.Filing) cases.Filed {
	t.Helper()
	filed, err := w.File(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return filed
}

func apply(t testing.TB, w *world, id string, ev cases.StatusEvent) {
	t.Helper()
	if ev.Source == "" {
		ev.Source = "office"
	}
	if err := w.Apply(t.Context(), id, ev); err != nil {
		t.Fatal(err)
	}
}

func view(t testing.TB, w *world, f cases.Filed) cases.View {
	t.Helper()
	v, err := w.ByToken(t.Context(), f.Token)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func key(err error) string {
	var p *problem.Error
	if errors.As(err, &p) {
		return p.Key
	}
	return ""
}

// outbox reads the bodies of all messages, oldest first.
func outbox(t testing.TB, db store.Queryer) []map[string]any {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT body FROM webhook_messages ORDER BY created_at, id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []map[string]any
	for rows.Next() {
		var body string
		var m map[string]any
		if err := rows.Scan(&body); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(body), &m); err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
	return all
}

func newKey() string { return privacy.NewKey() }
