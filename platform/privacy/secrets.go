package privacy

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"time"

	"mashang/platform/store"
)

// Secrets keeps the random keys the portal makes for itself.
type Secrets struct {
	DB   *store.DB
	Keys *Keyring
}

// Get is the secret called name, made of size random bytes when it is first
// asked for. Instances that ask at the same moment get the same one.
func (s *Secrets) Get(ctx context.Context, name string, size int) ([]byte, error) {
	if size < 16 {
		return nil, fmt.Errorf("privacy: secret %s: %d bytes are too few", name, size)
	}
	known, err := s.Known(ctx, s.DB, name)
	if err != nil {
		return nil, err
	}
	if known == nil {
		fresh := make([]byte, size)
		rand.Read(fresh)
		sealed, err := s.Keys.Seal("secrets", name, "sealed", fresh)
		if err != nil {
			return nil, err
		}
		if err := insertSecret(ctx, s.DB, name, sealed, time.Now()); err != nil {
			return nil, fmt.Errorf("privacy: secret %s: %w", name, err)
		}
		if known, err = s.Known(ctx, s.DB, name); err != nil {
			return nil, err
		}
	}
	if len(known) != size {
		return nil, fmt.Errorf("privacy: secret %s has %d bytes, not %d", name, len(known), size)
	}
	return known, nil
}

// Add makes a secret within the caller's transaction. One that another made at
// the same moment is kept as it is.
func (s *Secrets) Add(ctx context.Context, q store.Queryer, name string, size int) error {
	fresh := make([]byte, size)
	rand.Read(fresh)
	sealed, err := s.Keys.Seal("secrets", name, "sealed", fresh)
	if err != nil {
		return err
	}
	if err := insertSecret(ctx, q, name, sealed, time.Now()); err != nil {
		return fmt.Errorf("privacy: secret %s: %w", name, err)
	}
	return nil
}

// Known is the secret called name as q sees it, nil when nobody has made it yet.
func (s *Secrets) Known(ctx context.Context, q store.Queryer, name string) ([]byte, error) {
	sealed, err := selectSecret(ctx, q, name)
	if err != nil {
		return nil, fmt.Errorf("privacy: secret %s: %w", name, err)
	}
	if sealed == "" {
		return nil, nil
	}
	plain, err := s.Keys.Open("secrets", name, "sealed", sealed)
	if err != nil {
		return nil, fmt.Errorf("privacy: secret %s: %w", name, err)
	}
	return plain, nil
}

// Rotate seals every secret with the newest key of the ring.
func (s *Secrets) Rotate(ctx context.Context) error {
	err := s.DB.Tx(ctx, func(q store.Queryer) error {
		all, err := selectSecrets(ctx, q)
		if err != nil {
			return err
		}
		for name, sealed := range all {
			again, err := s.Keys.Reseal("secrets", name, "sealed", sealed)
			if err != nil {
				return err
			}
			if err := updateSecret(ctx, q, name, again); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("privacy: rotate secrets: %w", err)
	}
	return nil
}

// Blind is a keyed hash of value for look-ups: equal values give equal hashes,
// and without the key nothing can be tried against them. Each purpose has its own.
func Blind(key []byte, purpose, value string) string {
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%d:%s:%s", len(purpose), purpose, value)
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(mac.Sum(nil))
}
