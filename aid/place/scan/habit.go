package scan

import "math"

// habitDays is how far back a poster's habit is looked at.
const habitDays = 84

// Thresholds say how sure one must be before people are sent out. Their defaults were chosen on simulated counties
// (habit_test.go prints what they give).
type Thresholds struct {
	Silence float64 // scans that the silence should have brought, before it is told
	Longer  float64 // how many times its own longest silence
	Sigma   float64 // standard deviations above the usual day before a rush is told
	Above   float64 // how many times its own busiest day
	Least   int64   // people on a day that is told as a rush
	Grace   int     // days after its first scan in which a poster is left alone
	History int64   // scans that a habit needs
}

// Usual are the thresholds in use.
func Usual() Thresholds {
	return Thresholds{Silence: 14, Longer: 1.5, Sigma: 7, Above: 1.5, Least: 30, Grace: 28, History: 20}
}

// Habit is what is known of one poster. Days are its people day by day, yesterday last; Mood is, for each of those days
// and then for today, how the whole county did against its own usual day: on a day when nobody came anywhere nobody is
// missed, and a day on which all come in droves is no rush of one poster.
type Habit struct {
	Days  []int64
	Mood  []float64
	Today int64
}

// Silent says how a poster is silent: for how many days, what they should have brought, and what a day usually brings.
type Silent struct {
	Days            int
	Expected, Usual float64
}

// Silent tells whether the poster has been silent for longer than is its habit.
func (h Habit) Silent(t Thresholds) (Silent, bool) {
	first, last := bounds(h.Days)
	if h.Today > 0 || last < 0 || len(h.Days)-first < t.Grace {
		return Silent{}, false
	}
	s := Silent{Days: len(h.Days) - 1 - last}
	known := h.Days[first : last+1]
	if s.Days == 0 || total(known) < t.History {
		return Silent{}, false
	}
	usual := rates(known, h.Mood[first:last+1], first)
	longest, gap := 0.0, 0.0
	for i, n := range known {
		if n > 0 {
			gap = 0
			continue
		}
		gap += usual[(first+i)%7] * capped(h.Mood[first+i])
		longest = max(longest, gap)
	}
	for day := last + 1; day < len(h.Days); day++ {
		s.Expected += usual[day%7] * capped(h.Mood[day])
	}
	s.Usual = float64(total(known)) / float64(len(known))
	need := t.Silence * math.Sqrt(spread(known, usual, first))
	return s, s.Expected >= need && s.Expected >= t.Longer*longest
}

// Burst tells whether today is far above the poster's habit, and what a day like today usually brings.
func (h Habit) Burst(t Thresholds) (usual float64, far bool) {
	first, last := bounds(h.Days)
	if last < 0 || len(h.Days)-first < t.Grace { // a new poster may well be looked at by everybody
		return 0, false
	}
	known := h.Days[first:]
	by := rates(known, h.Mood[first:len(h.Days)], first)
	usual = by[len(h.Days)%7]
	most := int64(0)
	for _, n := range known {
		most = max(most, n)
	}
	mood := max(1, h.Mood[len(h.Days)])
	limit := usual*mood + t.Sigma*math.Sqrt(max(1, usual*mood*spread(known, by, first)))
	return usual, h.Today >= t.Least && float64(h.Today) > limit && float64(h.Today) > t.Above*float64(most)*mood
}

// bounds are the first and the last day with a scan, -1 when there is none.
func bounds(days []int64) (first, last int) {
	first, last = -1, -1
	for i, n := range days {
		if n > 0 {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	return first, last
}

func total(days []int64) (n int64) {
	for _, d := range days {
		n += d
	}
	return n
}

func capped(mood float64) float64 { return min(mood, 1.5) }

// rates are the usual counts by weekday, drawn towards the mean of all days as far as there are few to go by. offset
// is the place of days[0] in the week.
func rates(days []int64, mood []float64, offset int) [7]float64 {
	var n, weight [7]float64
	all, allWeight := 0.0, 0.0
	for i, d := range days {
		w := max(.05, capped(mood[i]))
		n[(offset+i)%7] += float64(d)
		weight[(offset+i)%7] += w
		all += float64(d)
		allWeight += w
	}
	mean := all / max(1, allWeight)
	const pull = 3 // days
	var out [7]float64
	for i := range out {
		out[i] = (n[i] + pull*mean) / (weight[i] + pull)
	}
	return out
}

// spread is how many times the counts vary as those of people who come by chance, from 1 to 6: market days make it more.
func spread(days []int64, usual [7]float64, offset int) float64 {
	sum, n := 0.0, 0.0
	for i, d := range days {
		r := max(.05, usual[(offset+i)%7])
		sum += (float64(d) - r) * (float64(d) - r) / r
		n++
	}
	if n < 2 {
		return 1
	}
	return min(6, max(1, sum/(n-1)))
}
