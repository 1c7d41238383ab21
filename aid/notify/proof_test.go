package notify_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/aid/notify"
	"mashang/i18n"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// outcome is what a course of weeks came to.
type outcome struct {
	sent, late, twice, night, crowded, over int
	left                                    int
	told                                    int // people who heard something
}

func (o outcome) broken() int { return o.late + o.twice + o.night + o.crowded + o.over }

// course lets people subscribe, change and leave at every moment over some weeks, while two instances work on the same
// database, one of them is broken off again and again, the clock jumps, and a gateway keeps parcels for as long as it
// likes before it sends them. hasty is a gateway that asks for the key when a parcel comes, not when it sends it.
func course(t *testing.T, c *county, people, weeks int, hasty bool) (o outcome) {
	t.Helper()
	random := rand.New(rand.NewPCG(7, 11))
	c.rules.Daily = max(5, people/4)
	c.tick(t)
	gone := map[string]time.Time{}
	phone := func(n int) string { return fmt.Sprintf("138%08d", n) }
	for n := range people {
		w := c.wish(phone(n))
		w.Situations = [][]string{{"shouru"}, {"laoren"}, {"shouru", "kanbing"}}[n%3]
		if n%2 == 0 {
			w.Born = "1946"
		}
		c.join(t, w)
	}
	other := c.instance(t)
	type held struct {
		parcel
		key string
	}
	var bag []held
	taken, texts, perDay := map[string]bool{}, map[string]int{}, map[string]int{}
	heard := map[string]bool{}
	pick := func() {
		for _, p := range c.parcels(t) {
			if taken[p.outbox] {
				continue
			}
			taken[p.outbox] = true
			h := held{parcel: p}
			if hasty {
				h.key, _ = c.key(c.desk, p, "gateway")
			}
			bag = append(bag, h)
		}
	}
	send := func() {
		for i := len(bag) - 1; i >= 0; i-- {
			if random.IntN(3) > 0 {
				continue
			}
			h := bag[i]
			bag = append(bag[:i], bag[i+1:]...)
			key := h.key
			if !hasty {
				d := c.desk
				if random.IntN(2) == 0 {
					d = other
				}
				var err error
				if key, err = c.key(d, h.parcel, "gateway"); err != nil {
					continue
				}
			}
			if key == "" {
				continue
			}
			p, err := notify.OpenParams(key, h.ID, h.Params)
			if err != nil {
				t.Fatal(err)
			}
			now := c.Now().In(i18n.Shanghai)
			o.sent++
			heard[p.To] = true
			if at, left := gone[p.To]; left && !now.Before(at) {
				o.late++
			}
			what := p.To + " " + h.Template + " " + p.Text[:strings.Index(p.Text, "/n/")]
			if texts[what]++; texts[what] > 1 {
				o.twice++
			}
			if now.Hour() < 9 || now.Hour() >= 20 {
				o.night++
			}
			day := now.Format(time.DateOnly)
			if perDay[p.To+day]++; perDay[p.To+day] > 1 {
				o.crowded++
			}
			if perDay[day]++; perDay[day] > c.rules.Daily {
				o.over++
			}
		}
	}
	leave := func() {
		for range 1 + people/100 {
			who := phone(random.IntN(people))
			if _, already := gone[who]; already {
				continue
			}
			err := c.db.Tx(t.Context(), func(q store.Queryer) error { return c.desk.LeaveFor(t.Context(), q, who, notify.ByStaff) })
			if err != nil {
				t.Fatal(err)
			}
			gone[who] = c.Now()
		}
	}
	cents := int64(71200)
	for step := range weeks * 7 * 4 {
		jump := time.Duration(random.IntN(11)+1) * time.Hour
		switch random.IntN(12) {
		case 0:
			jump = -time.Duration(random.IntN(30)) * time.Hour
		case 1:
			jump = 2 * 24 * time.Hour
		}
		c.Add(jump)
		if step%20 == 0 {
			cents += 100
			c.raise(t, cents, c.Now().In(i18n.Shanghai).Format(time.DateOnly))
		}
		var wg sync.WaitGroup
		patience := time.Duration(random.IntN(20)+1) * time.Millisecond
		wg.Go(func() { _ = c.desk.Tick(t.Context(), nil) })
		wg.Go(func() {
			ctx, stop := context.WithTimeout(t.Context(), patience)
			defer stop()
			_ = other.Tick(ctx, nil) // it is broken off wherever it stands
		})
		if step%3 == 0 {
			leave() // while both are at it
		}
		wg.Wait()
		pick()
		leave()
		send()
		if step%10 == 9 {
			other = c.instance(t) // begun anew
		}
	}
	o.left, o.told = len(gone), len(heard)
	return o
}

// hold runs a course and its control: those who left hear nothing, and the same check finds those whom a hasty gateway
// tells.
func hold(t *testing.T, db *store.DB, people, weeks int) {
	c := newCounty(t, db)
	o := course(t, c, people, weeks, false)
	t.Logf("%s: %d people, %d left, %d heard something, %d texts, %d after leaving, %d twice, %d at night, %d more than one a day, %d over the bound",
		db.Engine(), people, o.left, o.told, o.sent, o.late, o.twice, o.night, o.crowded, o.over)
	if o.broken() > 0 || o.sent < people/2 || o.left < people/4 {
		t.Errorf("%+v, want texts for nearly everybody and none that breaks a promise", o)
	}
	if f, err := c.desk.Figures(t.Context()); err != nil || f.After != 0 || f.Left != o.left {
		t.Errorf("the portal's own figures %+v, %v, want %d who left and nothing after it", f, err, o.left)
	}
}

func TestThoseWhoLeftHearNothing(t *testing.T) {
	hold(t, storetest.Postgres(t), 40, 2)
}

func TestTheCheckFindsAGatewayThatAsksTooEarly(t *testing.T) {
	c := newCounty(t, sqlite(t))
	if o := course(t, c, 25, 2, true); o.late == 0 {
		t.Errorf("%+v: the check finds nothing where it should", o)
	}
}

// TestNothingPersonalLiesOpen looks for planted numbers in everything that is on disk or was logged.
func TestNothingPersonalLiesOpen(t *testing.T) {
	dir := t.TempDir()
	b, err := whole()
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, store.File), b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	c := newCounty(t, db)
	c.tick(t)
	const phone, born = "13951870462", "1931"
	w := c.wish(phone)
	w.Born, w.Situations = born, []string{"canzhang"}
	c.join(t, w)
	c.Add(time.Minute)
	c.raise(t, 75000, "2026-11-23")
	c.tick(t)
	if len(c.parcels(t)) != 1 {
		t.Fatal("nothing was queued")
	}
	looked := 0
	search := func(when string, words ...string) {
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				continue
			}
			looked += len(b)
			for _, word := range words {
				if strings.Contains(string(b), word) {
					t.Errorf("%s: %s holds %q", when, filepath.Base(f), word)
				}
			}
		}
		for _, word := range words {
			if strings.Contains(c.log.String(), word) {
				t.Errorf("%s: the log holds %q", when, word)
			}
		}
	}
	search("subscribed", phone, `"born":`+born)
	var key, sealed string
	if err := db.QueryRowContext(t.Context(), `SELECT wrapped_key, sealed FROM notify_people`).Scan(&key, &sealed); err != nil {
		t.Fatal(err)
	}
	if err := db.Tx(t.Context(), func(q store.Queryer) error { return c.desk.LeaveFor(t.Context(), q, phone, notify.ByErase) }); err != nil {
		t.Fatal(err)
	}
	if err := db.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	search("left", phone, key, sealed)
	if looked < 1<<20 {
		t.Errorf("only %d bytes were looked at", looked)
	}
	// The control: what does lie open is found.
	if _, err := db.ExecContext(t.Context(), `INSERT INTO notify_seen (fact, due_at) VALUES ($1, 0)`, phone); err != nil {
		t.Fatal(err)
	}
	found := false
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, f := range files {
		b, _ := os.ReadFile(f)
		found = found || strings.Contains(string(b), phone)
	}
	if !found {
		t.Error("the search finds nothing where something lies")
	}
}
