package policy

import (
	"slices"
	"time"

	"mashang/aid/place"
)

// Shelf is the whole library at one moment. It never changes and may be read by any number of goroutines. Callers
// must not write into what it returns.
type Shelf struct {
	version     int64
	departments []Department
	situations  []Situation
	programmes  []Programme
	documents   []Document
	entries     []Entry

	programme map[string]int
	document  map[string]int
	articles  map[Cite]int                     // document and number -> position
	standards map[string]map[string][]Standard // programme -> place -> rows
	variants  map[string][]string              // programme -> variants in the order entered
	rows      []Standard

	live    []Programme // those not retired
	answers []Entry     // those of no retired programme

	sketches func() []sketch // of the documents, computed when first asked for
}

// newShelf arranges the rows; programmes, departments and situations stand in their order.
func newShelf(s Shelf) *Shelf {
	slices.SortStableFunc(s.departments, func(a, b Department) int { return a.Order - b.Order })
	slices.SortStableFunc(s.situations, func(a, b Situation) int { return a.Order - b.Order })
	slices.SortStableFunc(s.programmes, func(a, b Programme) int { return a.Order - b.Order })
	s.sketches = sketched(s.documents)
	s.programme, s.document, s.articles = map[string]int{}, map[string]int{}, map[Cite]int{}
	s.live, s.answers = nil, nil
	for i, p := range s.programmes {
		s.programme[p.ID] = i
		if !p.Retired {
			s.live = append(s.live, p)
		}
	}
	for _, e := range s.entries {
		if p, ok := s.Ever(e.Programme); !ok || !p.Retired {
			s.answers = append(s.answers, e)
		}
	}
	for i, d := range s.documents {
		s.document[d.ID] = i
		for j, a := range d.Articles {
			s.articles[Cite{Document: d.ID, Article: a.No}] = j
		}
	}
	s.standards, s.variants = map[string]map[string][]Standard{}, map[string][]string{}
	for _, r := range s.rows {
		if s.standards[r.Programme] == nil {
			s.standards[r.Programme] = map[string][]Standard{}
		}
		s.standards[r.Programme][r.Place] = append(s.standards[r.Programme][r.Place], r)
		if !slices.Contains(s.variants[r.Programme], r.Variant) {
			s.variants[r.Programme] = append(s.variants[r.Programme], r.Variant)
		}
	}
	return &s
}

// Version moves whenever anything on the shelf changes.
func (s *Shelf) Version() int64 { return s.version }

// Programmes lists all programmes in their order, without the retired ones.
func (s *Shelf) Programmes() []Programme { return s.live }

// Programme finds a programme by its ID; a retired one is not found.
func (s *Shelf) Programme(id string) (Programme, bool) {
	p, ok := s.Ever(id)
	if p.Retired {
		return Programme{}, false
	}
	return p, ok
}

// Retired lists the programmes that are no longer offered.
func (s *Shelf) Retired() []Programme {
	return slices.DeleteFunc(slices.Clone(s.programmes), func(p Programme) bool { return !p.Retired })
}

// Ever finds a programme that is offered or was: for what was filed under it.
func (s *Shelf) Ever(id string) (Programme, bool) {
	i, ok := s.programme[id]
	if !ok {
		return Programme{}, false
	}
	return s.programmes[i], true
}

// Departments lists the departments in their order.
func (s *Shelf) Departments() []Department { return s.departments }

// Situations lists the life situations in their order.
func (s *Shelf) Situations() []Situation { return s.situations }

// Documents lists all documents, those out of force too.
func (s *Shelf) Documents() []Document { return s.documents }

// Document finds a document by its ID, in force or not.
func (s *Shelf) Document(id string) (Document, bool) {
	i, ok := s.document[id]
	if !ok {
		return Document{}, false
	}
	return s.documents[i], true
}

// Article finds an article of a document by its number.
func (s *Shelf) Article(doc, no string) (Article, bool) {
	j, ok := s.articles[Cite{Document: doc, Article: no}]
	if !ok {
		return Article{}, false
	}
	return s.documents[s.document[doc]].Articles[j], true
}

// Cited resolves a cite at the moment at: the document must be in force then or have an unverified state, which the
// page shows beside it. The article is empty when the cite is of the whole document.
func (s *Shelf) Cited(c Cite, at time.Time) (Document, Article, bool) {
	d, ok := s.Document(c.Document)
	if !ok || !d.Citable(at) {
		return Document{}, Article{}, false
	}
	if c.Article == "" {
		return d, Article{}, true
	}
	a, ok := s.Article(c.Document, c.Article)
	return d, a, ok
}

// Entries lists the office's own answers, without those to retired programmes.
func (s *Shelf) Entries() []Entry { return s.answers }

// Entry finds an answer of the office by its ID, of a retired programme too.
func (s *Shelf) Entry(id string) (Entry, bool) {
	i := slices.IndexFunc(s.entries, func(e Entry) bool { return e.ID == id })
	if i < 0 {
		return Entry{}, false
	}
	return s.entries[i], true
}

func (s *Shelf) hasDepartment(id string) bool {
	return slices.ContainsFunc(s.departments, func(d Department) bool { return d.ID == id })
}

// Rows lists every standard ever entered, in the order of entry.
func (s *Shelf) Rows() []Standard { return s.rows }

// Citable tells whether d may be cited at the moment at: it is not expired and at lies in its days.
func (d Document) Citable(at time.Time) bool {
	return d.State != Expired && place.Within(d.From, d.To, at)
}

// InForce tells whether s holds at the moment at.
func (s Standard) InForce(at time.Time) bool { return place.Within(s.From, s.To, at) }

// Standards finds what the programme pays at the place whose chain it is: for every variant the row in force at the
// moment at that is nearest up the chain. A None row is returned as such and ends the look-up of its variant; a None
// row without a variant ends it for all. Nothing found is an empty list: then there is no figure to show.
func (s *Shelf) Standards(chain []string, programme string, at time.Time) []Amount {
	var found []Amount
	byPlace := s.standards[programme]
	done := map[string]bool{}
	for _, code := range chain {
		closed := false
		for _, r := range byPlace[code] {
			if done[r.Variant] || !r.InForce(at) {
				continue
			}
			done[r.Variant] = true
			found = append(found, s.computed(Amount{Standard: r}, chain, at, 0))
			closed = closed || (r.None && r.Variant == "")
		}
		if closed || len(done) == len(s.variants[programme]) {
			break
		}
	}
	order := s.variants[programme]
	slices.SortStableFunc(found, func(a, b Amount) int {
		return slices.Index(order, a.Variant) - slices.Index(order, b.Variant)
	})
	return found
}

// Clock tells how long the office may take from acceptance to the decision, and where that is written; cases count
// their due dates with it. It is the programme's deadline with the key "decision".
func (s *Shelf) Clock(programme string) (days int, unit string, cite Cite, ok bool) {
	p, _ := s.Ever(programme)
	for _, d := range p.Deadlines {
		if d.Key == "decision" {
			return d.Days, d.Unit, d.Cite, true
		}
	}
	return 0, "", Cite{}, false
}
