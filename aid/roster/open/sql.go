package open

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"mashang/aid/roster"
	"mashang/platform/store"
)

func selectMonths(ctx context.Context, q store.Queryer) ([]Month, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (m Month, err error) { return m, rows.Scan(&m) }, `SELECT month FROM open_editions ORDER BY month`)
}

// insertMonth tells whether the month was not there yet.
func insertMonth(ctx context.Context, q store.Queryer, m Month, at time.Time) (bool, error) {
	res, err := q.ExecContext(ctx, `INSERT INTO open_editions (month, made_at) VALUES ($1, $2) ON CONFLICT (month) DO NOTHING`, int64(m), store.At(at))
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// selectFirst is when the earliest list that was public began.
func selectFirst(ctx context.Context, q store.Queryer) (at store.Time, err error) {
	err = q.QueryRowContext(ctx, `SELECT min(from_at) FROM roster_publications WHERE kind = $1 AND approved_at IS NOT NULL AND document <> ''`, roster.List).Scan(&at)
	return at, err
}

// selectRows gives what the lists come to that were in force at a moment. Their lines may be gone since.
func selectRows(ctx context.Context, q store.Queryer, at time.Time) ([]Row, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (r Row, err error) {
		return r, rows.Scan(&r.Place, &r.Programme, &r.Households, &r.Persons, &r.Cents)
	}, `SELECT village, programme, CAST(sum(households) AS BIGINT), CAST(sum(persons) AS BIGINT), CAST(sum(cents) AS BIGINT) FROM roster_publications
		WHERE kind = $1 AND approved_at IS NOT NULL AND document <> '' AND from_at <= $2 AND (to_at IS NULL OR to_at > $2) AND (withdrawn_at IS NULL OR withdrawn_at > $2)
		GROUP BY village, programme ORDER BY village, programme`, roster.List, store.At(at))
}

const cellColumns = ` month, place, parent, programme, hidden, households, persons, cents, calm `

func scanFigure(rows *sql.Rows) (f Figure, err error) {
	return f, rows.Scan(&f.Month, &f.Place, &f.Parent, &f.Programme, &f.Hidden, &f.Households, &f.Persons, &f.Cents, &f.Calm)
}

// selectHidden gives what an edition did not show.
func selectHidden(ctx context.Context, q store.Queryer, m Month) ([]Figure, error) {
	return store.All(ctx, q, scanFigure, `SELECT`+cellColumns+`FROM open_cells WHERE month = $1 AND hidden`, int64(m))
}

// selectPlace gives a place's own figures, from a month on.
func selectPlace(ctx context.Context, q store.Queryer, place string, from, to Month) ([]Figure, error) {
	return store.All(ctx, q, scanFigure, `SELECT`+cellColumns+`FROM open_cells WHERE place = $1 AND month BETWEEN $2 AND $3 ORDER BY month, programme`, place, int64(from), int64(to))
}

// selectParts gives the figures of what a place manages.
func selectParts(ctx context.Context, q store.Queryer, parent string, from, to Month) ([]Figure, error) {
	return store.All(ctx, q, scanFigure, `SELECT`+cellColumns+`FROM open_cells WHERE parent = $1 AND month BETWEEN $2 AND $3 ORDER BY month, place, programme`, parent, int64(from), int64(to))
}

// batch is how many cells one statement inserts.
const batch = 40

func insertCells(ctx context.Context, q store.Queryer, m Month, cells []Cell) error {
	const width = 9
	for at := 0; at < len(cells); at += batch {
		var b strings.Builder
		b.WriteString(`INSERT INTO open_cells (` + cellColumns + `) VALUES `)
		var args []any
		for i, c := range cells[at:min(at+batch, len(cells))] {
			for j := range width {
				b.WriteString(map[bool]string{true: ",", false: ""}[i > 0 || j > 0])
				b.WriteString(map[bool]string{true: "(", false: ""}[j == 0])
				fmt.Fprintf(&b, "$%d", i*width+j+1)
			}
			b.WriteByte(')')
			args = append(args, int64(m), c.Place, c.Parent, c.Programme, c.Hidden, c.Households, c.Persons, c.Cents, c.Calm)
		}
		if _, err := q.ExecContext(ctx, b.String(), args...); err != nil {
			return err
		}
	}
	return nil
}
