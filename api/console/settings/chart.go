package settings

import "strconv"

// bars is a chart of percentages as the part chart-bars draws it. Label says in a sentence what it shows.
type bars struct {
	Label string
	Grid  []tick
	Bars  []bar
	Ticks []tick
	Peak  *tick
}

type bar struct {
	X, Y, W, H int
	Hot        bool
	Title      string
}

type tick struct {
	X, Y   int
	Text   string
	Anchor string
}

// point is one column: what it is called below, in full, and how much of a hundred.
type point struct {
	Short, Long string
	N           int64
}

// columns draws points in the frame of the part; every step-th is named below.
func columns(label string, points []point, step int) bars {
	const left, right, top, base = 46, 634, 22, 196
	b := bars{Label: label}
	for _, n := range []int{0, 50, 100} {
		b.Grid = append(b.Grid, tick{X: left - 6, Y: base - n*(base-top)/100, Text: strconv.Itoa(n) + "%"})
	}
	width := float64(right-left) / float64(max(1, len(points)))
	for i, p := range points {
		h := int(p.N) * (base - top) / 100
		x := left + int(float64(i)*width+width*.15)
		b.Bars = append(b.Bars, bar{X: x, Y: base - h, W: max(1, int(width*.7)), H: h, Title: p.Long + " " + strconv.FormatInt(p.N, 10) + "%"})
		if i%step == 0 {
			b.Ticks = append(b.Ticks, tick{X: x + int(width*.35), Y: base + 18, Text: p.Short, Anchor: "middle"})
		}
	}
	return b
}
