package qr_test

import (
	"errors"
	"testing"
	"time"

	"mashang/platform/kv"
	"mashang/platform/privacy"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/qr"
)

// instance is the keys of one running portal; its notices reach nobody else,
// so that only the version in the database tells of a change.
func instance(t *testing.T, db *store.DB, sealing *privacy.Keyring) (*qr.Keys, *qr.Signer) {
	t.Helper()
	k := &qr.Keys{DB: db, KV: kv.NewMemory(time.Now), Secrets: &privacy.Secrets{DB: db, Keys: sealing}}
	s, err := k.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Close)
	return k, s
}

// A county that changes its key keeps every poster, and instances that run
// learn the new key by themselves.
func TestAddedKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		sealing, err := privacy.ParseKeys(privacy.NewKey())
		if err != nil {
			t.Fatal(err)
		}
		here, signer := instance(t, db, sealing)
		_, other := instance(t, db, sealing)
		id := qr.NewID()
		var printed []string
		for want := 2; want <= 4; want++ {
			printed = append(printed, signer.Code(id))
			n, err := here.Add(t.Context())
			if err != nil || n != want || signer.Key() != want {
				t.Fatalf("Add = %d, %v, signer holds %d, want %d", n, err, signer.Key(), want)
			}
			if got := signer.Code(id); got == printed[len(printed)-1] {
				t.Fatalf("key %d signs as the one before it", n)
			}
		}
		printed = append(printed, signer.Code(id))
		for i := 0; other.Key() != 4; i++ {
			if i == 40 {
				t.Fatalf("after 4 s the other instance holds %d keys, want 4", other.Key())
			}
			time.Sleep(100 * time.Millisecond)
		}
		_, later := instance(t, db, sealing)
		for who, s := range map[string]*qr.Signer{"here": signer, "other": other, "started later": later} {
			for i, code := range printed {
				got, key, err := s.Signed(code)
				if err != nil || got != id || key != i+1 {
					t.Errorf("%s: code of key %d = %q, key %d, %v", who, i+1, got, key, err)
				}
			}
			if _, err := s.Verify(qr.NewSigner([]byte("a key of nobody here")).Code(id)); !errors.Is(err, qr.ErrSignature) {
				t.Errorf("%s: a code of an unknown key = %v, want %v", who, err, qr.ErrSignature)
			}
		}
	})
}

func TestSignerWithoutKeys(t *testing.T) {
	var s qr.Signer
	if _, err := s.Verify(qr.NewSigner([]byte("some key")).Code("ABCDEFGH")); !errors.Is(err, qr.ErrSignature) {
		t.Errorf("Verify = %v, want %v", err, qr.ErrSignature)
	}
}
