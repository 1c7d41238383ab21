// Command train fits the weights that faq/search ships, from BEIR-style sets:
//
//	go run ./faq/train -zh DIR,DIR -en DIR -oos FILE -out faq/search/weights
//
// Every figure it prints is of five folds: each question is ranked by weights
// that never saw it. Only the weights are kept; the sets stay where they are.
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
	flag.Parse()
	if err := run(split(*zh), split(*en), *oos, *out, split(*drop)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

func run(zh, en []string, oos, out string, drop []string) error {
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
			if err := fit(name, language.dirs, others, stored, out, drop); err != nil {
				return err
			}
		}
	}
	return nil
}

// fit prints the figures of one model and writes it.
func fit(name string, dirs []string, others []eval.Query, stored bool, out string, drop []string) error {
	var all []group
	var names []string
	for _, dir := range dirs {
		set, err := eval.Read(filepath.Join(dir, "corpus.jsonl"), filepath.Join(dir, "queries.jsonl"), filepath.Join(dir, "qrels.tsv"))
		if err != nil {
			return err
		}
		names = append(names, filepath.Base(dir))
		all = append(all, groups(set, len(names)-1, stored)...)
	}
	keep := mask(drop, stored)
	for i, n := range names {
		show(name, n+" first stage", all, i, func(g group) []float64 { return column(g, 0) })
	}
	var models [folds]*linear
	for f := range folds {
		models[f] = train(without(all, f), keep)
	}
	for i, n := range names {
		show(name, n+" five folds", all, i, func(g group) []float64 { return models[g.fold].scores(g) })
	}
	rank := train(all, keep)
	m := search.Model{Rank: rank.export(search.FeatureNames())}
	var err error
	if m.Sure, err = calibrate(name, all, models, others, dirs, stored); err != nil {
		return err
	}
	if out == "" {
		return nil
	}
	data, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, name+".json"), append(data, '\n'), 0o644)
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
