package month

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

func addCount(ctx context.Context, q store.Queryer, t tally, n int64) error {
	_, err := q.ExecContext(ctx, `INSERT INTO faq_counts (day, channel, outcome, verdict, lang, division, programme, n) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (day, channel, outcome, verdict, lang, division, programme) DO UPDATE SET n = faq_counts.n + excluded.n`,
		t.day, t.channel, t.outcome, t.verdict, t.lang, t.division, t.programme, n)
	return err
}

// counted is a month's sum of one kind.
type counted struct {
	channel, outcome, verdict, lang, division, programme string

	n int64
}

func selectCounts(ctx context.Context, q store.Queryer, from, to string) ([]counted, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (c counted, err error) {
		return c, rows.Scan(&c.channel, &c.outcome, &c.verdict, &c.lang, &c.division, &c.programme, &c.n)
	}, `SELECT channel, outcome, verdict, lang, division, programme, CAST(sum(n) AS BIGINT) FROM faq_counts WHERE day >= $1 AND day < $2
		GROUP BY channel, outcome, verdict, lang, division, programme`, from, to)
}

func putReport(ctx context.Context, q store.Queryer, month, body string, at time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO faq_reports (month, body, at) VALUES ($1, $2, $3) ON CONFLICT (month) DO UPDATE SET body = excluded.body, at = excluded.at`, month, body, store.At(at))
	return err
}

func selectReport(ctx context.Context, q store.Queryer, month string) (body string, err error) {
	err = q.QueryRowContext(ctx, `SELECT body FROM faq_reports WHERE month = $1`, month).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return "", problem.New(problem.Missing, "better.month.none")
	}
	return body, store.Failure(err)
}

func selectMade(ctx context.Context, q store.Queryer) ([]string, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (month string, err error) { return month, rows.Scan(&month) }, `SELECT month FROM faq_reports ORDER BY month DESC LIMIT 120`)
}
