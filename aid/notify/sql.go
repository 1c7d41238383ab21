package notify

import (
	"context"
	"database/sql"
	"time"

	"mashang/platform/store"
)

func scanPeople(rows *sql.Rows) (s subscription, err error) {
	err = rows.Scan(&s.id, &s.person, &s.place, &s.lang, &s.state, &s.wrapped, &s.sealed, &s.consent, &s.consented, &s.confirmed, &s.renewed)
	return s, err
}

func insertPeople(ctx context.Context, q store.Queryer, s subscription) error {
	_, err := q.ExecContext(ctx, `INSERT INTO notify_people (id, person, place, lang, state, wrapped_key, sealed, consent, consented_at, confirmed_at, renewed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		s.id, s.person, s.place, s.lang, s.state, s.wrapped, s.sealed, s.consent, s.consented, s.confirmed, s.renewed)
	return err
}

// selectPeople gives the subscription of an id; none is an empty list.
func selectPeople(ctx context.Context, q store.Queryer, id string) ([]subscription, error) {
	return store.All(ctx, q, scanPeople, `SELECT id, person, place, lang, state, wrapped_key, sealed, consent, consented_at, confirmed_at, renewed_at
		FROM notify_people WHERE id = $1`, id)
}

// selectPerson gives every subscription of a phone, pending ones too, the oldest first.
func selectPerson(ctx context.Context, q store.Queryer, person string) ([]subscription, error) {
	return store.All(ctx, q, scanPeople, `SELECT id, person, place, lang, state, wrapped_key, sealed, consent, consented_at, confirmed_at, renewed_at
		FROM notify_people WHERE person = $1 ORDER BY consented_at, id`, person)
}

// selectActive pages through everybody who is to be told, by id.
func selectActive(ctx context.Context, q store.Queryer, after string, limit int) ([]subscription, error) {
	return store.All(ctx, q, scanPeople, `SELECT id, person, place, lang, state, wrapped_key, sealed, consent, consented_at, confirmed_at, renewed_at
		FROM notify_people WHERE state = 'active' AND id > $1 ORDER BY id LIMIT $2`, after, limit)
}

func selectStale(ctx context.Context, q store.Queryer, pendingBefore, renewedBefore time.Time, limit int) ([]subscription, error) {
	return store.All(ctx, q, scanPeople, `SELECT id, person, place, lang, state, wrapped_key, sealed, consent, consented_at, confirmed_at, renewed_at
		FROM notify_people WHERE (state = 'pending' AND consented_at < $1) OR (state = 'active' AND renewed_at < $2) ORDER BY id LIMIT $3`,
		store.At(pendingBefore), store.At(renewedBefore), limit)
}

func selectWrapped(ctx context.Context, q store.Queryer, after string, limit int) ([]subscription, error) {
	return store.All(ctx, q, scanPeople, `SELECT id, person, place, lang, state, wrapped_key, sealed, consent, consented_at, confirmed_at, renewed_at
		FROM notify_people WHERE id > $1 ORDER BY id LIMIT $2`, after, limit)
}

func updateWrapped(ctx context.Context, q store.Queryer, id, was, wrapped string) error {
	_, err := q.ExecContext(ctx, `UPDATE notify_people SET wrapped_key = $3 WHERE id = $1 AND wrapped_key = $2`, id, was, wrapped)
	return err
}

func updateConfirmed(ctx context.Context, q store.Queryer, id string, at time.Time) (int64, error) {
	return store.Rows(q.ExecContext(ctx, `UPDATE notify_people SET state = 'active', confirmed_at = $2, renewed_at = $2 WHERE id = $1 AND state = 'pending'`, id, store.At(at)))
}

func updateRenewed(ctx context.Context, q store.Queryer, id string, at time.Time) error {
	_, err := q.ExecContext(ctx, `UPDATE notify_people SET renewed_at = $2 WHERE id = $1 AND state = 'active'`, id, store.At(at))
	return err
}

func deletePeople(ctx context.Context, q store.Queryer, id string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM notify_people WHERE id = $1`, id)
	return err
}

func insertLeft(ctx context.Context, q store.Queryer, s subscription, at time.Time, how string) error {
	_, err := q.ExecContext(ctx, `INSERT INTO notify_left (id, person, place, consent, consented_at, confirmed_at, left_at, how, heard)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, (SELECT count(*) FROM notify_messages WHERE people = $1 AND state = 'opened' AND reason <> 'code'))`, s.id, s.person, s.place, s.consent, s.consented, s.confirmed, store.At(at), how)
	return err
}

func deleteLeft(ctx context.Context, q store.Queryer, before time.Time) error {
	_, err := q.ExecContext(ctx, `DELETE FROM notify_left WHERE left_at < $1`, store.At(before))
	return err
}

type codeRow struct {
	handle, person, use, people, code string
	tries                             int64
	until                             store.Time
}

func insertCode(ctx context.Context, q store.Queryer, c codeRow) error {
	_, err := q.ExecContext(ctx, `INSERT INTO notify_codes (handle, person, use, people, code, tries, until) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		c.handle, c.person, c.use, c.people, c.code, c.tries, c.until)
	return err
}

func selectCode(ctx context.Context, q store.Queryer, handle string) ([]codeRow, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (c codeRow, err error) {
		err = rows.Scan(&c.handle, &c.person, &c.use, &c.people, &c.code, &c.tries, &c.until)
		return c, err
	}, `SELECT handle, person, use, people, code, tries, until FROM notify_codes WHERE handle = $1`, handle)
}

func updateTries(ctx context.Context, q store.Queryer, handle string) error {
	_, err := q.ExecContext(ctx, `UPDATE notify_codes SET tries = tries + 1 WHERE handle = $1`, handle)
	return err
}

// deleteCodes forgets the codes of a person for one use.
func deleteCodes(ctx context.Context, q store.Queryer, person, use string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM notify_codes WHERE person = $1 AND use = $2`, person, use)
	return err
}

func deleteOldCodes(ctx context.Context, q store.Queryer, before time.Time) error {
	_, err := q.ExecContext(ctx, `DELETE FROM notify_codes WHERE until < $1`, store.At(before))
	return err
}

func selectScan(ctx context.Context, q store.Queryer) (shelf int64, on string, known bool, err error) {
	type row struct {
		shelf int64
		day   string
	}
	all, err := store.All(ctx, q, func(rows *sql.Rows) (r row, err error) {
		err = rows.Scan(&r.shelf, &r.day)
		return r, err
	}, `SELECT shelf, day FROM notify_scan WHERE id = 'last'`)
	if err != nil || len(all) == 0 {
		return 0, "", false, err
	}
	return all[0].shelf, all[0].day, true, nil
}

func putScan(ctx context.Context, q store.Queryer, shelf int64, on string) error {
	_, err := q.ExecContext(ctx, `INSERT INTO notify_scan (id, shelf, day) VALUES ('last', $1, $2) ON CONFLICT (id) DO UPDATE SET shelf = $1, day = $2`, shelf, on)
	return err
}

// insertScan notes that a first look was taken, and nobody looked for yet.
func insertScan(ctx context.Context, q store.Queryer) error {
	_, err := q.ExecContext(ctx, `INSERT INTO notify_scan (id, shelf, day) VALUES ('last', -1, '') ON CONFLICT (id) DO NOTHING`)
	return err
}

func insertSeen(ctx context.Context, q store.Queryer, fact string, due time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO notify_seen (fact, due_at) VALUES ($1, $2) ON CONFLICT (fact) DO NOTHING`, fact, due.UnixMilli())
	return err
}

func selectSeen(ctx context.Context, q store.Queryer) (map[string]time.Time, error) {
	type row struct {
		fact string
		due  int64
	}
	all, err := store.All(ctx, q, func(rows *sql.Rows) (r row, err error) {
		err = rows.Scan(&r.fact, &r.due)
		return r, err
	}, `SELECT fact, due_at FROM notify_seen`)
	out := make(map[string]time.Time, len(all))
	for _, r := range all {
		out[r.fact] = time.UnixMilli(r.due)
	}
	return out, err
}
