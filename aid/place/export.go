package place

import (
	"iter"
	"strings"
)

// Tables are the kinds that Export writes and Import reads again as the same.
func Tables() []string { return []string{"divisions", "offices", "locations"} }

// Export writes one of Tables: every row of every day, in the columns that Import reads. Custodians are in none.
func (a *Atlas) Export(kind string) (header []string, rows iter.Seq[[]string]) {
	at := 0
	for i, k := range Tables() {
		if k == kind {
			at = i
		}
	}
	return Templates()[at], func(yield func([]string) bool) {
		switch kind {
		case "divisions":
			for _, d := range a.rows.divisions {
				if !yield([]string{d.Code, d.Name.Hans, d.Name.Hant, d.Name.En, string(d.Level), d.Parent, d.Into, FormatDay(d.From), FormatDay(d.To)}) {
					return
				}
			}
		case "offices":
			for _, o := range a.rows.offices {
				phone := o.Phone
				if o.Unphoned {
					phone = unknownPhone[0]
				}
				if !yield([]string{o.ID, o.Division, o.Kind, o.Name.Hans, o.Name.Hant, o.Name.En, o.Address.Hans, o.Address.Hant, o.Address.En,
					o.Hours.Hans, o.Hours.Hant, o.Hours.En, Closings(o.Closed), phone, o.Duty, strings.Join(o.Departments, "、")}) {
					return
				}
			}
		case "locations":
			for _, l := range a.rows.locations {
				if !yield([]string{l.ID, l.Division, l.Name.Hans, l.Name.Hant, l.Name.En, l.Kind, l.Number, l.State, l.MovedTo, l.Roster, FormatDay(l.Hung.Time)}) {
					return
				}
			}
		}
	}
}
