package staff

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// The limits of guessing: five wrong passwords within a minute lock that account
// for that address; the others are far higher, so that nobody is locked out by a
// neighbour, and hashing stays affordable.
const (
	wrongs        = 5
	wrongsWithin  = time.Minute
	lockedFor     = 10 * time.Minute
	perAccount    = 100 // wrong passwords of one account an hour, from anywhere
	perAddress    = 60  // attempts of one address a minute, right or wrong
	addressWithin = time.Minute
)

// verify checks a password. Unknown and disabled accounts take as long and get
// the same answer as a wrong password.
func (o *Office) verify(ctx context.Context, name, password, address string) (Account, error) {
	if err := o.setUp(); err != nil {
		return Account{}, fmt.Errorf("staff: sign in: %w", err)
	}
	name = strings.ToLower(strings.TrimSpace(name))
	pair, own := key("pair", name, address), key("account", name)
	lock, tries := "staff:lock:"+pair, "staff:pair:"+pair
	for _, l := range []struct {
		key    string
		limit  int
		within time.Duration
		count  bool
	}{
		{lock, 1, lockedFor, false},
		{"staff:account:" + own, perAccount, time.Hour, false},
		{"staff:address:" + key("address", address), perAddress, addressWithin, true},
		// Counted before the password is looked at, so that many tries at once are no
		// more than many tries in turn.
		{tries, wrongs, wrongsWithin, true},
	} {
		ask := o.KV.Peek
		if l.count {
			ask = o.KV.Allow
		}
		ok, retry, err := ask(ctx, l.key, l.limit, l.within)
		if err != nil {
			return Account{}, fmt.Errorf("staff: sign in: %w", err)
		}
		if !ok {
			return Account{}, &problem.Error{Kind: problem.Limited, Key: "staff.signin.locked", RetryAfter: retry}
		}
	}
	a, hash, err := selectAccount(ctx, o.DB, name)
	if err != nil && !problem.Is(err, problem.Missing) {
		return Account{}, fmt.Errorf("staff: sign in: %w", err)
	}
	known := err == nil && !a.Disabled
	if !known {
		hash = o.dummy
	}
	if len(password) > 200 {
		password = "" // matches no password, and costs no more than one
	}
	same, err := o.matches(ctx, password, hash)
	if err != nil {
		return Account{}, fmt.Errorf("staff: sign in: %w", err)
	}
	if known && same {
		if err := o.KV.Delete(ctx, tries); err != nil {
			return Account{}, fmt.Errorf("staff: sign in: %w", err)
		}
		return a, nil
	}
	_, _, aerr := o.KV.Allow(ctx, "staff:account:"+own, perAccount, time.Hour)
	left, _, err := o.KV.Peek(ctx, tries, wrongs, wrongsWithin)
	if err = errors.Join(aerr, err); err != nil {
		return Account{}, fmt.Errorf("staff: sign in: %w", err)
	}
	if !left {
		if _, _, err := o.KV.Allow(ctx, lock, 1, lockedFor); err != nil {
			return Account{}, fmt.Errorf("staff: sign in: %w", err)
		}
	}
	return Account{}, problem.New(problem.Unauthenticated, "staff.signin.wrong")
}

// key keeps what strangers type out of the shared state.
func key(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:12])
}

// SignIn checks the password and opens a session with a token of its own, which
// the browser keeps in a cookie.
func (o *Office) SignIn(ctx context.Context, name, password, address string) (Account, string, error) {
	a, err := o.verify(ctx, name, password, address)
	if err != nil {
		return Account{}, "", err
	}
	now := o.Now()
	if err := updateSigned(ctx, o.DB, a.Name, now); err != nil {
		return Account{}, "", fmt.Errorf("staff: sign in: %w", err)
	}
	if err := deleteEnded(ctx, o.DB, now.Add(-Idle), now.Add(-Whole)); err != nil {
		return Account{}, "", fmt.Errorf("staff: sign in: %w", err)
	}
	sctx, err := o.sessions.Load(context.WithValue(ctx, beginning{}, true), "")
	if err != nil {
		return Account{}, "", fmt.Errorf("staff: sign in: %w", err)
	}
	o.sessions.Put(sctx, accountKey, a.Name)
	token, _, err := o.sessions.Commit(sctx)
	if err != nil {
		return Account{}, "", fmt.Errorf("staff: sign in: %w", err)
	}
	a.Signed = store.At(now).Time
	return a, token, nil
}

// Session is the account a token belongs to; it counts as activity. A token that
// is unknown, ended, or whose account was disabled is Unauthenticated.
func (o *Office) Session(ctx context.Context, token string) (Account, error) {
	if err := o.setUp(); err != nil {
		return Account{}, fmt.Errorf("staff: session: %w", err)
	}
	none := problem.New(problem.Unauthenticated, "staff.session.ended")
	if token == "" || len(token) > 100 {
		return Account{}, none
	}
	sctx, err := o.sessions.Load(ctx, token)
	if err != nil {
		return Account{}, fmt.Errorf("staff: session: %w", err)
	}
	name := o.sessions.GetString(sctx, accountKey)
	if name == "" {
		return Account{}, none
	}
	a, _, err := selectAccount(ctx, o.DB, name)
	if problem.Is(err, problem.Missing) || err == nil && a.Disabled {
		return Account{}, none
	}
	if err != nil {
		return Account{}, fmt.Errorf("staff: session: %w", err)
	}
	if _, _, err := o.sessions.Commit(sctx); err != nil {
		return Account{}, fmt.Errorf("staff: session: %w", err)
	}
	return a, nil
}

// SignOut ends one session; an unknown token is no error.
func (o *Office) SignOut(ctx context.Context, token string) error {
	if err := o.setUp(); err != nil {
		return fmt.Errorf("staff: sign out: %w", err)
	}
	sctx, err := o.sessions.Load(ctx, token)
	if err == nil && o.sessions.Exists(sctx, accountKey) {
		err = o.sessions.Destroy(sctx)
	}
	if err != nil {
		return fmt.Errorf("staff: sign out: %w", err)
	}
	return nil
}

// Revoke ends every session of an account.
func (o *Office) Revoke(ctx context.Context, name string) error {
	return o.RevokeTx(ctx, o.DB, name)
}

// RevokeTx is Revoke inside the caller's transaction.
func (o *Office) RevokeTx(ctx context.Context, q store.Queryer, name string) error {
	if err := deleteSessions(ctx, q, name); err != nil {
		return fmt.Errorf("staff: revoke: %w", err)
	}
	return nil
}
