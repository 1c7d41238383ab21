package listen

import (
	"context"
	"database/sql"
	"fmt"

	"mashang/platform/store"
)

func read(ctx context.Context, q store.Queryer, programme string) ([]Recording, error) {
	all, err := store.All(ctx, q, func(r *sql.Rows) (x Recording, err error) {
		return x, r.Scan(&x.Programme, &x.Section, &x.Lang, &x.File, &x.Mime, &x.Size, &x.Words)
	}, `SELECT programme, section, lang, file, mime, size, words FROM recordings WHERE programme = $1 ORDER BY section, lang`, programme)
	if err != nil {
		return nil, fmt.Errorf("listen: read: %w", err)
	}
	return all, nil
}

func write(ctx context.Context, q store.Queryer, r Recording) (err error) {
	if r.File == "" {
		_, err = q.ExecContext(ctx, `DELETE FROM recordings WHERE programme = $1 AND section = $2 AND lang = $3`, r.Programme, r.Section, r.Lang)
	} else {
		_, err = q.ExecContext(ctx, `INSERT INTO recordings (programme, section, lang, file, mime, size, words) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (programme, section, lang) DO UPDATE SET file = excluded.file, mime = excluded.mime, size = excluded.size, words = excluded.words`,
			r.Programme, r.Section, r.Lang, r.File, r.Mime, r.Size, r.Words)
	}
	if err != nil {
		return fmt.Errorf("listen: write: %w", err)
	}
	return nil
}
