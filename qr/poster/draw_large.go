package poster

import "mashang/platform/print"

// paper is the ground of every sheet.
var paper = print.White

// The code of the large layout: modules of 2.9 mm.
const largeX, largeY, largeSize = 51.0, 59.0, 108.0

// largeShared is the poster for people who see badly: the code, one number to
// call, where one stands; everything at least 7.5 mm high.
func (l *layer) largeShared(o Office) {
	w, i := l.words, l.inks
	if i.band {
		l.sheet.Fill(i.main, -over, -over, 210+2*over, 47+over, 0)
	}
	l.write("county", i.on(), box{x: 105, y: 10.5, w: wide, h: 9, size: 7.5, min: smallest, align: 'c'}, false, w.county)
	l.write("headline", i.on(), box{x: 105, y: 30.5, w: wide + 8, h: 32, size: 26.4, min: 16, align: 'c'}, true, w.headline)
	doors, size := 186.0, 8.6
	if w.second != "" {
		doors, size = 190, 7.5
		l.write("second", i.ink, box{x: 105, y: 182.2, w: wide, h: 7, size: 5.6, min: smallest, align: 'c'}, false, w.second)
	}
	if l.emblem != nil {
		l.emblem.Picture("emblem", o.Emblem, left, 54, 20, 20)
	}
	l.write("doors", i.ink, box{x: 105, y: doors, w: wide, h: 10, size: size, min: 6, align: 'c'}, true, w.doorsInShort)

	l.sheet.Fill(i.main, left, 196, wide, .8, 0)
	before := l.fonts.Width(w.callLarge, 10, true)
	number := min(l.fonts.Width(w.hotline, 36, true), wide-before-6)
	x := 105 - (before+number+6)/2
	l.write("call", i.ink, box{x: x, y: 217, w: before + 1, h: 12, size: 10, min: 6}, true, w.callLarge)
	l.write("hotline", i.main, box{x: x + before + 6, y: 212.8, w: number + .5, h: 34, size: 36, min: 14}, true, w.hotline)
	l.sheet.Fill(i.main, left, 229, wide, .8, 0)
	l.marked("danger", i.red, box{x: 105, y: 237, w: wide, h: 10, size: 9, min: 6, align: 'c'}, w.dangerLarge)
	l.marked("domain", i.soft, box{x: 105, y: 277.8, w: wide, h: 7, size: 5.6, min: smallest, align: 'c'}, w.checkLarge)
	l.marked("domain", i.soft, box{x: 105, y: 285, w: wide, h: 7, size: 5.6, min: smallest, align: 'c'}, w.fraud)
	l.write("issuer", i.soft, box{x: 105, y: 291.4, w: wide, h: 6, size: smallest, min: 3.4, align: 'c'}, false, w.issued)
	if o.County == "" {
		l.warn("county", Absent, 0, "")
	}
	if w.hotline == "" {
		l.warn("hotline", Absent, 0, "")
	}
	if o.Issuer == "" {
		l.warn("issuer", Absent, 0, "")
	}
}

func (l *layer) largeOwn() {
	i := l.inks
	l.code(largeX, largeY, largeSize, l.matrix())
	const y, h = 243.5, 29.0
	if i.band {
		l.sheet.Fill(i.wash, left-4, y, wide+8, h, 4)
	} else {
		l.sheet.Frame(i.main, left-4, y, wide+8, h, 4, .8)
	}
	number := l.number(right, y, h, 16)
	l.write("name", i.ink, box{x: left, y: y + h*.38, w: wide - number - 6, h: h * .56, size: 12.5, min: 6}, true, l.place.Name)
	l.write("where", i.ink, box{x: left, y: y + h*.78, w: wide - number - 6, h: 9, size: 7.5, min: smallest, shrink: true}, false, l.largeWhere())
}

// largeWhere is the office with its phone, without the way there.
func (l *layer) largeWhere() string {
	if l.place.Phone == "" {
		return l.where()
	}
	return l.place.Office + " " + l.place.Phone
}
