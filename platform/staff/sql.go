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
	_, err := q.ExecContext(ctx, `INSERT INTO staff_accounts (name, role, scope, password, disabled, renew, provider_only, made_at, password_at)
		VALUES ($1, $2, $3, $4, FALSE, $5, $6, $7, $7)`, a.Name, string(a.Role), a.Scope, hash, a.Renew, a.ProviderOnly, store.At(a.Made))
	return err
}

// selectAccount gives an account with its password's hash, whatever the case its
// name was typed in is the caller's affair.
func selectAccount(ctx context.Context, q store.Queryer, name string) (Account, string, error) {
	a := Account{Name: name}
	var hash string
	var made, signed, coded store.Time
	err := q.QueryRowContext(ctx, `SELECT role, scope, password, disabled, renew, provider_only, provider_subject <> '', made_at, signed_at, code_at,
			code = '' AND NOT provider_only AND EXISTS (SELECT 1 FROM staff_code_roles r WHERE r.role = a.role),
			(SELECT count(*) FROM staff_recovery y WHERE y.account = a.name AND y.used_at IS NULL)
		FROM staff_accounts a WHERE name = $1`, name).Scan(
		&a.Role, &a.Scope, &hash, &a.Disabled, &a.Renew, &a.ProviderOnly, &a.Bound, &made, &signed, &coded, &a.Owes, &a.Recovery)
	if errors.Is(err, sql.ErrNoRows) {
		return Account{}, "", problem.New(problem.Missing, "staff.account.missing")
	}
	a.Made, a.Signed, a.Coded = made.Time, signed.Time, coded.Time
	return a, hash, err
}

func selectAccounts(ctx context.Context, q store.Queryer, seenAfter, madeAfter time.Time) ([]Account, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (Account, error) {
		var a Account
		var made, signed, coded store.Time
		err := rows.Scan(&a.Name, &a.Role, &a.Scope, &a.Disabled, &a.Renew, &a.ProviderOnly, &a.Bound, &made, &signed, &coded, &a.Owes, &a.Recovery, &a.Sessions)
		a.Made, a.Signed, a.Coded = made.Time, signed.Time, coded.Time
		return a, err
	}, `SELECT name, role, scope, disabled, renew, provider_only, provider_subject <> '', made_at, signed_at, code_at,
			code = '' AND NOT provider_only AND EXISTS (SELECT 1 FROM staff_code_roles r WHERE r.role = a.role),
			(SELECT count(*) FROM staff_recovery y WHERE y.account = a.name AND y.used_at IS NULL),
			(SELECT count(*) FROM staff_sessions s WHERE s.account = a.name AND s.seen_at > $1 AND s.made_at > $2)
		FROM staff_accounts a ORDER BY name`, store.At(seenAfter), store.At(madeAfter))
}

// countAdmins counts those who can run the portal by themselves.
func countAdmins(ctx context.Context, q store.Queryer) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM staff_accounts WHERE role = $1 AND NOT disabled AND NOT provider_only`, string(Admin)).Scan(&n)
	return n, err
}

// updateAccount leaves no given password to be changed where passwords are not used.
func updateAccount(ctx context.Context, q store.Queryer, a Account) error {
	return one(q.ExecContext(ctx, `UPDATE staff_accounts SET role = $2, scope = $3, disabled = $4, provider_only = $5, renew = renew AND NOT $5 WHERE name = $1`,
		a.Name, string(a.Role), a.Scope, a.Disabled, a.ProviderOnly))
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

// bindSubject binds an account that is not bound yet and reports whether it is
// this subject's: of two who come at once, one wins.
func bindSubject(ctx context.Context, q store.Queryer, name, subject string) (bool, error) {
	n, err := store.Rows(q.ExecContext(ctx, `UPDATE staff_accounts SET provider_subject = $2 WHERE name = $1 AND provider_subject IN ('', $2)`, name, subject))
	return n == 1, err
}

func updateSubject(ctx context.Context, q store.Queryer, name, subject string) error {
	return one(q.ExecContext(ctx, `UPDATE staff_accounts SET provider_subject = $2 WHERE name = $1`, name, subject))
}
