package webhook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The headers of Standard Webhooks 1.0.
const (
	HeaderID        = "Webhook-Id"
	HeaderTimestamp = "Webhook-Timestamp"
	HeaderSignature = "Webhook-Signature"
)

// Tolerance is how far the clocks of sender and receiver may differ.
const Tolerance = 5 * time.Minute

const (
	prefix    = "whsec_"
	minSecret = 24
	maxSecret = 64
	maxID     = 255
	maxParts  = 16 // signatures looked at in one header
)

// Why Verify refuses a request. None of them says what the right value would be.
var (
	ErrHeaders   = errors.New("webhook: verify: the three headers are not there, each once and well formed")
	ErrTimestamp = errors.New("webhook: verify: the time lies more than five minutes away")
	ErrSignature = errors.New("webhook: verify: no signature matches")
	ErrSecret    = errors.New("webhook: a secret is whsec_ and the base64 of 24 to 64 bytes")
)

// NewSecret makes a secret of 32 random bytes.
func NewSecret() []byte {
	b := make([]byte, 32)
	rand.Read(b) // never fails
	return b
}

// FormatSecret writes a secret the way both sides copy it.
func FormatSecret(secret []byte) string {
	return prefix + base64.StdEncoding.EncodeToString(secret)
}

// ParseSecret reads what FormatSecret wrote. Shorter and longer secrets than the
// standard allows are refused, although the reference libraries take them.
func ParseSecret(s string) ([]byte, error) {
	text, ok := strings.CutPrefix(strings.TrimSpace(s), prefix)
	if !ok {
		return nil, ErrSecret
	}
	b, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || !fits(b) {
		return nil, ErrSecret
	}
	return b, nil
}

func fits(secret []byte) bool { return len(secret) >= minSecret && len(secret) <= maxSecret }

// Sign is one v1 signature over id, time and body.
func Sign(secret []byte, id string, ts time.Time, body []byte) string {
	return "v1," + sum(secret, id, strconv.FormatInt(ts.Unix(), 10), body)
}

func sum(secret []byte, id, ts string, body []byte) string {
	h := hmac.New(sha256.New, secret)
	fmt.Fprintf(h, "%s.%s.", id, ts)
	h.Write(body)
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// Headers are the three headers of one attempt. With several secrets, while one
// replaces another, there is a signature for each, so that the receiver may
// change over when it likes.
func Headers(secrets [][]byte, id string, ts time.Time, body []byte) http.Header {
	signed := make([]string, len(secrets))
	for i, s := range secrets {
		signed[i] = Sign(s, id, ts, body)
	}
	return http.Header{
		HeaderID:        {id},
		HeaderTimestamp: {strconv.FormatInt(ts.Unix(), 10)},
		HeaderSignature: {strings.Join(signed, " ")},
	}
}

// Verify returns the id of a request that one of secrets signed less than five
// minutes ago. Every secret and every signature is tried, whichever matches.
func Verify(secrets [][]byte, h http.Header, body []byte, now time.Time) (id string, err error) {
	id, ts, signed, err := readHeaders(h)
	if err != nil {
		return "", err
	}
	seconds, err := strconv.ParseInt(ts, 10, 64)
	if err != nil {
		return "", ErrHeaders
	}
	if d := now.Sub(time.Unix(seconds, 0)); d > Tolerance || d < -Tolerance {
		return "", ErrTimestamp
	}
	matched := false
	for _, secret := range secrets {
		if !fits(secret) {
			return "", ErrSecret
		}
		want := []byte(sum(secret, id, ts, body))
		for _, got := range signed {
			matched = hmac.Equal([]byte(got), want) || matched
		}
	}
	if !matched {
		return "", ErrSignature
	}
	return id, nil
}

// readHeaders is strict where the reference libraries are not: each header
// stands there once, the time is digits alone, the id cannot hold the dot that
// separates the signed parts.
func readHeaders(h http.Header) (id, ts string, signed []string, err error) {
	ids, times, signatures := h.Values(HeaderID), h.Values(HeaderTimestamp), h.Values(HeaderSignature)
	if len(ids) != 1 || len(times) != 1 || len(signatures) != 1 {
		return "", "", nil, ErrHeaders
	}
	id, ts = ids[0], times[0]
	if !validID(id) || !digits(ts) {
		return "", "", nil, ErrHeaders
	}
	parts := strings.Split(signatures[0], " ")
	if len(parts) > maxParts {
		return "", "", nil, ErrHeaders
	}
	for _, part := range parts {
		if s, ok := strings.CutPrefix(part, "v1,"); ok {
			signed = append(signed, s)
		}
	}
	return id, ts, signed, nil
}

func validID(id string) bool {
	if id == "" || len(id) > maxID {
		return false
	}
	for _, c := range []byte(id) {
		if c <= ' ' || c > '~' || c == '.' {
			return false
		}
	}
	return true
}

func digits(s string) bool {
	if s == "" || len(s) > 12 {
		return false
	}
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
