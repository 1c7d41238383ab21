package search

import (
	"embed"
	"encoding/json"
	"fmt"
	"math"
	"sync"
)

// Model is a trained ranker: Rank orders the candidates of one question, Sure
// turns the best ones' features into a chance of being right.
type Model struct {
	Rank Linear
	Sure Linear
}

// Linear is a weighted sum of named features.
type Linear struct {
	Bias    float64            `json:"bias"`
	Weights map[string]float64 `json:"weights"`

	dense []float64
}

func (l *Linear) bind(names []string) error {
	at := make(map[string]int, len(names))
	for i, n := range names {
		at[n] = i
	}
	l.dense = make([]float64, len(names))
	for n, w := range l.Weights {
		i, ok := at[n]
		if !ok {
			return fmt.Errorf("search: no feature is called %q", n)
		}
		l.dense[i] = w
	}
	return nil
}

func (l *Linear) score(features []float32) float64 {
	sum := l.Bias
	for i, w := range l.dense {
		sum += w * float64(features[i])
	}
	return sum
}

// ReadModel reads a model as faq/train writes it.
func ReadModel(data []byte) (*Model, error) {
	var m Model
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("search: read model: %w", err)
	}
	if err := m.Rank.bind(FeatureNames()); err != nil {
		return nil, err
	}
	return &m, m.Sure.bind(SureNames())
}

//go:embed weights/*.json
var weightFiles embed.FS

// models are the shipped ones by name. Their files are part of the program,
// so one that cannot be read is a fault of the build.
var models = sync.OnceValue(func() map[string]*Model {
	all := map[string]*Model{}
	for _, name := range []string{"zh", "en", "zh-stored", "en-stored"} {
		data, err := weightFiles.ReadFile("weights/" + name + ".json")
		if err != nil {
			panic(err)
		}
		if all[name], err = ReadModel(data); err != nil {
			panic(err)
		}
	}
	return all
})

func shipped(han, stored bool) *Model {
	name := "en"
	if han {
		name = "zh"
	}
	if stored {
		name += "-stored"
	}
	return models()[name]
}

// sureFeatures are the features of a candidate that tell whether it answers.
var sureFeatures = []int{fFirstShare, fCover, fCoverSingle, fCoverPair, fWorstMiss, fRareMiss, fWindow30Share, fWindow80Share, fPhrase, fPhrase3,
	fPhraseBoth, fRun, fPairShare, fTailMiss, fTitleShare, fTitleCover, fNumberMatch, fPlaceConflict, fPlaceAbsent, fPlaceTitle, fPlaceBody,
	fMissing, fQuestionLen, fLogCount, fFirst, fOwnQuestion, fWindow12Share}

// SureNames names the features Model.Sure weighs.
func SureNames() []string {
	all := FeatureNames()
	var names []string
	for _, f := range sureFeatures {
		names = append(names, all[f])
	}
	return append(names, "score", "over_second", "over_fifth", "best_cover", "best_window30", "best_run")
}

// SureRow describes the candidate at place at of order, by falling score, for
// Model.Sure. It is exported for training.
func SureRow[R ~[]float32](rows func(int) R, scores []float64, order []int, at int) []float32 {
	f := rows(order[at])
	out := make([]float32, 0, len(sureFeatures)+6)
	for _, i := range sureFeatures {
		out = append(out, f[i])
	}
	score := scores[order[at]]
	over := func(place int) float32 {
		if place >= len(order) {
			return 3
		}
		return float32(min(score-scores[order[place]], 6))
	}
	second := 1
	if at > 0 {
		second = 0
	}
	var cover, window, run float32
	for _, i := range order[:min(5, len(order))] {
		g := rows(i)
		cover, window, run = max(cover, g[fCover]), max(window, g[fWindow30Share]), max(run, g[fRun])
	}
	return append(out, float32(score), over(second), over(4), cover, window, run)
}

func (m *Model) sure(rows []row, scores []float64, order []int, at int) float64 {
	f := SureRow(func(i int) []float32 { return rows[i][:] }, scores, order, at)
	return 1 / (1 + math.Exp(-m.Sure.score(f)))
}
