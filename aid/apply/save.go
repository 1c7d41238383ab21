package apply

import (
	"context"
	"net/url"
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
		values, err := x.form.keep(p, answers)
		if err != nil {
			return err
		}
		if single {
			if values, prefix, err = x.putRow(p, row, values); err != nil {
				return err
			}
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
	return view, told(view.On(key), prefix)
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

// write seals a page as it now stands and moves the draft's expiry on.
func (d *Desk) write(ctx context.Context, q store.Queryer, x *folder, p *Page, values url.Values) error {
	before := x.pages[p.Key]
	now := d.Now()
	after := savedPage{Version: before.Version + 1, At: store.At(now).Time, Values: values}
	x.pages[p.Key] = after
	for i := range p.Fields {
		if f := &p.Fields[i]; f.Kind == Rows && f.Source == FromPersons {
			x.typed(d.checker()) // beside their persons, before they are kept
			after = x.pages[p.Key]
			if p.Kind == PageConsent {
				after.Marks = marks(after.Values, f, x.form.Version, now, before.Marks)
			}
		}
	}
	x.pages[p.Key] = after
	sealed, err := sealJSON(x.key, "page-"+p.Key, after)
	if err != nil {
		return err
	}
	if err := putPage(ctx, q, x.id, pageRow{page: p.Key, version: after.Version, sealed: sealed, updated: store.At(now)}); err != nil {
		return err
	}
	x.updated, x.expires, x.version = store.At(now), store.At(now.Add(keepDraft)), x.form.Version
	return touchDraft(ctx, q, x.id, x.version, now, now.Add(keepDraft))
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
		for i, s := range typed {
			typed[i] = strings.ToValidUTF8(s, "\uFFFD")
			size += len(name) + len(s)
		}
		out[name] = slices.Clone(typed)
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

// putRow puts one row among those that are there. A new row that is the same as the last one is that one: somebody
// tapped twice.
func (x *folder) putRow(p *Page, row string, values url.Values) (url.Values, string, error) {
	var fd *Field
	for i := range p.Fields {
		if p.Fields[i].Kind == Rows {
			fd = &p.Fields[i]
		}
	}
	if fd == nil {
		return nil, "", problem.New(problem.Missing, "apply.page.unknown")
	}
	rows := rawRows(x.pages[p.Key].Values, fd)
	sent := rawRows(values, fd)
	at, err := strconv.Atoi(row)
	switch {
	case row == "new":
		at = len(rows)
		if len(sent) > 0 && at > 0 && sameRow(sent[0], rows[at-1], fd) {
			at--
		}
	case err != nil || at < 0 || at > len(rows):
		return nil, "", problem.New(problem.Missing, "apply.page.unknown")
	}
	out := url.Values{}
	for i, r := range rows {
		if i != at {
			setRow(out, fd, i, r)
		}
	}
	if len(sent) > 0 {
		setRow(out, fd, at, sent[0])
	}
	kept, err := x.form.keep(p, out)
	return kept, fd.Key + "." + strconv.Itoa(at) + ".", err
}

func setRow(out url.Values, fd *Field, i int, r rawRow) {
	for sub, typed := range r.values {
		out[fd.Key+"."+strconv.Itoa(i)+"."+sub] = slices.Clone(typed)
	}
}

func sameRow(a, b rawRow, fd *Field) bool {
	return !slices.ContainsFunc(fd.Fields, func(f Field) bool { return first(a.values[f.Key]) != first(b.values[f.Key]) })
}

// DropRow takes row i of a posted page away and moves the following ones up, for a button that says so.
func DropRow(values url.Values, rows string, i int) url.Values {
	out := url.Values{}
	for name, typed := range values {
		rest, ok := strings.CutPrefix(name, rows+".")
		number, sub, nested := strings.Cut(rest, ".")
		n, err := strconv.Atoi(number)
		switch {
		case !ok || !nested || err != nil || n < i:
			out[name] = typed
		case n > i:
			out[rows+"."+strconv.Itoa(n-1)+"."+sub] = typed
		}
	}
	return out
}
