package roster

import (
	"context"
	"database/sql"
	"time"

	"mashang/platform/store"
)

func insertDeed(ctx context.Context, q store.Queryer, id, publication string, d Deed) error {
	_, err := q.ExecContext(ctx, `INSERT INTO roster_deeds (id, publication, at, deed, actor, detail, households, persons, cents, list_hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		id, publication, store.At(d.At), d.What, d.By, d.Detail, d.Sums.Households, d.Sums.Persons, d.Sums.Cents, d.Hash)
	return err
}

func selectDeeds(ctx context.Context, q store.Queryer, publication string) ([]Deed, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (Deed, error) {
		var d Deed
		var at store.Time
		err := rows.Scan(&at, &d.What, &d.By, &d.Detail, &d.Sums.Households, &d.Sums.Persons, &d.Sums.Cents, &d.Hash)
		d.At = at.Time
		return d, err
	}, `SELECT at, deed, actor, detail, households, persons, cents, list_hash FROM roster_deeds WHERE publication = $1 ORDER BY at, id`, publication)
}

func scanLine(rows *sql.Rows) (lineOf, error) {
	var e lineOf
	var from, to store.Time
	err := rows.Scan(&e.ID, &e.Publication, &e.Name, &e.hash, &e.HouseholdSize, &e.Persons, &e.Class, &e.Cents, &e.Unit, &from, &to)
	e.From, e.To = from.Time, to.Time
	return e, err
}

// selectStanding gives the lines of a village's list that is shown, or going to be, now.
func selectStanding(ctx context.Context, q store.Queryer, village, programme string, kind Kind, now time.Time) ([]lineOf, error) {
	return store.All(ctx, q, scanLine, `SELECT e.id, e.publication, e.name, e.name_hash, e.household_size, e.persons, e.class, e.cents, e.unit, e.from_at, e.to_at
		FROM roster_publications p JOIN roster_entries e ON e.publication = p.id
		WHERE p.village = $1 AND p.programme = $2 AND p.kind = $3 AND p.approved_at IS NOT NULL AND p.withdrawn_at IS NULL AND (p.to_at IS NULL OR p.to_at > $4)
		ORDER BY e.publication, e.position`, village, programme, kind, store.At(now))
}

func selectLines(ctx context.Context, q store.Queryer, publication string, limit, offset int) ([]Entry, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (Entry, error) {
		l, err := scanLine(rows)
		return l.Entry, err
	}, `SELECT id, publication, name, name_hash, household_size, persons, class, cents, unit, from_at, to_at FROM roster_entries
		WHERE publication = $1 ORDER BY position LIMIT $2 OFFSET $3`, publication, limit, offset)
}

func deleteEntry(ctx context.Context, q store.Queryer, publication, entry string) (int64, error) {
	res, err := q.ExecContext(ctx, `DELETE FROM roster_entries WHERE publication = $1 AND id = $2`, publication, entry)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func updateEntry(ctx context.Context, q store.Queryer, publication, entry string, f Figures) (int64, error) {
	res, err := q.ExecContext(ctx, `UPDATE roster_entries SET household_size = $3, persons = $4, cents = $5 WHERE publication = $1 AND id = $2`,
		publication, entry, f.HouseholdSize, f.Persons, f.Cents)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func updateSums(ctx context.Context, q store.Queryer, publication string, s Sums, hash string) error {
	_, err := q.ExecContext(ctx, `UPDATE roster_publications SET households = $2, persons = $3, cents = $4, list_hash = $5 WHERE id = $1`,
		publication, s.Households, s.Persons, s.Cents, hash)
	return err
}

func selectForgettable(ctx context.Context, q store.Queryer, before time.Time, limit int) ([]string, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (id string, err error) { err = rows.Scan(&id); return id, err },
		`SELECT id FROM roster_publications WHERE forgotten_at IS NULL AND (withdrawn_at <= $1 OR to_at <= $1) ORDER BY id LIMIT $2`, store.At(before), limit)
}

func forget(ctx context.Context, q store.Queryer, publication string, at time.Time) error {
	if _, err := q.ExecContext(ctx, `DELETE FROM roster_entries WHERE publication = $1`, publication); err != nil {
		return err
	}
	_, err := q.ExecContext(ctx, `UPDATE roster_publications SET forgotten_at = $2 WHERE id = $1`, publication, store.At(at))
	return err
}

func selectMapping(ctx context.Context, q store.Queryer, office, headers string) (string, error) {
	found, err := store.All(ctx, q, func(rows *sql.Rows) (s string, err error) { err = rows.Scan(&s); return s, err },
		`SELECT columns FROM roster_mappings WHERE office = $1 AND headers = $2`, office, headers)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}

func upsertMapping(ctx context.Context, q store.Queryer, office, headers, columns string, at time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO roster_mappings (office, headers, columns, made_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (office, headers) DO UPDATE SET columns = excluded.columns, made_at = excluded.made_at`, office, headers, columns, store.At(at))
	return err
}
