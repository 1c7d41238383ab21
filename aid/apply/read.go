package apply

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"mashang/i18n"
	"mashang/platform/privacy"
	"mashang/platform/text"
)

// reading is what a form makes of everything typed so far.
type reading struct {
	doc      map[string]any // answers that were asked for and are right, nil where there is none
	shown    []string       // keys of the pages that are asked
	persons  []Person
	problems []Problem
}

// Person is somebody of the household: the applicant first, then the members.
type Person struct {
	Path  string // applicant, members.0
	Key   string // what rows of incomes and consents name the person by: the name, told apart when two share one
	Name  string
	Born  time.Time // zero when it is not known
	Minor bool
}

// reader walks a form over typed values, page by page, since a later page may depend on an earlier one only.
type reader struct {
	form    *form
	in      url.Values
	check   checker
	strict  bool // rows must name persons that exist; a person's page is forgiving, because a member may have left
	page    string
	members []rawRow
	reading
}

// read takes everything typed and gives what the form makes of it.
func (f *form) read(in url.Values, c checker, strict bool) reading {
	r := &reader{form: f, in: in, check: c, strict: strict, reading: reading{doc: f.blank()}}
	for i := range f.Pages {
		p := &f.Pages[i]
		if !f.holds(p.When, r.doc, nil) {
			continue
		}
		r.page = p.Key
		r.shown = append(r.shown, p.Key)
		for j := range p.Fields {
			r.field(&p.Fields[j])
		}
		if p.Kind == PageConsent {
			r.signatures()
		}
	}
	if r.persons == nil {
		r.persons = r.people()
	}
	r.twins()
	return r.reading
}

func (r *reader) problem(path string, w *wrong) {
	r.problems = append(r.problems, Problem{Page: r.page, Field: path, Key: w.key, Args: w.args})
}

func (r *reader) field(f *Field) {
	if !r.form.holds(f.When, r.doc, nil) {
		return
	}
	if f.Kind == Rows {
		r.rows(f)
		return
	}
	v, w := r.check.value(f, r.in[f.Key])
	put(r.doc, f.Key, v)
	switch {
	case w != nil:
		r.problem(f.Key, w)
	case v == nil && r.required(f, nil):
		r.problem(f.Key, bad(missing(f.Kind)))
	}
}

func (r *reader) required(f *Field, row map[string]any) bool {
	return f.Required || f.RequiredWhen != "" && r.form.holds(f.RequiredWhen, r.doc, row)
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
		r.persons = r.people()
	} else if f.Key == "members" {
		r.members = raw[:limit]
	}
	var list []any
	for _, one := range raw[:limit] {
		if row := r.row(f, one); row != nil {
			list = append(list, row)
		}
	}
	if len(list) > 0 {
		put(r.doc, f.Key, list)
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
		i := slices.IndexFunc(r.persons, func(p Person) bool { return p.Key == who || p.Path == who })
		if i < 0 {
			if r.strict {
				r.problem(path+"who", bad("form.error.who"))
			}
			return nil
		}
		row["who"] = r.persons[i].Key
	}
	filled := false
	wrongs := map[string]*wrong{}
	for i := range f.Fields {
		fd := &f.Fields[i]
		v, w := r.check.value(fd, raw.values[fd.Key])
		row[fd.Key], wrongs[fd.Key] = v, w
		filled = filled || v != nil || w != nil
	}
	for i := range f.Fields {
		fd := &f.Fields[i]
		switch {
		case !r.form.holds(fd.When, r.doc, row):
			row[fd.Key] = nil
		case wrongs[fd.Key] != nil:
			r.problem(path+fd.Key, wrongs[fd.Key])
		case row[fd.Key] == nil && r.required(fd, row) && wrongs[fd.Key] == nil:
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
	today := r.check.now.In(i18n.Shanghai)
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
			r.problems = append(r.problems, Problem{Page: page, Field: path, Key: "form.error.same_id"})
		}
		seen[id] = true
	}
	note(r.form.pageOf["applicant.id"], "applicant.id", textAt(r.doc, "applicant.id"))
	for _, list := range []string{"members", "supporters"} {
		for i, row := range rowsAt(r.doc, list) {
			id, _ := row["id"].(string)
			note(r.form.pageOf[list], list+"."+strconv.Itoa(i)+".id", id)
		}
	}
}

// rawRow is one row as typed.
type rawRow struct {
	index  int
	values map[string][]string
}

// rawRows gathers the rows of f, in order, and leaves out those in which nothing was typed.
func rawRows(in url.Values, f *Field) []rawRow {
	byIndex := map[int]map[string][]string{}
	for name, typed := range in {
		i, sub, ok := rowPath(f, name)
		if !ok {
			continue
		}
		if byIndex[i] == nil {
			byIndex[i] = map[string][]string{}
		}
		byIndex[i][sub] = typed
	}
	var rows []rawRow
	for i, values := range byIndex {
		if f.Source == FromPersons || slices.ContainsFunc(f.Fields, func(fd Field) bool { return first(values[fd.Key]) != "" }) {
			rows = append(rows, rawRow{i, values})
		}
	}
	slices.SortFunc(rows, func(a, b rawRow) int { return a.index - b.index })
	return rows
}

// mostRows is the highest row number that is looked at.
const mostRows = 200

// rowPath takes members.3.name apart.
func rowPath(f *Field, name string) (index int, sub string, ok bool) {
	rest, ok := strings.CutPrefix(name, f.Key+".")
	if !ok {
		return 0, "", false
	}
	number, sub, ok := strings.Cut(rest, ".")
	if !ok || len(number) > 3 {
		return 0, "", false
	}
	i, err := strconv.Atoi(number)
	if err != nil || i < 0 || i >= mostRows || strconv.Itoa(i) != number {
		return 0, "", false
	}
	known := sub == "who" && f.Source == FromPersons || slices.ContainsFunc(f.Fields, func(fd Field) bool { return fd.Key == sub })
	return i, sub, known
}

func first(typed []string) string {
	if len(typed) == 0 {
		return ""
	}
	return typed[0]
}
