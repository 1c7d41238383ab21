package form

import (
	"slices"
	"strconv"
	"strings"
)

// Screen is what one page of an application shows: a page of the form, or a part of it, for one row where it has rows.
type Screen struct {
	Address string // under the programme: "cause", "cause.story", "members.0.health", "incomes.1.sums"
	Page    string
	Row     string // number of a row, or "new"; "" where the page has no rows or shows all of them
	Part    string // the fields with that Screen
}

// Store is the address under which the answers of a screen are kept: its page, or its row.
func (s Screen) Store() string {
	if s.Row != "" {
		return s.Page + "." + s.Row
	}
	return s.Page
}

// Address finds the page, the row and the part that an address names. It does not ask whether they are shown.
func (f *Form) Address(address string) (Screen, bool) {
	page, rest, _ := strings.Cut(address, ".")
	s := Screen{Address: address, Page: page}
	p := f.Page(page)
	if p == nil {
		return s, false
	}
	fields := p.Fields
	if rows := p.Rows(); rows != nil {
		s.Row, s.Part, _ = strings.Cut(rest, ".")
		fields = rows.Fields
		if s.Row == "" && rest == "" {
			return s, true
		}
	} else {
		s.Part = rest
	}
	return s, s.Part == "" || slices.ContainsFunc(fields, func(fd Field) bool { return fd.Screen == s.Part })
}

// Rows is the group of a page that is nothing but rows, nil when the page has other questions.
func (p *Page) Rows() *Field {
	if len(p.Fields) == 1 && p.Fields[0].Kind == Rows && p.Kind == PagePlain {
		return &p.Fields[0]
	}
	return nil
}

// EachPerson tells whether the page asks every person of the household in turn, on screens of their own.
func (p *Page) EachPerson() bool {
	rows := p.Rows()
	return rows != nil && rows.Source == FromPersons
}

// Parts lists the screens of some fields, in order; "" is the first when any field stands on it.
func Parts(fields []Field) []string {
	var all []string
	for _, fd := range fields {
		if !slices.Contains(all, fd.Screen) {
			all = append(all, fd.Screen)
		}
	}
	return all
}

// On is the fields of one screen.
func On(fields []Field, part string) []Field {
	var some []Field
	for _, fd := range fields {
		if fd.Screen == part {
			some = append(some, fd)
		}
	}
	return some
}

func address(parts ...string) string {
	var all []string
	for _, p := range parts {
		if p != "" {
			all = append(all, p)
		}
	}
	return strings.Join(all, ".")
}

// screens lists what is shown of a page, in order. A part of which no question is asked is not.
func (r *reader) screens(p *Page) []Screen {
	rows := p.Rows()
	switch {
	case p.EachPerson():
		var all []Screen
		for i := range r.Persons {
			row := strconv.Itoa(i)
			for _, part := range Parts(rows.Fields) {
				if r.asks(rows.Key+"."+row+".", On(rows.Fields, part)) {
					all = append(all, Screen{Address: address(p.Key, row, part), Page: p.Key, Row: row, Part: part})
				}
			}
		}
		return all
	case rows != nil || len(p.Fields) == 0 || p.Kind != PagePlain:
		return []Screen{{Address: p.Key, Page: p.Key}}
	}
	var all []Screen
	for _, part := range Parts(p.Fields) {
		if r.asks("", On(p.Fields, part)) {
			all = append(all, Screen{Address: address(p.Key, part), Page: p.Key, Part: part})
		}
	}
	return all
}

func (r *reader) asks(prefix string, fields []Field) bool {
	return slices.ContainsFunc(fields, func(fd Field) bool { return !r.Hidden[prefix+fd.Key] })
}

// screenOf is the address of the screen on which a field is put right. For rows that are a list it is the list.
func (f *Form) screenOf(page, path string) string {
	p := f.Page(page)
	if p == nil {
		return page
	}
	rows := p.Rows()
	switch {
	case rows == nil:
		if fd := f.Field(path); fd != nil && p.Kind == PagePlain {
			return address(page, fd.Screen)
		}
	case p.EachPerson():
		if i, sub, ok := RowPath(rows, path); ok {
			part := ""
			if fd := f.Field(rows.Key + "." + sub); fd != nil {
				part = fd.Screen
			}
			return address(page, strconv.Itoa(i), part)
		}
	}
	return page
}
