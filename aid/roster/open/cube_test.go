package open

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
)

// county is a tree with random villages, some of them with no list.
type county struct {
	places []Place
	rows   []Row
}

const (
	poorest = 100_00 // a person receives this at least: what everybody may know
	richest = 1400_00
)

func randomCounty(r *rand.Rand, programmes int) county {
	c := county{places: []Place{{Code: "c"}}}
	var villages []string
	for t := range 1 + r.IntN(5) {
		town := "t" + strconv.Itoa(t)
		above := "c"
		if r.IntN(5) == 0 { // a zone between
			above = "z" + strconv.Itoa(t)
			c.places = append(c.places, Place{Code: above, Parent: "c"})
		}
		c.places = append(c.places, Place{Code: town, Parent: above})
		for v := range 1 + r.IntN(6) {
			code := fmt.Sprintf("%sv%d", town, v)
			c.places = append(c.places, Place{Code: code, Parent: town, Village: true})
			villages = append(villages, code)
		}
	}
	for p := range programmes {
		most := []int{3, 9, 25, 60}[r.IntN(4)]
		for _, v := range villages {
			if r.IntN(6) > 0 {
				c.rows = append(c.rows, randomRow(r, v, "p"+strconv.Itoa(p), 1+r.IntN(most)))
			}
		}
	}
	return c
}

func randomRow(r *rand.Rand, place, programme string, households int) Row {
	row := Row{Place: place, Programme: programme, Households: households}
	for range households {
		n := 1 + r.IntN(4)
		row.Persons += n
		row.Cents += int64(n) * (poorest + r.Int64N(richest-poorest))
	}
	return row
}

// drift changes every list a little, and brings some to an end or back.
func (c *county) drift(r *rand.Rand) {
	for i, row := range c.rows {
		if n := row.Households + r.IntN(7) - 3; n > 0 {
			c.rows[i] = randomRow(r, row.Place, row.Programme, n)
		}
	}
}

// truth adds up the lists of a programme under a place.
func (c county) truth(place, programme string) (households int) {
	above := map[string]string{}
	for _, p := range c.places {
		above[p.Code] = p.Parent
	}
	for _, row := range c.rows {
		for at := row.Place; at != "" && row.Programme == programme; at = above[at] {
			if at == place {
				households += row.Households
			}
		}
	}
	return households
}

// under lists the villages of a place.
func (c county) under(place string) (all []string) {
	above := map[string]string{}
	for _, p := range c.places {
		above[p.Code] = p.Parent
	}
	for _, p := range c.places {
		for at := p.Code; p.Village && at != ""; at = above[at] {
			if at == place {
				all = append(all, p.Code)
			}
		}
	}
	return all
}

// leak is a hidden figure of which too much can be told.
type leak struct {
	place, programme string
	least, most      float64
	truth            int
}

// attack writes down everything the cells say, and what is known besides, and asks of each hidden figure what it can
// be. known is a village whose own list the reader has seen, or "". totals are sums over programmes, by place. Without money
// only households are reckoned with, which is much faster.
func attack(t *testing.T, c county, cells []Cell, totals map[string]int, known string, withMoney bool) (leaks []leak) {
	t.Helper()
	p := &program{}
	type key struct{ place, programme string }
	households, persons, money := map[key]int{}, map[key]int{}, map[key]int{}
	var programmes []string
	for _, cell := range cells {
		if !slices.Contains(programmes, cell.Programme) {
			programmes = append(programmes, cell.Programme)
		}
	}
	for _, v := range c.under("c") {
		for _, pr := range programmes {
			k := key{v, pr}
			households[k] = p.free()
			if withMoney {
				persons[k], money[k] = p.free(), p.free()
			}
		}
	}
	sum := func(of map[key]int, place, programme string) map[int]float64 {
		terms := map[int]float64{}
		for _, v := range c.under(place) {
			terms[of[key{v, programme}]] = 1
		}
		return terms
	}
	minus := func(terms map[int]float64) map[int]float64 {
		for i := range terms {
			terms[i] = -terms[i]
		}
		return terms
	}
	for k := range money { // nobody receives less or more than the standards let, and a household is 1 to 20 people
		h, n, m := households[k], persons[k], money[k]
		p.atLeast(map[int]float64{n: 1, h: -1}, 0)
		p.atLeast(map[int]float64{h: 20, n: -1}, 0)
		p.atLeast(map[int]float64{m: 1, n: -poorest / 100}, 0)
		p.atLeast(map[int]float64{n: richest / 100, m: -1}, 0)
	}
	for _, cell := range cells {
		if cell.Hidden {
			continue
		}
		p.equal(sum(households, cell.Place, cell.Programme), float64(cell.Households))
		if !withMoney {
			continue
		}
		p.equal(sum(persons, cell.Place, cell.Programme), float64(cell.Persons))
		p.atLeast(sum(money, cell.Place, cell.Programme), float64(cell.Cents-Coarse/2)/100)
		p.atLeast(minus(sum(money, cell.Place, cell.Programme)), -float64(cell.Cents+Coarse/2)/100)
	}
	for place, n := range totals {
		terms := map[int]float64{}
		for _, pr := range programmes {
			for i, f := range sum(households, place, pr) {
				terms[i] = f
			}
		}
		p.equal(terms, float64(n))
	}
	for _, pr := range programmes {
		if known != "" {
			p.equal(map[int]float64{households[key{known, pr}]: 1}, float64(c.truth(known, pr)))
		}
	}
	s := p.solve(t)
	for _, cell := range cells {
		if !cell.Hidden || slices.Contains(c.under(cell.Place), known) {
			continue
		}
		var terms []int
		for i := range sum(households, cell.Place, cell.Programme) {
			terms = append(terms, i)
		}
		if least, most := s.between(terms); least > 1e-4 || most < Least-1e-4 {
			leaks = append(leaks, leak{cell.Place, cell.Programme, least, most, c.truth(cell.Place, cell.Programme)})
		}
	}
	return leaks
}

// TestNothingHiddenCanBeComputed tries on random counties, month after month: places, programmes, persons and money
// together, and with one village's own list in hand.
func TestNothingHiddenCanBeComputed(t *testing.T) {
	hidden, shown := 0, 0
	for seed := range cubes {
		r := rand.New(rand.NewPCG(uint64(seed), 7))
		c := randomCounty(r, 1+r.IntN(2))
		var before []Cell
		for month := range 3 {
			cells := Edition(c.places, c.rows, before, []byte("a key"))
			totals := map[string]int{}
			for _, p := range c.places {
				var of []Cell
				for _, cell := range cells {
					if cell.Place == p.Code {
						of = append(of, cell)
					}
				}
				if total, ok := Sum(of); ok {
					totals[p.Code] = total.Households
				}
			}
			villages := c.under("c")
			for _, known := range []string{"", villages[r.IntN(len(villages))]} {
				for _, l := range attack(t, c, cells, totals, known, seed%5 == 0) {
					t.Errorf("seed %d, month %d, knowing %q: %s of %s lies between %g and %g (it is %d)", seed, month, known, l.programme, l.place, l.least, l.most, l.truth)
				}
			}
			for _, cell := range cells {
				switch {
				case cell.Hidden:
					hidden++
				case cell.Households < Small || cell.Households != c.truth(cell.Place, cell.Programme):
					t.Errorf("seed %d: %s of %s is shown as %d", seed, cell.Programme, cell.Place, cell.Households)
				default:
					shown++
				}
			}
			before = cells
			c.drift(r)
		}
	}
	if hidden < 100 || shown < 100 {
		t.Errorf("%d hidden and %d shown: the counties try nothing", hidden, shown)
	}
}

// TestNaiveHidingIsBroken is the control: what hides only small counts, or hides one beside each, or shows sums over
// programmes or the money regardless, is recovered by the same attacker.
func TestNaiveHidingIsBroken(t *testing.T) {
	c := county{places: []Place{{Code: "c"}}}
	counts := map[string][]int{"a": {20, 3, 30, 12}, "b": {9, 15, 40, 11}, "d": {25, 14, 17, 33}}
	for _, town := range []string{"a", "b", "d"} {
		c.places = append(c.places, Place{Code: town, Parent: "c"})
		for i, n := range counts[town] {
			v := town + strconv.Itoa(i)
			c.places = append(c.places, Place{Code: v, Parent: town, Village: true})
			c.rows = append(c.rows, Row{v, "p", n, n, int64(n) * 700_00}, Row{v, "q", 12, 12, 12 * 700_00})
		}
	}
	cell := func(place, programme string, hide bool) Cell {
		n := c.truth(place, programme)
		out := Cell{Place: place, Programme: programme, Hidden: hide}
		if !hide {
			out.Households, out.Persons, out.Cents = n, n, (int64(n)*700_00+Coarse/2)/Coarse*Coarse
		}
		return out
	}
	all := func(hide func(place, programme string) bool) (cells []Cell) {
		for _, programme := range []string{"p", "q"} {
			for _, p := range c.places {
				cells = append(cells, cell(p.Code, programme, hide(p.Code, programme)))
			}
		}
		return cells
	}
	small := func(place, programme string) bool { return c.truth(place, programme) < Small }
	two := func(place, programme string) bool { return programme == "p" && (place == "a1" || place == "a0") }
	three := func(place, programme string) bool { return two(place, programme) || programme == "p" && place == "a3" }
	for _, tt := range []struct {
		name   string
		cells  []Cell
		totals map[string]int
		known  string
		broken bool
	}{
		{"only small counts", all(small), nil, "", true},
		{"one beside it, and a neighbour's own list", all(two), nil, "a0", true},
		{"three, and a sum over programmes", all(three), map[string]int{"a1": c.truth("a1", "p") + c.truth("a1", "q")}, "", true},
		{"three, and a neighbour's own list", all(three), nil, "a0", false},
		{"as editions do", Edition(c.places, c.rows, nil, []byte("a key")), nil, "a0", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if leaks := attack(t, c, tt.cells, tt.totals, tt.known, true); len(leaks) > 0 != tt.broken {
				t.Errorf("recovered: %v, want some: %v", leaks, tt.broken)
			}
		})
	}
}

// TestWhatWasHiddenStaysHidden tries differences between months: a group that hid a small count is opened only after a
// year without one, and no figure goes from shown to small in one step of three.
func TestWhatWasHiddenStaysHidden(t *testing.T) {
	c := county{places: []Place{{Code: "c"}, {Code: "t", Parent: "c"}}}
	for i := range 6 {
		v := "v" + strconv.Itoa(i)
		c.places = append(c.places, Place{Code: v, Parent: "t", Village: true})
		c.rows = append(c.rows, Row{v, "p", 20, 30, 20 * 700_00})
	}
	hiddenAt := func(n int, before []Cell) ([]Cell, []string) {
		c.rows[2].Households = n
		cells := Edition(c.places, c.rows, before, []byte("a key"))
		var hidden []string
		for _, one := range cells {
			if one.Hidden {
				hidden = append(hidden, one.Place)
			}
		}
		return cells, hidden
	}
	var cells []Cell
	var first []string
	for month, n := range []int{20, 11, 8, 5, 2, 5, 8, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20} {
		var hidden []string
		if cells, hidden = hiddenAt(n, cells); month == 3 {
			first = hidden
		}
		switch {
		case month < 3 && len(hidden) > 0, month >= 3 && month < 17 && !slices.Equal(hidden, first), month >= 17 && len(hidden) > 0:
			t.Errorf("month %d, %d households: hidden %v, at first %v", month, n, hidden, first)
		}
	}
	if len(first) < Group || !slices.Contains(first, "v2") {
		t.Errorf("hidden beside it: %v", first)
	}
}

// TestTheSecretPicksWhoHidesBeside the small: otherwise the method would tell which one it was.
func TestTheSecretPicksWhoHidesBeside(t *testing.T) {
	var c county
	c.places = []Place{{Code: "c"}, {Code: "t", Parent: "c"}}
	for i, n := range []int{3, 20, 20, 20, 20, 20, 20, 20} {
		v := "v" + strconv.Itoa(i)
		c.places = append(c.places, Place{Code: v, Parent: "t", Village: true})
		c.rows = append(c.rows, Row{v, "p", n, n, 0})
	}
	sets := map[string]bool{}
	for key := range 20 {
		var hidden []string
		for _, one := range Edition(c.places, c.rows, nil, []byte{byte(key)}) {
			if one.Hidden {
				hidden = append(hidden, one.Place)
			}
		}
		sets[fmt.Sprint(hidden)] = true
	}
	if len(sets) < 5 {
		t.Errorf("20 keys hide %d different groups", len(sets))
	}
}
