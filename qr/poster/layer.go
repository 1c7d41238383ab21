package poster

import (
	"strconv"

	"mashang/i18n"
	"mashang/platform/print"
	"mashang/qr"
)

// layer is a sheet being drawn: what all pages share, or what one location has
// for itself.
type layer struct {
	fonts  *print.Fonts
	sheet  *print.Sheet
	words  *words
	place  Place // the zero Place on the shared layer
	inks   inks
	codes  map[int][][]bool // by the length of the address, where pages are only checked
	emblem *print.Sheet     // where the emblem goes; nil without one
	warns  []Warning
}

// origin moves where the next things are drawn.
func (l *layer) origin(x, y float64) {
	l.sheet.Origin(x, y)
	if l.emblem != nil {
		l.emblem.Origin(x, y)
	}
}

func (l *layer) warn(field string, t Trouble, r rune, text string) {
	l.warns = append(l.warns, Warning{Place: l.place.ID, Number: l.place.Number, Name: l.place.Name, Field: field, Trouble: t, Rune: r, Text: text})
}

// inks are the colours of a choice.
type inks struct {
	main, deep, wash, ink, soft, red print.Ink
	band                             bool // a coloured ground with white letters
}

func (c Choice) inks(o Office) inks {
	if c.Layout == Plain {
		return inks{main: print.Black, deep: print.Black, wash: print.White, ink: print.Black, soft: print.Black, red: print.Black}
	}
	main := print.Ink{R: 0x17, G: 0x69, B: 0x4f}
	if own, err := print.ParseInk(o.Colour); err == nil {
		main = own
	}
	return inks{
		main: main, deep: main.Over(print.Black, .84), wash: main.Over(print.White, .11), band: true,
		ink: print.Ink{R: 0x1c, G: 0x24, B: 0x20}, soft: print.Ink{R: 0x33, G: 0x3b, B: 0x37}, red: print.Ink{R: 0x9d, G: 0x2a, B: 0x18},
	}
}

// on is the colour of letters on the band.
func (i inks) on() print.Ink {
	if i.band {
		return print.White
	}
	return print.Black
}

// words are the fixed texts, said once for a whole run.
type words struct {
	brand, county, headline, sub, scan          string
	doors                                       [3]door
	callBefore, callAfter, hotline, danger      string
	number, check, fraud, issued                string
	second, secondShort, secondFoot, fraudShort string
	doorsInShort                                string
	dangerLarge, checkLarge, callLarge          string
}

// allDay is the government hotline, which is answered day and night everywhere.
const allDay = "12345"

type door struct{ glyph, name, says string }

func (c Choice) words(o Office, t func(l i18n.Lang, key string, args ...any) string) *words {
	say := func(key string, args ...any) string { return t(i18n.Hans, "posters.art."+key, args...) }
	w := &words{
		brand: say("brand"), county: say("county", "county", o.County), headline: say("headline"), sub: say("sub"), scan: say("scan"),
		callBefore: say("call.before"), callAfter: say("call.after"), callLarge: say("call.large"), hotline: o.Hotline,
		danger: say("danger"), dangerLarge: say("danger.large"), number: say("number"),
		check: say("check", "domain", o.Domain), checkLarge: say("check.large", "domain", o.Domain), fraud: say("fraud", "hotline", o.Hotline),
		issued:       say("issued", "issuer", o.Issuer, "year", strconv.Itoa(o.Month.In(i18n.Shanghai).Year()), "month", strconv.Itoa(int(o.Month.In(i18n.Shanghai).Month()))),
		doorsInShort: say("doors.short"), fraudShort: say("fraud.short"),
	}
	if o.Hotline != allDay {
		w.callAfter = say("call.other") // when another number is answered, the office has not said
	}
	for i, name := range []string{"know", "check", "apply"} {
		w.doors[i] = door{say("door." + name + ".glyph"), say("door." + name), say("door." + name + ".says")}
	}
	if o.Sample {
		w.county = say("county.sample", "county", o.County)
	}
	if c.Second != "" {
		w.second = t(c.Second, "posters.art.second")
		w.secondShort = t(c.Second, "posters.art.second.short")
		w.secondFoot = t(c.Second, "posters.art.second.foot", "hotline", o.Hotline)
	}
	return w
}

// code draws the location's code. Its modules fill size millimetres; the four
// clear modules around are the caller's to keep.
func (l *layer) code(x, y, size float64, m [][]bool) {
	if len(m) == 0 {
		return
	}
	if len(m) > 37 {
		l.warn("address", Address, 0, l.place.Address)
	}
	l.sheet.Modules(x, y, size/float64(len(m)), m)
}

// mark draws the portal's sign: three squares of a code, and a speech bubble.
func (l *layer) mark(ink print.Ink, x, y, size float64) {
	k := size / 24
	at := func(u, v float64) (float64, float64) { return x + u*k, y + v*k }
	p := print.NewPath()
	square := func(u, v, n float64) {
		x0, y0 := at(u, v)
		x1, y1 := at(u+n, v+n)
		p.Move(x0, y0).Line(x1, y0).Line(x1, y1).Line(x0, y1).Close()
	}
	for _, c := range [][2]float64{{2, 2}, {13, 2}, {2, 13}} {
		square(c[0], c[1], 9)
		square(c[0]+2, c[1]+2, 5)
	}
	l.sheet.Draw(ink, p)
	// The bubble: a circle around 17.5, 17.5 whose lower left corner is drawn out.
	const r, q = 4.5, 4.5 * .5523
	b := print.NewPath()
	move := func(f func(a, b float64) *print.Path, u, v float64) { a, c := at(u, v); f(a, c) }
	curve := func(u1, v1, u2, v2, u, v float64) {
		a, b1 := at(u1, v1)
		c, d := at(u2, v2)
		e, f := at(u, v)
		b.Curve(a, b1, c, d, e, f)
	}
	move(b.Move, 17.5, 13)
	curve(17.5+q, 13, 22, 17.5-q, 22, 17.5)
	curve(22, 17.5+q, 17.5+q, 22, 17.5, 22)
	curve(16.9, 22, 16.2, 21.9, 15.7, 21.6)
	move(b.Line, 13, 22)
	move(b.Line, 13.6, 19.5)
	curve(13.2, 18.9, 13, 18.2, 13, 17.5)
	curve(13, 17.5-q, 17.5-q, 13, 17.5, 13)
	l.sheet.Draw(ink, b.Close())
}

// hills draws the two lines of hills at the foot of a band, the ornament of the
// landing and of the poster, over w × h from x, y on.
func (l *layer) hills(deep, ground print.Ink, x, y, w, h float64) {
	sx, sy := w/400, h/60
	draw := func(ink print.Ink, start, foot float64, curves [][6]float64) {
		cx, cy := 0.0, start
		p := print.NewPath().Move(x, foot).Line(x, y+start*sy)
		for _, c := range curves {
			p.Curve(x+(cx+c[0])*sx, y+(cy+c[1])*sy, x+(cx+c[2])*sx, y+(cy+c[3])*sy, x+(cx+c[4])*sx, y+(cy+c[5])*sy)
			cx, cy = cx+c[4], cy+c[5]
		}
		l.sheet.Draw(ink, p.Line(x+w, foot).Close())
	}
	draw(deep, 34, y+h, [][6]float64{{40, -22, 74, -20, 118, -2}, {34, 14, 58, 6, 96, -14}, {44, -22, 78, -12, 116, 8}, {26, 14, 48, 12, 70, 2}})
	// The ground reaches lower than what it covers, or a hair of it would show.
	draw(ground, 50, y+h+1, [][6]float64{{52, -16, 92, -14, 140, -2}, {62, 16, 110, 4, 152, -8}, {40, -12, 76, -8, 108, 4}})
}

// matrix is the code of an address; a failure is told as a warning that blocks.
// A page that is only checked takes the code of another address as long, which
// has as many modules.
func (l *layer) matrix() [][]bool {
	if m, ok := l.codes[len(l.place.Address)]; ok {
		return m
	}
	m, err := qr.Matrix(l.place.Address)
	if err != nil {
		l.warn("address", Overflow, 0, l.place.Address)
		return nil
	}
	return m
}
