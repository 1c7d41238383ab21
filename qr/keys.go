package qr

import (
	"context"
	"fmt"
	"log/slog"

	"mashang/platform/fresh"
	"mashang/platform/kv"
	"mashang/platform/privacy"
	"mashang/platform/store"
)

// topic names the snapshot of the signing keys and the notice about it.
const topic = "location-codes"

const keySize = 32

// Keys keeps a signer in step with the signing keys in the database, which are
// the secrets location-codes-1, -2 and so on. None is ever taken away.
type Keys struct {
	DB      *store.DB
	KV      kv.Store // nil: the version in the database alone tells of a change
	Secrets *privacy.Secrets
	Log     *slog.Logger

	signer *Signer
	snap   *fresh.Snapshot[[][]byte]
}

// Open reads the keys, makes the first when there is none, and follows changes
// by other instances and by the command line within two seconds. The signer is
// good until the end of the process, fresh until Close.
func (k *Keys) Open(ctx context.Context) (*Signer, error) {
	if _, err := k.Secrets.Get(ctx, keyName(1), keySize); err != nil {
		return nil, err
	}
	k.signer = &Signer{}
	snap, err := fresh.Open(ctx, fresh.Source{DB: k.DB, KV: k.KV, Log: k.Log, Name: topic}, k.read)
	if err != nil {
		return nil, fmt.Errorf("qr: open keys: %w", err)
	}
	k.snap = snap
	return k.signer, nil
}

// Close stops following.
func (k *Keys) Close() { k.snap.Close() }

// read gives the signer the keys as they stand; a signer never loses one.
func (k *Keys) read(ctx context.Context, q store.Queryer, _ int64) (*[][]byte, error) {
	ring, err := k.all(ctx, q)
	if err != nil {
		return nil, err
	}
	if len(ring) > k.signer.Key() {
		k.signer.hold(ring)
	}
	return &ring, nil
}

// all lists the keys that q sees, newest first.
func (k *Keys) all(ctx context.Context, q store.Queryer) ([][]byte, error) {
	var ring [][]byte
	for n := 1; ; n++ {
		key, err := k.Secrets.Known(ctx, q, keyName(n))
		if err != nil {
			return nil, err
		}
		if key == nil {
			return ring, nil
		}
		ring = append([][]byte{key}, ring...)
	}
}

// Add makes a new key that signs from now on and tells its number. What hangs
// on the walls stays good. The key and the word of it to the other instances
// are one transaction, so that nobody signs with a key the others never see.
func (k *Keys) Add(ctx context.Context) (number int, err error) {
	err = k.DB.Tx(ctx, func(q store.Queryer) error {
		ring, err := k.all(ctx, q)
		if err != nil {
			return err
		}
		number = len(ring) + 1
		if err := k.Secrets.Add(ctx, q, keyName(number), keySize); err != nil {
			return err
		}
		return fresh.Bump(ctx, q, topic)
	})
	if err != nil {
		return 0, fmt.Errorf("qr: add a key: %w", err)
	}
	if err := k.snap.Changed(ctx); err != nil {
		return number, fmt.Errorf("qr: add a key: %w", err)
	}
	return number, nil
}

func keyName(n int) string { return fmt.Sprintf("location-codes-%d", n) }
