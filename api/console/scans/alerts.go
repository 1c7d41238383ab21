package scans

import (
	"math"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/place/scan"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// alertLine is an alert in words, and what one can do about it.
type alertLine struct {
	Open      bool
	Tag, Kind string
	Name      string
	Href      string
	Why, Note string
	Brief     string // for the first page
	Actions   []frame.Action
}

// ignoreDays is how long an alert is out of sight after "not now".
const ignoreDays = 14

// alertLines are the alerts below a division, and how many wait for somebody to look.
func (p *Room) alertLines(c *gin.Context, division string) ([]alertLine, int, error) {
	r := web.From(c)
	if division == p.Web.Places.Atlas().Root().Code {
		division = ""
	}
	all, err := p.Scans.Alerts(c.Request.Context(), division)
	if err != nil {
		return nil, 0, err
	}
	var lines []alertLine
	waiting := 0
	for _, a := range all {
		line := p.alertLine(r, a)
		if line.Open {
			waiting++
		}
		lines = append(lines, line)
	}
	return lines, waiting, nil
}

func (p *Room) alertLine(r *web.Request, a scan.Alert) alertLine {
	path := frame.Root + "/scans/alerts/" + a.ID
	line := alertLine{Open: a.Open(p.Web.Now()), Kind: r.T("scans.alert." + a.Kind), Tag: "warn", Name: r.T("scans.alert.whole"), Href: frame.Root + "/scans"}
	if l, ok := p.Web.Places.Atlas().Location(a.Location); ok {
		line.Name = l.Name.In(r.Lang) + " " + l.Number
		line.Href = frame.Root + "/scans?poster=" + l.ID
	}
	line.Why = r.T("scans.alert."+a.Kind+".why", "usual", average(a.Usual), "days", a.Days, "n", grouped(a.N), "expected", grouped(int64(math.Round(a.Expected))),
		"day", i18n.Date(r.Lang, a.Day))
	line.Brief = r.T("scans.alert."+a.Kind+".brief", "name", line.Name, "usual", average(a.Usual), "days", a.Days, "n", grouped(a.N))
	act := func(what, key string) frame.Action {
		return frame.Action{Path: path + "/" + what, Label: r.T(key), What: line.Name}
	}
	switch {
	case line.Open:
		line.Actions = []frame.Action{act("seen", "scans.alert.seen"), act("ignore", "scans.alert.ignore")}
		return line
	case a.SeenBy != "":
		line.Note = r.T("scans.alert.seen.by", "name", a.SeenBy, "at", i18n.Date(r.Lang, a.SeenAt))
	default:
		line.Note = r.T("scans.alert.ignored", "until", i18n.Date(r.Lang, a.Ignored))
	}
	line.Tag, line.Actions = "mute", []frame.Action{act("undo", "console.undo")}
	return line
}

// average writes a usual count: whole ones from ten on.
func average(x float64) string {
	if x >= 10 || x == math.Trunc(x) {
		return grouped(int64(math.Round(x)))
	}
	return strconv.FormatFloat(x, 'f', 1, 64)
}

// alertCount is the badge of the navigation.
func (p *Room) alertCount(c *gin.Context) int {
	top, err := p.scope(c)
	if err != nil {
		return 0
	}
	_, n, err := p.alertLines(c, top)
	if err != nil {
		p.Web.Log.Warn("alerts not counted", "err", err)
	}
	return n
}

func (p *Room) alertSeen(c *gin.Context) error {
	return p.answer(c, "scan-alert-seen", "scans.alert.seen.done", frame.Account(c).Name, time.Time{})
}

func (p *Room) alertIgnore(c *gin.Context) error {
	return p.answer(c, "scan-alert-ignored", "scans.alert.ignore.done", frame.Account(c).Name, p.Web.Now().AddDate(0, 0, ignoreDays))
}

func (p *Room) alertUndo(c *gin.Context) error {
	return p.answer(c, "scan-alert-undone", "scans.alert.undo.done", "", time.Time{})
}

// answer notes what somebody makes of an alert about his own division. One about the whole portal is the county's.
func (p *Room) answer(c *gin.Context, deed, said, by string, until time.Time) error {
	ctx, id := c.Request.Context(), c.Param("id")
	top, err := p.scope(c)
	if err != nil {
		return err
	}
	a := p.Web.Places.Atlas()
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		one, err := p.Scans.Alert(ctx, q, id)
		if err != nil {
			return err
		}
		l, ok := a.Location(one.Location)
		if top != a.Root().Code && (!ok || !a.Covers(top, l.Division)) {
			return problem.New(problem.Missing, "scans.alert.unknown")
		}
		if err := p.Scans.Answer(ctx, q, id, by, until); err != nil {
			return err
		}
		return p.Note(c, q, deed, id, one.Kind+" "+one.Location)
	})
	if err != nil {
		return err
	}
	if by == "" {
		p.Flash(c, said)
	} else {
		p.FlashUndo(c, said, "/scans/alerts/"+id+"/undo", nil, "days", ignoreDays)
	}
	return p.Web.Redirect(c, frame.Back(c.PostForm("back"), frame.Root+"/scans")+"#alerts")
}
