// Package privacy seals personal data, hides it in logs and recognises it in
// text. A sealed value opens only in the row and field it was sealed for.
package privacy

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// keySize makes every key an AES-256 key.
const keySize = 32

// errOpen is all that is said about a value that does not open.
var errOpen = errors.New("privacy: the value does not open here")

// ErrKeyMissing says that a value was sealed with a key that is not on the ring.
var ErrKeyMissing = errors.New("privacy: the key of a value is not on the ring")

// Keyring seals with its newest key and opens with any it has.
type Keyring struct {
	keys  map[string]cipher.AEAD
	first string
}

// ParseKeys reads "id:base64,id:base64", the newest key first.
func ParseKeys(s string) (*Keyring, error) {
	k := &Keyring{keys: map[string]cipher.AEAD{}}
	for i, part := range strings.Split(s, ",") {
		id, text, found := strings.Cut(strings.TrimSpace(part), ":")
		if !found || !plainName(id) {
			return nil, fmt.Errorf("privacy: key %d is not of the form id:base64", i+1)
		}
		raw, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(raw) != keySize {
			return nil, fmt.Errorf("privacy: key %d is not %d bytes of base64", i+1, keySize)
		}
		if _, twice := k.keys[id]; twice {
			return nil, fmt.Errorf("privacy: key %d has the id of another key", i+1)
		}
		if k.keys[id], err = newAEAD(raw); err != nil {
			return nil, fmt.Errorf("privacy: key %d: %w", i+1, err)
		}
		if i == 0 {
			k.first = id
		}
	}
	return k, nil
}

func plainName(id string) bool {
	if id == "" || len(id) > 32 {
		return false
	}
	for _, c := range id {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// NewKey is a fresh random key, "id:base64", to be put in front of the others.
func NewKey() string {
	raw := make([]byte, keySize)
	rand.Read(raw)
	return "k" + strings.ToLower(rand.Text()[:8]) + ":" + base64.StdEncoding.EncodeToString(raw)
}

func newAEAD(raw []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(raw)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// where is the associated data "table:row:field". Neither the table nor the
// field may hold a colon, so that no two places read the same.
func where(table, row, field string) ([]byte, error) {
	if table == "" || row == "" || field == "" || strings.Contains(table, ":") || strings.Contains(field, ":") {
		return nil, errors.New("privacy: a value is sealed for a table, a row and a field, named without colons")
	}
	return []byte(table + ":" + row + ":" + field), nil
}

// Seal encrypts plain for one field of one row. The text names the key it was sealed with.
func (k *Keyring) Seal(table, row, field string, plain []byte) (string, error) {
	at, err := where(table, row, field)
	if err != nil {
		return "", err
	}
	return "s1." + k.first + "." + encode(k.keys[k.first].Seal(nil, nil, plain, at)), nil
}

// Open decrypts what Seal made for the same table, row and field.
func (k *Keyring) Open(table, row, field, sealed string) ([]byte, error) {
	at, err := where(table, row, field)
	if err != nil {
		return nil, err
	}
	id, raw, err := parse(sealed)
	if err != nil {
		return nil, err
	}
	key, found := k.keys[id]
	if !found {
		return nil, fmt.Errorf("%w: it was sealed with key %q", ErrKeyMissing, id)
	}
	plain, err := key.Open(nil, nil, raw, at)
	if err != nil {
		return nil, errOpen
	}
	return plain, nil
}

// Current reports whether sealed was made with the newest key; a rotation is
// over when every value is current.
func (k *Keyring) Current(sealed string) bool {
	id, _, err := parse(sealed)
	return err == nil && id == k.first
}

// Reseal seals a value again with the newest key; a current one comes back as it is.
func (k *Keyring) Reseal(table, row, field, sealed string) (string, error) {
	plain, err := k.Open(table, row, field, sealed)
	if err != nil || k.Current(sealed) {
		return sealed, err
	}
	return k.Seal(table, row, field, plain)
}

func parse(sealed string) (id string, raw []byte, err error) {
	parts := strings.Split(sealed, ".")
	if len(parts) != 3 || parts[0] != "s1" || !plainName(parts[1]) {
		return "", nil, errOpen
	}
	raw, err = decode(parts[2])
	if err != nil {
		return "", nil, errOpen
	}
	return parts[1], raw, nil
}

func encode(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

func decode(text string) ([]byte, error) { return base64.RawURLEncoding.Strict().DecodeString(text) }
