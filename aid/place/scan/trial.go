package scan

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// trialFor is how long an address made for trying a poster counts as a test.
const trialFor = 24 * time.Hour

// Trials signs addresses for trying a poster with a phone that is not signed in. Without a signature anybody could
// hide scans among the tests.
type Trials struct{ Key []byte }

// Sign gives the value of ?test= that makes opening the location count as a Test.
func (t Trials) Sign(location string, now time.Time) string {
	until := strconv.FormatInt(now.Add(trialFor).Unix(), 36)
	return until + "." + t.mac(location, until)
}

// Valid tells whether token was signed for the location and still holds.
func (t Trials) Valid(location, token string, now time.Time) bool {
	until, mac, ok := strings.Cut(token, ".")
	if !ok || len(t.Key) == 0 || len(token) > 64 {
		return false
	}
	end, err := strconv.ParseInt(until, 36, 64)
	if err != nil || end < now.Unix() || end > now.Add(trialFor).Unix() {
		return false
	}
	return hmac.Equal([]byte(mac), []byte(t.mac(location, until)))
}

func (t Trials) mac(location, until string) string {
	m := hmac.New(sha256.New, t.Key)
	m.Write([]byte(location + "\x00" + until))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:12])
}
