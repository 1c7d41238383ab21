package roster

import (
	"strings"
	"time"

	"mashang/platform/text"
)

// most is how many different cells an import remembers of one kind.
const most = 8192

// known remembers what cells have been read as: lists say the same over and over.
type known[T any] map[string]T

func (k known[T]) put(cell string, v T) {
	if len(k) < most {
		k[strings.Clone(cell)] = v
	}
}

// memo is what an import remembers.
type memo struct {
	village known[string]    // codes
	month   known[time.Time] // months that may stand there
	fold    known[string]    // headers and the like as they are compared
	fine    known[bool]      // cells of columns that are read over
}

func newMemo() memo {
	return memo{known[string]{}, known[time.Time]{}, known[string]{}, known[bool]{}}
}

// folded is foldHeader, remembered.
func (m *memo) folded(cell string) string {
	if s, ok := m.fold[cell]; ok {
		return s
	}
	s := foldHeader(cell)
	m.fold.put(cell, s)
	return s
}

// clean is text.Clean, at once for what is clean.
func clean(s string) string {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c > ' ' && c < 0x7f:
		case c == ' ' && i > 0 && i < len(s)-1 && s[i-1] != ' ':
		case c >= 0xe4 && c <= 0xe9 && i+2 < len(s) && s[i+1] >= 0x80 && s[i+1] < 0xc0 && s[i+2] >= 0x80 && s[i+2] < 0xc0: // 一 to 鿿
			i += 2
		default:
			return text.Clean(s)
		}
	}
	return s
}

// digitsOnly tells a cell of nothing but a few figures.
func digitsOnly(s string, atMost int) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != "" && len(s) <= atMost
}

// simpleNumber tells a figure with at most two places after the point: 936, 712.5, 1240.00.
func simpleNumber(s string) (cents int64, ok bool) {
	if len(s) == 0 || len(s) > 10 || len(s) > 1 && s[0] == '0' && s[1] != '.' {
		return 0, false
	}
	places := -1
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9' && places < 2:
			cents = cents*10 + int64(c-'0')
			if places >= 0 {
				places++
			}
		case c == '.' && places < 0 && i > 0 && i < len(s)-1:
			places = 0
		default:
			return 0, false
		}
	}
	for range 2 - max(0, places) {
		cents *= 10
	}
	return cents, true
}

// cellName writes a column as spreadsheets do: 0 is A, 26 is AA.
func cellName(column int) string {
	name := ""
	for column++; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return name
}

func blank(row []string) bool {
	for _, cell := range row {
		if clean(cell) != "" {
			return false
		}
	}
	return true
}
