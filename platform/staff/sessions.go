package staff

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/alexedwards/scs/v2"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// How long a session lives: without activity, and in all; and how long a proof of
// who one is stays fresh.
const (
	Idle      = 15 * time.Minute
	Whole     = 12 * time.Hour
	Freshness = 5 * time.Minute
)

// How somebody signed in.
const (
	ByPassword     = "password"
	ByCode         = "code"     // password and one-time code
	ByRecovery     = "recovery" // with a recovery code
	ByProvider     = "provider" // the office's own provider
	ByProviderCode = "provider-code"
)

// Session is one place where somebody is signed in.
type Session struct {
	ID      string // names it on pages; it opens nothing
	Account string
	Made    time.Time
	Seen    time.Time
	Proven  time.Time // when it last showed who it is
	How     string
	Device  string // see Device
	Address string // shortened
}

// touch is how old the noted activity may get: a page that loads ten things
// writes once.
const touch = 10 * time.Second

const accountKey = "account"

// manager is scs over our own table. When a session ends is the table's affair,
// on the portal's clock: scs itself only knows the machine's.
func (o *Office) manager() *scs.SessionManager {
	m := scs.New()
	m.Store = &sessionStore{office: o}
	m.IdleTimeout, m.Lifetime = Idle, Whole
	m.HashTokenInStore = true
	return m
}

// sessionStore keeps sessions in the database. It implements scs.CtxStore.
type sessionStore struct{ office *Office }

// looked is a key of the context: what was found under a token is put there.
type looked struct{}

type found struct {
	hash string
	Session
}

func (s *sessionStore) FindCtx(ctx context.Context, hash string) ([]byte, bool, error) {
	now := s.office.Now()
	data, one, ok, err := selectSession(ctx, s.office.DB, hash, now.Add(-Idle), now.Add(-Whole))
	if to, asked := ctx.Value(looked{}).(*found); asked && ok {
		one.ID = sessionID(hash)
		to.hash, to.Session = hash, one
	}
	return data, ok, err
}

// beginning marks the context of a sign-in, the only place where a session
// begins; its value is the Session.
type beginning struct{}

// CommitCtx begins a session or notes that one was active. The expiry scs
// computed is not used: seen_at and made_at tell it. A session that was ended
// between its look-up and now is not brought back.
func (s *sessionStore) CommitCtx(ctx context.Context, hash string, data []byte, _ time.Time) error {
	if one, begins := ctx.Value(beginning{}).(Session); begins {
		return insertSession(ctx, s.office.DB, hash, data, one)
	}
	now := s.office.Now()
	return touchSession(ctx, s.office.DB, hash, now, now.Add(-touch))
}

func (s *sessionStore) DeleteCtx(ctx context.Context, hash string) error {
	return deleteSession(ctx, s.office.DB, hash)
}

func (s *sessionStore) Find(hash string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), hash)
}

func (s *sessionStore) Commit(hash string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), hash, data, expiry)
}

func (s *sessionStore) Delete(hash string) error { return s.DeleteCtx(context.Background(), hash) }

// sessionID names a session on pages. From it nobody finds the hash the table
// has, nor the token.
func sessionID(hash string) string {
	sum := sha256.Sum256([]byte("staff session\x00" + hash))
	return hex.EncodeToString(sum[:10])
}

// Session is the account a token belongs to; it counts as activity. A token that
// is unknown, ended, or whose account was disabled is Unauthenticated.
func (o *Office) Session(ctx context.Context, token string) (Account, error) {
	if err := o.setUp(); err != nil {
		return Account{}, wrap("session", err)
	}
	none := problem.New(problem.Unauthenticated, "staff.session.ended")
	if token == "" || len(token) > 100 {
		return Account{}, none
	}
	var at found
	sctx, err := o.sessions.Load(context.WithValue(ctx, looked{}, &at), token)
	if err != nil {
		return Account{}, wrap("session", err)
	}
	name := o.sessions.GetString(sctx, accountKey)
	if name == "" || name != at.Account {
		return Account{}, none
	}
	a, _, err := selectAccount(ctx, o.DB, name)
	if problem.Is(err, problem.Missing) || err == nil && a.Disabled {
		return Account{}, none
	}
	if err != nil {
		return Account{}, wrap("session", err)
	}
	if _, _, err := o.sessions.Commit(sctx); err != nil {
		return Account{}, wrap("session", err)
	}
	a.Session, a.Proven = at.ID, at.Proven
	if at.How == ByProvider || at.How == ByProviderCode {
		a.Renew = false // no password was used, so none was given by somebody else
	}
	return a, nil
}

// SignOut ends one session; an unknown token is no error.
func (o *Office) SignOut(ctx context.Context, token string) error {
	if err := o.setUp(); err != nil {
		return wrap("sign out", err)
	}
	sctx, err := o.sessions.Load(ctx, token)
	if err == nil && o.sessions.Exists(sctx, accountKey) {
		err = o.sessions.Destroy(sctx)
	}
	return wrap("sign out", err)
}

// Open lists the sessions of an account, the one used last first.
func (o *Office) Open(ctx context.Context, name string) ([]Session, error) {
	all, err := o.open(ctx, o.DB, name)
	if err != nil {
		return nil, wrap("sessions", err)
	}
	out := make([]Session, len(all))
	for i, one := range all {
		out[i] = one.Session
	}
	return out, nil
}

func (o *Office) open(ctx context.Context, q store.Queryer, name string) ([]found, error) {
	now := o.Now()
	all, err := selectSessions(ctx, q, name, now.Add(-Idle), now.Add(-Whole))
	for i := range all {
		all[i].ID = sessionID(all[i].hash)
	}
	return all, err
}

// Revoke ends every session of an account.
func (o *Office) Revoke(ctx context.Context, q store.Queryer, name string) error {
	return wrap("revoke", deleteSessions(ctx, q, name, ""))
}

// RevokeOne ends one session of an account; one that has ended is Missing.
func (o *Office) RevokeOne(ctx context.Context, q store.Queryer, name, id string) error {
	all, err := o.open(ctx, q, name)
	if err != nil {
		return wrap("revoke", err)
	}
	for _, one := range all {
		if one.ID == id {
			return wrap("revoke", deleteSession(ctx, q, one.hash))
		}
	}
	return problem.New(problem.Missing, "staff.session.gone")
}

// RevokeOthers ends every session of an account but the one that asks.
func (o *Office) RevokeOthers(ctx context.Context, q store.Queryer, name, keep string) error {
	return wrap("revoke", o.endOthers(ctx, q, name, keep))
}

func (o *Office) endOthers(ctx context.Context, q store.Queryer, name, keep string) error {
	all, err := o.open(ctx, q, name)
	if err != nil {
		return err
	}
	spared := ""
	for _, one := range all {
		if keep != "" && one.ID == keep {
			spared = one.hash
		}
	}
	return deleteSessions(ctx, q, name, spared)
}

// Prove takes the password or a one-time code of who is signed in already: for
// five minutes nothing is asked again.
func (o *Office) Prove(ctx context.Context, a Account, answer string, v Visit) error {
	all, err := o.open(ctx, o.DB, a.Name)
	if err != nil {
		return wrap("prove", err)
	}
	for _, one := range all {
		if one.ID != a.Session {
			continue
		}
		if !a.Coded.IsZero() && len(figures(answer)) == codeDigits {
			_, err = o.judge(ctx, a.Name, answer, v.Address)
		} else {
			_, _, err = o.verify(ctx, a.Name, answer, v.Address)
		}
		if problem.Is(err, problem.Unauthenticated) {
			return problem.Field("proof", "staff.prove.wrong")
		}
		if err == nil {
			err = updateProven(ctx, o.DB, one.hash, o.Now())
		}
		return wrap("prove", err)
	}
	return problem.New(problem.Unauthenticated, "staff.session.ended")
}
