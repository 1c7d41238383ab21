package feedback

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"mashang/platform/store"
)

func selectGiven(ctx context.Context, q store.Queryer, id string) (g Given, known bool, err error) {
	var at, changed store.Time
	var reasons string
	err = q.QueryRowContext(ctx, `SELECT about, stage, programme, division, level, reasons, given_at, changed_at, work FROM feedback WHERE id = $1`, id).
		Scan(&g.About, &g.Stage, &g.Programme, &g.Division, &g.Level, &reasons, &at, &changed, &g.Work)
	if errors.Is(err, sql.ErrNoRows) {
		return Given{}, false, nil
	}
	g.Reasons, g.At, g.Changed = strings.Fields(reasons), at.Time, changed.Time
	return g, err == nil, err
}

// putGiven writes a rating, or what changed of it. That it was crowded is not
// forgotten by changing it.
func putGiven(ctx context.Context, q store.Queryer, id string, g Given, crowded bool, month string) error {
	_, err := q.ExecContext(ctx, `INSERT INTO feedback (id, about, stage, programme, division, level, reasons, crowded, month, given_at, changed_at, work)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (id) DO UPDATE SET level = excluded.level, reasons = excluded.reasons, changed_at = excluded.changed_at, work = excluded.work`,
		id, string(g.About), g.Stage, g.Programme, g.Division, int(g.Level), strings.Join(g.Reasons, " "), crowded, month, store.At(g.At), store.At(g.Changed), g.Work)
	return err
}

func deleteGiven(ctx context.Context, q store.Queryer, id string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM feedback WHERE id = $1`, id)
	return err
}

// selectCounts adds the ratings up; those that were crowded are counted apart.
func selectCounts(ctx context.Context, q store.Queryer, f Filter) ([]count, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (c count, err error) {
		err = rows.Scan(&c.Month, &c.About, &c.Programme, &c.Division, &c.level, &c.reasons, &c.crowded, &c.n)
		return c, err
	}, `SELECT month, about, programme, division, level, reasons, crowded, count(*) FROM feedback
		WHERE month >= $1 AND month <= $2 AND ($3 = '' OR about = $3) AND ($4 = '' OR programme = $4)
		GROUP BY month, about, programme, division, level, reasons, crowded`, f.From, f.To, string(f.About), f.Programme)
}
