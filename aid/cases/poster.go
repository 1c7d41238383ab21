package cases

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// What can be wrong with a poster.
const (
	PosterSticker = "sticker" // another code is pasted over it
	PosterAddress = "address" // it leads to an address that is not ours
	PosterMoney   = "money"   // it, or who stands beside it, asks for money or a password
	PosterDamaged = "damaged"
	PosterCovered = "covered"
	PosterGone    = "gone"
	PosterWrong   = "wrong" // it hangs in the wrong place, or says something else
	PosterOther   = "other"
)

// PosterFaults lists what can be wrong with a poster, the worst first.
func PosterFaults() []string {
	return []string{PosterAddress, PosterMoney, PosterSticker, PosterDamaged, PosterCovered, PosterGone, PosterWrong, PosterOther}
}

// PosterReport says that something is wrong with a poster. A resident who sees it and an inspector on a round file the
// same case. Nothing in it is personal but a phone number somebody leaves.
type PosterReport struct {
	Location       string // "" when the code is not ours
	Number         string // as printed on it
	Division       string
	Scope          []string // division codes, self first
	What           string
	From           string // "resident" or "inspection"
	Phone          string // of who tells, "" for none
	Where          string // where somebody saw it, in their words
	Said           string // a resident's own words
	Papers         []string
	IdempotencyKey string
}

// FilePoster files the report as a case inside the caller's transaction. While an earlier report of the same poster is
// open, this one follows it: it has a receipt of its own, and what is said of that case is said of it. Call Ring after
// the commit.
func (r *Registry) FilePoster(ctx context.Context, q store.Queryer, p PosterReport) (Filed, error) {
	if !slices.Contains(PosterFaults(), p.What) {
		return Filed{}, &problem.Error{Kind: problem.Invalid, Key: "problem.invalid"}
	}
	body := map[string]string{"what": p.What, "number": p.Number, "from": p.From}
	for name, text := range map[string]string{"phone": p.Phone, "where": p.Where, "said": p.Said} {
		if text != "" {
			body[name] = text
		}
	}
	summary := map[string]string{"what": p.What, "number": p.Number, "from": p.From}
	leader, known, err := r.OpenPoster(ctx, q, p.Location)
	if err != nil {
		return Filed{}, err
	}
	if known {
		summary["repeat_of"] = leader.Receipt
	}
	filed, err := r.FileTx(ctx, q, Filing{
		Kind: Poster, Location: p.Location, Division: p.Division, Scope: p.Scope, Body: body, Papers: p.Papers,
		Summary: summary, IdempotencyKey: p.IdempotencyKey,
	})
	if err != nil || !known || !filed.Fresh {
		return filed, err
	}
	if err := insertRepeat(ctx, q, filed.ID, leader.ID); err != nil {
		return Filed{}, fmt.Errorf("cases: file poster: %w", err)
	}
	return filed, nil
}

// OpenPoster is the open report of a poster that the others follow; false when nothing is reported.
func (r *Registry) OpenPoster(ctx context.Context, q store.Queryer, location string) (Case, bool, error) {
	if location == "" {
		return Case{}, false, nil
	}
	all, err := selectOpenPoster(ctx, q, location)
	if err != nil || len(all) == 0 {
		return Case{}, false, wrapped("open poster", err)
	}
	return all[0].Case, true, nil
}

// Reported lists, by location, the open report of every poster that has one.
func (r *Registry) Reported(ctx context.Context) (map[string]Case, error) {
	all, err := selectOpenPosters(ctx, r.DB)
	if err != nil {
		return nil, wrapped("reported", err)
	}
	by := make(map[string]Case, len(all))
	for _, one := range all {
		by[one.Place] = one.Case
	}
	return by, nil
}

// Repeats counts, by the id of the case they follow, the further reports of the same thing.
func (r *Registry) Repeats(ctx context.Context) (map[string]int, error) {
	n, err := countRepeats(ctx, r.DB)
	return n, wrapped("repeats", err)
}

// Followers are the further reports of a case, oldest first.
func (r *Registry) Followers(ctx context.Context, id string) ([]Case, error) {
	rows, err := selectFollowers(ctx, r.DB, id)
	if err != nil {
		return nil, wrapped("followers", err)
	}
	all := make([]Case, len(rows))
	for i, one := range rows {
		all[i] = one.Case
	}
	return all, nil
}

// follow says of the cases that follow c what the office said of it.
func (r *Registry) follow(ctx context.Context, q store.Queryer, c row, h happening, ev StatusEvent) error {
	if c.Kind != Poster {
		return nil
	}
	all, err := selectFollowers(ctx, q, c.ID)
	if err != nil {
		return err
	}
	for _, one := range all {
		same := h
		same.id, same.caseID, same.unusual = rand.Text(), one.ID, false
		if same.detail, err = r.sealDetail(one, same.id, ev); err != nil {
			return err
		}
		if err := r.happen(ctx, q, one, same); err != nil {
			return err
		}
	}
	return nil
}

// WithdrawTx ends a case inside the caller's transaction, for who filed it in somebody's name; one that is over stays
// as it is. Call Ring after the commit.
func (r *Registry) WithdrawTx(ctx context.Context, q store.Queryer, id string) error {
	c, err := selectByID(ctx, q, id)
	if err != nil {
		return wrapped("withdraw", err)
	}
	if c.Closed || c.Destroyed {
		return nil
	}
	_, err = r.own(ctx, q, c, "withdrawn")
	return wrapped("withdraw", err)
}

// ReceiptTx is the receipt of a case, inside the caller's transaction.
func (r *Registry) ReceiptTx(ctx context.Context, q store.Queryer, id string) (string, error) {
	c, err := selectByID(ctx, q, id)
	return c.Receipt, wrapped("receipt", err)
}

func wrapped(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("cases: %s: %w", what, err)
}
