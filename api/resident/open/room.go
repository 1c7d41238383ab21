// Package open is the page of what the lists come to without names (公开数据): for everybody, without a code.
package open

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	figures "mashang/aid/roster/open"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
)

// Room is the page of open figures. Its fields are set once.
type Room struct {
	*frame.Frame
	Book *figures.Book
}

// Install adds the routes. r already runs Web.Prepare.
func (p *Room) Install(r gin.IRouter) {
	p.Get(r, "/open", p.open)
	p.Get(r, "/open.csv", p.csv)
}

// span is how many months a page and a file show.
const span = 12

// asked is which figures a reader wants.
type asked struct {
	place     place.Division
	month     figures.Month
	months    []figures.Month // all there are, newest first
	programme string
	of        []figures.Figure // of the place, span months
	within    []figures.Figure // of what it manages, span months
}

// read takes the question from the address. What it does not say is the newest month of the whole county. The place is
// not the parameter "place", which would move the reader.
func (p *Room) read(c *gin.Context) (a asked, err error) {
	atlas, ctx := p.Web.Places.Atlas(), c.Request.Context()
	a.place = atlas.Root()
	if at := web.Query(c, "at"); at != "" {
		d, ok := atlas.Here(at)
		if !ok {
			return a, problem.New(problem.Missing, "open.place.unknown")
		}
		a.place = d
	}
	if a.months, err = p.Book.Months(ctx); err != nil || len(a.months) == 0 {
		return a, err
	}
	a.month = a.months[0]
	if m, ok := figures.ParseMonth(web.Query(c, "month")); ok && slices.Contains(a.months, m) {
		a.month = m
	} else if web.Query(c, "month") != "" {
		return a, problem.New(problem.Missing, "open.month.unknown")
	}
	if a.of, err = p.Book.Of(ctx, a.place.Code, a.month-span+1, a.month); err != nil {
		return a, err
	}
	if a.within, err = p.Book.Within(ctx, a.place.Code, a.month-span+1, a.month); err != nil {
		return a, err
	}
	known := programmes(a)
	if a.programme = web.Query(c, "programme"); !slices.Contains(known, a.programme) {
		if a.programme = ""; len(known) > 0 {
			slices.SortStableFunc(known, func(x, y string) int { return p.order(x) - p.order(y) })
			a.programme = known[0]
		}
	}
	return a, nil
}

// programmes lists those that have a figure in the months shown.
func programmes(a asked) (all []string) {
	for _, f := range a.of {
		if !slices.Contains(all, f.Programme) {
			all = append(all, f.Programme)
		}
	}
	return all
}

func (p *Room) order(id string) int {
	if pr, ok := p.Library.Shelf().Programme(id); ok {
		return pr.Order
	}
	return 1 << 20
}

func (p *Room) name(l i18n.Lang, id string) string {
	if pr, ok := p.Library.Shelf().Programme(id); ok {
		return pr.Name.In(l)
	}
	return id
}

func (p *Room) open(c *gin.Context) error {
	a, err := p.read(c)
	if err != nil {
		return err
	}
	r := web.From(c)
	return p.Web.Render(c, http.StatusOK, "open", r.T("open.title"), p.view(r, a))
}
