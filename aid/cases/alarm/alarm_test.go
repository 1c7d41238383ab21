package alarm_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/aid/cases"
	"mashang/aid/cases/alarm"
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
	liuhe   = "990121100000"
	xinglin = "990121100201"
)

// watch is a desk beside a registry in a small county, with a clock that a test moves.
type watch struct {
	*alarm.Desk
	cases *cases.Registry
	mu    sync.Mutex
	at    time.Time
	texts []alarm.Text
}

func (w *watch) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *watch) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.Add(d)
}

func newWatch(t testing.TB, db *store.DB) *watch {
	t.Helper()
	w := &watch{at: time.Date(2026, 11, 20, 10, 0, 0, 0, i18n.Shanghai)}
	keys, err := privacy.ParseKeys(privacy.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	shared := kv.NewMemory(w.now)
	g := &place.Gazetteer{DB: db, KV: shared, Now: w.now}
	if err := g.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	err = db.Tx(t.Context(), func(q store.Queryer) error {
		return g.PutDivisions(t.Context(), q, []place.Division{
			{Code: county, Name: i18n.Text{Hans: "云溪县"}, Level: place.County},
			{Code: liuhe, Name: i18n.Text{Hans: "柳河镇"}, Level: place.Town, Parent: county},
			{Code: xinglin, Name: i18n.Text{Hans: "杏林村"}, Level: place.Village, Parent: liuhe},
		})
	})
	if err == nil {
		err = g.Reload(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	w.cases, err = cases.New(t.Context(), cases.Parts{DB: db, Keys: keys, Secrets: &privacy.Secrets{DB: db, Keys: keys}, KV: shared, Calendar: calendar.Load(), Now: w.now})
	if err != nil {
		t.Fatal(err)
	}
	w.Desk, err = alarm.New(alarm.Desk{DB: db, Keys: keys, Places: g, Now: w.now, Send: w.send})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// send keeps texts in the transaction, so that one that is rolled back sends none.
func (w *watch) send(ctx context.Context, q store.Queryer, x alarm.Text) error {
	_, err := webhook.Enqueue(ctx, q, webhook.Message{Topic: "notification.sms", Data: map[string]string{"place": x.Place}, At: w.now()})
	w.texts = append(w.texts, x)
	return err
}

func (w *watch) call(t testing.TB, from cases.Caller) cases.Filed {
	t.Helper()
	f, err := w.cases.File(t.Context(), cases.Filing{Kind: cases.Emergency, Programme: "linshi_jinan", Division: xinglin, Scope: []string{xinglin, liuhe, county},
		Body: map[string]string{"who": "张大爷"}, Caller: from})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func (w *watch) tick(t testing.TB) {
	t.Helper()
	if err := w.Tick(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}

func (w *watch) onDuty(t testing.TB, db *store.DB, division, phone, hours string) {
	t.Helper()
	o, err := alarm.CheckOfficer(division, "李值班", phone, hours)
	if err == nil {
		err = db.Tx(t.Context(), func(q store.Queryer) error { _, err := w.Add(t.Context(), q, o, "admin"); return err })
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (w *watch) done(t testing.TB, f cases.Filed) string {
	t.Helper()
	all, err := w.Steps(t.Context(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, s := range all {
		out = append(out, fmt.Sprintf("%d:%s:%d", int(s.At.Sub(f.ReceivedAt).Minutes()), s.What, s.Heard))
	}
	return strings.Join(out, " ")
}

// topics lists the messages about calls, oldest first.
func topics(t testing.TB, db *store.DB) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT topic, scope FROM webhook_messages WHERE topic LIKE 'emergency.%' ORDER BY created_at, id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var topic, scope string
		if err := rows.Scan(&topic, &scope); err != nil {
			t.Fatal(err)
		}
		out = append(out, topic)
		if topic == alarm.Topic && strings.Contains(scope, liuhe) {
			t.Error("the word to the county went to the town")
		}
	}
	return out
}

func TestCallIsSaidLouderUntilSomebodyReadsIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWatch(t, db)
		w.onDuty(t, db, liuhe, "13855550012", "")
		w.onDuty(t, db, county, "13855550013", "")
		f := w.call(t, cases.Caller{})
		for range 9 {
			w.pass(time.Minute)
			w.tick(t)
		}
		if got := w.done(t, f); got != "" {
			t.Fatalf("in the first minutes %q was done, want nothing: the message itself is under way", got)
		}
		for range 56 {
			w.pass(time.Minute)
			w.tick(t)
		}
		want := "10:again:0 20:town:1 40:again:0 40:town:1 60:county:1"
		if got := w.done(t, f); got != want {
			t.Fatalf("within the hour %q was done, want %q", got, want)
		}
		if len(w.texts) != 3 || w.texts[0].Phone.Plain() != "13855550012" || w.texts[2].Phone.Plain() != "13855550013" || w.texts[0].Calls != 1 {
			t.Errorf("texts %+v, want two to the town and one to the county", w.texts)
		}
		if got := topics(t, db); len(got) != 4 || got[1] != "emergency.reported" || got[3] != alarm.Topic {
			t.Errorf("messages %q, want the call, two reminders and the word to the county", got)
		}
		c, err := w.cases.Acknowledge(t.Context(), f.Receipt, liuhe, liuhe, "wang", nil)
		if err != nil || c.Acknowledged.IsZero() || c.Status != "acknowledged" {
			t.Fatalf("Acknowledge() = %+v, %v", c, err)
		}
		seen, err := w.cases.CallOf(t.Context(), f.ID)
		if err != nil || seen.SeenBy != liuhe {
			t.Errorf("read by %q, %v, want the town", seen.SeenBy, err)
		}
		w.pass(20 * time.Hour)
		w.tick(t)
		if got := w.done(t, f); got != want {
			t.Errorf("after somebody has read it %q was done, want no more than %q", got, want)
		}
		w.pass(60 * time.Hour)
		w.tick(t)
		w.tick(t)
		if got := w.done(t, f); !strings.HasSuffix(got, "late:1") || strings.Count(got, "late") != 1 {
			t.Errorf("three days later %q was done, want the county told once that help is late", got)
		}
	})
}

func TestWithoutAnybodyOnDutyTheNextChannelDoesNotWait(t *testing.T) {
	w := newWatch(t, storetest.SQLite(t))
	w.onDuty(t, w.DB, liuhe, "13855550012", "周一至周五 22:00-23:00")
	f := w.call(t, cases.Caller{})
	w.pass(20 * time.Minute)
	for range 6 {
		w.tick(t)
	}
	if got := w.done(t, f); !strings.Contains(got, "20:town:0") || !strings.Contains(got, "20:county:0") {
		t.Errorf("%q was done after 20 minutes, want the county told at once when nobody in the town can be", got)
	}
}

func TestManyCallsAreOneText(t *testing.T) {
	w := newWatch(t, storetest.SQLite(t))
	w.onDuty(t, w.DB, liuhe, "13855550012", "")
	var all []cases.Filed
	for range 30 {
		all = append(all, w.call(t, cases.Caller{Phone: "138 5555 0099", Address: "203.0.113.9"}))
	}
	if c, err := w.cases.CallOf(t.Context(), all[0].ID); err != nil || c.Lane != cases.LaneOwn {
		t.Errorf("the first call is in the lane %q, %v", c.Lane, err)
	}
	for _, f := range all[1:] {
		if c, err := w.cases.CallOf(t.Context(), f.ID); err != nil || c.Lane != cases.LaneVerify || c.Leader != all[0].ID {
			t.Fatalf("a further call of the same phone: %+v, %v, want it in the lane of the first", c, err)
		}
	}
	w.pass(20 * time.Minute)
	w.tick(t)
	w.tick(t)
	if len(w.texts) != 1 || w.texts[0].Calls != 30 {
		t.Errorf("%d texts, the first of %v calls, want one of 30", len(w.texts), w.texts)
	}
	again := 0
	for _, topic := range topics(t, w.DB)[30:] {
		if topic == "emergency.reported" {
			again++
		}
	}
	if again != 1 {
		t.Errorf("%d reminders, want one: of the first call", again)
	}
	calls, err := w.cases.Calls(t.Context(), cases.CallFilter{Kind: cases.Emergency, Scope: liuhe})
	if err != nil || len(calls) != 1 || calls[0].More != 29 {
		t.Errorf("Calls() = %+v, %v, want the first with 29 more", calls, err)
	}
	if verify, err := w.cases.Calls(t.Context(), cases.CallFilter{Kind: cases.Emergency, Lane: cases.LaneVerify}); err != nil || len(verify) != 29 {
		t.Errorf("%d calls to verify, %v, want 29", len(verify), err)
	}
}

func TestNeighboursBehindOneAddressAreHeardOnTheirOwn(t *testing.T) {
	w := newWatch(t, storetest.SQLite(t))
	lanes := map[string]int{}
	for n := range 12 {
		f := w.call(t, cases.Caller{Phone: fmt.Sprintf("138555500%02d", n), Address: "203.0.113.9"})
		c, err := w.cases.CallOf(t.Context(), f.ID)
		if err != nil {
			t.Fatal(err)
		}
		lanes[c.Lane]++
	}
	if lanes[cases.LaneOwn] != 8 || lanes[cases.LaneVerify] != 4 {
		t.Errorf("lanes %v, want eight of their own and the further ones to verify", lanes)
	}
	if f := w.call(t, cases.Caller{Phone: "13955550000", Address: "203.0.113.10"}); f.Receipt == "" {
		t.Error("a call was not taken")
	}
}

// A leader that dies before its commit has done nothing, and what the next one does is done once.
func TestKilledAtAnyPointNothingIsSaidTwice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWatch(t, db)
		w.onDuty(t, db, liuhe, "13855550012", "")
		f := w.call(t, cases.Caller{})
		w.pass(10 * time.Minute)
		dead := errors.New("killed")
		send := w.Desk.Send
		for n := range 3 {
			ctx, kill := context.WithCancelCause(t.Context())
			fence := func(ctx context.Context, q store.Queryer) error { return nil }
			switch n {
			case 0: // before anything
				fence = func(context.Context, store.Queryer) error { return dead }
			case 1: // after the fence, while it works
				fence = func(context.Context, store.Queryer) error { kill(dead); return nil }
			case 2: // with everything queued and nothing committed
				w.Desk.Send = func(ctx context.Context, q store.Queryer, x alarm.Text) error {
					return errors.Join(send(ctx, q, x), dead)
				}
				w.pass(10 * time.Minute)
				w.tick(t) // the reminder; the text is the next step
			}
			if err := w.Tick(ctx, fence); err == nil {
				t.Errorf("kill %d: the tick did not end", n)
			}
			kill(nil)
		}
		w.Desk.Send = send
		w.tick(t)
		w.tick(t)
		if got := w.done(t, f); got != "20:again:0 20:town:1" {
			t.Errorf("%q was done, want each step once", got)
		}
		if got := topics(t, db); len(got) != 2 {
			t.Errorf("messages %q, want the call and one reminder", got)
		}
		var queued int
		if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM webhook_messages WHERE topic = 'notification.sms'`).Scan(&queued); err != nil || queued != 1 {
			t.Errorf("%d texts are queued, %v, want one", queued, err)
		}
		if len(w.texts) != 2 { // the control: what does not stand in the transaction was done twice
			t.Errorf("the texts were begun %d times, want the killed one and the one after it", len(w.texts))
		}
	})
}

// Two that both take themselves for the leader do a step once: the row of the step is unique.
func TestTwoLeadersSayItOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWatch(t, db)
		f := w.call(t, cases.Caller{})
		w.pass(10 * time.Minute)
		var under sync.WaitGroup
		for range 4 {
			under.Go(func() { _ = w.Tick(context.WithoutCancel(t.Context()), nil) })
		}
		under.Wait()
		w.tick(t)
		if got, all := w.done(t, f), topics(t, db); got != "10:again:0" || len(all) != 2 {
			t.Errorf("%q was done and %q sent, want one reminder", got, all)
		}
	})
}

func TestDutyListSealsAndRotates(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWatch(t, db)
		w.onDuty(t, db, liuhe, "13855550012", "周六、周日 8:00-18:00")
		var sealed string
		if err := db.QueryRowContext(t.Context(), `SELECT sealed FROM duty_officers`).Scan(&sealed); err != nil || strings.Contains(sealed, "1385555") || strings.Contains(sealed, "李值班") {
			t.Errorf("%q lies in the database, %v", sealed, err)
		}
		if err := w.Rotate(t.Context()); err != nil {
			t.Fatal(err)
		}
		all, err := w.Officers(t.Context(), db, county, liuhe)
		if err != nil || len(all) != 1 || all[0].Phone.Plain() != "13855550012" || all[0].Name != "李值班" {
			t.Errorf("Officers() = %+v, %v", all, err)
		}
	})
}

func TestCheckOfficer(t *testing.T) {
	for _, tt := range []struct{ name, who, phone, hours, want string }{
		{"whole", "李四", "138 5555 0012", "", ""},
		{"hours", "李四", "13855550012", "周一至周五 8:30-17:30", ""},
		{"no name", "", "13855550012", "", "name"},
		{"a landline takes no texts", "李四", "0500-5550121", "", "phone"},
		{"hours nobody can read", "李四", "13855550012", "有空就在", "hours"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := alarm.CheckOfficer(liuhe, tt.who, tt.phone, tt.hours)
			if got := fieldOf(err); got != tt.want {
				t.Errorf("the field %q is wrong, want %q (%v)", got, tt.want, err)
			}
		})
	}
}

func fieldOf(err error) string {
	names := fields(err)
	slices.Sort(names)
	return strings.Join(names, " ")
}

func fields(err error) (names []string) {
	var p *problem.Error
	if errors.As(err, &p) {
		for name := range p.Fields {
			names = append(names, name)
		}
	}
	return names
}
