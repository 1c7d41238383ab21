package calls

import (
	"context"
	"database/sql"
	"time"

	"mashang/platform/store"
)

func scanCall(rows *sql.Rows) (c Call, err error) {
	var started, ended, called store.Time
	err = rows.Scan(&c.ID, &c.Operator, &c.Division, &started, &ended, &c.Outcome, &c.Note, &c.Danger, &called, &c.CalledBy)
	c.Started, c.Ended, c.CalledBack = started.Time, ended.Time, called.Time
	return c, err
}

func insertCall(ctx context.Context, q store.Queryer, c Call) error {
	_, err := q.ExecContext(ctx, `INSERT INTO calls (id, operator, division, started_at, outcome, note, danger, called_by) VALUES ($1, $2, $3, $4, '', '', '', '')`,
		c.ID, c.Operator, c.Division, store.At(c.Started))
	return err
}

// selectOpen gives the calls of an operator that run, the newest first.
func selectOpen(ctx context.Context, q store.Queryer, operator string, since store.Time) ([]Call, error) {
	return store.All(ctx, q, scanCall, `SELECT id, operator, division, started_at, ended_at, outcome, note, danger, called_at, called_by
		FROM calls WHERE operator = $1 AND ended_at IS NULL AND started_at > $2 ORDER BY started_at DESC, id DESC LIMIT 20`, operator, since)
}

// selectCall gives a call, the zero Call for none.
func selectCall(ctx context.Context, q store.Queryer, id string) (Call, error) {
	all, err := store.All(ctx, q, scanCall, `SELECT id, operator, division, started_at, ended_at, outcome, note, danger, called_at, called_by FROM calls WHERE id = $1`, id)
	if err != nil || len(all) == 0 {
		return Call{}, err
	}
	return all[0], nil
}

func updateDanger(ctx context.Context, q store.Queryer, id, class string) error {
	_, err := q.ExecContext(ctx, `UPDATE calls SET danger = $2 WHERE id = $1`, id, class)
	return err
}

func updateDivision(ctx context.Context, q store.Queryer, id, division string) error {
	_, err := q.ExecContext(ctx, `UPDATE calls SET division = $2 WHERE id = $1`, id, division)
	return err
}

func updateNote(ctx context.Context, q store.Queryer, id, note string) error {
	_, err := q.ExecContext(ctx, `UPDATE calls SET note = $2 WHERE id = $1 AND ended_at IS NULL`, id, note)
	return err
}

func updateEnd(ctx context.Context, q store.Queryer, operator, id, outcome string, at time.Time) (int64, error) {
	return store.Rows(q.ExecContext(ctx, `UPDATE calls SET ended_at = $4, outcome = $3 WHERE id = $1 AND operator = $2 AND ended_at IS NULL`, id, operator, outcome, store.At(at)))
}

func updateCalled(ctx context.Context, q store.Queryer, operator, id string, at time.Time) (int64, error) {
	return store.Rows(q.ExecContext(ctx, `UPDATE calls SET called_at = $3, called_by = $2 WHERE id = $1 AND outcome = 'callback' AND called_at IS NULL`, id, operator, store.At(at)))
}

func scanQuestion(rows *sql.Rows) (x Question, err error) {
	var at store.Time
	err = rows.Scan(&x.ID, &x.Call, &x.Text, &x.Outcome, &x.Programme, &x.Division, &x.Verdict, &at)
	x.At = at.Time
	return x, err
}

func insertQuestion(ctx context.Context, q store.Queryer, x Question) error {
	_, err := q.ExecContext(ctx, `INSERT INTO call_questions (id, call, text, outcome, programme, division, verdict, asked_at) VALUES ($1, $2, $3, $4, $5, $6, '', $7)`,
		x.ID, x.Call, x.Text, x.Outcome, x.Programme, x.Division, store.At(x.At))
	return err
}

func updateQuestion(ctx context.Context, q store.Queryer, x Question) error {
	_, err := q.ExecContext(ctx, `UPDATE call_questions SET text = $2, outcome = $3, programme = $4, division = $5, asked_at = $6 WHERE id = $1`,
		x.ID, x.Text, x.Outcome, x.Programme, x.Division, store.At(x.At))
	return err
}

func selectQuestions(ctx context.Context, q store.Queryer, call string, limit int) ([]Question, error) {
	return store.All(ctx, q, scanQuestion, `SELECT id, call, text, outcome, programme, division, verdict, asked_at
		FROM call_questions WHERE call = $1 ORDER BY asked_at DESC, id DESC LIMIT $2`, call, limit)
}

// selectQuestion gives a question of an operator's own call, the zero Question for none.
func selectQuestion(ctx context.Context, q store.Queryer, operator, id string) (Question, error) {
	all, err := store.All(ctx, q, scanQuestion, `SELECT x.id, x.call, x.text, x.outcome, x.programme, x.division, x.verdict, x.asked_at
		FROM call_questions x JOIN calls c ON c.id = x.call WHERE x.id = $1 AND c.operator = $2`, id, operator)
	if err != nil || len(all) == 0 {
		return Question{}, err
	}
	return all[0], nil
}

func updateVerdict(ctx context.Context, q store.Queryer, id, verdict string) error {
	_, err := q.ExecContext(ctx, `UPDATE call_questions SET verdict = $2 WHERE id = $1`, id, verdict)
	return err
}

func scanDeed(rows *sql.Rows) (x Deed, err error) {
	var at store.Time
	err = rows.Scan(&x.ID, &x.Call, &x.Deed, &x.Object, &at)
	x.At = at.Time
	return x, err
}

func insertDeed(ctx context.Context, q store.Queryer, x Deed) error {
	_, err := q.ExecContext(ctx, `INSERT INTO call_deeds (id, call, deed, object, did_at) VALUES ($1, $2, $3, $4, $5)`, x.ID, x.Call, x.Deed, x.Object, store.At(x.At))
	return err
}

func selectDeeds(ctx context.Context, q store.Queryer, call string) ([]Deed, error) {
	return store.All(ctx, q, scanDeed, `SELECT id, call, deed, object, did_at FROM call_deeds WHERE call = $1 ORDER BY did_at, id LIMIT 100`, call)
}

func selectHanded(ctx context.Context, q store.Queryer, since store.Time) ([]Deed, error) {
	return store.All(ctx, q, scanDeed, `SELECT id, call, deed, object, did_at FROM call_deeds WHERE deed = 'hand' AND did_at >= $1 ORDER BY did_at DESC, id DESC LIMIT 200`, since)
}

func endStale(ctx context.Context, q store.Queryer, before, now time.Time) error {
	_, err := q.ExecContext(ctx, `UPDATE calls SET ended_at = $2, outcome = $3 WHERE ended_at IS NULL AND started_at <= $1`, store.At(before), store.At(now), lapsed)
	return err
}

// emptyWords takes the words out of calls and hand-overs that have had their time. Who was never called back keeps them.
func emptyWords(ctx context.Context, q store.Queryer, before time.Time) error {
	for _, s := range []string{
		`UPDATE call_questions SET text = '' WHERE asked_at < $1 AND text <> ''`,
		`UPDATE calls SET note = '' WHERE started_at < $1 AND note <> ''`,
		`UPDATE call_shifts SET note = '' WHERE left_at < $1 AND note <> ''`,
	} {
		if _, err := q.ExecContext(ctx, s, store.At(before)); err != nil {
			return err
		}
	}
	return nil
}

func deleteOld(ctx context.Context, q store.Queryer, before time.Time) error {
	for _, s := range []string{
		`DELETE FROM call_questions WHERE asked_at < $1`, `DELETE FROM call_deeds WHERE did_at < $1`,
		`DELETE FROM calls WHERE started_at < $1`, `DELETE FROM call_shifts WHERE left_at < $1`,
	} {
		if _, err := q.ExecContext(ctx, s, store.At(before)); err != nil {
			return err
		}
	}
	return nil
}
