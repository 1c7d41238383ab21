//go:build slow

package notify

import (
	"context"
	"crypto/rand"
	"fmt"

	"mashang/platform/privacy"
	"mashang/platform/store"
)

// Crowd subscribes n people at once, without codes.
func (d *Desk) Crowd(ctx context.Context, w Wish, n int) error {
	return d.DB.Tx(ctx, func(q store.Queryer) error {
		for i := range n {
			phone := fmt.Sprintf("138%08d", i)
			s := subscription{id: rand.Text(), person: d.who(privacy.Phone(phone)), place: w.Place, lang: w.Lang, state: pending, consent: Consent, consented: store.At(d.Now())}
			if _, err := d.seals(&s, whole{Phone: phone, Situations: w.Situations}); err != nil {
				return err
			}
			if err := insertPeople(ctx, q, s); err != nil {
				return err
			}
			if _, err := updateConfirmed(ctx, q, s.id, d.Now()); err != nil {
				return err
			}
		}
		return nil
	})
}
