package cases

import (
	"context"

	"mashang/platform/store"
)

// tie notes which earlier case a new one is about, and gives that one's receipt as it is kept.
func (r *Registry) tie(ctx context.Context, q store.Queryer, caseID, receipt string) (string, error) {
	if receipt == "" {
		return "", nil
	}
	about, err := selectByReceipt(ctx, q, plain(receipt))
	if err != nil {
		return "", err
	}
	return about.Receipt, insertAbout(ctx, q, caseID, about.ID)
}

// Related are the cases that stand in one chain with a case: which it is about, and what was filed about it since, the
// oldest first. A case has one decision, so each of them is reached in one step.
type Related struct {
	About *Case
	Since []Case
}

// Related finds what a case is about and what was filed about it.
func (r *Registry) Related(ctx context.Context, id string) (Related, error) {
	var out Related
	about, err := selectAbout(ctx, r.DB, id)
	if err != nil {
		return out, wrapped("related", err)
	}
	if len(about) > 0 {
		out.About = &about[0].Case
	}
	since, err := selectSince(ctx, r.DB, id)
	for _, one := range since {
		out.Since = append(out.Since, one.Case)
	}
	return out, wrapped("related", err)
}
