package calls

import (
	"context"
	"database/sql"
	"time"

	"mashang/i18n"
	"mashang/platform/store"
)

func selectWaiting(ctx context.Context, q store.Queryer) ([]Waiting, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (w Waiting, err error) {
		var started, ended, called store.Time
		err = rows.Scan(&w.ID, &w.Operator, &w.Division, &started, &ended, &w.Outcome, &w.Note, &w.Danger, &called, &w.CalledBy, &w.About, &w.Receipt)
		w.Started, w.Ended, w.CalledBack = started.Time, ended.Time, called.Time
		return w, err
	}, `SELECT c.id, c.operator, c.division, c.started_at, c.ended_at, c.outcome, c.note, c.danger, c.called_at, c.called_by,
			COALESCE((SELECT x.text FROM call_questions x WHERE x.call = c.id ORDER BY x.asked_at DESC, x.id DESC LIMIT 1), ''),
			COALESCE((SELECT e.object FROM call_deeds e WHERE e.call = c.id AND e.deed = 'hand' ORDER BY e.did_at DESC, e.id DESC LIMIT 1), '')
		FROM calls c WHERE c.outcome = 'callback' AND c.called_at IS NULL AND c.ended_at IS NOT NULL ORDER BY c.ended_at, c.id LIMIT 200`)
}

// selectLeft gives when an operator last handed over, the zero time for never.
func selectLeft(ctx context.Context, q store.Queryer, operator string) (time.Time, error) {
	all, err := store.All(ctx, q, func(rows *sql.Rows) (at store.Time, err error) { err = rows.Scan(&at); return at, err },
		`SELECT left_at FROM call_shifts WHERE operator = $1 ORDER BY left_at DESC LIMIT 1`, operator)
	if err != nil || len(all) == 0 {
		return time.Time{}, err
	}
	return all[0].Time, nil
}

func countCalls(ctx context.Context, q store.Queryer, operator string, since store.Time) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM calls WHERE operator = $1 AND started_at > $2`, operator, since).Scan(&n)
	return n, err
}

func insertShift(ctx context.Context, q store.Queryer, s Shift) error {
	_, err := q.ExecContext(ctx, `INSERT INTO call_shifts (id, operator, note, calls, left_at, taken_by) VALUES ($1, $2, $3, $4, $5, '')`, s.ID, s.Operator, s.Note, s.Calls, store.At(s.Left))
	return err
}

func selectShifts(ctx context.Context, q store.Queryer, since store.Time) ([]Shift, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (s Shift, err error) {
		var left, taken store.Time
		err = rows.Scan(&s.ID, &s.Operator, &s.Note, &s.Calls, &left, &taken, &s.TakenBy)
		s.Left, s.Taken = left.Time, taken.Time
		return s, err
	}, `SELECT id, operator, note, calls, left_at, taken_at, taken_by FROM call_shifts WHERE left_at >= $1 ORDER BY CASE WHEN taken_at IS NULL THEN 0 ELSE 1 END, left_at DESC, id LIMIT 20`, since)
}

func updateTaken(ctx context.Context, q store.Queryer, operator, id string, at time.Time) (int64, error) {
	return store.Rows(q.ExecContext(ctx, `UPDATE call_shifts SET taken_at = $3, taken_by = $2 WHERE id = $1 AND taken_at IS NULL`, id, operator, store.At(at)))
}

// pair is a word with its count.
type pair struct {
	word string
	n    int
}

func pairs(ctx context.Context, q store.Queryer, query string, from, to store.Time) ([]pair, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (p pair, err error) { err = rows.Scan(&p.word, &p.n); return p, err }, query, from, to)
}

func (f *Figures) count(ctx context.Context, q store.Queryer, from, to store.Time) error {
	for _, one := range []struct {
		into  map[string]int
		query string
	}{
		{f.Outcomes, `SELECT outcome, count(*) FROM calls WHERE started_at >= $1 AND started_at < $2 GROUP BY outcome`},
		{f.Operators, `SELECT operator, count(*) FROM calls WHERE started_at >= $1 AND started_at < $2 GROUP BY operator`},
		{f.Answers, `SELECT outcome, count(*) FROM call_questions WHERE asked_at >= $1 AND asked_at < $2 GROUP BY outcome`},
		{f.Deeds, `SELECT deed, count(*) FROM call_deeds WHERE did_at >= $1 AND did_at < $2 GROUP BY deed`},
	} {
		all, err := pairs(ctx, q, one.query, from, to)
		if err != nil {
			return err
		}
		for _, p := range all {
			one.into[p.word] = p.n
		}
	}
	for _, n := range f.Outcomes {
		f.Calls += n
	}
	for _, n := range f.Answers {
		f.Questions += n
	}
	verdicts, err := pairs(ctx, q, `SELECT verdict, count(*) FROM call_questions WHERE asked_at >= $1 AND asked_at < $2 AND verdict <> '' GROUP BY verdict`, from, to)
	if err != nil {
		return err
	}
	for _, p := range verdicts {
		switch p.word {
		case "yes":
			f.Right = p.n
		case "no":
			f.Wrong = p.n
		}
	}
	if err := q.QueryRowContext(ctx, `SELECT count(*) FROM calls WHERE started_at >= $1 AND started_at < $2 AND danger <> ''`, from, to).Scan(&f.Danger); err != nil {
		return err
	}
	type span struct{ start, end store.Time }
	spans, err := store.All(ctx, q, func(rows *sql.Rows) (s span, err error) { err = rows.Scan(&s.start, &s.end); return s, err },
		`SELECT started_at, ended_at FROM calls WHERE started_at >= $1 AND started_at < $2 ORDER BY started_at`, from, to)
	if err != nil {
		return err
	}
	millis := int64(0)
	for _, s := range spans {
		on := s.start.In(i18n.Shanghai).Format(time.DateOnly)
		if n := len(f.Days); n == 0 || f.Days[n-1].Day != on {
			f.Days = append(f.Days, Day{Day: on})
		}
		f.Days[len(f.Days)-1].Calls++
		if !s.end.IsZero() && s.end.After(s.start.Time) {
			f.Ended++
			millis += s.end.Sub(s.start.Time).Milliseconds()
		}
	}
	f.Minutes = int(millis / 60_000)
	return nil
}
