package webhook_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"testing"
	"time"

	"mashang/platform/privacy"
	"mashang/platform/store"
	"mashang/platform/webhook"
)

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)} }

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

func newBook(t testing.TB, db *store.DB, now func() time.Time) *webhook.Book {
	t.Helper()
	keys, err := privacy.ParseKeys(privacy.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	return &webhook.Book{DB: db, Keys: keys, Now: now}
}

// got is what a receiver saw of one request.
type got struct {
	id     string
	header http.Header
	body   []byte
}

// receiver answers as it is told and remembers what came.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	all    []got
	answer func(w http.ResponseWriter, r *http.Request)
}

func newReceiver(t testing.TB, answer func(w http.ResponseWriter, r *http.Request)) *receiver {
	r := &receiver{answer: answer}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return
		}
		r.mu.Lock()
		r.all = append(r.all, got{id: req.Header.Get(webhook.HeaderID), header: req.Header.Clone(), body: body})
		answer := r.answer
		r.mu.Unlock()
		if answer != nil {
			req.Body = io.NopCloser(bytes.NewReader(body))
			answer(w, req)
		}
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) set(answer func(w http.ResponseWriter, r *http.Request)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = answer
}

func (r *receiver) seen() []got {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]got(nil), r.all...)
}

func status(code int) func(w http.ResponseWriter, r *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func loopback() []netip.Prefix {
	return []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
}

// run starts a courier and stops it when the test ends.
func run(t testing.TB, b *webhook.Book) *webhook.Courier {
	t.Helper()
	c := webhook.NewCourier(b, loopback(), slog.New(slog.NewTextHandler(t.Output(), nil)))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return c
}

func add(t testing.TB, b *webhook.Book, e webhook.Endpoint) (webhook.Endpoint, webhook.Credentials) {
	t.Helper()
	if e.Name == "" {
		e.Name = "县民政局 " + rand.Text()[:4]
	}
	e, c, err := b.Add(t.Context(), e, webhook.Credentials{})
	if err != nil {
		t.Fatal(err)
	}
	return e, c
}

func enqueue(t testing.TB, b *webhook.Book, m webhook.Message) string {
	t.Helper()
	if m.Topic == "" {
		m.Topic = "application.submitted"
	}
	if m.At.IsZero() {
		m.At = b.Now()
	}
	var id string
	err := b.DB.Tx(t.Context(), func(q store.Queryer) (err error) {
		id, err = webhook.Enqueue(t.Context(), q, m)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if b.Changed != nil {
		b.Changed()
	}
	return id
}

// until waits for ok and fails when it does not come.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("waited in vain: %s", what)
}

func deliveries(t testing.TB, b *webhook.Book, f webhook.DeliveryFilter) []webhook.Delivery {
	t.Helper()
	all, err := b.Deliveries(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func backlog(t testing.TB, b *webhook.Book) webhook.Backlog {
	t.Helper()
	s, err := b.Backlog(t.Context(), time.Time{}.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return s
}
