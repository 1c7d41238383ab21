package scans

import (
	"strconv"
)

// bars is a chart of columns as the part chart-bars draws it. Label says in a sentence what it shows.
type bars struct {
	Label string
	Grid  []tick // lines across, with their figures
	Bars  []bar
	Ticks []tick // words below
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

// The frame of a chart in its own units.
const (
	chartLeft, chartRight = 46, 634
	chartTop, chartBase   = 22, 196
)

// point is one column: what it is called below, in full, and how much.
type point struct {
	Short, Long string
	N           int64
}

// columns draws points; every step-th is named below.
func columns(label string, points []point, step int) bars {
	b := bars{Label: label}
	most, peak := int64(0), -1
	for i, p := range points {
		if p.N > most {
			most, peak = p.N, i
		}
	}
	top := ceiling(most)
	for i := int64(0); i <= 2; i++ {
		y := chartBase - int(i)*(chartBase-chartTop)/2
		b.Grid = append(b.Grid, tick{X: chartLeft - 6, Y: y, Text: grouped(top * i / 2)})
	}
	width := float64(chartRight-chartLeft) / float64(max(1, len(points)))
	for i, p := range points {
		h := int(int64(chartBase-chartTop) * p.N / top)
		if p.N > 0 && h == 0 {
			h = 1
		}
		x := chartLeft + int(float64(i)*width+width*.15)
		one := bar{X: x, Y: chartBase - h, W: max(1, int(width*.7)), H: h, Title: p.Long + " " + grouped(p.N)}
		if i == peak && len(points) > 2 {
			one.Hot = true
			b.Peak = &tick{X: x + one.W/2, Y: one.Y - 5, Text: grouped(p.N), Anchor: "middle"}
			if x > chartRight-40 {
				b.Peak.X, b.Peak.Anchor = chartRight, "end"
			}
		}
		b.Bars = append(b.Bars, one)
		if i%step == 0 {
			b.Ticks = append(b.Ticks, tick{X: x + one.W/2, Y: chartBase + 18, Text: p.Short, Anchor: "middle"})
		}
	}
	return b
}

// ceiling is an even round number not below n.
func ceiling(n int64) int64 {
	for unit := int64(1); ; unit *= 10 {
		for _, k := range []int64{2, 4, 6, 10} {
			if n <= k*unit {
				return k * unit
			}
		}
	}
}

// grouped writes a number with its thousands apart.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// heat is the week's hours as the part chart-heat draws it.
type heat struct {
	Label string
	Hours []tick
	Days  []tick
	Cells []heatCell
}

type heatCell struct {
	X, Y  int
	Class string // how much, of the most: h0 to h5
	Title string
}

const (
	heatLeft, heatTop = 46, 20
	heatW, heatH      = 24, 22
)

// warm draws seven rows of hours; days are their names.
func warm(label string, n [7][24]int64, days []string, title func(day, hour int, n int64) string) heat {
	h := heat{Label: label}
	most := int64(0)
	for _, row := range n {
		for _, v := range row {
			most = max(most, v)
		}
	}
	for hour := 0; hour < 24; hour += 3 {
		h.Hours = append(h.Hours, tick{X: heatLeft + hour*heatW + heatW/2, Y: heatTop - 6, Text: strconv.Itoa(hour), Anchor: "middle"})
	}
	for day, row := range n {
		h.Days = append(h.Days, tick{X: heatLeft - 8, Y: heatTop + day*heatH + 15, Text: days[day], Anchor: "end"})
		for hour, v := range row {
			step := int64(0)
			if most > 0 && v > 0 {
				step = 1 + min(4, 5*(v-1)/most)
			}
			h.Cells = append(h.Cells, heatCell{X: heatLeft + hour*heatW, Y: heatTop + day*heatH, Class: "h" + strconv.FormatInt(step, 10), Title: title(day, hour, v)})
		}
	}
	return h
}

// lanes is a chart of bars that lie below each other: the funnel, the doors.
type lanes struct {
	Label  string
	Height int
	Lanes  []lane
}

type lane struct {
	Y, W, End  int
	Name, Text string
}

const laneLeft, laneRight, laneH = 120, 330, 32

func funnel(label string, names []string, counts []int64, say func(i int) string) lanes {
	f := lanes{Label: label, Height: laneH*len(counts) + 4}
	most := int64(1)
	for _, n := range counts {
		most = max(most, n)
	}
	for i, n := range counts {
		w := int((laneRight - laneLeft) * n / most)
		if n > 0 {
			w = max(2, w)
		}
		f.Lanes = append(f.Lanes, lane{Y: 4 + i*laneH, W: w, End: laneLeft + w + 8, Name: names[i], Text: say(i)})
	}
	return f
}
