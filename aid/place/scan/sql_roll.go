package scan

import (
	"context"
	"database/sql"
	"errors"

	"mashang/platform/store"
)

// readMark is a moment in milliseconds, one before all counts when there is no such mark.
func readMark(ctx context.Context, q store.Queryer, name string) (at int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT at FROM scan_marks WHERE name = $1`, name).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return begins(0), nil
	}
	return at, err
}

func writeMark(ctx context.Context, q store.Queryer, name string, at int64) error {
	_, err := q.ExecContext(ctx, `INSERT INTO scan_marks (name, at) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET at = excluded.at`, name, at)
	return err
}

func readLate(ctx context.Context, q store.Queryer) ([]int64, error) {
	return store.All(ctx, q, oneInt, `SELECT day FROM scan_late ORDER BY day`)
}

func addLate(ctx context.Context, q store.Queryer, day int64) error {
	_, err := q.ExecContext(ctx, `INSERT INTO scan_late (day) VALUES ($1) ON CONFLICT (day) DO NOTHING`, day)
	return err
}

func dropLate(ctx context.Context, q store.Queryer, day int64) error {
	_, err := q.ExecContext(ctx, `DELETE FROM scan_late WHERE day = $1`, day)
	return err
}

// readDays lists the days from…to (in milliseconds, to excluded) that have a count. It leaps from day to day along the
// index, because reading every row of a year takes seconds.
func readDays(ctx context.Context, q store.Queryer, from, to int64) (days []int64, err error) {
	for from < to {
		var hour int64
		err := q.QueryRowContext(ctx, `SELECT hour FROM scans WHERE hour >= $1 AND hour < $2 ORDER BY hour LIMIT 1`, from, to).Scan(&hour)
		if errors.Is(err, sql.ErrNoRows) {
			break
		}
		if err != nil {
			return nil, err
		}
		day := dayOf(hour)
		days = append(days, day)
		from = begins(day + 1)
	}
	return days, nil
}

func firstHour(ctx context.Context, q store.Queryer) (hour int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT hour FROM scans ORDER BY hour LIMIT 1`).Scan(&hour)
	return hour, err
}

func dropHours(ctx context.Context, q store.Queryer, before int64) error {
	_, err := q.ExecContext(ctx, `DELETE FROM scans WHERE hour < $1`, before)
	return err
}

func rollLocations(ctx context.Context, q store.Queryer, day, end int64) error {
	if _, err := q.ExecContext(ctx, `DELETE FROM scan_days WHERE day = $1`, day); err != nil {
		return err
	}
	_, err := q.ExecContext(ctx, `INSERT INTO scan_days (day, location, people, again, bots, previews, tests, know, look, apply, ask, emergency, calls, started, filed, doors)
		SELECT CAST($1 AS BIGINT), location,
			sum(CASE WHEN kind = 'scan' THEN n ELSE 0 END), sum(CASE WHEN kind = 'click' THEN n ELSE 0 END),
			sum(CASE WHEN kind = 'bot' THEN n ELSE 0 END), sum(CASE WHEN kind = 'preview' THEN n ELSE 0 END), sum(CASE WHEN kind = 'test' THEN n ELSE 0 END),
			sum(CASE WHEN kind = 'know' THEN n ELSE 0 END), sum(CASE WHEN kind = 'check' THEN n ELSE 0 END), sum(CASE WHEN kind = 'apply' THEN n ELSE 0 END),
			sum(CASE WHEN kind = 'ask' THEN n ELSE 0 END), sum(CASE WHEN kind = 'emergency' THEN n ELSE 0 END), sum(CASE WHEN kind = 'call' THEN n ELSE 0 END),
			sum(CASE WHEN kind = 'started' THEN n ELSE 0 END), sum(CASE WHEN kind = 'filed' THEN n ELSE 0 END), sum(CASE WHEN kind IN ('know', 'check', 'apply', 'ask', 'emergency') THEN n ELSE 0 END)
		FROM scans WHERE hour >= $2 AND hour < $3 GROUP BY location`, day, begins(day), end)
	return err
}

// rollAreas books each poster under the division it belongs to now.
func rollAreas(ctx context.Context, q store.Queryer, day, end int64) error {
	if _, err := q.ExecContext(ctx, `DELETE FROM scan_areas WHERE day = $1`, day); err != nil {
		return err
	}
	_, err := q.ExecContext(ctx, `INSERT INTO scan_areas (day, division, people, again, bots, previews, tests, know, look, apply, ask, emergency, calls, started, filed,
			h0, h1, h2, h3, h4, h5, h6, h7, h8, h9, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23)
		SELECT CAST($1 AS BIGINT), division,
			sum(CASE WHEN kind = 'scan' THEN n ELSE 0 END), sum(CASE WHEN kind = 'click' THEN n ELSE 0 END),
			sum(CASE WHEN kind = 'bot' THEN n ELSE 0 END), sum(CASE WHEN kind = 'preview' THEN n ELSE 0 END), sum(CASE WHEN kind = 'test' THEN n ELSE 0 END),
			sum(CASE WHEN kind = 'know' THEN n ELSE 0 END), sum(CASE WHEN kind = 'check' THEN n ELSE 0 END), sum(CASE WHEN kind = 'apply' THEN n ELSE 0 END),
			sum(CASE WHEN kind = 'ask' THEN n ELSE 0 END), sum(CASE WHEN kind = 'emergency' THEN n ELSE 0 END), sum(CASE WHEN kind = 'call' THEN n ELSE 0 END),
			sum(CASE WHEN kind = 'started' THEN n ELSE 0 END), sum(CASE WHEN kind = 'filed' THEN n ELSE 0 END),
			sum(CASE WHEN h = 0 THEN n ELSE 0 END), sum(CASE WHEN h = 1 THEN n ELSE 0 END), sum(CASE WHEN h = 2 THEN n ELSE 0 END), sum(CASE WHEN h = 3 THEN n ELSE 0 END),
			sum(CASE WHEN h = 4 THEN n ELSE 0 END), sum(CASE WHEN h = 5 THEN n ELSE 0 END), sum(CASE WHEN h = 6 THEN n ELSE 0 END), sum(CASE WHEN h = 7 THEN n ELSE 0 END),
			sum(CASE WHEN h = 8 THEN n ELSE 0 END), sum(CASE WHEN h = 9 THEN n ELSE 0 END), sum(CASE WHEN h = 10 THEN n ELSE 0 END), sum(CASE WHEN h = 11 THEN n ELSE 0 END),
			sum(CASE WHEN h = 12 THEN n ELSE 0 END), sum(CASE WHEN h = 13 THEN n ELSE 0 END), sum(CASE WHEN h = 14 THEN n ELSE 0 END), sum(CASE WHEN h = 15 THEN n ELSE 0 END),
			sum(CASE WHEN h = 16 THEN n ELSE 0 END), sum(CASE WHEN h = 17 THEN n ELSE 0 END), sum(CASE WHEN h = 18 THEN n ELSE 0 END), sum(CASE WHEN h = 19 THEN n ELSE 0 END),
			sum(CASE WHEN h = 20 THEN n ELSE 0 END), sum(CASE WHEN h = 21 THEN n ELSE 0 END), sum(CASE WHEN h = 22 THEN n ELSE 0 END), sum(CASE WHEN h = 23 THEN n ELSE 0 END)
		FROM (
			SELECT coalesce(l.division, '') AS division, s.kind AS kind, s.n AS n,
				CASE WHEN s.kind = 'scan' THEN (s.hour - CAST($2 AS BIGINT)) / 3600000 ELSE -1 END AS h
			FROM scans s LEFT JOIN locations l ON l.id = s.location WHERE s.hour >= $2 AND s.hour < $3
		) AS hours GROUP BY division`, day, begins(day), end)
	if err != nil {
		return err
	}
	if _, err = q.ExecContext(ctx, `INSERT INTO scan_divisions (division) SELECT division FROM scan_areas WHERE day = $1 ON CONFLICT (division) DO NOTHING`, day); err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `INSERT INTO scan_areas (day, division, people, again, bots, previews, tests, know, look, apply, ask, emergency, calls, started, filed,
			h0, h1, h2, h3, h4, h5, h6, h7, h8, h9, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23)
		SELECT day, '*', sum(people), sum(again), sum(bots), sum(previews), sum(tests), sum(know), sum(look), sum(apply), sum(ask), sum(emergency), sum(calls), sum(started), sum(filed),
			sum(h0), sum(h1), sum(h2), sum(h3), sum(h4), sum(h5), sum(h6), sum(h7), sum(h8), sum(h9), sum(h10), sum(h11),
			sum(h12), sum(h13), sum(h14), sum(h15), sum(h16), sum(h17), sum(h18), sum(h19), sum(h20), sum(h21), sum(h22), sum(h23)
		FROM scan_areas WHERE day = $1 GROUP BY day`, day)
	return err
}

// addMonth adds a day to its month, or with -1 takes it out.
func addMonth(ctx context.Context, q store.Queryer, month, day, sign int64) error {
	_, err := q.ExecContext(ctx, `INSERT INTO scan_months (month, location, people, again, bots, previews, tests, know, look, apply, ask, emergency, calls, started, filed, doors)
		SELECT CAST($1 AS BIGINT), location, $3 * people, $3 * again, $3 * bots, $3 * previews, $3 * tests,
			$3 * know, $3 * look, $3 * apply, $3 * ask, $3 * emergency, $3 * calls, $3 * started, $3 * filed, $3 * doors
		FROM scan_days WHERE day = $2
		ON CONFLICT (month, location) DO UPDATE SET people = scan_months.people + excluded.people, again = scan_months.again + excluded.again,
			bots = scan_months.bots + excluded.bots, previews = scan_months.previews + excluded.previews, tests = scan_months.tests + excluded.tests,
			know = scan_months.know + excluded.know, look = scan_months.look + excluded.look, apply = scan_months.apply + excluded.apply,
			ask = scan_months.ask + excluded.ask, emergency = scan_months.emergency + excluded.emergency, calls = scan_months.calls + excluded.calls,
			started = scan_months.started + excluded.started, filed = scan_months.filed + excluded.filed, doors = scan_months.doors + excluded.doors`, month, day, sign)
	return err
}

// readMonths lists the months that are added up, from one on.
func readMonths(ctx context.Context, q store.Queryer, from int64) ([]int64, error) {
	return store.All(ctx, q, oneInt, `SELECT DISTINCT month FROM scan_months WHERE month >= $1`, from)
}

// rollMonth adds up a month anew from its days before end.
func rollMonth(ctx context.Context, q store.Queryer, month, end int64) error {
	if _, err := q.ExecContext(ctx, `DELETE FROM scan_months WHERE month = $1`, month); err != nil {
		return err
	}
	_, err := q.ExecContext(ctx, `INSERT INTO scan_months (month, location, people, again, bots, previews, tests, know, look, apply, ask, emergency, calls, started, filed, doors)
		SELECT CAST($1 AS BIGINT), location, sum(people), sum(again), sum(bots), sum(previews), sum(tests),
			sum(know), sum(look), sum(apply), sum(ask), sum(emergency), sum(calls), sum(started), sum(filed), sum(doors)
		FROM scan_days WHERE day >= $2 AND day < $3 GROUP BY location`, month, month, end)
	return err
}

func readTests(ctx context.Context, q store.Queryer, location string, from int64) (n int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT CAST(coalesce(sum(n), 0) AS BIGINT) FROM scans WHERE location = $1 AND hour >= $2 AND kind = 'test'`, location, from).Scan(&n)
	return n, err
}

func oneInt(r *sql.Rows) (n int64, err error) {
	err = r.Scan(&n)
	return n, err
}
