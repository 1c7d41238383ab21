package apply

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"mashang/aid/apply/consent"
	"mashang/aid/apply/form"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// Consents is the book of who agreed to be checked.
func (d *Desk) Consents(ctx context.Context) (*consent.Book, error) {
	index, err := d.Secrets.Get(ctx, "apply.index", 32)
	if err != nil {
		return nil, err
	}
	return d.book(index), nil
}

func (d *Desk) book(index []byte) *consent.Book {
	return &consent.Book{DB: d.DB, Keys: d.Keys, Index: index, KV: d.KV, Now: d.Now}
}

// ConsentWords are what people agree to, in a language.
func (d *Desk) ConsentWords(l i18n.Lang, version string) consent.Words {
	w := consent.Words{Version: version, Lang: string(l)}
	for i := 1; d.Words != nil; i++ {
		title, text := "after.consent.words."+strconv.Itoa(i)+".h", "after.consent.words."+strconv.Itoa(i)
		if !d.Words.Has(text) {
			break
		}
		w.Lines = append(w.Lines, d.Words.T(l, title), d.Words.T(l, text))
	}
	return w
}

// Consenter is somebody whose consent an application needs, and where it stands.
type Consenter struct {
	consent.Signer
	Row    int            // of the signing page, -1 for those who are not of the household
	State  consent.State  // "" when neither asked nor signed
	Record consent.Record // zero when they only wrote their name
	Name   string         // as typed on the page
}

// Unsigned is somebody whose consent is still missing.
type Unsigned struct {
	Member string `json:"member"`
	Person string `json:"person"`
	State  string `json:"state"` // asked, refused, open
}

// signers are the household and those who owe it support, in the order in which they are listed.
func signers(r form.Reading) []consent.Signer {
	all := make([]consent.Signer, 0, len(r.Persons))
	for _, p := range r.Persons {
		s := consent.Signer{Key: p.Key, Member: p.Path, Person: p.Name, Minor: p.Minor}
		if id := form.TextAt(r.Doc, "applicant.id"); p.Path == "applicant" {
			s.Last4 = last4(id)
		}
		all = append(all, s)
	}
	at := 1 // rows that were typed and left empty have no person
	rows, _ := r.Doc["members"].([]any)
	for _, one := range rows {
		row, _ := one.(map[string]any)
		if id, _ := row["id"].(string); at < len(all) {
			if name, _ := row["name"].(string); name == all[at].Person {
				all[at].Last4 = last4(id)
			}
		}
		at++
	}
	rows, _ = r.Doc["supporters"].([]any)
	seen := map[string]int{}
	for i, one := range rows {
		row, _ := one.(map[string]any)
		name, _ := row["name"].(string)
		if name == "" {
			continue
		}
		id, _ := row["id"].(string)
		key := "supporter:" + name
		if seen[key]++; seen[key] > 1 {
			key += " (" + strconv.Itoa(seen[key]) + ")"
		}
		all = append(all, consent.Signer{Key: key, Member: "supporters." + strconv.Itoa(i), Person: name, Last4: last4(id)})
	}
	return all
}

func last4(id string) string { return id[max(0, len(id)-4):] }

// excuse drops what is missing on the signing page of people who are asked on their own phone. The law lets the
// application be filed; the case says who is missing.
func (x *folder) excuse(r form.Reading) form.Reading {
	if len(x.consents) == 0 {
		return r
	}
	r.Problems = slices.DeleteFunc(slices.Clone(r.Problems), func(p form.Problem) bool {
		rest, ok := strings.CutPrefix(p.Field, "consents.")
		number, _, _ := strings.Cut(rest, ".")
		i, err := strconv.Atoi(number)
		return ok && err == nil && i < len(r.Persons) && x.elsewhere(r.Persons[i].Key)
	})
	return r
}

// elsewhere tells whether somebody was asked on a phone of their own, whatever they answered.
func (x *folder) elsewhere(key string) bool {
	i := slices.IndexFunc(x.consents, func(r consent.Record) bool { return r.Signer.Key == key })
	return i >= 0 && (x.consents[i].State != consent.Signed || x.consents[i].Signature.Way == consent.OnPhone)
}

// signers are those of a draft whose form asks anybody.
func (x *folder) signers(r form.Reading) []consent.Signer {
	if x.form.PageOf("consents") == "" {
		return nil
	}
	return signers(r)
}

// consents adds to the names on the page those that were written on phones of their own, and names who is missing.
func (doc *Document) consents(had []consent.Record) {
	for _, s := range doc.given.signers {
		if slices.ContainsFunc(doc.Consents, func(c form.Consent) bool { return c.Member == s.Member }) {
			continue
		}
		state := consent.Open
		if at := slices.IndexFunc(had, func(r consent.Record) bool { return r.Signer.Key == s.Key }); at >= 0 {
			if state = had[at].State; state == consent.Signed {
				sig := had[at].Signature
				doc.Consents = append(doc.Consents, form.Consent{Member: s.Member, Person: s.Person, Version: had[at].Version, Name: sig.Name, Guardian: sig.Guardian, At: had[at].SignedAt.UTC()})
				continue
			}
		}
		doc.Missing = append(doc.Missing, Unsigned{Member: s.Member, Person: s.Person, State: string(state)})
	}
}

// asking is what a member is told.
func (d *Desk) asking(doc Document) consent.Asking {
	a := consent.Asking{Applicant: form.TextAt(doc.Answers, "applicant.name"), Programme: doc.Programme, Division: doc.Division}
	if doc.For.Kind != "self" {
		a.Filler = doc.For.Name
	}
	return a
}

// consenters are all whose consent a draft needs.
func (x *folder) consenters(c form.Checker) []Consenter {
	all, r := x.typed(c)
	var out []Consenter
	for i, s := range signers(r) {
		one := Consenter{Signer: s, Row: -1}
		if i < len(r.Persons) {
			one.Row = i
			path := consentPath(i)
			one.Name = all.Get(path + ".name")
			wrong := slices.ContainsFunc(r.Problems, func(p form.Problem) bool { return strings.HasPrefix(p.Field, path+".") })
			if all.Get(path+".agree") != "" && !wrong {
				one.State = consent.Signed
			}
		}
		if at := slices.IndexFunc(x.consents, func(r consent.Record) bool { return r.Signer.Key == s.Key }); at >= 0 {
			rec := x.consents[at]
			if one.State == "" && (one.Row < 0 || x.elsewhere(s.Key)) {
				one.State = rec.State
			}
			one.Record = rec
		}
		out = append(out, one)
	}
	return out
}

// Consenters lists whose consent a draft needs.
func (d *Desk) Consenters(ctx context.Context, id, secret string) ([]Consenter, error) {
	x, err := d.open(ctx, d.DB, id, secret)
	if err != nil {
		return nil, wrap("consenters", err)
	}
	if x.form.PageOf("consents") == "" || !x.closed.IsZero() {
		return nil, nil
	}
	return x.consenters(d.checker()), nil
}

// SignHere takes the signature of one of them on this phone, right or not at all.
func (d *Desk) SignHere(ctx context.Context, id, secret string, n int, sig consent.Signature, agreed bool, w consent.Words) error {
	book, err := d.Consents(ctx)
	if err != nil {
		return wrap("sign here", err)
	}
	return wrapped("sign here", d.DB.Tx(ctx, func(q store.Queryer) error {
		x, one, err := d.consenter(ctx, q, id, secret, n)
		if err != nil {
			return err
		}
		if err := consent.Check(one.Signer, sig, agreed); err != nil {
			return err
		}
		w.Version = x.form.Version
		sig.Way = consent.OnScreen
		if one.Row >= 0 {
			page := x.form.Page(x.form.PageOf("consents"))
			next := x.pages[page.Key]
			values := maps.Clone(next.Values)
			if values == nil {
				values = url.Values{}
			}
			path := consentPath(one.Row) + "."
			values.Set(path+"who", one.Key)
			values.Set(path+"name", sig.Name)
			values.Set(path+"agree", "yes")
			values.Del(path + "guardian")
			if sig.Guardian && !one.Minor {
				values.Set(path+"guardian", "yes")
			}
			next.Version++
			next.Values = values
			if err := d.write(ctx, q, x, page, next); err != nil {
				return err
			}
		}
		doc, _ := d.document(x, nil)
		return book.Here(ctx, q, consent.Owner{Draft: id}, n, one.Signer, d.asking(doc), sig, w)
	}))
}

func wrapped(deed string, err error) error {
	if err == nil {
		return nil
	}
	return wrap(deed, err)
}

func (d *Desk) consenter(ctx context.Context, q store.Queryer, id, secret string, n int) (*folder, Consenter, error) {
	x, err := d.open(ctx, q, id, secret)
	if err != nil {
		return nil, Consenter{}, err
	}
	if !x.closed.IsZero() {
		return nil, Consenter{}, problem.New(problem.Conflict, "apply.draft.closed")
	}
	if x.form.PageOf("consents") == "" {
		return nil, Consenter{}, problem.New(problem.Missing, "apply.page.unknown")
	}
	all := x.consenters(d.checker())
	if n < 0 || n >= len(all) {
		return nil, Consenter{}, problem.New(problem.Missing, "apply.page.unknown")
	}
	return x, all[n], nil
}

// AskConsent makes the code with which one of them signs on their own phone.
func (d *Desk) AskConsent(ctx context.Context, id, secret string, n int) (rec consent.Record, err error) {
	book, err := d.Consents(ctx)
	if err != nil {
		return rec, wrap("ask consent", err)
	}
	err = d.DB.Tx(ctx, func(q store.Queryer) error {
		x, one, err := d.consenter(ctx, q, id, secret, n)
		if err != nil {
			return err
		}
		if one.State == consent.Signed {
			rec = one.Record
			return problem.New(problem.Conflict, "after.consent.changed")
		}
		doc, _ := d.document(x, nil)
		rec, err = book.Ask(ctx, q, consent.Owner{Draft: id}, n, one.Signer, d.asking(doc))
		return err
	})
	return rec, wrapped("ask consent", err)
}

// given is what an application brings along: the names that were typed, and all whose consent it needs.
type given struct {
	typed   []form.Consent
	signers []consent.Signer
	way     string
}

// settle hands the consents over to the case, those that only a program or a typed name vouches for too, and opens a
// place for those that are missing. A form that asks for none has no signers.
func (d *Desk) settle(ctx context.Context, q store.Queryer, index []byte, draft, caseID string, doc Document) error {
	g := doc.given
	if len(g.signers) == 0 {
		return nil
	}
	book, a := d.book(index), d.asking(doc)
	o := consent.Owner{Draft: draft}
	if draft == "" {
		o = consent.Owner{Case: caseID}
	}
	for i, s := range g.signers {
		at := slices.IndexFunc(g.typed, func(c form.Consent) bool { return c.Member == s.Member })
		if at < 0 {
			continue
		}
		c := g.typed[at]
		sig := consent.Signature{Name: c.Name, Guardian: c.Guardian, Way: g.way}
		if err := book.Vouch(ctx, q, o, i, s, a, sig, d.ConsentWords(i18n.Hans, c.Version)); err != nil {
			return err
		}
	}
	return book.Settle(ctx, q, o, caseID, g.signers, a)
}
