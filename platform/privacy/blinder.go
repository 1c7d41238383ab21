package privacy

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"hash"
	"strconv"
)

// Blinder makes many blind hashes of one purpose: its Text is what Blind makes. It is for one goroutine.
type Blinder struct {
	mac     hash.Hash
	purpose string
	in, sum []byte
}

var blindCode = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewBlinder begins with a key and a purpose.
func NewBlinder(key []byte, purpose string) *Blinder {
	return &Blinder{mac: hmac.New(sha256.New, key), purpose: strconv.Itoa(len(purpose)) + ":" + purpose + ":"}
}

// Text is the hash of the parts as one value.
func (b *Blinder) Text(parts ...string) string { return blindCode.EncodeToString(b.of(parts)) }

// Number is the hash cut to 63 bits, for an index that is to stay small. Different values may share one, so that who
// asks for one value may be given another's too.
func (b *Blinder) Number(parts ...string) int64 {
	return int64(binary.BigEndian.Uint64(b.of(parts)) >> 1)
}

func (b *Blinder) of(parts []string) []byte {
	b.in = append(b.in[:0], b.purpose...)
	for _, p := range parts {
		b.in = append(b.in, p...)
	}
	b.mac.Reset()
	b.mac.Write(b.in)
	b.sum = b.mac.Sum(b.sum[:0])
	return b.sum
}
