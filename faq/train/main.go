// Command train fits the weights that faq/search ships, from BEIR-style sets:
//
//	go run ./faq/train -zh DIR,DIR -en DIR -oos FILE -out faq/search/weights
//
// Every figure it prints is of five folds: each question is ranked by weights
// that never saw it; with -rounds, of several partitions into folds, because
// one alone is off by half a point by chance. Only the weights are kept; the
// sets stay where they are.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"mashang/faq/eval"
	"mashang/faq/search"
)

const folds = 5

func main() {
	zh := flag.String("zh", "", "folders of Chinese sets, parted by commas")
	en := flag.String("en", "", "folders of English sets")
	oos := flag.String("oos", "", "questions of other subjects")
	out := flag.String("out", "", "folder for the weights; none are written without it")
	drop := flag.String("drop", "", "features to leave out, parted by commas")
	foldsOut := flag.String("folds", "", "folder for the weights of the first partition's folds, for comparisons")
	rounds := flag.Int("rounds", 1, "partitions into folds that the figures are the mean of")
	flag.Parse()
	if err := run(split(*zh), split(*en), *oos, wanted{*out, *foldsOut, split(*drop), *rounds}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// wanted is what is to come of the training.
type wanted struct {
	out, folds string   // folders for weights, "" for none
	drop       []string // features to leave out
	rounds     int
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

func run(zh, en []string, oos string, w wanted) error {
	var others []eval.Query
	if oos != "" {
		var err error
		if others, err = eval.Queries(oos); err != nil {
			return err
		}
	}
	for _, language := range []struct {
		name string
		dirs []string
	}{{"zh", zh}, {"en", en}} {
		if len(language.dirs) == 0 {
			continue
		}
		for _, stored := range []bool{false, true} {
			name := language.name
			if stored {
				name += "-stored"
			}
			if err := fit(name, language.dirs, others, stored, w); err != nil {
				return err
			}
		}
	}
	return nil
}

// fit prints the figures of one model and writes it.
func fit(name string, dirs []string, others []eval.Query, stored bool, w wanted) error {
	var sets []*eval.Set
	for _, dir := range dirs {
		set, err := eval.Read(filepath.Join(dir, "corpus.jsonl"), filepath.Join(dir, "queries.jsonl"), filepath.Join(dir, "qrels.tsv"))
		if err != nil {
			return err
		}
		sets = append(sets, set)
	}
	keep := mask(w.drop, stored)
	first, ranked := make([]figures, len(sets)), make([]figures, len(sets))
	var all []group // of the first round
	var models [folds]*linear
	for round := range max(w.rounds, 1) {
		var these []group
		for i, set := range sets {
			these = append(these, groups(set, i, partitioned(len(set.Queries), round), stored)...)
		}
		var fitted [folds]*linear
		for f := range folds {
			fitted[f] = train(without(these, f), keep)
		}
		for i := range sets {
			first[i].add(these, i, func(g group) []float64 { return column(g, 0) })
			ranked[i].add(these, i, func(g group) []float64 { return fitted[g.fold].scores(g) })
		}
		if round == 0 {
			all, models = these, fitted
		}
	}
	for i, dir := range dirs {
		first[i].show(name, filepath.Base(dir)+" first stage")
		ranked[i].show(name, filepath.Base(dir)+" five folds")
	}
	rank := train(all, keep)
	m := search.Model{Rank: rank.export(search.FeatureNames())}
	var err error
	if m.Sure, err = calibrate(name, all, models, others, sets[0], stored); err != nil {
		return err
	}
	if w.folds != "" {
		for f, of := range models {
			if err := write(filepath.Join(w.folds, fmt.Sprintf("%s.%d.json", name, f)), search.Model{Rank: of.export(search.FeatureNames()), Sure: m.Sure}); err != nil {
				return err
			}
		}
	}
	if w.out == "" {
		return nil
	}
	return write(filepath.Join(w.out, name+".json"), m)
}

func write(name string, m search.Model) error {
	data, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(data, '\n'), 0o644)
}

// mask says which features may be used.
func mask(drop []string, stored bool) []bool {
	names := search.FeatureNames()
	keep := make([]bool, len(names))
	for i, n := range names {
		plain := strings.TrimPrefix(n, "of_best:")
		keep[i] = true
		for _, d := range drop {
			keep[i] = keep[i] && plain != d && n != d
		}
		if !stored && (strings.Contains(plain, "own") || plain == "translated") {
			keep[i] = plain == "window_at" || strings.HasPrefix(plain, "window") && keep[i]
		}
	}
	return keep
}
