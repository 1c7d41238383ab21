package consent

import (
	"strconv"
	"strings"
)

// Bounds of a drawn signature. The drawing is 1000 wide and 400 high.
const (
	mostInk  = 24_000
	inkWide  = 1000
	inkHigh  = 400
	leastInk = 4 // points
)

// Ink reports whether s is a drawing: strokes set apart by semicolons, each a row of "x,y" points set apart by spaces.
// Anything else is refused whole, so that what is shown later is a drawing and nothing else.
func Ink(s string) bool {
	if len(s) > mostInk {
		return false
	}
	points := 0
	for stroke := range strings.SplitSeq(s, ";") {
		for point := range strings.SplitSeq(stroke, " ") {
			x, y, ok := strings.Cut(point, ",")
			if !ok || !within(x, inkWide) || !within(y, inkHigh) {
				return false
			}
			points++
		}
	}
	return points >= leastInk
}

func within(s string, most int) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n >= 0 && n <= most && strconv.Itoa(n) == s
}

// Path is a drawing as the d of an SVG path; "" for what is none.
func Path(ink string) string {
	if !Ink(ink) {
		return ""
	}
	var b strings.Builder
	for stroke := range strings.SplitSeq(ink, ";") {
		b.WriteByte('M')
		b.WriteString(stroke)
	}
	return b.String()
}
