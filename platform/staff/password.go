package staff

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/alexedwards/argon2id"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// cost is argon2id's: 19 MB and two passes, about 40 ms (OWASP's second choice,
// so that a burst of sign-ins does not take a small server's memory).
var cost = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

func (o *Office) hashed(password string) (string, error) {
	if o.Cost != nil {
		return argon2id.CreateHash(password, o.Cost)
	}
	return argon2id.CreateHash(password, cost)
}

// NewPassword is a fresh password of 100 random bits, to be shown once.
func NewPassword() string {
	s := strings.ToLower(rand.Text())
	return s[:5] + "-" + s[5:10] + "-" + s[10:15] + "-" + s[15:20]
}

// Reset gives an account a fresh password. All its sessions end, and the password
// must be changed at the next sign-in.
func (o *Office) Reset(ctx context.Context, q store.Queryer, name string, g Given) error {
	a, _, err := selectAccount(ctx, q, name)
	if err == nil && a.ProviderOnly {
		return problem.New(problem.Conflict, "staff.provider.nopassword")
	}
	if err == nil {
		err = o.replace(ctx, q, name, g.hash, true)
	}
	if err != nil && !problem.Is(err, problem.Missing) {
		return fmt.Errorf("staff: reset: %w", err)
	}
	return err
}

// ChangePassword lets the holder of a signed-in account change the password. All
// its sessions end, and the one it goes on with begins.
func (o *Office) ChangePassword(ctx context.Context, name, old, password string, v Visit) (token string, err error) {
	a, hash, err := o.verify(ctx, name, old, v.Address)
	if err != nil {
		var p *problem.Error
		if errors.As(err, &p) && p.Kind == problem.Unauthenticated {
			return "", problem.Field("old", "staff.password.wrong")
		}
		return "", err
	}
	if old == password {
		return "", problem.Field("password", "staff.password.same")
	}
	if key := weak(a.Name, password); key != "" {
		return "", problem.Field("password", key)
	}
	fresh, err := o.hash(ctx, password)
	if err != nil {
		return "", fmt.Errorf("staff: change password: %w", err)
	}
	err = o.DB.Tx(ctx, func(q store.Queryer) error {
		// Two changes at once: the second does not rest on a password that is no more.
		if _, now, err := selectAccount(ctx, q, a.Name); err != nil || now != hash {
			return errors.Join(err, problem.Field("old", "staff.password.wrong"))
		}
		return o.replace(ctx, q, a.Name, fresh, false)
	})
	if err != nil {
		return "", fmt.Errorf("staff: change password: %w", err)
	}
	pass, err := o.begin(ctx, a, v, ByPassword)
	return pass.Token, err
}

func (o *Office) replace(ctx context.Context, q store.Queryer, name, hash string, renew bool) error {
	if err := updatePassword(ctx, q, name, hash, renew, o.Now()); err != nil {
		return err
	}
	return deleteSessions(ctx, q, name, "")
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

// hash and matches wait for their turn: each takes 19 MB and a core.
func (o *Office) hash(ctx context.Context, password string) (string, error) {
	if err := o.enter(ctx); err != nil {
		return "", err
	}
	defer o.leave()
	return o.hashed(password)
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
