package staff

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"mashang/platform/store"
)

func selectSession(ctx context.Context, q store.Queryer, hash string, seenAfter, madeAfter time.Time) ([]byte, Session, bool, error) {
	var data []byte
	var s Session
	var made, seen, proven store.Time
	err := q.QueryRowContext(ctx, `SELECT data, account, made_at, seen_at, proven_at, how FROM staff_sessions WHERE hash = $1 AND seen_at > $2 AND made_at > $3`,
		hash, store.At(seenAfter), store.At(madeAfter)).Scan(&data, &s.Account, &made, &seen, &proven, &s.How)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, s, false, nil
	}
	s.Made, s.Seen, s.Proven = made.Time, seen.Time, proven.Time
	return data, s, err == nil, err
}

func selectSessions(ctx context.Context, q store.Queryer, account string, seenAfter, madeAfter time.Time) ([]found, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (found, error) {
		var f found
		var made, seen, proven store.Time
		err := rows.Scan(&f.hash, &f.Account, &made, &seen, &proven, &f.How, &f.Device, &f.Address)
		f.Made, f.Seen, f.Proven = made.Time, seen.Time, proven.Time
		return f, err
	}, `SELECT hash, account, made_at, seen_at, proven_at, how, device, address FROM staff_sessions
		WHERE account = $1 AND seen_at > $2 AND made_at > $3 ORDER BY seen_at DESC, hash`, account, store.At(seenAfter), store.At(madeAfter))
}

func insertSession(ctx context.Context, q store.Queryer, hash string, data []byte, s Session) error {
	_, err := q.ExecContext(ctx, `INSERT INTO staff_sessions (hash, account, data, made_at, seen_at, proven_at, how, device, address)
		VALUES ($1, $2, $3, $4, $4, $8, $5, $6, $7)`, hash, s.Account, data, store.At(s.Made), s.How, s.Device, s.Address, store.At(s.Proven))
	return err
}

// touchSession writes only when the noted activity is older than stale; the
// look before it keeps most requests from writing at all.
func touchSession(ctx context.Context, q store.Queryer, hash string, now, stale time.Time) error {
	var seen store.Time
	err := q.QueryRowContext(ctx, `SELECT seen_at FROM staff_sessions WHERE hash = $1`, hash).Scan(&seen)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil && seen.Before(stale) {
		_, err = q.ExecContext(ctx, `UPDATE staff_sessions SET seen_at = $2 WHERE hash = $1 AND seen_at < $2`, hash, store.At(now))
	}
	return err
}

func updateProven(ctx context.Context, q store.Queryer, hash string, at time.Time) error {
	_, err := q.ExecContext(ctx, `UPDATE staff_sessions SET proven_at = $2 WHERE hash = $1`, hash, store.At(at))
	return err
}

func deleteSession(ctx context.Context, q store.Queryer, hash string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM staff_sessions WHERE hash = $1`, hash)
	return err
}

// deleteSessions ends the sessions of an account but the one under the hash keep.
func deleteSessions(ctx context.Context, q store.Queryer, account, keep string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM staff_sessions WHERE account = $1 AND hash <> $2`, account, keep)
	return err
}

func deleteEnded(ctx context.Context, q store.Queryer, seenBefore, madeBefore time.Time) error {
	_, err := q.ExecContext(ctx, `DELETE FROM staff_sessions WHERE seen_at <= $1 OR made_at <= $2`, store.At(seenBefore), store.At(madeBefore))
	return err
}
