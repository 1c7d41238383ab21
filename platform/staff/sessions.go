package staff

import (
	"context"
	"time"

	"github.com/alexedwards/scs/v2"
)

// How long a session lives: without activity, and in all.
const (
	Idle  = 15 * time.Minute
	Whole = 12 * time.Hour
)

// touch is how old the noted activity may get: a page that loads ten things
// writes once.
const touch = 10 * time.Second

const accountKey = "account"

// manager is scs over our own table. When a session ends is the table's affair,
// on the portal's clock: scs itself only knows the machine's.
func (o *Office) manager() *scs.SessionManager {
	m := scs.New()
	m.Store = &sessionStore{office: o, codec: m.Codec}
	m.IdleTimeout, m.Lifetime = Idle, Whole
	m.HashTokenInStore = true
	return m
}

// sessionStore keeps sessions in the database. It implements scs.CtxStore.
type sessionStore struct {
	office *Office
	codec  scs.Codec
}

func (s *sessionStore) FindCtx(ctx context.Context, hash string) ([]byte, bool, error) {
	now := s.office.Now()
	return selectSession(ctx, s.office.DB, hash, now.Add(-Idle), now.Add(-Whole))
}

// beginning marks the context of a sign-in, the only place where a session begins.
type beginning struct{}

// CommitCtx begins a session or notes that one was active. The expiry scs
// computed is not used: seen_at and made_at tell it. A session that was ended
// between its look-up and now is not brought back.
func (s *sessionStore) CommitCtx(ctx context.Context, hash string, data []byte, _ time.Time) error {
	now := s.office.Now()
	if ctx.Value(beginning{}) == nil {
		return touchSession(ctx, s.office.DB, hash, now, now.Add(-touch))
	}
	_, values, err := s.codec.Decode(data)
	if err != nil {
		return err
	}
	account, _ := values[accountKey].(string)
	return insertSession(ctx, s.office.DB, hash, account, data, now)
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
