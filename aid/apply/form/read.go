package form

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"mashang/i18n"
	"mashang/platform/privacy"
	"mashang/platform/text"
)

// Reading is what a form makes of everything typed so far.
type Reading struct {
	Doc      map[string]any  // answers that were asked for and are right, nil where there is none
	Shown    []string        // keys of the pages that are asked
	Screens  []Screen        // what is shown of them, in order
	Hidden   map[string]bool // full paths of fields on those pages that are not asked
	Persons  []Person
	Problems []Problem
}

// reader walks a form over typed values, page by page, since a later page may depend on an earlier one only.
type reader struct {
	form    *Form
	in      url.Values
	check   Checker
	strict  bool // rows must name persons that exist; a person's page is forgiving, because a member may have left
	page    string
	unasked bool // the page, or the field, is not asked: its answers must be sound and are dropped
	members []rawRow
	Reading
}

// Read takes everything typed and gives what the form makes of it.
func (f *Form) Read(in url.Values, c Checker, strict bool) Reading {
	r := &reader{form: f, in: in, check: c, strict: strict, Reading: Reading{Doc: f.Blank(), Hidden: map[string]bool{}}}
	for i := range f.Pages {
		p := &f.Pages[i]
		asked := f.Holds(p.When, r.Doc, nil)
		if !asked && !strict {
			continue
		}
		r.page = p.Key
		for j := range p.Fields {
			fd := &p.Fields[j]
			r.unasked = !asked || !f.Holds(fd.When, r.Doc, nil)
			r.field(fd)
		}
		r.unasked = false
		if !asked {
			continue
		}
		if p.Kind == PageConsent {
			r.signatures()
		}
		if p.EachPerson() && r.Persons == nil {
			r.Persons = r.people()
		}
		if shown := r.screens(p); len(shown) > 0 {
			r.Shown = append(r.Shown, p.Key)
			r.Screens = append(r.Screens, shown...)
		}
	}
	if r.Persons == nil {
		r.Persons = r.people()
	}
	r.twins()
	return r.Reading
}

func (r *reader) problem(path string, w *wrong) {
	r.Problems = append(r.Problems, Problem{Page: r.page, Screen: r.form.screenOf(r.page, path), Field: path, Key: w.key, Args: w.args})
}

func (r *reader) field(f *Field) {
	if r.unasked {
		r.Hidden[f.Key] = true
		if !r.strict {
			return
		}
	}
	if f.Kind == Rows {
		r.rows(f)
		return
	}
	v, w := r.check.Value(f, r.in[f.Key])
	if !r.unasked {
		put(r.Doc, f.Key, v)
	}
	switch {
	case w != nil:
		r.problem(f.Key, w)
	case v == nil && !r.unasked && r.required(f, nil):
		r.problem(f.Key, bad(missing(f.Kind)))
	}
}

func (r *reader) required(f *Field, row map[string]any) bool {
	return f.Required || f.RequiredWhen != "" && r.form.Holds(f.RequiredWhen, r.Doc, row)
}

// missing is the complaint about an answer that is not there.
func missing(kind string) string {
	switch kind {
	case Choice, YesNo, Area:
		return "form.error.choose"
	case Choices:
		return "form.error.choose.some"
	case Tick:
		return "form.error.tick"
	case Rows:
		return "form.error.rows.empty"
	}
	return "form.error.required"
}

func (r *reader) rows(f *Field) {
	raw := rawRows(r.in, f)
	limit := len(raw)
	if f.Max != nil && int64(limit) > *f.Max {
		limit = int(*f.Max)
		r.problem(f.Key, bad("form.error.rows.many", "max", strconv.Itoa(limit), "n", strconv.Itoa(len(raw))))
	}
	if f.Source == FromPersons {
		r.Persons = r.people()
	} else if f.Key == "members" && !r.unasked {
		r.members = raw[:limit]
	}
	var list []any
	for _, one := range raw[:limit] {
		if row := r.row(f, one); row != nil {
			list = append(list, row)
		}
	}
	if r.unasked {
		return
	}
	if len(list) > 0 {
		put(r.Doc, f.Key, list)
	} else if r.required(f, nil) && f.Source == "" {
		r.problem(f.Key, bad(missing(Rows)))
	}
}

// row reads one row. A row that names nobody who is still there is left out, and so is an empty one.
func (r *reader) row(f *Field, raw rawRow) map[string]any {
	path := f.Key + "." + strconv.Itoa(raw.index) + "."
	row := blankRow(f.Fields)
	if f.Source == FromPersons {
		who := text.Clean(first(raw.values["who"]))
		i := slices.IndexFunc(r.Persons, func(p Person) bool { return p.Key == who || p.Path == who })
		if i < 0 {
			if r.strict {
				r.problem(path+"who", bad("form.error.who"))
			}
			return nil
		}
		row["who"] = r.Persons[i].Key
	}
	filled := false
	wrongs := map[string]*wrong{}
	for i := range f.Fields {
		fd := &f.Fields[i]
		v, w := r.check.Value(fd, raw.values[fd.Key])
		row[fd.Key], wrongs[fd.Key] = v, w
		filled = filled || v != nil || w != nil
	}
	for i := range f.Fields {
		fd := &f.Fields[i]
		asked := r.form.Holds(fd.When, r.Doc, row)
		if !asked {
			row[fd.Key], r.Hidden[path+fd.Key] = nil, true
		}
		switch {
		case !asked && !r.strict:
		case wrongs[fd.Key] != nil:
			r.problem(path+fd.Key, wrongs[fd.Key])
		case asked && row[fd.Key] == nil && r.required(fd, row):
			r.problem(path+fd.Key, bad(missing(fd.Kind)))
		}
	}
	if !filled && f.Source == FromPersons {
		return nil
	}
	return row
}

// people lists the household as typed, so that one wrong digit does not make a person vanish.
func (r *reader) people() []Person {
	if r.form.fields["applicant.name"] == nil {
		return nil
	}
	all := []Person{r.person("applicant", text.Clean(r.in.Get("applicant.name")), r.in.Get("applicant.id"), "")}
	for _, m := range r.members {
		all = append(all, r.person("members."+strconv.Itoa(m.index), text.Clean(first(m.values["name"])), first(m.values["id"]), first(m.values["birth"])))
	}
	seen := map[string]int{}
	for i := range all {
		p := &all[i]
		if p.Key == "" {
			p.Key = p.Path
		}
		seen[p.Key]++
		if n := seen[p.Key]; n > 1 {
			p.Key += " (" + strconv.Itoa(n) + ")"
		}
	}
	return all
}

// adult is the age from which a person signs.
const adult = 18

func (r *reader) person(path, name, id, birth string) Person {
	p := Person{Path: path, Key: name, Name: name}
	today := r.check.Now.In(i18n.Shanghai)
	if _, facts, err := privacy.CheckID(id, today); err == nil {
		p.Born = facts.Birth
	} else if day, w := r.check.day(&Field{Past: true}, birth); w == nil {
		p.Born, _ = time.ParseInLocation(time.DateOnly, day.(string), i18n.Shanghai)
	}
	p.Minor = !p.Born.IsZero() && p.Born.AddDate(adult, 0, 0).After(today)
	return p
}

// twins finds an identity number that stands at two people.
func (r *reader) twins() {
	seen := map[string]bool{}
	note := func(page, path, id string) {
		if id != "" && seen[id] {
			r.Problems = append(r.Problems, Problem{Page: page, Screen: r.form.screenOf(page, path), Field: path, Key: "form.error.same_id"})
		}
		seen[id] = true
	}
	for _, p := range r.form.Pages {
		for _, fd := range p.Fields {
			switch fd.Kind {
			case IDCard:
				note(p.Key, fd.Key, TextAt(r.Doc, fd.Key))
			case Rows:
				for i, row := range rowsAt(r.Doc, fd.Key) {
					id, _ := row["id"].(string)
					note(p.Key, fd.Key+"."+strconv.Itoa(i)+".id", id)
				}
			}
		}
	}
}
