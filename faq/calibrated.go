package faq

import (
	"context"
	"slices"
	"strconv"
	"time"

	"mashang/faq/calibrate"
	"mashang/faq/search"
	"mashang/faq/understand"
	"mashang/i18n"
)

// bands are the borders found for a corpus, and which corpus that was.
type bands struct {
	calibrate.Result
	of calibrate.Print
}

// settled is how long a corpus must have stayed as it is before its borders
// are looked for: an editor at work changes it every minute.
const settled = 2 * time.Minute

// usual are the borders until others are found.
var usual = calibrate.Borders{Answer: answerFrom, Offer: offerFrom}

// Borders are the borders in force between answering, offering and refusing,
// with what they did to the questions they were found by.
func (a *Assistant) Borders() calibrate.Result {
	if b := a.bands.Load(); b != nil {
		return b.Result
	}
	return calibrate.Result{Borders: usual}
}

// calibrateAgain looks for the borders of the corpus anew where it has changed
// a good deal since and has then been left alone for a while.
func (a *Assistant) calibrateAgain(ctx context.Context) {
	defer a.working.Done()
	tick := time.NewTicker(settled / 8)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		c := a.known.Load()
		if c == nil || a.Now().Sub(c.drawn) < settled {
			continue
		}
		if b := a.bands.Load(); b != nil && !b.of.Stale(c.print()) {
			continue
		}
		if err := a.Calibrate(ctx); err != nil && ctx.Err() == nil {
			a.Log.Error("borders not found", "err", err)
		}
	}
}

// Calibrate finds the borders for the corpus as it is, by its own questions:
// each third of them is left out of a corpus and put to it. It takes some
// seconds of one core; questions are answered meanwhile.
func (a *Assistant) Calibrate(ctx context.Context) error {
	c, err := a.corpus()
	if err != nil {
		return err
	}
	samples, err := calibrate.Simulate(ctx, c.questions(), func(without map[string]bool) (calibrate.Asker, error) {
		return a.asker(c.without(without), nil, nil), nil
	})
	if err != nil {
		return err
	}
	r := calibrate.Fit(samples, usual, calibrate.Office)
	a.bands.Store(&bands{r, c.print()})
	held, foreign := r.Shares[calibrate.Held], r.Shares[calibrate.Foreign]
	a.Log.Info("borders looked for", "fitted", r.Fitted, "answer_from", r.Answer, "offer_from", r.Offer,
		"held", held.Count, "answered", held.Answered, "right", held.Right, "removed_answered", r.Shares[calibrate.Removed].Answered, "foreign_answered", foreign.Answered)
	return nil
}

func (c *corpus) print() calibrate.Print {
	var texts []string
	for i := range c.passages {
		d := c.document(&c.passages[i], i18n.Hans)
		texts = append(texts, d.Title+"\n"+d.Text)
	}
	return calibrate.PrintOf(texts)
}

// source is what a passage belongs to: a programme's texts answer for each
// other, in part.
func (p *passage) source() string {
	if p.programme == nil {
		return p.name()
	}
	return p.programme.ID
}

// mostHeld is how many questions borders are found by: more would cost more and
// hardly tell more.
const mostHeld = 400

// questions are those of the office's answers that are for everywhere, or an
// even choice of them.
func (c *corpus) questions() (all []calibrate.Question) {
	for i := range c.passages {
		p := &c.passages[i]
		if p.kind != ofEntry || p.place != "" {
			continue
		}
		for _, q := range p.entry.Questions {
			if q.Hans != "" {
				all = append(all, calibrate.Question{Text: q.Hans, Source: p.source()})
			}
		}
	}
	if n := len(all); n > mostHeld {
		for i := range mostHeld {
			all[i] = all[i*n/mostHeld]
		}
		all = all[:mostHeld]
	}
	return all
}

// without is the corpus as far as Chinese questions go, with some of the
// answers' own questions left out.
func (c *corpus) without(questions map[string]bool) *corpus {
	d := *c
	d.indexes, d.numbers, d.passages = map[i18n.Lang]*search.Index{}, map[i18n.Lang][]int{}, nil
	var docs []search.Doc
	for i := range c.passages {
		p := c.passages[i]
		if p.kind == ofEntry {
			e := *p.entry
			e.Questions = nil
			for _, q := range p.entry.Questions {
				if !questions[q.Hans] {
					e.Questions = append(e.Questions, q)
				}
			}
			p.entry = &e
		}
		d.passages = append(d.passages, p)
		if doc := c.document(&p, i18n.Hans); doc.Text != "" {
			doc.ID = strconv.Itoa(i)
			docs = append(docs, doc)
			d.numbers[i18n.Hans] = append(d.numbers[i18n.Hans], i)
		}
	}
	d.indexes[i18n.Hans] = search.NewIndex(docs, search.Options{Even: true})
	return &d
}

// asker puts a question as reply does, up to where it would decide. near is nil without vectors; saw, which may be nil, is
// shown the list of what nothing was taken away from.
func (a *Assistant) asker(c *corpus, near func(question string) *sense, saw func(question string, list []found)) calibrate.Asker {
	return func(question, without string) (r calibrate.Reply) {
		t := &turn{a: a, c: c, shelf: c.shelf, atlas: a.Places.Atlas(), now: a.Now(), lang: i18n.Hans, question: question, asked: understand.Read(question)}
		t.stand("")
		if _, ok := t.settled(); ok {
			return calibrate.Reply{Settled: true}
		}
		var s *sense
		if near != nil {
			s = near(question)
		}
		list := c.rank(t.asked.Folded, i18n.Hans, t.named, t.aspects, s, t.holds)
		if saw != nil && without == "" {
			saw(question, list)
		}
		if s != nil && s.weight == 0 {
			list = slices.DeleteFunc(list, func(f found) bool { return f.extra })
		}
		if without != "" {
			kept := list[:0:0]
			for _, f := range list {
				if f.source() != without {
					kept = append(kept, f)
				}
			}
			list = kept
		}
		r.Sure = confidence(list)
		for _, f := range list[:min(3, len(list))] {
			r.Sources = append(r.Sources, f.source())
		}
		return r
	}
}
