// Package qr makes what hangs on the wall: signed codes of locations and the
// pictures of their addresses. It is the only importer of go-qrcode.
package qr

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"strings"
	"sync/atomic"
)

// Sizes of a code in letters of base32: 40 random bits name the location,
// 40 bits of HMAC-SHA256 show that the county issued it.
const (
	IDLen   = 8
	CodeLen = 16
)

// ErrForm tells that the text cannot be a code at all; ErrSignature that it
// looks like one but no key of this county signed it.
var (
	ErrForm      = errors.New("qr: not a code")
	ErrSignature = errors.New("qr: signature does not match")
)

var letters = base32.StdEncoding.WithPadding(base32.NoPadding)

// Signer signs and verifies codes. The zero value verifies nothing. It may be
// used by any number of goroutines while its keys change.
type Signer struct {
	keys atomic.Pointer[[][]byte] // newest first
}

// NewSigner takes the signing keys, newest first. The newest signs; all verify,
// for ever, because posters outlive keys.
func NewSigner(keys ...[]byte) *Signer {
	s := &Signer{}
	s.hold(keys)
	return s
}

func (s *Signer) hold(keys [][]byte) { s.keys.Store(&keys) }

func (s *Signer) ring() [][]byte {
	if k := s.keys.Load(); k != nil {
		return *k
	}
	return nil
}

// Key is the number of the key that signs; the first a county had is 1.
func (s *Signer) Key() int { return len(s.ring()) }

// NewID returns a random location ID.
func NewID() string {
	var b [5]byte
	rand.Read(b[:]) // never fails, see crypto/rand
	return letters.EncodeToString(b[:])
}

// Code returns the 16 letters printed for the location.
func (s *Signer) Code(locationID string) string {
	return locationID + signature(s.ring()[0], locationID)
}

// Verify returns the location ID of a code. Case, spaces and dashes are
// forgiven, since codes are also typed by hand; a letter of another alphabet is
// ErrForm, a wrong signature ErrSignature.
func (s *Signer) Verify(code string) (locationID string, err error) {
	locationID, _, err = s.Signed(code)
	return locationID, err
}

// Signed is Verify, and tells the number of the key that signed the code.
func (s *Signer) Signed(code string) (locationID string, key int, err error) {
	code = Clean(code)
	if len(code) != CodeLen {
		return "", 0, ErrForm
	}
	if _, err := letters.DecodeString(code); err != nil {
		return "", 0, ErrForm
	}
	id, sig := code[:IDLen], code[IDLen:]
	ring := s.ring()
	for i, k := range ring {
		if hmac.Equal([]byte(sig), []byte(signature(k, id))) {
			return id, len(ring) - i, nil
		}
	}
	return "", 0, ErrSignature
}

// Clean returns the code as it is printed: upper case, without spaces or
// dashes. It does not tell whether the code is genuine.
func Clean(code string) string {
	if len(code) > 64 {
		return ""
	}
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "\t", "").Replace(strings.TrimSpace(code)))
}

func signature(key []byte, id string) string {
	m := hmac.New(sha256.New, key)
	m.Write([]byte("mashang location code v1\x00"))
	m.Write([]byte(id))
	return letters.EncodeToString(m.Sum(nil)[:5])
}
