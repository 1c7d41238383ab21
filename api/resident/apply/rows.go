package apply

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/apply/form"
	"mashang/api/resident/frame"
	"mashang/api/web"
)

type rowsView struct {
	sheet
	Rows     []rowLine
	Add      string
	AddID    string
	AddWords string
	Removed  *removedView
}

type rowLine struct{ ID, Name, Note, Error, Change, Remove string }

type removedView struct {
	Name   string
	Values []valueView
}

type valueView struct{ Name, Value string }

// rowNumbers lists the rows of a group that hold something, in order.
func rowNumbers(values url.Values, group string) []int {
	found := map[int]bool{}
	for name, typed := range values {
		rest, ok := strings.CutPrefix(name, group+".")
		number, _, more := strings.Cut(rest, ".")
		if n, err := strconv.Atoi(number); ok && more && err == nil && slices.ContainsFunc(typed, func(s string) bool { return s != "" }) {
			found[n] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// rowValues are the values of one row under another number.
func rowValues(values url.Values, from, to string) url.Values {
	out := url.Values{}
	for name, typed := range values {
		if sub, ok := strings.CutPrefix(name, from+"."); ok {
			out[to+"."+sub] = typed
		}
	}
	return out
}

// rowsPage lists the rows, each with a way to change it and to take it away.
func (p *Room) rowsPage(c *gin.Context, status int, v work, page form.Page, rows form.Field, judge bool, removed *removedView) error {
	r := web.From(c)
	b := rowsView{sheet: p.sheet(c, v, page), Add: p.rowURL(c, v, page, "new"), AddID: frame.FieldID(rows.Key), AddWords: addWords(p, r, rows), Removed: removed}
	values := v.Pages[page.Key].Values
	for i, n := range rowNumbers(values, rows.Key) {
		path := rows.Key + "." + strconv.Itoa(n)
		one := rowLine{ID: frame.FieldID(path), Change: p.rowURL(c, v, page, strconv.Itoa(n)), Remove: "remove:" + strconv.Itoa(n)}
		one.Name, one.Note = rowName(p, r, rows, values, path)
		if one.Name == "" {
			one.Name = r.T("door.rows.of", "n", i+1)
		}
		for _, x := range v.Problems {
			if strings.HasPrefix(x.Field, path+".") && judge {
				one.Change = p.rowURL(c, v, page, strconv.Itoa(n)+partOf(rows, strings.TrimPrefix(x.Field, path+".")))
				one.Error = frame.Say(r, x.Key, x.Args)
				b.Problems = append(b.Problems, frame.Issue{ID: one.ID, Text: one.Name + r.T("door.colon") + one.Error})
				break
			}
		}
		b.Rows = append(b.Rows, one)
	}
	for _, x := range v.Problems {
		if judge && x.Page == page.Key && x.Field == rows.Key {
			b.Problems = append(b.Problems, frame.Issue{ID: b.AddID, Text: frame.Say(r, x.Key, x.Args)})
		}
	}
	b.Heading = r.T("door.problems", "n", len(b.Problems))
	return p.applyFrame(c, status, "apply-rows", b.Title, b)
}

// partOf is what the address of a row ends with for the screen of one of its fields.
func partOf(rows form.Field, key string) string {
	for _, f := range rows.Fields {
		if f.Key == key && f.Screen != "" {
			return "." + f.Screen
		}
	}
	return ""
}

// rowURL is the page of a row, or of all rows for "".
func (p *Room) rowURL(c *gin.Context, v work, page form.Page, row string) string {
	key := page.Key
	if row != "" {
		key += "." + row
	}
	to := pageURL(v.Programme, key)
	if c.Query("from") == "check" || c.Request.PostForm.Get("from") == "check" {
		to += "?from=check"
	}
	return to
}

func addWords(p *Room, r *web.Request, rows form.Field) string {
	if key := "door.rows.add." + rows.Key; p.Web.Words.Has(key) {
		return r.T(key)
	}
	return r.T("door.rows.add")
}

// rowName is what a row is called in the list: its first answer, with its first choice beside it.
func rowName(p *Room, r *web.Request, rows form.Field, values url.Values, path string) (name, note string) {
	for _, part := range rows.Fields {
		typed := strings.TrimSpace(values.Get(path + "." + part.Key))
		switch {
		case typed == "":
		case part.Kind == form.Choice && note == "":
			for _, o := range part.Options {
				if o.Value == typed {
					note = r.T(o.Label)
				}
			}
		case name == "" && part.Kind != form.Choice:
			name = typed
		}
	}
	return name, note
}

// rowPage shows the questions of one screen about one row, "new" or the number of one that is there. values are what
// was kept, or what has just been typed.
func (p *Room) rowPage(c *gin.Context, status int, v work, page form.Page, rows form.Field, s form.Screen, values url.Values, judge bool) error {
	r := web.From(c)
	b := screenView{sheet: p.sheetAt(c, v, page, s.Address), Cancel: p.rowURL(c, v, page, "")}
	kept := v.Pages[page.Key].Values
	if s.Row == "new" {
		kept = values
	}
	name, _ := rowName(p, r, rows, kept, rows.Key+"."+s.Row)
	if s.Part == "" {
		b.Title = addWords(p, r, rows)
		if name != "" && s.Row != "new" {
			b.Title = name
		}
		name = ""
	}
	p.ask(r, v, &b, page, s, values, name, judge)
	return p.applyFrame(c, status, "apply-row", b.Title, b)
}

// rowShow opens the page of the row that the address names.
func (p *Room) rowShow(c *gin.Context, v work, page form.Page, rows form.Field, s form.Screen) error {
	values := v.Pages[page.Key].Values
	if s.Row == "new" {
		values = v.Pages[page.Key].Begun
	}
	n, err := strconv.Atoi(s.Row)
	if (s.Row != "new" || s.Part != "") && (err != nil || !slices.Contains(rowNumbers(values, rows.Key), n)) {
		return p.Web.Redirect(c, pageURL(v.Programme, page.Key))
	}
	_, turned := turn(c.Request.URL.RawQuery)
	return p.rowPage(c, http.StatusOK, v, page, rows, s, values, s.Row != "new" && !turned && v.answered(page, s.Address))
}

// rowSave keeps one screen of a row and goes on to the next that nobody has answered. One with something wrong is kept
// too, and its page says what.
func (p *Room) rowSave(c *gin.Context, h holder, v work, page form.Page, rows form.Field, s form.Screen, typed url.Values, where string) error {
	d, err := p.Desk.SavePage(c.Request.Context(), h.id, h.secret, s.Store(), v.complete(page, s, typed))
	if err != nil && frame.Invalid(err) == nil {
		return frame.Wrap("save", err)
	}
	if where == "later" {
		return p.Web.Redirect(c, "/apply/later")
	}
	if where == "back" {
		return p.Web.Redirect(c, p.rowURL(c, v, page, ""))
	}
	v.Draft = d
	if s.Row != "new" && len(d.Pages[page.Key].Aside) > 0 {
		return p.rowPage(c, http.StatusConflict, v, page, rows, s, d.Pages[page.Key].Values, false)
	}
	fields, prefix := v.fieldsOf(page, s)
	for _, x := range d.Problems {
		if slices.ContainsFunc(fields, func(f form.Field) bool { return prefix+f.Key == x.Field }) {
			return p.rowWrong(c, h, v, page, rows, s, typed)
		}
	}
	values := d.Pages[page.Key].Values
	row := s.Row
	if row == "new" {
		row = lastRow(values, rows.Key)
	}
	parts := form.Parts(rows.Fields)
	for _, part := range parts[slices.Index(parts, s.Part)+1:] {
		next := form.Screen{Page: page.Key, Row: row, Part: part}
		ahead, prefix := v.fieldsOf(page, next)
		if len(ahead) > 0 && !slices.ContainsFunc(ahead, func(f form.Field) bool { return values.Get(prefix+f.Key) != "" }) {
			return p.Web.Redirect(c, p.rowURL(c, v, page, row+"."+part))
		}
	}
	return p.Web.Redirect(c, p.rowURL(c, v, page, ""))
}

// rowWrong shows a row again with what is wrong with it. One that has just come in is kept by now and has a number, so
// that putting it right does not add another.
func (p *Room) rowWrong(c *gin.Context, h holder, v work, page form.Page, rows form.Field, s form.Screen, typed url.Values) error {
	if s.Row == "new" {
		var err error
		if v, err = p.work(c, h); err != nil {
			return frame.Wrap("save", err)
		}
		typed = v.Pages[page.Key].Values
		s.Row = lastRow(typed, rows.Key)
		s.Address = page.Key + "." + s.Row
	}
	return p.rowPage(c, http.StatusUnprocessableEntity, v, page, rows, s, typed, true)
}

// rowsSave keeps one row, takes one away, puts one back, or goes on from the list.
func (p *Room) rowsSave(c *gin.Context, h holder, v work, page form.Page, rows form.Field, s form.Screen, typed url.Values, where string) error {
	ctx := c.Request.Context()
	if s.Row != "" {
		return p.rowSave(c, h, v, page, rows, s, typed, where)
	}
	values := v.Pages[page.Key].Values
	if row, ok := strings.CutPrefix(where, "remove:"); ok {
		return p.rowRemove(c, h, page, rows, values, row)
	}
	if where == "undo" {
		if _, err := p.Desk.SavePage(ctx, h.id, h.secret, page.Key+".new", typed); err != nil && frame.Invalid(err) == nil {
			return frame.Wrap("save", err)
		}
		return p.Web.Redirect(c, pageURL(v.Programme, page.Key))
	}
	_, err := p.Desk.SavePage(ctx, h.id, h.secret, page.Key, nil)
	if err != nil && frame.Invalid(err) == nil {
		return frame.Wrap("save", err)
	}
	return p.onward(c, h, page, where, err)
}

// rowRemove takes a row away and keeps it at hand on the page, to be put back.
func (p *Room) rowRemove(c *gin.Context, h holder, page form.Page, rows form.Field, values url.Values, row string) error {
	r := web.From(c)
	number, err := strconv.Atoi(row)
	if err != nil || !slices.Contains(rowNumbers(values, rows.Key), number) {
		return p.Web.Redirect(c, p.rowURL(c, work{Draft: apply.Draft{Programme: c.Param("programme")}}, page, ""))
	}
	if values, err = p.Desk.RemoveRow(c.Request.Context(), h.id, h.secret, page.Key, number); err != nil {
		return frame.Wrap("save", err)
	}
	v, err := p.work(c, h)
	if err != nil {
		return frame.Wrap("save", err)
	}
	gone := &removedView{}
	gone.Name, _ = rowName(p, r, rows, values, rows.Key+"."+row)
	for name, typed := range rowValues(values, rows.Key+"."+row, rows.Key+".new") {
		for _, s := range typed {
			gone.Values = append(gone.Values, valueView{Name: name, Value: s})
		}
	}
	if len(gone.Values) == 0 {
		gone = nil
	}
	return p.rowsPage(c, http.StatusOK, v, page, rows, false, gone)
}
