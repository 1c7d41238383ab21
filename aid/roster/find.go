package roster

import (
	"context"
	"fmt"
)

// Find gives one publication, whatever its state; an unknown one is Missing.
func (b *Board) Find(ctx context.Context, id string) (Publication, error) {
	p, err := selectPublication(ctx, b.DB, id)
	if err != nil {
		return Publication{}, fmt.Errorf("roster: find: %w", err)
	}
	return p, nil
}
