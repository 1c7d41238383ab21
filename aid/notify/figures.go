package notify

import (
	"context"
	"fmt"
	"slices"
	"time"

	"mashang/aid/policy"
	"mashang/i18n"
)

// Figures are how it stands, without a person in them.
type Figures struct {
	Subscribed, Pending, Left int
	Planned, Queued           int
	Today, Month              map[string]int // by reason
	Failed                    int            // offered to a gateway on several days and never taken, this month
	CappedDays                int            // this month
	After                     int            // people who were sent a text after they had left: must be 0
}

// Figures counts.
func (d *Desk) Figures(ctx context.Context) (Figures, error) {
	now := d.Now()
	y, m, _ := now.In(i18n.Shanghai).Date()
	month := time.Date(y, m, 1, 0, 0, 0, 0, i18n.Shanghai)
	f, err := selectFigures(ctx, d.DB, month)
	if err == nil {
		f.Today, err = selectByReason(ctx, d.DB, midnight(now))
	}
	if err == nil {
		f.Month, err = selectByReason(ctx, d.DB, month)
	}
	if err != nil {
		return Figures{}, fmt.Errorf("notify: figures: %w", err)
	}
	return f, nil
}

// Reach says how many people a change of a programme's standards at a place would be told of: those below the place
// whom the programme concerns, and for whom no nearer place has a standard of its own in all its variants.
func (d *Desk) Reach(ctx context.Context, programme, at string) (n int, err error) {
	shelf := d.Library.Shelf()
	p, ok := shelf.Programme(programme)
	if !ok {
		return 0, nil
	}
	reached := map[string]bool{}
	for after := ""; ; {
		people, err := selectActive(ctx, d.DB, after, page)
		if err != nil {
			return 0, fmt.Errorf("notify: reach: %w", err)
		}
		if len(people) == 0 {
			return n, nil
		}
		for _, s := range people {
			after = s.id
			hit, known := reached[s.place]
			if !known {
				hit = d.reaches(shelf, programme, at, s.place)
				reached[s.place] = hit
			}
			if !hit {
				continue
			}
			if _, w, err := d.opens(s); err == nil && concerns(shelf, p, w.Situations) {
				n++
			}
		}
	}
}

// reaches tells whether a figure set at a place is the one that holds at another below it.
func (d *Desk) reaches(shelf *policy.Shelf, programme, at, below string) bool {
	chain := d.chain(below)
	i := slices.Index(chain, at)
	if i < 0 {
		return false
	}
	rows := shelf.Standards(chain, programme, d.Now())
	return len(rows) == 0 || slices.ContainsFunc(rows, func(a policy.Amount) bool { return slices.Index(chain, a.Place) >= i })
}
