package roster

import (
	"context"
	"database/sql"

	"mashang/platform/store"
)

// selectUnheard lists the publications that show names whole and have lines without a sound.
func selectUnheard(ctx context.Context, q store.Queryer) ([]string, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (id string, err error) { err = rows.Scan(&id); return id, err },
		`SELECT p.id FROM roster_publications p WHERE p.mask = $1 AND p.forgotten_at IS NULL
		AND EXISTS (SELECT 1 FROM roster_entries e WHERE e.publication = p.id AND e.sound IS NULL) ORDER BY p.id`, Full)
}

func selectUnheardLines(ctx context.Context, q store.Queryer, publication string) ([]lineOf, error) {
	return store.All(ctx, q, scanLine, `SELECT`+lineColumns+`FROM roster_entries WHERE publication = $1 AND sound IS NULL ORDER BY position`, publication)
}

func setSound(ctx context.Context, q store.Queryer, entry string, sound int64) error {
	_, err := q.ExecContext(ctx, `UPDATE roster_entries SET sound = $2 WHERE id = $1`, entry, sound)
	return err
}
