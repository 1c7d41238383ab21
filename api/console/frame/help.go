package frame

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/api/web"
	"mashang/i18n"
)

// PageSize is how many rows a list shows at once.
const PageSize = 50

// Heads are column headings by their keys below console.head; a key with a dot
// in front is a whole one.
func Heads(r *web.Request, keys ...string) []Head {
	out := make([]Head, len(keys))
	for i, k := range keys {
		out[i] = Head{Label: r.T(headKey(k))}
	}
	return out
}

func headKey(k string) string {
	if whole, ok := strings.CutPrefix(k, "."); ok {
		return whole
	}
	return "console.head." + k
}

// Sorted is what a list is sorted by: one of the names its heads offer, and
// whether the largest comes first. fallback begins with "-" for the latter.
func Sorted(c *gin.Context, fallback string, names ...string) (name string, down bool) {
	asked := c.Query("sort")
	if n, down := strings.CutPrefix(asked, "-"); slices.Contains(names, n) {
		return n, down
	}
	n, down := strings.CutPrefix(fallback, "-")
	return n, down
}

// Sortable makes a heading a link that sorts by name, and turns the order
// around when the list is sorted by it already.
func Sortable(c *gin.Context, h Head, name, by string, down bool) Head {
	to := name
	if name == by {
		h.Sort = "ascending"
		if down {
			h.Sort = "descending"
		} else {
			to = "-" + name
		}
	}
	q, _ := url.ParseQuery(strings.TrimPrefix(With(c, "sort", to), c.Request.URL.Path+"?"))
	q.Del("page")
	q.Del("after")
	h.Href = address(c.Request.URL.Path, q)
	return h
}

// Paging is which rows of a list are asked for.
func Paging(c *gin.Context) (offset, limit int) {
	n, err := strconv.Atoi(c.Query("page"))
	if err != nil || n < 1 || n > 1_000_000 {
		n = 1
	}
	return (n - 1) * PageSize, PageSize
}

// Pages is the pager of a list of total rows.
func Pages(c *gin.Context, total int) Pager {
	r := web.From(c)
	offset, limit := Paging(c)
	if total == 0 {
		return Pager{}
	}
	shown := min(offset+limit, total)
	p := Pager{Text: r.T("console.pager", "from", min(offset+1, total), "to", shown, "total", total)}
	if offset >= total {
		p.Text = r.T("console.pager.beyond", "total", total)
	}
	page := func(n int) string {
		if n <= 1 {
			return With(c, "page", "")
		}
		return With(c, "page", strconv.Itoa(n))
	}
	at, last := offset/limit+1, (total+limit-1)/limit
	if at > 1 {
		p.First, p.Prev = page(1), page(min(at-1, last))
	}
	if at < last {
		p.Next, p.Final = page(at+1), page(last)
	}
	return p
}

// Slice is the part of rows a pager shows, for lists that are in memory.
func Slice[T any](c *gin.Context, all []T) []T {
	offset, limit := Paging(c)
	if offset >= len(all) {
		return nil
	}
	return all[offset:min(offset+limit, len(all))]
}

// Pick makes a filter of fixed choices; the first choice is all of them.
func Pick(r *web.Request, name, label, all, chosen string, values []Option) Field {
	f := Field{Kind: "select", ID: "f-" + name, Name: name, Label: r.T(label)}
	options := []Option{{Value: "", Label: r.T(all), On: chosen == ""}}
	for _, o := range values {
		o.On = o.Value == chosen
		options = append(options, o)
	}
	f.Groups = []Group{{Options: options}}
	return f
}

// Search is the field one types into to find a row.
func Search(r *web.Request, name, label, value string) Field {
	return Field{Kind: "line", Type: "search", ID: "f-" + name, Name: name, Label: r.T(label), Value: value, Complete: "off"}
}

// Line is a field of one line.
func Line(r *web.Request, name, label, value string) Field {
	return Field{Kind: "line", Type: "text", ID: "f-" + name, Name: name, Label: r.T(label), Value: value, Complete: "off"}
}

// Long is a field of several lines.
func Long(r *web.Request, name, label, value string) Field {
	return Field{Kind: "long", ID: "f-" + name, Name: name, Label: r.T(label), Value: value}
}

// Date is a field for a day, written 2026-11-21.
func Date(r *web.Request, name, label, value string) Field {
	return Field{Kind: "line", Type: "date", ID: "f-" + name, Name: name, Label: r.T(label), Value: value, Short: true}
}

// Tick is a yes or no; its value when chosen is "yes".
func Tick(r *web.Request, name, label string, on bool) Field {
	f := Field{Kind: "tick", ID: "f-" + name, Name: name, Label: r.T(label)}
	if on {
		f.Value = "yes"
	}
	return f
}

// File is a field for a file.
func File(r *web.Request, name, label, accept string) Field {
	return Field{Kind: "file", ID: "f-" + name, Name: name, Label: r.T(label), Accept: accept}
}

// Select is a choice of one; blank adds an empty first line.
func Select(r *web.Request, name, label, chosen string, blank bool, values []Option) Field {
	f := Field{Kind: "select", ID: "f-" + name, Name: name, Label: r.T(label), Blank: blank}
	options := slices.Clone(values)
	for i := range options {
		options[i].On = options[i].Value == chosen
	}
	f.Groups = []Group{{Options: options}}
	return f
}

// Chosen are the rows a posted bulk form names, without repeats; "all on this
// page" stands for those the page listed.
func Chosen(form url.Values) []string {
	ids := form["pick"]
	if form.Get("all") != "" {
		ids = strings.Fields(form.Get("listed"))
	}
	var out []string
	for _, id := range ids {
		if id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// Listed are the rows of a table that can be chosen, for "all on this page".
func (t Table) Listed() string {
	var ids []string
	for _, row := range t.Rows {
		if row.ID != "" {
			ids = append(ids, row.ID)
		}
	}
	return strings.Join(ids, " ")
}

// Choices counts the rows of a table that can be chosen.
func (t Table) Choices() int { return len(strings.Fields(t.Listed())) }

// Acts reports whether any row has something to do.
func (t Table) Acts() bool {
	return slices.ContainsFunc(t.Rows, func(r Row) bool { return len(r.Actions) > 0 })
}

// When writes a time, "" for none.
func When(r *web.Request, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return i18n.DateTime(r.Lang, t)
}

// Day writes a day, "" for none.
func Day(r *web.Request, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return i18n.Date(r.Lang, t)
}

// ParseDay reads a day as a date field sends it, as midnight in the county.
func ParseDay(s string) (time.Time, bool) {
	t, err := time.ParseInLocation(time.DateOnly, strings.TrimSpace(s), i18n.Shanghai)
	return t, err == nil
}

// ISO writes a day as a date field wants it.
func ISO(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(i18n.Shanghai).Format(time.DateOnly)
}

// Say is the message area+word, or the word itself when there is none.
func (f *Frame) Say(r *web.Request, area, word string) string {
	if word == "" {
		return ""
	}
	if key := area + word; f.Web.Words.Has(key) {
		return r.T(key)
	}
	return word
}

// Dot parts facts in one line, as the reader's language does.
func Dot(r *web.Request) string {
	if r.Lang == i18n.En {
		return " · "
	}
	return "·"
}

// Fours writes a receipt as it is read aloud.
func Fours(s string) string {
	var parts []string
	for chunk := range slices.Chunk([]byte(s), 4) {
		parts = append(parts, string(chunk))
	}
	return strings.Join(parts, " ")
}

// Digits keeps the digits of what was typed.
func Digits(s string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, s)
}

// Programme is a programme's name, its ID when it has none.
func (f *Frame) Programme(r *web.Request, id string) string {
	if g, ok := f.Library.Shelf().Ever(id); ok {
		return g.Name.In(r.Lang)
	}
	return id
}

// Programmes are all programmes as choices.
func (f *Frame) Programmes(r *web.Request) []Option {
	var all []Option
	for _, g := range f.Library.Shelf().Programmes() {
		all = append(all, Option{Value: g.ID, Label: g.Name.In(r.Lang)})
	}
	return all
}

// Top is where a bar begins, from above.
func (b Bar) Top() int { return 100 - b.Height }
