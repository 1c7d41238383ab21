package doc

import (
	"bytes"
	"math"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// row is a line as printed.
type row struct {
	text       string
	said       []byte // the text while it grows
	x, end, y  float64
	size       float64
	gap        float64 // to the row above, in its size
	first      bool    // on its page
	left, edge float64 // of its page
}

var pageNumber = regexp.MustCompile(`^[-—–~·\s]*(第\s*)?\d{1,4}(\s*页)?([/,，\s]*(共\s*)?\d{1,4}\s*页?)?[-—–~·\s]*$`)

// paragraphs puts what is printed line by line together again: a new one begins where a line is set in, where the one
// before ended early, and after a gap.
func paragraphs(pages []sheet) []Line {
	var all [][]row
	often := map[string]int{}
	for _, s := range pages {
		rows := s.rows()
		for len(rows) > 0 && pageNumber.MatchString(rows[len(rows)-1].text) {
			rows = rows[:len(rows)-1]
		}
		for len(rows) > 0 && pageNumber.MatchString(rows[0].text) {
			rows = rows[1:]
		}
		if n := len(rows); n > 0 {
			often[rows[0].text]++
			often[rows[n-1].text]++
		}
		all = append(all, rows)
	}
	var out []Line
	var long []byte // the last paragraph, while it grows
	var before *row
	ends := func() {
		if n := len(out); n > 0 {
			out[n-1].Text = clean(string(long))
		}
		long = long[:0]
	}
	for _, rows := range all {
		for i := range rows {
			r := &rows[i]
			if (i == 0 || i == len(rows)-1) && often[r.text] > 2 && often[r.text] > len(pages)/2 {
				if i+1 < len(rows) {
					rows[i+1].first = true
				}
				continue
			}
			if before == nil || starts(before, r) {
				ends()
				out = append(out, Line{})
			} else if apart(before.text, r.text) {
				long = append(long, ' ')
			}
			long = append(long, r.text...)
			before = r
		}
	}
	ends()
	return out
}

// starts tells whether r begins a paragraph.
func starts(before, r *row) bool {
	size := r.size
	switch {
	case math.Abs(before.size-size) > .15*size:
		return true
	case r.x-r.left > 1.2*size:
		return true
	case before.edge-before.end > 4*size:
		return true
	case before.edge-before.end > 1.2*size && strings.HasSuffix(strings.TrimRight(before.text, "”）)》"), "。"):
		return true
	}
	return !r.first && r.gap > 2.6
}

// apart tells whether a space stands between two rows of one paragraph: between words, not between characters.
func apart(a, b string) bool {
	x, _ := utf8.DecodeLastRuneInString(a)
	y, _ := utf8.DecodeRuneInString(b)
	return x < 0x2e80 && y < 0x2e80 && (unicode.IsLetter(x) || unicode.IsLetter(y))
}

// rows puts pieces that stand side by side together.
func (s sheet) rows() []row {
	var rows []row
	for _, p := range s {
		if n := len(rows) - 1; n >= 0 {
			r := &rows[n]
			if math.Abs(r.y-p.y) < .4*max(p.size, r.size) && p.x > r.x-.5*p.size {
				if p.x-r.end > .8*p.size && !bytes.HasSuffix(r.said, []byte(" ")) {
					r.said = append(r.said, ' ')
				}
				r.said = append(r.said, p.text...)
				r.end = max(r.end, p.x+ems(p.text)*p.size)
				r.size = max(r.size, p.size)
				continue
			}
		}
		rows = append(rows, row{said: []byte(p.text), x: p.x, end: p.x + ems(p.text)*p.size, y: p.y, size: p.size})
	}
	kept := rows[:0]
	left, edge := math.Inf(1), math.Inf(-1)
	for _, r := range rows {
		r.text, r.said = string(r.said), nil
		lead := utf8.RuneCountInString(r.text) - utf8.RuneCountInString(strings.TrimLeft(r.text, " 　"))
		for _, c := range []rune(r.text)[:lead] {
			r.x += ems(string(c)) * r.size
		}
		if r.text = clean(r.text); r.text == "" {
			continue
		}
		r.first = len(kept) == 0
		if !r.first {
			r.gap = math.Abs(kept[len(kept)-1].y-r.y) / max(r.size, 1)
		}
		left, edge = min(left, r.x), max(edge, r.end)
		kept = append(kept, r)
	}
	for i := range kept {
		kept[i].left, kept[i].edge = left, edge
	}
	return kept
}
