package apply

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"mashang/aid/apply/consent"
	"mashang/aid/apply/form"
	"mashang/aid/cases"
	"mashang/aid/place"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// Review is the whole draft as it stands, read and checked.
type Review struct {
	Draft    Draft
	Form     form.Def
	For      For
	Answers  map[string]any // those that were asked for and are right
	Consents []form.Consent
	Problems []form.Problem // in page order; empty means it can be handed in
}

// Document is what the back office fetches: everything that was said, and nothing that it did not ask for.
type Document struct {
	Programme   string         `json:"programme"`
	FormVersion string         `json:"form_version"`
	Place       string         `json:"place,omitempty"`
	Division    string         `json:"division"`
	For         For            `json:"for"`
	Answers     map[string]any `json:"answers"`
	Sums        form.Sums      `json:"sums"`
	Consents    []form.Consent `json:"consents"`
	Missing     []Unsigned     `json:"consents_missing,omitempty"` // asked to sign on their own phone, or not asked yet
	Papers      []Attached     `json:"papers"`
	Renews      string         `json:"renews,omitempty"` // the receipt of the case whose answers it began with

	given given
}

// Attached is a paper of an application.
type Attached struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
}

// Check reads and checks the whole draft.
func (d *Desk) Check(ctx context.Context, id, secret string) (Review, error) {
	x, err := d.open(ctx, d.DB, id, secret)
	if err != nil {
		return Review{}, wrap("check", err)
	}
	papers, err := selectDraftPapers(ctx, d.DB, id)
	if err != nil {
		return Review{}, wrap("check", err)
	}
	v := Review{Draft: d.view(x, papers), Form: x.form.Def}
	if v.Draft.Closed {
		return v, nil
	}
	doc, problems := d.document(x, papers)
	v.For, v.Answers, v.Consents, v.Problems = doc.For, doc.Answers, doc.Consents, problems
	return v, nil
}

// document is the draft as it would be filed, and what stands against that.
func (d *Desk) document(x *folder, papers []paperRow) (Document, []form.Problem) {
	_, r := x.typed(d.checker())
	signed := x.pages[x.form.PageOf("consents")].Marks
	doc := documentOf(x.form, r)
	doc.Place, doc.Division = x.place, d.Places.Atlas().Standing(x.division) // the village may have merged since
	doc.Consents = r.Consents(x.form.Version, signed, d.Now())
	for _, c := range doc.Consents {
		if c.Version != x.form.Version { // the text changed after it was signed
			i := slices.IndexFunc(r.Persons, func(p form.Person) bool { return p.Path == c.Member })
			r.Problems = append(r.Problems, form.Problem{Page: x.form.PageOf("consents"), Field: consentPath(i) + ".agree", Key: "form.error.consent.again"})
		}
	}
	doc.Renews = x.head.Renews
	doc.given = given{typed: doc.Consents, signers: x.signers(r), way: consent.OnScreen}
	doc.consents(x.consents)
	r = x.excuse(r)
	for _, p := range papers {
		if p.State == PaperSaved {
			doc.Papers = append(doc.Papers, Attached{ID: p.ID, Kind: p.Kind})
		}
	}
	return doc, r.Problems
}

// documentOf is what a form makes of a reading, as a document without its place.
func documentOf(f *form.Form, r form.Reading) Document {
	answers := form.Prune(r.Doc)
	doc := Document{Programme: f.Programme, FormVersion: f.Version, For: forOf(r.Doc), Answers: answers, Sums: r.Sums(), Papers: []Attached{}}
	delete(answers, "for")
	delete(answers, "consents")
	return doc
}

func forOf(doc map[string]any) For {
	kind := form.TextAt(doc, "for.kind")
	if kind == "" { // the form does not ask: who fills it in is who applies
		kind = "self"
	}
	return For{Kind: kind, Name: form.TextAt(doc, "for.name"), Phone: form.TextAt(doc, "for.phone"), Relation: form.TextAt(doc, "for.relation"),
		Unit: form.TextAt(doc, "for.unit"), Entrust: form.TextAt(doc, "for.entrusted") == "yes"}
}

// Submit checks the draft once more and files it; the draft's id is the idempotency key, so a double tap and a second
// tab get the same receipt. A draft with problems is refused with Fields and keeps everything.
func (d *Desk) Submit(ctx context.Context, id, secret string) (cases.Filed, error) {
	index, err := d.Secrets.Get(ctx, "apply.index", 32) // before the transaction: making it needs one of its own
	if err != nil {
		return cases.Filed{}, wrap("submit", err)
	}
	var filed cases.Filed
	err = d.DB.Tx(ctx, func(q store.Queryer) error {
		x, err := d.open(ctx, q, id, secret)
		if err != nil {
			return err
		}
		if !x.closed.IsZero() {
			filed, err = d.replied(x)
			return err
		}
		papers, err := selectDraftPapers(ctx, q, id)
		if err != nil {
			return err
		}
		doc, problems := d.document(x, papers)
		if err := told(problems, ""); err != nil {
			return err
		}
		f := d.filing(doc, index, "draft:"+id)
		if f.Helper, err = selectDraftHelper(ctx, q, id); err != nil {
			return err
		}
		if filed, err = d.Cases.FileTx(ctx, q, f); err != nil {
			return err
		}
		if err := d.settle(ctx, q, index, id, filed.ID, doc); err != nil {
			return err
		}
		return d.close(ctx, q, x, doc, papers, filed)
	})
	if err != nil {
		return cases.Filed{}, wrap("submit", err)
	}
	d.Cases.Ring()
	return filed, nil
}

// replied is the receipt that a draft got when it was handed in.
func (d *Desk) replied(x *folder) (cases.Filed, error) {
	var filed cases.Filed
	b, err := d.Keys.Open("drafts", x.id, "reply", x.reply)
	if err != nil {
		return filed, err
	}
	err = json.Unmarshal(b, &filed)
	filed.Fresh = false
	return filed, err
}

// close moves the papers to the case, destroys what was typed and keeps the receipt.
func (d *Desk) close(ctx context.Context, q store.Queryer, x *folder, doc Document, papers []paperRow, filed cases.Filed) error {
	for _, p := range papers {
		if p.State != PaperSaved {
			if err := d.shred(ctx, q, p.ID); err != nil {
				return err
			}
		}
	}
	for _, a := range doc.Papers {
		if err := d.hand(ctx, q, a.ID, x.id, filed.ID); err != nil {
			return err
		}
	}
	b, err := json.Marshal(filed)
	if err != nil {
		return err
	}
	reply, err := d.Keys.Seal("drafts", x.id, "reply", b)
	if err != nil {
		return err
	}
	return closeDraft(ctx, q, x.id, reply, d.Now())
}

// hand gives a paper from a draft, or from nobody, to a case.
func (d *Desk) hand(ctx context.Context, q store.Queryer, paper, draft, caseID string) error {
	n, err := handPaper(ctx, q, paper, draft, caseID)
	if err == nil && n == 0 {
		err = problem.New(problem.Missing, "apply.paper.unknown")
	}
	if err != nil {
		return err
	}
	return d.Vault.Hand(ctx, q, paper, owner(draft), "case:"+caseID)
}

// filing is what the case room is given. The message that goes out holds nothing personal.
func (d *Desk) filing(doc Document, index []byte, key string) cases.Filing {
	id := privacy.ID(form.TextAt(doc.Answers, "applicant.id"))
	f := cases.Filing{Kind: cases.Application, Programme: doc.Programme, Location: doc.Place, Division: doc.Division,
		Scope: d.Places.Atlas().Chain(doc.Division), Body: doc, Proof: id.Last4(), IdempotencyKey: key, Topic: "application.submitted",
		Identity: "none", For: doc.For.Kind, Unique: true, About: doc.Renews}
	subject := "applicant.id"
	asked, ok := form.At(doc.Programme, doc.FormVersion)
	if ok && asked.Subject != "" {
		subject = asked.Subject
	}
	if who := privacy.ID(form.TextAt(doc.Answers, subject)); who != "" {
		f.Person = privacy.Blind(index, "apply.person", who.Plain())
	}
	if ok && asked.Kind == form.Referral {
		f.Kind, f.Topic, f.Unique = cases.Referral, "referral.sent", false
	}
	for _, p := range doc.Papers {
		f.Papers = append(f.Papers, p.ID)
	}
	return f
}

// File files a whole application at once, with the checks a resident's pages have; field paths are those of the schema.
func (d *Desk) File(ctx context.Context, a Application) (cases.Filed, error) {
	f, ok := form.Of(a.Programme)
	if !ok {
		return cases.Filed{}, wrap("file", problem.Field("programme", "apply.form.unknown"))
	}
	if f.Field("applicant.name") == nil {
		return d.fileCall(ctx, a)
	}
	doc, err := d.whole(f, a)
	if err != nil {
		return cases.Filed{}, wrap("file", err)
	}
	index, err := d.Secrets.Get(ctx, "apply.index", 32)
	if err != nil {
		return cases.Filed{}, wrap("file", err)
	}
	var filed cases.Filed
	err = d.DB.Tx(ctx, func(q store.Queryer) error {
		doc := doc
		var taken error
		if doc.Papers, taken, err = d.named(ctx, q, a.Papers); err != nil {
			return err
		}
		filed, err = d.Cases.FileTx(ctx, q, d.filing(doc, index, a.IdempotencyKey))
		if err == nil && !filed.Fresh { // it came before, and took the papers then
			return nil
		}
		if err = cmp.Or(taken, err); err != nil { // whether somebody has a case is not told to who could not have filed one
			return err
		}
		for i, p := range doc.Papers {
			if err := d.hand(ctx, q, p.ID, "", filed.ID); err != nil {
				return paperProblem(err, i)
			}
		}
		return d.settle(ctx, q, index, "", filed.ID, doc)
	})
	if err != nil {
		return cases.Filed{}, wrap("file", err)
	}
	d.Cases.Ring()
	return filed, nil
}

// named looks up the papers an application names. taken is the word about the first that is not free: it is no error of
// an application that comes a second time.
func (d *Desk) named(ctx context.Context, q store.Queryer, ids []string) (all []Attached, taken, err error) {
	all = []Attached{}
	for i, id := range ids {
		if i >= mostPapers {
			return nil, nil, problem.Field(paperPath(i), "apply.paper.many.all")
		}
		p, err := selectPaper(ctx, q, id)
		switch {
		case err != nil:
			return nil, nil, paperProblem(err, i)
		case p.State != PaperSaved:
			return nil, nil, problem.Field(paperPath(i), "apply.paper.unfinished")
		case taken == nil && (p.draft != "" || p.caseID != "" || slices.Contains(ids[:i], id)):
			taken = problem.Field(paperPath(i), "apply.paper.unknown")
		}
		all = append(all, Attached{ID: p.ID, Kind: p.Kind})
	}
	return all, taken, nil
}

func paperProblem(err error, i int) error {
	var told *problem.Error
	if errors.As(err, &told) && told.Kind == problem.Missing {
		return problem.Field(paperPath(i), "apply.paper.unknown")
	}
	return err
}

// placed is the spot an application names; its own problem when there is none.
func (d *Desk) placed(code string) (place.Spot, error) {
	if code == "" {
		return place.Spot{}, problem.Field("place", "apply.place.missing")
	}
	return d.spot(code)
}
