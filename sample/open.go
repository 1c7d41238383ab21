package sample

import (
	"context"
	"fmt"

	"mashang/aid/roster"
	"mashang/aid/roster/open"
)

// pastMonths is how far the sample county's open figures go back.
const pastMonths = 11

// figures are the months before the first list, made up from the lists of now so that the pages have a past to show:
// every village a little different from month to month, slowly growing.
func (p Parts) figures(ctx context.Context) error {
	book := &open.Book{DB: p.DB, Secrets: p.Board.Secrets, Places: p.Places, Now: p.Now}
	made, err := book.Months(ctx)
	if err != nil || len(made) > 0 {
		return err
	}
	lists, err := p.Board.All(ctx, "", 5000)
	if err != nil {
		return fmt.Errorf("sample: figures: %w", err)
	}
	now := open.MonthOf(p.Now())
	for m := now - pastMonths; m < now; m++ {
		draw, back := seeded(uint64(m)), int(now-m)
		var rows []open.Row
		for _, one := range lists {
			if one.Kind != roster.List || one.Document == "" || one.Households == 0 {
				continue
			}
			n := max(1, one.Households-draw.IntN(2)-back*one.Households/120)
			rows = append(rows, open.Row{Place: one.Village, Programme: one.Programme, Households: n,
				Persons: max(n, one.Persons*n/one.Households), Cents: one.Cents * int64(n) / int64(one.Households)})
		}
		if err := book.Put(ctx, m, rows); err != nil {
			return fmt.Errorf("sample: figures: %w", err)
		}
	}
	return nil
}
