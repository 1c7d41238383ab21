package apply

import (
	"net/url"
	"slices"
	"strings"

	"mashang/aid/apply/form"
	"mashang/aid/place"
	"mashang/api/resident/frame"
	"mashang/api/web"
)

// mostPicks is how many choices are shown as buttons; more of them are a list to open. So are those that may be left
// open: a button once chosen could not be taken back.
const mostPicks = 6

// fielder makes the questions of a page: what was typed, and what is wrong with it.
type fielder struct {
	p      *Room
	r      *web.Request
	review work
	values url.Values
	wrong  map[string]string // words by full path
	order  []string          // paths with something wrong
	ids    map[string]string // id of the control by path
	labels map[string]string
}

func (p *Room) fielder(r *web.Request, v work, values url.Values) *fielder {
	return &fielder{p: p, r: r, review: v, values: values, wrong: map[string]string{}, ids: map[string]string{}, labels: map[string]string{}}
}

// judge takes the problems of one page.
func (f *fielder) judge(problems []form.Problem, page string) {
	for _, x := range problems {
		if x.Page == page && f.wrong[x.Field] == "" {
			f.wrong[x.Field] = frame.Say(f.r, x.Key, x.Args)
			f.order = append(f.order, x.Field)
		}
	}
}

// problems are the lines of the summary, in the order of the questions; each
// says which question it is about, since the same words fit several.
func (f *fielder) problems() []frame.Issue {
	var out []frame.Issue
	for _, path := range f.order {
		text := f.wrong[path]
		if label := f.labels[path]; label != "" {
			text = label + f.r.T("door.colon") + text
		}
		out = append(out, frame.Issue{ID: f.ids[path], Text: text})
	}
	return out
}

// field makes one question. path is its full path, which is the name it is posted under.
func (f *fielder) field(def form.Field, path string) frame.Field {
	v := frame.Field{
		ID: frame.FieldID(path), Name: path, Label: f.p.say(f.r, f.review, def.Label), Error: f.wrong[path], Value: f.values.Get(path),
		Optional: !def.Required && def.RequiredWhen == "", Kind: "line", Type: "text", Mode: def.InputMode, Complete: def.Autocomplete,
	}
	if help := def.Help(); f.p.Web.Words.Has(help) {
		v.Help = f.p.say(f.r, f.review, help)
	}
	if why := def.Why(); f.p.Web.Words.Has(why) {
		v.Why = f.p.say(f.r, f.review, why)
	}
	f.ids[path], f.labels[path] = v.ID, v.Label
	if v.Complete == "" {
		v.Complete = "off"
	}
	switch def.Kind {
	case form.Long:
		v.Kind = "long"
	case form.IDCard:
		v.Mode, v.Upper = "text", true
	case form.PhoneNo:
		v.Type, v.Mode = "tel", "tel"
	case form.Money, form.Whole, form.Day, form.Month:
		v.Short = true
	case form.Choice, form.YesNo, form.Choices:
		f.choices(&v, def)
	case form.Tick:
		v.Kind, v.Optional = "tick", false
	case form.Area:
		f.villages(&v)
	}
	return v
}

func (f *fielder) choices(v *frame.Field, def form.Field) {
	chosen := f.values[v.Name]
	for _, o := range def.Options {
		label := o.Label
		if !o.Plain {
			label = f.p.say(f.r, f.review, o.Label)
		}
		v.Options = append(v.Options, frame.Option{Value: o.Value, Label: label, On: slices.Contains(chosen, o.Value)})
	}
	v.Many = def.Kind == form.Choices
	if v.Many || len(v.Options) <= mostPicks && !v.Optional {
		v.Kind = "pick"
		return
	}
	v.Kind, v.Blank = "select", true
	v.Groups = []frame.OptionGroup{{Options: v.Options}}
}

// villages lists the villages of the county by town, the reader's own first.
func (f *fielder) villages(v *frame.Field) {
	v.Kind, v.Blank = "select", true
	a := f.p.Web.Places.Atlas()
	for _, town := range f.p.Towns() {
		g := frame.OptionGroup{Label: town.Name.In(f.r.Lang)}
		for _, d := range a.Children(town.Code) {
			if d.Level == place.Village {
				g.Options = append(g.Options, frame.Option{Value: d.Code, Label: d.Name.In(f.r.Lang), On: d.Code == v.Value})
			}
		}
		v.Groups = append(v.Groups, g)
	}
	if at := f.r.Spot; at != nil && len(at.Chain) > 1 {
		mine, ok := a.Division(at.Chain[1])
		if i := slices.IndexFunc(v.Groups, func(g frame.OptionGroup) bool { return ok && g.Label == mine.Name.In(f.r.Lang) }); i > 0 {
			own := v.Groups[i]
			v.Groups = slices.Insert(slices.Delete(v.Groups, i, i+1), 0, own)
		}
		if v.Value == "" && !f.saved(v.Name) {
			choose(v.Groups, at.Division.Code)
		}
	}
	v.Groups = append(v.Groups, frame.OptionGroup{Options: []frame.Option{{Value: "else", Label: f.r.T("door.else"), On: v.Value == "else"}}})
}

// saved reports whether the page of a question was ever saved.
func (f *fielder) saved(path string) bool { return len(f.values) > 0 || strings.Contains(path, "new") }

func choose(groups []frame.OptionGroup, value string) {
	for i := range groups {
		for j := range groups[i].Options {
			if groups[i].Options[j].Value == value {
				groups[i].Options[j].On = true
			}
		}
	}
}
