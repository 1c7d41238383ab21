package apply

import (
	"context"
	"slices"

	"mashang/aid/apply/consent"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/text"
)

// What a message says happened to a consent. Which member it was stands in the sealed part only.
const (
	consentGiven     = "consent"
	consentRefused   = "consent_refused"
	consentWithdrawn = "consent_withdrawn"
)

// consentNote is what the office reads about it.
type consentNote struct {
	Consent Given `json:"consent"`
}

// Given is a consent as the office reads it.
type Given struct {
	Member   string        `json:"member"`
	Person   string        `json:"person"`
	State    consent.State `json:"state"`
	Version  string        `json:"version,omitempty"`
	Name     string        `json:"name,omitempty"`
	Guardian bool          `json:"guardian,omitempty"`
	Way      string        `json:"way,omitempty"`
}

// Deed is what a member does with an asking.
type Deed struct {
	Signature consent.Signature
	Agreed    bool
	Last4     string
	Address   string
	Words     consent.Words
}

// SignLater takes the signature of a member on their own phone. Of two phones the first one signs.
func (d *Desk) SignLater(ctx context.Context, token string, in Deed) (rec consent.Record, err error) {
	return d.member(ctx, "sign later", token, consentGiven, func(book *consent.Book, q store.Queryer, rec consent.Record) (consent.Record, error) {
		if rec.State == consent.Signed {
			return rec, nil
		}
		in.Signature.Way = consent.OnPhone
		return book.Sign(ctx, q, rec, in.Signature, in.Words)
	}, func(book *consent.Book, rec consent.Record) error {
		if rec.State == consent.Signed {
			return nil
		}
		if err := consent.Check(rec.Signer, in.Signature, in.Agreed); err != nil {
			return err
		}
		return book.Prove(ctx, rec, in.Last4, in.Address)
	})
}

// RefuseConsent notes that a member will not sign.
func (d *Desk) RefuseConsent(ctx context.Context, token string) (consent.Record, error) {
	return d.member(ctx, "refuse consent", token, consentRefused, func(book *consent.Book, q store.Queryer, rec consent.Record) (consent.Record, error) {
		if rec.State == consent.Refused {
			return rec, nil
		}
		return book.Refuse(ctx, q, rec)
	}, nil)
}

// WithdrawConsent ends a consent at the wish of the one who gave it, by their own link.
func (d *Desk) WithdrawConsent(ctx context.Context, token string) (consent.Record, error) {
	return d.member(ctx, "withdraw consent", token, consentWithdrawn, func(book *consent.Book, q store.Queryer, rec consent.Record) (consent.Record, error) {
		if rec.State == consent.Withdrawn {
			return rec, nil
		}
		return book.Withdraw(ctx, q, rec)
	}, nil)
}

type deed func(book *consent.Book, q store.Queryer, rec consent.Record) (consent.Record, error)

// member does something with the asking behind a link: first what may be refused, then the deed and the word about it
// in one transaction.
func (d *Desk) member(ctx context.Context, what, token, told string, do deed, first func(*consent.Book, consent.Record) error) (rec consent.Record, err error) {
	book, err := d.Consents(ctx)
	if err != nil {
		return rec, wrap(what, err)
	}
	if rec, err = book.ByToken(ctx, d.DB, token); err == nil && first != nil {
		err = first(book, rec)
	}
	if err != nil {
		return consent.Record{}, wrap(what, err)
	}
	err = d.DB.Tx(ctx, func(q store.Queryer) error {
		if rec, err = book.ByToken(ctx, q, token); err != nil {
			return err
		}
		was := rec.State
		if rec, err = do(book, q, rec); err != nil || rec.State == was {
			return err
		}
		return d.tellConsent(ctx, book, q, rec, told)
	})
	if err != nil {
		return consent.Record{}, wrap(what, err)
	}
	d.Cases.Ring()
	return rec, nil
}

// tellConsent tells the office of a case; while it is a draft nobody is to be told.
func (d *Desk) tellConsent(ctx context.Context, book *consent.Book, q store.Queryer, rec consent.Record, what string) error {
	if rec.Owner.Case == "" {
		return nil
	}
	all, err := book.All(ctx, q, rec.Owner)
	if err != nil {
		return err
	}
	missing := 0
	for _, one := range all {
		if one.State != consent.Signed {
			missing++
		}
	}
	return d.Cases.NoteTx(ctx, q, rec.Owner.Case, consentNote{stateOf(rec)}, map[string]any{"what": what, "consents_missing": missing})
}

func stateOf(rec consent.Record) Given {
	return Given{Member: rec.Signer.Member, Person: rec.Signer.Person, State: rec.State, Version: rec.Version, Name: rec.Signature.Name, Guardian: rec.Signature.Guardian, Way: rec.Signature.Way}
}

// CaseConsents lists the consents of a case.
func (d *Desk) CaseConsents(ctx context.Context, caseID string) ([]consent.Record, error) {
	book, err := d.Consents(ctx)
	if err != nil {
		return nil, wrap("case consents", err)
	}
	all, err := book.All(ctx, d.DB, consent.Owner{Case: caseID})
	return all, wrapped("case consents", err)
}

// AskForCase makes a code for somebody whose consent a case still misses.
func (d *Desk) AskForCase(ctx context.Context, caseID, id string) (rec consent.Record, err error) {
	book, err := d.Consents(ctx)
	if err != nil {
		return rec, wrap("ask for case", err)
	}
	err = d.DB.Tx(ctx, func(q store.Queryer) error {
		all, err := book.All(ctx, q, consent.Owner{Case: caseID})
		if err != nil {
			return err
		}
		at := slices.IndexFunc(all, func(r consent.Record) bool { return r.ID == id })
		switch {
		case at < 0:
			return problem.New(problem.Missing, "after.consent.unknown")
		case all[at].State == consent.Withdrawn:
			return problem.New(problem.Conflict, "after.consent.changed")
		}
		rec, err = book.Ask(ctx, q, all[at].Owner, at, all[at].Signer, all[at].Asking)
		return err
	})
	return rec, wrapped("ask for case", err)
}

// WithdrawHere ends a consent from the page of its case, for a member who has no link of their own. They say who they
// are by the last four of their own identity number; where the application does not know it, by their name.
func (d *Desk) WithdrawHere(ctx context.Context, caseID, id, proof, address string) error {
	book, err := d.Consents(ctx)
	if err != nil {
		return wrap("withdraw here", err)
	}
	pick := func(q store.Queryer) (consent.Record, error) {
		all, err := book.All(ctx, q, consent.Owner{Case: caseID})
		at := slices.IndexFunc(all, func(r consent.Record) bool { return r.ID == id })
		if err == nil && at < 0 {
			err = problem.New(problem.Missing, "after.consent.unknown")
		}
		if err != nil {
			return consent.Record{}, err
		}
		return all[at], nil
	}
	rec, err := pick(d.DB)
	switch {
	case err != nil:
		return wrap("withdraw here", err)
	case rec.Signer.Last4 != "":
		err = book.Prove(ctx, rec, proof, address)
	default:
		err = consent.Check(rec.Signer, consent.Signature{Name: text.Clean(proof), Guardian: rec.Signature.Guardian}, true)
	}
	if err != nil {
		return wrap("withdraw here", err)
	}
	err = d.DB.Tx(ctx, func(q store.Queryer) error {
		rec, err := pick(q)
		if err != nil || rec.State == consent.Withdrawn {
			return err
		}
		if rec, err = book.Withdraw(ctx, q, rec); err != nil {
			return err
		}
		return d.tellConsent(ctx, book, q, rec, consentWithdrawn)
	})
	if err != nil {
		return wrap("withdraw here", err)
	}
	d.Cases.Ring()
	return nil
}

// Forget destroys what belongs to cases beside their papers, when the case room has destroyed them.
func (d *Desk) Forget(ctx context.Context, cases ...string) error {
	book, err := d.Consents(ctx)
	if err != nil {
		return wrap("forget", err)
	}
	return wrapped("forget", d.DB.Tx(ctx, func(q store.Queryer) error {
		for _, id := range cases {
			if err := book.Forget(ctx, q, consent.Owner{Case: id}); err != nil {
				return err
			}
			if err := deleteDeeds(ctx, q, id); err != nil {
				return err
			}
		}
		return nil
	}))
}
