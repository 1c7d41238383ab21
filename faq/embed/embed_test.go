package embed

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mashang/faq/calibrate"
	"mashang/platform/kv"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func noon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

// server is a stub of a model's server; say writes the answer to some texts.
func server(t testing.TB, say func(w http.ResponseWriter, texts []string)) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct{ Input []string }
		raw, err := io.ReadAll(r.Body)
		if err != nil || json.Unmarshal(raw, &body) != nil {
			return // the asker has gone
		}
		say(w, body.Input)
	}))
	t.Cleanup(s.Close)
	return s.URL + "/v1"
}

// lengths answers with vectors of dims numbers that tell long texts from short ones.
func lengths(dims int) func(http.ResponseWriter, []string) {
	return func(w http.ResponseWriter, texts []string) {
		var all []string
		for i, text := range texts {
			v := make([]float64, dims)
			v[0], v[1] = 3, float64(len(text))
			numbers, _ := json.Marshal(v)
			all = append([]string{fmt.Sprintf(`{"index":%d,"embedding":%s}`, i, numbers)}, all...) // in any order
		}
		fmt.Fprintf(w, `{"data":[%s]}`, strings.Join(all, ","))
	}
}

func TestAVectorIsOneOrNone(t *testing.T) {
	for _, tt := range []struct {
		name, said string
		ok         bool
	}{
		{"a good one", `{"data":[{"index":0,"embedding":[3,4]}]}`, true},
		{"one that says no index", `{"data":[{"embedding":[3,4]}]}`, true},
		{"none", `{"data":[]}`, false},
		{"two", `{"data":[{"embedding":[3,4]},{"index":1,"embedding":[3,4]}]}`, false},
		{"an empty one", `{"data":[{"embedding":[]}]}`, false},
		{"one without direction", `{"data":[{"embedding":[0,0]}]}`, false},
		{"no number", `{"data":[{"embedding":[NaN,1]}]}`, false},
		{"null", `{"data":[{"embedding":null}]}`, false},
		{"words", `{"data":[{"embedding":["三","四"]}]}`, false},
		{"a number without end", `{"data":[{"embedding":[1e39,1]}]}`, false},
		{"a figure too large to be squared", `{"data":[{"embedding":[3e38,3e38]}]}`, true},
		{"half an answer", `{"data":[{"embedding":[3,`, false},
		{"a page", `<html>busy</html>`, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := New(Options{Model: "m", URL: server(t, func(w http.ResponseWriter, _ []string) { fmt.Fprint(w, tt.said) })})
			v, err := e.Question(t.Context(), "多少钱", "")
			if (err == nil) != tt.ok {
				t.Fatalf("%v, %v; want a vector: %v", v, err, tt.ok)
			}
			if tt.ok && math.Abs(v.Cosine(v)-1) > 1e-5 {
				t.Errorf("its length is %v", v.Cosine(v))
			}
		})
	}
}

func TestAQuestionAskedAgainIsNotSentAgain(t *testing.T) {
	var asked atomic.Int64
	say := lengths(2)
	e := New(Options{Model: "m", URL: server(t, func(w http.ResponseWriter, texts []string) { asked.Add(1); say(w, texts) })})
	for range 3 {
		if _, err := e.Question(t.Context(), "多少钱", ""); err != nil {
			t.Fatal(err)
		}
	}
	if asked.Load() != 1 {
		t.Errorf("asked %d times", asked.Load())
	}
	for i := range mostRecent {
		e.remember(fmt.Sprint(i), Vector{1})
	}
	if _, ok := e.remembered("多少钱"); ok || len(e.recent) != mostRecent || e.order.Len() != mostRecent {
		t.Errorf("%d are remembered", len(e.recent))
	}
}

func TestTheDayIsBounded(t *testing.T) {
	say := lengths(2)
	var asked atomic.Int64
	e := New(Options{Model: "m", Daily: 3, Share: 2, KV: kv.NewMemory(noon), Now: noon, URL: server(t, func(w http.ResponseWriter, texts []string) { asked.Add(1); say(w, texts) })})
	for i, want := range []error{nil, nil, ErrQuota} {
		if _, err := e.Question(t.Context(), fmt.Sprint("甲", i), "one"); !errors.Is(err, want) {
			t.Errorf("question %d of one asker: %v, want %v", i, err, want)
		}
	}
	for i, want := range []error{nil, ErrQuota} {
		if _, err := e.Question(t.Context(), fmt.Sprint("乙", i), "other"); !errors.Is(err, want) {
			t.Errorf("question %d of another: %v, want %v", i, err, want)
		}
	}
	if asked.Load() != 3 {
		t.Errorf("asked %d times", asked.Load())
	}
}

func TestASilentServerIsLeftAlone(t *testing.T) {
	var asked atomic.Int64
	now := noon()
	awake := make(chan struct{})
	e := New(Options{Model: "m", Timeout: 20 * time.Millisecond, Now: func() time.Time { return now }, URL: server(t, func(w http.ResponseWriter, texts []string) {
		asked.Add(1)
		<-awake
		lengths(2)(w, texts)
	})})
	for i := range 10 {
		if _, err := e.Question(t.Context(), fmt.Sprint(i), ""); err == nil {
			t.Fatal("a vector from a silent server")
		}
	}
	if n := asked.Load(); n > 3 {
		t.Errorf("asked %d times", n)
	}
	close(awake)
	now = now.Add(time.Minute)
	e.Timeout = longestWait
	var err error
	for i := range 100 {
		if _, err = e.Question(t.Context(), fmt.Sprint("later", i), ""); err == nil {
			return
		}
		now = now.Add(time.Minute)
	}
	t.Errorf("never asked again: %v", err)
}

func TestVectorsOfTextsAreKeptAndShared(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var sent, dims atomic.Int64
		dims.Store(3)
		url := server(t, func(w http.ResponseWriter, texts []string) {
			sent.Add(int64(len(texts)))
			lengths(int(dims.Load()))(w, texts)
		})
		var texts []string
		for i := range 150 {
			texts = append(texts, strings.Repeat("字", i+1))
		}
		now := noon()
		one := New(Options{Model: "m", URL: url, DB: db, KV: kv.NewMemory(noon), Now: func() time.Time { return now }})
		first, err := one.Fill(t.Context(), append(texts, texts...), nil)
		if err != nil || len(first) != 150 || sent.Load() != 150 {
			t.Fatalf("%d vectors, %d texts sent, %v", len(first), sent.Load(), err)
		}
		other := New(Options{Model: "m", URL: url, DB: db, Now: noon})
		again, err := other.Fill(t.Context(), append(texts, "新"), nil)
		if err != nil || len(again) != 151 || sent.Load() != 151 {
			t.Fatalf("another instance: %d vectors, %d texts sent, %v", len(again), sent.Load(), err)
		}
		for _, text := range texts {
			if c := first[text].Cosine(again[text]); c < .9999 {
				t.Fatalf("a vector came back as another: %v", c)
			}
		}

		renamed := New(Options{Model: "n", URL: url, DB: db, Now: noon})
		if _, err := renamed.Fill(t.Context(), texts[:1], nil); err != nil || sent.Load() != 152 {
			t.Errorf("another model took the first one's: %d sent, %v", sent.Load(), err)
		}

		dims.Store(4)
		if _, err := one.Fill(t.Context(), append(texts, "变"), nil); !errors.Is(err, ErrVectors) {
			t.Errorf("vectors of two lengths: %v", err)
		}
		if all, err := one.Fill(t.Context(), texts, nil); err != nil || len(all[texts[0]]) != 4 {
			t.Errorf("not begun anew: %v", err)
		}

		now = now.Add(2 * unused)
		if err := one.Tidy(t.Context(), map[string]Vector{texts[0]: nil}); err != nil {
			t.Fatal(err)
		}
		left, err := selectVectors(t.Context(), db, one.name)
		if gone, _ := selectVectors(t.Context(), db, renamed.name); err != nil || len(left) != 1 || len(gone) != 0 {
			t.Errorf("%d and %d vectors are left, %v", len(left), len(gone), err)
		}
	})
}

func TestAFillThatFailsGoesOnWhereItWas(t *testing.T) {
	var calls atomic.Int64
	say := lengths(3)
	url := server(t, func(w http.ResponseWriter, texts []string) {
		if calls.Add(1) == 2 {
			texts = texts[1:]
		}
		say(w, texts)
	})
	e := New(Options{Model: "m", URL: url, DB: storetest.SQLite(t), KV: kv.NewMemory(noon), Now: noon})
	var texts []string
	for i := range 3 * batch {
		texts = append(texts, fmt.Sprint("文", i))
	}
	if _, err := e.Fill(t.Context(), texts, nil); !errors.Is(err, ErrVectors) {
		t.Fatalf("too few vectors: %v", err)
	}
	if all, err := e.Fill(t.Context(), texts, nil); err != nil || len(all) != len(texts) || calls.Load() != 4 {
		t.Errorf("%d vectors after %d calls, %v", len(all), calls.Load(), err)
	}
	e.Batches = 4
	if _, err := e.Fill(t.Context(), []string{"一"}, nil); !errors.Is(err, ErrQuota) {
		t.Errorf("the day's batches are used up: %v", err)
	}
}

// asked are n questions of which the search finds six in ten, and a model thinks the right one near with a chance of good.
func asked(n int, good float64) (all []Sample) {
	r := rand.New(rand.NewPCG(1, uint64(n))) //nolint:gosec // a repeatable test
	for i := range n {
		s := Sample{Source: fmt.Sprint(i / 3), Fold: i % 3}
		helps := r.Float64() < good
		for j := range 20 {
			c := Candidate{Score: r.Float64(), Meaning: -4 * r.Float64(), Right: j == 0, Extra: j == 19}
			if j == 0 {
				c.Score = r.Float64() * 2
				if helps {
					c.Meaning = 0
				}
			}
			s.Candidates = append(s.Candidates, c)
		}
		all = append(all, s)
	}
	return all
}

func TestAModelIsTakenOnWhereItHelps(t *testing.T) {
	for _, tt := range []struct {
		name string
		n    int
		good float64
		why  string
	}{
		{"that knows", 300, .8, Gains},
		{"that knows nothing", 300, 0, NoGain},
		{"that knows, on too few questions", fewest - 1, 1, TooFew},
	} {
		v := Judge(asked(tt.n, tt.good))
		if v.Why != tt.why || v.On != (tt.why == Gains) {
			t.Errorf("a model %s: %s", tt.name, v)
		}
	}
	harmful := asked(300, 0)
	for _, s := range harmful {
		s.Candidates[0].Meaning = farthest
	}
	if v := Judge(harmful); v.On {
		t.Errorf("a model that is always wrong: %s", v)
	}
}

const farthest = -8

// TestModelsThatKnowNothingAreHardlyEverTakenOn is how often chance alone would do it: the bootstrap allows for 2.5 in a hundred.
func TestModelsThatKnowNothingAreHardlyEverTakenOn(t *testing.T) {
	on := 0
	for n := range 40 {
		if Judge(asked(150+n, 0)).On {
			on++
		}
	}
	if on > 3 {
		t.Errorf("%d of 40 were", on)
	}
}

func TestAVerdictIsKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		e := New(Options{Model: "m", URL: "http://127.0.0.1:1/v1", DB: db, Now: noon})
		if _, ok, err := e.Verdict(t.Context()); ok || err != nil {
			t.Fatalf("a verdict before any: %v", err)
		}
		v := Judge(asked(300, .8))
		v.At, v.Print = noon(), calibrate.PrintOf([]string{"一", "二"})
		v.Borders = calibrate.Result{Borders: calibrate.Borders{Answer: .4, Offer: .2}, Fitted: true}
		for range 2 {
			if err := e.Decide(t.Context(), v); err != nil {
				t.Fatal(err)
			}
		}
		got, ok, err := e.Verdict(t.Context())
		if err != nil || !ok || got.On != v.On || got.Weight != v.Weight || got.Low != v.Low || got.Borders.Answer != .4 || got.Print.Stale(v.Print) || !got.At.Equal(v.At) {
			t.Errorf("%+v, %v", got, err)
		}
		if _, ok, _ := New(Options{Model: "m", URL: "http://127.0.0.2:1/v1", DB: db}).Verdict(t.Context()); ok {
			t.Error("another server's model took the first one's")
		}
	})
}
