package sample

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/aid/roster"
	"mashang/i18n"
)

// What the lists in force hold together.
const (
	Households = 1709 // on 低保
	Persons    = 2720 // in them
	Supported  = 936  // on 特困
)

// supervision is the phone on every list.
const supervision = "0500-5550199"

// List is one import: what is published and its rows, as the board takes them.
type List struct {
	Meta   roster.Meta
	Header []string
	Rows   [][]string
}

// Rosters makes the lists as they stand at the moment now, with amounts by the standards of each village on that day:
// the lists in force of both programmes, 石门镇's without a document that would let them be shown, and some notices
// around now.
func Rosters(a *place.Atlas, s *policy.Shelf, now time.Time) []List {
	m := maker{atlas: a, shelf: s, now: now.In(i18n.Shanghai), draw: seeded(4)}
	m.namer = newNamer(m.draw)
	for _, v := range a.Villages() {
		m.villages = append(m.villages, v.Code)
		m.taken = append(m.taken, map[string]bool{})
	}
	if len(m.villages) == 0 {
		return nil
	}
	if _, _, ok := s.Cited(policy.Cite{Document: Permission}, now); ok {
		m.permission = Permission
	}
	dibao, tekun := m.dibao(), m.tekun()
	lists := []List{m.list("dibao", true, dibao), m.list("dibao", false, dibao), m.list("tekun", true, tekun), m.list("tekun", false, tekun)}
	lists = append(lists, m.notices()...)
	return slices.DeleteFunc(lists, func(l List) bool { return len(l.Rows) == 0 })
}

type maker struct {
	atlas      *place.Atlas
	shelf      *policy.Shelf
	now        time.Time
	draw       *rand.Rand
	namer      *namer
	villages   []string
	permission string            // the document that lets lists be shown, "" before it was in force
	taken      []map[string]bool // names by village: whoever is looked for is found once
}

// row is one line of a list before it is written.
type row struct {
	village int
	cells   []string
}

func (m *maker) dibao() []row {
	persons := make([]int, Households)
	for i := range persons {
		persons[i] = 1
	}
	for left := Persons - Households; left > 0; {
		if i := m.draw.IntN(Households); persons[i] < 5 {
			persons[i]++
			left--
		}
	}
	rows := make([]row, Households)
	for i, n := range persons {
		v := m.village(i)
		size := n
		if n == 1 && m.draw.IntN(5) == 0 { // one who is ill or disabled can be taken in alone
			size += 1 + m.draw.IntN(3)
		}
		class := "ABBBC"[m.draw.IntN(5):][:1]
		rows[i] = m.row(v, size, n, class, m.difference(v, n, class))
	}
	return rows
}

func (m *maker) tekun() []row {
	rows := make([]row, Supported)
	for i := range rows {
		v := m.village(i)
		rows[i] = m.row(v, 1, 1, "", m.standard(v, "tekun", "basic"))
	}
	return rows
}

// village spreads the i-th row: two to each village first, then as it falls.
func (m *maker) village(i int) int {
	if i < 2*len(m.villages) {
		return i % len(m.villages)
	}
	return m.draw.IntN(len(m.villages))
}

func (m *maker) row(v, size, persons int, class string, cents int64) row {
	amount := ""
	if cents > 0 {
		amount = policy.Yuan(cents)
	}
	since := m.now.AddDate(0, -1-m.draw.IntN(84), 0)
	return row{v, []string{m.villages[v], m.namer.name(m.taken[v]), strconv.Itoa(size), strconv.Itoa(persons), class, amount, since.Format("2006-01")}}
}

// difference is what a household of n receives: the standard less the income of each, in whole yuan.
func (m *maker) difference(v, n int, class string) int64 {
	standard := m.standard(v, "dibao", "") / 100
	if standard == 0 {
		return 0
	}
	most := map[string]int64{"A": 30, "B": 60, "C": 85}[class] // of a hundred
	income := standard * m.draw.Int64N(most+1) / 100
	return (standard - income) * int64(n) * 100
}

// standard is the figure in force for the village, 0 where none is registered. Communities have the urban one.
func (m *maker) standard(v int, programme, stem string) int64 {
	kind := "rural"
	if d, _ := m.atlas.Division(m.villages[v]); isCommunity(d) {
		kind = "urban"
	}
	if stem != "" {
		kind = stem + "_" + kind
	}
	for _, amount := range m.shelf.Standards(m.atlas.Chain(m.villages[v]), programme, m.now) {
		if amount.Variant == kind && !amount.None {
			return amount.Cents
		}
	}
	return 0
}

// isCommunity tells a 社区 from a village by its code, as statistics do: communities have 001 to 199.
func isCommunity(d place.Division) bool { return len(d.Code) == 12 && d.Code[9] < '2' }

// list takes the rows of the villages that the permission covers, or of 石门镇, which it does not.
func (m *maker) list(programme string, covered bool, rows []row) List {
	l := m.meta(programme, roster.List, County, m.month(), time.Time{})
	if !covered {
		l.Meta.Document, l.Meta.Approver = "", ""
	}
	for _, r := range rows {
		if m.atlas.Covers(Shimen, m.villages[r.village]) != covered {
			l.Rows = append(l.Rows, r.cells)
		}
	}
	return l
}

func (m *maker) meta(programme string, kind roster.Kind, at string, from, to time.Time) List {
	return List{Header: roster.Template(), Meta: roster.Meta{
		Programme: programme, Village: at, Kind: kind, From: from, To: to, Document: m.permission, Phone: supervision,
		Mask: roster.Middle, By: "sample", Approver: "sample",
	}}
}

func (m *maker) month() time.Time {
	return time.Date(m.now.Year(), m.now.Month(), 1, 0, 0, 0, 0, i18n.Shanghai)
}

// notices are seven-day notices by when they end, counted in days from today's midnight: 0 ended as yesterday did, 1
// ends within a day, 8 begins tomorrow.
func (m *maker) notices() []List {
	today := time.Date(m.now.Year(), m.now.Month(), m.now.Day(), 0, 0, 0, 0, i18n.Shanghai)
	var lists []List
	for _, n := range []struct {
		village, programme string
		kind               roster.Kind
		ends, rows         int
	}{
		{Xinglin, "dibao", roster.Notice, 1, 2},
		{Xinglin, "dibao", roster.Notice, 0, 1},
		{Xinglin, "linshi_zhichu", roster.Notice, 8, 1},
		{Xinglin, "linshi_zhichu", roster.Notice, 4, 1},
		{"990121100202", "dibao", roster.Notice, 3, 1},
		{"990121100203", "dibao", roster.End, 5, 1},
		{"990121400201", "tekun", roster.Notice, 4, 1},
		{"990121400202", "dibao", roster.Notice, 6, 2},
	} {
		ends := today.AddDate(0, 0, n.ends)
		l := m.meta(n.programme, n.kind, n.village, ends.AddDate(0, 0, -7), ends)
		v := m.index(n.village)
		if v < 0 {
			continue
		}
		for range n.rows {
			l.Rows = append(l.Rows, m.noticed(v, n.programme).cells)
		}
		lists = append(lists, l)
	}
	return lists
}

func (m *maker) noticed(v int, programme string) row {
	var r row
	switch programme {
	case "tekun":
		r = m.row(v, 1, 1, "", m.standard(v, "tekun", "basic"))
	case "dibao":
		n := 1 + m.draw.IntN(3)
		r = m.row(v, n, n, "B", m.difference(v, n, "B"))
	default:
		n := 1 + m.draw.IntN(4)
		r = m.row(v, n, n, "", int64(1000+100*m.draw.IntN(30))*100)
	}
	r.cells[6] = "" // not approved yet
	return r
}

func (m *maker) index(village string) int {
	for i, v := range m.villages {
		if v == village {
			return i
		}
	}
	return -1
}
