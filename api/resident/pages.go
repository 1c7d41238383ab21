// Package resident holds the pages residents see, one file a door.
package resident

import (
	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/cases"
	"mashang/aid/feedback"
	"mashang/aid/place/round"
	"mashang/aid/place/scan"
	"mashang/aid/policy"
	"mashang/aid/policy/screen"
	"mashang/aid/roster"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/faq"
	"mashang/platform/print"
	"mashang/platform/staff"
)

// Pages are the resident pages with the rooms they ask.
type Pages struct {
	Web       *web.Web
	Library   *policy.Library
	Cases     *cases.Registry
	Desk      *apply.Desk
	Board     *roster.Board
	Assistant *faq.Assistant
	Counter   *scan.Counter
	Trials    scan.Trials
	Staff     *staff.Office
	Rounds    *round.Book
	Feedback  *feedback.Box
	Screener  *screen.Screener
	Fonts     *print.Fonts // of sheets on paper
	Rooms     []frame.Room
}

// Install adds the routes of every resident page. r already runs Web.Prepare.
func (p *Pages) Install(r gin.IRouter) {
	r.Use(p.visited)
	r.POST("/call", p.called)
	get := func(path string, h web.Handler) {
		r.GET(path, p.Web.Page(h))
		r.HEAD(path, p.Web.Page(h))
	}
	get("/", p.home)
	get("/s/:code", p.landing)
	get("/s/:code/qr.png", p.codePNG)
	get("/s/:code/qr.svg", p.codeSVG)
	get("/policies", p.policies)
	get("/policies/:id", p.programme)
	if p.Fonts != nil {
		get("/policies/:id/sheet", p.sheetPage)
		get("/policies/:id/sheet.pdf", p.sheetPDF)
		get("/policies/:id/sheet.svg", p.sheetQR)
	}
	get("/documents/:id", p.document)
	get("/verify", p.verify)
	get("/report", p.report)
	r.POST("/report", web.Limit(uploadBytes), p.Web.Page(p.reportSend))
	get("/feedback", p.feedback)
	r.POST("/feedback", web.Limit(formBytes), p.Web.Page(p.feedbackGive))
	get("/privacy", p.privacy)
	get("/accessibility", p.accessibility)
	get("/parts", p.parts)
	p.installDoors(r)
	for _, room := range p.Rooms {
		room.Install(r)
	}
}
