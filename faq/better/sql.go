package better

import (
	"context"
	"database/sql"
	"errors"

	"mashang/platform/problem"
	"mashang/platform/store"
)

func scanQuestion(rows *sql.Rows) (Question, error) {
	var q Question
	var at store.Time
	err := rows.Scan(&q.ID, &q.Text, &q.Outcome, &q.Programme, &q.Division, &q.Lang, &q.Channel, &q.Shown, &q.Verdict, &q.group, &at)
	q.At = at.Time
	return q, err
}

// selectQuestions are the newest of a group, or of all.
func selectQuestions(ctx context.Context, q store.Queryer, group string, limit int) ([]Question, error) {
	if group != "" {
		return store.All(ctx, q, scanQuestion, `SELECT id, text, outcome, programme, division, lang, channel, shown, verdict, grp, at
			FROM faq_questions WHERE grp = $1 ORDER BY at DESC, id LIMIT $2`, group, limit)
	}
	return store.All(ctx, q, scanQuestion, `SELECT id, text, outcome, programme, division, lang, channel, shown, verdict, grp, at
		FROM faq_questions ORDER BY at DESC, id LIMIT $1`, limit)
}

func anyLoose(ctx context.Context, q store.Queryer) (bool, error) {
	var one int
	err := q.QueryRowContext(ctx, `SELECT 1 FROM faq_questions WHERE grp = '' LIMIT 1`).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

func selectLoose(ctx context.Context, q store.Queryer, limit int) ([]Question, error) {
	return store.All(ctx, q, scanQuestion, `SELECT id, text, outcome, programme, division, lang, channel, shown, verdict, grp, at
		FROM faq_questions WHERE grp = '' ORDER BY at, id LIMIT $1`, limit)
}

type lead struct{ id, text, programme string }

// selectLeaders are the newest groups with the words others are compared with.
func selectLeaders(ctx context.Context, q store.Queryer, limit int) ([]lead, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (l lead, err error) { return l, rows.Scan(&l.id, &l.text, &l.programme) },
		`SELECT g.id, coalesce(q.text, g.title), g.programme FROM faq_groups g LEFT JOIN faq_questions q ON q.id = g.leader
		ORDER BY g.first_at DESC, g.id LIMIT $1`, limit)
}

func insertGroup(ctx context.Context, q store.Queryer, id string, first Question) error {
	_, err := q.ExecContext(ctx, `INSERT INTO faq_groups (id, leader, programme, lang, first_at) VALUES ($1, $2, $3, $4, $5)`,
		id, first.ID, first.Programme, first.Lang, store.At(first.At))
	return err
}

func setGroup(ctx context.Context, q store.Queryer, question, group string) error {
	_, err := q.ExecContext(ctx, `UPDATE faq_questions SET grp = $2 WHERE id = $1 AND grp = ''`, question, group)
	return err
}

func scanGroup(row interface{ Scan(...any) error }) (Group, error) {
	var g Group
	var title string
	var first, settled store.Time
	err := row.Scan(&g.ID, &title, &g.Wording, &g.Programme, &g.Lang, &first, &g.State, &g.Deed, &g.Kind, &g.Object, &g.Change, &g.Note, &g.By, &settled, &g.Version)
	if g.Reviewed = title != ""; g.Reviewed {
		g.Wording = title
	}
	g.First, g.Settled = first.Time, settled.Time
	return g, err
}

func selectGroups(ctx context.Context, q store.Queryer) (map[string]Group, error) {
	all, err := store.All(ctx, q, func(rows *sql.Rows) (Group, error) { return scanGroup(rows) },
		`SELECT g.id, g.title, coalesce(q.text, ''), g.programme, g.lang, g.first_at, g.state, g.deed, g.kind, g.object, g.change_id, g.note, g.by_whom, g.settled_at, g.version
		FROM faq_groups g LEFT JOIN faq_questions q ON q.id = g.leader`)
	out := make(map[string]Group, len(all))
	for _, g := range all {
		out[g.ID] = g
	}
	return out, err
}

func selectGroup(ctx context.Context, q store.Queryer, id string) (Group, error) {
	g, err := scanGroup(q.QueryRowContext(ctx, `SELECT g.id, g.title, coalesce(q.text, ''), g.programme, g.lang, g.first_at, g.state, g.deed, g.kind, g.object, g.change_id, g.note, g.by_whom, g.settled_at, g.version
		FROM faq_groups g LEFT JOIN faq_questions q ON q.id = g.leader WHERE g.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Group{}, problem.New(problem.Gone, "better.gone")
	}
	return g, store.Failure(err)
}

// selectUnderWay are the groups of which something was made that is not yet published.
func selectUnderWay(ctx context.Context, q store.Queryer) ([]Group, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (Group, error) { return scanGroup(rows) },
		`SELECT g.id, g.title, '', g.programme, g.lang, g.first_at, g.state, g.deed, g.kind, g.object, g.change_id, g.note, g.by_whom, g.settled_at, g.version
		FROM faq_groups g WHERE g.state IN ('draft', 'proposed')`)
}

// updateGroup writes a group that was at version was; it reports false when somebody was faster.
func updateGroup(ctx context.Context, q store.Queryer, g Group, was int64) (bool, error) {
	title := ""
	if g.Reviewed {
		title = g.Wording
	}
	n, err := store.Rows(q.ExecContext(ctx, `UPDATE faq_groups SET title = $3, state = $4, deed = $5, kind = $6, object = $7, change_id = $8, note = $9, by_whom = $10, settled_at = $11, version = $12
		WHERE id = $1 AND version = $2`, g.ID, was, title, g.State, g.Deed, g.Kind, g.Object, g.Change, g.Note, g.By, store.At(g.Settled), g.Version))
	return n == 1, err
}

func deleteQuestions(ctx context.Context, q store.Queryer, before store.Time) (int64, error) {
	return store.Rows(q.ExecContext(ctx, `DELETE FROM faq_questions WHERE at < $1`, before))
}

// dropLeaders lets groups whose first question is gone be led by the eldest that is left, or by none.
func dropLeaders(ctx context.Context, q store.Queryer) error {
	_, err := q.ExecContext(ctx, `UPDATE faq_groups SET leader = coalesce((SELECT min(q.id) FROM faq_questions q WHERE q.grp = faq_groups.id
			AND q.at = (SELECT min(o.at) FROM faq_questions o WHERE o.grp = faq_groups.id)), '')
		WHERE leader <> '' AND NOT EXISTS (SELECT 1 FROM faq_questions q WHERE q.id = faq_groups.leader)`)
	return err
}

// dropGroups takes away what has no question and no reviewed wording left, and in the end everything.
func dropGroups(ctx context.Context, q store.Queryer, before store.Time) error {
	_, err := q.ExecContext(ctx, `DELETE FROM faq_groups WHERE NOT EXISTS (SELECT 1 FROM faq_questions q WHERE q.grp = faq_groups.id)
		AND state NOT IN ('draft', 'proposed') AND (title = '' AND state <> 'published' OR first_at < $1)`, before)
	return err
}

func selectSettings(ctx context.Context, q store.Queryer) (map[string]int64, error) {
	type pair struct {
		name  string
		value int64
	}
	all, err := store.All(ctx, q, func(rows *sql.Rows) (p pair, err error) { return p, rows.Scan(&p.name, &p.value) }, `SELECT name, value FROM faq_settings`)
	out := map[string]int64{}
	for _, p := range all {
		out[p.name] = p.value
	}
	return out, err
}

func putSetting(ctx context.Context, q store.Queryer, name string, value int64) error {
	_, err := q.ExecContext(ctx, `INSERT INTO faq_settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}
