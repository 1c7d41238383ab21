package apply

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
)

//go:embed forms/*.json
var formFiles embed.FS

// forms are the embedded forms, compiled once: they are constants that are only easier to write as files.
var forms = sync.OnceValues(func() (map[string]*form, error) {
	names, err := fs.Glob(formFiles, "forms/*.json")
	if err != nil {
		return nil, err
	}
	all := map[string]*form{}
	for _, name := range names {
		b, err := formFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		f, err := compile(b)
		if err != nil {
			return nil, fmt.Errorf("apply: %s: %w", name, err)
		}
		all[f.Programme] = f
	}
	return all, nil
})

// form is a FormDef made ready: its conditions compiled, its pages and fields found by name.
type form struct {
	FormDef
	pages    map[string]*Page
	fields   map[string]*Field // by path; inside rows "members.name"
	pageOf   map[string]string // page key by the path of a top field
	programs map[string]*vm.Program
}

func compile(b []byte) (*form, error) {
	f := &form{pages: map[string]*Page{}, fields: map[string]*Field{}, pageOf: map[string]string{}, programs: map[string]*vm.Program{}}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f.FormDef); err != nil {
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
func (f *form) note(page, prefix string, fd *Field) error {
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

func (f *form) conditions(fields []Field, row map[string]any) error {
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

func (f *form) program(source string, row map[string]any) error {
	if source == "" {
		return nil
	}
	env := f.blank()
	env["row"] = row
	p, err := expr.Compile(source, expr.Env(env), expr.AsBool())
	if err != nil {
		return fmt.Errorf("condition %q: %w", source, err)
	}
	f.programs[source] = p
	return nil
}

// blank is an empty set of answers: every group is there, every answer nil, so that a condition never meets a name
// it does not know.
func (f *form) blank() map[string]any {
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

// holds evaluates a condition; an empty one holds. A condition that fails to run holds too: asking once too often
// loses nothing.
func (f *form) holds(source string, doc, row map[string]any) bool {
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

// textAt is the answer at a dotted path as text, or "".
func textAt(doc map[string]any, path string) string {
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

func formOf(programme string) (*form, bool) {
	all, err := forms()
	if err != nil {
		return nil, false
	}
	f, ok := all[programme]
	return f, ok
}

// Form is the form of a programme. Its slices are shared: read them only.
func (d *Desk) Form(programme string) (FormDef, bool) {
	f, ok := formOf(programme)
	if !ok {
		return FormDef{}, false
	}
	return f.FormDef, true
}
