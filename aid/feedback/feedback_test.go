package feedback_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/aid/cases"
	"mashang/aid/feedback"
	"mashang/aid/place"
	"mashang/i18n"
	"mashang/platform/calendar"
	"mashang/platform/kv"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/platform/webhook"
)

const (
	county  = "990121000000"
	town    = "990121100000"
	village = "990121100201"
)

// world is a box with what it needs, and a back office that hears everything.
type world struct {
	*feedback.Box
	db *store.DB
	mu sync.Mutex
	at time.Time
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.Add(d)
}

func newWorld(t testing.TB, db *store.DB) *world {
	t.Helper()
	w := &world{db: db, at: time.Date(2026, 11, 21, 12, 0, 0, 0, i18n.Shanghai)}
	keys, err := privacy.ParseKeys(privacy.NewKey())
	must(t, err)
	shared := kv.NewMemory(w.now)
	places := &place.Gazetteer{DB: db, KV: shared, Now: w.now}
	must(t, places.Open(t.Context()))
	t.Cleanup(places.Close)
	said := func(s string) i18n.Text { return i18n.Text{Hans: s} }
	must(t, db.Tx(t.Context(), func(q store.Queryer) error {
		return places.PutDivisions(t.Context(), q, []place.Division{
			{Code: county, Name: said("云溪县"), Level: place.County}, {Code: town, Name: said("柳河镇"), Level: place.Town, Parent: county},
			{Code: village, Name: said("杏林村"), Level: place.Village, Parent: town},
		})
	}))
	must(t, places.Reload(t.Context()))
	registry, err := cases.New(t.Context(), cases.Parts{
		DB: db, Keys: keys, Secrets: &privacy.Secrets{DB: db, Keys: keys}, KV: shared, Calendar: calendar.Load(), Now: w.now, BaseURL: "https://ms.yunxi.example",
	})
	must(t, err)
	w.Box = &feedback.Box{DB: db, Cases: registry, Places: places, Key: []byte("a key for tests"), Now: w.now}
	book := &webhook.Book{DB: db, Keys: keys, Now: w.now}
	_, _, err = book.Add(t.Context(), webhook.Endpoint{Name: "office", URL: "https://office.example/hooks"}, webhook.Credentials{})
	must(t, err)
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// filed is a case somebody may rate.
func (w *world) filed(t testing.TB) cases.Filed {
	t.Helper()
	f, err := w.Cases.File(t.Context(), cases.Filing{Kind: cases.Application, Programme: "dibao", Division: village, Scope: []string{village, town, county}, Body: "x", Proof: "1234"})
	must(t, err)
	return f
}

// event is one message of the outbox.
type event struct {
	Type string
	Data map[string]any
}

func (w *world) events(t testing.TB) []event {
	t.Helper()
	rows, err := w.db.QueryContext(t.Context(), `SELECT body FROM webhook_messages ORDER BY created_at, id`)
	must(t, err)
	defer rows.Close()
	var all []event
	for rows.Next() {
		var body string
		must(t, rows.Scan(&body))
		var e event
		must(t, json.Unmarshal([]byte(body), &e))
		if strings.HasPrefix(e.Type, "feedback.") {
			all = append(all, e)
		}
	}
	must(t, rows.Err())
	return all
}

func (w *world) work(t testing.TB) (open int) {
	t.Helper()
	n, err := w.Cases.Count(t.Context(), cases.Filter{Kind: cases.Feedback, Open: true})
	must(t, err)
	return n
}

func TestABadRatingOfACaseOpensWorkAndAGoodOneTakesItBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		c := w.filed(t)
		ticket := w.Write(feedback.ForCase(c.ID, feedback.Done, "dibao", village))
		g, err := w.Give(t.Context(), ticket, 1, []string{"slow", "manner", "slow"}, false)
		must(t, err)
		if g.Work == "" || w.work(t) != 1 || !slices.Equal(g.Reasons, []string{"manner", "slow"}) {
			t.Errorf("given %+v, %d cases are open", g, w.work(t))
		}
		d, err := w.Cases.List(t.Context(), cases.Filter{Kind: cases.Feedback})
		must(t, err)
		body, err := w.Cases.Body(t.Context(), d[0].Receipt)
		must(t, err)
		if !strings.Contains(string(body), c.Receipt) || !slices.Equal(d[0].Scope, []string{village, town, county}) {
			t.Errorf("the work says %s to %v", body, d[0].Scope)
		}
		// The same tap again is nothing new; another level is, and it takes the work back.
		_, err = w.Give(t.Context(), ticket, 1, []string{"manner", "slow"}, false)
		must(t, err)
		w.pass(time.Minute)
		g, err = w.Give(t.Context(), w.Write(feedback.ForCase(c.ID, feedback.Done, "dibao", village)), 4, []string{"slow"}, false)
		must(t, err)
		if g.Work != "" || w.work(t) != 0 || len(g.Reasons) != 0 {
			t.Errorf("made good it is %+v, %d cases are open", g, w.work(t))
		}
		got := w.events(t)
		if len(got) != 2 {
			t.Fatalf("%d events left: %v", len(got), got)
		}
		if got[0].Data["id"] != got[1].Data["id"] || got[0].Data["level"] != 1.0 || got[1].Data["level"] != 4.0 || got[1].Data["changed"] != true || got[0].Data["receipt"] == nil {
			t.Errorf("the outside hears %v", got)
		}
		for _, e := range got {
			if e.Type != "feedback.given" || e.Data["programme"] != "dibao" || e.Data["division"] != village || e.Data["about"] != "case" || e.Data["stage"] != "done" {
				t.Errorf("an event is %v", e)
			}
		}
		w.pass(25 * time.Hour)
		if _, err := w.Give(t.Context(), ticket, 5, nil, false); !problem.Is(err, problem.Conflict) {
			t.Errorf("after a day it can still be changed: %v", err)
		}
		if err := w.Undo(t.Context(), ticket); !problem.Is(err, problem.Conflict) {
			t.Errorf("after a day it can still be taken back: %v", err)
		}
	})
}

func TestARatingIsTakenBackWithinADay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		c := w.filed(t)
		tk := feedback.ForCase(c.ID, feedback.Filed, "dibao", village)
		ticket := w.Write(tk)
		must(t, w.Undo(t.Context(), ticket)) // nothing was given: nothing happens
		_, err := w.Give(t.Context(), ticket, 2, nil, false)
		must(t, err)
		w.pass(time.Minute)
		must(t, w.Undo(t.Context(), ticket))
		if _, known, err := w.Find(t.Context(), tk); known || err != nil || w.work(t) != 0 {
			t.Errorf("taken back it is known=%v, %v, %d cases are open", known, err, w.work(t))
		}
		if got := w.events(t); len(got) != 2 || got[1].Type != "feedback.withdrawn" || got[0].Data["id"] != got[1].Data["id"] {
			t.Errorf("the outside hears %v", got)
		}
		_, err = w.Give(t.Context(), ticket, 2, nil, false)
		must(t, err)
		if w.work(t) != 1 {
			t.Error("given again it opens no work")
		}
	})
}

func TestOnlyWeSignTickets(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	ticket := w.Write(feedback.For(feedback.Page, "dibao", village))
	for name, s := range map[string]string{
		"nothing": "", "words": "hello", "another village": strings.Replace(ticket, village, county, 1), "cut": ticket[:len(ticket)-2],
		"long": strings.Repeat("~", 4000), "a case": strings.Replace(ticket, "page", "case", 1),
	} {
		if _, err := w.Give(t.Context(), s, 5, nil, false); !problem.Is(err, problem.Gone) {
			t.Errorf("%s is taken: %v", name, err)
		}
	}
	if _, err := w.Read(ticket); err != nil {
		t.Errorf("our own ticket: %v", err)
	}
	var wrong *problem.Error
	for _, tt := range []struct {
		level   feedback.Level
		reasons []string
		field   string
	}{{0, nil, "level"}, {6, nil, "level"}, {1, []string{"<script>"}, "reason"}, {1, []string{"slow"}, "reason"}} {
		if _, err := w.Give(t.Context(), ticket, tt.level, tt.reasons, false); !errors.As(err, &wrong) || wrong.Fields[tt.field] == "" {
			t.Errorf("level %d with %v: %v", tt.level, tt.reasons, err)
		}
	}
	w.pass(8 * 24 * time.Hour)
	if _, err := w.Read(ticket); !problem.Is(err, problem.Gone) {
		t.Errorf("an old ticket: %v", err)
	}
}

func TestOneTicketRatesOnceHoweverOftenItIsTapped(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		c := w.filed(t)
		ticket := w.Write(feedback.ForCase(c.ID, feedback.Done, "dibao", village))
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if _, err := w.Give(t.Context(), ticket, 1, nil, false); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := w.work(t); n != 1 {
			t.Errorf("eight taps open %d cases", n)
		}
		from, to := feedback.Months(w.now(), 1)
		if got, err := w.Totals(t.Context(), feedback.Filter{From: from, To: to}); err != nil || got.All.N != 1 || len(w.events(t)) != 1 {
			t.Errorf("eight taps count %d, %d events, %v", got.All.N, len(w.events(t)), err)
		}
	})
}

func TestTotalsHideSmallCounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		give := func(n int, programme, division string, l feedback.Level, crowded bool, reasons ...string) {
			for range n {
				_, err := w.Give(t.Context(), w.Write(feedback.For(feedback.Page, programme, division)), l, reasons, crowded)
				must(t, err)
			}
		}
		give(9, "dibao", village, 5, false)
		give(1, "dibao", village, 1, false, "hard", "phone")
		give(6, "tekun", town, 4, false)
		give(2, "tekun", village, 2, false, "hard")
		give(7, "dibao", village, 1, true)
		w.pass(31 * 24 * time.Hour)
		give(5, "dibao", town, 3, false)
		from, to := feedback.Months(w.now(), 3)
		if from != "2026-10" || to != "2026-12" {
			t.Errorf("three months are %s to %s", from, to)
		}
		f := feedback.Filter{From: from, To: to}
		got, err := w.Totals(t.Context(), f)
		must(t, err)
		if got.All.N != 23 || got.All.Bad() != 3 || got.All.Crowded != 7 || got.All.Satisfied() != 87 || fmt.Sprint(got.All.Reasons) != "map[hard:3 phone:1]" {
			t.Errorf("all in all %+v, %d%%", got.All, got.All.Satisfied())
		}
		if len(got.Months) != 3 || got.Months[0].Of.N != 0 || got.Months[1].Of.N != 18 || got.Programmes[0].Name != "tekun" {
			t.Errorf("by month %+v, by programme %+v", got.Months, got.Programmes)
		}
		f.Within = func(division string) bool { return division == village }
		if got, err = w.Totals(t.Context(), f); err != nil || got.All.N != 12 {
			t.Errorf("within a village %d, %v", got.All.N, err)
		}
		f.Within = nil
		lines, err := w.Lines(t.Context(), f)
		must(t, err)
		hidden, shown := 0, 0
		for _, l := range lines {
			if l.Sum.N < 0 {
				hidden++
				if l.Sum.Levels != [6]int{} || len(l.Sum.Reasons) > 0 {
					t.Errorf("a hidden line keeps %+v", l)
				}
				continue
			}
			shown += l.Sum.N
		}
		// Two were given for tekun in the village. That line alone could be worked out from a total, so the next smallest goes with it.
		if len(lines) != 4 || hidden != 2 || shown != 15 {
			t.Errorf("%d lines, %d hidden, %d shown: %+v", len(lines), hidden, shown, lines)
		}
	})
}

func FuzzTicket(f *testing.F) {
	w := &feedback.Box{Key: []byte("a key for tests"), Now: func() time.Time { return time.Unix(1_790_000_000, 0) }}
	f.Add(w.Write(feedback.For(feedback.Answer, "dibao", village)))
	f.Add("case~done~x~dibao~990121100201~~abc~AAAA")
	f.Add("~~~~~~~")
	f.Fuzz(func(t *testing.T, s string) {
		tk, err := w.Read(s)
		if err != nil {
			return
		}
		if again, err := w.Read(w.Write(tk)); err != nil || again.Subject != tk.Subject || again.Division != tk.Division {
			t.Errorf("%q reads as %+v and comes back as %+v, %v", s, tk, again, err)
		}
	})
}
