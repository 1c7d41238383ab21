package apply

import (
	"context"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"mashang/aid/apply/form"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// SavePage keeps what was typed on a page, right or wrong, and then says what is wrong with it: a problem.Error whose
// Fields are full field paths. page is a page's key; for a page of rows it may be "members.2" or "members.new", and
// then the other rows stay as they are. The draft is returned in either case, its Problems with the values their
// words need.
func (d *Desk) SavePage(ctx context.Context, id, secret, page string, answers url.Values) (Draft, error) {
	key, row, _ := strings.Cut(page, ".")
	var view Draft
	prefix := ""
	err := d.DB.Tx(ctx, func(q store.Queryer) error {
		x, err := d.open(ctx, q, id, secret)
		if err != nil {
			return err
		}
		p := x.form.Page(key)
		switch {
		case !x.closed.IsZero():
			return problem.New(problem.Conflict, "apply.draft.closed")
		case p == nil:
			return problem.New(problem.Missing, "apply.page.unknown")
		}
		next, at, err := x.take(p, row, answers, d.checker())
		if err != nil {
			return err
		}
		prefix = at
		if err := d.write(ctx, q, x, p, next); err != nil {
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

// take reads what was posted for a page, or a row of it, against what is kept by now.
func (x *folder) take(p *form.Page, row string, answers url.Values, c form.Checker) (next savedPage, prefix string, err error) {
	next = x.pages[p.Key]
	next.Version++
	if answers == nil {
		return next, "", nil
	}
	if answers.Has(AsideSeen) {
		next.Aside = nil
	}
	w, windowed := readWindow(answers.Get(Seen))
	if windowed && w.draft != TagOf(x.head.Secret) {
		return next, "", otherDraft()
	}
	beat, _ := strconv.ParseInt(answers.Get(Beat), 10, 64)
	if last, ok := next.Heard[w.name]; windowed && ok {
		if w.said = last.Said; beat > 0 && beat < last.Beat {
			return x.pages[p.Key], "", nil
		}
	}
	posted, aside := answers, map[string]string{}
	fields := p.Fields
	rows := p.Rows()
	if rows != nil && row != "" && row != "new" { // where the row stands by now
		to := row
		if p.EachPerson() {
			to = rowOf(rows, row, next.Values, posted)
		} else if windowed {
			to = sameRowAs(p.Fields, row, next.Values, w)
		}
		posted, row = renumber(posted, row, to), to
	}
	if answers.Has(Part) && row != "new" {
		_, r := x.typed(c)
		prefix := ""
		if rows != nil {
			prefix = rows.Key + "." + row + "."
		}
		fields = part(p, answers.Get(Part), func(name string) bool { return !r.Hidden[prefix+name] })
	}
	if windowed && row != "new" {
		next.hear(w, beat, fields, row, posted)
	}
	switch {
	case p.EachPerson() && row != "":
		prefix = rows.Key + "." + row + "."
		who := posted[prefix+"who"]
		if windowed {
			posted, next.By, aside = merge(fields, row, next, posted, w)
		}
		one := overlay(fields, row, next.Values, posted)
		if posted = maps.Clone(next.Values); posted == nil {
			posted = url.Values{}
		}
		maps.DeleteFunc(posted, func(name string, _ []string) bool { return strings.HasPrefix(name, prefix) })
		maps.Copy(posted, one)
		if len(who) > 0 {
			posted[prefix+"who"] = who
		}
	case row != "":
		if windowed && row != "new" {
			posted, _, aside = merge(fields, row, next, posted, w)
		}
		if answers.Has(Part) && row != "new" {
			posted = overlay(fields, row, next.Values, posted)
		}
		if posted, prefix, err = p.PutRow(next.Values, row, posted, func(prefix string) bool { return x.wrong(prefix, c) }); err != nil {
			return next, "", err
		}
		next.Begun = nil
	default:
		if posted, err = x.form.Keep(p, posted); err != nil {
			return next, "", err
		}
		if windowed {
			posted, next.By, aside = merge(fields, "", next, posted, w)
		}
		if answers.Has(Part) {
			posted = overlay(fields, "", next.Values, posted)
		}
	}
	if next.Values, err = x.form.Keep(p, posted); err != nil {
		return next, "", err
	}
	if len(aside) > 0 {
		next.Aside = maps.Clone(next.Aside)
		if next.Aside == nil {
			next.Aside = map[string]string{}
		}
		maps.Copy(next.Aside, aside)
	}
	return next, prefix, nil
}

// otherDraft is said of a page that belongs to another draft than the one this browser holds by now.
func otherDraft() *problem.Error { return problem.New(problem.Conflict, "papers.other") }

// Jot keeps what stands on a page while somebody is still typing, and calls nothing wrong. A row that was only begun
// waits beside the others until it is added.
func (d *Desk) Jot(ctx context.Context, id, secret, page string, answers url.Values) (Draft, error) {
	key, row, _ := strings.Cut(page, ".")
	if row != "new" {
		v, err := d.SavePage(ctx, id, secret, page, answers)
		if problem.Is(err, problem.Invalid) {
			err = nil
		}
		return v, err
	}
	var view Draft
	err := d.DB.Tx(ctx, func(q store.Queryer) error {
		x, err := d.open(ctx, q, id, secret)
		if err != nil {
			return err
		}
		p := x.form.Page(key)
		switch {
		case !x.closed.IsZero():
			return problem.New(problem.Conflict, "apply.draft.closed")
		case p == nil:
			return problem.New(problem.Missing, "apply.page.unknown")
		}
		if w, ok := readWindow(answers.Get(Seen)); ok && w.draft != TagOf(x.head.Secret) {
			return otherDraft()
		}
		next := x.pages[key]
		if next.Begun, err = x.form.Keep(p, renumber(answers, "new", "0")); err != nil {
			return err
		}
		next.Begun = renumber(next.Begun, "0", "new")
		if err := d.write(ctx, q, x, p, next); err != nil {
			return err
		}
		view = d.view(x, nil)
		return nil
	})
	if err != nil {
		return Draft{}, wrap("jot", err)
	}
	return view, nil
}

// RemoveRow takes a row away from a page of rows and returns what stood in it.
func (d *Desk) RemoveRow(ctx context.Context, id, secret, page string, row int) (url.Values, error) {
	gone := url.Values{}
	err := d.DB.Tx(ctx, func(q store.Queryer) error {
		x, err := d.open(ctx, q, id, secret)
		if err != nil {
			return err
		}
		p := x.form.Page(page)
		switch {
		case !x.closed.IsZero():
			return problem.New(problem.Conflict, "apply.draft.closed")
		case p == nil:
			return problem.New(problem.Missing, "apply.page.unknown")
		}
		next, left := x.pages[page], url.Values{}
		clear(gone)
		for name, typed := range next.Values {
			if _, rest, _ := strings.Cut(name, "."); strings.HasPrefix(rest, strconv.Itoa(row)+".") {
				gone[name] = typed
			} else {
				left[name] = typed
			}
		}
		if next.Values, err = x.form.Keep(p, left); err != nil || len(gone) == 0 {
			return err
		}
		next.Version++
		return d.write(ctx, q, x, p, next)
	})
	if err != nil {
		return nil, wrap("remove row", err)
	}
	return gone, nil
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
func told(problems []form.Problem, prefix string) error {
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
func (d *Desk) write(ctx context.Context, q store.Queryer, x *folder, p *form.Page, next savedPage) error {
	before := maps.Clone(x.pages)
	now := d.Now()
	next.At = store.At(now).Time
	x.pages[p.Key] = next
	x.typed(d.checker())
	for key, after := range x.pages {
		if key != p.Key && reflect.DeepEqual(after.Values, before[key].Values) {
			continue
		}
		after.Marks = before[key].Marks
		if page := x.form.Page(key); page != nil && page.Kind == form.PageConsent && key == p.Key {
			after.Marks = form.Marks(after.Values, x.form.Field("consents"), x.form.Version, now, after.Marks)
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

// wrong tells whether the row with a prefix is not right as it stands.
func (x *folder) wrong(prefix string, c form.Checker) bool {
	_, r := x.typed(c)
	return slices.ContainsFunc(r.Problems, func(p form.Problem) bool { return strings.HasPrefix(p.Field, prefix) })
}
