//go:build slow

package webhook_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/platform/webhook"
)

// faulty keeps what it takes in, and answers as a bad day would: 10% errors and
// 3% resets before it kept anything, 3% resets after.
type faulty struct {
	*httptest.Server
	mu   sync.Mutex
	kept map[string][][]byte
	rng  *rand.Rand
}

func newFaulty(t *testing.T) *faulty {
	f := &faulty{kept: map[string][][]byte{}, rng: rand.New(rand.NewPCG(3, 4))}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		f.mu.Lock()
		luck := f.rng.IntN(100)
		if luck >= 13 {
			id := r.Header.Get(webhook.HeaderID)
			f.kept[id] = append(f.kept[id], body)
		}
		f.mu.Unlock()
		switch {
		case luck < 10:
			w.WriteHeader(http.StatusInternalServerError)
		case luck < 16:
			panic(http.ErrAbortHandler)
		}
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *faulty) ids() map[string]bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	ids := map[string]bool{}
	for id := range f.kept {
		ids[id] = true
	}
	return ids
}

func TestFaultyReceiverGetsEverythingUnderItsOwnId(t *testing.T) {
	const messages = 3000
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		clock, to := newClock(), newFaulty(t)
		b := newBook(t, db, clock.Now)
		add(t, b, webhook.Endpoint{URL: to.URL})
		for range 2 {
			other := *b
			run(t, &other)
		}
		want := map[string]bool{}
		for n := range messages {
			want[enqueue(t, b, webhook.Message{Data: map[string]int{"n": n}})] = true
		}
		leased := func() (n int) {
			if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM webhook_deliveries WHERE state = 'waiting' AND lease_until IS NOT NULL`).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		for end := time.Now().Add(10 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
			s := backlog(t, b)
			if s.Delivered+s.Dead == messages {
				break
			}
			if time.Now().After(end) {
				t.Fatalf("not done: %+v", s)
			}
			if s.Waiting == 0 && leased() == 0 {
				clock.Add(10 * time.Minute) // all that is left waits for its next try
			}
		}
		if s := backlog(t, b); s.Dead != 0 {
			t.Errorf("%d given up", s.Dead)
		}
		repeats := 0
		for id, bodies := range to.kept {
			if !want[id] {
				t.Errorf("%s was never enqueued", id)
			}
			repeats += len(bodies) - 1
			for _, body := range bodies[1:] {
				if !bytes.Equal(body, bodies[0]) {
					t.Errorf("%s came with two bodies", id)
				}
			}
		}
		if got := to.ids(); len(got) != messages {
			t.Errorf("%d ids arrived, want %d", len(got), messages)
		}
		if repeats == 0 {
			t.Error("no answer was lost: the receiver was not faulty")
		}
		t.Logf("%d messages, %d repeats under the same id", messages, repeats)
	})
}

// The control: who marks a message as sent before sending it loses some.
func TestSendingOnceLosesMessages(t *testing.T) {
	to := newFaulty(t)
	const messages = 1000
	for n := range messages {
		h := webhook.Headers([][]byte{webhook.NewSecret()}, "msg_"+string(rune('a'+n%26))+time.Duration(n).String(), time.Now(), nil)
		req, err := http.NewRequest(http.MethodPost, to.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header = h
		if res, err := http.DefaultClient.Do(req); err == nil {
			res.Body.Close()
		}
	}
	if got := len(to.ids()); got > messages-50 {
		t.Errorf("%d of %d arrived although nothing was repeated: the receiver is not faulty enough to prove anything", got, messages)
	}
}
