package places

import (
	"errors"
	"net/url"
	"slices"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/staff"
)

const root = frame.Root

// told is an error that a form can show.
func told(err error) (*problem.Error, bool) {
	var e *problem.Error
	ok := errors.As(err, &e) && e.Kind.Status() < 500
	return e, ok
}

// mark puts what is wrong at its fields and into the summary; what belongs to no field of the form stands alone.
func (p *Room) mark(c *gin.Context, list *[]frame.Issue, e *problem.Error, fields ...*frame.Field) {
	r, found := web.From(c), false
	for _, f := range fields {
		if say := r.Say(e, f.Name); say != "" {
			f.Wrong(list, say)
			found = true
		}
	}
	if !found {
		t := p.Web.Tell(c, e)
		id := ""
		if len(fields) > 0 {
			id = fields[0].ID
		}
		*list = append(*list, frame.Issue{ID: id, Text: t.What})
	}
}

// may tells whether who asks may change what lies in all of the divisions.
func (p *Room) may(c *gin.Context, divisions ...string) bool {
	a := frame.Account(c)
	if !staff.Can(a.Role, staff.EditPlaces) {
		return false
	}
	for _, code := range divisions {
		if !p.Inside(a, code) {
			return false
		}
	}
	return true
}

// opens tells whether who asks may let a code open a village's list: one of their own division, or the one it opens
// already. Otherwise a code hung at home would show the names of any village.
func (p *Room) opens(c *gin.Context, roster, was string) bool {
	return roster == "" || roster == place.Own || roster == was || p.may(c, roster)
}

// outside is what a page of another division says: it does not exist.
func outside() error { return problem.New(problem.Missing, "place.unknown") }

// top is the division at which the pages of an account begin.
func (p *Room) top(c *gin.Context) string {
	if s := frame.Account(c).Scope; s != "" {
		return s
	}
	return p.Web.Places.Atlas().Root().Code
}

// divisions is a choice of divisions of some levels, villages under the heading of their town.
func (p *Room) divisions(c *gin.Context, name, label, chosen string, blank bool, levels ...place.Level) frame.Field {
	r, atlas, a := web.From(c), p.Web.Places.Atlas(), frame.Account(c)
	f := frame.Field{Kind: "select", ID: "f-" + name, Name: name, Label: r.T(label), Blank: blank}
	at := map[string]int{}
	for _, d := range atlas.All() {
		if !slices.Contains(levels, d.Level) || !p.Inside(a, d.Code) {
			continue
		}
		heading := ""
		if d.Level == place.Village {
			heading = atlas.Names(r.Lang, d.Parent)
		}
		i, ok := at[heading]
		if !ok {
			i = len(f.Groups)
			at[heading] = i
			f.Groups = append(f.Groups, frame.Group{Label: heading})
		}
		f.Groups[i].Options = append(f.Groups[i].Options, frame.Option{Value: d.Code, Label: d.Name.In(r.Lang), On: d.Code == chosen})
	}
	return f
}

// every is all levels.
func every() []place.Level {
	return []place.Level{place.County, place.Zone, place.Town, place.Village}
}

// nameFields ask for a name in the three languages.
func nameFields(r *web.Request, form url.Values) []frame.Field {
	hans := frame.Line(r, "name", "places.name", form.Get("name"))
	hant := frame.Line(r, "name_hant", "places.name.hant", form.Get("name_hant"))
	en := frame.Line(r, "name_en", "places.name.en", form.Get("name_en"))
	hant.Optional, en.Optional = true, true
	return []frame.Field{hans, hant, en}
}

func nameOf(form url.Values) i18n.Text {
	return i18n.Text{Hans: trim(form.Get("name")), Hant: trim(form.Get("name_hant")), En: trim(form.Get("name_en"))}
}

func nameValues(form url.Values, name i18n.Text) {
	form.Set("name", name.Hans)
	form.Set("name_hant", name.Hant)
	form.Set("name_en", name.En)
}

// pointers are the fields of some sections, to mark what is wrong.
func pointers(sections []frame.Section) (all []*frame.Field) {
	for i := range sections {
		for j := range sections[i].Fields {
			all = append(all, &sections[i].Fields[j])
		}
	}
	return all
}

func (p *Room) options(r *web.Request, area string, values []string) []frame.Option {
	out := make([]frame.Option, len(values))
	for i, v := range values {
		out[i] = frame.Option{Value: v, Label: r.T(area + v)}
	}
	return out
}
