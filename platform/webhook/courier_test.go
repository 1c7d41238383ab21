package webhook_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/platform/webhook"
)

func TestMessageArrivesSignedAsItWasWritten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		to, b := newReceiver(t, nil), newBook(t, db, time.Now)
		e, cred := add(t, b, webhook.Endpoint{URL: to.URL})
		c := run(t, b)
		id := enqueue(t, b, webhook.Message{Data: map[string]any{"receipt": "5820447190362717", "url": "https://a.example/?a=1&b=<2>"}})
		began := time.Now()
		c.Wake()
		until(t, "the delivery", func() bool { return backlog(t, b).Delivered == 1 })
		if d := time.Since(began); d > 900*time.Millisecond {
			t.Errorf("a woken courier took %v", d)
		}
		secret, err := webhook.ParseSecret(cred.Signing)
		if err != nil {
			t.Fatal(err)
		}
		g := to.seen()[0]
		if got, err := webhook.Verify([][]byte{secret}, g.header, g.body, time.Now()); err != nil || got != id {
			t.Errorf("Verify() = %q, %v, want %q", got, err, id)
		}
		env, err := webhook.Open(g.body)
		if err != nil || env.Type != "application.submitted" {
			t.Errorf("Open() = %+v, %v", env, err)
		}
		if want := `"url":"https://a.example/?a=1&b=<2>"`; !strings.Contains(string(g.body), want) {
			t.Errorf("body %s, want it to hold %s", g.body, want)
		}
		d := deliveries(t, b, webhook.DeliveryFilter{Endpoint: e.ID})
		attempts, err := b.Attempts(t.Context(), d[0].ID)
		if err != nil || len(attempts) != 1 || attempts[0].Status != 200 || attempts[0].Class != "ok" || attempts[0].At.IsZero() {
			t.Errorf("Attempts() = %+v, %v, want one that is ok", attempts, err)
		}
	})
}

func TestWithoutAWakeTheCourierLooksWithinASecond(t *testing.T) {
	to, b := newReceiver(t, nil), newBook(t, storetest.SQLite(t), time.Now)
	add(t, b, webhook.Endpoint{URL: to.URL})
	run(t, b)
	time.Sleep(50 * time.Millisecond)
	b.Changed = nil
	enqueue(t, b, webhook.Message{})
	began := time.Now()
	until(t, "the request", func() bool { return len(to.seen()) == 1 })
	if d := time.Since(began); d > 1200*time.Millisecond {
		t.Errorf("it took %v", d)
	}
}

func TestMessagesGoToWhomTheyConcern(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBook(t, db, time.Now)
		county, town, other := "990121000000", "990121100000", "990121102000"
		all := newReceiver(t, nil)
		mine := newReceiver(t, nil)
		theirs := newReceiver(t, nil)
		emergencies := newReceiver(t, nil)
		add(t, b, webhook.Endpoint{URL: all.URL})
		add(t, b, webhook.Endpoint{URL: mine.URL, Scope: town})
		add(t, b, webhook.Endpoint{URL: theirs.URL, Scope: other})
		add(t, b, webhook.Endpoint{URL: emergencies.URL, Scope: county, Topics: []string{"emergency.*", "roster.objection"}})
		run(t, b)
		chain := []string{"990121100201", town, county}
		application := enqueue(t, b, webhook.Message{Scope: chain})
		emergency := enqueue(t, b, webhook.Message{Scope: chain, Topic: "emergency.reported", Urgent: true})
		objection := enqueue(t, b, webhook.Message{Scope: []string{county}, Topic: "roster.objection"})
		for _, tt := range []struct {
			name string
			at   *receiver
			want []string
		}{
			{"everything", all, []string{application, emergency, objection}},
			{"the town", mine, []string{application, emergency}},
			{"another town", theirs, nil},
			{"some topics of the county", emergencies, []string{emergency, objection}},
		} {
			until(t, tt.name, func() bool { return len(tt.at.seen()) >= len(tt.want) })
			var ids []string
			for _, g := range tt.at.seen() {
				ids = append(ids, g.id)
			}
			slices.Sort(ids)
			slices.Sort(tt.want)
			if !slices.Equal(ids, tt.want) {
				t.Errorf("%s got %v, want %v", tt.name, ids, tt.want)
			}
		}
	})
}

func TestMessageWithoutAnEndpointWaitsForOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBook(t, db, time.Now)
		run(t, b)
		id := enqueue(t, b, webhook.Message{Scope: []string{"990121000000"}})
		until(t, "routing", func() bool { return backlog(t, b).Unrouted == 1 })
		to := newReceiver(t, nil)
		add(t, b, webhook.Endpoint{URL: to.URL, Scope: "990199000000"})
		time.Sleep(50 * time.Millisecond)
		until(t, "routing again", func() bool { return backlog(t, b).Unrouted == 1 })
		e, _ := add(t, b, webhook.Endpoint{URL: to.URL, Scope: "990121000000"})
		until(t, "the delivery", func() bool { return backlog(t, b).Delivered == 1 })
		if seen := to.seen(); len(seen) != 1 || seen[0].id != id {
			t.Errorf("got %v, want %s once", seen, id)
		}

		// What an endpoint still owed goes back when it is removed.
		to.set(status(500))
		again := enqueue(t, b, webhook.Message{Scope: []string{"990121000000"}})
		until(t, "a failure", func() bool { return backlog(t, b).Retrying == 1 })
		if err := b.Remove(t.Context(), e.ID); err != nil {
			t.Fatal(err)
		}
		until(t, "no home", func() bool { return backlog(t, b).Unrouted == 1 })
		to.set(nil)
		add(t, b, webhook.Endpoint{URL: to.URL})
		until(t, "the delivery elsewhere", func() bool { return backlog(t, b).Delivered == 2 })
		if seen := to.seen(); seen[len(seen)-1].id != again {
			t.Errorf("last got %s, want %s", seen[len(seen)-1].id, again)
		}
	})
}

func TestMessageOfARolledBackTransactionNeverLeaves(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		to, b := newReceiver(t, nil), newBook(t, db, time.Now)
		add(t, b, webhook.Endpoint{URL: to.URL})
		c := run(t, b)
		stop := errors.New("no")
		err := db.Tx(t.Context(), func(q store.Queryer) error {
			if _, err := webhook.Enqueue(t.Context(), q, webhook.Message{Topic: "a", At: time.Now()}); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
		c.Wake()
		time.Sleep(50 * time.Millisecond)
		if n := len(to.seen()); n != 0 {
			t.Errorf("%d requests, want none", n)
		}
	})
}

func TestFailuresFollowTheScheduleToTheDeadLetters(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		clock := newClock()
		to, b := newReceiver(t, status(500)), newBook(t, db, clock.Now)
		add(t, b, webhook.Endpoint{URL: to.URL})
		c := run(t, b)
		enqueue(t, b, webhook.Message{})
		c.Wake()
		plan := []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour}
		for n, pause := range plan {
			until(t, fmt.Sprint("failure ", n+1), func() bool {
				d := deliveries(t, b, webhook.DeliveryFilter{})
				return len(d) == 1 && d[0].Failures == n+1 && d[0].State == webhook.Waiting
			})
			due := deliveries(t, b, webhook.DeliveryFilter{})[0].Due.Sub(clock.Now())
			if due < pause-time.Millisecond || due > pause+pause/10+time.Millisecond {
				t.Errorf("after failure %d the next attempt is in %v, want %v and up to a tenth more", n+1, due, pause)
			}
			clock.Add(due - time.Second)
			c.Wake()
			time.Sleep(20 * time.Millisecond)
			if got := len(to.seen()); got != n+1 {
				t.Fatalf("%d requests before it was time, want %d", got, n+1)
			}
			clock.Add(2 * time.Second)
			c.Wake()
		}
		until(t, "the dead letter", func() bool { return backlog(t, b).Dead == 1 })
		d := deliveries(t, b, webhook.DeliveryFilter{State: webhook.Dead})
		attempts, err := b.Attempts(t.Context(), d[0].ID)
		if err != nil || len(attempts) != 10 {
			t.Fatalf("%d attempts, %v, want 10", len(attempts), err)
		}
		for _, g := range to.seen() {
			if g.id != to.seen()[0].id {
				t.Errorf("an attempt went under %s, the first under %s", g.id, to.seen()[0].id)
			}
		}
		to.set(nil)
		if err := b.Retry(t.Context(), d[0].ID); err != nil {
			t.Fatal(err)
		}
		until(t, "the retried one", func() bool { return backlog(t, b).Delivered == 1 })
	})
}

func TestAnswersThatAreNoSuccess(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		clock, inside := newClock(), newReceiver(t, nil)
		b := newBook(t, db, clock.Now)
		for _, tt := range []struct {
			name    string
			answer  func(w http.ResponseWriter, r *http.Request)
			class   string
			state   string
			atLeast time.Duration
		}{
			{"500 with somebody's number", func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(500)
				io.WriteString(w, "错误\n 11010519491231002X "+strings.Repeat("字", 1000))
			}, "status", webhook.Waiting, 5 * time.Second},
			{"a redirect", func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, inside.URL, http.StatusTemporaryRedirect)
			}, "redirect", webhook.Waiting, 5 * time.Second},
			{"not modified", status(304), "redirect", webhook.Waiting, 5 * time.Second},
			{"429 with seconds", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", "120")
				w.WriteHeader(429)
			}, "throttled", webhook.Waiting, 2 * time.Minute},
			{"503 with a date", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Date", "Sat, 21 Nov 2026 10:00:00 GMT")
				w.Header().Set("Retry-After", "Sat, 21 Nov 2026 11:00:00 GMT")
				w.WriteHeader(503)
			}, "throttled", webhook.Waiting, time.Hour},
			{"a reset", func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }, "reset", webhook.Waiting, 5 * time.Second},
		} {
			t.Run(tt.name, func(t *testing.T) {
				to, topic := newReceiver(t, tt.answer), strings.ReplaceAll(tt.name, " ", "-")
				e, _ := add(t, b, webhook.Endpoint{URL: to.URL, Topics: []string{topic}})
				run(t, b)
				enqueue(t, b, webhook.Message{Topic: topic})
				var d []webhook.Delivery
				until(t, "the failure", func() bool {
					d = deliveries(t, b, webhook.DeliveryFilter{Endpoint: e.ID})
					return len(d) == 1 && d[0].Failures == 1
				})
				attempts, err := b.Attempts(t.Context(), d[0].ID)
				if err != nil || len(attempts) != 1 || attempts[0].Class != tt.class {
					t.Fatalf("attempts %+v, %v, want class %q", attempts, err, tt.class)
				}
				if len(attempts[0].Answer) > 200 || strings.Contains(attempts[0].Answer, "1949") || strings.Contains(attempts[0].Answer, "\n") {
					t.Errorf("kept of the answer: %q", attempts[0].Answer)
				}
				if wait := d[0].Due.Sub(clock.Now()); d[0].State != tt.state || wait < tt.atLeast-time.Millisecond {
					t.Errorf("%s, again in %v, want %s and at least %v", d[0].State, wait, tt.state, tt.atLeast)
				}
			})
		}
		if n := len(inside.seen()); n != 0 {
			t.Errorf("the redirect was followed %d times", n)
		}
	})
}

func TestGoneDisablesTheEndpointAndKeepsItsDeliveries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		to, b := newReceiver(t, status(410)), newBook(t, db, time.Now)
		e, _ := add(t, b, webhook.Endpoint{URL: to.URL})
		c := run(t, b)
		enqueue(t, b, webhook.Message{})
		c.Wake()
		until(t, "the endpoint disabled", func() bool { return backlog(t, b).Disabled == 1 })
		enqueue(t, b, webhook.Message{})
		c.Wake()
		until(t, "both kept", func() bool { return backlog(t, b).Waiting == 2 })
		if e, err := b.Find(t.Context(), e.ID); err != nil || !e.Disabled || e.Reason != "410 Gone" {
			t.Errorf("endpoint %+v, %v", e, err)
		}
		if n := len(to.seen()); n != 1 {
			t.Errorf("%d requests, want 1", n)
		}
		to.set(nil)
		if err := b.SetDisabled(t.Context(), e.ID, false, ""); err != nil {
			t.Fatal(err)
		}
		until(t, "both delivered", func() bool { return backlog(t, b).Delivered == 2 })
	})
}

func TestSlowEndpointHoldsUpNobodyElseAndNotTheUrgent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		free := make(chan struct{})
		var urgent atomic.Int64
		slow := newReceiver(t, nil)
		slow.set(func(w http.ResponseWriter, r *http.Request) {
			var env webhook.Envelope
			if json.NewDecoder(r.Body).Decode(&env) == nil && env.Type == "emergency.reported" {
				urgent.Add(1)
				return
			}
			select {
			case <-free:
			case <-r.Context().Done():
			}
		})
		quick, b := newReceiver(t, nil), newBook(t, db, time.Now)
		add(t, b, webhook.Endpoint{URL: slow.URL})
		add(t, b, webhook.Endpoint{URL: quick.URL})
		c := run(t, b)
		for range 30 {
			enqueue(t, b, webhook.Message{})
		}
		c.Wake()
		until(t, "the quick endpoint", func() bool { return len(quick.seen()) == 30 })
		until(t, "the slow lane full", func() bool { return len(slow.seen()) == 8 })
		enqueue(t, b, webhook.Message{Topic: "emergency.reported", Urgent: true})
		c.Wake()
		until(t, "the emergency past the slow ones", func() bool { return urgent.Load() == 1 })
		close(free)
		until(t, "everything", func() bool { return backlog(t, b).Delivered == 62 })
	})
}

func TestUrgentMessagesGoFirst(t *testing.T) {
	b := newBook(t, storetest.SQLite(t), time.Now)
	to := newReceiver(t, nil)
	var ids []string
	for n := range 40 {
		ids = append(ids, enqueue(t, b, webhook.Message{Urgent: n == 39}))
	}
	add(t, b, webhook.Endpoint{URL: to.URL})
	run(t, b)
	until(t, "everything", func() bool { return len(to.seen()) == 40 })
	for n, g := range to.seen() {
		if g.id == ids[39] {
			if n >= 8 {
				t.Errorf("the urgent message came as number %d, want it among the first eight sent together", n+1)
			}
			return
		}
	}
}

func TestStoppingWaitsForAttemptsAndPutsBackTheRest(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		release := make(chan struct{})
		to := newReceiver(t, func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-release:
			case <-r.Context().Done():
			}
		})
		b := newBook(t, db, time.Now)
		add(t, b, webhook.Endpoint{URL: to.URL})
		c := webhook.NewCourier(b, loopback(), nil)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- c.Run(ctx) }()
		enqueue(t, b, webhook.Message{})
		until(t, "the request", func() bool { return len(to.seen()) == 1 })
		cancel()
		time.AfterFunc(100*time.Millisecond, func() { close(release) })
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if s := backlog(t, b); s.Delivered != 1 {
			t.Errorf("after a graceful stop %+v, want it delivered", s)
		}
	})
}

func TestStoppingPutsBackWhatNeverAnswers(t *testing.T) {
	to := newReceiver(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	b := newBook(t, storetest.SQLite(t), time.Now)
	add(t, b, webhook.Endpoint{URL: to.URL})
	c := webhook.NewCourier(b, loopback(), nil)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	id := enqueue(t, b, webhook.Message{})
	until(t, "the request", func() bool { return len(to.seen()) == 1 })
	began := time.Now()
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if d := time.Since(began); d > 8*time.Second {
		t.Errorf("stopping took %v", d)
	}
	d := deliveries(t, b, webhook.DeliveryFilter{Message: id})
	if len(d) != 1 || d[0].State != webhook.Waiting || d[0].Failures != 0 || !d[0].Leased.IsZero() {
		t.Errorf("delivery %+v, want it waiting, not leased and without a failure", d)
	}
	attempts, err := b.Attempts(t.Context(), d[0].ID)
	if err != nil || len(attempts) != 1 || attempts[0].Class != "interrupted" {
		t.Errorf("attempts %+v, %v", attempts, err)
	}
}

func TestSeveralCouriersDeliverEachMessageOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		to, b := newReceiver(t, nil), newBook(t, db, time.Now)
		add(t, b, webhook.Endpoint{URL: to.URL})
		const messages = 60
		for range messages {
			enqueue(t, b, webhook.Message{})
		}
		for range 3 {
			other := *b
			run(t, &other)
		}
		until(t, "everything", func() bool { return backlog(t, b).Delivered == messages })
		ids := map[string]int{}
		for _, g := range to.seen() {
			ids[g.id]++
		}
		if len(ids) != messages || len(to.seen()) != messages {
			t.Errorf("%d requests for %d ids, want %d of each", len(to.seen()), len(ids), messages)
		}
	})
}
