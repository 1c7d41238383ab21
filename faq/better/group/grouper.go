package group

import (
	"cmp"
	"slices"
)

// leader is the question a group began with.
type leader struct {
	id, programme string
	shape         Shape
	used          int // when something last joined
}

// Grouper puts questions into groups, one after the other. It is for one goroutine.
type Grouper struct {
	most    int
	tick    int
	leaders []leader
	by      map[uint64][]int32 // pair: the leaders that have it
	both    []float32          // per leader, while one question is looked at
	touched []int32
}

// New makes a grouper that compares with at most so many groups; 0 for Most.
func New(most int) *Grouper {
	if most <= 0 {
		most = Most
	}
	return &Grouper{most: most, by: map[uint64][]int32{}}
}

// Lead adds a group that is there already, with the question it began with.
func (g *Grouper) Lead(id, question, programme string) { g.lead(id, programme, Of(question)) }

func (g *Grouper) lead(id, programme string, s Shape) {
	if len(s.pairs) == 0 {
		return // nothing to compare
	}
	g.tick++
	if len(g.leaders) >= g.most+g.most/4 {
		g.rest()
	}
	n := int32(len(g.leaders))
	g.leaders = append(g.leaders, leader{id, programme, s, g.tick})
	for _, one := range s.pairs {
		g.by[one.key] = append(g.by[one.key], n)
	}
}

// rest lets go of the groups that nothing has joined for longest.
func (g *Grouper) rest() {
	slices.SortFunc(g.leaders, func(a, b leader) int { return cmp.Compare(b.used, a.used) })
	g.leaders = slices.Clone(g.leaders[:g.most])
	slices.SortFunc(g.leaders, func(a, b leader) int { return cmp.Compare(a.used, b.used) })
	clear(g.by)
	for n, l := range g.leaders {
		for _, one := range l.shape.pairs {
			g.by[one.key] = append(g.by[one.key], int32(n))
		}
	}
}

// Join finds the group of a question. When there is none the question begins one under fresh and Join returns that.
func (g *Grouper) Join(question, programme, fresh string) string {
	s := Of(question)
	if n := g.nearest(s, programme); n >= 0 {
		g.tick++
		g.leaders[n].used = g.tick
		return g.leaders[n].id
	}
	g.lead(fresh, programme, s)
	return fresh
}

// nearest is the leader most like s, the eldest of several; -1 when none is like enough.
func (g *Grouper) nearest(s Shape, programme string) int {
	if len(s.pairs) == 0 {
		return -1
	}
	if len(g.both) < len(g.leaders) {
		g.both = make([]float32, 2*len(g.leaders))
	}
	g.touched = g.touched[:0]
	for _, one := range s.pairs {
		for _, n := range g.by[one.key] {
			if g.both[n] == 0 {
				g.touched = append(g.touched, n)
			}
			g.both[n] += one.weight
		}
	}
	best, most := -1, 0.0
	for _, n := range g.touched {
		shared := g.both[n]
		g.both[n] = 0
		l := &g.leaders[n]
		// Were all else shared that can be, it would be this alike: who shares a character shares its sound.
		if float64(2*(shared+min(s.single, l.shape.single))) < alike*float64(min(s.sound+l.shape.sound, s.letter+l.shape.letter)) {
			continue
		}
		like := Like(s, l.shape)
		if programme != "" && l.programme != "" && programme != l.programme {
			like *= apart
		}
		if like >= alike && (like > most || like == most && int(n) < best) {
			best, most = int(n), like
		}
	}
	return best
}

// Groups is how many groups are compared with.
func (g *Grouper) Groups() int { return len(g.leaders) }
