package apply

import (
	"context"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// pageBytes bounds what one page may hold.
const pageBytes = 256 << 10

// SavePage keeps what was typed on a page, right or wrong, and then says what is wrong with it: a problem.Error whose
// Fields are full field paths. page is a page's key; for a page of rows it may be "members.2" or "members.new", and
// then the other rows stay as they are. The draft is returned in either case, its Problems with the values their
// words need.
func (d *Desk) SavePage(ctx context.Context, id, secret, page string, answers url.Values) (Draft, error) {
	key, row, single := strings.Cut(page, ".")
	var view Draft
	prefix := ""
	err := d.DB.Tx(ctx, func(q store.Queryer) error {
		x, err := d.open(ctx, q, id, secret)
		if err != nil {
			return err
		}
		p := x.form.pages[key]
		switch {
		case !x.closed.IsZero():
			return problem.New(problem.Conflict, "apply.draft.closed")
		case p == nil:
			return problem.New(problem.Missing, "apply.page.unknown")
		}
		values := answers
		if single {
			if values, prefix, err = x.putRow(p, row, answers, d.checker()); err != nil {
				return err
			}
		}
		if values, err = x.form.keep(p, values); err != nil {
			return err
		}
		if err := d.write(ctx, q, x, p, values); err != nil {
			return err
		}
		papers, err := selectDraftPapers(ctx, q, id)
		if err != nil {
			return err
		}
		view = d.view(x, papers)
		return nil
	})
	if err != nil {
		return Draft{}, wrap("save page", err)
	}
	if row == "new" {
		view.rename(prefix, key+".new.")
		prefix = key + ".new."
	}
	return view, told(view.On(key), prefix)
}

// rename calls a row that has just come in by the name under which it was posted, so that the page that is shown again
// finds its problems.
func (d *Draft) rename(from, to string) {
	for i := range d.Problems {
		if rest, ok := strings.CutPrefix(d.Problems[i].Field, from); ok {
			d.Problems[i].Field = to + rest
		}
	}
}

// told makes the problems of one page, or of one row of it, an error.
func told(problems []Problem, prefix string) error {
	e := &problem.Error{Kind: problem.Invalid, Key: "apply.invalid", Fields: map[string]string{}, FieldArgs: map[string]map[string]string{}}
	for _, p := range problems {
		if _, twice := e.Fields[p.Field]; !twice && strings.HasPrefix(p.Field, prefix) {
			e.Fields[p.Field], e.FieldArgs[p.Field] = p.Key, p.Args
		}
	}
	if len(e.Fields) == 0 {
		return nil
	}
	return e
}

// write seals a page as it now stands, moves the rows that belong to persons along with them, and the draft's expiry on.
func (d *Desk) write(ctx context.Context, q store.Queryer, x *folder, p *Page, values url.Values) error {
	before := maps.Clone(x.pages)
	now := d.Now()
	x.pages[p.Key] = savedPage{Version: before[p.Key].Version + 1, At: store.At(now).Time, Values: values}
	x.typed(d.checker())
	for key, after := range x.pages {
		if key != p.Key && reflect.DeepEqual(after.Values, before[key].Values) {
			continue
		}
		after.Marks = before[key].Marks
		if page := x.form.pages[key]; page != nil && page.Kind == PageConsent && key == p.Key {
			after.Marks = marks(after.Values, x.form.fields["consents"], x.form.Version, now, after.Marks)
		}
		x.pages[key] = after
		sealed, err := sealJSON(x.key, "page-"+key, after)
		if err != nil {
			return err
		}
		if err := putPage(ctx, q, x.id, pageRow{page: key, version: after.Version, sealed: sealed, updated: store.At(after.At)}); err != nil {
			return err
		}
	}
	x.updated, x.expires, x.version = store.At(now), store.At(now.Add(KeepDraft)), x.form.Version
	return touchDraft(ctx, q, x.id, x.version, now, now.Add(KeepDraft))
}

// keep takes from a posted page what belongs to it: every typed value, and rows numbered without gaps.
func (f *form) keep(p *Page, posted url.Values) (url.Values, error) {
	out := url.Values{}
	size := 0
	for i := range p.Fields {
		fd := &p.Fields[i]
		if fd.Kind == Rows {
			f.keepRows(fd, posted, out)
		} else if typed := posted[fd.Key]; len(typed) > 0 {
			if fd.Kind != Choices {
				typed = typed[:1]
			}
			out[fd.Key] = typed[:min(len(typed), mostRows)]
		}
	}
	for name, typed := range out {
		typed = slices.Clone(typed) // what was posted is the caller's
		for i, s := range typed {
			typed[i] = strings.ToValidUTF8(s, "\uFFFD")
			size += len(name) + len(s)
		}
		out[name] = typed
	}
	if size > pageBytes {
		return nil, &problem.Error{Kind: problem.TooLarge, Key: "apply.page.large", Args: map[string]string{"max": strconv.Itoa(pageBytes >> 10)}}
	}
	return out, nil
}

func (f *form) keepRows(fd *Field, posted, out url.Values) {
	for i, row := range rawRows(posted, fd) {
		if fd.Source == FromPersons {
			i = row.index
		}
		for sub, typed := range row.values {
			if len(typed) > 0 {
				out[fd.Key+"."+strconv.Itoa(i)+"."+sub] = []string{typed[0]}
			}
		}
	}
}

// putRow puts one row, posted under its number or as new, among those that are there. A new row that is the same as
// the last one is that one: somebody tapped twice. So is one that shares a typed answer with a last row that is not
// right yet: somebody corrected it.
func (x *folder) putRow(p *Page, row string, posted url.Values, c checker) (url.Values, string, error) {
	i := slices.IndexFunc(p.Fields, func(f Field) bool { return f.Kind == Rows })
	if i < 0 {
		return nil, "", problem.New(problem.Missing, "apply.page.unknown")
	}
	fd := &p.Fields[i]
	rows := rawRows(x.pages[p.Key].Values, fd)
	sent := rawRow{values: map[string][]string{}}
	for _, part := range fd.Fields {
		if typed := posted[fd.Key+"."+row+"."+part.Key]; first(typed) != "" {
			sent.values[part.Key] = typed
		}
	}
	at, err := strconv.Atoi(row)
	switch {
	case row == "new":
		at = len(rows)
		if at > 0 && (sameRow(sent, rows[at-1], fd) || sharesAnswer(sent, rows[at-1], fd) && x.wrongRow(fd, at-1, c)) {
			at--
		}
	case err != nil || at < 0 || at > len(rows) || strconv.Itoa(at) != row:
		return nil, "", problem.New(problem.Missing, "apply.page.unknown")
	}
	out := url.Values{}
	for i, r := range rows {
		if i != at {
			setRow(out, fd, i, r)
		}
	}
	setRow(out, fd, at, sent)
	return out, fd.Key + "." + strconv.Itoa(at) + ".", nil
}

func (x *folder) wrongRow(fd *Field, i int, c checker) bool {
	_, r := x.typed(c)
	return slices.ContainsFunc(r.problems, func(p Problem) bool { return strings.HasPrefix(p.Field, fd.Key+"."+strconv.Itoa(i)+".") })
}

// sharesAnswer compares what was written; what was only chosen is too often the same.
func sharesAnswer(a, b rawRow, fd *Field) bool {
	return slices.ContainsFunc(fd.Fields, func(f Field) bool {
		switch f.Kind {
		case Choice, Choices, YesNo, Tick:
			return false
		}
		return first(a.values[f.Key]) != "" && first(a.values[f.Key]) == first(b.values[f.Key])
	})
}

func setRow(out url.Values, fd *Field, i int, r rawRow) {
	for sub, typed := range r.values {
		out[fd.Key+"."+strconv.Itoa(i)+"."+sub] = slices.Clone(typed)
	}
}

func sameRow(a, b rawRow, fd *Field) bool {
	return !slices.ContainsFunc(fd.Fields, func(f Field) bool { return first(a.values[f.Key]) != first(b.values[f.Key]) })
}
