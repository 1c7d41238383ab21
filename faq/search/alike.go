package search

import "slices"

// Documents that say the same word for word but for a figure or a date are
// mostly editions of one: these numbers say when two are taken for that.
const (
	sketchSize = 32
	sameFrom   = .6 // share of the sketch in common
	sketchKeys = 6  // hashes of a sketch by which others are looked up
)

// sketch is the least of the hashes of a text's pairs of words: two sketches
// have in common about what the texts have.
func sketch(seq []term) []uint32 {
	var all []uint32
	for i := 1; i < len(seq); i++ {
		if seq[i] == gap || seq[i-1] == gap {
			continue
		}
		h := (pairKey(seq[i-1], seq[i]) + 1) * 0x9e3779b97f4a7c15
		h ^= h >> 29
		all = append(all, uint32(h*0xbf58476d1ce4e5b9>>32))
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.Clone(all[:min(sketchSize, len(all))])
}

// likeness is the share of the least hashes of both that both have.
func likeness(a, b []uint32) float64 {
	i, j, n, same := 0, 0, 0, 0
	for ; n < sketchSize && i < len(a) && j < len(b); n++ {
		switch {
		case a[i] == b[j]:
			same++
			i++
			j++
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return float64(same) / float64(max(n, 1))
}

// group finds documents that say the same, where some are to be preferred.
func (x *Index) group(docs []Doc) {
	if !slices.ContainsFunc(docs, func(d Doc) bool { return d.Prefer != docs[0].Prefer }) {
		return
	}
	x.alike, x.prefer = map[uint32]uint32{}, make([]int, len(docs))
	sketches, by := make([][]uint32, len(docs)), map[uint32][]uint32{}
	for i, d := range docs {
		x.prefer[i] = d.Prefer
		sketches[i] = sketch(x.bodyOf(i, x.titleOf(i, nil)))
		keys := sketches[i][:min(sketchKeys, len(sketches[i]))]
		for _, key := range keys {
			for _, other := range by[key] {
				if likeness(sketches[i], sketches[other]) < sameFrom {
					continue
				}
				if x.alike[other] == 0 {
					x.alike[other] = other + 1
				}
				x.alike[uint32(i)] = x.alike[other]
			}
		}
		for _, key := range keys {
			by[key] = append(by[key], uint32(i))
		}
	}
}

// preferred gives, among candidates that say the same, the score of the best
// to the one that is to be shown first, and a hair less to the others it had
// fallen behind.
func (x *Index) preferred(found []candidate, scores []float64) {
	if len(x.alike) == 0 {
		return
	}
	best := map[uint32]int{}
	for i, c := range found {
		g := x.alike[c.doc]
		if g == 0 || int(c.doc) >= len(x.prefer) {
			continue
		}
		if at, ok := best[g]; !ok || x.prefer[c.doc] > x.prefer[found[at].doc] {
			best[g] = i
		}
	}
	for g, at := range best {
		top := scores[at]
		for i, c := range found {
			if x.alike[c.doc] == g {
				top = max(top, scores[i])
			}
		}
		for i, c := range found {
			if i != at && x.alike[c.doc] == g {
				scores[i] = min(scores[i], top-1e-9)
			}
		}
		scores[at] = top
	}
}
