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

// Signer signs and verifies codes. The zero value verifies nothing.
type Signer struct {
	keys [][]byte
}

// NewSigner takes the signing keys, newest first. The newest signs; all verify,
// for ever, because posters outlive keys.
func NewSigner(keys ...[]byte) *Signer {
	return &Signer{keys: keys}
}

// NewID returns a random location ID.
func NewID() string {
	var b [5]byte
	rand.Read(b[:]) // never fails, see crypto/rand
	return letters.EncodeToString(b[:])
}

// Code returns the 16 letters printed for the location.
func (s *Signer) Code(locationID string) string {
	return locationID + signature(s.keys[0], locationID)
}

// Verify returns the location ID of a code. Case, spaces and dashes are
// forgiven, since codes are also typed by hand; a letter of another alphabet is
// ErrForm, a wrong signature ErrSignature.
func (s *Signer) Verify(code string) (locationID string, err error) {
	code = Clean(code)
	if len(code) != CodeLen {
		return "", ErrForm
	}
	if _, err := letters.DecodeString(code); err != nil {
		return "", ErrForm
	}
	id, sig := code[:IDLen], code[IDLen:]
	for _, k := range s.keys {
		if hmac.Equal([]byte(sig), []byte(signature(k, id))) {
			return id, nil
		}
	}
	return "", ErrSignature
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
