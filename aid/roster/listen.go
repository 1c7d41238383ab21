package roster

import (
	"context"
	"fmt"

	"mashang/platform/store"
)

// Listen gives lines from before names were hashed by their sound that hash, as far as the list shows names whole; of a
// masked name nobody knows any more how it sounds, and such a line is found by its exact name until the next list. It
// goes on where it was broken off, list by list, and step is told how far it is.
func (b *Board) Listen(ctx context.Context, step func(done, of int64)) error {
	keys, err := b.hashes(ctx)
	if err != nil {
		return fmt.Errorf("roster: listen: %w", err)
	}
	waiting, err := selectUnheard(ctx, b.DB)
	if err != nil {
		return fmt.Errorf("roster: listen: %w", err)
	}
	for i, id := range waiting {
		step(int64(i), int64(len(waiting)))
		err := b.DB.Tx(ctx, func(q store.Queryer) error {
			p, err := selectPublication(ctx, q, id)
			if err != nil {
				return err
			}
			lines, err := selectUnheardLines(ctx, q, id)
			if err != nil {
				return err
			}
			for _, line := range lines {
				hash, sound := keys.of(p.Village, line.Name)
				if hash != line.hash {
					sound = 0 // one name that was covered by itself
				}
				if err := setSound(ctx, q, line.ID, sound); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("roster: listen: %w", err)
		}
	}
	step(int64(len(waiting)), int64(len(waiting)))
	return nil
}
