// Package staff keeps the accounts of those who work behind the portal: signing
// in, what each role may do, and sessions that end by themselves.
package staff

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/alexedwards/scs/v2"

	"mashang/platform/kv"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// Account is somebody who may sign in.
type Account struct {
	Name     string
	Role     Role
	Scope    string // division code; "" is the whole county
	Disabled bool
	Renew    bool // the password must be changed before anything else
	Made     time.Time
	Signed   time.Time // the last time; zero: never
	Sessions int       // open now
}

// Office is the register of accounts and sessions. Use it by pointer; its fields
// are set once.
type Office struct {
	DB  *store.DB
	KV  kv.Store
	Now func() time.Time

	once     sync.Once
	sessions *scs.SessionManager
	busy     chan struct{} // bounds how many passwords are hashed at once
	dummy    string        // a hash nobody's password has
	broken   error
}

// cost is argon2id's: 19 MB and two passes, about 40 ms (OWASP's second choice,
// so that a burst of sign-ins does not take a small server's memory).
var cost = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

func (o *Office) setUp() error {
	o.once.Do(func() {
		o.busy = make(chan struct{}, 3)
		o.sessions = o.manager()
		o.dummy, o.broken = argon2id.CreateHash(rand.Text(), cost)
	})
	return o.broken
}

// NewPassword is a fresh password of 100 random bits, to be shown once.
func NewPassword() string {
	s := strings.ToLower(rand.Text())
	return s[:5] + "-" + s[5:10] + "-" + s[10:15] + "-" + s[15:20]
}

// names are what an account may be called: also what stands in logs and the audit.
var names = regexp.MustCompile(`^[a-z][a-z0-9._-]{1,31}$`)

// Create makes an account with a password somebody else has chosen: at the first
// sign-in it must be changed.
func (o *Office) Create(ctx context.Context, name string, role Role, scope, password string) (Account, error) {
	return o.create(ctx, o.DB, Account{Name: name, Role: role, Scope: scope, Renew: true}, password)
}

// CreateTx is Create inside the caller's transaction.
func (o *Office) CreateTx(ctx context.Context, q store.Queryer, name string, role Role, scope, password string) (Account, error) {
	return o.create(ctx, q, Account{Name: name, Role: role, Scope: scope, Renew: true}, password)
}

func (o *Office) create(ctx context.Context, q store.Queryer, a Account, password string) (Account, error) {
	fields := map[string]string{}
	if !names.MatchString(a.Name) {
		fields["name"] = "staff.name.invalid"
	}
	if _, ok := ParseRole(string(a.Role)); !ok {
		fields["role"] = "staff.role.unknown"
	}
	if key := weak(a.Name, password); key != "" {
		fields["password"] = key
	}
	if len(fields) > 0 {
		return Account{}, &problem.Error{Kind: problem.Invalid, Key: "problem.invalid", Fields: fields}
	}
	hash, err := o.hash(ctx, password)
	if err != nil {
		return Account{}, fmt.Errorf("staff: create: %w", err)
	}
	a.Made = store.At(o.Now()).Time
	if err := insertAccount(ctx, q, a, hash); err != nil {
		if store.IsUnique(err) {
			return Account{}, &problem.Error{Kind: problem.Conflict, Key: "staff.name.taken", Fields: map[string]string{"name": "staff.name.taken"}, Err: err}
		}
		return Account{}, fmt.Errorf("staff: create: %w", err)
	}
	return a, nil
}

// Ensure makes an account that is ready to use, unless one of that name exists
// with that password already; otherwise its role, scope and password are set.
func (o *Office) Ensure(ctx context.Context, name string, role Role, scope, password string) error {
	a, hash, err := selectAccount(ctx, o.DB, name)
	switch {
	case problem.Is(err, problem.Missing):
		_, err = o.create(ctx, o.DB, Account{Name: name, Role: role, Scope: scope}, password)
		return err
	case err != nil:
		return fmt.Errorf("staff: ensure: %w", err)
	}
	same, err := o.matches(ctx, password, hash)
	if err != nil {
		return fmt.Errorf("staff: ensure: %w", err)
	}
	if !same {
		if hash, err = o.hash(ctx, password); err != nil {
			return fmt.Errorf("staff: ensure: %w", err)
		}
	}
	if same && a.Role == role && a.Scope == scope && !a.Disabled && !a.Renew {
		return nil
	}
	err = o.DB.Tx(ctx, func(q store.Queryer) error {
		if err := updateAccount(ctx, q, name, role, scope, false); err != nil {
			return err
		}
		return updatePassword(ctx, q, name, hash, false, o.Now())
	})
	if err != nil {
		return fmt.Errorf("staff: ensure: %w", err)
	}
	return nil
}

// SetPassword gives an account a password somebody else has chosen. All its
// sessions end, and the password must be changed at the next sign-in.
func (o *Office) SetPassword(ctx context.Context, name, password string) error {
	return o.setPassword(ctx, name, password, true)
}

// ChangePassword lets the holder of an account change the password. All its
// sessions end; the caller signs in again.
func (o *Office) ChangePassword(ctx context.Context, name, old, password, address string) error {
	if _, err := o.verify(ctx, name, old, address); err != nil {
		var p *problem.Error
		if errors.As(err, &p) && p.Kind == problem.Unauthenticated {
			return problem.Field("old", "staff.password.wrong")
		}
		return err
	}
	if old == password {
		return problem.Field("password", "staff.password.same")
	}
	return o.setPassword(ctx, name, password, false)
}

func (o *Office) setPassword(ctx context.Context, name, password string, renew bool) error {
	if key := weak(name, password); key != "" {
		return problem.Field("password", key)
	}
	hash, err := o.hash(ctx, password)
	if err != nil {
		return fmt.Errorf("staff: set password: %w", err)
	}
	err = o.DB.Tx(ctx, func(q store.Queryer) error {
		if err := updatePassword(ctx, q, name, hash, renew, o.Now()); err != nil {
			return err
		}
		return deleteSessions(ctx, q, name)
	})
	if err != nil {
		return fmt.Errorf("staff: set password: %w", err)
	}
	return nil
}

// weak says what is wrong with a password, "" when nothing is.
func weak(name, password string) string {
	switch {
	case len([]rune(password)) < 10:
		return "staff.password.short"
	case len(password) > 200:
		return "staff.password.long"
	}
	folded := strings.ToLower(password)
	if len(name) >= 4 && strings.Contains(folded, name) {
		return "staff.password.name"
	}
	different := map[rune]bool{}
	for _, r := range folded {
		different[r] = true
	}
	if len(different) < 5 {
		return "staff.password.simple"
	}
	for _, common := range []string{"12345678", "87654321", "password", "qwertyui", "abcdefgh", "11112222", "5201314"} {
		if strings.Contains(folded, common) {
			return "staff.password.simple"
		}
	}
	return ""
}

// SetDisabled stops an account, or lets it in again. Stopping ends its sessions.
// The last admin cannot be stopped.
func (o *Office) SetDisabled(ctx context.Context, name string, disabled bool) error {
	err := o.DB.Tx(ctx, func(q store.Queryer) error { return o.SetDisabledTx(ctx, q, name, disabled) })
	if err != nil {
		return fmt.Errorf("staff: disable: %w", err)
	}
	return nil
}

// SetDisabledTx is SetDisabled inside the caller's transaction.
func (o *Office) SetDisabledTx(ctx context.Context, q store.Queryer, name string, disabled bool) error {
	a, _, err := selectAccount(ctx, q, name)
	if err != nil {
		return err
	}
	if disabled && a.Role == Admin && !a.Disabled {
		n, err := countAdmins(ctx, q)
		if err != nil {
			return err
		}
		if n <= 1 {
			return problem.New(problem.Conflict, "staff.admin.last")
		}
	}
	if err := updateAccount(ctx, q, name, a.Role, a.Scope, disabled); err != nil {
		return err
	}
	if !disabled {
		return nil
	}
	return deleteSessions(ctx, q, name)
}

// List gives every account by name, with its open sessions counted.
func (o *Office) List(ctx context.Context) ([]Account, error) {
	all, err := selectAccounts(ctx, o.DB, o.Now().Add(-Idle), o.Now().Add(-Whole))
	if err != nil {
		return nil, fmt.Errorf("staff: list: %w", err)
	}
	return all, nil
}

// Can reports whether role may do p.
func (o *Office) Can(role Role, p Permission) bool { return Can(role, p) }

// hash and matches wait for their turn: each takes 19 MB and a core.
func (o *Office) hash(ctx context.Context, password string) (string, error) {
	if err := o.enter(ctx); err != nil {
		return "", err
	}
	defer o.leave()
	return argon2id.CreateHash(password, cost)
}

func (o *Office) matches(ctx context.Context, password, hash string) (bool, error) {
	if err := o.enter(ctx); err != nil {
		return false, err
	}
	defer o.leave()
	return argon2id.ComparePasswordAndHash(password, hash)
}

func (o *Office) enter(ctx context.Context) error {
	if err := o.setUp(); err != nil {
		return err
	}
	select {
	case o.busy <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (o *Office) leave() { <-o.busy }
