package scan

import (
	"context"
	"database/sql"

	"mashang/platform/store"
)

type areaRow struct {
	division string
	Sum
}

type dayRow struct {
	day int64
	Sum
}

type heatRow struct {
	weekday int64 // the day's number modulo seven
	hours   [24]int64
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

// readAreas sums the divisions that the filter lists between commas; an empty filter takes all.
func readAreas(ctx context.Context, q store.Queryer, from, to int64, filter string) ([]areaRow, error) {
	return store.All(ctx, q, func(r *sql.Rows) (a areaRow, err error) {
		return a, r.Scan(a.into(&a.division)...)
	}, `SELECT division, CAST(sum(people) AS BIGINT), CAST(sum(again) AS BIGINT), CAST(sum(bots) AS BIGINT), CAST(sum(previews) AS BIGINT), CAST(sum(tests) AS BIGINT),
			CAST(sum(know) AS BIGINT), CAST(sum(look) AS BIGINT), CAST(sum(apply) AS BIGINT), CAST(sum(ask) AS BIGINT), CAST(sum(emergency) AS BIGINT), CAST(sum(calls) AS BIGINT),
			CAST(sum(started) AS BIGINT), CAST(sum(filed) AS BIGINT)
		FROM scan_areas WHERE day >= $1 AND day <= $2 AND (CAST($3 AS TEXT) = '' OR $3 LIKE '%,' || division || ',%') GROUP BY division`, from, to, filter)
}

func readPeople(ctx context.Context, q store.Queryer, from, to int64, filter string) (n int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT CAST(coalesce(sum(people), 0) AS BIGINT) FROM scan_areas
		WHERE day >= $1 AND day <= $2 AND (CAST($3 AS TEXT) = '' OR $3 LIKE '%,' || division || ',%')`, from, to, filter).Scan(&n)
	return n, err
}

// readAreaDays sums the days of the divisions of the filter.
func readAreaDays(ctx context.Context, q store.Queryer, from, to int64, filter string) ([]dayRow, error) {
	return store.All(ctx, q, func(r *sql.Rows) (d dayRow, err error) {
		return d, r.Scan(d.into(&d.day)...)
	}, `SELECT day, CAST(sum(people) AS BIGINT), CAST(sum(again) AS BIGINT), CAST(sum(bots) AS BIGINT), CAST(sum(previews) AS BIGINT), CAST(sum(tests) AS BIGINT),
			CAST(sum(know) AS BIGINT), CAST(sum(look) AS BIGINT), CAST(sum(apply) AS BIGINT), CAST(sum(ask) AS BIGINT), CAST(sum(emergency) AS BIGINT), CAST(sum(calls) AS BIGINT),
			CAST(sum(started) AS BIGINT), CAST(sum(filed) AS BIGINT)
		FROM scan_areas WHERE day >= $1 AND day <= $2 AND (CAST($3 AS TEXT) = '' OR $3 LIKE '%,' || division || ',%') GROUP BY day ORDER BY day`, from, to, filter)
}

func readHeat(ctx context.Context, q store.Queryer, from, to int64, filter string) ([]heatRow, error) {
	return store.All(ctx, q, func(r *sql.Rows) (h heatRow, err error) {
		to := []any{&h.weekday}
		for i := range h.hours {
			to = append(to, &h.hours[i])
		}
		return h, r.Scan(to...)
	}, `SELECT day % 7, CAST(sum(h0) AS BIGINT), CAST(sum(h1) AS BIGINT), CAST(sum(h2) AS BIGINT), CAST(sum(h3) AS BIGINT), CAST(sum(h4) AS BIGINT), CAST(sum(h5) AS BIGINT),
			CAST(sum(h6) AS BIGINT), CAST(sum(h7) AS BIGINT), CAST(sum(h8) AS BIGINT), CAST(sum(h9) AS BIGINT), CAST(sum(h10) AS BIGINT), CAST(sum(h11) AS BIGINT),
			CAST(sum(h12) AS BIGINT), CAST(sum(h13) AS BIGINT), CAST(sum(h14) AS BIGINT), CAST(sum(h15) AS BIGINT), CAST(sum(h16) AS BIGINT), CAST(sum(h17) AS BIGINT),
			CAST(sum(h18) AS BIGINT), CAST(sum(h19) AS BIGINT), CAST(sum(h20) AS BIGINT), CAST(sum(h21) AS BIGINT), CAST(sum(h22) AS BIGINT), CAST(sum(h23) AS BIGINT)
		FROM scan_areas WHERE day >= $1 AND day <= $2 AND (CAST($3 AS TEXT) = '' OR $3 LIKE '%,' || division || ',%') GROUP BY day % 7`, from, to, filter)
}

// readPosters sums by location the whole months month…monthEnd and the days from…fromEnd and rest…restEnd beside them;
// every end is excluded.
func readPosters(ctx context.Context, q store.Queryer, month, monthEnd, from, fromEnd, rest, restEnd int64) (map[string]*Sum, error) {
	rows, err := q.QueryContext(ctx, `SELECT location, CAST(sum(people) AS BIGINT), CAST(sum(again) AS BIGINT), CAST(sum(bots) AS BIGINT), CAST(sum(previews) AS BIGINT), CAST(sum(tests) AS BIGINT),
			CAST(sum(know) AS BIGINT), CAST(sum(look) AS BIGINT), CAST(sum(apply) AS BIGINT), CAST(sum(ask) AS BIGINT), CAST(sum(emergency) AS BIGINT), CAST(sum(calls) AS BIGINT),
			CAST(sum(started) AS BIGINT), CAST(sum(filed) AS BIGINT)
		FROM (
			SELECT location, people, again, bots, previews, tests, know, look, apply, ask, emergency, calls, started, filed FROM scan_months WHERE month >= $1 AND month < $2
			UNION ALL SELECT location, people, again, bots, previews, tests, know, look, apply, ask, emergency, calls, started, filed FROM scan_days WHERE day >= $3 AND day < $4
			UNION ALL SELECT location, people, again, bots, previews, tests, know, look, apply, ask, emergency, calls, started, filed FROM scan_days WHERE day >= $5 AND day < $6
		) AS parts GROUP BY location`, month, monthEnd, from, fromEnd, rest, restEnd)
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
