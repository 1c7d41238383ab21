package eval_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mashang/faq/eval"
	"mashang/faq/search"
)

// county are the sample county's own answers in one language as a set: of each
// answer's questions every third is kept back and put, the others are stored.
func county(t *testing.T, language string) *eval.Set {
	t.Helper()
	names, err := filepath.Glob("../../sample/content/entries/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no answers of the sample county: %v", err)
	}
	s := &eval.Set{Right: map[string]map[string]bool{}}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var entries []struct {
			ID, Programme, Aspect string
			Questions             []map[string]string
			Answer                map[string]string
		}
		if err := json.Unmarshal(data, &entries); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, e := range entries {
			d := search.Doc{ID: e.ID, Text: e.Answer[language]}
			for i, q := range e.Questions {
				question := q[language]
				if question == "" {
					continue
				}
				if i%3 == 2 {
					id := fmt.Sprint(e.ID, " ", i)
					s.Queries = append(s.Queries, eval.Query{ID: id, Text: question})
					s.Right[id] = map[string]bool{e.ID: true}
					continue
				}
				d.Variants = append(d.Variants, question)
			}
			d.Title = strings.Join(d.Variants, "。")
			s.Docs = append(s.Docs, d)
		}
	}
	return s
}

// TestTheCountysOwnQuestionsStayAboveTheFloor is what stands between a change
// of the engine and a county whose questions no longer find their answers.
// testdata/floors.json holds the floors; who raises the figures raises them.
func TestTheCountysOwnQuestionsStayAboveTheFloor(t *testing.T) {
	data, err := os.ReadFile("testdata/floors.json")
	if err != nil {
		t.Fatal(err)
	}
	var floors map[string]eval.Floors
	if err := json.Unmarshal(data, &floors); err != nil {
		t.Fatal(err)
	}
	others, err := eval.Queries("testdata/others.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range []string{"zh-Hans", "zh-Hant", "en"} {
		t.Run(language, func(t *testing.T) {
			s := county(t, language)
			if language == "en" {
				others = nil
			}
			x := search.NewIndex(s.Docs, search.Options{Even: true})
			r := eval.Sum(eval.Rank(s, eval.By(x)))
			if others != nil {
				r.Refused = eval.RefusedOf(x, others)
			}
			t.Logf("%d answers, %d questions: r@1 %.4f r@3 %.4f mrr@10 %.4f", len(s.Docs), len(s.Queries), r.R1, r.R3, r.MRR)
			if r.Refused != nil {
				t.Logf("refused of %d questions of other subjects: %.4f", len(others), *r.Refused)
			}
			if err := floors[language].Check(r); err != nil {
				t.Error(err)
			}
			better := eval.Floors{"r@1": r.R1 + .01}
			if err := better.Check(r); err == nil {
				t.Error("a floor above the figure was not missed")
			}
		})
	}
}
