package form

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
)

// Form is a FormDef made ready: its conditions compiled, its pages and fields found by name.
type Form struct {
	Def
	pages    map[string]*Page
	fields   map[string]*Field // by path; inside rows "members.name"
	pageOf   map[string]string // page key by the path of a top field
	programs map[string]*vm.Program
}

func compile(b []byte) (*Form, error) {
	f := &Form{pages: map[string]*Page{}, fields: map[string]*Field{}, pageOf: map[string]string{}, programs: map[string]*vm.Program{}}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f.Def); err != nil {
		return nil, err
	}
	for i := range f.Pages {
		p := &f.Pages[i]
		if f.pages[p.Key] != nil {
			return nil, fmt.Errorf("page %s stands there twice", p.Key)
		}
		f.pages[p.Key] = p
		for j := range p.Fields {
			if err := f.note(p.Key, "", &p.Fields[j]); err != nil {
				return nil, err
			}
		}
	}
	for i := range f.Pages {
		p := &f.Pages[i]
		if err := f.program(p.When, nil); err != nil {
			return nil, err
		}
		if err := f.conditions(p.Fields, nil); err != nil {
			return nil, err
		}
	}
	for _, w := range f.Papers {
		if err := f.program(w.When, nil); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// note finds a place for a field and its parts.
func (f *Form) note(page, prefix string, fd *Field) error {
	path := prefix + fd.Key
	if f.fields[path] != nil || strings.Count(fd.Key, ".") > 1 || prefix != "" && strings.Contains(fd.Key, ".") {
		return fmt.Errorf("field %s stands there twice or is too deep", path)
	}
	f.fields[path] = fd
	if prefix == "" {
		f.pageOf[path] = page
	}
	for i := range fd.Fields {
		if err := f.note(page, path+".", &fd.Fields[i]); err != nil {
			return err
		}
	}
	return nil
}

func (f *Form) conditions(fields []Field, row map[string]any) error {
	for _, fd := range fields {
		for _, source := range []string{fd.When, fd.RequiredWhen} {
			if err := f.program(source, row); err != nil {
				return fmt.Errorf("field %s: %w", fd.Key, err)
			}
		}
		if err := f.conditions(fd.Fields, blankRow(fd.Fields)); err != nil {
			return err
		}
	}
	return nil
}

func (f *Form) program(source string, row map[string]any) error {
	if source == "" {
		return nil
	}
	env := f.Blank()
	env["row"] = row
	p, err := expr.Compile(source, expr.Env(env), expr.AsBool(), expr.Function("has", has, new(func(any, string) bool)))
	if err != nil {
		return fmt.Errorf("condition %q: %w", source, err)
	}
	f.programs[source] = p
	return nil
}

// has tells in a condition whether one of several choices was made.
func has(params ...any) (any, error) {
	list, _ := params[0].([]any)
	for _, one := range list {
		if one == params[1] {
			return true, nil
		}
	}
	return false, nil
}

// Blank is an empty set of answers: every group is there, every answer nil, so that a condition never meets a name
// it does not know.
func (f *Form) Blank() map[string]any {
	doc := map[string]any{}
	for _, p := range f.Pages {
		for _, fd := range p.Fields {
			put(doc, fd.Key, nil)
		}
	}
	return doc
}

func blankRow(fields []Field) map[string]any {
	row := map[string]any{}
	for _, fd := range fields {
		row[fd.Key] = nil
	}
	return row
}

// Holds evaluates a condition; an empty one holds. A condition that fails to run holds too: asking once too often
// loses nothing.
func (f *Form) Holds(source string, doc, row map[string]any) bool {
	if source == "" {
		return true
	}
	doc["row"] = row
	defer delete(doc, "row")
	out, err := expr.Run(f.programs[source], doc)
	yes, ok := out.(bool)
	return err != nil || !ok || yes
}

// put sets the answer at a dotted path, making its group.
func put(doc map[string]any, path string, v any) {
	group, key, nested := strings.Cut(path, ".")
	if !nested {
		doc[path] = v
		return
	}
	m, ok := doc[group].(map[string]any)
	if !ok {
		m = map[string]any{}
		doc[group] = m
	}
	m[key] = v
}

// at is the answer at a dotted path, or nil.
func at(doc map[string]any, path string) any {
	group, key, nested := strings.Cut(path, ".")
	if !nested {
		return doc[path]
	}
	m, _ := doc[group].(map[string]any)
	return m[key]
}

// TextAt is the answer at a dotted path as text, or "".
func TextAt(doc map[string]any, path string) string {
	s, _ := at(doc, path).(string)
	return s
}

// rowsAt is the rows at a path.
func rowsAt(doc map[string]any, path string) []map[string]any {
	list, _ := at(doc, path).([]any)
	rows := make([]map[string]any, 0, len(list))
	for _, one := range list {
		if m, ok := one.(map[string]any); ok {
			rows = append(rows, m)
		}
	}
	return rows
}

// Page finds a page by its key, nil when there is none.
func (f *Form) Page(key string) *Page { return f.pages[key] }

// Field finds a field by its path, nil when there is none.
func (f *Form) Field(path string) *Field { return f.fields[path] }

// PerPerson lists the fields that have a row for each person of the household.
func (f *Form) PerPerson() []*Field {
	var all []*Field
	for i := range f.Pages {
		for j := range f.Pages[i].Fields {
			if fd := &f.Pages[i].Fields[j]; fd.Kind == Rows && fd.Source == FromPersons {
				all = append(all, fd)
			}
		}
	}
	return all
}

// PageOf is the key of the page with the field at a path, "" when there is none.
func (f *Form) PageOf(path string) string { return f.pageOf[path] }
