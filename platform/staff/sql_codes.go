package staff

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"mashang/platform/store"
)

func selectCode(ctx context.Context, q store.Queryer, name string) (sealed string, step int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT code, code_step FROM staff_accounts WHERE name = $1`, name).Scan(&sealed, &step)
	if errors.Is(err, sql.ErrNoRows) {
		return "", 0, nil
	}
	return sealed, step, err
}

func updateCode(ctx context.Context, q store.Queryer, name, sealed string, step int64, at time.Time) error {
	return one(q.ExecContext(ctx, `UPDATE staff_accounts SET code = $2, code_step = $3, code_at = $4 WHERE name = $1`, name, sealed, step, store.At(at)))
}

// updateStep notes that a step's code was taken, unless it, or a later one that
// has come by now, was taken meanwhile or the secret is another.
func updateStep(ctx context.Context, q store.Queryer, name, sealed string, step int64, now time.Time) (bool, error) {
	n, err := store.Rows(q.ExecContext(ctx, `UPDATE staff_accounts SET code_step = $3 WHERE name = $1 AND code = $2 AND (code_step < $3 OR code_step > $4)`,
		name, sealed, step, now.Unix()/int64(codeEvery/time.Second)+1))
	return n == 1, err
}

// selectCodes gives the sealed secrets by account.
func selectCodes(ctx context.Context, q store.Queryer) (map[string]string, error) {
	out := map[string]string{}
	_, err := store.All(ctx, q, func(rows *sql.Rows) (bool, error) {
		var name, sealed string
		err := rows.Scan(&name, &sealed)
		out[name] = sealed
		return true, err
	}, `SELECT name, code FROM staff_accounts WHERE code <> ''`)
	return out, err
}

func resealCode(ctx context.Context, q store.Queryer, name, sealed string) error {
	_, err := q.ExecContext(ctx, `UPDATE staff_accounts SET code = $2 WHERE name = $1`, name, sealed)
	return err
}

func deleteCode(ctx context.Context, q store.Queryer, name string) error {
	if err := one(q.ExecContext(ctx, `UPDATE staff_accounts SET code = '', code_step = 0, code_at = NULL WHERE name = $1`, name)); err != nil {
		return err
	}
	return deleteRecovery(ctx, q, name)
}

func insertRecovery(ctx context.Context, q store.Queryer, name, hash string) error {
	_, err := q.ExecContext(ctx, `INSERT INTO staff_recovery (account, hash) VALUES ($1, $2)`, name, hash)
	return err
}

// spendRecovery marks a recovery code as used; of two at once, one succeeds.
func spendRecovery(ctx context.Context, q store.Queryer, name, hash string, at time.Time) (bool, error) {
	n, err := store.Rows(q.ExecContext(ctx, `UPDATE staff_recovery SET used_at = $3 WHERE account = $1 AND hash = $2 AND used_at IS NULL`, name, hash, store.At(at)))
	return n == 1, err
}

func deleteRecovery(ctx context.Context, q store.Queryer, name string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM staff_recovery WHERE account = $1`, name)
	return err
}

func selectCodeRoles(ctx context.Context, q store.Queryer) ([]Role, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (r Role, err error) {
		err = rows.Scan(&r)
		return r, err
	}, `SELECT role FROM staff_code_roles ORDER BY role`)
}

func insertCodeRole(ctx context.Context, q store.Queryer, r Role) error {
	_, err := q.ExecContext(ctx, `INSERT INTO staff_code_roles (role) VALUES ($1) ON CONFLICT (role) DO NOTHING`, string(r))
	return err
}

func deleteCodeRoles(ctx context.Context, q store.Queryer) error {
	_, err := q.ExecContext(ctx, `DELETE FROM staff_code_roles`)
	return err
}
