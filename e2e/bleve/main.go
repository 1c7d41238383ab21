// Command bleve puts the questions of BEIR-style sets to the engine of faq and,
// in the same run, to bleve with its cjk analyzer and BM25, and tells the two
// apart by paired bootstrap. It is a module of its own, so that bleve is no
// part of what ships:
//
//	go run . -eval FOLDER [-out ../../docs/reports/retrieval.md]
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/cjk"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	index "github.com/blevesearch/bleve_index_api"

	"mashang/faq/eval"
	"mashang/faq/search"
)

func main() {
	folder := flag.String("eval", os.Getenv("EVAL"), "folder with a sub-folder for each set")
	out := flag.String("out", "", "file for the report; standard output without it")
	weights := flag.String("weights", "", "folder with weights of folds (zh.0.json … zh.4.json), as faq/train -folds writes them; the shipped ones without it")
	flag.Parse()
	if err := run(*folder, *weights, *out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(folder, weights, out string) error {
	var to io.Writer = os.Stdout
	if out != "" {
		f, err := os.Create(out)
		if err != nil {
			return err
		}
		defer f.Close()
		to = f
	}
	names, err := filepath.Glob(filepath.Join(folder, "*", "qrels.tsv"))
	if err != nil || len(names) == 0 {
		return fmt.Errorf("no sets in %q: -eval names a folder with one sub-folder for each set (corpus.jsonl, queries.jsonl, qrels.tsv)", folder)
	}
	how := "the weights that ship, which were trained on these halves: see the next table of docs/retrieval.md for folds"
	if weights != "" {
		how = "weights of five folds: each question is ranked by weights that never saw it"
	}
	_, _ = fmt.Fprintf(to, "# The engine against bleve\n\nbleve 2.6.0, BM25, in the same run on the same questions; paired bootstrap, %d resamples; %s. `make bench-bleve EVAL=FOLDER` makes this page.\n"+
		"For English, the analyzer bleve has for English is shown, too. Title and text are asked together, which serves bleve better than each by itself.\n\n"+
		"| set | against | figure | bleve | ours | gain | 95%% of resamples | p |\n|---|---|---|---|---|---|---|---|\n", eval.Resamples, how)
	var timing strings.Builder
	for _, name := range names {
		if err := compare(filepath.Dir(name), weights, to, &timing); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(to, "\n| set | engine | p50 | p99 | building |\n|---|---|---|---|---|\n%s", timing.String())
	return err
}

func compare(dir, weights string, out, timing io.Writer) error {
	set, err := eval.Read(filepath.Join(dir, "corpus.jsonl"), filepath.Join(dir, "queries.jsonl"), filepath.Join(dir, "qrels.tsv"))
	if err != nil {
		return err
	}
	name := filepath.Base(dir)
	start := time.Now()
	x := search.NewIndex(set.Docs, search.Options{})
	built := time.Since(start)
	find, language := eval.By(x), "en"
	if x.Chinese() {
		language = "zh"
	}
	if weights != "" {
		if find, err = folded(set, filepath.Join(weights, language)); err != nil {
			return err
		}
	}
	ours, took := timed(set, find)
	_, _ = fmt.Fprintf(timing, "| %s | ours | %d µs | %d µs | %d ms |\n", name, half(took), most(took), built.Milliseconds())
	analyzers := []string{cjk.AnalyzerName}
	if language == "en" {
		analyzers = append(analyzers, en.AnalyzerName)
	}
	for _, analyzer := range analyzers {
		start := time.Now()
		theirs, err := build(set.Docs, analyzer)
		if err != nil {
			return err
		}
		built := time.Since(start)
		found, took := timed(set, theirs.find)
		_, _ = fmt.Fprintf(timing, "| %s | bleve, %s | %d µs | %d µs | %d ms |\n", name, analyzer, half(took), most(took), built.Milliseconds())
		for _, d := range eval.Compare(found, ours) {
			_, _ = fmt.Fprintf(out, "| %s | %s | %s | %.4f | %.4f | %+.4f | %+.4f … %+.4f | %.4f |\n", name, analyzer, d.Name, d.A, d.B, d.Gain, d.Low, d.High, d.P)
		}
		if err := theirs.close(); err != nil {
			return err
		}
	}
	return nil
}

// folded ranks each question of set by the weights of its fold.
func folded(set *eval.Set, prefix string) (func(string) []string, error) {
	const folds = 5
	of := make(map[string]int, len(set.Queries))
	for i, q := range set.Queries {
		of[q.Text] = i % folds
	}
	var by [folds]func(string) []string
	for f := range by {
		data, err := os.ReadFile(fmt.Sprintf("%s.%d.json", prefix, f))
		if err != nil {
			return nil, err
		}
		m, err := search.ReadModel(data)
		if err != nil {
			return nil, err
		}
		by[f] = eval.By(search.NewIndex(set.Docs, search.Options{Weights: m}))
	}
	return func(question string) []string { return by[of[question]](question) }, nil
}

func timed(set *eval.Set, find func(string) []string) (eval.Ranks, []time.Duration) {
	runtime.GC()
	var took []time.Duration
	r := eval.Rank(set, func(question string) []string {
		start := time.Now()
		found := find(question)
		took = append(took, time.Since(start))
		return found
	})
	slices.Sort(took)
	return r, took
}

func half(sorted []time.Duration) int64 { return sorted[len(sorted)/2].Microseconds() }
func most(sorted []time.Duration) int64 { return sorted[len(sorted)*99/100].Microseconds() }

// engine is bleve over title and text. It lies in a folder, because in memory
// alone bleve keeps an older kind of index that knows no BM25.
type engine struct {
	index  bleve.Index
	folder string
}

func (e *engine) close() error {
	return errors.Join(e.index.Close(), os.RemoveAll(e.folder))
}

func build(docs []search.Doc, analyzer string) (*engine, error) {
	m := bleve.NewIndexMapping()
	m.DefaultAnalyzer = analyzer
	m.ScoringModel = index.BM25Scoring
	folder, err := os.MkdirTemp("", "bleve")
	if err != nil {
		return nil, err
	}
	x, err := bleve.New(filepath.Join(folder, "index"), m)
	if err != nil {
		return nil, err
	}
	b := x.NewBatch()
	for _, d := range docs {
		if err := b.Index(d.ID, map[string]string{"title": d.Title, "text": d.Text}); err != nil {
			return nil, err
		}
	}
	return &engine{x, folder}, x.Batch(b)
}

// find asks for the words in title and text together, which does better than
// each field by itself.
func (e *engine) find(question string) (ids []string) {
	res, err := e.index.Search(bleve.NewSearchRequestOptions(bleve.NewMatchQuery(question), 10, 0, false))
	if err != nil {
		return nil
	}
	for _, h := range res.Hits {
		ids = append(ids, h.ID)
	}
	return ids
}
