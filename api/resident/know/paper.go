package know

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/api/resident/frame"
	"mashang/api/resident/know/sheet"
	"mashang/api/web"
	"mashang/frontend"
	"mashang/i18n"
	"mashang/platform/print"
	"mashang/platform/problem"
	"mashang/qr"
)

// sheetPage shows the sheet for print.
func (p *Room) sheetPage(c *gin.Context) error {
	r, g, err := p.sheetOf(c)
	if err != nil {
		return err
	}
	r.Path = strings.TrimSuffix(r.Path, "/sheet") + "/sheet"
	return p.Web.RenderReady(c, "sheet", p.Version(), func() (frontend.Page, error) {
		b, err := p.sheetBody(r, g)
		if err != nil {
			return frontend.Page{}, err
		}
		_, size := sheet.Draw(p.Fonts, &b)
		b.Small, b.Smaller = size < 4.1, size < 3.4
		return r.Frame(r.T("sheet.title", "name", b.Name), b), nil
	})
}

// sheetPDF is the same on A4, ready for any printer.
func (p *Room) sheetPDF(c *gin.Context) error {
	r, g, err := p.sheetOf(c)
	if err != nil {
		return err
	}
	leave, err := p.Web.Seat(c)
	if err != nil {
		return err
	}
	defer leave()
	b, err := p.sheetBody(r, g)
	if err != nil {
		return err
	}
	page, _ := sheet.Draw(p.Fonts, &b)
	d := p.Fonts.NewPDF(print.Paper{W: sheet.W, H: sheet.H}, print.Info{Title: r.T("sheet.title", "name", b.Name), Author: b.Department, Made: p.Web.Now()})
	d.Page(page)
	var out bytes.Buffer
	if err := d.Write(&out); err != nil {
		return fmt.Errorf("resident: sheet: %w", err)
	}
	c.Header("Content-Disposition", `inline; filename="`+g.ID+`.pdf"`)
	c.Header("Cache-Control", "private, no-cache")
	c.Data(http.StatusOK, "application/pdf", out.Bytes())
	return nil
}

func (p *Room) sheetOf(c *gin.Context) (*web.Request, policy.Programme, error) {
	r := web.From(c)
	g, ok := p.Library.Shelf().Programme(c.Param("id"))
	if !ok {
		return r, g, problem.New(problem.Missing, "know.missing")
	}
	return r, g, nil
}

// sheetQR draws the code that leads from the paper back to the page at that place.
func (p *Room) sheetQR(c *gin.Context) error {
	r, g, err := p.sheetOf(c)
	if err != nil {
		return err
	}
	b, err := qr.SVG(p.sheetAddress(r, g))
	if err != nil {
		return fmt.Errorf("resident: sheet: %w", err)
	}
	c.Header("Cache-Control", "private, no-cache")
	c.Header("Vary", "Accept-Encoding, Cookie")
	if strings.Contains(c.GetHeader("Accept-Encoding"), "gzip") { // a third of it
		c.Header("Content-Encoding", "gzip")
		b = frontend.Gzip(b)
	}
	c.Data(http.StatusOK, "image/svg+xml", b)
	return nil
}

func (p *Room) sheetAddress(r *web.Request, g policy.Programme) string {
	base := strings.TrimRight(p.Web.Base.String(), "/")
	if r.Spot == nil {
		return base + "/policies/" + g.ID
	}
	return base + frame.VillageURL(r.Spot.Division.Code, "/policies/"+g.ID)
}

func (p *Room) sheetBody(r *web.Request, g policy.Programme) (sheet.Sheet, error) {
	shelf := p.Library.Shelf()
	full := p.programmeBody(r, shelf, g)
	b := sheet.Sheet{
		ID: g.ID, Name: g.Name.In(r.Lang), Lead: g.Summary.In(r.Lang), Department: full.Department.In(r.Lang), Where: full.Where,
		Address: p.sheetAddress(r, g), Page: "/policies/" + g.ID, Full: g.Full,
	}
	add := func(key string, lines, brief []sheet.Line) {
		if len(lines) > 0 {
			b.Parts = append(b.Parts, sheet.Part{Key: key, Title: r.T("sheet." + key), Lines: lines, Brief: brief})
		}
	}
	for _, s := range g.Sections {
		if s.Key == "who" {
			add("who", said(s.Text.In(r.Lang)), nil)
		}
	}
	add("amount", sheetAmounts(r, full), nil)
	if full.NoPlace || len(full.Amounts) == 0 && !full.NoFigure {
		for _, s := range g.Sections {
			if s.Key == "what" {
				add("what", said(s.Text.In(r.Lang)), nil)
			}
		}
	}
	bring, brief := sheetPapers(r, full)
	add("papers", bring, brief)
	add("office", sheetOffice(r, full.Office), nil)
	for _, d := range g.Deadlines {
		if d.Key == "decision" {
			add("time", []sheet.Line{{Text: d.Text.In(r.Lang)}}, nil)
		}
	}
	if b.Where != "" {
		b.Foot = append(b.Foot, r.T("sheet.for", "place", b.Where))
	}
	b.Foot = append(b.Foot, r.T("sheet.printed", "date", i18n.Date(r.Lang, p.Web.Now())), r.T("sheet.hotline", "phone", p.Web.Dial()))
	if p.Web.Sample {
		b.Foot = append(b.Foot, r.T("common.sample"))
	}
	return b, nil
}

// said makes lines of the text of a section.
func said(s string) []sheet.Line {
	var out []sheet.Line
	for _, l := range lines(s) {
		item, is := strings.CutPrefix(l, "- ")
		out = append(out, sheet.Line{Text: item, Item: is})
	}
	return out
}

// sheetAmounts says every amount with its place, day and document; where there is none, whom to ask.
func sheetAmounts(r *web.Request, b programmeBody) []sheet.Line {
	phone := ""
	if b.Office != nil {
		phone = b.Office.Phone
	}
	switch {
	case b.NoPlace:
		return []sheet.Line{{Text: r.T("sheet.amount.place")}}
	case b.NoFigure:
		if phone == "" {
			return []sheet.Line{{Text: r.T("know.amount.none.text", "place", b.Where)}}
		}
		return []sheet.Line{{Text: r.T("know.amount.none.text", "place", b.Where)}, {Text: phone, Big: true}}
	}
	var out []sheet.Line
	for _, g := range b.Amounts {
		for _, a := range g.Lines {
			if a.None {
				out = append(out, sheet.Line{Text: a.Label.In(r.Lang) + " " + r.T("know.amount.none.variant"), Item: true})
				continue
			}
			out = append(out, sheet.Line{Text: strings.TrimSpace(a.Label.In(r.Lang) + " " + i18n.Money(r.Lang, a.Cents) + " " + a.Unit.In(r.Lang)), Item: true, Big: len(b.Amounts) == 1 && len(g.Lines) <= 3})
			if a.Sum != "" {
				sum := a.Sum
				if a.Base != nil {
					sum += " · 《" + a.Base.Title + "》" + a.Base.Number
				}
				out = append(out, sheet.Line{Text: sum, Small: true})
			}
			if s := a.Note.In(r.Lang); s != "" {
				out = append(out, sheet.Line{Text: s, Small: true})
			}
		}
		if g.None {
			continue
		}
		source := []string{r.T("know.amount.place", "place", g.Place), r.T("know.amount.from", "date", g.Since)}
		if g.Until != "" {
			source = append(source, r.T("know.amount.to", "date", g.Until))
		}
		if g.Document != nil {
			source = append(source, "《"+g.Document.Title+"》"+g.Document.Number)
		}
		out = append(out, sheet.Line{Text: strings.Join(source, " · "), Small: true})
	}
	return out
}

func sheetPapers(r *web.Request, b programmeBody) (lines, brief []sheet.Line) {
	for _, p := range b.Bring {
		s := p.Name.In(r.Lang)
		if p.Optional {
			s += r.T("sheet.optional")
		}
		brief = append(brief, sheet.Line{Text: s, Item: true})
		if n := p.Note.In(r.Lang); n != "" {
			s += r.T("sheet.colon") + n
		}
		lines = append(lines, sheet.Line{Text: s, Item: true})
	}
	if len(b.LookedUp) > 0 {
		var names []string
		for _, p := range b.LookedUp {
			names = append(names, p.Name.In(r.Lang))
		}
		l := sheet.Line{Text: r.T("know.papers.looked") + r.T("sheet.colon") + strings.Join(names, r.T("sheet.semicolon")), Small: true}
		lines, brief = append(lines, l), append(brief, l)
	}
	return lines, brief
}

func sheetOffice(r *web.Request, o *place.Office) []sheet.Line {
	if o == nil {
		return []sheet.Line{{Text: r.T("sheet.nooffice")}}
	}
	out := []sheet.Line{{Text: o.Name.In(r.Lang)}}
	for _, t := range []i18n.Text{o.Address, o.Hours} {
		if s := t.In(r.Lang); s != "" {
			out = append(out, sheet.Line{Text: s})
		}
	}
	if o.Phone != "" {
		out = append(out, sheet.Line{Text: r.T("sheet.phone", "phone", o.Phone), Big: true})
	}
	return append(out, sheet.Line{Text: r.T("know.where.note"), Small: true})
}
