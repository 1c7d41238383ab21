package posters

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/staff"
	"mashang/qr"
	"mashang/qr/poster"
)

// location is one the account may see; any other is Missing.
func (p *Room) location(c *gin.Context) (place.Location, error) {
	l, ok := p.Web.Places.Atlas().Location(c.Param("location"))
	if !ok || !p.Inside(frame.Account(c), l.Division) {
		return l, problem.New(problem.Missing, "problem.missing")
	}
	return l, nil
}

// at is the page of one location's code: its pictures and its posters.
func (p *Room) at(c *gin.Context) error {
	r := web.From(c)
	l, err := p.location(c)
	if err != nil {
		return err
	}
	one := p.Works.place(p.Web.Places.Atlas(), l, "", "")
	runs, err := p.Works.History.Of(c.Request.Context(), l.ID)
	if err != nil {
		return err
	}
	hanging, err := p.Works.History.Hanging(c.Request.Context())
	if err != nil {
		return err
	}
	path := codeRoom + l.ID
	_, state := p.hangs(r, hanging, one, p.Works.Office("", ""))
	v := frame.Show{
		Shell: p.Shell(c, here), Title: one.Number + " " + l.Name.In(r.Lang), Tags: []frame.Cell{state},
		Facts: []frame.Fact{
			{Label: r.T("posters.field.address"), Text: one.Address, Href: one.Address}, {Label: r.T("posters.village"), Text: p.Web.Places.Atlas().Names(r.Lang, l.Division)},
			{Label: r.T("posters.field.where"), Text: one.Line()}, {Label: r.T("posters.place.state"), Text: r.T("place.state." + l.State)},
		},
		Pictures: []frame.Picture{{Href: path + "/code.svg", Alt: r.T("posters.code.alt", "number", one.Number)}},
	}
	v.Crumb("", one.Number)
	if l.State == place.Active && frame.May(c, staff.PrintPosters) {
		v.Buttons = append(v.Buttons, frame.Action{Get: true, Path: frame.Root + here + "/make?" + Pick{IDs: []string{l.ID}}.query().Encode(), Label: r.T("posters.make.one")})
	}
	for _, ext := range []string{"png", "svg", "pdf"} {
		v.Buttons = append(v.Buttons, frame.Action{Get: true, Quiet: true, Path: path + "/code." + ext + "?save=1", Label: r.T("posters.code." + ext)})
	}
	for _, run := range runs {
		if !p.mine(c, run) {
			run.ID = ""
		}
		e := frame.Event{When: frame.When(r, run.At), Who: p.by(r, run.By), What: p.what(r, run.Choice), Why: r.T("posters.run.keyed", "n", run.Key)}
		if run.ID != "" {
			e.Href = frame.Root + here + "/runs/" + run.ID
		}
		if run.State == poster.Void {
			e.Tag, e.What = "mute", e.What+frame.Dot(r)+r.T("posters.run.void")
		}
		v.History = append(v.History, e)
	}
	return p.Page(c, http.StatusOK, "console-show", v.Title, v)
}

// code is the bare code of one location as a picture.
func (p *Room) code(c *gin.Context) error {
	l, err := p.location(c)
	if err != nil {
		return err
	}
	address, name := p.Works.Address(web.Query(c, "host"), l.ID), c.Param("file")
	save := func(mime string) {
		if c.Query("save") != "" {
			frame.Download(c, l.Number+" "+name, mime)
		}
	}
	switch name {
	case "code.png":
		b, err := qr.PNG(address, 1024)
		if err != nil {
			return err
		}
		save("image/png")
		c.Data(http.StatusOK, "image/png", b)
		return nil
	case "code.svg":
		b, err := qr.SVG(address)
		if err != nil {
			return err
		}
		save("image/svg+xml")
		return picture(c, b)
	case "code.pdf":
		b, err := p.Works.Press.Code(p.Works.place(p.Web.Places.Atlas(), l, "", web.Query(c, "host")))
		if err != nil {
			return err
		}
		save("application/pdf")
		c.Data(http.StatusOK, "application/pdf", b)
		return nil
	}
	return problem.New(problem.Missing, "problem.missing")
}
