package roster

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// standing is the condition under which a publication stands as $1 says at the moment $2; "" is all of them. It says in
// SQL what Publication.State says.
const standing = ` ($1 = '' OR $1 = CASE
	WHEN withdrawn_at IS NOT NULL THEN 'withdrawn'
	WHEN to_at <= $2 THEN 'ended'
	WHEN document = '' THEN 'undocumented'
	WHEN approved_at IS NULL THEN 'unapproved'
	WHEN from_at > $2 THEN 'later'
	ELSE 'shown' END) `

func countListed(ctx context.Context, q store.Queryer, state string, now time.Time) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM roster_publications WHERE`+standing, state, store.At(now)).Scan(&n)
	return n, err
}

type villageCount struct {
	village string
	n       int
}

func countByVillage(ctx context.Context, q store.Queryer, state string, now time.Time) ([]villageCount, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (c villageCount, err error) { err = rows.Scan(&c.village, &c.n); return c, err },
		`SELECT village, count(*) FROM roster_publications WHERE`+standing+`GROUP BY village`, state, store.At(now))
}

// selectListed gives publications newest first, of the villages when some are named.
func selectListed(ctx context.Context, q store.Queryer, state string, now time.Time, villages []string, limit, offset int) ([]Publication, error) {
	args, of := []any{state, store.At(now), limit, offset}, ""
	for i, village := range villages {
		args = append(args, village)
		of += fmt.Sprintf(", $%d", i+5)
	}
	if of != "" {
		of = `AND village IN (` + of[2:] + `) `
	}
	return store.All(ctx, q, scanPublication, `SELECT`+publicationColumns+`FROM roster_publications p WHERE`+standing+of+`ORDER BY made_at DESC, id LIMIT $3 OFFSET $4`, args...)
}

func selectLine(ctx context.Context, q store.Queryer, publication, entry string) (Entry, error) {
	found, err := store.All(ctx, q, scanLine, `SELECT`+lineColumns+`FROM roster_entries WHERE publication = $1 AND id = $2`, publication, entry)
	if err != nil {
		return Entry{}, err
	}
	if len(found) == 0 {
		return Entry{}, problem.New(problem.Missing, "roster.entry.unknown")
	}
	return found[0].Entry, nil
}
