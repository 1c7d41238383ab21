package places

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/api/console/frame"
	"mashang/api/web"
)

// effect is what hangs on a division and what it manages.
type effect struct {
	children, locations, offices, publications, cases, standards int
	accounts                                                     []string
}

// weigh counts what hangs on a division. What it manages is counted only where it changes hands with it.
func (p *Room) weigh(c *gin.Context, one place.Reform) (e effect, err error) {
	ctx, atlas := c.Request.Context(), p.Web.Places.Atlas()
	codes := []string{one.Code}
	for _, d := range atlas.All() {
		if d.Code != one.Code && atlas.Covers(one.Code, d.Code) {
			codes = append(codes, d.Code)
			e.children++
		}
	}
	for _, code := range codes {
		e.locations += hanging(atlas.Locations(code))
	}
	e.offices = len(atlas.Offices(one.Code))
	if e.cases, err = p.Cases.CountOpen(ctx, codes...); err != nil {
		return e, err
	}
	if e.publications, err = p.Board.CountInForce(ctx, one.Code); err != nil {
		return e, err
	}
	for _, s := range p.Library.Shelf().Rows() {
		if s.Place == one.Code && (s.InForce(p.Web.Now()) || s.From.After(p.Web.Now())) {
			e.standards++
		}
	}
	accounts, err := p.Staff.List(ctx)
	for _, a := range accounts {
		if a.Scope == one.Code && !a.Disabled {
			e.accounts = append(e.accounts, a.Name)
		}
	}
	return e, err
}

// effects says what a change brings with it, in words and in figures.
func (p *Room) effects(c *gin.Context, one place.Reform) (what []string, facts []frame.Fact, err error) {
	r, atlas := web.From(c), p.Web.Places.Atlas()
	e, err := p.weigh(c, one)
	if err != nil {
		return nil, nil, err
	}
	args := []any{"place", p.called(r, atlas, one.Code), "other", p.called(r, atlas, one.Other), "name", one.Name.In(r.Lang), "day", frame.Day(r, one.Day),
		"accounts", strings.Join(e.accounts, r.T("console.comma"))}
	say := func(key string, n int) {
		what = append(what, r.T("places.effect."+key, append(slices.Clone(args), "n", n)...))
	}
	if one.Day.After(p.Web.Now()) {
		say("ahead", 0)
	} else {
		say("now", 0)
	}
	switch one.Kind {
	case place.Rename:
		say("renamed", e.locations)
	case place.Move:
		say("moved", e.children)
		say("moved.cases", e.cases)
	case place.Merge:
		say("codes", e.locations)
		if e.children > 0 {
			say("children", e.children)
		}
		if e.publications > 0 {
			say("lists", e.publications)
		}
		say("lists.new", 0)
		if e.cases > 0 {
			say("cases", e.cases)
		}
		say("drafts", 0)
		if e.standards > 0 {
			say("standards", e.standards)
		}
		if e.offices > 0 {
			say("offices", e.offices)
		}
	case place.End:
		say("gone", e.locations)
		if e.cases > 0 {
			say("gone.cases", e.cases)
		}
	}
	if len(e.accounts) > 0 && (one.Kind == place.Merge || one.Kind == place.End) {
		say("accounts", len(e.accounts))
	}
	if one.Kind == place.Rename {
		return what, nil, nil
	}
	for _, f := range []struct {
		key string
		n   int
	}{{"posters", e.locations}, {"lists", e.publications}, {"cases", e.cases}, {"accounts", len(e.accounts)}} {
		facts = append(facts, frame.Fact{Label: r.T("places.count." + f.key), Text: strconv.Itoa(f.n)})
	}
	return what, facts, nil
}
