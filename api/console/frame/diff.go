package frame

import (
	"strings"
	"unicode"
)

// longDiff is how many words two versions may have to be compared word by word;
// longer ones are marked whole.
const longDiff = 600

// Compared makes the row of one property, with what differs marked.
func Compared(label, before, after string) CompareRow {
	row := CompareRow{Label: label, Old: before, New: after, Changed: before != after}
	if row.Changed && before != "" && after != "" {
		row.Gone, row.Came = Diff(before, after)
	}
	return row
}

// Diff cuts two texts into pieces and marks those the other does not have. A
// Chinese character is a word, and so is a run of letters or digits.
func Diff(before, after string) (gone, came []Piece) {
	a, b := words(before), words(after)
	if len(a) > longDiff || len(b) > longDiff {
		return []Piece{{before, true}}, []Piece{{after, true}}
	}
	// common[i][j] is how long the longest common run of words of a[i:] and b[j:] is.
	common := make([][]int16, len(a)+1)
	for i := range common {
		common[i] = make([]int16, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			gone, came = push(gone, a[i], false), push(came, b[j], false)
			i++
			j++
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			gone = push(gone, a[i], true)
			i++
		default:
			came = push(came, b[j], true)
			j++
		}
	}
	return gone, came
}

func push(to []Piece, word string, mark bool) []Piece {
	if n := len(to); n > 0 && to[n-1].Mark == mark {
		to[n-1].Text += word
		return to
	}
	return append(to, Piece{word, mark})
}

func words(s string) []string {
	var out []string
	var run strings.Builder
	flush := func() {
		if run.Len() > 0 {
			out = append(out, run.String())
			run.Reset()
		}
	}
	for _, c := range s {
		if c < 0x2e80 && (unicode.IsLetter(c) || unicode.IsDigit(c)) {
			run.WriteRune(c)
			continue
		}
		flush()
		out = append(out, string(c))
	}
	flush()
	return out
}
