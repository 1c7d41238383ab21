package webhook_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/platform/webhook"
)

func signed(t *testing.T, secret, id string, at time.Time, body string) http.Header {
	t.Helper()
	b, err := webhook.ParseSecret(secret)
	if err != nil {
		t.Fatal(err)
	}
	return webhook.Headers([][]byte{b}, id, at, []byte(body))
}

func TestOfficeIsKnownByItsSignatureAndItsKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		clock := newClock()
		b, body := newBook(t, db, clock.Now), `{"type":"x","data":{}}`
		town, first := add(t, b, webhook.Endpoint{Name: "柳河镇", URL: "https://a.example/hooks", Scope: "990121100000"})
		_, others := add(t, b, webhook.Endpoint{Name: "北原镇", URL: "https://b.example/hooks", Scope: "990121400000"})

		e, id, err := b.Authenticate(t.Context(), signed(t, first.Inbound, "evt_1", clock.Now(), body), []byte(body))
		if err != nil || e.ID != town.ID || e.Scope != "990121100000" || id != "evt_1" {
			t.Errorf("Authenticate() = %+v, %q, %v, want the town", e, id, err)
		}
		for name, h := range map[string]http.Header{
			"our own signing secret": signed(t, first.Signing, "evt_1", clock.Now(), body),
			"another body":           signed(t, first.Inbound, "evt_1", clock.Now(), body+" "),
			"an old request":         signed(t, first.Inbound, "evt_1", clock.Now().Add(-6*time.Minute), body),
			"nothing":                {},
		} {
			if _, _, err := b.Authenticate(t.Context(), h, []byte(body)); !problem.Is(err, problem.Unauthenticated) {
				t.Errorf("%s: Authenticate() = %v, want unauthenticated", name, err)
			}
		}
		if e, err := b.Bearer(t.Context(), others.Bearer); err != nil || e.Name != "北原镇" {
			t.Errorf("Bearer() = %+v, %v", e, err)
		}
		for _, key := range []string{"", "x", others.Bearer + "x", first.Signing} {
			if _, err := b.Bearer(t.Context(), key); !problem.Is(err, problem.Unauthenticated) {
				t.Errorf("Bearer(%q) = %v, want unauthenticated", key, err)
			}
		}

		// A renewed credential and the one before it both work until the overlap ends.
		inbound, err := b.Renew(t.Context(), town.ID, webhook.Inbound, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		bearer, err := b.Renew(t.Context(), town.ID, webhook.Bearer, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		works := func(secret, key string) error {
			_, _, one := b.Authenticate(t.Context(), signed(t, secret, "evt_2", clock.Now(), body), []byte(body))
			_, two := b.Bearer(t.Context(), key)
			return errors.Join(one, two)
		}
		if err := errors.Join(works(first.Inbound, first.Bearer), works(inbound, bearer)); err != nil {
			t.Errorf("during the overlap: %v", err)
		}
		clock.Add(time.Hour + time.Second)
		if err := works(inbound, bearer); err != nil {
			t.Errorf("after the overlap the new one: %v", err)
		}
		if err := works(first.Inbound, first.Bearer); !problem.Is(err, problem.Unauthenticated) {
			t.Errorf("after the overlap the old one: %v, want unauthenticated", err)
		}
		if err := b.Remove(t.Context(), town.ID); err != nil {
			t.Fatal(err)
		}
		if err := works(inbound, bearer); !problem.Is(err, problem.Unauthenticated) {
			t.Errorf("after removal: %v, want unauthenticated", err)
		}
	})
}

func TestBothSecretsSignWhileOneReplacesTheOther(t *testing.T) {
	clock := newClock()
	to, b := newReceiver(t, nil), newBook(t, storetest.SQLite(t), clock.Now)
	e, old := add(t, b, webhook.Endpoint{URL: to.URL})
	fresh, err := b.Renew(t.Context(), e.ID, webhook.Signing, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	run(t, b)
	accepted := func(secret string, g got) bool {
		s, err := webhook.ParseSecret(secret)
		if err != nil {
			t.Fatal(err)
		}
		_, err = webhook.Verify([][]byte{s}, g.header, g.body, clock.Now())
		return err == nil
	}
	enqueue(t, b, webhook.Message{})
	until(t, "the request", func() bool { return len(to.seen()) == 1 })
	if g := to.seen()[0]; !accepted(old.Signing, g) || !accepted(fresh, g) {
		t.Errorf("signatures %q, want both secrets to verify", g.header.Get(webhook.HeaderSignature))
	}
	clock.Add(2 * time.Hour)
	enqueue(t, b, webhook.Message{})
	until(t, "the second request", func() bool { return len(to.seen()) == 2 })
	if g := to.seen()[1]; accepted(old.Signing, g) || !accepted(fresh, g) {
		t.Errorf("signatures %q, want the new secret alone to verify", g.header.Get(webhook.HeaderSignature))
	}
}

func TestSecretsAreSealedAndRotate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		old := privacy.NewKey()
		ring := func(text string) *privacy.Keyring {
			k, err := privacy.ParseKeys(text)
			if err != nil {
				t.Fatal(err)
			}
			return k
		}
		b := &webhook.Book{DB: db, Keys: ring(old), Now: time.Now}
		_, c := add(t, b, webhook.Endpoint{URL: "https://a.example"})
		var found int
		if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM webhook_secrets WHERE sealed LIKE $1`, "%"+strings.TrimPrefix(c.Inbound, "whsec_")[:16]+"%").Scan(&found); err != nil || found != 0 {
			t.Errorf("%d secrets lie open, %v", found, err)
		}
		fresh := privacy.NewKey()
		b.Keys = ring(fresh + "," + old)
		if err := b.Rotate(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.Keys = ring(fresh)
		if _, _, err := b.Authenticate(t.Context(), signed(t, c.Inbound, "evt_1", time.Now(), "{}"), []byte("{}")); err != nil {
			t.Errorf("after the rotation: %v", err)
		}
	})
}

func TestOneUnreadableSecretStopsOnlyItsOwnEndpoint(t *testing.T) {
	db := storetest.SQLite(t)
	lost, to := newReceiver(t, nil), newReceiver(t, nil)
	add(t, newBook(t, db, time.Now), webhook.Endpoint{URL: lost.URL})
	b := newBook(t, db, time.Now)
	_, c := add(t, b, webhook.Endpoint{URL: to.URL})
	run(t, b)
	enqueue(t, b, webhook.Message{})
	until(t, "the other endpoint", func() bool { return len(to.seen()) == 1 })
	if n := len(lost.seen()); n != 0 {
		t.Errorf("%d unsigned requests", n)
	}
	if _, _, err := b.Authenticate(t.Context(), signed(t, c.Inbound, "evt_1", time.Now(), "{}"), []byte("{}")); err != nil {
		t.Errorf("Authenticate() = %v", err)
	}
}

func TestEndpointIsChecked(t *testing.T) {
	b := newBook(t, storetest.SQLite(t), time.Now)
	for _, tt := range []struct {
		name  string
		e     webhook.Endpoint
		field string
	}{
		{"no name", webhook.Endpoint{URL: "https://a.example"}, "name"},
		{"no address", webhook.Endpoint{Name: "a"}, "url"},
		{"a file", webhook.Endpoint{Name: "a", URL: "file:///etc/passwd"}, "url"},
		{"a password in it", webhook.Endpoint{Name: "a", URL: "https://u:p@a.example"}, "url"},
		{"no host", webhook.Endpoint{Name: "a", URL: "https:///x"}, "url"},
		{"an empty topic", webhook.Endpoint{Name: "a", URL: "https://a.example", Topics: []string{""}}, "topics"},
		{"a star in the middle", webhook.Endpoint{Name: "a", URL: "https://a.example", Topics: []string{"a.*.b"}}, "topics"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := b.Add(t.Context(), tt.e, webhook.Credentials{})
			var p *problem.Error
			if !errors.As(err, &p) || p.Fields[tt.field] == "" {
				t.Errorf("Add() = %v, want field %q named", err, tt.field)
			}
		})
	}
	if _, _, err := b.Add(t.Context(), webhook.Endpoint{Name: "a", URL: "https://a.example"}, webhook.Credentials{Inbound: "whsec_short"}); !problem.Is(err, problem.Invalid) {
		t.Errorf("a short secret: %v, want invalid", err)
	}
	for name, err := range map[string]error{
		"change":  b.Change(t.Context(), webhook.Endpoint{ID: "x", Name: "a", URL: "https://a.example"}),
		"disable": b.SetDisabled(t.Context(), "x", true, ""),
		"remove":  b.Remove(t.Context(), "x"),
		"retry":   b.Retry(t.Context(), "x"),
	} {
		if !problem.Is(err, problem.Missing) {
			t.Errorf("%s of what is not there: %v, want missing", name, err)
		}
	}
}

func TestReceivedTakesAnIdOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var fresh atomic.Int64
		errs := make(chan error)
		for range 8 {
			go func() {
				errs <- db.Tx(t.Context(), func(q store.Queryer) error {
					ok, err := webhook.Received(t.Context(), q, "office", "evt_1", time.Now())
					if err == nil && ok {
						fresh.Add(1)
					}
					return err
				})
			}()
		}
		for range 8 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		ok, err := webhook.Received(t.Context(), db, "another office", "evt_1", time.Now())
		if err != nil || !ok {
			t.Errorf("the same id of another source: %v, %v, want fresh", ok, err)
		}
		var n int
		if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM webhook_inbox`).Scan(&n); err != nil || n != 2 {
			t.Errorf("%d rows, %v, want 2", n, err)
		}
	})
}

func TestLateCourierCannotOverwriteTheOneThatTookOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for _, tt := range []struct {
			name string
			jump time.Duration
		}{
			{"the lease ran out", 25 * time.Second},
			{"the clock was put back", -time.Hour},
		} {
			t.Run(tt.name, func(t *testing.T) {
				clock, release := newClock(), make(chan struct{})
				var n atomic.Int64
				to := newReceiver(t, func(w http.ResponseWriter, _ *http.Request) {
					if n.Add(1) == 1 {
						<-release
						w.WriteHeader(500)
					}
				})
				b := newBook(t, db, clock.Now)
				topic := fmt.Sprint("t", tt.jump < 0)
				e, _ := add(t, b, webhook.Endpoint{URL: to.URL, Topics: []string{topic}})
				first, second := *b, *b
				run(t, &first)
				enqueue(t, b, webhook.Message{Topic: topic})
				until(t, "the first attempt", func() bool { return n.Load() == 1 })
				clock.Add(tt.jump)
				run(t, &second)
				state := func() webhook.Delivery {
					return deliveries(t, b, webhook.DeliveryFilter{Endpoint: e.ID})[0]
				}
				until(t, "the second attempt", func() bool { return state().State == webhook.Delivered })
				close(release)
				var attempts []webhook.Attempt
				until(t, "the first attempt's end", func() bool {
					var err error
					if attempts, err = b.Attempts(t.Context(), state().ID); err != nil {
						t.Fatal(err)
					}
					return len(attempts) == 2 && attempts[0].Status == 500
				})
				if d := state(); d.State != webhook.Delivered || d.Failures != 0 || attempts[1].Class != "ok" {
					t.Errorf("delivery %+v, attempts %+v, want it delivered and without a failure", d, attempts)
				}
			})
		}
	})
}

func TestReplaySendsAgainUnderTheOldId(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		to, b := newReceiver(t, nil), newBook(t, db, time.Now)
		e, _ := add(t, b, webhook.Endpoint{URL: to.URL})
		run(t, b)
		id := enqueue(t, b, webhook.Message{})
		until(t, "the delivery", func() bool { return backlog(t, b).Delivered == 1 })
		n, err := b.Replay(t.Context(), e.ID, time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
		if err != nil || n != 1 {
			t.Fatalf("Replay() = %d, %v, want 1", n, err)
		}
		until(t, "the replay", func() bool { return len(to.seen()) == 2 && backlog(t, b).Delivered == 1 })
		for _, g := range to.seen() {
			if g.id != id {
				t.Errorf("sent as %s, want %s", g.id, id)
			}
		}
	})
}

func TestSweepForgetsOnlyWhatArrivedEverywhere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		clock := newClock()
		good, bad := newReceiver(t, nil), newReceiver(t, status(500))
		b := newBook(t, db, clock.Now)
		add(t, b, webhook.Endpoint{URL: good.URL})
		add(t, b, webhook.Endpoint{URL: bad.URL, Topics: []string{"b"}})
		run(t, b)
		enqueue(t, b, webhook.Message{Topic: "a"})
		enqueue(t, b, webhook.Message{Topic: "b"})
		until(t, "everything tried", func() bool { s := backlog(t, b); return s.Delivered == 2 && s.Retrying == 1 })
		if _, err := b.Sweep(t.Context(), time.Hour); err == nil {
			t.Error("Sweep() of an hour was allowed")
		}
		bad.set(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		clock.Add(100 * 24 * time.Hour)
		if _, err := b.Sweep(context.Background(), 90*24*time.Hour); err != nil {
			t.Fatal(err)
		}
		left := deliveries(t, b, webhook.DeliveryFilter{})
		if len(left) != 2 || left[0].Topic != "b" || left[1].Topic != "b" {
			t.Errorf("left %+v, want both deliveries of b", left)
		}
	})
}
