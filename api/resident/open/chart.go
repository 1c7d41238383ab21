package open

// chart is months as columns, drawn by the part open-chart. Label says in a sentence what it shows.
type chart struct {
	Label string
	Grid  []tick
	Bars  []bar
	Ticks []tick
}

type bar struct {
	X, Y, W, H int
	Hidden     bool
	Title      string
}

type tick struct {
	X, Y int
	Text string
}

// point is one month; n is -1 where no figure is shown.
type point struct {
	short, long string
	n           int
}

// The frame of a chart in its own units: about a phone's width, so that its words are as large as the page's.
const (
	chartLeft, chartRight = 44, 338
	chartTop, chartBase   = 10, 130
)

func columns(label string, points []point, say func(point) string) chart {
	c := chart{Label: label}
	most := 0
	for _, p := range points {
		most = max(most, p.n)
	}
	top := ceiling(most)
	for i := range 3 {
		c.Grid = append(c.Grid, tick{X: chartLeft - 6, Y: chartBase - i*(chartBase-chartTop)/2, Text: count(top * i / 2)})
	}
	step := (chartRight - chartLeft) / len(points)
	for i, p := range points {
		x := chartLeft + i*step + step/8
		w := max(2, step*3/4)
		one := bar{X: x, W: w, Title: say(p)}
		if one.Hidden = p.n < 0; !one.Hidden {
			one.H = max(1, (chartBase-chartTop)*p.n/top)
			one.Y = chartBase - one.H
		} else {
			one.H, one.Y = 8, chartBase-8
		}
		c.Bars = append(c.Bars, one)
		c.Ticks = append(c.Ticks, tick{X: x + w/2, Y: chartBase + 18, Text: p.short})
	}
	return c
}

// ceiling is an even round number not below n.
func ceiling(n int) int {
	for unit := 1; ; unit *= 10 {
		for _, k := range []int{2, 4, 6, 8, 10, 12, 16} {
			if n <= k*unit {
				return k * unit
			}
		}
	}
}
