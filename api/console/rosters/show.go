package rosters

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"mashang/aid/roster"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/staff"
)

// mostLines is how many lines of a list one page shows.
const mostLines = 500

func (p *Room) facts(r *web.Request, one roster.Publication) []frame.Fact {
	facts := []frame.Fact{
		{Label: r.T("console.head.place"), Text: p.Web.Places.Atlas().Names(r.Lang, one.Village)}, {Label: r.T("console.head.programme"), Text: p.Programme(r, one.Programme)},
		{Label: r.T("console.head.what"), Text: r.T("console.lists.kind." + string(one.Kind))}, {Label: r.T("console.head.period"), Text: period(r, one)},
		{Label: r.T("console.head.households"), Text: strconv.Itoa(one.Households)}, {Label: r.T("rosters.persons"), Text: strconv.Itoa(one.Persons)},
		{Label: r.T("rosters.mask"), Text: r.T("rosters.mask." + string(one.Mask))},
		{Label: r.T("content.list.by"), Text: one.By + frame.Dot(r) + frame.When(r, one.Made)},
	}
	if d, ok := p.Library.Shelf().Document(one.Document); ok {
		facts = append(facts, frame.Fact{Label: r.T("console.head.document"), Text: d.Title, Href: frame.Root + "/documents/" + d.ID})
	} else if one.Document != "" {
		facts = append(facts, frame.Fact{Label: r.T("console.head.document"), Text: one.Document})
	}
	if one.Phone != "" {
		facts = append(facts, frame.Fact{Label: r.T("rosters.phone"), Text: one.Phone})
	}
	if !one.Approved.IsZero() {
		facts = append(facts, frame.Fact{Label: r.T("content.list.approved"), Text: one.Approver + frame.Dot(r) + frame.When(r, one.Approved)})
	}
	return facts
}

// list shows one publication with its evidence; its lines, as they are published, only to who may correct them.
func (p *Room) list(c *gin.Context) error {
	r := web.From(c)
	one, err := p.mine(c)
	if err != nil {
		return err
	}
	to := frame.Root + at + "/" + one.ID
	title := p.Web.Places.Atlas().Names(r.Lang, one.Village) + frame.Dot(r) + p.Programme(r, one.Programme)
	v := frame.Show{Shell: p.Shell(c, at), Title: title, Tags: []frame.Cell{p.cell(r, one)}, Facts: p.facts(r, one)}
	v.Crumb("", v.Title)
	edit := frame.May(c, staff.Publish)
	if verb := p.verb(one); edit && verb != "" {
		v.Buttons = append(v.Buttons, frame.Action{Path: to + "/" + verb, Label: verbWord(r, verb), Get: true, Danger: verb == "withdraw"})
		if verb != "allow" {
			v.Buttons = append(v.Buttons, frame.Action{Path: to + "/allow", Label: r.T("rosters.allow"), Get: true, Quiet: true})
		}
		if verb != "withdraw" {
			v.Buttons = append(v.Buttons, frame.Action{Path: to + "/withdraw", Label: r.T("console.lists.withdraw"), Get: true, Quiet: true})
		}
	}
	if p.state(one) == "shown" {
		v.Buttons = append(v.Buttons, frame.Action{Path: "/roster?list=" + one.ID, Label: r.T("content.resident"), Get: true, Quiet: true})
	}
	deeds, err := p.Board.Deeds(c.Request.Context(), one.ID)
	if err != nil {
		return err
	}
	for _, d := range deeds {
		event := frame.Event{When: frame.When(r, d.At), Who: d.By, What: r.T("rosters.deed."+d.What, "households", d.Sums.Households, "persons", d.Sums.Persons, "money", i18n.Money(r.Lang, d.Sums.Cents))}
		event.Why = p.Say(r, "rosters.reason.", d.Detail)
		if len(d.Hash) >= 16 {
			event.Why += " #" + d.Hash[:16]
		}
		v.History = append(v.History, event)
	}
	if edit {
		waiting, err := p.waiting(c, one)
		if err != nil {
			return err
		}
		if len(waiting.Rows) > 0 {
			v.Tables = append(v.Tables, waiting)
		}
		t, err := p.lines(c, one)
		if err != nil {
			return err
		}
		v.Tables = append(v.Tables, t)
	}
	return p.Page(c, http.StatusOK, "console-show", v.Title, v)
}

func (p *Room) lines(c *gin.Context, one roster.Publication) (frame.Table, error) {
	r := web.From(c)
	t := frame.Table{Caption: r.T("rosters.lines"), Empty: r.T("rosters.lines.none"), Head: frame.Heads(r, ".rosters.head.name", ".rosters.head.size", ".rosters.head.persons", ".rosters.head.class", ".rosters.head.amount")}
	entries, err := p.Board.Entries(c.Request.Context(), one.ID, mostLines, 0)
	if err != nil {
		return t, err
	}
	change := p.verb(one) != ""
	for _, e := range entries {
		row := frame.Row{Cells: []frame.Cell{{Text: e.Name}, {Text: strconv.Itoa(e.HouseholdSize), Num: true}, {Text: strconv.Itoa(e.Persons), Num: true}, {Text: e.Class}, {Text: i18n.Money(r.Lang, e.Cents), Num: true}}}
		if change {
			row.Actions = []frame.Action{{Path: frame.Root + at + "/" + one.ID + "/entries/" + e.ID, Label: r.T("rosters.correct"), Get: true}}
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}
