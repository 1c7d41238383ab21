package scan_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"mashang/aid/place/scan"
	"mashang/aid/place/scan/scantest"
)

// county of posters that are scanned by chance: few or many, less at the weekend, some of them on market days only.
type simulation struct {
	silentFound, silent int     // posters that were covered up, and those told of
	burstFound, burst   int     // posters that were swamped, and those told of
	late                float64 // days until a covered poster was told of, on average
	falseSilent         int
	falseBurst          int
	days                int // poster days looked at without anything planted
}

// simulate runs posters for a hundred days and looks at them each evening of the last forty, as the job does. Of every
// hundred posters two are covered up and two are swamped on one day.
func simulate(seed uint64, posters int, silent func(scan.Habit) bool, burst func(scan.Habit) bool) simulation {
	const history, watched = 84, 40
	random := rand.New(rand.NewPCG(seed, 7))
	var s simulation
	week := [7]float64{1.1, 1, 1, 1, 1.2, .9, .8}
	festival := func(day int) float64 { // a week at home, for all
		if day >= 95 && day < 102 {
			return .25
		}
		return 1
	}
	counts := make([][]int64, posters)
	sums := make([]float64, history+watched)
	planted := make([]int, posters) // the day on which something was planted, 0 for none
	for p := range counts {
		counts[p] = make([]int64, history+watched)
		rate := .3 * math.Exp(4.2*random.Float64()) // from one in three days to twenty a day
		market := p%4 == 0
		switch p % 100 {
		case 11, 61, 37, 83:
			planted[p] = history + 1 + random.IntN(10)
		}
		opens := 0
		if p%20 == 9 {
			opens = 70 // hung lately
		}
		for day := range counts[p] {
			mean := rate * week[day%7] * festival(day)
			if market {
				mean *= .5
				if day%5 == p%5 {
					mean *= 6
				}
			}
			mean *= math.Exp(.25 * random.NormFloat64()) // weather
			n := scantest.Poisson(random, mean)
			if day < opens {
				n = 0
			}
			switch {
			case planted[p] == 0:
			case p%100 < 50 && day >= planted[p]:
				n = 0
			case p%100 >= 50 && day == planted[p]:
				n += 40 + int64(12*rate)
			}
			counts[p][day] = n
			sums[day] += float64(n)
		}
	}
	for p := range counts {
		told := false
		rate := 0.0
		for _, n := range counts[p][:history] {
			rate += float64(n) / history
		}
		hidden, swamped := planted[p] > 0 && p%100 < 50, planted[p] > 0 && p%100 >= 50
		if hidden && rate >= .7 { // one that is scanned less cannot be told from a quiet week in a month
			s.silent++
		}
		if swamped {
			s.burst++
		}
		rings := false
		for day := history; day < history+watched; day++ {
			h := scan.Habit{Days: counts[p][day-history : day], Mood: mood(sums, day-history, day), Today: counts[p][day]}
			switch is := silent(h); {
			case is && hidden && day >= planted[p] && !told && rate >= .7:
				told = true
				s.silentFound++
				s.late += float64(day - planted[p])
			case is && !(hidden && day >= planted[p]) && !rings:
				s.falseSilent++ // one alert, however long it stays
			}
			rings = silent(h)
			if burst(h) {
				if swamped && day == planted[p] {
					s.burstFound++
				} else {
					s.falseBurst++
				}
			}
			if planted[p] == 0 {
				s.days++
			}
		}
	}
	s.late /= max(1, float64(s.silentFound))
	return s
}

// mood is how all posters did on each day from…to against their mean.
func mood(sums []float64, from, to int) []float64 {
	mean := 0.0
	for _, n := range sums[from:to] {
		mean += n / float64(to-from)
	}
	out := make([]float64, 0, to-from+1)
	for _, n := range sums[from : to+1] {
		out = append(out, n/mean)
	}
	return out
}

func (s simulation) recall() (silent, burst float64) {
	return float64(s.silentFound) / float64(s.silent), float64(s.burstFound) / float64(s.burst)
}

// falseAWeek is how many posters of three thousand are told of wrongly in a week.
func (s simulation) falseAWeek() float64 {
	return float64(s.falseSilent+s.falseBurst) / float64(s.days) * 3000 * 7
}

func (s simulation) good() bool {
	silent, burst := s.recall()
	return silent >= .9 && burst >= .9 && s.falseAWeek() <= 3
}

func TestAlertsOnSimulatedCounty(t *testing.T) {
	tell := func(name string, s simulation) {
		silent, burst := s.recall()
		t.Logf("%s: silent %d of %d found (%.0f%%) after %.1f days, rushes %d of %d (%.0f%%), false alarms %d + %d in %d poster days: %.1f a week over 3,000 posters",
			name, s.silentFound, s.silent, 100*silent, s.late, s.burstFound, s.burst, 100*burst, s.falseSilent, s.falseBurst, s.days, s.falseAWeek())
	}
	by := func(u scan.Thresholds) (func(scan.Habit) bool, func(scan.Habit) bool) {
		return func(h scan.Habit) bool { _, is := h.Silent(u); return is }, func(h scan.Habit) bool { _, is := h.Burst(u); return is }
	}
	silent, burst := by(scan.Usual())
	s := simulate(1, 3000, silent, burst)
	tell("the habit of each", s)
	if !s.good() {
		t.Error("the thresholds in use miss too much or cry wolf")
	}
	// The controls: what a looser threshold and a fixed number of days or scans would do.
	loose := scan.Usual()
	loose.Silence, loose.Sigma, loose.Above, loose.Longer, loose.Least = 3, 2, 0, 0, 1
	looseSilent, looseBurst := by(loose)
	for _, tt := range []struct {
		name          string
		silent, burst func(scan.Habit) bool
	}{
		{"control: loose thresholds", looseSilent, looseBurst},
		{"control: silent for three days, more than fifty", func(h scan.Habit) bool {
			n := len(h.Days)
			return h.Today+h.Days[n-1]+h.Days[n-2] == 0
		}, func(h scan.Habit) bool { return h.Today > 50 }},
		{"control: silent for a month, more than five hundred", func(h scan.Habit) bool {
			quiet := h.Today
			for _, n := range h.Days[len(h.Days)-29:] {
				quiet += n
			}
			return quiet == 0
		}, func(h scan.Habit) bool { return h.Today > 500 }},
	} {
		s := simulate(1, 600, tt.silent, tt.burst)
		tell(tt.name, s)
		if s.good() {
			t.Errorf("%s passes: the test does not tell good from bad", tt.name)
		}
	}
}
