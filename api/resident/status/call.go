package status

import (
	"github.com/gin-gonic/gin"

	"mashang/aid/cases"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/i18n"
)

// next offers a village helper, who sits before somebody's receipt, to wipe the screen for the next person.
func (p *Room) next(c *gin.Context) bool { return p.Helper(c) != "" }

// call adds to the page of a call for help what was done while nobody had read it, in order between its states, and who
// read it then.
func (p *Room) call(c *gin.Context, v cases.View, b *receiptView) error {
	if v.Kind != cases.Emergency {
		return nil
	}
	r, ctx := web.From(c), c.Request.Context()
	steps, err := p.Alarms.Steps(ctx, v.ID)
	if err != nil {
		return frame.Wrap("call", err)
	}
	if len(steps) > 0 && len(b.Steps) > 0 {
		first := &b.Steps[0]
		for _, s := range steps {
			first.Lines = append(first.Lines, i18n.DateTime(r.Lang, s.At)+" "+r.T("calls.receipt.step."+s.What))
		}
		const most = 8 // of a call that waits for days the last ones say enough
		if n := len(first.Lines); n > most {
			first.Lines = append(first.Lines[:1:1], first.Lines[n-most+1:]...)
		}
	}
	if b.Read == nil {
		return nil
	}
	seen, err := p.Cases.CallOf(ctx, v.ID)
	if err != nil {
		return frame.Wrap("call", err)
	}
	b.ReadBy = p.officeOf(r, seen.SeenBy)
	return nil
}

// officeOf is what the office of a division is called: its own counter's name, else the division's.
func (p *Room) officeOf(r *web.Request, division string) string {
	a := p.Web.Places.Atlas()
	if division == "" {
		return ""
	}
	if o, ok := a.Office(division, "minzheng"); ok && o.Division == division {
		return o.Name.In(r.Lang)
	}
	return a.Names(r.Lang, division)
}
