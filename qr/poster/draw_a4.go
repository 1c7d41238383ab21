package poster

// The poster is drawn for A4; A3 is the same, grown. All lengths are
// millimetres. Where colour meets the edge it runs on for the bleed.
const (
	left, right = 16.0, 194.0
	wide        = right - left
	over        = bleed + .5 // how far a ground is drawn beyond the edge
)

// The code of the standard poster: modules of 2.27 mm, and four of them clear on
// every side.
const (
	codeX, codeY, codeSize = 16.0, 94.0, 84.0
	smallest               = 4.5 // the least size of any line
)

// a4Shared is what every standard or plain poster of a run has.
func (l *layer) a4Shared(o Office) {
	w, i := l.words, l.inks
	top, below := 16.5, 3.5 // the words stand lower when no second language is below them
	if w.second != "" {
		below = 0
	}
	if i.band {
		l.sheet.Fill(i.main, -over, -over, 210+2*over, 85.5+over, 0)
		l.hills(i.deep, paper, -over, 70.5, 210+2*over, 15.5)
	} else {
		top = 18
		l.sheet.Frame(i.main, 8, 8, 194, 283.5, 5, 1)
		l.sheet.Fill(i.main, left, 81, wide, .8, 0)
	}
	l.head(o, left, right, top, 8.6)
	l.write("headline", i.on(), box{x: left - .4, y: top + 21.5 + below, w: wide, h: 30, size: 25.4, min: 16}, true, w.headline)
	l.write("sub", i.on(), box{x: left, y: top + 40 + 1.3*below, w: wide, h: 10, size: 8.4, min: smallest}, false, w.sub)
	if w.second != "" {
		l.write("second", i.on(), box{x: left, y: top + 48.6, w: wide, h: 7, size: 5.4, min: smallest}, false, w.second)
	}
	l.write("scan", i.ink, box{x: codeX + codeSize/2, y: 190.6, w: codeSize, h: 7, size: 6.4, min: smallest, align: 'c'}, true, w.scan)
	for n, d := range w.doors {
		y := 110.5 + float64(n)*28.2
		l.door(d, 112, y, 19)
	}
	l.callLine(198, 26)
	l.marked("danger", i.red, box{x: 105, y: 231, w: wide, h: 8, size: 5.5, min: smallest, align: 'c'}, w.danger)
	l.foot(o, 273.5, 6.7, smallest)
}

// head is the portal's sign or the county's emblem, and whose poster it is.
func (l *layer) head(o Office, x0, x1, y, size float64) {
	w, i := l.words, l.inks
	x := x0 + size + 4
	if l.emblem != nil {
		plate := size * 1.5
		if i.band {
			l.sheet.Fill(paper, x0, y-plate/2, plate, plate, plate/2)
		}
		l.emblem.Picture("emblem", o.Emblem, x0+plate*.14, y-plate*.36, plate*.72, plate*.72)
		x = x0 + plate + 3
	} else {
		l.mark(i.on(), x0-size/12, y-size/2, size*24/22)
	}
	brand := l.fonts.Width(w.brand, size*.92, true)
	l.write("brand", i.on(), box{x: x, y: y, w: brand + 1, h: size * 1.3, size: size * .92, min: size * .5}, true, w.brand)
	l.write("county", i.on(), box{x: x1, y: y, w: x1 - x - brand - 6, h: size * 1.6, size: size * .68, min: size * .52, align: 'r'}, false, w.county)
	if o.County == "" {
		l.warn("county", Absent, 0, "")
	}
}

// door is one of the three things one can do, with its sign.
func (l *layer) door(d door, x, y, size float64) {
	i := l.inks
	if i.band {
		l.sheet.Fill(i.main, x, y-size/2, size, size, size/6)
	} else {
		l.sheet.Frame(i.main, x, y-size/2, size, size, size/6, size/24)
	}
	l.write("door", i.on(), box{x: x + size/2, y: y - .01*size, w: size, h: size, size: size * .62, min: 2, align: 'c'}, true, d.glyph)
	l.write("door", i.ink, box{x: x + size*1.22, y: y - size*.22, w: right - x - size*1.22, h: 10, size: size * .42, min: smallest}, true, d.name)
	l.write("door", i.soft, box{x: x + size*1.22, y: y + size*.26, w: right - x - size*1.22, h: 8, size: size * .275, min: smallest}, false, d.says)
}

// callLine is the number to call, between two rules.
func (l *layer) callLine(y, h float64) {
	w, i := l.words, l.inks
	l.sheet.Fill(i.main, left, y, wide, .5, 0)
	l.sheet.Fill(i.main, left, y+h, wide, .5, 0)
	const side, size = 7.2, 24.0
	before, after := l.fonts.Width(w.callBefore, side, false), l.fonts.Width(w.callAfter, side, false)
	number := min(l.fonts.Width(w.hotline, size, true), wide-before-after-10)
	gap := min((wide-before-after-number)/2, 6)
	x := 105 - (before+after+number+2*gap)/2
	// The words stand on the line of the figures, not in their middle.
	middle, low := y+h/2+.2, y+h/2+.2+.36*(size-side)*.86
	l.write("call", i.ink, box{x: x, y: low, w: before + 1, h: 9, size: side, min: smallest}, false, w.callBefore)
	l.write("hotline", i.main, box{x: x + before + gap, y: middle, w: number + .5, h: h, size: size, min: 9}, true, w.hotline)
	l.write("call", i.ink, box{x: x + before + number + 2*gap, y: low, w: after + 1, h: 9, size: side, min: smallest}, false, w.callAfter)
	if w.hotline == "" {
		l.warn("hotline", Absent, 0, "")
	}
}

// foot tells how to see that the poster is genuine, and who hung it there.
func (l *layer) foot(o Office, y, step, size float64) {
	w, i := l.words, l.inks
	issued := l.fonts.Width(w.issued, size, false)
	l.marked("domain", i.soft, box{x: left, y: y, w: wide, h: size * 1.3, size: size, min: size * .8}, w.check)
	l.marked("domain", i.soft, box{x: left, y: y + step, w: wide - min(issued, wide/2) - 4, h: size * 1.3, size: size, min: size * .8}, w.fraud)
	l.write("issuer", i.soft, box{x: right, y: y + step, w: wide / 2, h: size * 1.3, size: size, min: size * .7, align: 'r'}, false, w.issued)
	if w.secondFoot != "" {
		l.marked("second", i.soft, box{x: left, y: y + 2*step - .3, w: wide, h: size * 1.3, size: size, min: size * .8}, w.secondFoot)
	}
	if o.Issuer == "" {
		l.warn("issuer", Absent, 0, "")
	}
}

// a4Own is what one location has for itself.
func (l *layer) a4Own() {
	i := l.inks
	l.code(codeX, codeY, codeSize, l.matrix())
	const y, h = 236.5, 31.5
	if i.band {
		l.sheet.Fill(i.wash, left, y, wide, h, 4)
	} else {
		l.sheet.Frame(i.main, left, y, wide, h, 4, .6)
	}
	number := l.number(right-7, y, h, 14)
	w := wide - 14 - number - 6
	name, where, second := y+h*.37, y+h*.75, 0.0
	if l.place.NameIn != "" {
		name, second, where = y+h*.29, y+h*.59, y+h*.82
		l.write("second", i.soft, box{x: left + 7, y: second, w: w, h: 6, size: 5, min: smallest, shrink: true}, false, l.place.NameIn)
	}
	l.write("name", i.ink, box{x: left + 7, y: name, w: w, h: h * .52, size: 10.4, min: 5}, true, l.place.Name)
	l.write("where", i.soft, box{x: left + 7, y: where, w: w, h: 6, size: 5.1, min: 3.8}, false, l.where())
}

// where is the way to a person: the office and its phone.
func (l *layer) where() string {
	if l.place.Phone == "" {
		l.warn("phone", Absent, 0, "")
	}
	return l.place.Line()
}

// number is the poster's number at the right of its field; it tells how wide it is.
func (l *layer) number(x, y, h, size float64) float64 {
	i := l.inks
	if l.place.Number == "" {
		l.warn("number", Absent, 0, "")
		return 0
	}
	w := min(l.fonts.Width(l.place.Number, size, true), 60)
	label := l.fonts.Width(l.words.number, size*.36, false)
	l.write("number", i.soft, box{x: x, y: y + h*.25, w: max(w, label) + 1, h: 7, size: size * .36, min: 3, align: 'r'}, false, l.words.number)
	l.write("number", i.ink, box{x: x, y: y + h*.65, w: w + .5, h: size * 1.3, size: size, min: size * .4, align: 'r'}, true, l.place.Number)
	return max(w, label)
}
