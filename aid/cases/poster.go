package cases

import (
	"context"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// What can be wrong with a poster.
const (
	PosterSticker = "sticker" // another code is pasted over it
	PosterDamaged = "damaged"
	PosterCovered = "covered"
	PosterGone    = "gone"
	PosterWrong   = "wrong" // it hangs in the wrong place, or says something else
	PosterOther   = "other"
)

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
	Said           string // a resident's own words
	Papers         []string
	IdempotencyKey string
}

// FilePoster files the report as a case inside the caller's transaction. Call Ring after its commit.
func (r *Registry) FilePoster(ctx context.Context, q store.Queryer, p PosterReport) (Filed, error) {
	switch p.What {
	case PosterSticker, PosterDamaged, PosterCovered, PosterGone, PosterWrong, PosterOther:
	default:
		return Filed{}, &problem.Error{Kind: problem.Invalid, Key: "problem.invalid"}
	}
	body := map[string]string{"what": p.What, "number": p.Number, "from": p.From}
	for name, text := range map[string]string{"phone": p.Phone, "said": p.Said} {
		if text != "" {
			body[name] = text
		}
	}
	return r.FileTx(ctx, q, Filing{
		Kind: Poster, Location: p.Location, Division: p.Division, Scope: p.Scope, Body: body, Papers: p.Papers,
		Summary:        map[string]string{"what": p.What, "number": p.Number, "from": p.From},
		IdempotencyKey: p.IdempotencyKey,
	})
}
