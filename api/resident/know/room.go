// Package know is 码上知: programmes and what they pay here, documents, the sheet to
// take along, and the screener.
package know

import (
	"github.com/gin-gonic/gin"

	"mashang/aid/policy/listen"
	"mashang/aid/policy/screen"
	"mashang/api/resident/frame"
	"mashang/faq"
	"mashang/platform/print"
)

// Room is the door with what it asks.
type Room struct {
	*frame.Frame
	Assistant  *faq.Assistant
	Screener   *screen.Book
	Recordings *listen.Book // of sections read out; nil has none
	Fonts      *print.Fonts // of sheets on paper; nil prints none
}

// Install adds its routes.
func (p *Room) Install(r gin.IRouter) {
	p.Get(r, "/policies", p.policies)
	p.Get(r, "/policies/:id", p.programme)
	if p.Fonts != nil {
		p.Get(r, "/policies/:id/sheet", p.sheetPage)
		p.Get(r, "/policies/:id/sheet.pdf", p.sheetPDF)
		p.Get(r, "/policies/:id/sheet.svg", p.sheetQR)
	}
	if p.Recordings != nil {
		p.Get(r, "/policies/:id/listen/:section", p.listen)
	}
	p.Get(r, "/documents/:id", p.document)
	p.Get(r, "/screener", p.screener)
	p.Post(r, "/screener", frame.FormBytes, p.screenerTell)
	p.Get(r, "/parts", p.parts)
}
