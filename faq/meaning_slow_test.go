//go:build slow

package faq

import (
	"testing"

	"mashang/faq/embed"
)

// TestAModelIsTriedOnAllOfTheOfficesQuestions is the whole of what the gate does with a quarter of the questions.
func TestAModelIsTriedOnAllOfTheOfficesQuestions(t *testing.T) {
	for name, of := range map[string]func(*corpus) func(string) []float64{
		embed.Gains:  synonyms,
		embed.NoGain: func(*corpus) func(string) []float64 { return noise },
	} {
		a, _ := withMeaning(t, of)
		v, err := a.LearnMeanings(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Log(v)
		if v.Why != name || v.Questions < 300 {
			t.Errorf("%s, want %s", v, name)
		}
	}
}
