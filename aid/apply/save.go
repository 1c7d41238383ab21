package apply

import (
	"context"
	"maps"
	"net/url"
	"reflect"
	"slices"
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
	key, row, single := strings.Cut(page, ".")
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
		values := answers
		if single {
			if values, prefix, err = p.PutRow(x.pages[key].Values, row, answers, func(prefix string) bool { return x.wrong(prefix, d.checker()) }); err != nil {
				return err
			}
		}
		if values, err = x.form.Keep(p, values); err != nil {
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
func (d *Desk) write(ctx context.Context, q store.Queryer, x *folder, p *form.Page, values url.Values) error {
	before := maps.Clone(x.pages)
	now := d.Now()
	x.pages[p.Key] = savedPage{Version: before[p.Key].Version + 1, At: store.At(now).Time, Values: values}
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
