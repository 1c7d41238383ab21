package poster

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"mashang/platform/store"
)

func insertRun(ctx context.Context, q store.Queryer, r Run) error {
	choice, err := json.Marshal(r.Choice)
	if err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `INSERT INTO poster_runs (id, made_at, made_by, state, division, choice, chosen, places, key_number, host, hotline, file, bytes, job)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		r.ID, store.At(r.At), r.By, Making, r.Division, string(choice), string(r.Chosen), r.Places, r.Key, r.Host, r.Hotline, r.File, r.Bytes, r.Job)
	return err
}

func finishRun(ctx context.Context, q store.Queryer, r Run) (sql.Result, error) {
	return q.ExecContext(ctx, `UPDATE poster_runs SET state = 'done', places = $2, key_number = $3, host = $4, hotline = $5, file = $6, bytes = $7
		WHERE id = $1 AND state = 'making'`, r.ID, r.Places, r.Key, r.Host, r.Hotline, r.File, r.Bytes)
}

func setRunState(ctx context.Context, q store.Queryer, id, from, to string) (sql.Result, error) {
	return q.ExecContext(ctx, `UPDATE poster_runs SET state = $3 WHERE id = $1 AND state = $2`, id, from, to)
}

func dropFile(ctx context.Context, q store.Queryer, id string) error {
	_, err := q.ExecContext(ctx, `UPDATE poster_runs SET file = '' WHERE id = $1`, id)
	return err
}

// sheetsAtOnce keeps a statement below the least number of parameters that an
// engine takes.
const sheetsAtOnce = 100

func insertSheets(ctx context.Context, q store.Queryer, run string, places []Place) error {
	var b strings.Builder
	args := make([]any, 0, 5*len(places))
	b.WriteString(`INSERT INTO poster_prints (run, location, number, name, line) VALUES `)
	for i, p := range places {
		if i > 0 {
			b.WriteString(", ")
		}
		for j, v := range []string{run, p.ID, p.Number, p.Name, p.Line()} {
			b.WriteString([]string{"($", ", $", ", $", ", $", ", $"}[j])
			args = append(args, v)
			b.WriteString(strconv.Itoa(len(args)))
		}
		b.WriteString(")")
	}
	b.WriteString(` ON CONFLICT (run, location) DO NOTHING`)
	_, err := q.ExecContext(ctx, b.String(), args...)
	return err
}

func scanRun(rows *sql.Rows) (r Run, err error) {
	var at store.Time
	var choice, chosen string
	if err = rows.Scan(&r.ID, &at, &r.By, &r.State, &r.Division, &choice, &chosen, &r.Places, &r.Key, &r.Host, &r.Hotline, &r.File, &r.Bytes, &r.Job); err != nil {
		return r, err
	}
	r.At, r.Chosen = at.Time, json.RawMessage(chosen)
	return r, json.Unmarshal([]byte(choice), &r.Choice)
}

// selectRuns lists one run, or with "" a page of all.
func selectRuns(ctx context.Context, q store.Queryer, id string, offset, limit int) ([]Run, error) {
	return store.All(ctx, q, scanRun, `SELECT id, made_at, made_by, state, division, choice, chosen, places, key_number, host, hotline, file, bytes, job
		FROM poster_runs WHERE id = $1 OR $1 = '' ORDER BY made_at DESC, id LIMIT $3 OFFSET $2`, id, offset, limit)
}

func selectRunsOf(ctx context.Context, q store.Queryer, location string) ([]Run, error) {
	return store.All(ctx, q, scanRun, `SELECT r.id, r.made_at, r.made_by, r.state, r.division, r.choice, r.chosen, r.places, r.key_number, r.host, r.hotline, r.file, r.bytes, r.job
		FROM poster_prints p JOIN poster_runs r ON r.id = p.run WHERE p.location = $1 ORDER BY r.made_at DESC, r.id`, location)
}

func selectOld(ctx context.Context, q store.Queryer, before time.Time) ([]Run, error) {
	return store.All(ctx, q, scanRun, `SELECT id, made_at, made_by, state, division, choice, chosen, places, key_number, host, hotline, file, bytes, job
		FROM poster_runs WHERE made_at < $1 AND file <> '' ORDER BY made_at`, store.At(before))
}

func selectSheets(ctx context.Context, q store.Queryer, run, location string) ([]Sheet, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (s Sheet, err error) {
		return s, rows.Scan(&s.Run, &s.Location, &s.Number, &s.Name, &s.Line)
	}, `SELECT run, location, number, name, line FROM poster_prints WHERE run = $1 AND (location = $2 OR $2 = '') ORDER BY number, location`, run, location)
}

func selectHanging(ctx context.Context, q store.Queryer) ([]Hanging, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (h Hanging, err error) {
		var at store.Time
		err = rows.Scan(&h.Run, &h.Location, &h.Number, &h.Name, &h.Line, &at, &h.By, &h.Host, &h.Hotline, &h.Key)
		h.At = at.Time
		return h, err
	}, `SELECT run, location, number, name, line, made_at, made_by, host, hotline, key_number FROM (
			SELECT p.run, p.location, p.number, p.name, p.line, r.made_at, r.made_by, r.host, r.hotline, r.key_number,
				row_number() OVER (PARTITION BY p.location ORDER BY r.made_at DESC, r.id) AS place
			FROM poster_prints p JOIN poster_runs r ON r.id = p.run
			WHERE r.state = 'done' AND r.choice NOT LIKE '%"size":"card%'
		) newest WHERE place = 1`)
}
