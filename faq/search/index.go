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
}

// Options says how an index ranks. The zero value chooses by the script most
// of the text is written in and uses the weights that ship with the package.
type Options struct {
	Params  *Params // nil: chosen by script
	Weights *Model  // nil: chosen by script and by whether documents have variants
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

// term numbers a word or a pair of words; gap is a break in a sequence,
// unknown a word of a question that no document has.
type term = uint32

const (
	gap     term = 0
	unknown term = math.MaxUint32
)

// The marks of a term.
const (
	isHan uint8 = 1 << iota
	isNumber
	isStop
	isYear
	isLong // a number of five digits and more
)

type posting struct {
	doc         uint32
	body, title uint8
}

// Index finds documents for questions. It is safe for concurrent use.
type Index struct {
	ids    []string
	params Params
	model  *Model
	han    bool // most of the text is Chinese

	words  map[string]term
	pairs  map[uint64]term
	marks  []uint8 // of words, then of pairs
	nWords int
	idf    []float32
	first  []uint32 // of a term's postings; one more than there are terms
	posts  []posting

	body, title       [][]term
	bodyLen, titleLen []float32 // relative to the mean
	leadPlaces        [][]place // in the title and at the beginning
	placeCounts       []map[uint32]uint16
	names             *names
	readings          *readings
	stored            *stored
	pool              sync.Pool
	logDocs           float32
}

// NewIndex builds an index of docs; the position of a document is its number.
func NewIndex(docs []Doc, o Options) *Index {
	x := &Index{
		ids:   make([]string, len(docs)),
		words: map[string]term{}, pairs: map[uint64]term{},
		marks: []uint8{0}, names: placeNames(),
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
	b := builder{Index: x}
	for i, d := range docs {
		b.add(i, d)
	}
	b.finish()
	x.readings = newReadings(x)
	x.stored = newStored(x, docs)
	if x.model = o.Weights; x.model == nil {
		x.model = shipped(x.han, x.stored != nil)
	}
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

// sequence returns the tokens of folded text as terms, breaks as gaps.
func (x *Index) sequence(folded string, number func(token string, kind text.Kind) term) []term {
	var seq []term
	text.Tokens(folded, func(token string, kind text.Kind) bool {
		if kind != text.Break {
			seq = append(seq, number(token, kind))
		} else if len(seq) > 0 && seq[len(seq)-1] != gap {
			seq = append(seq, gap)
		}
		return true
	})
	return seq
}

func (x *Index) known(token string, _ text.Kind) term {
	if t, ok := x.words[token]; ok {
		return t
	}
	return unknown
}
