package scans

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/aid/place/round"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/staff"
	"mashang/platform/store"
)

// rounds lists the rounds somebody may walk.
func (p *Room) rounds(c *gin.Context) error {
	r := web.From(c)
	top, err := p.scope(c)
	if err != nil {
		return err
	}
	all, err := p.Rounds.Rounds(c.Request.Context(), top, false)
	if err != nil {
		return err
	}
	v := frame.List{Shell: p.Shell(c, "/rounds"), Title: r.T("rounds.title"), Intro: r.T("rounds.intro")}
	v.Buttons = append(v.Buttons, frame.Action{Get: true, Quiet: true, Path: frame.Root + "/rounds/overdue", Label: r.T("rounds.overdue")})
	if frame.May(c, staff.EditRounds) {
		v.Buttons = append(v.Buttons, frame.Action{Get: true, Path: frame.Root + "/rounds/new", Label: r.T("rounds.new")})
	}
	v.Table = frame.Table{Caption: v.Title, Head: numbers(frame.Heads(r, ".rounds.head.name", ".rounds.head.place", ".rounds.head.who", ".rounds.head.due", ".rounds.head.done"), 4), Empty: r.T("rounds.none")}
	for _, one := range frame.Slice(c, all) {
		v.Table.Rows = append(v.Table.Rows, p.roundRow(r, one))
	}
	v.Pager = frame.Pages(c, len(all))
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

func (p *Room) roundRow(r *web.Request, one round.Round) frame.Row {
	due := frame.Cell{Text: i18n.Date(r.Lang, one.Due)}
	row := frame.Row{}
	switch {
	case !one.Ended.IsZero():
		row.Mark = "mute"
		due = frame.Cell{Text: r.T("rounds.ended"), Tag: "mute"}
	case one.Late(p.Web.Now()):
		due.Tag, due.Sub = "warn", r.T("rounds.late")
	}
	done := frame.Cell{Text: r.T("rounds.progress", "done", one.Done, "total", one.Total), Num: true}
	if one.Bad > 0 {
		done.Sub = r.T("rounds.bad", "n", one.Bad)
	}
	row.Cells = []frame.Cell{{Text: one.Name, Href: frame.Root + "/rounds/" + one.ID}, {Text: p.near(r, one.Division)}, {Text: p.walker(r, one)}, due, done}
	return row
}

func (p *Room) walker(r *web.Request, one round.Round) string {
	if one.Account == "" {
		return r.T("rounds.anybody")
	}
	return one.Account
}

// roundCount is the badge of the navigation: the rounds that are waiting for this person.
func (p *Room) roundCount(c *gin.Context) int {
	top, err := p.scope(c)
	if err != nil {
		return 0
	}
	all, err := p.Rounds.Rounds(c.Request.Context(), top, true)
	if err != nil {
		p.Web.Log.Warn("rounds not counted", "err", err)
		return 0
	}
	n := 0
	for _, one := range all {
		if p.waits(c, one) {
			n++
		}
	}
	return n
}

// waits tells whether a round waits for who asks.
func (p *Room) waits(c *gin.Context, one round.Round) bool {
	return one.Ended.IsZero() && one.Done < one.Total && (one.Account == "" || one.Account == frame.Account(c).Name)
}

// round finds one that touches the reader's division; any other is unknown.
func (p *Room) round(c *gin.Context, q store.Queryer, id string) (round.Round, string, error) {
	top, err := p.scope(c)
	if err != nil {
		return round.Round{}, "", err
	}
	one, err := p.Rounds.Find(c.Request.Context(), q, id)
	if err != nil {
		return round.Round{}, "", err
	}
	a := p.Web.Places.Atlas()
	if !a.Covers(top, one.Division) && !a.Covers(one.Division, top) {
		return round.Round{}, "", problem.New(problem.Missing, "rounds.unknown")
	}
	return one, top, nil
}

type roundView struct {
	frame.Shell
	Title, Intro string
	Buttons      []frame.Action
	Done, Total  int
	Percent      int
	Progress     string
	Stops        []stopLine
	Ended        bool
	Pager        frame.Pager

	Export, More, First string // the pager's others, which this page has not
}

type stopLine struct {
	Href, Name, Where, Number string
	Tag, State, When          string
	Photo                     string
}

// oneRound is the page an inspector has open on the way: what to look at, and what was found.
func (p *Room) oneRound(c *gin.Context) error {
	r, ctx := web.From(c), c.Request.Context()
	one, top, err := p.round(c, p.DB, c.Param("id"))
	if err != nil {
		return err
	}
	stops, err := p.Rounds.Stops(ctx, one, top)
	if err != nil {
		return err
	}
	v := roundView{Shell: p.Shell(c, "/rounds"), Title: one.Name, Total: len(stops), Ended: !one.Ended.IsZero()}
	v.Crumb("", one.Name)
	for _, s := range stops {
		if s.Found != nil {
			v.Done++
		}
	}
	v.Pager = frame.Pages(c, len(stops))
	for _, s := range frame.Slice(c, stops) {
		line := stopLine{Href: frame.Root + "/inspect/" + s.Location.ID + "?round=" + one.ID, Name: s.Location.Name.In(r.Lang), Where: p.near(r, s.Location.Division), Number: s.Location.Number}
		if s.Found != nil {
			line.Tag, line.State = stateTag(s.Found.State), r.T("rounds.state."+string(s.Found.State))
			line.When = r.T("rounds.found", "at", i18n.DateTime(r.Lang, s.Found.At), "by", s.Found.By)
			if s.Found.Away >= 0 {
				line.When += frame.Dot(r) + r.T("rounds.found.away", "away", s.Found.Away)
			}
			if s.Found.Photo {
				line.Photo = frame.Root + "/inspections/" + s.Found.ID + "/photo"
			}
		}
		v.Stops = append(v.Stops, line)
	}
	if v.Total > 0 {
		v.Percent = v.Done * 100 / v.Total
	}
	v.Progress = r.T("rounds.progress.long", "done", v.Done, "total", v.Total)
	v.Intro = r.T("rounds.walk", "who", p.walker(r, one), "due", i18n.Date(r.Lang, one.Due))
	switch {
	case !frame.May(c, staff.EditRounds) || !p.Inside(frame.Account(c), one.Division):
	case v.Ended:
		v.Buttons = append(v.Buttons, frame.Action{Quiet: true, Path: frame.Root + "/rounds/" + one.ID + "/reopen", Label: r.T("rounds.reopen")})
	default:
		v.Buttons = append(v.Buttons, frame.Action{Get: true, Quiet: true, Path: frame.Root + "/rounds/" + one.ID + "/end", Label: r.T("rounds.end")})
	}
	return p.Page(c, http.StatusOK, "console-round", v.Title, v)
}

func stateTag(s round.State) string {
	switch s {
	case round.Fine:
		return "ok"
	case round.Sticker, round.Gone:
		return "red"
	}
	return "warn"
}

// endPage asks before a round is closed that is not done.
func (p *Room) endPage(c *gin.Context) error {
	r := web.From(c)
	one, err := p.editable(c, p.DB)
	if err != nil {
		return err
	}
	v := frame.Confirm{Shell: p.Shell(c, "/rounds"), Title: r.T("rounds.end.title", "name", one.Name), Action: frame.Root + "/rounds/" + one.ID + "/end",
		Submit: r.T("rounds.end"), Cancel: frame.Root + "/rounds/" + one.ID}
	v.What = []string{r.T("rounds.end.what", "left", one.Total-one.Done), r.T("rounds.end.keeps")}
	return p.Page(c, http.StatusOK, "console-confirm", v.Title, v)
}

// editable finds a round whose whole division is the reader's.
func (p *Room) editable(c *gin.Context, q store.Queryer) (round.Round, error) {
	one, _, err := p.round(c, q, c.Param("id"))
	if err == nil && !p.Inside(frame.Account(c), one.Division) {
		err = problem.New(problem.Denied, "rounds.denied")
	}
	return one, err
}

func (p *Room) end(c *gin.Context) error    { return p.close(c, true) }
func (p *Room) reopen(c *gin.Context) error { return p.close(c, false) }

func (p *Room) close(c *gin.Context, ended bool) error {
	ctx, id := c.Request.Context(), c.Param("id")
	deed := "round-reopened"
	if ended {
		deed = "round-ended"
	}
	var one round.Round
	if err := p.DB.Tx(ctx, func(q store.Queryer) (err error) {
		if one, err = p.editable(c, q); err != nil {
			return err
		}
		if err := p.Rounds.End(ctx, q, id, ended); err != nil {
			return err
		}
		return p.Note(c, q, deed, id, "")
	}); err != nil {
		return err
	}
	if ended {
		p.FlashUndo(c, "rounds.end.done", "/rounds/"+id+"/reopen", nil, "name", one.Name)
	} else {
		p.Flash(c, "rounds.reopen.done", "name", one.Name)
	}
	return p.Web.Redirect(c, frame.Root+"/rounds/"+id)
}

// overdue shows how the posters are looked after, and which nobody has seen for too long.
func (p *Room) overdue(c *gin.Context) error {
	r, a := web.From(c), p.Web.Places.Atlas()
	top, err := p.scope(c)
	if err != nil {
		return err
	}
	if code := c.Query("place"); code != "" {
		if _, ok := a.Division(code); !ok || !a.Covers(top, code) {
			return problem.New(problem.Missing, "scans.place.unknown")
		}
		top = code
	}
	watches, due, err := p.Rounds.Coverage(c.Request.Context(), top)
	if err != nil {
		return err
	}
	days := p.Rounds.Days
	if days <= 0 {
		days = round.Overdue
	}
	d, _ := a.Division(top)
	v := frame.List{Shell: p.Shell(c, "/rounds"), Title: r.T("rounds.overdue.title", "place", d.Name.In(r.Lang)), Intro: r.T("rounds.overdue.intro", "days", days)}
	v.Crumb("", r.T("rounds.overdue"))
	if frame.May(c, staff.EditRounds) && len(due) > 0 {
		v.Buttons = append(v.Buttons, frame.Action{Get: true, Path: frame.Root + "/rounds/new?which=overdue&place=" + top, Label: r.T("rounds.overdue.plan")})
	}
	cover := frame.Table{Caption: r.T("rounds.coverage"), Head: numbers(frame.Heads(r, ".scans.head.place", ".scans.head.posters", ".rounds.head.fresh", ".rounds.head.never", ".rounds.head.bad"), 1)}
	slices.SortStableFunc(watches, func(x, y round.Watch) int { return x.Fresh*max(1, y.Total) - y.Fresh*max(1, x.Total) })
	for _, w := range watches {
		cell := frame.Cell{Text: p.near(r, w.Division)}
		if w.Division != top {
			cell.Href = frame.Root + "/rounds/overdue?place=" + w.Division
		}
		share := 0
		if w.Total > 0 {
			share = w.Fresh * 100 / w.Total
		}
		cover.Rows = append(cover.Rows, frame.Row{Cells: []frame.Cell{cell, amount(int64(w.Total)), {Text: strconv.Itoa(share) + "%", Num: true}, amount(int64(w.Never)), amount(int64(w.Bad))}})
	}
	v.Before = []frame.Table{cover}
	v.Table = frame.Table{Caption: r.T("rounds.overdue.list", "n", len(due)), Head: frame.Heads(r, ".scans.head.poster", ".scans.head.number", ".rounds.head.last"), Empty: r.T("rounds.overdue.none", "days", days)}
	for _, one := range frame.Slice(c, due) {
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{
			{Text: one.Location.Name.In(r.Lang), Sub: p.near(r, one.Location.Division), Href: frame.Root + "/inspect/" + one.Location.ID},
			{Text: one.Location.Number, Keep: true}, p.lastCell(r, one.Last)}})
	}
	v.Pager = frame.Pages(c, len(due))
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

func (p *Room) lastCell(r *web.Request, last round.Inspection) frame.Cell {
	if last.At.IsZero() {
		return frame.Cell{Text: r.T("rounds.never"), Tag: "warn"}
	}
	return frame.Cell{Text: i18n.Date(r.Lang, last.At), Sub: r.T("rounds.state." + string(last.State))}
}

// locations of a round that is planned: all active ones of a division, or those overdue.
func (p *Room) locations(c *gin.Context, division, which string) ([]string, error) {
	var ids []string
	if which == "overdue" {
		_, due, err := p.Rounds.Coverage(c.Request.Context(), division)
		if err != nil {
			return nil, err
		}
		for _, one := range due {
			ids = append(ids, one.Location.ID)
		}
		return ids, nil
	}
	a := p.Web.Places.Atlas()
	for _, l := range a.EveryLocation() {
		if l.State == place.Active && a.Covers(division, l.Division) {
			ids = append(ids, l.ID)
		}
	}
	return ids, nil
}
