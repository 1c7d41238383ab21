package round

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

func insertRound(ctx context.Context, q store.Queryer, r Round) error {
	_, err := q.ExecContext(ctx, `INSERT INTO rounds (id, name, division, account, due, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		r.ID, r.Name, r.Division, r.Account, store.At(r.Due), r.By, store.At(r.Made))
	return err
}

func insertSpot(ctx context.Context, q store.Queryer, round, location string) error {
	_, err := q.ExecContext(ctx, `INSERT INTO round_spots (round, location) VALUES ($1, $2)`, round, location)
	return err
}

func endRound(ctx context.Context, q store.Queryer, id string, at time.Time) (int64, error) {
	return store.Rows(q.ExecContext(ctx, `UPDATE rounds SET ended_at = $2 WHERE id = $1`, id, store.At(at)))
}

// selectRounds reads one round, or all when id is empty, or only those that run, with how far they are: what was found last counts.
func selectRounds(ctx context.Context, q store.Queryer, id string, running bool) ([]Round, error) {
	return store.All(ctx, q, scanRound, `SELECT r.id, r.name, r.division, r.account, r.due, r.made_by, r.made_at, r.ended_at,
			(SELECT count(*) FROM round_spots s WHERE s.round = r.id),
			(SELECT count(DISTINCT i.location) FROM inspections i WHERE i.round = r.id),
			(SELECT count(*) FROM inspections i WHERE i.round = r.id AND i.state <> 'fine'
				AND NOT EXISTS (SELECT 1 FROM inspections j WHERE j.round = i.round AND j.location = i.location AND (j.at > i.at OR j.at = i.at AND j.id > i.id)))
		FROM rounds r WHERE (CAST($1 AS TEXT) = '' OR r.id = $1) AND ($2 = FALSE OR r.ended_at IS NULL) ORDER BY r.made_at DESC, r.id`, id, running)
}

// selectOpen reads the running rounds in which nobody has looked at the location yet.
func selectOpen(ctx context.Context, q store.Queryer, location string) ([]Round, error) {
	return store.All(ctx, q, scanRound, `SELECT r.id, r.name, r.division, r.account, r.due, r.made_by, r.made_at, r.ended_at, 0, 0, 0
		FROM rounds r JOIN round_spots s ON s.round = r.id
		WHERE s.location = $1 AND r.ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM inspections i WHERE i.round = r.id AND i.location = s.location)
		ORDER BY r.due, r.id`, location)
}

func scanRound(rows *sql.Rows) (r Round, err error) {
	var due, made, ended store.Time
	err = rows.Scan(&r.ID, &r.Name, &r.Division, &r.Account, &due, &r.By, &made, &ended, &r.Total, &r.Done, &r.Bad)
	r.Due, r.Made, r.Ended = due.Time, made.Time, ended.Time
	return r, err
}

func selectSpots(ctx context.Context, q store.Queryer, round string) ([]string, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (id string, err error) {
		return id, rows.Scan(&id)
	}, `SELECT location FROM round_spots WHERE round = $1 ORDER BY location`, round)
}

func insertInspection(ctx context.Context, q store.Queryer, one Inspection) (int64, error) {
	var lat, lon, away sql.NullInt64
	if one.Spot != nil {
		lat, lon = sql.NullInt64{Int64: one.Spot.Lat, Valid: true}, sql.NullInt64{Int64: one.Spot.Lon, Valid: true}
	}
	if one.Away >= 0 {
		away = sql.NullInt64{Int64: one.Away, Valid: true}
	}
	photo := ""
	if one.Photo {
		photo = photoID(one.ID)
	}
	return store.Rows(q.ExecContext(ctx, `INSERT INTO inspections (id, location, round, state, account, at, photo, lat, lon, away)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING`,
		one.ID, one.Location, one.Round, string(one.State), one.By, store.At(one.At), photo, lat, lon, away))
}

func scanInspection(row interface{ Scan(...any) error }) (one Inspection, err error) {
	var at store.Time
	var photo string
	var lat, lon, away sql.NullInt64
	err = row.Scan(&one.ID, &one.Location, &one.Round, &one.State, &one.By, &at, &photo, &lat, &lon, &away)
	one.At, one.Photo, one.Away = at.Time, photo != "", -1
	if lat.Valid && lon.Valid {
		one.Spot = &Spot{lat.Int64, lon.Int64}
	}
	if away.Valid {
		one.Away = away.Int64
	}
	return one, err
}

func selectInspection(ctx context.Context, q store.Queryer, id string) (Inspection, error) {
	return found(scanInspection(q.QueryRowContext(ctx, `SELECT id, location, round, state, account, at, photo, lat, lon, away FROM inspections WHERE id = $1`, id)))
}

func selectLast(ctx context.Context, q store.Queryer, location string) (Inspection, error) {
	return found(scanInspection(q.QueryRowContext(ctx, `SELECT id, location, round, state, account, at, photo, lat, lon, away
		FROM inspections WHERE location = $1 ORDER BY at DESC, id DESC LIMIT 1`, location)))
}

func found(one Inspection, err error) (Inspection, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return one, problem.New(problem.Missing, "rounds.inspection.none")
	}
	return one, err
}

// selectSpot is where a poster was last seen hanging as it should; known is false when no phone ever told.
func selectSpot(ctx context.Context, q store.Queryer, location string) (s Spot, known bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT lat, lon FROM inspections WHERE location = $1 AND lat IS NOT NULL AND state <> 'wrong' AND state <> 'gone'
		ORDER BY at DESC, id DESC LIMIT 1`, location).Scan(&s.Lat, &s.Lon)
	if errors.Is(err, sql.ErrNoRows) {
		return s, false, nil
	}
	return s, err == nil, err
}

// selectFound is the newest inspection of each location on a round.
func selectFound(ctx context.Context, q store.Queryer, round string) (map[string]Inspection, error) {
	return newest(ctx, q, `SELECT id, location, round, state, account, at, photo, lat, lon, away FROM inspections WHERE round = $1 ORDER BY at, id`, round)
}

// selectAllLast is the newest inspection of each location.
func selectAllLast(ctx context.Context, q store.Queryer) (map[string]Inspection, error) {
	return newest(ctx, q, `SELECT id, location, round, state, account, at, photo, lat, lon, away FROM (
			SELECT id, location, round, state, account, at, photo, lat, lon, away, row_number() OVER (PARTITION BY location ORDER BY at DESC, id DESC) AS nth FROM inspections
		) AS ranked WHERE nth = 1`)
}

func newest(ctx context.Context, q store.Queryer, query string, args ...any) (map[string]Inspection, error) {
	all, err := store.All(ctx, q, func(rows *sql.Rows) (Inspection, error) { return scanInspection(rows) }, query, args...)
	if err != nil {
		return nil, err
	}
	by := make(map[string]Inspection, len(all))
	for _, one := range all {
		by[one.Location] = one
	}
	return by, nil
}
