package search_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"mashang/faq/search"
)

// volume is how many passages an office that keeps everything might have.
const volume = 100_000

// sources are the sample county's texts, each as its sentences: what recurs in
// them recurs as it does in an office's.
func sources(tb testing.TB) [][]string {
	tb.Helper()
	var all [][]string
	var visit func(v any)
	visit = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, k := range slices.Sorted(func(yield func(string) bool) {
				for k := range v {
					if !yield(k) {
						return
					}
				}
			}) {
				if k != "en" && k != "zh-Hant" {
					visit(v[k])
				}
			}
		case []any:
			for _, e := range v {
				visit(e)
			}
		case string:
			if utf8.RuneCountInString(v) < 30 {
				return
			}
			all = append(all, strings.FieldsFunc(v, func(r rune) bool { return r == '。' || r == '\n' }))
		}
	}
	err := filepath.WalkDir("../../sample/content", func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".json" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var v any
		if err := json.Unmarshal(data, &v); err != nil {
			return err
		}
		visit(v)
		return nil
	})
	if err != nil || len(all) == 0 {
		tb.Fatalf("no texts of the sample county: %v", err)
	}
	return all
}

// passages are n of 300 characters, put together from sentences of one source
// and of others, one character in fifty changed, so that pairs of characters
// go on being new as they do in real text.
func passages(tb testing.TB, n int) (docs []search.Doc, questions []string) {
	all := sources(tb)
	r := rand.New(rand.NewPCG(1, 2))
	var letters []rune
	for _, s := range all {
		letters = append(letters, []rune(s[0])...)
	}
	for i := range n {
		base := all[r.IntN(len(all))]
		var b []rune
		for len(b) < 300 {
			from := base
			if r.Float64() < .4 {
				from = all[r.IntN(len(all))]
			}
			sentence := []rune(from[r.IntN(len(from))])
			for j := range sentence {
				if sentence[j] > 0x3000 && r.Float64() < .02 {
					sentence[j] = letters[r.IntN(len(letters))]
				}
			}
			b = append(append(b, sentence...), '。')
		}
		at := r.IntN(250)
		docs = append(docs, search.Doc{ID: fmt.Sprint(i), Title: string(b[:12]), Text: string(b[:300])})
		if i%(n/500) == 0 {
			questions = append(questions, "请问"+string(b[at:at+8+r.IntN(18)])+[]string{"怎么办？", "是多少？", "在哪里办？", "要什么条件？"}[r.IntN(4)])
		}
	}
	return docs, questions
}

func heapNow() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkVolume builds an index of 100,000 passages and asks it, on one
// core. It reports what a passage takes of the heap and how many are built a
// second, the times within which half and 99 of 100 questions are answered,
// how much of that is the bare BM25, and how long a changed passage takes
// until it is found.
func BenchmarkVolume(b *testing.B) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	docs, questions := passages(b, volume)
	before := heapNow()
	runtime.LockOSThread()
	start := onCore()
	x := search.NewIndex(docs, search.Options{})
	built, heap := onCore()-start, heapNow()-before
	for b.Loop() {
		whole, bare := times(questions, func(q string) { x.Search(q, 10) }), times(questions, func(q string) { search.Bare(x, q) })
		b.ReportMetric(at(whole, .5), "p50-µs")
		b.ReportMetric(at(whole, .99), "p99-µs")
		b.ReportMetric(at(bare, .5), "bare-p50-µs")
		b.ReportMetric(at(bare, .99), "bare-p99-µs")
		b.ReportMetric(at(whole, .5)/at(bare, .5), "p50/bare")
	}
	start = onCore()
	y := x.With([]search.Doc{{ID: "77", Title: "新规定", Text: "蜂箱离小路不少于十米，采蜜在六月。"}})
	if hits := y.Search("蜂箱离小路多远", 1); len(hits) == 0 || hits[0].ID != "77" {
		b.Fatalf("the changed passage is not found: %v", hits)
	}
	b.ReportMetric(float64(heap)/volume, "B/passage")
	b.ReportMetric(volume/built.Seconds(), "built/s")
	b.ReportMetric(float64((onCore()-start).Microseconds())/1000, "changed-ms")
	runtime.KeepAlive(docs)
}

// times takes the median of five passes for each question, in time on a core:
// what else runs on the machine is no part of it.
func times(questions []string, ask func(string)) []time.Duration {
	const passes = 5
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	took := make([][]time.Duration, len(questions))
	for range passes {
		for i, q := range questions {
			start := onCore()
			ask(q)
			took[i] = append(took[i], onCore()-start)
		}
	}
	all := make([]time.Duration, len(questions))
	for i := range took {
		slices.Sort(took[i])
		all[i] = took[i][passes/2]
	}
	slices.Sort(all)
	return all
}

func at(sorted []time.Duration, p float64) float64 {
	return float64(sorted[int(p*float64(len(sorted)))].Nanoseconds()) / 1000
}
