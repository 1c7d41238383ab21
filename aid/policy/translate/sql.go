package translate

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"mashang/i18n"
	"mashang/platform/store"
)

// Read reads what is known of the objects of a kind; of all kinds when it is "".
func Read(ctx context.Context, q store.Queryer, kind string) (*Ledger, error) {
	g := &Ledger{sources: map[spot][]string{}}
	type row struct {
		spot
		source string
	}
	all, err := store.All(ctx, q, func(r *sql.Rows) (one row, err error) {
		var lang string
		err = r.Scan(&one.Kind, &one.ID, &one.form, &lang, &one.made, &one.source)
		one.lang = i18n.Lang(lang)
		return one, err
	}, `SELECT kind, object, form, lang, made, source FROM translation_sources WHERE kind = $1 OR $1 = '' ORDER BY at, source_sum`, kind)
	if err != nil {
		return nil, fmt.Errorf("translate: read: %w", err)
	}
	for _, one := range all {
		g.sources[one.spot] = append(g.sources[one.spot], one.source)
	}
	return g, nil
}

func insertSource(ctx context.Context, q store.Queryer, s spot, source string, now time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO translation_sources (kind, object, form, lang, made, source_sum, source, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (kind, object, form, lang, made, source_sum) DO UPDATE SET at = excluded.at`,
		s.Kind, s.ID, s.form, string(s.lang), s.made, Sum(source), source, store.At(now))
	return err
}

func deleteSource(ctx context.Context, q store.Queryer, s spot, source string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM translation_sources WHERE kind = $1 AND object = $2 AND form = $3 AND lang = $4 AND made = $5 AND source_sum = $6`,
		s.Kind, s.ID, s.form, string(s.lang), s.made, Sum(source))
	return err
}
