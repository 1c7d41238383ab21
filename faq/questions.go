package faq

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
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

const (
	// onceADay is how long the same of one asker counts once.
	onceADay = 24 * time.Hour
	// keptAnHour is how many of one address are kept in an hour: a village may share one.
	keptAnHour = 120
)

// counts tells whether what an asker wants kept is to be kept: nobody makes many of one question by sending it again, or
// fills the office's list. Who asks is remembered as a hash, for a day.
func (a *Assistant) counts(ctx context.Context, asker, what, question string) bool {
	if asker == "" || a.KV == nil {
		return true
	}
	sum := sha256.Sum256([]byte(asker + "\x00" + what + "\x00" + question))
	fresh, err := a.KV.SetNew(ctx, "ask:kept:"+base64.RawURLEncoding.EncodeToString(sum[:12]), "1", onceADay)
	if err == nil && fresh {
		fresh, _, err = a.KV.Allow(ctx, "ask:keeps:"+asker, keptAnHour, time.Hour)
	}
	if err != nil {
		a.Log.Warn("askers not told apart", "err", err)
		return true
	}
	return fresh
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
