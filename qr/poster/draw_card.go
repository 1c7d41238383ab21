package poster

// The card: the code at the left, what to know at the right. Modules are .82 mm,
// which every phone reads at arm's length; letters are at least 2.3 mm.
const (
	cardW, cardH                = 90.0, 54.0
	cardX, cardY, cardCode      = 5.0, 14.5, 30.5
	cardText, cardRight, cardUp = 41.0, 86.5, 11.0
)

func (l *layer) cardShared(o Office, beyond float64, layout Layout) {
	w, i := l.words, l.inks
	if i.band {
		l.sheet.Fill(i.main, -beyond, -beyond, cardW+2*beyond, cardUp+beyond, 0)
	} else {
		l.sheet.Fill(i.main, 4, cardUp+.3, cardW-8, .3, 0)
	}
	x := 4.0
	if l.emblem != nil {
		if i.band {
			l.sheet.Fill(paper, x, 1.6, 7.8, 7.8, 3.9)
		}
		l.emblem.Picture("emblem", o.Emblem, x+1.1, 2.7, 5.6, 5.6)
		x += 9.2
	}
	l.write("headline", i.on(), box{x: x, y: 5.5, w: 48, h: 8, size: 6.6, min: 4}, true, w.headline)
	county := 5.6
	if w.secondShort != "" {
		county = 4.2
		l.write("second", i.on(), box{x: cardRight, y: 7.9, w: cardRight - x - 46, h: 3, size: 2.5, min: 2, align: 'r'}, false, w.secondShort)
	}
	l.write("county", i.on(), box{x: cardRight, y: county, w: cardRight - x - 48, h: 8, size: 2.9, min: 2.2, align: 'r', lines: 2}, false, w.county)
	if o.County == "" {
		l.warn("county", Absent, 0, "")
	}
	room := cardRight - cardText
	if layout == Large {
		l.write("call", i.ink, box{x: cardText, y: 15.6, w: room, h: 5, size: 4, min: 3}, true, w.callLarge)
		l.write("hotline", i.main, box{x: cardText - .3, y: 23.2, w: room, h: 12, size: 13, min: 6}, true, w.hotline)
		l.marked("danger", i.red, box{x: cardText, y: 32, w: room, h: 5, size: 3.6, min: 2.6}, w.dangerLarge)
	} else {
		call := l.fonts.Width(w.callBefore, 2.9, false)
		l.write("call", i.ink, box{x: cardText, y: 17, w: call + .5, h: 5, size: 2.9, min: 2.3}, false, w.callBefore)
		l.write("hotline", i.main, box{x: cardText + call + 1.2, y: 15.9, w: room - call - 1.2, h: 7, size: 7.6, min: 4}, true, w.hotline)
		for n, d := range w.doors {
			y := 21.4 + float64(n)*4
			if i.band {
				l.sheet.Fill(i.main, cardText, y-1.75, 3.5, 3.5, .6)
			} else {
				l.sheet.Frame(i.main, cardText, y-1.75, 3.5, 3.5, .6, .2)
			}
			l.write("door", i.on(), box{x: cardText + 1.75, y: y, w: 3.5, h: 4, size: 2.3, min: 1, align: 'c'}, true, d.glyph)
			l.write("door", i.ink, box{x: cardText + 5, y: y, w: room - 5, h: 4, size: 2.9, min: 2.3}, false, d.says)
		}
		l.marked("danger", i.red, box{x: cardText, y: 33.2, w: room, h: 4, size: 2.8, min: 2.3}, w.dangerLarge)
	}
	l.sheet.Fill(i.main, cardText, 35.4, room, .2, 0)
	l.write("fraud", i.soft, box{x: cardX + cardCode/2, y: 50, w: cardCode + 4, h: 3, size: 2.5, min: 2, align: 'c'}, false, w.fraudShort)
	l.marked("domain", i.soft, box{x: cardText, y: 48.4, w: room, h: 3, size: 2.5, min: 2}, "*"+o.Domain+"*")
	l.write("issuer", i.soft, box{x: cardText, y: 51.2, w: room, h: 3, size: 2.3, min: 1.8}, false, w.issued)
	if w.hotline == "" {
		l.warn("hotline", Absent, 0, "")
	}
}

func (l *layer) cardOwn() {
	i := l.inks
	l.code(cardX, cardY, cardCode, l.matrix())
	room := cardRight - cardText
	l.write("name", i.ink, box{x: cardText, y: 38.6, w: room, h: 5.8, size: 3.9, min: 2.3, shrink: true}, true, l.place.Name)
	number := l.words.number + " " + l.place.Number
	if l.place.Number == "" {
		l.warn("number", Absent, 0, "")
		number = ""
	}
	l.write("where", i.soft, box{x: cardText, y: 42.7, w: room, h: 3, size: 2.5, min: 1.9, shrink: true}, false, l.largeWhere())
	l.write("number", i.ink, box{x: cardText, y: 45.6, w: room, h: 3, size: 2.6, min: 2}, false, number)
}
