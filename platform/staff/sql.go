package staff

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

func insertAccount(ctx context.Context, q store.Queryer, a Account, hash string) error {
	_, err := q.ExecContext(ctx, `INSERT INTO staff_accounts (name, role, scope, password, disabled, renew, made_at, password_at)
		VALUES ($1, $2, $3, $4, FALSE, $5, $6, $6)`, a.Name, string(a.Role), a.Scope, hash, a.Renew, store.At(a.Made))
	return err
}

func selectAccount(ctx context.Context, q store.Queryer, name string) (Account, string, error) {
	a := Account{Name: name}
	var hash string
	var made, signed store.Time
	err := q.QueryRowContext(ctx, `SELECT role, scope, password, disabled, renew, made_at, signed_at
		FROM staff_accounts WHERE name = $1`, name).Scan(&a.Role, &a.Scope, &hash, &a.Disabled, &a.Renew, &made, &signed)
	if errors.Is(err, sql.ErrNoRows) {
		return Account{}, "", problem.New(problem.Missing, "staff.account.missing")
	}
	a.Made, a.Signed = made.Time, signed.Time
	return a, hash, err
}

func selectAccounts(ctx context.Context, q store.Queryer, seenAfter, madeAfter time.Time) ([]Account, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (Account, error) {
		var a Account
		var made, signed store.Time
		err := rows.Scan(&a.Name, &a.Role, &a.Scope, &a.Disabled, &a.Renew, &made, &signed, &a.Sessions)
		a.Made, a.Signed = made.Time, signed.Time
		return a, err
	}, `SELECT name, role, scope, disabled, renew, made_at, signed_at,
			(SELECT count(*) FROM staff_sessions s WHERE s.account = a.name AND s.seen_at > $1 AND s.made_at > $2)
		FROM staff_accounts a ORDER BY name`, store.At(seenAfter), store.At(madeAfter))
}

func countAdmins(ctx context.Context, q store.Queryer) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM staff_accounts WHERE role = $1 AND NOT disabled`, string(Admin)).Scan(&n)
	return n, err
}

func updateAccount(ctx context.Context, q store.Queryer, name string, role Role, scope string, disabled bool) error {
	return one(q.ExecContext(ctx, `UPDATE staff_accounts SET role = $2, scope = $3, disabled = $4 WHERE name = $1`,
		name, string(role), scope, disabled))
}

func updatePassword(ctx context.Context, q store.Queryer, name, hash string, renew bool, at time.Time) error {
	return one(q.ExecContext(ctx, `UPDATE staff_accounts SET password = $2, renew = $3, password_at = $4 WHERE name = $1`,
		name, hash, renew, store.At(at)))
}

func one(res sql.Result, err error) error {
	n, err := store.Rows(res, err)
	if err == nil && n == 0 {
		return problem.New(problem.Missing, "staff.account.missing")
	}
	return err
}

func updateSigned(ctx context.Context, q store.Queryer, name string, at time.Time) error {
	_, err := q.ExecContext(ctx, `UPDATE staff_accounts SET signed_at = $2 WHERE name = $1`, name, store.At(at))
	return err
}

func selectSession(ctx context.Context, q store.Queryer, hash string, seenAfter, madeAfter time.Time) ([]byte, bool, error) {
	var data []byte
	err := q.QueryRowContext(ctx, `SELECT data FROM staff_sessions WHERE hash = $1 AND seen_at > $2 AND made_at > $3`,
		hash, store.At(seenAfter), store.At(madeAfter)).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, err
}

func insertSession(ctx context.Context, q store.Queryer, hash, account string, data []byte, now time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO staff_sessions (hash, account, data, made_at, seen_at) VALUES ($1, $2, $3, $4, $4)`,
		hash, account, data, store.At(now))
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

func deleteSession(ctx context.Context, q store.Queryer, hash string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM staff_sessions WHERE hash = $1`, hash)
	return err
}

func deleteSessions(ctx context.Context, q store.Queryer, account string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM staff_sessions WHERE account = $1`, account)
	return err
}

func deleteEnded(ctx context.Context, q store.Queryer, seenBefore, madeBefore time.Time) error {
	_, err := q.ExecContext(ctx, `DELETE FROM staff_sessions WHERE seen_at <= $1 OR made_at <= $2`, store.At(seenBefore), store.At(madeBefore))
	return err
}
