package frame

import (
	"strings"

	"mashang/api/web"
)

// Field is one question as a page shows it.
type Field struct {
	Kind                 string // pick, tick, select, long, line
	ID, Name, Label      string
	Help, Error, Value   string
	Why                  string // it is asked
	Lone                 bool   // the heading of the page asks it
	Optional, Many       bool   // Many: any of the options, not one
	Short, Upper, Blank  bool
	Type, Mode, Complete string // of a line: type, inputmode, autocomplete
	Options              []Option
	Groups               []OptionGroup
}

// Option is one of the answers to choose from.
type Option struct {
	Value, Label string
	On           bool
}

// OptionGroup is options under a heading of their own.
type OptionGroup struct {
	Label   string
	Options []Option
}

// Issue is a line of the error summary; it leads to the field with that id.
type Issue struct{ ID, Text string }

// Call is a number to ring.
type Call struct {
	Name, Phone string
	Quiet, Wide bool
}

// FieldID is the id of the control of a field, from its name.
func FieldID(name string) string { return "f-" + strings.ReplaceAll(name, ".", "-") }

// Line makes a field of one line.
func Line(r *web.Request, name, label, value string) Field {
	f := Field{Kind: "line", ID: FieldID(name), Name: name, Label: r.T(label), Value: value, Type: "text"}
	return f
}

// Wrong puts err's message for the field named name at the field and into the summary.
func (f *Field) Wrong(list *[]Issue, text string) {
	if text == "" {
		return
	}
	f.Error = text
	*list = append(*list, Issue{ID: f.ID, Text: text})
}
