package console

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/cases"
	"mashang/api/console/frame"
	"mashang/api/launch"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/staff"
)

type homeView struct {
	Shell  frame.Shell
	Title  string
	Open   int     // things that block the launch
	All    int     // lines of the list
	Checks []check // those that block
	Good   []check
	frame.Glance
}

// check is one line of the launch list.
type check struct {
	OK          bool
	Text, Do    string
	Href, Label string
}

// home says what blocks the launch, how things stand, and what is to be done.
func (p *Pages) home(c *gin.Context) error {
	r, a := web.From(c), frame.Account(c)
	if p.Setup != nil && arriving(c) {
		// Before the shell, which takes what waits to be said on the next page.
		if next, err := p.Setup(c); err == nil && next != nil {
			return p.Web.Redirect(c, next.Href)
		}
	}
	v := homeView{Shell: p.Shell(c, "")}
	if err := p.launch(c, r, &v); err != nil {
		return err
	}
	v.Title = r.T("console.home.ready")
	if v.Open > 0 {
		v.Title = r.T("console.home.blocked", "n", v.Open)
	}
	if staff.Can(a.Role, staff.SeeCases) {
		if err := p.homeCases(c, r, a, &v); err != nil {
			return err
		}
	}
	if staff.Can(a.Role, staff.SeeDeliveries) {
		if err := p.homeOutbox(c, r, &v); err != nil {
			return err
		}
	}
	for _, room := range p.Rooms {
		teller, ok := room.(frame.Teller)
		if !ok {
			continue
		}
		g, err := teller.Today(c)
		if err != nil {
			return err
		}
		v.Stats, v.Todo, v.Panels = append(v.Stats, g.Stats...), append(v.Todo, g.Todo...), append(v.Panels, g.Panels...)
	}
	// What is pressing comes first, whoever said it.
	slices.SortStableFunc(v.Todo, func(a, b frame.Todo) int { return urgency(a.Tag) - urgency(b.Tag) })
	return p.Page(c, http.StatusOK, "console-home", v.Title, v)
}

// arriving reports whether somebody has just signed in or opened the console by
// its address: only then does the wizard of an empty system step forward.
func arriving(c *gin.Context) bool {
	from, err := url.Parse(c.Request.Referer())
	if err != nil || from.Host != c.Request.Host {
		return true
	}
	inside, ok := strings.CutPrefix(from.Path, frame.Root)
	return !ok || strings.HasPrefix(inside, "/sign-in") || inside == "/password" || strings.HasPrefix(inside, "/me/")
}

func urgency(tag string) int { return slices.Index([]string{"red", "warn", "mute"}, tag) }

// launch is the list of what must be in place before the posters are hung, the
// same that doctor shows, with the way to where each thing is mended.
func (p *Pages) launch(c *gin.Context, r *web.Request, v *homeView) error {
	if p.Launch == nil {
		return nil
	}
	all, err := p.Launch.Checks(c.Request.Context(), false)
	if err != nil {
		return err
	}
	v.Open = launch.Blocking(all)
	for _, one := range all {
		link := ""
		if one.Page != "" && frame.May(c, one.Need) {
			link = frame.Root + one.Page
		}
		said := r.T(one.Key, one.Args...)
		if one.Note {
			// What has a line of its own below, or is nobody's to mend, is left out.
			if link != "" && one.Name != "dead" && one.Name != "waiting" {
				v.Todo = append(v.Todo, frame.Todo{Tag: "mute", When: r.T("console.todo.week"), Text: said, Href: link, Label: r.T("console.todo.look")})
			}
			continue
		}
		line := check{OK: one.OK, Text: said}
		if !one.OK {
			line.Do = p.Say(r, "", one.Key+".do")
			if link != "" {
				line.Href, line.Label = link, r.T("console.launch.go")
			}
		}
		if one.OK {
			v.Good = append(v.Good, line)
		} else {
			v.Checks = append(v.Checks, line)
		}
	}
	v.All = len(v.Good) + len(v.Checks)
	return nil
}

func (p *Pages) homeCases(c *gin.Context, r *web.Request, a staff.Account, v *homeView) error {
	ctx := c.Request.Context()
	count := func(f cases.Filter) (int, error) {
		if a.Role.Bound() && a.Scope == "" {
			return 0, nil
		}
		f.Scope = a.Scope
		if a.Role == staff.Helper {
			f.Helper = a.Name
		}
		return p.Cases.Count(ctx, f)
	}
	waiting, err := count(cases.Filter{Kind: cases.Application, Open: true})
	if err != nil {
		return err
	}
	urgent, err := count(cases.Filter{Kind: cases.Emergency, Open: true, Unanswered: true})
	if err != nil {
		return err
	}
	soon, err := count(cases.Filter{Open: true, DueBefore: p.Web.Now().Add(3 * 24 * time.Hour)})
	if err != nil {
		return err
	}
	flagged, err := count(cases.Filter{Flagged: true, Open: true})
	if err != nil {
		return err
	}
	v.Stats = append(v.Stats, frame.Stat{Label: r.T("console.stat.open"), Value: strconv.Itoa(waiting)},
		frame.Stat{Label: r.T("console.stat.emergencies"), Value: strconv.Itoa(urgent), Tag: red(urgent), Sub: r.T("console.stat.emergencies.sub")})
	if urgent > 0 {
		v.Todo = append(v.Todo, frame.Todo{Tag: "red", When: r.T("console.todo.now"), Text: r.T("console.todo.emergencies", "n", urgent), Href: frame.Root + "/calls", Label: r.T("console.todo.look")})
	}
	if soon > 0 {
		v.Todo = append(v.Todo, frame.Todo{Tag: "warn", When: r.T("console.todo.days"), Text: r.T("console.todo.due", "n", soon), Href: frame.Root + "/cases?show=due", Label: r.T("console.todo.look")})
	}
	if flagged > 0 {
		v.Todo = append(v.Todo, frame.Todo{Tag: "mute", When: r.T("console.todo.week"), Text: r.T("console.todo.flagged", "n", flagged), Href: frame.Root + "/cases?show=flagged", Label: r.T("console.todo.look")})
	}
	return nil
}

func red(n int) string {
	if n > 0 {
		return "red"
	}
	return ""
}

func (p *Pages) homeOutbox(c *gin.Context, r *web.Request, v *homeView) error {
	now := p.Web.Now().In(i18n.Shanghai)
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, i18n.Shanghai)
	b, err := p.Book.Backlog(c.Request.Context(), midnight)
	if err != nil {
		return err
	}
	v.Stats = append(v.Stats,
		frame.Stat{Label: r.T("console.stat.waiting"), Value: strconv.Itoa(b.Waiting + b.Retrying + b.Unrouted), Sub: r.T("console.stat.waiting.sub", "n", b.Retrying)},
		frame.Stat{Label: r.T("console.stat.delivered"), Value: strconv.Itoa(b.Delivered), Sub: r.T("console.stat.delivered.sub", "n", b.AtOnce)})
	if b.Dead > 0 {
		v.Todo = append(v.Todo, frame.Todo{Tag: "red", When: r.T("console.todo.now"), Text: r.T("console.todo.dead", "n", b.Dead), Href: frame.Root + "/deliveries?state=dead", Label: r.T("console.todo.look")})
	}
	if b.Unrouted > 0 {
		v.Todo = append(v.Todo, frame.Todo{Tag: "warn", When: r.T("console.todo.days"), Text: r.T("console.todo.unrouted", "n", b.Unrouted), Href: frame.Root + "/endpoints", Label: r.T("console.todo.look")})
	}
	return nil
}
