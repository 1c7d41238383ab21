package status

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/cases"
	"mashang/api/resident/frame"
	"mashang/api/resident/know/sheet"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/print"
	"mashang/platform/problem"
	"mashang/qr"
)

// The paper receipt is laid out on A5, in millimetres; A4 is the same, larger.
const (
	paperW, paperH = 148, 210
	paperEdge      = 12
	paperInner     = paperW - 2*paperEdge
	paperQR        = 34
	toA4           = 1.4142
)

var (
	paperPine = print.Ink{R: 0x17, G: 0x69, B: 0x4f}
	paperGrey = print.Ink{R: 0x55, G: 0x55, B: 0x55}
	paperRule = print.Ink{R: 0xbb, G: 0xbb, B: 0xbb}
)

// receiptPDF is the receipt on paper: the number, what happens next and by when, where to ask. It names nobody.
func (p *Room) receiptPDF(c *gin.Context) error {
	v, err := p.at(c)
	if err != nil {
		return err
	}
	if p.Fonts == nil {
		return problem.New(problem.Missing, "receipt.unknown")
	}
	leave, err := p.Web.Seat(c)
	if err != nil {
		return err
	}
	defer leave()
	scale, size := 1.0, print.Paper{W: paperW, H: paperH}
	if web.Query(c, "size") == "A4" {
		scale, size = toA4, print.Paper{W: 210, H: 297}
	}
	r := web.From(c)
	d := p.Fonts.NewPDF(size, print.Info{Title: r.T("after.paper.title"), Author: p.sentTo(r, v), Made: p.Web.Now()})
	d.Page(p.paper(r, v, scale))
	var out bytes.Buffer
	if err := d.Write(&out); err != nil {
		return frame.Wrap("receipt", err)
	}
	c.Header("Content-Disposition", `inline; filename="receipt-`+v.Receipt[len(v.Receipt)-4:]+`.pdf"`)
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, "application/pdf", out.Bytes())
	return nil
}

// sentTo is the office that has the case, "" when none is known.
func (p *Room) sentTo(r *web.Request, v cases.View) string {
	if o, ok := p.Web.Places.Atlas().Office(v.Division, p.department(v)); ok {
		return o.Name.In(r.Lang)
	}
	return ""
}

// department is the one that handles a case.
func (p *Room) department(v cases.View) string {
	if pr, ok := p.Library.Shelf().Ever(v.Programme); ok && pr.Office != "" {
		return pr.Office
	}
	return "minzheng"
}

// pen writes down a page.
type pen struct {
	fonts *print.Fonts
	page  *print.Sheet
	y     float64
}

func (w *pen) write(ink print.Ink, size float64, bold bool, indent, room float64, s string) {
	for _, line := range sheet.Wrap(w.fonts, s, size, room-indent, bold) {
		w.y += size * 1.4
		w.page.Text(ink, paperEdge+indent, w.y, size, bold, line)
	}
}

func (w *pen) rule() {
	w.y += 2.4
	w.page.Fill(paperRule, paperEdge, w.y, paperInner, .25, 0)
	w.y += 1.2
}

// lastLine is how far down the steps may reach before the foot begins.
const lastLine = paperH - paperEdge - paperQR - 8

func (p *Room) paper(r *web.Request, v cases.View, scale float64) *print.Sheet {
	w := &pen{fonts: p.Fonts, page: print.NewSheet(scale), y: paperEdge - 4}
	office := p.sentTo(r, v)
	w.write(paperGrey, 3.6, false, 0, paperInner, office)
	w.write(paperPine, 8, true, 0, paperInner, r.T("after.paper.title"))
	if name := p.programme(r, v); name != "" {
		w.write(print.Black, 4.4, true, 0, paperInner, name)
	}
	w.write(print.Black, 3.8, false, 0, paperInner, r.T("after.paper.received", "at", i18n.DateTime(r.Lang, v.ReceivedAt)))
	w.rule()
	w.write(paperGrey, 3.6, false, 0, paperInner, r.T("receipt.code"))
	w.write(print.Black, 9.6, true, 0, paperInner, strings.Join(frame.Fours(v.Receipt), "  "))
	proof := "after.paper.proof.id"
	if !byID(v) {
		proof = "after.paper.proof.pin"
	}
	w.write(print.Black, 3.6, false, 0, paperInner, r.T(proof, "site", p.Web.Base.Host+"/status"))
	w.rule()
	w.write(paperPine, 4.6, true, 0, paperInner, r.T("after.paper.next"))
	for _, s := range steps(r, v) {
		if s.State == "done" {
			continue
		}
		if s.State == "now" {
			w.write(print.Black, 3.9, false, 0, paperInner, r.T("after.paper.now", "status", s.Title))
			continue
		}
		if w.y > lastLine-8 {
			break
		}
		w.y += .8
		w.page.Fill(paperPine, paperEdge+.6, w.y+2.6, 1.5, 1.5, .75)
		w.write(print.Black, 3.9, true, 5, paperInner, s.Title)
		for _, line := range s.Lines {
			w.write(paperGrey, 3.4, false, 5, paperInner, line)
		}
	}
	if days, unit, _, ok := p.Library.Shelf().Clock(v.Programme); ok && v.AcceptedAt.IsZero() && v.Kind == cases.Application {
		if key := "receipt.next.limit." + unit; p.Web.Words.Has(key) && w.y < lastLine-6 {
			w.y++
			w.write(print.Black, 3.6, false, 0, paperInner, r.T(key, "n", days))
		}
	}
	p.paperFoot(r, v, w)
	return w.page
}

// paperFoot puts the code at the lower right, beside it whom to ring and what not to believe.
func (p *Room) paperFoot(r *web.Request, v cases.View, w *pen) {
	top := float64(paperH - paperEdge - paperQR)
	w.page.Fill(paperRule, paperEdge, top-2, paperInner, .25, 0)
	if m, err := qr.Matrix(p.Web.Base.JoinPath("status", v.Token).String()); err == nil {
		const quiet = 2
		module := float64(paperQR) / float64(len(m)+2*quiet)
		w.page.Modules(paperW-paperEdge-paperQR+quiet*module, top+quiet*module, module, m)
	}
	w.y = top - 1
	room := float64(paperInner - paperQR - 4)
	if o, ok := p.Web.Places.Atlas().Office(v.Division, p.department(v)); ok && o.Phone != "" {
		w.write(print.Black, 3.6, false, 0, room, r.T("after.paper.ask", "office", o.Name.In(r.Lang)))
		w.write(print.Black, 6, true, 0, room, o.Phone)
	}
	w.write(print.Black, 3.4, false, 0, room, r.T("after.paper.hotline", "phone", p.Web.Dial()))
	w.write(print.Black, 3.4, true, 0, room, r.T("receipt.next.free"))
	w.write(paperGrey, 3, false, 0, room, r.T("after.paper.code"))
	if p.Web.Sample {
		w.write(paperGrey, 3, false, 0, room, r.T("common.sample"))
	}
}

func (p *Room) programme(r *web.Request, v cases.View) string {
	if pr, ok := p.Library.Shelf().Ever(v.Programme); ok {
		return pr.Name.In(r.Lang)
	}
	return ""
}
