package posters

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"mashang/aid/place"
	"mashang/i18n"
	"mashang/platform/settings"
	"mashang/qr"
	"mashang/qr/poster"
)

// Studio turns the places of the county into what a poster shows. The console
// and the command line choose and print through it.
type Studio struct {
	Press    *poster.Press
	Places   *place.Gazetteer
	Codes    *qr.Signer
	Settings *settings.Book
	Now      func() time.Time
	Base     *url.URL
	Sample   bool
}

// Pick says which locations to print. Empty fields choose all.
type Pick struct {
	Division string   `json:"division,omitempty"` // it and what it manages
	From     string   `json:"from,omitempty"`     // poster numbers, both ends included
	To       string   `json:"to,omitempty"`
	Only     string   `json:"only,omitempty"` // Never or Changed
	IDs      []string `json:"ids,omitempty"`  // these locations
	Gone     bool     `json:"gone,omitempty"` // those too that are not in use
}

// What Only may be.
const (
	Never   = "never"   // never printed as a poster
	Changed = "changed" // printed with words that no longer hold
)

// Hosts lists the domains a code may lead to, the portal's own first.
func (s *Studio) Hosts() []string {
	out := []string{s.Base.Host}
	for _, d := range s.Settings.Office().OtherDomains {
		if d != s.Base.Host {
			out = append(out, d)
		}
	}
	return out
}

// Office is what all sheets have in common. An empty or unknown host stands for
// the portal's own.
func (s *Studio) Office(second i18n.Lang, host string) poster.Office {
	atlas, o := s.Places.Atlas(), s.Settings.Office()
	out := poster.Office{
		Hotline: o.Hotline, Domain: s.host(host), Emblem: o.Emblem, Colour: o.Colour, Month: s.Now(), Sample: s.Sample,
		County: o.County[string(i18n.Hans)], CountyIn: o.County[string(second)], Issuer: o.Issuer[string(i18n.Hans)],
	}
	if out.County == "" {
		out.County = atlas.Root().Name.In(i18n.Hans)
	}
	if issuer, ok := atlas.Office(atlas.Root().Code, "civil_affairs"); ok && out.Issuer == "" {
		out.Issuer = issuer.Name.In(i18n.Hans)
	}
	return out
}

func (s *Studio) host(host string) string {
	if slices.Contains(s.Hosts(), host) {
		return host
	}
	return s.Base.Host
}

// Address is what the code of a location says.
func (s *Studio) Address(host, location string) string {
	return s.Base.Scheme + "://" + s.host(host) + "/s/" + s.Codes.Code(location)
}

// Choose lists the locations of a pick that hang somewhere, town by town and
// village by village in the order in which the county lists them, and by number
// within a village. hanging is what hangs there now; it is asked only by Only.
func (s *Studio) Choose(p Pick, second i18n.Lang, host string, hanging map[string]poster.Hanging) []poster.Place {
	atlas := s.Places.Atlas()
	root := p.Division
	if root == "" {
		root = atlas.Root().Code
	}
	ids := map[string]bool{}
	for _, id := range p.IDs {
		ids[id] = true
	}
	office := s.Office(second, host)
	var out []poster.Place
	var walk func(code string, depth int)
	walk = func(code string, depth int) {
		here := slices.Clone(atlas.Locations(code))
		slices.SortStableFunc(here, func(a, b place.Location) int { return byNumber(a.Number, b.Number) })
		for _, l := range here {
			if l.State != place.Active && !p.Gone || len(ids) > 0 && !ids[l.ID] || !within(l.Number, p.From, p.To) {
				continue
			}
			one := s.place(atlas, l, second, host)
			if at, hangs := hanging[l.ID]; p.Only == Never && hangs || p.Only == Changed && (!hangs || len(at.Changed(one, office)) == 0) {
				continue
			}
			out = append(out, one)
		}
		if depth < 8 {
			for _, d := range atlas.Children(code) {
				walk(d.Code, depth+1)
			}
		}
	}
	if _, ok := atlas.Division(root); ok {
		walk(root, 0)
	}
	return out
}

// place is one location in the words of a poster.
func (s *Studio) place(atlas *place.Atlas, l place.Location, second i18n.Lang, host string) poster.Place {
	p := poster.Place{
		ID: l.ID, Address: s.Address(host, l.ID), Number: l.Number, Name: l.Name.In(i18n.Hans),
		Kind: s.Press.Words.T(i18n.Hans, "place.kind."+l.Kind),
	}
	if second != "" {
		if name := l.Name.In(second); name != p.Name {
			p.NameIn = name
		}
	}
	d, _ := atlas.Division(l.Division)
	town := d
	if d.Level == place.Village {
		town, _ = atlas.Division(d.Parent)
	}
	p.Village, p.Town, p.Where = d.Name.In(i18n.Hans), town.Name.In(i18n.Hans), atlas.Names(i18n.Hans, town.Code)
	if o, ok := atlas.Office(l.Division, ""); ok {
		p.Office, p.Phone = o.Name.In(i18n.Hans), o.Phone
	}
	return p
}

// byNumber compares poster numbers as numbers: 9 comes before 10.
func byNumber(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

func within(number, from, to string) bool {
	return (from == "" || byNumber(number, from) >= 0) && (to == "" || number != "" && byNumber(number, to) <= 0)
}

// Tell says a warning in words.
func (s *Studio) Tell(l i18n.Lang, w poster.Warning) string {
	field := s.Press.Words.T(l, "posters.field."+w.Field)
	text := w.Text
	if r := []rune(text); len(r) > 40 {
		text = string(r[:40]) + "…"
	}
	var letter string
	if w.Rune != 0 {
		letter = string(w.Rune)
	}
	said := s.Press.Words.T(l, "posters.trouble."+string(w.Trouble), "field", field, "text", text, "letter", letter, "point", codePoint(w.Rune))
	if w.Place == "" {
		return s.Press.Words.T(l, "posters.warning.all", "what", said)
	}
	return s.Press.Words.T(l, "posters.warning.one", "number", w.Number, "name", w.Name, "what", said)
}

func codePoint(r rune) string {
	const hex = "0123456789ABCDEF"
	out := []byte{}
	for ; r > 0 || len(out) < 4; r >>= 4 {
		out = append([]byte{hex[r&15]}, out...)
	}
	return "U+" + string(out)
}
