package place

import (
	"slices"
	"strings"

	"mashang/platform/sheet"
)

// offices reads a list of offices.
func (m *intake) offices() ([]Office, error) {
	m.report.Kind = "offices"
	if err := m.t.Need("name", "division", "phone"); err != nil {
		return nil, err
	}
	there := map[string]Office{}
	for _, o := range m.rows.offices {
		there[o.ID] = o
	}
	put, kept := make([]Office, 0, len(m.t.Rows)), map[string]bool{}
	for _, row := range m.t.Rows {
		o, old, known := m.office(row, there)
		kept[o.ID] = true
		put = append(put, o)
		var was any
		if known {
			was = old
		}
		m.report.compare(row.Number, o.ID, o.Name.Hans, was, o.settle())
		NameNotes(&m.report.Notes, row.Number, o.ID, o.Name)
	}
	for _, o := range m.rows.offices {
		if !kept[o.ID] {
			m.report.Gone = append(m.report.Gone, o.Name.Hans)
		}
	}
	return put, nil
}

// unknownPhone are the words that say that there is no number to be had.
var unknownPhone = []string{"未知", "不详", "无", "unknown", "none"}

func (m *intake) office(row sheet.Row, there map[string]Office) (o, old Office, known bool) {
	t := m.t
	division, name := twelve(t.Cell(row, "division")), t.Cell(row, "name")
	id := t.Cell(row, "id")
	if id == "" {
		id = division + "-" + name
	}
	old, known = there[id]
	o = old
	o.ID, o.Division, o.Name.Hans, o.Phone, o.Unphoned = id, division, name, t.Cell(row, "phone"), false
	if slices.Contains(unknownPhone, strings.ToLower(o.Phone)) {
		o.Phone, o.Unphoned = "", true
	}
	if t.Has("hours") && t.Cell(row, "hours") != o.Hours.Hans { // other hours are other data, and other words
		o.Hours.Hans, o.Hours.Hant, o.Hours.En, o.Week = t.Cell(row, "hours"), "", "", Office{}.Week
	}
	for field, into := range map[string]*string{
		"kind": &o.Kind, "name_hant": &o.Name.Hant, "name_en": &o.Name.En, "address": &o.Address.Hans, "address_hant": &o.Address.Hant,
		"address_en": &o.Address.En, "hours_hant": &o.Hours.Hant, "hours_en": &o.Hours.En, "duty": &o.Duty,
	} {
		if t.Has(field) {
			*into = t.Cell(row, field)
		}
	}
	if t.Has("departments") || !known {
		o.Departments = list(t.Cell(row, "departments"))
	}
	if t.Has("closed") {
		closed, ok := ParseClosings(t.Cell(row, "closed"))
		if !ok {
			m.report.Faults.Add(row.Number, o.ID, "place.import.closed")
		}
		o.Closed = closed
	}
	return o, old, known
}

// list reads several words in one cell.
func list(cell string) []string {
	return strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune("、，,;； \n", r) })
}

// locations reads a list of locations.
func (m *intake) locations() ([]Location, error) {
	m.report.Kind = "locations"
	if err := m.t.Need("name", "division", "kind"); err != nil {
		return nil, err
	}
	byNumber, byID, kept := map[string]Location{}, map[string]Location{}, map[string]bool{}
	for _, l := range m.rows.locations {
		byID[l.ID] = l
		if l.hangs() {
			byNumber[l.Number] = l
		}
	}
	put := make([]Location, 0, len(m.t.Rows))
	for _, row := range m.t.Rows {
		l := m.location(row, byID, byNumber)
		old, known := byID[l.ID]
		kept[l.ID] = true
		put = append(put, l)
		var was any
		if known {
			was = old
		}
		m.report.compare(row.Number, l.Number, l.Name.Hans, was, l)
		NameNotes(&m.report.Notes, row.Number, l.Number, l.Name)
	}
	for _, l := range m.rows.locations {
		if !kept[l.ID] {
			m.report.Gone = append(m.report.Gone, strings.TrimSpace(l.Number+" "+l.Name.Hans))
		}
	}
	return put, nil
}

// location reads a row. One without an ID is the location of its village that has its poster number, or a new one; a
// number that hangs in another village is not taken over by writing it twice.
func (m *intake) location(row sheet.Row, byID, byNumber map[string]Location) Location {
	t := m.t
	division, id, number := twelve(t.Cell(row, "division")), t.Cell(row, "id"), t.Cell(row, "number")
	if id == "" && number != "" {
		if l, taken := byNumber[number]; taken && l.Division == division {
			id = l.ID
		}
	}
	l := byID[id]
	if l.ID = id; id == "" {
		l.ID = NewLocation()
	}
	l.Division, l.Name.Hans, l.Kind = division, t.Cell(row, "name"), word(t.Cell(row, "kind"))
	for field, into := range map[string]*string{"name_hant": &l.Name.Hant, "name_en": &l.Name.En, "number": &l.Number, "moved_to": &l.MovedTo, "roster": &l.Roster} {
		if t.Has(field) {
			*into = t.Cell(row, field)
		}
	}
	l.Roster = twelve(l.Roster)
	if t.Has("state") && t.Cell(row, "state") != "" {
		l.State = word(t.Cell(row, "state"))
	}
	l.State = or(l.State, Active)
	if t.Has("hung") {
		hung, err := ParseDay(t.Cell(row, "hung"))
		if err != nil {
			m.report.Faults.Add(row.Number, number, "place.import.date")
		}
		l.Hung = Day{hung}
	}
	return l
}
