// Package faq is 问: it ranks the library's passages for a question, decides
// whether they answer it, and replies with their words and their source.
package faq

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/faq/arrange"
	"mashang/faq/embed"
	"mashang/faq/understand"
	"mashang/i18n"
	"mashang/platform/kv"
	"mashang/platform/store"
)

// Parts is what the assistant (问) is joined from.
type Parts struct {
	Library *policy.Library
	Places  *place.Gazetteer
	KV      kv.Store  // conversations; nil remembers none
	DB      *store.DB // unanswered questions are kept here, scrubbed; nil keeps none
	Catalog *i18n.Catalog
	Log     *slog.Logger
	Now     func() time.Time
	Model   *arrange.Arranger // chooses sentences of an answer's passage; nil shows passages as they are
	Meaning *embed.Embedder   // mixed in where that is shown to help; nil for none

	// Sayings is how people call things here, and a number that changes whenever that does; nil is the one that ships with
	// the program. It is asked several times a second and must answer from memory. A change is in the answers within a second.
	Sayings func() (sayings []Saying, version int64)

	// Heard is told of every reply and of every verdict on one. It must not wait.
	Heard func(Heard)
}

// Saying is one line of the lexicon.
type Saying = understand.Saying

// SeedSayings is the lexicon that ships with the program: what an office begins with.
func SeedSayings() ([]Saying, error) { return understand.Shipped() }

// Assistant answers residents' questions from the library, for the place they
// ask from. It is safe for concurrent use.
type Assistant struct {
	Parts

	known   atomic.Pointer[corpus]
	first   sync.Mutex // the first reading, which questions wait for
	tables  *understand.Tables
	shipped []Saying
	places  atomic.Pointer[gazette]
	bands   atomic.Pointer[bands]

	meanings atomic.Pointer[meanings]

	waiting chan unanswered
	stop    context.CancelFunc
	working sync.WaitGroup
	closed  sync.Once
}

// fresh is how often the assistant looks whether the library has changed. A
// change is in the answers as soon as an index of it has been built.
const fresh = 300 * time.Millisecond

// NewAssistant answers from the library, which it reads at the first question,
// or before that when Refresh is called; a changed library, and a new day, are
// then taken up in the background. Close ends it.
func NewAssistant(ctx context.Context, p Parts) (*Assistant, error) {
	a, err := newAssistant(p)
	if err != nil {
		return nil, err
	}
	watching, stop := context.WithCancel(ctx)
	a.stop = stop
	a.working.Add(4)
	go a.watch(watching)
	go a.calibrateAgain(watching)
	go a.learnMeanings(watching)
	go a.write()
	return a, nil
}

func newAssistant(p Parts) (*Assistant, error) {
	if p.Library == nil || p.Places == nil || p.Catalog == nil {
		return nil, errors.New("faq: the assistant needs a library, places and words")
	}
	if p.Now == nil {
		p.Now = time.Now
	}
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	a := &Assistant{Parts: p, waiting: make(chan unanswered, 256)}
	var err error
	if a.tables, err = understand.Load(); err != nil {
		return nil, err
	}
	if a.shipped, err = understand.Shipped(); err != nil {
		return nil, err
	}
	return a, nil
}

// Try is an assistant over another shelf, or with other sayings (nil: those in force), for looking at what a change would
// do. It keeps nothing, follows nothing and needs no Close.
func (a *Assistant) Try(shelf *policy.Shelf, sayings []Saying) (*Assistant, error) {
	if sayings == nil {
		sayings, _ = a.sayings()
	}
	p := a.Parts
	p.Library, p.KV, p.DB, p.Model, p.Meaning, p.Heard = a.Library.Over(shelf), nil, nil, nil, nil, nil
	p.Sayings = func() ([]Saying, int64) { return sayings, 0 }
	b, err := newAssistant(p)
	if err == nil {
		b.bands.Store(a.bands.Load())
	}
	return b, err
}

// Close writes what is still waiting to be kept and ends the background work.
// Ask must not be called afterwards.
func (a *Assistant) Close() error {
	a.closed.Do(func() {
		if a.stop != nil {
			a.stop()
		}
		close(a.waiting)
		a.working.Wait()
	})
	return nil
}

// corpus is what the assistant knows, read now if it has not been yet.
func (a *Assistant) corpus() (*corpus, error) {
	if c := a.known.Load(); c != nil {
		return c, nil
	}
	a.first.Lock()
	defer a.first.Unlock()
	if c := a.known.Load(); c != nil {
		return c, nil
	}
	if err := a.Refresh(); err != nil {
		return nil, err
	}
	return a.known.Load(), nil
}

// Refresh takes up the library as it is now, if it has changed. Questions go
// on being answered from the former state meanwhile.
func (a *Assistant) Refresh() error {
	shelf, now := a.Library.Shelf(), a.Now()
	sayings, edition := a.sayings()
	if c := a.known.Load(); c != nil && c.version == shelf.Version() && c.edition == edition && place.FormatDay(c.drawn) == place.FormatDay(now) {
		return nil
	}
	c := newCorpus(shelf, sayings, a.tables, now)
	if c.edition = edition; c.leftOut > 0 {
		a.Log.Warn("passages are not answered with: they have orders to a machine or somebody's number in them", "count", c.leftOut)
	}
	a.known.Store(c)
	return nil
}

// sayings is how people call things here, and the version of that.
func (a *Assistant) sayings() ([]Saying, int64) {
	if a.Sayings == nil {
		return a.shipped, 0
	}
	return a.Sayings()
}

func (a *Assistant) watch(ctx context.Context) {
	defer a.working.Done()
	tick := time.NewTicker(fresh)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if a.known.Load() == nil {
				continue // nobody has asked yet
			}
			if err := a.Refresh(); err != nil {
				a.Log.Error("library not taken up", "err", err)
			}
		}
	}
}
