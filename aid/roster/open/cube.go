// Package open is what the lists come to without names (公开数据): households, persons and money by programme, place and
// month, with small counts left out so that nothing else that is published gives them back.
package open

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"slices"
)

// The measures of protection. decisions/0018 says why these.
const (
	Small  = 5       // what the rule protects: counts below this
	Guard  = 8       // nothing below this is shown, so that a fall of up to three in a month leads from no shown figure to a small one
	Group  = 3       // a shown sum has no hidden part, or at least these many: who knows one's own village learns no other's
	Least  = 5       // and without its largest part the hidden ones come to at least this
	Quiet  = 12      // editions without a small count before a group that was hidden is shown again
	Coarse = 1000_00 // money is shown in whole thousands of yuan: cents give away how many receive which amount
)

// Row is what one list of one village comes to.
type Row struct {
	Place, Programme    string
	Households, Persons int
	Cents               int64
}

// Place is a division with what manages it; "" manages the root.
type Place struct {
	Code, Parent string
	Village      bool // it is what lists are about
}

// Cell is one figure of an edition. A hidden one holds no figures.
type Cell struct {
	Place, Parent, Programme string
	Hidden                   bool
	Households, Persons      int
	Cents                    int64 // in Coarse steps
	Calm                     int   // of a hidden one: editions since its group held a small count
}

// Edition makes the figures of one month from its lists. before is the edition of the month before; what it hid stays
// hidden until its group has been calm. key is secret: it picks which larger figures hide beside the small ones, so that
// nobody who knows the method can tell one from the other.
//
// Of what is hidden nothing can be computed: whoever puts together every figure of every edition, and knows besides one
// village's own list, the standards and the bounds of what one receives, is left with every count from 0 to at least
// Least for each hidden one. A sum over programmes is a sum of shown figures only (see Sum), editions never change once
// they are made, and no sum over months is published, so that no two editions share an equation.
func Edition(places []Place, rows []Row, before []Cell, key []byte) []Cell {
	t := tree{places: places, children: map[string][]int{}, at: map[string]int{}}
	for i, p := range places {
		t.at[p.Code] = i
		t.children[p.Parent] = append(t.children[p.Parent], i)
	}
	byProgramme, was := map[string][]Row{}, map[string][]Cell{}
	var programmes []string
	for _, r := range rows {
		if _, ok := t.at[r.Place]; !ok || r.Households <= 0 {
			continue
		}
		if byProgramme[r.Programme] == nil {
			programmes = append(programmes, r.Programme)
		}
		byProgramme[r.Programme] = append(byProgramme[r.Programme], r)
	}
	for _, c := range before {
		was[c.Programme] = append(was[c.Programme], c)
	}
	slices.Sort(programmes)
	var all []Cell
	for _, programme := range programmes {
		c := newColumn(&t, programme, byProgramme[programme], was[programme], key)
		all = append(all, c.edition()...)
	}
	return all
}

// tree is the places by what manages them.
type tree struct {
	places   []Place
	children map[string][]int
	at       map[string]int
}

// sums are the figures of one place.
type sums struct {
	households, persons int
	cents               int64
}

// column is one programme of one month.
type column struct {
	*tree
	programme string
	key       []byte
	sum       []sums
	listed    []bool // a list stands somewhere under it
	hid       []int  // 1 + Calm of what the edition before hid, 0 of the rest
	exposed   []bool // too small to be shown, or holding what could not be kept if it were
	out       []Cell
}

func newColumn(t *tree, programme string, rows []Row, before []Cell, key []byte) *column {
	n := len(t.places)
	c := &column{tree: t, programme: programme, key: key, sum: make([]sums, n), listed: make([]bool, n), hid: make([]int, n), exposed: make([]bool, n)}
	for _, r := range rows {
		for i, ok := t.at[r.Place]; ok; i, ok = t.at[t.places[i].Parent] {
			s := &c.sum[i]
			s.households += r.Households
			s.persons += max(r.Persons, r.Households) // a list that does not say how many says one each
			s.cents += r.Cents
			c.listed[i] = true
		}
	}
	for _, one := range before {
		if i, ok := t.at[one.Place]; ok && one.Hidden {
			c.hid[i] = 1 + one.Calm
		}
	}
	return c
}

// edition shows what may be shown, from the root down.
func (c *column) edition() []Cell {
	for _, root := range c.children[""] {
		if !c.listed[root] {
			continue
		}
		c.weigh(root)
		if c.exposed[root] {
			c.put(root, true, 0) // the whole programme: no sum holds it
			continue
		}
		c.put(root, false, 0)
		c.descend(root)
	}
	return c.out
}

// weigh finds, from the villages up, what is too small to be shown or could not keep its parts hidden.
func (c *column) weigh(i int) {
	for _, child := range c.children[c.places[i].Code] {
		c.weigh(child)
	}
	hidden, _ := c.hidden(i)
	c.exposed[i] = c.sum[i].households < Guard || len(hidden) > 0 && !c.enough(hidden)
}

// members are the parts of a place's sum that a reader has to reckon with: every village, with a list or without one,
// and every other division under which a list stands or was hidden.
func (c *column) members(i int) (all []int) {
	for _, child := range c.children[c.places[i].Code] {
		if c.places[child].Village || c.listed[child] || c.hid[child] > 0 {
			all = append(all, child)
		}
	}
	return all
}

// hidden gives the parts of a shown sum that are not shown, and how long their group has been calm.
func (c *column) hidden(i int) (hidden []int, calm int) {
	var rest []int
	fresh, kept := false, math.MaxInt
	for _, m := range c.members(i) {
		switch {
		case c.exposed[m] && (c.places[m].Village || c.listed[m]):
			fresh, hidden = true, append(hidden, m)
		case c.hid[m] > 0:
			hidden = append(hidden, m)
		default:
			rest = append(rest, m)
		}
		if c.hid[m] > 0 {
			kept = min(kept, c.hid[m])
		}
	}
	if len(hidden) == 0 {
		return nil, 0
	}
	if !fresh {
		if kept >= Quiet {
			return nil, 0
		}
		calm = kept
	}
	if !c.enough(hidden) {
		hidden = c.join(hidden, rest)
	}
	return hidden, calm
}

// enough tells whether the hidden parts of a sum keep one another: there are several, and the largest is not nearly all.
func (c *column) enough(hidden []int) bool {
	total, most := 0, 0
	for _, m := range hidden {
		total += c.sum[m].households
		most = max(most, c.sum[m].households)
	}
	return len(hidden) >= Group && total-most >= Least
}

// join hides others beside those that are hidden, until they are enough, in the secret order.
func (c *column) join(hidden, rest []int) []int {
	order := make(map[int][]byte, len(rest))
	for _, m := range rest {
		order[m] = c.draw(m)
	}
	slices.SortFunc(rest, func(a, b int) int { return slices.Compare(order[a], order[b]) })
	for _, m := range rest {
		if c.enough(hidden) {
			break
		}
		hidden = append(hidden, m)
	}
	return hidden
}

// draw is a member's place in the secret order, the same in every edition.
func (c *column) draw(i int) []byte {
	h := hmac.New(sha256.New, c.key)
	h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(c.programme))))
	h.Write([]byte(c.programme + c.places[i].Code))
	return h.Sum(nil)
}

// descend shows the parts of a shown place.
func (c *column) descend(i int) {
	hidden, calm := c.hidden(i)
	for _, m := range c.members(i) {
		if slices.Contains(hidden, m) {
			c.cover(m, calm)
			continue
		}
		c.put(m, false, 0)
		c.descend(m)
	}
}

// cover hides a place with everything under it.
func (c *column) cover(i, calm int) {
	c.put(i, true, calm)
	for _, m := range c.members(i) {
		c.cover(m, calm)
	}
}

func (c *column) put(i int, hidden bool, calm int) {
	cell := Cell{Place: c.places[i].Code, Parent: c.places[i].Parent, Programme: c.programme, Hidden: hidden, Calm: calm}
	if s := c.sum[i]; !hidden {
		cell.Households, cell.Persons, cell.Cents = s.households, s.persons, (s.cents+Coarse/2)/Coarse*Coarse
	}
	c.out = append(c.out, cell)
}

// Sum adds the programmes of one place up, when every one of them is shown there; it says nothing that the parts do not.
func Sum(cells []Cell) (total Cell, ok bool) {
	for _, c := range cells {
		if c.Hidden {
			return Cell{}, false
		}
		total.Households += c.Households
		total.Persons += c.Persons
		total.Cents += c.Cents
	}
	return total, len(cells) > 1
}
