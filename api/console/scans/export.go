package scans

import (
	"errors"
	"iter"
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/aid/place/scan"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/sheet"
)

// export gives the figures as a file: every poster, or the days of one.
func (p *Room) export(c *gin.Context) error {
	r := web.From(c)
	q, err := p.asked(c)
	if err != nil {
		return err
	}
	q.Full = true
	f, err := p.Scans.Figures(c.Request.Context(), q.Query)
	if err != nil {
		return err
	}
	if err := p.Note(c, p.DB, "scans-export", q.Division+q.Location, frame.ISO(q.From)+" "+frame.ISO(q.To)); err != nil {
		return err
	}
	kinds := []string{"scan", "click", "know", "check", "apply", "ask", "emergency", "call", "started", "filed", "test", "bot", "preview"}
	var head []string
	for _, k := range kinds {
		head = append(head, r.T("scans.kind."+k))
	}
	rows := p.posterRows(r, f)
	first := []string{r.T("scans.head.number"), r.T("scans.head.poster"), r.T("scans.head.place"), r.T("scans.head.state")}
	if q.Poster != nil {
		rows, first = dayRows(f), []string{r.T("scans.head.day")}
	}
	head = append(first, head...)
	name := "scans-" + frame.ISO(q.From) + "-" + frame.ISO(q.To)
	if c.Query("as") != "xlsx" {
		return frame.CSV(c, name+".csv", head, rows)
	}
	frame.Download(c, name+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	c.Status(http.StatusOK)
	if err := sheet.WriteXLSX(c.Writer, head, rows); err != nil {
		var said *problem.Error
		if errors.As(err, &said) && !c.Writer.Written() {
			return err
		}
		panic(http.ErrAbortHandler) // half a file is not taken for a whole one
	}
	return nil
}

func (p *Room) posterRows(r *web.Request, f scan.Figures) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for _, one := range f.Posters {
			l := one.Location
			cells := []string{l.Number, l.Name.In(r.Lang), p.Web.Places.Atlas().Names(r.Lang, l.Division), r.T("scans.state." + l.State)}
			if !yield(append(cells, counts(one.Full)...)) {
				return
			}
		}
	}
}

func dayRows(f scan.Figures) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for _, one := range slices.All(f.Days) {
			if !yield(append([]string{place.FormatDay(one.Day)}, counts(one.Sum)...)) {
				return
			}
		}
	}
}

func counts(s scan.Sum) []string {
	var all []string
	for _, n := range []int64{s.People, s.Again, s.Know, s.Check, s.Apply, s.Ask, s.Emergency, s.Call, s.Started, s.Filed, s.Tests, s.Bots, s.Previews} {
		all = append(all, strconv.FormatInt(n, 10))
	}
	return all
}
