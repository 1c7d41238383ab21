package consent

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"mashang/aid/apply/form"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// How often a code may be guessed from one address and by everybody together, and how often the digits of one consent
// may be typed wrongly. Together it is many more, so that a neighbour cannot lock somebody out.
const (
	wrongCodes = 10
	restCodes  = 15 * time.Minute
	wrongAll   = 5000
	restAll    = 24 * time.Hour
	wrongProof = 5
	restProof  = 15 * time.Minute
	proofDay   = 40
)

// ByCode finds an asking by the code that was read out. Too many wrong ones lock the address for a while.
func (b *Book) ByCode(ctx context.Context, code, address string) (Record, error) {
	here, all := "consent:code:"+b.hash("address", address), "consent:codes"
	ok, retry, err := b.KV.Peek(ctx, all, wrongAll, restAll)
	if err == nil && ok { // counted before it is looked up: many tries at once are no more than many in turn
		ok, retry, err = b.KV.Allow(ctx, here, wrongCodes, restCodes)
	}
	if err != nil {
		return Record{}, wrap("by code", err)
	}
	if !ok {
		return Record{}, limited(retry)
	}
	rows, err := selectCode(ctx, b.DB, b.hash("code", plain(code)))
	if err != nil {
		return Record{}, wrap("by code", err)
	}
	if len(rows) == 1 {
		rec, err := b.current(rows[0])
		if err == nil {
			err = b.KV.Delete(ctx, here)
		}
		return rec, wrap("by code", err)
	}
	if _, _, err := b.KV.Allow(ctx, all, wrongAll, restAll); err != nil {
		return Record{}, wrap("by code", err)
	}
	return Record{}, problem.Field("code", "after.consent.code.wrong")
}

// plain writes a code as its letters were meant.
func plain(code string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, norm.NFKC.String(code[:min(len(code), 64)]))
}

func limited(retry time.Duration) error {
	return &problem.Error{Kind: problem.Limited, Key: "after.consent.locked", RetryAfter: retry}
}

// current opens a row, unless its asking ended unanswered.
func (b *Book) current(r row) (Record, error) {
	rec, err := b.open(r)
	if err == nil && rec.State == Asked && !rec.Until.After(b.Now()) {
		return Record{}, problem.New(problem.Gone, "after.consent.over")
	}
	return rec, err
}

// ByToken is the asking, or later the consent, behind a link.
func (b *Book) ByToken(ctx context.Context, q store.Queryer, token string) (Record, error) {
	rows, err := selectToken(ctx, q, b.hash("token", token))
	if err == nil && (len(rows) == 0 || token == "") {
		err = problem.New(problem.Missing, "after.consent.unknown")
	}
	if err != nil {
		return Record{}, wrap("by token", err)
	}
	rec, err := b.current(rows[0])
	return rec, wrap("by token", err)
}

// Check says what is wrong with a signature, before it is taken. An adult writes their own name; for a child, and for
// one who cannot sign, the guardian writes theirs.
func Check(s Signer, sig Signature, agreed bool) error {
	fields, args := map[string]string{}, map[string]map[string]string{}
	name := map[string]string{"name": s.Person}
	switch {
	case strings.TrimSpace(sig.Name) == "":
		fields["name"] = "after.sign.name.missing"
	case s.Minor || sig.Guardian:
		if form.SameName(sig.Name, s.Person) {
			fields["name"], args["name"] = "form.error.guardian", name
		}
	case !form.SameName(sig.Name, s.Person):
		fields["name"], args["name"] = "form.error.signature", name
	}
	if !agreed {
		fields["agree"], args["agree"] = "after.sign.agree.missing", name
	}
	if len(fields) == 0 {
		return nil
	}
	return &problem.Error{Kind: problem.Invalid, Key: "problem.invalid", Fields: fields, FieldArgs: args}
}

// Prove compares the last four of an identity number, where the applicant gave one. Five wrong ones rest.
func (b *Book) Prove(ctx context.Context, rec Record, last4, address string) error {
	if rec.Signer.Last4 == "" {
		return nil
	}
	here, all := "consent:proof:"+rec.ID+":"+address, "consent:proof:"+rec.ID
	ok, retry, err := b.KV.Peek(ctx, all, proofDay, restAll)
	if err == nil && ok {
		ok, retry, err = b.KV.Allow(ctx, here, wrongProof, restProof)
	}
	if err != nil {
		return wrap("prove", err)
	}
	if !ok {
		return limited(retry)
	}
	typed := strings.ToUpper(strings.TrimSpace(norm.NFKC.String(last4[:min(len(last4), 32)])))
	if typed == rec.Signer.Last4 {
		return wrap("prove", b.KV.Delete(ctx, here))
	}
	if _, _, err := b.KV.Allow(ctx, all, proofDay, restAll); err != nil {
		return wrap("prove", err)
	}
	if typed == "" {
		return problem.Field("last4", "after.sign.last4.missing")
	}
	return problem.Field("last4", "after.sign.last4.wrong")
}

// Sign takes a signature for a record that waits. The second of two phones finds it signed and changes nothing.
func (b *Book) Sign(ctx context.Context, q store.Queryer, rec Record, sig Signature, w Words) (Record, error) {
	if sig.Ink != "" && !Ink(sig.Ink) {
		sig.Ink = ""
	}
	now := b.Now()
	rec.State, rec.Signature, rec.Version, rec.SignedAt, rec.Until = Signed, sig, w.Version, now, time.Time{}
	return rec, b.change(ctx, q, rec, w, Open, Asked, Refused)
}

// Refuse notes that somebody will not sign. They may think again with the same link.
func (b *Book) Refuse(ctx context.Context, q store.Queryer, rec Record) (Record, error) {
	rec.State, rec.Until = Refused, time.Time{}
	return rec, b.change(ctx, q, rec, Words{}, Asked)
}

// Withdraw ends a consent that was given.
func (b *Book) Withdraw(ctx context.Context, q store.Queryer, rec Record) (Record, error) {
	rec.State, rec.Withdrawn = Withdrawn, b.Now()
	return rec, b.change(ctx, q, rec, Words{}, Signed)
}

// change writes a record whose row still stands in one of the states; else it is a Conflict. Words that are empty stay
// those of the record.
func (b *Book) change(ctx context.Context, q store.Queryer, rec Record, w Words, from ...State) error {
	var err error
	if len(w.Lines) > 0 {
		if rec.Words, err = w.keep(ctx, q, b.Now()); err != nil {
			return wrap("change", err)
		}
	}
	r, err := b.seal(rec, 0)
	if err != nil {
		return wrap("change", err)
	}
	var n int64
	for _, s := range from {
		if n > 0 {
			break
		}
		if n, err = updateRow(ctx, q, r, s); err != nil {
			return wrap("change", err)
		}
	}
	if n == 0 {
		return wrap("change", problem.New(problem.Conflict, "after.consent.changed"))
	}
	return nil
}

// Here takes a signature on the phone the application is filled in on, for somebody who may never have been asked.
func (b *Book) Here(ctx context.Context, q store.Queryer, o Owner, place int, s Signer, a Asking, sig Signature, w Words) error {
	old, known, err := b.find(ctx, q, o, s.Key)
	if err != nil {
		return wrap("here", err)
	}
	if sig.Ink != "" && !Ink(sig.Ink) {
		sig.Ink = ""
	}
	now := b.Now()
	rec := Record{ID: rand.Text(), Owner: o, State: Signed, Signer: s, Asking: a, Signature: sig, Version: w.Version, Made: now, SignedAt: now}
	if known {
		if old.State == Signed && old.Signature.Way == OnPhone {
			return nil // signed with their own hand meanwhile
		}
		rec.ID, rec.Made, rec.Code, rec.Token = old.ID, old.Made, old.Code, old.Token
		if same := old.State == Signed && form.SameName(old.Signature.Name, sig.Name) && old.Version == w.Version; same && sig.Ink == "" {
			rec.Signature.Ink, rec.SignedAt = old.Signature.Ink, old.SignedAt
		}
	}
	if rec.Words, err = w.keep(ctx, q, now); err != nil {
		return wrap("here", err)
	}
	r, err := b.seal(rec, place)
	if err != nil {
		return wrap("here", err)
	}
	_, err = putRow(ctx, q, r, old.State)
	return wrap("here", err)
}

// Vouch is Here for a name that was only typed, or that another program stands for. A signature of the same person to the
// same words stays as it is.
func (b *Book) Vouch(ctx context.Context, q store.Queryer, o Owner, place int, s Signer, a Asking, sig Signature, w Words) error {
	old, known, err := b.find(ctx, q, o, s.Key)
	if err != nil || known && old.State == Signed && old.Version == w.Version && form.SameName(old.Signature.Name, sig.Name) {
		return wrap("vouch", err)
	}
	return b.Here(ctx, q, o, place, s, a, sig, w)
}

// Settle hands the consents of a draft to the case it has become. Rows of people who are no longer in the household
// go; people without a row get an open one, so that the case can tell who is missing.
func (b *Book) Settle(ctx context.Context, q store.Queryer, from Owner, caseID string, all []Signer, a Asking) error {
	had, err := b.All(ctx, q, from)
	if err != nil {
		return err
	}
	for _, rec := range had {
		if !slices.ContainsFunc(all, func(s Signer) bool { return s.Key == rec.Signer.Key }) {
			if err := deleteRow(ctx, q, rec.ID); err != nil {
				return wrap("settle", err)
			}
		}
	}
	for i, s := range all {
		rec := Record{ID: rand.Text(), State: Open, Made: b.Now()}
		at := slices.IndexFunc(had, func(r Record) bool { return r.Signer.Key == s.Key })
		was := State("")
		if at >= 0 {
			rec, was = had[at], had[at].State
		}
		rec.Owner, rec.Signer, rec.Asking = Owner{Case: caseID}, s, a
		r, err := b.seal(rec, i)
		if err != nil {
			return wrap("settle", err)
		}
		n, err := putRow(ctx, q, r, was)
		if err == nil && n == 0 {
			err = problem.New(problem.Conflict, "after.consent.changed")
		}
		if err != nil {
			return wrap("settle", err)
		}
	}
	return nil
}
