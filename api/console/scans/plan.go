package scans

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/place/round"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/staff"
	"mashang/platform/store"
)

// planned is what the form for a new round asks.
type planned struct{ Name, Place, Which, Who, Due string }

func (p *Room) planPage(c *gin.Context) error {
	r := web.From(c)
	top, err := p.scope(c)
	if err != nil {
		return err
	}
	in := planned{Place: c.Query("place"), Which: c.Query("which"), Due: frame.ISO(p.Web.Now().AddDate(0, 0, 14))}
	if in.Place == "" || !p.Inside(frame.Account(c), in.Place) {
		in.Place = top
	}
	if in.Which == "" {
		in.Which = "all"
	}
	month := p.Web.Now().In(time.FixedZone("", 8*60*60))
	in.Name = r.T("rounds.name.usual", "year", month.Year(), "month", int(month.Month()))
	return p.planForm(c, http.StatusOK, in, nil)
}

func (p *Room) planForm(c *gin.Context, status int, in planned, wrong *problem.Error) error {
	r := web.From(c)
	people, err := p.walkers(c)
	if err != nil {
		return err
	}
	where := p.filter(c, asked{})[0]
	for g := range where.Groups {
		for o := range where.Groups[g].Options {
			where.Groups[g].Options[o].On = where.Groups[g].Options[o].Value == in.Place
		}
	}
	where.Label = r.T("rounds.place")
	which := frame.Field{Kind: "pick", ID: "f-which", Name: "which", Label: r.T("rounds.which"), Options: []frame.Option{
		{Value: "all", Label: r.T("rounds.which.all"), On: in.Which != "overdue"},
		{Value: "overdue", Label: r.T("rounds.which.overdue", "days", p.days()), On: in.Which == "overdue"},
	}}
	name := frame.Line(r, "name", "rounds.name", in.Name)
	due := frame.Date(r, "due", "rounds.due", in.Due)
	who := frame.Select(r, "who", "rounds.who", in.Who, false, append([]frame.Option{{Value: "", Label: r.T("rounds.anybody")}}, people...))
	who.Help = r.T("rounds.who.help")
	v := frame.Form{Shell: p.Shell(c, "/rounds"), Title: r.T("rounds.new"), Intro: r.T("rounds.new.intro"), Action: frame.Root + "/rounds/new", Submit: r.T("rounds.new.do"), Cancel: frame.Root + "/rounds"}
	v.Crumb("", v.Title)
	fields := []*frame.Field{&name, &where, &which, &who, &due}
	if wrong != nil {
		for _, f := range fields {
			if key := wrong.Fields[f.Name]; key != "" {
				f.Wrong(&v.Problems, r.T(key))
			}
		}
		if len(v.Problems) == 0 {
			v.Problems = append(v.Problems, frame.Issue{Text: r.T(wrong.Key)})
		}
	}
	section := frame.Section{}
	for _, f := range fields {
		section.Fields = append(section.Fields, *f)
	}
	v.Sections = []frame.Section{section}
	return p.Page(c, status, "console-form", v.Title, v)
}

func (p *Room) days() int {
	if p.Rounds.Days > 0 {
		return p.Rounds.Days
	}
	return round.Overdue
}

// walkers are the accounts that may inspect inside the planner's division.
func (p *Room) walkers(c *gin.Context) ([]frame.Option, error) {
	all, err := p.Staff.List(c.Request.Context())
	if err != nil {
		return nil, err
	}
	top, err := p.scope(c)
	if err != nil {
		return nil, err
	}
	a, r := p.Web.Places.Atlas(), web.From(c)
	var out []frame.Option
	for _, one := range all {
		if one.Disabled || !staff.Can(one.Role, staff.Inspect) || one.Scope != "" && !a.Covers(top, one.Scope) || one.Scope == "" && one.Role.Bound() {
			continue
		}
		label := one.Name + frame.Dot(r) + r.T("console.role."+string(one.Role))
		if one.Scope != "" {
			label += frame.Dot(r) + p.near(r, one.Scope)
		}
		out = append(out, frame.Option{Value: one.Name, Label: label})
	}
	return out, nil
}

// plan makes the round.
func (p *Room) plan(c *gin.Context) error {
	ctx := c.Request.Context()
	in := planned{Name: c.PostForm("name"), Place: c.PostForm("place"), Which: c.PostForm("which"), Who: c.PostForm("who"), Due: c.PostForm("due")}
	made := round.Round{Name: strings.ToValidUTF8(in.Name, ""), Division: in.Place, Account: in.Who, By: frame.Account(c).Name}
	if due, ok := frame.ParseDay(in.Due); ok {
		made.Due = due
	}
	if !p.Inside(frame.Account(c), in.Place) {
		made.Division = "" // of another division nobody learns more than of one that is not there
	}
	people, err := p.walkers(c)
	if err != nil {
		return err
	}
	if in.Who != "" && !slices.ContainsFunc(people, func(o frame.Option) bool { return o.Value == in.Who }) {
		return p.planForm(c, http.StatusUnprocessableEntity, in, &problem.Error{Kind: problem.Invalid, Fields: map[string]string{"who": "rounds.who.bad"}})
	}
	var ids []string
	if made.Division != "" {
		if ids, err = p.locations(c, made.Division, in.Which); err != nil {
			return err
		}
	}
	err = p.DB.Tx(ctx, func(q store.Queryer) (err error) {
		one, err := p.Rounds.Plan(ctx, q, made, ids)
		if err != nil {
			return err
		}
		made = one
		return p.Note(c, q, "round-planned", one.ID, one.Division)
	})
	var wrong *problem.Error
	if errors.As(err, &wrong) && wrong.Kind == problem.Invalid {
		return p.planForm(c, http.StatusUnprocessableEntity, in, wrong)
	}
	if err != nil {
		return err
	}
	p.Flash(c, "rounds.new.done", "n", made.Total)
	return p.Web.Redirect(c, frame.Root+"/rounds/"+made.ID)
}
