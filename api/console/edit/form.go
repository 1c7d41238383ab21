package edit

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"mashang/aid/policy"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
)

// layout is one part of a thing as a form: its spots point into the thing, so that
// the same description shows it, reads it back, and says where a fault belongs.
type layout struct {
	groups []group
	// finish puts rows in order and takes away what is gone, once everything has
	// been read. It says what is wrong by the names of spots.
	finish func(wrong map[string]string)
	value  func() any
	// name is the spot a fault's field belongs to.
	name func(field string) string
}

type group struct {
	title, help string
	text        string
	inline      bool
	spots       []spot
	cites       []policy.Cite
	citing      bool               // cites may be added
	citeKey     func(n int) string // what the picker calls the nth
	drop        func(n int)        // takes the nth away
}

// The kinds of spots.
const (
	line3   = "line3" // a line in three languages
	long3   = "long3"
	aLine   = "line"
	aLong   = "long"
	aChoice = "select"
	aTick   = "tick"
	choices = "choices"
	aDay    = "day"
	aNumber = "number"
)

// spot is one thing asked. Exactly one of the pointers is set, as its kind needs it.
type spot struct {
	kind, name, label, help string
	rows                    int
	optional, blank         bool
	options                 []frame.Option
	text                    *i18n.Text
	s                       *string
	on                      *bool
	n                       *int
	day                     *time.Time
	list                    *[]string
}

// langs are the three columns.
var langs = [...]struct {
	code string
	of   func(*i18n.Text) *string
}{
	{"zh-Hans", func(t *i18n.Text) *string { return &t.Hans }},
	{"zh-Hant", func(t *i18n.Text) *string { return &t.Hant }},
	{"en", func(t *i18n.Text) *string { return &t.En }},
}

func (l layout) spots() []spot {
	var all []spot
	for _, g := range l.groups {
		all = append(all, g.spots...)
	}
	return all
}

// write is the form as the thing fills it.
func (l layout) write() url.Values {
	form := url.Values{}
	for _, s := range l.spots() {
		switch s.kind {
		case line3, long3:
			for _, lang := range langs {
				form.Set(s.name+"."+lang.code, *lang.of(s.text))
			}
		case aTick:
			if *s.on {
				form.Set(s.name, "yes")
			}
		case choices:
			form[s.name] = slices.Clone(*s.list)
		case aDay:
			form.Set(s.name, frame.ISO(*s.day))
		case aNumber:
			if *s.n != 0 {
				form.Set(s.name, strconv.Itoa(*s.n))
			}
		default:
			form.Set(s.name, *s.s)
		}
	}
	return form
}

// read takes a form into the thing, without the passage that drop names. What
// cannot be read is said by the name of its spot.
func (l layout) read(r *web.Request, form url.Values, drop string) map[string]string {
	wrong := map[string]string{}
	for _, s := range l.spots() {
		switch s.kind {
		case line3, long3:
			for _, lang := range langs {
				*lang.of(s.text) = typed(form.Get(s.name+"."+lang.code), s.kind == line3)
			}
		case aTick:
			*s.on = form.Get(s.name) != ""
		case choices:
			*s.list = kept(*s.list, form[s.name])
		case aDay:
			*s.day = time.Time{}
			if day := strings.TrimSpace(form.Get(s.name)); day != "" {
				var ok bool
				if *s.day, ok = frame.ParseDay(day); !ok {
					wrong[s.name] = r.T("ops.day.invalid")
				}
			}
		case aNumber:
			*s.n = 0
			if n := strings.TrimSpace(form.Get(s.name)); n != "" {
				var err error
				if *s.n, err = strconv.Atoi(n); err != nil {
					wrong[s.name] = r.T("edit.number")
				}
			}
		default:
			*s.s = typed(form.Get(s.name), s.kind != aLong)
		}
	}
	l.dropCite(drop)
	if l.finish != nil && len(wrong) == 0 {
		l.finish(wrong)
	}
	return wrong
}

// kept is a list with what was chosen: what stays keeps its order, which a page of
// boxes does not know, and what is new comes last.
func kept(had, chosen []string) []string {
	var out []string
	for _, one := range append(slices.Clone(had), chosen...) {
		if one != "" && slices.Contains(chosen, one) && !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	return out
}

// typed is a text as it is kept: no blanks at the ends of lines, and one line where
// one is asked for.
func typed(s string, one bool) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t　")
	}
	if one {
		return strings.Join(strings.Fields(strings.Join(lines, " ")), " ")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// blocks shows a form. theirs is the same part as somebody else has saved it, nil
// when nobody has.
func (l layout) blocks(r *web.Request, shelf *policy.Shelf, now time.Time, form url.Values, wrong map[string]string, theirs url.Values, by string, problems *[]frame.Issue) []block {
	var out []block
	mark := func(f *frame.Field, name string) {
		if said := wrong[name]; said != "" {
			f.Wrong(problems, said)
			delete(wrong, name)
		}
	}
	for _, g := range l.groups {
		b := block{Title: g.title, Help: g.help, Text: g.text, Inline: g.inline}
		for _, s := range g.spots {
			if s.kind == line3 || s.kind == long3 {
				b.Tris = append(b.Tris, s.tri(r, form, theirs, by, mark))
				continue
			}
			f := s.field(form)
			if theirs != nil && strings.Join(theirs[s.name], ",") != strings.Join(form[s.name], ",") {
				f.Help = strings.TrimSpace(f.Help + " " + r.T("edit.theirs", "who", by, "what", s.words(theirs[s.name])))
			}
			mark(&f, s.name)
			b.Fields = append(b.Fields, f)
		}
		for i, c := range g.cites {
			b.Cites = append(b.Cites, showCite(r, shelf, now, c, g.citeKey(i)))
		}
		if g.citing {
			b.CiteAdd = "cite:" + g.citeKey(len(g.cites))
		}
		out = append(out, b)
	}
	return out
}

func (s spot) tri(r *web.Request, form, theirs url.Values, by string, mark func(*frame.Field, string)) tri {
	t := tri{Label: s.label, Help: s.help}
	for _, lang := range langs {
		name := s.name + "." + lang.code
		f := frame.Field{Kind: "line", Type: "text", ID: "f-" + name, Name: name, Label: r.T("edit.lang." + lang.code), Value: form.Get(name), Complete: "off"}
		if s.kind == long3 {
			f.Kind, f.Rows = "long", s.rows
		}
		mark(&f, name)
		one := cell{Field: f}
		if theirs != nil && theirs.Get(name) != form.Get(name) {
			one.Theirs, one.By = theirs.Get(name), by
			if one.Theirs == "" {
				one.Theirs = r.T("edit.empty")
			}
		}
		t.Cells = append(t.Cells, one)
	}
	return t
}

func (s spot) field(form url.Values) frame.Field {
	f := frame.Field{Kind: s.kind, ID: "f-" + s.name, Name: s.name, Label: s.label, Help: s.help, Value: form.Get(s.name), Optional: s.optional, Complete: "off", Rows: s.rows}
	options := slices.Clone(s.options)
	for i := range options {
		options[i].On = slices.Contains(form[s.name], options[i].Value)
	}
	switch s.kind {
	case aChoice:
		f.Blank, f.Groups = s.blank, []frame.Group{{Options: options}}
	case choices:
		f.Kind, f.Many, f.Options = "pick", true, options
	case aDay:
		f.Kind, f.Type, f.Short = "line", "date", true
	case aNumber:
		f.Kind, f.Type, f.Mode, f.Short = "line", "text", "numeric", true
	case aLine:
		f.Type = "text"
	}
	return f
}

// words says what was chosen by its labels.
func (s spot) words(values []string) string {
	var out []string
	for _, v := range values {
		for _, o := range s.options {
			if o.Value == v {
				v = o.Label
				break
			}
		}
		out = append(out, v)
	}
	return strings.Join(out, "、")
}

func showCite(r *web.Request, shelf *policy.Shelf, now time.Time, c policy.Cite, key string) citeLine {
	l := citeLine{Document: c.Document, Article: c.Article, Quote: c.Quote, Change: "cite:" + key, Drop: "drop:" + key}
	if d, ok := shelf.Document(c.Document); ok {
		l.Document = "《" + d.Title + "》"
		if a, ok := shelf.Article(c.Document, c.Article); ok && a.Label != "" {
			l.Article = a.Label
		}
	}
	if fault, args := shelf.CiteFault(c, now); fault != "" {
		var pairs []any
		for _, a := range args {
			pairs = append(pairs, a)
		}
		l.Wrong = r.T(fault, pairs...)
	}
	return l
}
