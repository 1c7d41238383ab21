package edit

import (
	"strings"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
)

// label is what a field is called: edit.f and the last word of its name.
func label(r *web.Request, name string) string {
	return r.T("edit.f." + name[strings.LastIndex(name, ".")+1:])
}

// say is a line in three languages.
func say(r *web.Request, name string, t *i18n.Text) spot {
	return spot{kind: line3, name: name, text: t, label: label(r, name)}
}

// tell is a text in three languages.
func tell(r *web.Request, name string, rows int, t *i18n.Text) spot {
	s := say(r, name, t)
	s.kind, s.rows = long3, rows
	return s
}

// one is a line.
func one(r *web.Request, name string, v *string) spot {
	return spot{kind: aLine, name: name, s: v, label: label(r, name)}
}

// pick is a choice of one.
func pick(r *web.Request, name string, v *string, blank bool, options []frame.Option) spot {
	s := one(r, name, v)
	s.kind, s.blank, s.options = aChoice, blank, options
	return s
}

// tick is a yes or no.
func tick(r *web.Request, name, key string, on *bool) spot {
	return spot{kind: aTick, name: name, on: on, label: r.T(key)}
}

// coded are codes as choices, with their words below area.
func (p *Room) coded(r *web.Request, area string, codes ...string) []frame.Option {
	var all []frame.Option
	for _, code := range codes {
		all = append(all, frame.Option{Value: code, Label: p.Say(r, area, code)})
	}
	return all
}
