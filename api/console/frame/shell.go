package frame

import (
	"github.com/gin-gonic/gin"

	"mashang/api/web"
	"mashang/platform/staff"
)

// Shell is what stands around every staff page.
type Shell struct {
	Office string // who runs the portal
	Name   string
	Role   string
	Where  string // the division the account is for
	Path   string
	Nav    []NavGroup
	Here   string // the line of the navigation one is at
	Crumbs []Crumb
	Said   *Said // what was just done, shown once

	Languages []string // those one can choose
	Form      string   // always "": no staff page keeps a form over a change of language
	Wizard    *Wizard  // what is still to be set up, nil for nothing
}

// Wizard leads back to where an empty system is being set up.
type Wizard struct{ Text, Href, Label string }

// NavGroup is a part of the navigation under one word.
type NavGroup struct {
	Label string
	Lines []NavLine
}

// NavLine is one line of the navigation.
type NavLine struct {
	Href, Label string
	On          bool
	Badge       int
	Urgent      bool
}

// Crumb is one step of the way to a page; without Href it only names a group.
type Crumb struct{ Href, Label string }

// Crumb adds a step to the way, below the line of the navigation.
func (s *Shell) Crumb(href, label string) {
	s.Crumbs = append(s.Crumbs, Crumb{href, label})
}

// groups of the navigation in their order.
func groups() []string { return []string{Today, Work, Content, Places, System} }

// Shell is what stands around a page that belongs to the navigation's line at.
// It takes the message a redirect left, so a page asks for it once.
func (f *Frame) Shell(c *gin.Context, at string) Shell {
	r, a := web.From(c), Account(c)
	s := Shell{Name: a.Name, Role: r.T("console.role." + string(a.Role)), Path: r.Path, Languages: f.Web.Languages(), Office: r.Frame("", nil).Issuer, Said: f.said(c)}
	if a.Scope != "" {
		s.Where = f.Web.Places.Atlas().Names(r.Lang, a.Scope)
	}
	if f.Setup != nil {
		var err error
		if s.Wizard, err = f.Setup(c); err != nil {
			f.Web.Log.Warn("wizard not shown", "err", err)
		}
	}
	var items []Item
	if f.Rooms != nil {
		for _, room := range f.Rooms() {
			items = append(items, room.Nav()...)
		}
	}
	for _, name := range groups() {
		g := NavGroup{Label: r.T("console.group." + name)}
		for _, one := range items {
			if one.Group != name || !staff.Can(a.Role, one.Needs) {
				continue
			}
			line := NavLine{Href: Root + one.Path, Label: r.T(one.Key), On: one.Path == at, Urgent: one.Urgent}
			if one.Badge != nil {
				line.Badge = one.Badge(c)
			}
			if line.On {
				s.Here = line.Label
				if at != "" {
					s.Crumb("", r.T("console.group."+name))
					if c.Request.URL.Path != line.Href {
						s.Crumb(line.Href, line.Label)
					}
				}
			}
			g.Lines = append(g.Lines, line)
		}
		if len(g.Lines) > 0 && g.Lines[0].Label == g.Label {
			g.Label = "" // said once is enough
		}
		if len(g.Lines) > 0 {
			s.Nav = append(s.Nav, g)
		}
	}
	return s
}
