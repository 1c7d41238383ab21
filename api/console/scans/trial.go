package scans

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/qr"
)

type trialView struct {
	frame.Shell
	Title, Intro string
	Name, Number string
	Code         string // address of the picture
	Address      string
	Count        string
	Back         string
}

// trial shows a code that opens the poster's landing and counts as a test: for a phone that is not signed in.
func (p *Room) trial(c *gin.Context) error {
	r := web.From(c)
	l, err := p.mine(c, c.Param("location"))
	if err != nil {
		return err
	}
	n, err := p.Scans.Tests(c.Request.Context(), l.ID, p.Web.Now())
	if err != nil {
		return err
	}
	v := trialView{Shell: p.Shell(c, "/scans"), Title: r.T("scans.try.title"), Intro: r.T("scans.try.intro"),
		Name: l.Name.In(r.Lang), Number: l.Number, Code: frame.Root + "/scans/test/" + l.ID + "/code", Address: p.trialAddress(l),
		Count: r.T("scans.try.count", "n", n), Back: frame.Root + "/scans?poster=" + l.ID}
	v.Crumb(v.Back, v.Name)
	return p.Page(c, http.StatusOK, "console-scans-test", v.Title, v)
}

func (p *Room) trialAddress(l place.Location) string {
	return strings.TrimRight(p.Web.Base.String(), "/") + "/s/" + p.Web.Codes.Code(l.ID) + "?test=" + p.Trials.Sign(l.ID, p.Web.Now())
}

// trialCode draws the code. It is made anew each time, because its signature runs out.
func (p *Room) trialCode(c *gin.Context) error {
	l, err := p.mine(c, c.Param("location"))
	if err != nil {
		return err
	}
	b, err := qr.SVG(p.trialAddress(l))
	if err != nil {
		return fmt.Errorf("console: trial: %w", err)
	}
	c.Data(http.StatusOK, "image/svg+xml", b)
	return nil
}

// mine finds a location inside the reader's own division; any other is unknown.
func (p *Room) mine(c *gin.Context, id string) (place.Location, error) {
	l, ok := p.Web.Places.Atlas().Location(id)
	if !ok || !p.Inside(frame.Account(c), l.Division) {
		return place.Location{}, problem.New(problem.Missing, "scans.poster.unknown")
	}
	return l, nil
}
