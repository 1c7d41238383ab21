// Package eval measures retrieval on BEIR-style files: a corpus, questions and
// which documents answer them.
package eval

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"mashang/faq/search"
)

// Query is one question of a set.
type Query struct {
	ID, Text string
}

// Set is a corpus with questions and, for each question, the documents that
// answer it.
type Set struct {
	Docs    []search.Doc
	Queries []Query
	Right   map[string]map[string]bool // question ID: document IDs
}

// Read reads a set; queries or qrels may be "".
func Read(corpus, queries, qrels string) (*Set, error) {
	s := &Set{Right: map[string]map[string]bool{}}
	err := lines(corpus, func(b []byte) error {
		var d struct {
			ID    string `json:"_id"`
			Title string
			Text  string
		}
		if err := json.Unmarshal(b, &d); err != nil {
			return err
		}
		s.Docs = append(s.Docs, search.Doc{ID: d.ID, Title: d.Title, Text: d.Text})
		return nil
	})
	if err != nil {
		return nil, err
	}
	if queries != "" {
		if s.Queries, err = Queries(queries); err != nil {
			return nil, err
		}
	}
	if qrels != "" {
		if s.Right, err = Qrels(qrels); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Queries reads the questions of a JSON-lines file.
func Queries(name string) (all []Query, err error) {
	err = lines(name, func(b []byte) error {
		var q struct {
			ID   string `json:"_id"`
			Text string
		}
		if err := json.Unmarshal(b, &q); err != nil {
			return err
		}
		all = append(all, Query{q.ID, q.Text})
		return nil
	})
	return all, err
}

// Qrels reads a table of question, document and score; a first line without
// a number is a heading, a score of 0 means not relevant.
func Qrels(name string) (map[string]map[string]bool, error) {
	right := map[string]map[string]bool{}
	err := lines(name, func(b []byte) error {
		f := strings.Fields(string(b))
		if len(f) == 4 { // TREC has an iteration in between
			f = []string{f[0], f[2], f[3]}
		}
		if len(f) < 3 {
			return fmt.Errorf("want three columns, got %q", b)
		}
		if f[2] == "score" || f[2] == "0" {
			return nil
		}
		if right[f[0]] == nil {
			right[f[0]] = map[string]bool{}
		}
		right[f[0]][f[1]] = true
		return nil
	})
	return right, err
}

// lines calls fn for every line that is not blank.
func lines(name string, fn func([]byte) error) error {
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("eval: %w", err)
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 1<<16)
	for n := 1; ; n++ {
		line, err := r.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return fmt.Errorf("eval: read %s: %w", name, err)
		}
		if len(strings.TrimSpace(string(line))) > 0 {
			if e := fn(line); e != nil {
				return fmt.Errorf("eval: %s line %d: %w", name, n, e)
			}
		}
		if err == io.EOF {
			return nil
		}
	}
}

// Store adds questions as variants of the documents they belong to, leaving
// out those whose ID is in without.
func (s *Set) Store(queries []Query, right map[string]map[string]bool, without map[string]bool) {
	at := make(map[string]int, len(s.Docs))
	for i, d := range s.Docs {
		at[d.ID] = i
	}
	for _, q := range queries {
		if without[q.ID] {
			continue
		}
		for id := range right[q.ID] {
			if i, ok := at[id]; ok {
				s.Docs[i].Variants = append(s.Docs[i].Variants, q.Text)
			}
		}
	}
}
