// Package search ranks passages for a question: BM25F over characters, pairs
// and stems, then a linear model over the best thirty. It knows no domain and
// keeps everything in memory; an Index never changes once made.
package search

import (
	"math"
	"sync"

	"mashang/platform/text"
)

// Doc is one entry of an index: a title, a text, and questions it is known to
// answer. Variants may be empty.
type Doc struct {
	ID       string
	Title    string
	Text     string
	Variants []string
	// Prefer says which of several that say the same is shown first: the
	// highest. Documents that differ in it are looked through for such groups.
	Prefer int
}

// Options says how an index ranks. The zero value chooses by the script most
// of the text is written in and uses the weights that ship with the package.
type Options struct {
	Params  *Params // nil: chosen by script
	Weights *Model  // nil: chosen by script and by whether documents have variants
	// Even says that variants were written and not collected: how many a
	// document has then says nothing about how often it is asked for.
	Even bool
}

// Params are the numbers of the first stage (BM25F).
type Params struct {
	K1, Body, TitleNorm float64 // saturation; length normalisation of body and title
	Title               float64 // weight of a title's occurrence against the body's
	Single              float64 // weight of one Chinese character against a pair
	Pair                float64 // weight of a pair of words of an alphabet
	Stop                float64 // weight of a question's little words
}

var (
	chinese = Params{K1: .9, Body: .6, TitleNorm: .5, Title: 4, Single: .5, Pair: .25, Stop: .1}
	english = Params{K1: 2.2, Body: .6, TitleNorm: .5, Title: 4, Single: .5, Pair: .25, Stop: .3}
)

// term numbers a word, or with pairBit a pair of words; gap is a break in a
// sequence, unknown a word of a question that no document has.
type term = uint32

const (
	gap     term = 0
	unknown term = math.MaxUint32
	pairBit term = 1 << 31
)

// The marks of a word.
const (
	isHan uint8 = 1 << iota
	isNumber
	isStop
	isYear
	isLong // a number of five digits and more
)

// Index finds documents for questions. It is safe for concurrent use.
type Index struct {
	ids    []string
	params Params
	model  *Model
	han    bool // most of the text is Chinese
	even   bool // see Options

	words map[string]term
	marks []uint8   // of words
	idf   []float32 // of words
	names *names

	wordPosts, pairPosts lists
	pairFrom             []uint32 // word: where the pairs it begins are; one more than there are words
	pairSecond           []term   // pair: its second word, rising within a first word

	title, body       sequences
	bodyLen, titleLen []float32 // relative to the mean
	plain             []float32 // what one occurrence in the body counts, saturated
	meanBody          float64
	meanTitle         float64
	places            placesOf
	alike             map[uint32]uint32 // document: the group of documents that say the same
	prefer            []int

	readings *readings
	stored   *stored
	late     *late // documents that came after the index was built
	pool     sync.Pool
	logDocs  float32
}

// NewIndex builds an index of docs; the position of a document is its number.
func NewIndex(docs []Doc, o Options) *Index {
	x := &Index{
		ids:     make([]string, len(docs)),
		names:   placeNames(),
		even:    o.Even,
		logDocs: float32(math.Log(1 + float64(len(docs)))),
	}
	x.han = mostlyHan(docs)
	x.params = english
	if x.han {
		x.params = chinese
	}
	if o.Params != nil {
		x.params = *o.Params
	}
	build(x, docs)
	x.readings = newReadings(x)
	x.stored = newStored(x, docs)
	if x.model = o.Weights; x.model == nil {
		x.model = shipped(x.han, x.stored != nil)
	}
	x.group(docs)
	x.pool.New = func() any { return newScratch(x) }
	return x
}

// Len is the number of documents.
func (x *Index) Len() int { return len(x.ids) }

// Chinese reports whether most of the text is Chinese.
func (x *Index) Chinese() bool { return x.han }

func mostlyHan(docs []Doc) bool {
	han, letters := 0, 0
	for i := 0; i < len(docs) && han+letters < 100_000; i++ {
		for _, r := range docs[i].Title + docs[i].Text {
			switch {
			case r > 0x2e00 && text.IsHan(r):
				han += 4 // a character says as much as a short word
			case 'A' <= r && r <= 'z':
				letters++
			}
		}
	}
	return han >= letters
}

func pairKey(a, b term) uint64 { return uint64(a)<<32 | uint64(b) }

// pair finds the term of two words that stand together somewhere.
func (x *Index) pair(a, b term) (term, bool) {
	if a == unknown || b == unknown {
		return 0, false
	}
	if int(a)+1 < len(x.pairFrom) {
		from, to := x.pairFrom[a], x.pairFrom[a+1]
		for from < to {
			if m := (from + to) / 2; x.pairSecond[m] < b {
				from = m + 1
			} else {
				to = m
			}
		}
		if from < x.pairFrom[a+1] && x.pairSecond[from] == b {
			return from | pairBit, true
		}
	}
	if x.late != nil {
		t, ok := x.late.pairs[pairKey(a, b)]
		return t, ok
	}
	return 0, false
}

// frequency is the number of documents that have t.
func (x *Index) frequency(t term) int {
	n := 0
	switch {
	case t&pairBit != 0 && int(t&^pairBit) < len(x.pairSecond):
		n = x.pairPosts.count(t &^ pairBit)
	case t&pairBit == 0 && int(t)+1 < len(x.wordPosts.at):
		n = x.wordPosts.count(t)
	}
	if x.late != nil {
		n += len(x.late.posts[t])
	}
	return n
}

func (x *Index) idfOf(t term) float32 {
	if t&pairBit == 0 {
		return x.idf[t]
	}
	return inverse(x.frequency(t), len(x.ids))
}

func inverse(df, docs int) float32 {
	return float32(math.Log(1 + (float64(docs-df)+.5)/(float64(df)+.5)))
}

func (x *Index) known(token string, _ text.Kind) term {
	if t, ok := x.words[token]; ok {
		return t
	}
	if x.late != nil {
		if t, ok := x.late.words[token]; ok {
			return t
		}
	}
	return unknown
}

// sequence returns the tokens of folded text as terms, breaks as gaps.
func sequence(seq []term, folded string, number func(token string, kind text.Kind) term) []term {
	start := len(seq)
	text.Tokens(folded, func(token string, kind text.Kind) bool {
		if kind != text.Break {
			seq = append(seq, number(token, kind))
		} else if len(seq) > start && seq[len(seq)-1] != gap {
			seq = append(seq, gap)
		}
		return true
	})
	return seq
}

// markOf says what kind of word a token is.
func markOf(token string, kind text.Kind) (m uint8) {
	switch kind {
	case text.Han:
		m = isHan
	case text.Number:
		m = isNumber
		whole := token
		for i := range token {
			if token[i] == '.' {
				whole = token[:i]
				break
			}
		}
		if len(whole) == 4 && (whole[0] == '1' || whole[0] == '2' && whole[1] == '0') {
			m |= isYear
		}
		if len(whole) >= 5 || whole == "9999" {
			m |= isLong
		}
	}
	if askingWords().single[token] {
		m |= isStop
	}
	return m
}
