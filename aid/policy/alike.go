package policy

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// sketch is a small sample of the five-letter pieces of a text, the same for the same text whoever typed it.
type sketch []uint64

const sketchSize = 128

func newSketch(d Document) sketch {
	var letters []rune
	for _, a := range d.Articles {
		for _, r := range a.Text {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				letters = append(letters, r)
			}
		}
	}
	seen := map[uint64]bool{}
	for i := 0; i+5 <= len(letters); i++ {
		h := fnv.New64a()
		h.Write([]byte(string(letters[i : i+5])))
		seen[h.Sum64()] = true
	}
	all := make(sketch, 0, len(seen))
	for h := range seen {
		all = append(all, h)
	}
	slices.Sort(all)
	return all[:min(len(all), sketchSize)]
}

// near tells whether two texts have nearly all their pieces in common.
func (a sketch) near(b sketch) bool {
	if len(a) < 20 || len(b) < 20 {
		return slices.Equal(a, b) && len(a) > 0
	}
	both := slices.Concat(a, b)
	slices.Sort(both)
	both = slices.Compact(both)
	both = both[:min(len(both), sketchSize)]
	common := 0
	for _, h := range both {
		_, inA := slices.BinarySearch(a, h)
		_, inB := slices.BinarySearch(b, h)
		if inA && inB {
			common++
		}
	}
	return common*100 >= len(both)*72
}

// same tells whether two documents are one: by number, or by nearly the same text.
func same(a, b Document, x, y sketch) bool {
	if a.Number != "" && plainNumber(a.Number) == plainNumber(b.Number) && plainTitle(a.Title) == plainTitle(b.Title) {
		return true
	}
	return x.near(y)
}

// like lists the documents of the shelf that are the same as d, without d.
func (s *Shelf) like(d Document) []Document {
	mine := newSketch(d)
	sketches := s.sketches()
	var all []Document
	for i, o := range s.documents {
		if o.ID != d.ID && same(d, o, mine, sketches[i]) {
			all = append(all, o)
		}
	}
	ranked(all)
	return all
}

// Alike lists the other copies and editions of a document, the newest and most authoritative first.
func (s *Shelf) Alike(id string) []Document {
	d, ok := s.Document(id)
	if !ok {
		return nil
	}
	return s.like(d)
}

// ReplacedBy finds the document that put this one out of force.
func (s *Shelf) ReplacedBy(id string) (Document, bool) {
	for _, d := range s.documents {
		if slices.Contains(d.Replaces, id) {
			return d, true
		}
	}
	return Document{}, false
}

// ranked puts what is in force first, then the newest, then by who issued it.
func ranked(all []Document) {
	slices.SortStableFunc(all, func(a, b Document) int {
		return cmp.Or(
			cmp.Compare(expiredLast(a), expiredLast(b)),
			b.From.Compare(a.From), b.Published.Compare(a.Published),
			cmp.Compare(authority(a), authority(b)),
		)
	})
}

func expiredLast(d Document) int {
	if d.State == Expired {
		return 1
	}
	return 0
}

// authority ranks issuers: the congress, the State Council, ministries, and then those of a place.
func authority(d Document) int {
	switch {
	case d.Place != "":
		return 4
	case strings.Contains(d.Issuer, "全国人民代表大会"):
		return 0
	case strings.HasPrefix(d.Issuer, "国务院") || strings.Contains(d.Issuer, "中共中央"):
		return 1
	case d.Issuer != "":
		return 2
	}
	return 3
}

// sketched computes the sketches of a shelf when they are first asked for.
func sketched(all []Document) func() []sketch {
	return sync.OnceValue(func() []sketch {
		out := make([]sketch, len(all))
		for i, d := range all {
			out[i] = newSketch(d)
		}
		return out
	})
}
