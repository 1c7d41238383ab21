package people

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/audit"
)

// audit lists who did what, newest first.
func (p *Room) audit(c *gin.Context) error {
	r, ctx := web.From(c), c.Request.Context()
	f := audit.Filter{Actor: web.Query(c, "actor"), Object: strings.ReplaceAll(web.Query(c, "object"), " ", ""), Limit: frame.PageSize + 1}
	if n, err := strconv.ParseInt(c.Query("before"), 10, 64); err == nil && n > 0 {
		f.Before = n
	}
	if d, err := time.ParseInLocation(time.DateOnly, c.Query("day"), i18n.Shanghai); err == nil {
		f.From, f.To = d, d.AddDate(0, 0, 1)
	}
	rows, err := p.Audit.List(ctx, f)
	if err != nil {
		return err
	}
	v := frame.List{Shell: p.Shell(c, "/audit"), Title: r.T("console.nav.audit"), First: frame.With(c, "before", "")}
	v.Intro = r.T("console.audit.intro")
	if c.Query("check") != "" {
		rep, err := p.Audit.Verify(ctx)
		if err != nil {
			return err
		}
		v.Done = r.T("console.audit.whole", "n", rep.Rows, "head", short(rep.Head))
		if rep.Broken > 0 {
			v.Done = r.T("console.audit.broken", "n", rep.Broken)
		}
	}
	v.Links = []frame.Cell{{Text: r.T("console.audit.check"), Href: frame.With(c, "check", "1")}}
	date := frame.Field{Kind: "line", Type: "date", ID: "f-day", Name: "day", Label: r.T("console.audit.day"), Value: c.Query("day")}
	v.Filter = []frame.Field{frame.Search(r, "actor", "console.head.actor", f.Actor), frame.Search(r, "object", "console.head.object", f.Object), date}
	if len(rows) > frame.PageSize {
		rows = rows[:frame.PageSize]
		v.More = frame.With(c, "before", strconv.FormatInt(rows[frame.PageSize-1].N, 10))
	}
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("console.none"), Head: frame.Heads(r, "n", "when", "actor", "action", "object", "from.address")}
	for _, one := range rows {
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{{Text: strconv.FormatInt(one.N, 10), Code: true}, {Text: frame.When(r, one.At)}, {Text: one.Actor, Code: true},
			{Text: p.Say(r, "console.action.", one.Action), Sub: one.Detail}, {Text: one.Object, Code: true}, {Text: one.Address, Code: true}}})
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

func short(hash string) string { return hash[:min(12, len(hash))] }
