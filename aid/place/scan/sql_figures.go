package scan

import (
	"context"
	"database/sql"

	"mashang/platform/store"
)

type areaRow struct {
	division string
	people   int64
}

type dayRow struct {
	day int64
	Sum
	hours [24]int64
}

type hourRow struct {
	location string
	hour     int64
	kind     string
	n        int64
}

// to adds the row to a sum.
func (h hourRow) to(s *Sum) {
	if p := s.of(h.kind); p != nil {
		*p += h.n
	}
}

// into are the places of a sum's counts behind others, for Scan.
func (s *Sum) into(first ...any) []any {
	for _, p := range s.fields() {
		first = append(first, p)
	}
	return first
}

// readBooked lists every division under which anything was booked.
func readBooked(ctx context.Context, q store.Queryer) ([]string, error) {
	return store.All(ctx, q, func(r *sql.Rows) (code string, err error) {
		return code, r.Scan(&code)
	}, `SELECT division FROM scan_divisions`)
}

// everything is the filter of the whole portal. A filter is codes of twelve letters one behind the other, which the
// statements cut apart so that they go along the index from code to code.
const everything = "*           "

func readAreas(ctx context.Context, q store.Queryer, from, to int64) ([]areaRow, error) {
	return store.All(ctx, q, func(r *sql.Rows) (a areaRow, err error) {
		return a, r.Scan(&a.division, &a.people)
	}, `SELECT division, CAST(sum(people) AS BIGINT) FROM scan_areas WHERE day >= $1 AND day <= $2 AND division <> '*' GROUP BY division`, from, to)
}

func readPeople(ctx context.Context, q store.Queryer, from, to int64, filter string) (n int64, err error) {
	err = q.QueryRowContext(ctx, `WITH RECURSIVE cut (code, rest) AS (
			SELECT '', CAST($3 AS TEXT) UNION ALL SELECT trim(substr(rest, 1, 12)), substr(rest, 13) FROM cut WHERE rest <> ''
		)
		SELECT CAST(coalesce(sum(a.people), 0) AS BIGINT) FROM cut CROSS JOIN scan_areas a WHERE a.division = cut.code AND a.day >= $1 AND a.day <= $2 AND cut.code <> ''`, from, to, filter).Scan(&n)
	return n, err
}

// readAreaDays sums the days, and with them the hours of each.
func readAreaDays(ctx context.Context, q store.Queryer, from, to int64, filter string) ([]dayRow, error) {
	return store.All(ctx, q, func(r *sql.Rows) (d dayRow, err error) {
		to := d.into(&d.day)
		for i := range d.hours {
			to = append(to, &d.hours[i])
		}
		return d, r.Scan(to...)
	}, `WITH RECURSIVE cut (code, rest) AS (
			SELECT '', CAST($3 AS TEXT) UNION ALL SELECT trim(substr(rest, 1, 12)), substr(rest, 13) FROM cut WHERE rest <> ''
		)
		SELECT a.day, CAST(sum(people) AS BIGINT), CAST(sum(again) AS BIGINT), CAST(sum(bots) AS BIGINT), CAST(sum(previews) AS BIGINT), CAST(sum(tests) AS BIGINT),
			CAST(sum(know) AS BIGINT), CAST(sum(look) AS BIGINT), CAST(sum(apply) AS BIGINT), CAST(sum(ask) AS BIGINT), CAST(sum(emergency) AS BIGINT), CAST(sum(calls) AS BIGINT),
			CAST(sum(started) AS BIGINT), CAST(sum(filed) AS BIGINT),
			CAST(sum(h0) AS BIGINT), CAST(sum(h1) AS BIGINT), CAST(sum(h2) AS BIGINT), CAST(sum(h3) AS BIGINT), CAST(sum(h4) AS BIGINT), CAST(sum(h5) AS BIGINT),
			CAST(sum(h6) AS BIGINT), CAST(sum(h7) AS BIGINT), CAST(sum(h8) AS BIGINT), CAST(sum(h9) AS BIGINT), CAST(sum(h10) AS BIGINT), CAST(sum(h11) AS BIGINT),
			CAST(sum(h12) AS BIGINT), CAST(sum(h13) AS BIGINT), CAST(sum(h14) AS BIGINT), CAST(sum(h15) AS BIGINT), CAST(sum(h16) AS BIGINT), CAST(sum(h17) AS BIGINT),
			CAST(sum(h18) AS BIGINT), CAST(sum(h19) AS BIGINT), CAST(sum(h20) AS BIGINT), CAST(sum(h21) AS BIGINT), CAST(sum(h22) AS BIGINT), CAST(sum(h23) AS BIGINT)
		FROM cut CROSS JOIN scan_areas a WHERE a.division = cut.code AND a.day >= $1 AND a.day <= $2 AND cut.code <> '' GROUP BY a.day`, from, to, filter)
}

type briefRow struct {
	location      string
	people, doors int64
}

func scanBrief(r *sql.Rows) (b briefRow, err error) {
	return b, r.Scan(&b.location, &b.people, &b.doors)
}

func readMonthBriefs(ctx context.Context, q store.Queryer, from, to int64) ([]briefRow, error) {
	return store.All(ctx, q, scanBrief, `SELECT location, CAST(sum(people) AS BIGINT), CAST(sum(doors) AS BIGINT) FROM scan_months WHERE month >= $1 AND month < $2 GROUP BY location`, from, to)
}

func readDayBriefs(ctx context.Context, q store.Queryer, from, to int64) ([]briefRow, error) {
	return store.All(ctx, q, scanBrief, `SELECT location, CAST(sum(people) AS BIGINT), CAST(sum(doors) AS BIGINT) FROM scan_days WHERE day >= $1 AND day < $2 GROUP BY location`, from, to)
}

// readPosters sums everything by location, for the export.
func readPosters(ctx context.Context, q store.Queryer, from, to int64) (map[string]*Sum, error) {
	rows, err := q.QueryContext(ctx, `SELECT location, CAST(sum(people) AS BIGINT), CAST(sum(again) AS BIGINT), CAST(sum(bots) AS BIGINT), CAST(sum(previews) AS BIGINT), CAST(sum(tests) AS BIGINT),
			CAST(sum(know) AS BIGINT), CAST(sum(look) AS BIGINT), CAST(sum(apply) AS BIGINT), CAST(sum(ask) AS BIGINT), CAST(sum(emergency) AS BIGINT), CAST(sum(calls) AS BIGINT),
			CAST(sum(started) AS BIGINT), CAST(sum(filed) AS BIGINT)
		FROM scan_days WHERE day >= $1 AND day <= $2 GROUP BY location`, from, to)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[string]*Sum{}
	for rows.Next() {
		var id string
		s := &Sum{}
		if err := rows.Scan(s.into(&id)...); err != nil {
			return nil, err
		}
		all[id] = s
	}
	return all, rows.Err()
}

func readHourRows(ctx context.Context, q store.Queryer, from, to int64) ([]hourRow, error) {
	return store.All(ctx, q, func(r *sql.Rows) (h hourRow, err error) {
		return h, r.Scan(&h.location, &h.hour, &h.kind, &h.n)
	}, `SELECT location, hour, kind, n FROM scans WHERE hour >= $1 AND hour < $2`, from, to)
}

func readLocationDays(ctx context.Context, q store.Queryer, location string, from, to int64) ([]dayRow, error) {
	return store.All(ctx, q, func(r *sql.Rows) (d dayRow, err error) {
		return d, r.Scan(d.into(&d.day)...)
	}, `SELECT day, people, again, bots, previews, tests, know, look, apply, ask, emergency, calls, started, filed
		FROM scan_days WHERE location = $1 AND day >= $2 AND day <= $3 ORDER BY day`, location, from, to)
}

func readLocationHours(ctx context.Context, q store.Queryer, location string, from, to int64) ([]hourRow, error) {
	return store.All(ctx, q, func(r *sql.Rows) (h hourRow, err error) {
		return h, r.Scan(&h.hour, &h.n)
	}, `SELECT hour, n FROM scans WHERE location = $1 AND hour >= $2 AND hour < $3 AND kind = 'scan'`, location, from, to)
}
