package open

import (
	"math"
	"testing"
)

// program is a linear program over x ≥ 0 with equations only: what a reader who puts all figures together can write down.
type program struct {
	rows [][]float64
	rhs  []float64
	vars int
}

// free adds a variable and gives its number.
func (p *program) free() int { p.vars++; return p.vars - 1 }

// equal adds Σ factor·x = value.
func (p *program) equal(terms map[int]float64, value float64) {
	row := make([]float64, p.vars)
	for i, f := range terms {
		row[i] = f
	}
	p.rows, p.rhs = append(p.rows, row), append(p.rhs, value)
}

// atLeast adds Σ factor·x ≥ value.
func (p *program) atLeast(terms map[int]float64, value float64) {
	terms[p.free()] = -1
	p.equal(terms, value)
}

// solver is the simplex tableau of a program, at a point that satisfies it.
type solver struct {
	t     [][]float64 // the last column is the right side
	basis []int
	vars  int
}

const tiny = 1e-7

// solve finds a point that satisfies p: there is one, for the truth does.
func (p *program) solve(t *testing.T) *solver {
	t.Helper()
	m, n := len(p.rows), p.vars
	s := &solver{vars: n}
	for i, row := range p.rows {
		line := make([]float64, n+m+1)
		sign := 1.0
		if p.rhs[i] < 0 {
			sign = -1
		}
		for j, v := range row {
			line[j] = sign * v
		}
		line[n+i], line[n+m] = 1, sign*p.rhs[i]
		s.t, s.basis = append(s.t, line), append(s.basis, n+i)
	}
	cost := make([]float64, n+m)
	for i := n; i < n+m; i++ {
		cost[i] = 1
	}
	if left := s.minimize(cost, n+m); left > 1e-4 {
		t.Fatalf("the figures contradict one another by %g", left)
	}
	// An artificial variable that stays is nought; swap it for a real one, or drop the row, which says nothing new.
	for i := len(s.t) - 1; i >= 0; i-- {
		if s.basis[i] < n {
			continue
		}
		at := -1
		for j := range n {
			if math.Abs(s.t[i][j]) > tiny {
				at = j
				break
			}
		}
		if at < 0 {
			s.t, s.basis = append(s.t[:i], s.t[i+1:]...), append(s.basis[:i], s.basis[i+1:]...)
			continue
		}
		s.pivot(i, at)
	}
	return s
}

// minimize walks from the point it stands at to one with the least cost, over the first n variables.
func (s *solver) minimize(cost []float64, n int) float64 {
	width := 0
	if len(s.t) > 0 {
		width = len(s.t[0]) - 1
	}
	for range 20_000 {
		enter, best := -1, -tiny
		for j := range n {
			reduced := cost[j]
			for i, b := range s.basis {
				reduced -= cost[b] * s.t[i][j]
			}
			if reduced < -tiny && (enter < 0 || reduced < best) {
				enter, best = j, reduced
			}
		}
		if enter < 0 {
			break
		}
		leave, ratio := -1, math.Inf(1)
		for i := range s.t {
			if s.t[i][enter] > tiny {
				if r := s.t[i][width] / s.t[i][enter]; r < ratio-1e-12 || r < ratio+1e-12 && (leave < 0 || s.basis[i] < s.basis[leave]) {
					leave, ratio = i, r
				}
			}
		}
		if leave < 0 {
			return math.Inf(-1)
		}
		s.pivot(leave, enter)
	}
	sum := 0.0
	for i, b := range s.basis {
		sum += cost[b] * s.t[i][width]
	}
	return sum
}

func (s *solver) pivot(row, col int) {
	f := s.t[row][col]
	for j := range s.t[row] {
		s.t[row][j] /= f
	}
	for i := range s.t {
		if g := s.t[i][col]; i != row && math.Abs(g) > 1e-12 {
			for j := range s.t[i] {
				s.t[i][j] -= g * s.t[row][j]
			}
		}
	}
	s.basis[row] = col
}

// between gives the least and the most that a sum of variables can be.
func (s *solver) between(terms []int) (least, most float64) {
	width := 0
	if len(s.t) > 0 {
		width = len(s.t[0]) - 1
	}
	cost := make([]float64, max(width, s.vars))
	for _, i := range terms {
		cost[i] = 1
	}
	least = s.minimize(cost, s.vars)
	for _, i := range terms {
		cost[i] = -1
	}
	return least, -s.minimize(cost, s.vars)
}

func TestTheAttackerCanReckon(t *testing.T) {
	p := &program{}
	a, b, c := p.free(), p.free(), p.free()
	p.equal(map[int]float64{a: 1, b: 1, c: 1}, 10)
	p.equal(map[int]float64{a: 1, b: 1}, 7)
	p.atLeast(map[int]float64{a: 1}, 2)
	s := p.solve(t)
	for i, want := range [][2]float64{{2, 7}, {0, 5}, {3, 3}} {
		if least, most := s.between([]int{[]int{a, b, c}[i]}); math.Abs(least-want[0]) > 1e-6 || math.Abs(most-want[1]) > 1e-6 {
			t.Errorf("variable %d lies between %g and %g, want %v", i, least, most, want)
		}
	}
}
