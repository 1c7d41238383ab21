package calibrate

import (
	"context"
	_ "embed"
	"hash/fnv"
	"slices"
	"strings"
)

//go:embed foreign.txt
var foreignText string

// Foreigners are questions of other subjects than an office's for social
// assistance: nothing of them should be answered.
func Foreigners() []string {
	var all []string
	for line := range strings.Lines(foreignText) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, line)
		}
	}
	return all
}

// Question is one of the office's own, with the source that answers it.
type Question struct {
	Text, Source string
}

// Reply is what came of a question: how sure its first source is, and the
// sources, best first. Settled ones were replied to before anything was looked
// for, by a rule, and say nothing of the borders.
type Reply struct {
	Settled bool
	Sure    float64
	Sources []string
}

// Asker puts a question to a corpus from which a source is taken away, ""
// for none.
type Asker func(question, without string) Reply

// Folds is into how many parts the questions are parted: a corpus is built for
// each, without its questions.
const Folds = 3

// Simulate puts every question to a corpus that was built without it, then
// without its source, and Foreigners to the last. build is called once for each
// fold with the questions to leave out; it may take a second, and Simulate ends
// early with ctx.
func Simulate(ctx context.Context, questions []Question, build func(without map[string]bool) (Asker, error)) ([]Sample, error) {
	var samples []Sample
	var ask Asker
	for fold := range Folds {
		without := map[string]bool{}
		for i, q := range questions {
			if i%Folds == fold {
				without[q.Text] = true
			}
		}
		var err error
		if ask, err = build(without); err != nil {
			return nil, err
		}
		for i, q := range questions {
			if i%Folds != fold {
				continue
			}
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			r := ask(q.Text, "")
			if r.Settled {
				continue
			}
			at := slices.Index(r.Sources, q.Source)
			samples = append(samples, Sample{Held, r.Sure, at == 0, at >= 0 && at < 3}, Sample{Kind: Removed, Sure: ask(q.Text, q.Source).Sure})
		}
	}
	for _, text := range Foreigners() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if r := ask(text, ""); !r.Settled {
			samples = append(samples, Sample{Kind: Foreign, Sure: r.Sure})
		}
	}
	return samples, nil
}

// Print is a corpus as far as a later one can be told from it.
type Print []uint64

// PrintOf takes the print of a corpus' texts.
func PrintOf(texts []string) Print {
	p := make(Print, 0, len(texts))
	for _, t := range texts {
		h := fnv.New64a()
		_, _ = h.Write([]byte(t))
		p = append(p, h.Sum64())
	}
	slices.Sort(p)
	return p
}

// StaleFrom is the share of changed texts from which borders are found anew.
const StaleFrom = .05

// Changed is the share of texts that are not in both prints.
func (p Print) Changed(other Print) float64 {
	same, i, j := 0, 0, 0
	for i < len(p) && j < len(other) {
		switch {
		case p[i] == other[j]:
			same++
			i++
			j++
		case p[i] < other[j]:
			i++
		default:
			j++
		}
	}
	most := max(len(p), len(other))
	if most == 0 {
		return 0
	}
	return 1 - float64(same)/float64(most)
}

// Stale reports whether borders found for p should be found anew for now.
func (p Print) Stale(now Print) bool { return p.Changed(now) > StaleFrom }
