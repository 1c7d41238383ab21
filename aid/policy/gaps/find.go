package gaps

import (
	"slices"
	"strings"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/aid/policy/translate"
	"mashang/i18n"
)

// finder goes through the catalogue and the places of one moment.
type finder struct {
	s   *policy.Shelf
	a   *place.Atlas
	now time.Time
	all []Gap
}

func (f *finder) add(g Gap) { f.all = append(f.all, g) }

// unknowns are what the pages themselves say is not known.
func (f *finder) unknowns() {
	for _, p := range f.s.Programmes() {
		for _, u := range p.Unknown {
			f.add(Gap{Name: strings.Join([]string{Unknown, p.ID, u.About, translate.Sum(u.Text.Hans)[:8]}, "/"), Kind: Unknown, Object: p.ID, Title: p.Name,
				Text: u.Text, About: u.About, Programme: p.ID, Department: p.Department, Since: p.Updated})
		}
	}
}

// amounts are missed where a place sets standards of its own, or is the whole county,
// and a programme that pays somewhere pays nothing there.
func (f *finder) amounts() {
	places := []string{f.a.Root().Code}
	pays := map[string]bool{}
	for _, row := range f.s.Rows() {
		if _, there := f.a.Division(row.Place); there && !slices.Contains(places, row.Place) {
			places = append(places, row.Place)
		}
		pays[row.Programme] = pays[row.Programme] || !row.None
	}
	for _, p := range f.s.Programmes() {
		if !pays[p.ID] {
			continue
		}
		missed := map[string]bool{}
		for _, code := range places {
			chain := f.a.Chain(code)
			amounts := f.s.Standards(chain, p.ID, f.now)
			if slices.ContainsFunc(amounts, func(a policy.Amount) bool { return !a.None }) {
				continue
			}
			missed[code] = true
			if above := len(chain) > 1 && missed[chain[1]]; above && len(amounts) == 0 {
				continue // said of the place above
			}
			g := Gap{Name: strings.Join([]string{Amount, p.ID, code}, "/"), Kind: Amount, Object: p.ID, Title: p.Name, Programme: p.ID, Place: code, Department: p.Department}
			for _, a := range amounts {
				if g.Since.IsZero() || a.From.Before(g.Since) {
					g.Since, g.Text, g.Series = a.From, a.Note, a.Of()
				}
			}
			f.add(g)
		}
	}
}

// endings are standards after which nothing is set.
func (f *finder) endings() {
	last := map[policy.Series]policy.Standard{}
	var order []policy.Series
	for _, row := range f.s.Rows() {
		had, there := last[row.Of()]
		if !there {
			order = append(order, row.Of())
		}
		if !there || row.From.After(had.From) {
			last[row.Of()] = row
		}
	}
	for _, of := range order {
		row := last[of]
		p, ok := f.s.Programme(of.Programme)
		if _, there := f.a.Division(of.Place); !ok || !there || row.None || row.To.IsZero() {
			continue
		}
		g := Gap{Object: p.ID, Title: p.Name, Text: row.Label, Programme: p.ID, Place: of.Place, Department: p.Department, Series: of, Day: row.To}
		ends := row.To.AddDate(0, 0, 1) // its last day is its own
		switch {
		case !ends.After(f.now):
			g.Kind, g.Since = Ended, ends
		case ends.Before(f.now.Add(soon)):
			g.Kind, g.Since = Ending, ends.Add(-soon)
		default:
			continue
		}
		g.Name = strings.Join([]string{g.Kind, of.Key(), place.FormatDay(row.To)}, "/")
		f.add(g)
	}
}

// documents are those nobody has checked, and those out of force on which something rests.
func (f *finder) documents() {
	rests, whose := f.rests()
	for _, d := range f.s.Documents() {
		g := Gap{Object: d.ID, Title: i18n.Text{Hans: d.Title}, Place: d.Place, N: rests[d.ID], Department: whose[d.ID]}
		switch {
		case d.State == policy.Unverified:
			g.Kind = Unverified
		case rests[d.ID] > 0 && !d.Citable(f.now) && !d.From.After(f.now):
			g.Kind, g.Day = Expired, d.To
			if !d.To.IsZero() {
				g.Since = d.To.AddDate(0, 0, 1)
			}
		default:
			continue
		}
		g.Name = g.Kind + "/" + d.ID
		f.add(g)
	}
}

// rests counts what rests on each document, and names a department that ought to know it.
func (f *finder) rests() (n map[string]int, whose map[string]string) {
	n, whose = map[string]int{}, map[string]string{}
	note := func(department string, cites ...policy.Cite) {
		for _, c := range cites {
			if c.Document != "" {
				n[c.Document]++
				if whose[c.Document] == "" {
					whose[c.Document] = department
				}
			}
		}
	}
	for _, p := range f.s.Programmes() {
		note(p.Department, cited(p)...)
	}
	for _, e := range f.s.Entries() {
		p, _ := f.s.Ever(e.Programme)
		note(p.Department, e.Cites...)
	}
	for _, row := range f.s.Rows() {
		if p, ok := f.s.Programme(row.Programme); ok && (row.To.IsZero() || !row.To.Before(f.now)) {
			note(p.Department, policy.Cite{Document: row.Document})
		}
	}
	return n, whose
}

// cited is everything a programme rests on.
func cited(p policy.Programme) []policy.Cite {
	all := slices.Clone(p.Legal)
	for _, s := range p.Sections {
		all = append(all, s.Cites...)
	}
	for _, d := range p.Deadlines {
		all = append(all, d.Cite)
	}
	return all
}

// offices are missed where a programme sends people and nobody can be called.
func (f *finder) offices() {
	var used []string
	first := map[string]policy.Programme{}
	for _, p := range f.s.Programmes() {
		if p.Office != "" && !slices.Contains(used, p.Office) {
			used = append(used, p.Office)
			first[p.Office] = p
		}
	}
	for _, o := range f.a.EveryOffice() {
		i := slices.IndexFunc(used, func(d string) bool { return o.Kind == d || slices.Contains(o.Departments, d) })
		if _, there := f.a.Division(o.Division); i >= 0 && there && o.Phone == "" {
			f.add(Gap{Name: Phone + "/" + o.ID, Kind: Phone, Object: o.ID, Title: o.Name, Place: o.Division, Department: used[i]})
		}
	}
	for _, d := range used {
		if _, ok := f.a.Office(f.a.Root().Code, d); !ok && !f.anywhere(d) {
			f.add(Gap{Name: Office + "/" + d, Kind: Office, Object: d, Title: f.department(d), Programme: first[d].ID, Department: d})
		}
	}
}

func (f *finder) anywhere(department string) bool {
	return slices.ContainsFunc(f.a.EveryOffice(), func(o place.Office) bool { return o.Kind == department || slices.Contains(o.Departments, department) })
}

func (f *finder) department(id string) i18n.Text {
	for _, d := range f.s.Departments() {
		if d.ID == id {
			return d.Name
		}
	}
	return i18n.Text{Hans: id}
}

// cites are those of programmes and answers that may not stand today; one line for each.
func (f *finder) cites() {
	broken := func(of, id string, title i18n.Text, programme, department string, cites []policy.Cite) {
		for _, c := range cites {
			if c == (policy.Cite{}) {
				continue
			}
			if key, args := f.s.CiteFault(c, f.now); key != "" {
				f.add(Gap{Name: strings.Join([]string{Cite, of, id}, "/"), Kind: Cite, Of: of, Object: id, Title: title, Key: key, Args: args, Programme: programme, Department: department})
				return
			}
		}
	}
	for _, p := range f.s.Programmes() {
		broken(policy.OfProgramme, p.ID, p.Name, p.ID, p.Department, cited(p))
	}
	for _, e := range f.s.Entries() {
		p, _ := f.s.Ever(e.Programme)
		title := i18n.Text{Hans: e.ID}
		if len(e.Questions) > 0 {
			title = e.Questions[0]
		}
		broken(policy.OfEntry, e.ID, title, e.Programme, p.Department, e.Cites)
	}
}
