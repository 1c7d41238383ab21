package know

import (
	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/api/web"
	"mashang/frontend"
	"mashang/i18n"
)

// partsBody gives the parts something to show.
type partsBody struct {
	Situations []policy.Situation
	Rows       []programmeRow
	Amounts    []amountGroup
	Office     place.Office
}

// parts shows the parts pages are made of, each with its states. Its figures are
// invented and say so.
func (p *Room) parts(c *gin.Context) error {
	r, shelf := web.From(c), p.Library.Shelf()
	return p.Web.RenderReady(c, "parts", p.Version(), func() (frontend.Page, error) {
		text := func(key string) i18n.Text { return i18n.Text{Hans: r.T(key), Hant: r.T(key), En: r.T(key)} }
		given := amountLine{
			Label: text("parts.amount.label"), Unit: text("parts.amount.unit"), Cents: 71200,
			Place: r.T("parts.amount.place"), Since: r.T("parts.amount.since"),
		}
		b := partsBody{
			Situations: shelf.Situations(),
			Amounts:    bySource([]amountLine{given, {Label: text("parts.amount.label"), None: true}}),
			Rows: []programmeRow{
				{ID: "dibao", Name: text("parts.fold"), Summary: text("parts.fold.p"), Give: &given},
				{ID: "dibao", Name: text("parts.fold"), Summary: text("parts.fold.p"), Call: "0500-5550100"},
			},
		}
		if len(b.Situations) > 4 {
			b.Situations = b.Situations[:4]
		}
		b.Office, _ = r.Office("")
		f := r.Frame(r.T("parts.title"), b)
		f.Robots = "noindex"
		return f, nil
	})
}
