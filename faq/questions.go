package faq

import (
	"context"
	"crypto/rand"
	"time"

	"mashang/platform/store"
)

// unanswered is a question the office may want to write an answer to. Its
// text is scrubbed before it gets here.
type unanswered struct {
	Text      string
	Outcome   Outcome
	Programme string
	Division  string
	Lang      string
	At        time.Time
	Channel   string
	Shown     string
	Verdict   string // "no": who asked said that the answer was none
}

// keep hands u over to be written; when the writer cannot keep up, it is let
// go rather than slow a reply.
func (a *Assistant) keep(u unanswered) {
	if a.DB == nil {
		return
	}
	select {
	case a.waiting <- u:
	default:
		a.Log.Warn("unanswered question let go")
	}
}

// write stores what waits, in batches, until the assistant is closed.
func (a *Assistant) write() {
	defer a.working.Done()
	for u := range a.waiting {
		batch := []unanswered{u}
		for more := true; more && len(batch) < 100; {
			select {
			case next, ok := <-a.waiting:
				if more = ok; ok {
					batch = append(batch, next)
				}
			default:
				more = false
			}
		}
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		err := a.DB.Tx(ctx, func(q store.Queryer) error {
			for _, u := range batch {
				if err := insertQuestion(ctx, q, rand.Text(), u); err != nil {
					return err
				}
			}
			return nil
		})
		cancel()
		if err != nil {
			a.Log.Error("unanswered questions not kept", "count", len(batch), "err", err)
		}
	}
}
