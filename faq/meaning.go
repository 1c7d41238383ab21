package faq

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"mashang/faq/calibrate"
	"mashang/faq/embed"
	"mashang/faq/understand"
	"mashang/i18n"
	"mashang/platform/text"
)

// meanings are the vectors of a corpus' Chinese texts, and what came of trying them. They never change.
type meanings struct {
	of      *corpus
	rows    []meant
	vectors map[string]embed.Vector // by text
	verdict embed.Verdict
}

// meant is a text of a passage; a passage has several, of which the nearest counts.
type meant struct {
	passage  int
	text     string // as the model is asked
	question string // as the office wrote it; "" for none
}

const (
	longestPiece = 400 // characters: what models of meaning take in at least
	mostNear     = 10  // passages that the model alone may add
	farthest     = -8
	lookEvery    = 5 * time.Second
)

// spoken is a question or a text as the model is asked.
func spoken(s string) string { return understand.Read(s).Folded }

// meant are the texts of the passages.
func (c *corpus) meant() (rows []meant) {
	for i := range c.passages {
		d := c.document(&c.passages[i], i18n.Hans)
		if d.Text == "" {
			continue
		}
		for _, q := range d.Variants {
			rows = append(rows, meant{i, spoken(q), q})
		}
		whole := d.Text
		if len(d.Variants) == 0 {
			whole = d.Title + "。" + d.Text
		}
		for piece := range slices.Chunk([]rune(text.Fold(whole)), longestPiece) {
			rows = append(rows, meant{passage: i, text: string(piece)})
		}
	}
	return slices.DeleteFunc(rows, func(r meant) bool { return r.text == "" })
}

// sense is how near the passages are to one question.
type sense struct {
	near    []float64 // by passage: 0 the nearest, in standard deviations
	best    []int
	weight  float64
	borders calibrate.Borders
}

// of is how near a passage is; nothing is said of any when there is no model.
func (s *sense) of(passage int) float64 {
	if s == nil {
		return 0
	}
	return s.near[passage]
}

// sense looks where a question lies. Questions of the office's own that are put as if they were asked are left out.
func (m *meanings) sense(v embed.Vector, without map[string]bool, weight float64) *sense {
	n := len(m.of.passages)
	s := &sense{near: make([]float64, n), weight: weight, borders: m.verdict.Borders.Borders}
	const none = -2
	for i := range s.near {
		s.near[i] = none
	}
	for _, r := range m.rows {
		if r.question == "" || !without[r.question] {
			s.near[r.passage] = max(s.near[r.passage], v.Cosine(m.vectors[r.text]))
		}
	}
	var sum, squares, count, top float64
	top = none
	for i, x := range s.near {
		if x > none {
			sum, squares, count, top = sum+x, squares+x*x, count+1, max(top, x)
			s.best = append(s.best, i)
		}
	}
	spread := math.Sqrt(max(squares/max(count, 1)-(sum/max(count, 1))*(sum/max(count, 1)), 1e-9))
	for i, x := range s.near {
		if s.near[i] = farthest; x > none {
			s.near[i] = max((x-top)/spread, farthest)
		}
	}
	slices.SortStableFunc(s.best, func(a, b int) int { return cmp.Compare(s.near[b], s.near[a]) })
	s.best = s.best[:min(mostNear, len(s.best))]
	return s
}

// meaning asks where the turn's question lies, which no personal data is left in. nil is to go on without: nothing is mixed
// in, or the model is not there in time.
func (a *Assistant) meaning(ctx context.Context, t *turn, asker string) *sense {
	m := a.meanings.Load()
	if m == nil || m.of != t.c || !m.verdict.On || t.asked.Han == "" {
		return nil
	}
	v, err := a.Meaning.Question(ctx, t.asked.Folded, asker)
	if err == nil && len(v) != len(m.vectors[m.rows[0].text]) {
		err = embed.ErrVectors
	}
	if err != nil {
		a.Log.Debug("ranked without vectors", "err", err)
		return nil
	}
	return m.sense(v, nil, m.verdict.Weight)
}

// learnMeanings keeps the vectors as the corpus is. Until they are, and wherever they do not help, answers are what they
// would be without.
func (a *Assistant) learnMeanings(ctx context.Context) {
	defer a.working.Done()
	if a.Meaning == nil {
		return
	}
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	said := ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		c := a.known.Load()
		if m := a.meanings.Load(); c == nil || m != nil && m.of == c {
			continue
		}
		err := a.mean(ctx, c, a.Now().Sub(c.drawn) >= settled)
		if err == nil {
			said = ""
		} else if ctx.Err() == nil && err.Error() != said {
			said = err.Error()
			a.Log.Warn("vectors not learned; answers are ranked without", "err", err)
		}
	}
}

// LearnMeanings gives the corpus as it is its vectors and finds out whether they help, where that is not known yet. It may
// take minutes.
func (a *Assistant) LearnMeanings(ctx context.Context) (embed.Verdict, error) {
	c, err := a.corpus()
	if err != nil || a.Meaning == nil {
		return embed.Verdict{}, err
	}
	if err := a.mean(ctx, c, true); err != nil {
		return embed.Verdict{}, err
	}
	return a.meanings.Load().verdict, nil
}

// mean takes up what another instance or an earlier start has found out, or tries the model itself if it may.
func (a *Assistant) mean(ctx context.Context, c *corpus, mayTry bool) error {
	m := &meanings{of: c, rows: c.meant()}
	now := c.print()
	v, known, err := a.Meaning.Verdict(ctx)
	if err != nil {
		return err
	}
	known = known && !v.Print.Stale(now)
	switch {
	case known && !v.On:
		m.verdict = v
		a.meanings.Store(m)
		return nil
	case !known && !mayTry, len(m.rows) == 0:
		return nil
	}
	var had map[string]embed.Vector
	if before := a.meanings.Load(); before != nil {
		had = before.vectors
	}
	texts := make([]string, 0, len(m.rows)+100)
	for _, r := range m.rows {
		texts = append(texts, r.text)
	}
	if !known {
		for _, q := range calibrate.Foreigners() {
			texts = append(texts, spoken(q))
		}
	}
	if m.vectors, err = a.Meaning.Fill(ctx, texts, had); err != nil {
		return err
	}
	if !known {
		if v, err = a.tryMeanings(ctx, m, c.questions()); err != nil {
			return err
		}
		v.At, v.Print = a.Now(), now
		if err := a.Meaning.Decide(ctx, v); err != nil {
			return err
		}
		a.Log.Info("vectors tried", "on", v.On, "figures", v.String(), "weight", v.Weight)
		if err := a.Meaning.Tidy(ctx, m.vectors); err != nil {
			return err
		}
	}
	if m.verdict = v; !v.On {
		m.rows, m.vectors = nil, nil
	}
	a.meanings.Store(m)
	return nil
}

// tryMeanings puts questions of the office's own to the corpus without them, ranked without the model and with it.
func (a *Assistant) tryMeanings(ctx context.Context, m *meanings, questions []calibrate.Question) (embed.Verdict, error) {
	source := map[string]string{}
	for _, q := range questions {
		source[q.Text] = q.Source
	}
	var samples []embed.Sample
	var folds []*corpus
	simulate := func(weight float64, saw func(fold int, question string, list []found)) (calibrate.Result, error) {
		fold := -1
		all, err := calibrate.Simulate(ctx, questions, func(without map[string]bool) (calibrate.Asker, error) {
			fold++
			mine := fold
			if fold == len(folds) {
				folds = append(folds, m.of.without(without))
			}
			return a.asker(folds[fold], func(question string) *sense { return m.sense(m.vectors[spoken(question)], without, weight) },
				func(question string, list []found) { saw(mine, question, list) }), nil
		})
		return calibrate.Fit(all, usual, calibrate.Office), err
	}
	before, err := simulate(0, func(fold int, question string, list []found) {
		if source[question] == "" {
			return // of another subject
		}
		s := embed.Sample{Source: source[question], Fold: fold}
		for _, f := range list {
			s.Candidates = append(s.Candidates, embed.Candidate{Score: f.score, Meaning: f.clues.meaning, Extra: f.extra, Right: f.source() == s.Source})
		}
		samples = append(samples, s)
	})
	if err != nil {
		return embed.Verdict{}, err
	}
	v := embed.Judge(samples)
	if !v.On {
		return v, nil
	}
	if v.Borders, err = simulate(v.Weight, func(int, string, []found) {}); err != nil {
		return v, err
	}
	if !asCareful(before, v.Borders) {
		v.On, v.Why = false, embed.Answers
	}
	return v, nil
}

// asCareful reports whether no more is answered of what must be refused than without the model, or than the office's goal
// allows, and no fewer answers are right.
func asCareful(before, after calibrate.Result) bool {
	for kind, goal := range map[calibrate.Kind]float64{calibrate.Foreign: calibrate.Office.Foreign, calibrate.Removed: calibrate.Office.Removed} {
		if after.Shares[kind].Answered > max(goal, before.Shares[kind].Answered)+1e-9 {
			return false
		}
	}
	was, is := before.Shares[calibrate.Held], after.Shares[calibrate.Held]
	return is.Answered*is.Right >= was.Answered*was.Right && is.Right >= min(was.Right, calibrate.Office.Right)-1e-9
}
