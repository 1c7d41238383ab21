package frame

import (
	"fmt"
	"net/url"
	"strings"

	"mashang/aid/place"
	"mashang/api/web"
)

// Here is the code the domain takes for where the reader stands: a location, else a division, else "".
func Here(r *web.Request) string {
	switch {
	case r.Spot == nil:
		return ""
	case r.Spot.Location != nil:
		return r.Spot.Location.ID
	}
	return r.Spot.Division.Code
}

// TownField lets somebody whose place is unknown name the town.
func (p *Frame) TownField(r *web.Request, chosen string) *Field {
	f := &Field{Kind: "select", ID: FieldID("town"), Name: "town", Label: r.T("emergency.town"), Help: r.T("emergency.town.help")}
	options := []Option{{Value: "", Label: r.T("emergency.town.unknown"), On: chosen == ""}}
	for _, d := range p.Towns() {
		options = append(options, Option{Value: d.Code, Label: d.Name.In(r.Lang), On: d.Code == chosen})
	}
	f.Groups = []OptionGroup{{Options: options}}
	return f
}

// Standing is the reader's place for a query: the code that was scanned, else the division.
func Standing(r *web.Request) string {
	if r.Code != "" {
		return r.Code
	}
	return r.Spot.Division.Code
}

// Towns lists the towns of the county, those that a zone manages too.
func (p *Frame) Towns() []place.Division {
	a := p.Web.Places.Atlas()
	var out []place.Division
	for next := a.Children(a.Root().Code); len(next) > 0; {
		var below []place.Division
		for _, d := range next {
			switch d.Level {
			case place.Town:
				out = append(out, d)
			case place.Zone:
				below = append(below, a.Children(d.Code)...)
			}
		}
		next = below
	}
	return out
}

// Division is where the reader stands, "" when that is unknown.
func Division(r *web.Request) string {
	if r.Spot == nil {
		return ""
	}
	return r.Spot.Division.Code
}

// Numbered finds the locations whose poster carries a number; leading zeros may
// be left out.
func (p *Frame) Numbered(a *place.Atlas, number string) []place.Location {
	var out []place.Location
	want := strings.TrimLeft(number, "0")
	for _, v := range a.Villages() {
		for _, loc := range a.Locations(v.Code) {
			if strings.TrimLeft(loc.Number, "0") == want {
				out = append(out, loc)
			}
		}
	}
	return out
}

// PlacesVersion changes whenever what is shown of places may have: the rows, and
// the day, which begins and ends divisions.
func (p *Frame) PlacesVersion() string {
	return fmt.Sprint(p.Web.Places.Version(), " ", place.FormatDay(p.Web.Now()))
}

// VillageURL is the address that puts the reader in a village.
func VillageURL(code, next string) string {
	to := "/?place=" + code
	if next != "" {
		to += "&next=" + url.QueryEscape(next)
	}
	return to
}

// IsNumber tells whether s may be the number of a poster.
func IsNumber(s string) bool {
	return s != "" && len(s) <= 8 && strings.Trim(s, "0123456789") == ""
}

// Version changes whenever what the pages of 码上知 show may have changed: the
// library, the places, and the day, which brings amounts into force.
func (p *Frame) Version() string {
	return fmt.Sprint(p.Library.Shelf().Version(), " ", p.PlacesVersion())
}
