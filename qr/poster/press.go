package poster

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime"

	"mashang/i18n"
	"mashang/platform/print"
	"mashang/qr"
)

// Press draws and prints. It may be used by any number of goroutines.
type Press struct {
	Fonts *print.Fonts
	Words *i18n.Catalog
}

// page is one sheet with what has to be known about it.
type page struct {
	own   *print.Sheet
	warns []Warning
}

// run is one printing: what its sheets share.
type run struct {
	*Press
	choice Choice
	office Office
	words  *words
	shared *print.Sheet
	emblem *print.Sheet // beside it, because a shared part takes no picture; nil without one
	warns  []Warning    // about what every sheet has
	codes  map[int][][]bool
}

func (p *Press) run(o Office, c Choice) *run {
	r := &run{Press: p, choice: c, office: o}
	r.words = c.words(o, p.Words.T)
	l := r.layer(Place{})
	if len(o.Emblem) > 0 {
		r.emblem = r.layer(Place{}).sheet
		l.emblem = r.emblem
	}
	r.each(l, func(beyond float64) {
		switch {
		case c.Size == Card || c.Size == Cards:
			l.cardShared(o, beyond, c.Layout)
		case c.Layout == Large:
			l.largeShared(o)
		default:
			l.a4Shared(o)
		}
	})
	r.shared, r.warns = l.sheet, once(l.warns)
	return r
}

func (r *run) layer(p Place) *layer {
	scale := 1.0
	if r.choice.Size == A3 {
		scale = 1.4142
	}
	return &layer{fonts: r.Fonts, sheet: print.NewSheet(scale), words: r.words, place: p, codes: r.codes, inks: r.choice.inks(r.office)}
}

// each draws once, or ten times for ten cards on a sheet of A4. Cards on one
// sheet have no bleed: one cut parts two of them.
func (r *run) each(l *layer, draw func(beyond float64)) {
	if r.choice.Size != Cards {
		draw(over)
		return
	}
	const x0, y0 = (210 - 2*cardW) / 2, (297 - 5*cardH) / 2
	for row := range 5 {
		for col := range 2 {
			l.origin(x0+float64(col)*cardW, y0+float64(row)*cardH)
			draw(0)
		}
	}
	l.origin(0, 0)
	cut := print.NewPath()
	for col := range 3 {
		x := x0 + float64(col)*cardW
		cut.Move(x, y0-2).Line(x, y0-7).Move(x, y0+5*cardH+2).Line(x, y0+5*cardH+7)
	}
	for row := range 6 {
		y := y0 + float64(row)*cardH
		cut.Move(x0-2, y).Line(x0-8, y).Move(x0+2*cardW+2, y).Line(x0+2*cardW+8, y)
	}
	l.sheet.Stroke(print.Black, .15, cut)
}

// page draws what one location has for itself.
func (r *run) page(at Place) page {
	l := r.layer(at)
	r.each(l, func(float64) {
		switch {
		case r.choice.Size == Card || r.choice.Size == Cards:
			l.cardOwn()
		case r.choice.Layout == Large:
			l.largeOwn()
		default:
			l.a4Own()
		}
	})
	return page{l.sheet, once(l.warns)}
}

// once drops what was told before: ten cards on a sheet have the same troubles.
func once(all []Warning) []Warning {
	told := map[Warning]bool{}
	out := all[:0]
	for _, w := range all {
		if !told[w] {
			told[w] = true
			out = append(out, w)
		}
	}
	return out
}

// Check tells what to know before these sheets are printed.
func (p *Press) Check(o Office, c Choice, places []Place) []Warning {
	r := p.run(o, c)
	r.codes = map[int][][]bool{}
	for _, at := range places {
		if _, known := r.codes[len(at.Address)]; !known {
			if m, err := qr.Matrix(at.Address); err == nil {
				r.codes[len(at.Address)] = m
			}
		}
	}
	out := r.warns
	for _, one := range r.pages(context.Background(), places) {
		out = append(out, one.warns...)
	}
	return out
}

// pages draws the sheets on all processors and hands them on in their order.
func (r *run) pages(ctx context.Context, places []Place) func(yield func(int, page) bool) {
	return func(yield func(int, page) bool) {
		workers := runtime.GOMAXPROCS(0)
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		ready := make([]chan page, workers)
		for w := range ready {
			ready[w] = make(chan page, 8)
			go func() {
				for i := w; i < len(places); i += workers {
					select {
					case ready[w] <- r.page(places[i]):
					case <-ctx.Done():
						return
					}
				}
			}()
		}
		for i := range places {
			select {
			case one := <-ready[i%workers]:
				if !yield(i, one) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

// Refused says that sheets were not printed because of what Check tells.
type Refused struct{ Warnings []Warning }

func (r *Refused) Error() string {
	return fmt.Sprintf("poster: refused: %d things do not fit", len(r.Warnings))
}

// Print writes the sheets as one PDF, in the order given, and tells what to know
// about them. A sheet that would have a hole in it refuses the whole, unless the
// choice says Anyway. step, which may be nil, hears how far it is.
func (p *Press) Print(ctx context.Context, to io.Writer, o Office, c Choice, places []Place, step func(done, total int)) ([]Warning, error) {
	r := p.run(o, c)
	return r.print(ctx, to, places, step)
}

func (r *run) print(ctx context.Context, to io.Writer, places []Place, step func(done, total int)) ([]Warning, error) {
	d := r.Fonts.NewPDF(r.choice.Paper(), print.Info{Title: r.words.headline, Author: r.office.Issuer, Made: r.office.Month})
	warns := r.warns
	d.Share(r.shared)
	for i, one := range r.pages(ctx, places) {
		warns = append(warns, one.warns...)
		d.Page(r.sheets(one)...)
		if step != nil {
			step(i+1, len(places))
		}
	}
	if err := ctx.Err(); err != nil {
		return warns, fmt.Errorf("poster: print: %w", err)
	}
	if Blocking(warns) && !r.choice.Anyway {
		return warns, &Refused{warns}
	}
	if err := d.Write(to); err != nil {
		return warns, fmt.Errorf("poster: print: %w", err)
	}
	return warns, nil
}

// sheets are what lies on a page, the lowest first.
func (r *run) sheets(one page) []*print.Sheet {
	if r.emblem != nil {
		return []*print.Sheet{r.shared, r.emblem, one.own}
	}
	return []*print.Sheet{r.shared, one.own}
}

// SVG is the first sheet as a picture for the browser.
func (p *Press) SVG(o Office, c Choice, at Place) ([]byte, []Warning) {
	r := p.run(o, c)
	one := r.page(at)
	paper := c.Paper()
	return r.Fonts.SVG(paper, at.Name+" "+at.Number, r.sheets(one)...), append(r.warns, one.warns...)
}

// Code is the bare code of one location as a PDF, 100 mm wide with its clear
// modules, over its number and name: for a designer or a sticker.
func (p *Press) Code(at Place) ([]byte, error) {
	l := &layer{fonts: p.Fonts, sheet: print.NewSheet(1), place: at}
	m := l.matrix()
	if m == nil {
		return nil, fmt.Errorf("poster: code: no code holds %d letters", len(at.Address))
	}
	module := 100 / float64(len(m)+8)
	l.sheet.Modules(4*module, 4*module, module, m)
	l.write("name", print.Black, box{x: 50, y: 104, w: 92, h: 10, size: 6, min: 2.5, align: 'c', shrink: true}, false, at.Number+" "+at.Name)
	d := p.Fonts.NewPDF(print.Paper{W: 100, H: 112}, print.Info{Title: at.Number})
	d.Page(l.sheet)
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
