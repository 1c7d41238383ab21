// Package poster lays out what hangs on the wall: posters and cards with the
// code of a location, in sizes and layouts a county chooses from. It knows no
// database row of the places: the caller hands it plain values.
package poster

import (
	"slices"
	"strings"
	"time"

	"mashang/i18n"
	"mashang/platform/print"
)

// Size is the paper.
type Size string

// The sizes. A card is a business card, 90 × 54 mm: it goes into a wallet or
// behind a telephone, and every print shop cuts it. Cards is the same card ten
// times on A4, for the office's own printer.
const (
	A4    Size = "A4"
	A3    Size = "A3"
	Card  Size = "card"
	Cards Size = "cards"
)

// Sizes lists the sizes.
func Sizes() []Size { return []Size{A4, A3, Card, Cards} }

// ParseSize reads the name of a size.
func ParseSize(s string) (Size, bool) { return Size(s), slices.Contains(Sizes(), Size(s)) }

// Layout is how a sheet looks.
type Layout string

// The layouts.
const (
	Standard Layout = "standard" // in colour, with the three doors
	Plain    Layout = "plain"    // black lines on white, for printers that waste toner on a ground
	Large    Layout = "large"    // the fewest words in the largest letters, for people who see badly
)

// Layouts lists the layouts.
func Layouts() []Layout { return []Layout{Standard, Plain, Large} }

// ParseLayout reads the name of a layout.
func ParseLayout(s string) (Layout, bool) { return Layout(s), slices.Contains(Layouts(), Layout(s)) }

// Office is what all sheets of a county have in common.
type Office struct {
	County, CountyIn string // 云溪县, and in the second language
	Issuer           string // 云溪县民政局
	Hotline          string
	Domain           string // as people see it in the browser
	Emblem           []byte // PNG; nil: the portal's own mark
	Colour           string // #rrggbb; "": pine green
	Month            time.Time
	Sample           bool // every sheet says that the county is invented
}

// Place is one location.
type Place struct {
	ID      string // names it in warnings and in the history
	Address string // what the code says
	Number  string // 0137
	Name    string // 杏林村便民服务点
	NameIn  string // in the second language; "" for none
	Kind    string // in words, for the packing list
	Where   string // 云溪县柳河镇
	Office  string // 柳河镇民政办
	Phone   string
	Village string // whose set it belongs to
	Town    string // who takes the packet
}

// Line is the way to a person as it is printed: 云溪县柳河镇・民政办 0500-5550121.
func (p Place) Line() string {
	office := p.Office
	if short := strings.TrimPrefix(office, p.Town); p.Town != "" && short != "" && strings.HasSuffix(p.Where, p.Town) {
		office = short
	}
	s := p.Where
	if s != "" && office != "" {
		s += "・" // as wide as a letter, which the fonts' own · is not
	}
	return strings.TrimSpace(s + office + " " + p.Phone)
}

// Choice is what somebody wants printed.
type Choice struct {
	Size   Size      `json:"size"`
	Layout Layout    `json:"layout"`
	Second i18n.Lang `json:"second,omitempty"` // a second language; "" for none
	Bleed  bool      `json:"bleed,omitempty"`  // 3 mm of colour beyond the edge, and marks where to cut
	Anyway bool      `json:"anyway,omitempty"` // print □ and … where something does not fit
}

// bleed is what print shops ask for.
const bleed = 3

// Paper is the sheet of paper of a choice.
func (c Choice) Paper() print.Paper {
	p := print.Paper{W: 210, H: 297}
	switch c.Size {
	case A3:
		p = print.Paper{W: 297, H: 420}
	case Card:
		p = print.Paper{W: cardW, H: cardH}
	}
	if c.Bleed && c.Size != Cards {
		p.Bleed, p.Crop = bleed, true
	}
	return p
}

// Trouble is a kind of warning.
type Trouble string

// What may be wrong with a sheet. Glyph and Overflow refuse it unless the choice
// says Anyway; the others only tell.
const (
	Glyph    Trouble = "glyph"    // no font has the letter
	Overflow Trouble = "overflow" // too long for its place even in the smallest letters
	Shrunk   Trouble = "shrunk"   // much smaller than meant
	Wrapped  Trouble = "wrapped"  // on more lines than meant
	Absent   Trouble = "absent"   // nothing to write there
	Address  Trouble = "address"  // so long that the code has finer modules
)

// Blocks reports whether a sheet with this trouble is refused.
func (t Trouble) Blocks() bool { return t == Glyph || t == Overflow }

// Warning is one thing to know before printing.
type Warning struct {
	Place   string // the location's ID; "" for what stands on every sheet
	Number  string
	Name    string
	Field   string // which text: name, second, where, phone, number, county, issuer, domain, emblem …
	Trouble Trouble
	Rune    rune   // of a Glyph
	Text    string // what stands in the field
}

// Blocking reports whether any of the warnings refuses its sheet.
func Blocking(all []Warning) bool {
	return slices.ContainsFunc(all, func(w Warning) bool { return w.Trouble.Blocks() })
}
