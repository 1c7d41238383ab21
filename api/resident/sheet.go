package resident

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/api/web"
	"mashang/frontend"
	"mashang/i18n"
	"mashang/platform/print"
	"mashang/platform/problem"
	"mashang/qr"
)

// sheetBody is a 明白纸: what somebody needs to know of one programme at one place, on one sheet of paper to take along.
type sheetBody struct {
	ID, Name, Lead, Department string
	Where                      string // "" when no village is known
	Parts                      []sheetPart
	QR, Address, Page          string
	Foot                       []string
	Small                      bool // written smaller to fit
	Smaller                    bool
	Full                       bool
}

// sheetPart is one heading of a sheet with what stands below it.
type sheetPart struct {
	Key, Title string
	Lines      []sheetLine
	Brief      []sheetLine // instead of Lines where they do not fit
}

// sheetLine is a paragraph. Item marks one of a list, Big what is read first, Small what only has to be there.
type sheetLine struct {
	Text             string
	Item, Big, Small bool
}

// sheetPage shows the sheet for print.
func (p *Pages) sheetPage(c *gin.Context) error {
	r, g, err := p.sheetOf(c)
	if err != nil {
		return err
	}
	r.Path = strings.TrimSuffix(r.Path, "/sheet") + "/sheet"
	return p.Web.RenderReady(c, "sheet", p.version(), func() (frontend.Page, error) {
		b, err := p.sheetBody(r, g)
		if err != nil {
			return frontend.Page{}, err
		}
		_, size := drawSheet(p.Fonts, &b)
		b.Small, b.Smaller = size < 4.1, size < 3.4
		return r.Frame(r.T("sheet.title", "name", b.Name), b), nil
	})
}

// sheetPDF is the same on A4, ready for any printer.
func (p *Pages) sheetPDF(c *gin.Context) error {
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
	page, _ := drawSheet(p.Fonts, &b)
	d := p.Fonts.NewPDF(print.Paper{W: sheetW, H: sheetH}, print.Info{Title: r.T("sheet.title", "name", b.Name), Author: b.Department, Made: p.Web.Now()})
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

func (p *Pages) sheetOf(c *gin.Context) (*web.Request, policy.Programme, error) {
	r := web.From(c)
	g, ok := p.Library.Shelf().Programme(c.Param("id"))
	if !ok {
		return r, g, problem.New(problem.Missing, "know.missing")
	}
	return r, g, nil
}

// sheetQR draws the code that leads from the paper back to the page at that place.
func (p *Pages) sheetQR(c *gin.Context) error {
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

func (p *Pages) sheetAddress(r *web.Request, g policy.Programme) string {
	base := strings.TrimRight(p.Web.Base.String(), "/")
	if r.Spot == nil {
		return base + "/policies/" + g.ID
	}
	return base + villageURL(r.Spot.Division.Code, "/policies/"+g.ID)
}

func (p *Pages) sheetBody(r *web.Request, g policy.Programme) (sheetBody, error) {
	shelf := p.Library.Shelf()
	full := p.programmeBody(r, shelf, g)
	b := sheetBody{
		ID: g.ID, Name: g.Name.In(r.Lang), Lead: g.Summary.In(r.Lang), Department: full.Department.In(r.Lang), Where: full.Where,
		Address: p.sheetAddress(r, g), Page: "/policies/" + g.ID, Full: g.Full,
	}
	add := func(key string, lines, brief []sheetLine) {
		if len(lines) > 0 {
			b.Parts = append(b.Parts, sheetPart{Key: key, Title: r.T("sheet." + key), Lines: lines, Brief: brief})
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
			add("time", []sheetLine{{Text: d.Text.In(r.Lang)}}, nil)
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
func said(s string) []sheetLine {
	var out []sheetLine
	for _, l := range lines(s) {
		item, is := strings.CutPrefix(l, "- ")
		out = append(out, sheetLine{Text: item, Item: is})
	}
	return out
}

// sheetAmounts says every amount with its place, day and document; where there is none, whom to ask.
func sheetAmounts(r *web.Request, b programmeBody) []sheetLine {
	phone := ""
	if b.Office != nil {
		phone = b.Office.Phone
	}
	switch {
	case b.NoPlace:
		return []sheetLine{{Text: r.T("sheet.amount.place")}}
	case b.NoFigure:
		if phone == "" {
			return []sheetLine{{Text: r.T("know.amount.none.text", "place", b.Where)}}
		}
		return []sheetLine{{Text: r.T("know.amount.none.text", "place", b.Where)}, {Text: phone, Big: true}}
	}
	var out []sheetLine
	for _, g := range b.Amounts {
		for _, a := range g.Lines {
			if a.None {
				out = append(out, sheetLine{Text: a.Label.In(r.Lang) + " " + r.T("know.amount.none.variant"), Item: true})
				continue
			}
			out = append(out, sheetLine{Text: strings.TrimSpace(a.Label.In(r.Lang) + " " + i18n.Money(r.Lang, a.Cents) + " " + a.Unit.In(r.Lang)), Item: true, Big: len(b.Amounts) == 1 && len(g.Lines) <= 3})
			if s := a.Note.In(r.Lang); s != "" {
				out = append(out, sheetLine{Text: s, Small: true})
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
		out = append(out, sheetLine{Text: strings.Join(source, " · "), Small: true})
	}
	return out
}

func sheetPapers(r *web.Request, b programmeBody) (lines, brief []sheetLine) {
	for _, p := range b.Bring {
		s := p.Name.In(r.Lang)
		if p.Optional {
			s += r.T("sheet.optional")
		}
		brief = append(brief, sheetLine{Text: s, Item: true})
		if n := p.Note.In(r.Lang); n != "" {
			s += r.T("sheet.colon") + n
		}
		lines = append(lines, sheetLine{Text: s, Item: true})
	}
	if len(b.LookedUp) > 0 {
		var names []string
		for _, p := range b.LookedUp {
			names = append(names, p.Name.In(r.Lang))
		}
		l := sheetLine{Text: r.T("know.papers.looked") + r.T("sheet.colon") + strings.Join(names, r.T("sheet.semicolon")), Small: true}
		lines, brief = append(lines, l), append(brief, l)
	}
	return lines, brief
}

func sheetOffice(r *web.Request, o *place.Office) []sheetLine {
	if o == nil {
		return []sheetLine{{Text: r.T("sheet.nooffice")}}
	}
	out := []sheetLine{{Text: o.Name.In(r.Lang)}}
	for _, t := range []i18n.Text{o.Address, o.Hours} {
		if s := t.In(r.Lang); s != "" {
			out = append(out, sheetLine{Text: s})
		}
	}
	if o.Phone != "" {
		out = append(out, sheetLine{Text: r.T("sheet.phone", "phone", o.Phone), Big: true})
	}
	return append(out, sheetLine{Text: r.T("know.where.note"), Small: true})
}
