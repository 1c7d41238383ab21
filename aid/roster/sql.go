package roster

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// inForce is the condition under which a publication p is shown: $1 is the village, $2 the moment, $3 the programmes
// that may never be shown, between commas.
const inForce = ` p.village = $1 AND p.approved_at <= $2 AND p.withdrawn_at IS NULL AND p.document <> ''
	AND p.from_at <= $2 AND (p.to_at IS NULL OR p.to_at > $2) AND $3 NOT LIKE '%,' || p.programme || ',%' `

const publicationColumns = ` p.id, p.programme, p.village, p.kind, p.from_at, p.to_at, p.document, p.phone, p.mask, p.made_by, p.made_at,
	p.approved_by, p.approved_at, p.withdrawn_at, p.households, p.persons, p.cents, p.list_hash, p.forgotten_at `

func scanPublication(rows *sql.Rows) (Publication, error) {
	var p Publication
	var from, to, made, approved, withdrawn, forgotten store.Time
	err := rows.Scan(&p.ID, &p.Programme, &p.Village, &p.Kind, &from, &to, &p.Document, &p.Phone, &p.Mask, &p.By, &made,
		&p.Approver, &approved, &withdrawn, &p.Households, &p.Persons, &p.Cents, &p.Hash, &forgotten)
	p.Forgotten = forgotten.Time
	p.From, p.To, p.Made, p.Approved, p.Withdrawn = from.Time, to.Time, made.Time, approved.Time, withdrawn.Time
	return p, err
}

func selectInForce(ctx context.Context, q store.Queryer, village string, now time.Time, hidden string) ([]Publication, error) {
	return store.All(ctx, q, scanPublication, `SELECT`+publicationColumns+`FROM roster_publications p WHERE`+inForce+`
		ORDER BY CASE p.kind WHEN 'notice' THEN 0 WHEN 'list' THEN 1 ELSE 2 END, p.programme, p.from_at DESC, p.id`,
		village, store.At(now), hidden)
}

func selectPublications(ctx context.Context, q store.Queryer, village string, limit int) ([]Publication, error) {
	return store.All(ctx, q, scanPublication, `SELECT`+publicationColumns+`FROM roster_publications p
		WHERE $1 = '' OR p.village = $1 ORDER BY p.made_at DESC, p.id LIMIT $2`, village, limit)
}

func selectPublication(ctx context.Context, q store.Queryer, id string) (Publication, error) {
	found, err := store.All(ctx, q, scanPublication, `SELECT`+publicationColumns+`FROM roster_publications p WHERE p.id = $1`, id)
	if err != nil {
		return Publication{}, err
	}
	if len(found) == 0 {
		return Publication{}, problem.New(problem.Missing, "roster.publication.unknown")
	}
	return found[0], nil
}

// lineColumns are what scanLine reads, and shown is the condition under which a line of a publication in force is.
const (
	lineColumns = ` id, publication, name, name_hash, household_size, persons, class, cents, unit, from_at, to_at `
	shown       = ` publication = $1 AND (to_at IS NULL OR to_at > $2) `
)

func countShown(ctx context.Context, q store.Queryer, publication string, now time.Time) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM roster_entries WHERE`+shown, publication, store.At(now)).Scan(&n)
	return n, err
}

func selectShown(ctx context.Context, q store.Queryer, p Publication, now time.Time, limit, offset int) ([]Entry, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (Entry, error) {
		l, err := scanLine(rows)
		l.Programme, l.Kind = p.Programme, p.Kind
		return l.Entry, err
	}, `SELECT`+lineColumns+`FROM roster_entries WHERE`+shown+`ORDER BY position LIMIT $3 OFFSET $4`, p.ID, store.At(now), limit, offset)
}

// selectNamed reads a publication through for a name and what sounds like it.
func selectNamed(ctx context.Context, q store.Queryer, p Publication, now time.Time, hash string, alike []int64) ([]lineOf, error) {
	args, sounds := []any{p.ID, store.At(now), hash}, ""
	for i, one := range alike {
		args = append(args, one)
		sounds += fmt.Sprintf(", $%d", i+4)
	}
	either := ` AND name_hash = $3 `
	if sounds != "" {
		either = ` AND (name_hash = $3 OR sound IN (` + sounds[2:] + `)) `
	}
	return store.All(ctx, q, func(rows *sql.Rows) (lineOf, error) {
		l, err := scanLine(rows)
		l.Programme, l.Kind = p.Programme, p.Kind
		return l, err
	}, `SELECT`+lineColumns+`FROM roster_entries WHERE`+shown+either+`ORDER BY position`, args...)
}

// supersede ends the lists that p takes the place of, at the moment p begins.
func supersede(ctx context.Context, q store.Queryer, p Publication) error {
	if p.Kind != List {
		return nil
	}
	_, err := q.ExecContext(ctx, `UPDATE roster_publications SET to_at = $5
		WHERE village = $1 AND programme = $2 AND kind = $3 AND id <> $4 AND approved_at IS NOT NULL AND from_at <= $5 AND (to_at IS NULL OR to_at > $5)`,
		p.Village, p.Programme, p.Kind, p.ID, store.At(p.From))
	return err
}

// countUnended counts the publications of a village that have not ended.
func countUnended(ctx context.Context, q store.Queryer, village string, now time.Time) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM roster_publications WHERE village = $1 AND withdrawn_at IS NULL AND (to_at IS NULL OR to_at > $2)`,
		village, store.At(now)).Scan(&n)
	return n, err
}

func approve(ctx context.Context, q store.Queryer, id, by string, at time.Time) error {
	_, err := q.ExecContext(ctx, `UPDATE roster_publications SET approved_by = $2, approved_at = $3 WHERE id = $1 AND approved_at IS NULL`, id, by, store.At(at))
	return err
}

func withdraw(ctx context.Context, q store.Queryer, id, by string, at time.Time) error {
	_, err := q.ExecContext(ctx, `UPDATE roster_publications SET withdrawn_by = $2, withdrawn_at = $3 WHERE id = $1 AND withdrawn_at IS NULL`, id, by, store.At(at))
	return err
}

func setDocument(ctx context.Context, q store.Queryer, id, document string) error {
	_, err := q.ExecContext(ctx, `UPDATE roster_publications SET document = $2 WHERE id = $1`, id, document)
	return err
}
