package cases

import (
	"context"
	"fmt"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// NoteTx adds something to a case that does not move it on, such as a signature that came later, and tells the office
// in the caller's transaction. body is sealed; more holds thin and open fields for the message. A case whose personal
// part was destroyed is Gone. Call Ring after the commit.
func (r *Registry) NoteTx(ctx context.Context, q store.Queryer, id string, body any, more map[string]any) error {
	c, err := selectByID(ctx, q, id)
	switch {
	case err != nil:
	case c.Destroyed:
		err = problem.New(problem.Gone, "status.destroyed")
	case r.machine.Kinds[c.Kind].Supplemented == "":
		err = fmt.Errorf("a %s takes no notes", c.Kind)
	default:
		at := r.now()
		if err = r.add(ctx, q, c, body, nil, at); err == nil {
			err = r.tell(ctx, q, c.Case, r.machine.Kinds[c.Kind].Supplemented, at, more)
		}
	}
	if err != nil {
		return fmt.Errorf("cases: note: %w", err)
	}
	return nil
}
