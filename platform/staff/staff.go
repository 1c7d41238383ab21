// Package staff keeps the accounts of those who work behind the portal: signing
// in, one-time codes, what each role may do, and sessions that end by themselves.
package staff

import (
	"context"
	"crypto/rand"
	"fmt"
	"regexp"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/alexedwards/scs/v2"

	"mashang/platform/kv"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// Account is somebody who may sign in.
type Account struct {
	Name         string
	Role         Role
	Scope        string // division code; "" is the whole county
	Disabled     bool
	Renew        bool // the password must be changed before anything else
	ProviderOnly bool // signs in at the office's own provider alone
	Bound        bool // a person of the provider is tied to it
	Made         time.Time
	Signed       time.Time // the last time; zero: never
	Coded        time.Time // one-time codes are asked for since then; zero: they are not
	Recovery     int       // recovery codes not used yet
	Owes         bool      // its role must have one-time codes and it has none: they are set up before anything else
	Sessions     int       // open now

	Session string    // the session it was asked by, as Session.ID; "" otherwise
	Proven  time.Time // when that session last showed who it is
}

// Fresh reports whether the account's session has shown within the last five
// minutes who it is, so that a dangerous deed needs no second asking.
func (a Account) Fresh(now time.Time) bool {
	age := now.Sub(a.Proven)
	return age < Freshness && age > -Freshness
}

// Office is the register of accounts and sessions. Use it by pointer; its fields
// are set once.
type Office struct {
	DB   *store.DB
	KV   kv.Store
	Keys *privacy.Keyring // seals the secrets of one-time codes
	Now  func() time.Time
	Cost *argon2id.Params // of hashing a password; nil for what a portal needs, less for a test

	once     sync.Once
	sessions *scs.SessionManager
	busy     chan struct{} // bounds how many passwords are hashed at once
	dummy    string        // a hash nobody's password has
	broken   error
}

func (o *Office) setUp() error {
	o.once.Do(func() {
		o.busy = make(chan struct{}, 3)
		o.sessions = o.manager()
		o.dummy, o.broken = o.hashed(rand.Text())
	})
	return o.broken
}

// names are what an account may be called: also what stands in logs and the audit.
var names = regexp.MustCompile(`^[a-z][a-z0-9._-]{1,31}$`)

// Check says what is wrong with an account somebody wants to make or change, by
// field.
func (a Account) Check() map[string]string {
	fields := map[string]string{}
	if !names.MatchString(a.Name) {
		fields["name"] = "staff.name.invalid"
	}
	if _, ok := ParseRole(string(a.Role)); !ok {
		fields["role"] = "staff.role.unknown"
	}
	switch {
	case a.Role.Bound() && a.Scope == "":
		fields["scope"] = "staff.scope.needed"
	case a.Role == Admin && a.Scope != "":
		fields["scope"] = "staff.scope.admin"
	}
	return fields
}

func invalid(fields map[string]string) error {
	if len(fields) == 0 {
		return nil
	}
	return &problem.Error{Kind: problem.Invalid, Key: "problem.invalid", Fields: fields}
}

// Given is a fresh password, to be shown once. It is hashed before a transaction
// begins, because hashing takes long.
type Given struct {
	Password string
	hash     string
}

// Give makes a fresh password.
func (o *Office) Give(ctx context.Context) (Given, error) {
	g := Given{Password: NewPassword()}
	var err error
	if g.hash, err = o.hash(ctx, g.Password); err != nil {
		return Given{}, fmt.Errorf("staff: give a password: %w", err)
	}
	return g, nil
}

// Create makes an account with a password that must be changed at the first
// sign-in; one that signs in at the provider alone never uses it.
func (o *Office) Create(ctx context.Context, q store.Queryer, a Account, g Given) error {
	if err := invalid(a.Check()); err != nil {
		return err
	}
	a.Renew, a.Made = !a.ProviderOnly, store.At(o.Now()).Time
	return o.insert(ctx, q, a, g.hash)
}

func (o *Office) insert(ctx context.Context, q store.Queryer, a Account, hash string) error {
	err := insertAccount(ctx, q, a, hash)
	if store.IsUnique(err) {
		return &problem.Error{Kind: problem.Conflict, Key: "staff.name.taken", Fields: map[string]string{"name": "staff.name.taken"}, Err: err}
	}
	if err != nil {
		return fmt.Errorf("staff: create: %w", err)
	}
	return nil
}

// Ensure makes an account that is ready to use with that password alone, or makes
// one of that name so again.
func (o *Office) Ensure(ctx context.Context, name string, role Role, scope, password string) error {
	a, hash, err := selectAccount(ctx, o.DB, name)
	missing := problem.Is(err, problem.Missing)
	if err != nil && !missing {
		return fmt.Errorf("staff: ensure: %w", err)
	}
	same := false
	if !missing {
		if same, err = o.matches(ctx, password, hash); err != nil {
			return fmt.Errorf("staff: ensure: %w", err)
		}
	}
	if same && a.Role == role && a.Scope == scope && !a.Disabled && !a.Renew && !a.ProviderOnly && a.Coded.IsZero() {
		return nil
	}
	if !same {
		if key := weak(name, password); key != "" {
			return problem.Field("password", key)
		}
		if hash, err = o.hash(ctx, password); err != nil {
			return fmt.Errorf("staff: ensure: %w", err)
		}
	}
	if missing {
		return o.insert(ctx, o.DB, Account{Name: name, Role: role, Scope: scope, Made: o.Now()}, hash)
	}
	err = o.DB.Tx(ctx, func(q store.Queryer) error {
		if err := updateAccount(ctx, q, Account{Name: name, Role: role, Scope: scope}); err != nil {
			return err
		}
		if err := deleteCode(ctx, q, name); err != nil {
			return err
		}
		return updatePassword(ctx, q, name, hash, false, o.Now())
	})
	if err != nil {
		return fmt.Errorf("staff: ensure: %w", err)
	}
	return nil
}

// Find is one account.
func (o *Office) Find(ctx context.Context, name string) (Account, error) {
	return o.FindIn(ctx, o.DB, name)
}

// FindIn is Find inside the caller's transaction.
func (o *Office) FindIn(ctx context.Context, q store.Queryer, name string) (Account, error) {
	a, _, err := selectAccount(ctx, q, name)
	if err != nil && !problem.Is(err, problem.Missing) {
		err = fmt.Errorf("staff: find: %w", err)
	}
	return a, err
}

// List gives every account by name, with its open sessions counted.
func (o *Office) List(ctx context.Context) ([]Account, error) {
	all, err := selectAccounts(ctx, o.DB, o.Now().Add(-Idle), o.Now().Add(-Whole))
	if err != nil {
		return nil, fmt.Errorf("staff: list: %w", err)
	}
	return all, nil
}

// Change gives an account another role, division or way to sign in. A new way to
// sign in ends its sessions. The last administrator is never lost.
func (o *Office) Change(ctx context.Context, q store.Queryer, a Account) error {
	if err := invalid(a.Check()); err != nil {
		return err
	}
	return o.alter(ctx, q, a.Name, func(now *Account) (ends bool) {
		ends = now.ProviderOnly != a.ProviderOnly
		now.Role, now.Scope, now.ProviderOnly = a.Role, a.Scope, a.ProviderOnly
		return ends
	})
}

// SetDisabled stops an account, or lets it in again. Stopping ends its sessions.
// The last administrator cannot be stopped.
func (o *Office) SetDisabled(ctx context.Context, q store.Queryer, name string, disabled bool) error {
	return o.alter(ctx, q, name, func(now *Account) bool { now.Disabled = disabled; return disabled })
}

// alter changes an account and sees to it that somebody is left who can sign in
// with a password and let others in: the provider may be down or gone.
func (o *Office) alter(ctx context.Context, q store.Queryer, name string, change func(*Account) (ends bool)) error {
	if db, own := q.(*store.DB); own {
		return db.Tx(ctx, func(q store.Queryer) error { return o.alter(ctx, q, name, change) })
	}
	a, _, err := selectAccount(ctx, q, name)
	if problem.Is(err, problem.Missing) {
		return err
	}
	if err != nil {
		return fmt.Errorf("staff: change: %w", err)
	}
	before := a
	ends := change(&a)
	if err := updateAccount(ctx, q, a); err != nil {
		return fmt.Errorf("staff: change: %w", err)
	}
	if ends {
		if err := deleteSessions(ctx, q, name, ""); err != nil {
			return fmt.Errorf("staff: change: %w", err)
		}
	}
	if !before.runs() || a.runs() {
		return nil
	}
	n, err := countAdmins(ctx, q)
	if err != nil {
		return fmt.Errorf("staff: change: %w", err)
	}
	if n == 0 {
		return problem.New(problem.Conflict, "staff.admin.last")
	}
	return nil
}

// runs reports whether the account can run the portal by itself.
func (a Account) runs() bool { return a.Role == Admin && !a.Disabled && !a.ProviderOnly }

// Can reports whether role may do p.
func (o *Office) Can(role Role, p Permission) bool { return Can(role, p) }
