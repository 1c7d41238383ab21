package apply

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"mashang/aid/apply/form"
	"mashang/aid/cases"
	"mashang/aid/place"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/text"
)

// mostSaid is how much somebody may write about one thing.
const mostSaid = 2000

// Corrections lists what of one's own answers may be put right: what a person gets wrong, in the words they use for it.
func Corrections() []string {
	return []string{"phone", "address", "identity", "household", "money", "bank", "other"}
}

// Correction is a mistake in what was handed in.
type Correction struct {
	What  string `json:"what"`
	Now   string `json:"now"`             // as it should read
	Said  string `json:"said,omitempty"`  // anything else
	Bank  string `json:"bank,omitempty"`  // of an account
	Owner string `json:"owner,omitempty"` // of an account
	Key   string `json:"-"`               // the same key twice is one correction
}

// correctionNote is what the office reads.
type correctionNote struct {
	Correction Correction `json:"correction"`
}

// Correct tells the office of a mistake. Nothing that was handed in is overwritten: the office sees both. A case that
// is decided takes none; there it is a change.
func (d *Desk) Correct(ctx context.Context, v cases.View, c Correction) error {
	c.Now, c.Said = strings.TrimSpace(form.Paragraphs(c.Now)), strings.TrimSpace(form.Paragraphs(c.Said))
	c.Bank, c.Owner = text.Clean(c.Bank), text.Clean(c.Owner)
	if err := c.check(); err != nil {
		return wrap("correct", err)
	}
	if v.Closed {
		return wrap("correct", problem.New(problem.Conflict, "cases.closed"))
	}
	return d.deed(ctx, "correct", v, "correct", c.What, c.Key, func(q store.Queryer) error {
		return d.Cases.NoteTx(ctx, q, v.ID, correctionNote{c}, map[string]any{"what": "correction", "about": c.What})
	})
}

func (c *Correction) check() error {
	bad := map[string]string{}
	args := map[string]map[string]string{}
	if !slices.Contains(Corrections(), c.What) {
		bad["what"] = "after.what.missing"
	}
	switch {
	case c.Now == "":
		bad["now"] = "after.now.missing"
	case utf8.RuneCountInString(c.Now) > mostSaid:
		bad["now"] = "form.error.long"
		args["now"] = map[string]string{"max": strconv.Itoa(mostSaid), "n": strconv.Itoa(utf8.RuneCountInString(c.Now))}
	case c.What == "phone":
		phone, err := privacy.CheckPhone(c.Now)
		if err != nil {
			bad["now"] = "after.now.phone"
			break
		}
		c.Now = phone.Plain()
	case c.What == "bank":
		digits := strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, text.Fold(c.Now))
		if len(digits) < 8 || len(digits) > 30 {
			bad["now"] = "after.now.bank"
			break
		}
		c.Now = digits
	}
	if len(bad) == 0 {
		return nil
	}
	return &problem.Error{Kind: problem.Invalid, Key: "problem.invalid", Fields: bad, FieldArgs: args}
}

// CaseDeed is something a resident did with a case that did not move it on.
type CaseDeed struct {
	Kind, About string
	At          time.Time
}

// Deeds lists them, oldest first.
func (d *Desk) Deeds(ctx context.Context, caseID string) ([]CaseDeed, error) {
	all, err := selectDeeds(ctx, d.DB, caseID)
	return all, wrapped("deeds", err)
}

// deed does something once for a key, with what must go with it in the same transaction.
func (d *Desk) deed(ctx context.Context, what string, v cases.View, kind, about, key string, do func(store.Queryer) error) error {
	if key == "" {
		key = kind + about + strconv.FormatInt(d.Now().UnixMilli(), 10)
	}
	index, err := d.Secrets.Get(ctx, "apply.index", 32)
	if err != nil {
		return wrap(what, err)
	}
	err = d.DB.Tx(ctx, func(q store.Queryer) error {
		n, err := insertDeed(ctx, q, v.ID, privacy.Blind(index, "apply.deed", key), CaseDeed{kind, about, d.Now()})
		if err != nil || n == 0 || do == nil {
			return err
		}
		return do(q)
	})
	if err != nil {
		return wrap(what, err)
	}
	d.Cases.Ring()
	return nil
}

// Note records a deed, once for a key, with what else must be in its transaction.
func (d *Desk) Note(ctx context.Context, v cases.View, kind, key string, do func(store.Queryer) error) error {
	return d.deed(ctx, "note", v, kind, "", key, do)
}

// Objection is what somebody says against a decision.
type Objection struct {
	Said string `json:"said"`
	Want string `json:"want,omitempty"` // recheck, reasons, other
	Key  string `json:"-"`
}

// Wants lists what an objection may ask for.
func Wants() []string { return []string{"recheck", "reasons", "other"} }

// disputed is what the county's office reads.
type disputed struct {
	Objection
	About  string `json:"about"`
	Status string `json:"status"` // the decision it is against
}

// Dispute files an objection to a decision with the county, which is above who decided. The way to court and to
// reconsideration stays open beside it.
func (d *Desk) Dispute(ctx context.Context, v cases.View, o Objection, proof string) (cases.Filed, error) {
	o.Said = strings.TrimSpace(form.Paragraphs(o.Said))
	bad := map[string]string{}
	args := map[string]map[string]string{}
	switch n := utf8.RuneCountInString(o.Said); {
	case o.Said == "":
		bad["said"] = "after.object.missing"
	case n > mostSaid:
		bad["said"], args["said"] = "form.error.long", map[string]string{"max": strconv.Itoa(mostSaid), "n": strconv.Itoa(n)}
	}
	if !slices.Contains(Wants(), o.Want) {
		bad["want"] = "after.what.missing"
	}
	if len(bad) > 0 {
		return cases.Filed{}, wrap("dispute", &problem.Error{Kind: problem.Invalid, Key: "problem.invalid", Fields: bad, FieldArgs: args})
	}
	county := CountyOf(d.Places.Atlas(), v.Division)
	filed, err := d.Cases.File(ctx, cases.Filing{Kind: cases.Dispute, Programme: v.Programme, Division: county, Scope: d.Places.Atlas().Chain(county),
		Body: disputed{o, v.Receipt, v.Status}, Summary: map[string]string{"against": v.Status}, Proof: proof, IdempotencyKey: o.Key, Identity: "none", About: v.Receipt})
	return filed, wrapped("dispute", err)
}

// CountyOf is the county above a division, or the root.
func CountyOf(a *place.Atlas, division string) string {
	for _, code := range a.Chain(division) {
		if one, ok := a.Division(code); ok && one.Level == place.County {
			return code
		}
	}
	return a.Root().Code
}

// Changes lists what may have changed in a household.
func Changes() []string {
	return []string{"money", "people", "death", "address", "phone", "other"}
}

// Report says that something has changed for somebody who is helped, or has applied.
type Report struct {
	What  string `json:"what"`
	When  string `json:"when,omitempty"`
	Said  string `json:"said"`
	Name  string `json:"name,omitempty"` // whose it is, where no case says so
	Phone string `json:"phone,omitempty"`
	Proof bool   `json:"proved"` // who reports it has the case's receipt and proof

	Case  *cases.View `json:"-"` // nil: somebody who stands in the village
	Place string      `json:"-"`
	Pin   string      `json:"-"` // the proof of the new case, where one is known
	Key   string      `json:"-"`
}

// Report files a change. It wipes nothing: the office looks and decides what follows from it.
func (d *Desk) Report(ctx context.Context, r Report) (cases.Filed, error) {
	r.Said, r.When, r.Name, r.Phone = strings.TrimSpace(form.Paragraphs(r.Said)), text.Clean(r.When), text.Clean(r.Name), text.Clean(r.Phone)
	bad := map[string]string{}
	args := map[string]map[string]string{}
	if !slices.Contains(Changes(), r.What) {
		bad["what"] = "after.what.missing"
	}
	if r.Said == "" {
		bad["said"] = "after.change.said.missing"
	}
	if r.Case == nil && r.Name == "" {
		bad["name"] = "after.change.name.missing"
	}
	for field, s := range map[string]string{"said": r.Said, "when": r.When, "name": r.Name, "phone": r.Phone} {
		most := 60
		if field == "said" {
			most = mostSaid
		}
		if n := utf8.RuneCountInString(s); n > most {
			bad[field], args[field] = "form.error.long", map[string]string{"max": strconv.Itoa(most), "n": strconv.Itoa(n)}
		}
	}
	if r.Phone != "" && bad["phone"] == "" {
		if phone, err := privacy.CheckPhone(r.Phone); err != nil {
			bad["phone"] = "after.now.phone"
		} else {
			r.Phone = phone.Plain()
		}
	}
	if len(bad) > 0 {
		return cases.Filed{}, wrap("report", &problem.Error{Kind: problem.Invalid, Key: "problem.invalid", Fields: bad, FieldArgs: args})
	}
	f := cases.Filing{Kind: cases.Change, Body: r, Summary: map[string]string{"what": r.What}, Proof: r.Pin, IdempotencyKey: r.Key, Identity: "none"}
	if v := r.Case; v != nil {
		f.Programme, f.Location, f.Division, f.About = v.Programme, v.Place, d.Places.Atlas().Standing(v.Division), v.Receipt
	} else {
		spot, _ := d.callPlace(r.Place)
		f.Location, f.Division = placeOf(spot), spot.Division.Code
	}
	f.Scope = d.Places.Atlas().Chain(f.Division)
	filed, err := d.Cases.File(ctx, f)
	return filed, wrapped("report", err)
}

// Renew begins a new application with the answers of an earlier one, so that only what has changed is asked. What was
// signed is signed again: the words may be others by now, and so may the household.
func (d *Desk) Renew(ctx context.Context, v cases.View) (Draft, error) {
	doc, err := d.caseDocument(ctx, v.Receipt)
	if err != nil {
		return Draft{}, wrap("renew", err)
	}
	f, ok := form.Of(doc.Programme)
	if !ok {
		return Draft{}, wrap("renew", problem.New(problem.Missing, "apply.form.unknown"))
	}
	at := doc.Place
	if at == "" {
		at = d.Places.Atlas().Standing(doc.Division)
	}
	draft, err := d.Start(ctx, doc.Programme, at)
	if problem.Is(err, problem.Invalid) && doc.Place != "" { // the poster is no more; the village is
		draft, err = d.Start(ctx, doc.Programme, d.Places.Atlas().Standing(doc.Division))
	}
	if err != nil {
		return Draft{}, err
	}
	x := f.Flatten(doc.Answers)
	setFor(x.Values, doc.For)
	for i := range f.Pages {
		p := &f.Pages[i]
		if p.Kind != form.PagePlain {
			continue
		}
		values, err := f.Keep(p, x.Values)
		if err != nil || len(values) == 0 {
			continue // what an older form asked for is asked again
		}
		if _, err := d.SavePage(ctx, draft.ID, draft.Secret, p.Key, values); err != nil && !problem.Is(err, problem.Invalid) {
			return Draft{}, wrap("renew", err)
		}
	}
	err = d.DB.Tx(ctx, func(q store.Queryer) error {
		x, err := d.open(ctx, q, draft.ID, draft.Secret)
		if err != nil {
			return err
		}
		x.head.Renews = v.Receipt
		sealed, err := sealJSON(x.key, "head", x.head)
		if err != nil {
			return err
		}
		return updateHead(ctx, q, draft.ID, sealed)
	})
	if err != nil {
		return Draft{}, wrap("renew", err)
	}
	return d.Draft(ctx, draft.ID, draft.Secret)
}

func (d *Desk) caseDocument(ctx context.Context, receipt string) (Document, error) {
	var doc Document
	raw, err := d.Cases.Body(ctx, receipt)
	if err != nil {
		return doc, err
	}
	return doc, json.Unmarshal(raw, &doc)
}

// OwnPhone is the number an application gives, which texts about it may go to; "" when it gives none.
func (d *Desk) OwnPhone(ctx context.Context, v cases.View) (privacy.Phone, error) {
	doc, err := d.caseDocument(ctx, v.Receipt)
	if err != nil {
		return "", wrap("own phone", err)
	}
	for _, s := range []string{form.TextAt(doc.Answers, "applicant.phone"), doc.For.Phone} {
		if phone, err := privacy.CheckPhone(s); err == nil && strings.HasPrefix(phone.Plain(), "1") {
			return phone, nil
		}
	}
	return "", nil
}
