package notify

import (
	"context"
	"database/sql"
	"time"

	"mashang/platform/store"
)

// message is a row of notify_messages.
type message struct {
	id, people, person, event, reason, programme, place string
	facts, state, day                                   string
	tries                                               int64
	ref, wrapped, outbox, link, by                      string
	planned, until, opened                              store.Time
}

// The states of a message. One that is opened has been handed to a gateway.
const (
	planned = "planned"
	queued  = "queued"
	opened  = "opened"
	dropped = "dropped"
)

func scanMessage(rows *sql.Rows) (m message, err error) {
	err = rows.Scan(&m.id, &m.people, &m.person, &m.event, &m.reason, &m.programme, &m.place, &m.facts, &m.state, &m.day, &m.tries,
		&m.ref, &m.wrapped, &m.outbox, &m.link, &m.planned, &m.until, &m.opened, &m.by)
	return m, err
}

// insertMessage plans a message; one about the same event for the same person is left as it is.
func insertMessage(ctx context.Context, q store.Queryer, m message) (int64, error) {
	return store.Rows(q.ExecContext(ctx, `INSERT INTO notify_messages (id, people, person, event, reason, programme, place, facts, state, day, tries,
			ref, wrapped_key, outbox, link, planned_at, until, opened_at, opened_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) ON CONFLICT DO NOTHING`,
		m.id, m.people, m.person, m.event, m.reason, m.programme, m.place, m.facts, m.state, m.day, m.tries,
		m.ref, m.wrapped, m.outbox, m.link, m.planned, m.until, m.opened, m.by))
}

// selectPlanned gives what waits to be queued, the oldest first; nobody twice, and nobody who is told today already.
func selectPlanned(ctx context.Context, q store.Queryer, on string, limit int) ([]message, error) {
	return store.All(ctx, q, scanMessage, `SELECT id, people, person, event, reason, programme, place, facts, state, day, tries, ref, wrapped_key, outbox, link, planned_at, until, opened_at, opened_by
		FROM notify_messages m WHERE state = 'planned'
			AND m.person NOT IN (SELECT o.person FROM notify_messages o WHERE o.day = $1 AND o.day <> '' AND o.reason <> 'code')
			AND NOT EXISTS (SELECT 1 FROM notify_messages o WHERE o.person = m.person AND o.state = 'planned' AND (o.planned_at, o.id) < (m.planned_at, m.id))
		ORDER BY planned_at, id LIMIT $2`, on, limit)
}

func selectLapsed(ctx context.Context, q store.Queryer, now time.Time, limit int) ([]message, error) {
	return store.All(ctx, q, scanMessage, `SELECT id, people, person, event, reason, programme, place, facts, state, day, tries, ref, wrapped_key, outbox, link, planned_at, until, opened_at, opened_by
		FROM notify_messages WHERE state = 'queued' AND until <= $1 ORDER BY planned_at, id LIMIT $2`, store.At(now), limit)
}

func selectRef(ctx context.Context, q store.Queryer, ref string) ([]message, error) {
	return store.All(ctx, q, scanMessage, `SELECT id, people, person, event, reason, programme, place, facts, state, day, tries, ref, wrapped_key, outbox, link, planned_at, until, opened_at, opened_by
		FROM notify_messages WHERE ref = $1`, ref)
}

func selectLink(ctx context.Context, q store.Queryer, link string) ([]message, error) {
	return store.All(ctx, q, scanMessage, `SELECT id, people, person, event, reason, programme, place, facts, state, day, tries, ref, wrapped_key, outbox, link, planned_at, until, opened_at, opened_by
		FROM notify_messages WHERE link = $1`, link)
}

// selectOpen gives what a subscription is still to hear, or is hearing.
func selectOpen(ctx context.Context, q store.Queryer, people string) ([]message, error) {
	return store.All(ctx, q, scanMessage, `SELECT id, people, person, event, reason, programme, place, facts, state, day, tries, ref, wrapped_key, outbox, link, planned_at, until, opened_at, opened_by
		FROM notify_messages WHERE people = $1 AND state IN ('planned', 'queued')`, people)
}

func updateQueued(ctx context.Context, q store.Queryer, m message) (int64, error) {
	return store.Rows(q.ExecContext(ctx, `UPDATE notify_messages SET state = 'queued', day = $2, tries = tries + 1, ref = $3, wrapped_key = $4, outbox = $5, link = $6, until = $7, facts = $8
		WHERE id = $1 AND state = 'planned'`, m.id, m.day, m.ref, m.wrapped, m.outbox, m.link, m.until, m.facts))
}

// updateBack takes a message that no gateway took out of its day: it waits for the next one.
func updateBack(ctx context.Context, q store.Queryer, id, state string) error {
	_, err := q.ExecContext(ctx, `UPDATE notify_messages SET state = $2, day = '', ref = '', wrapped_key = '', outbox = '' WHERE id = $1 AND state IN ('planned', 'queued')`, id, state)
	return err
}

func updateHeir(ctx context.Context, q store.Queryer, people, heir string) error {
	_, err := q.ExecContext(ctx, `UPDATE notify_messages SET people = $2 WHERE people = $1 AND state = 'planned'`, people, heir)
	return err
}

func updateOpened(ctx context.Context, q store.Queryer, id, by string, at time.Time) (int64, error) {
	return store.Rows(q.ExecContext(ctx, `UPDATE notify_messages SET state = 'opened', opened_at = $3, opened_by = $2 WHERE id = $1 AND state = 'queued'`, id, by, store.At(at)))
}

// updateKeyless destroys the keys of all that a subscription was ever sent.
func updateKeyless(ctx context.Context, q store.Queryer, people string) error {
	_, err := q.ExecContext(ctx, `UPDATE notify_messages SET wrapped_key = '' WHERE people = $1`, people)
	return err
}

func deleteMessages(ctx context.Context, q store.Queryer, before, codesBefore time.Time) error {
	_, err := q.ExecContext(ctx, `DELETE FROM notify_messages WHERE (state IN ('opened', 'dropped') AND planned_at < $1) OR (reason = 'code' AND until < $2)`,
		store.At(before), store.At(codesBefore))
	return err
}

// countDay takes one of the county's texts of a day; false when they are used up.
func countDay(ctx context.Context, q store.Queryer, on string, most int) (bool, error) {
	n, err := store.Rows(q.ExecContext(ctx, `INSERT INTO notify_days (day, sent, capped) VALUES ($1, 1, FALSE)
		ON CONFLICT (day) DO UPDATE SET sent = notify_days.sent + 1 WHERE notify_days.sent < $2`, on, most))
	if err != nil || n == 1 {
		return n == 1, err
	}
	_, err = q.ExecContext(ctx, `UPDATE notify_days SET capped = TRUE WHERE day = $1 AND capped = FALSE`, on)
	return false, err
}
