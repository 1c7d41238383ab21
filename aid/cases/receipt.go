package cases

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"

	"golang.org/x/text/unicode/norm"

	"mashang/platform/problem"
)

// NewReceipt makes a receipt: 15 random digits and a check digit.
func NewReceipt() string {
	s := digits(15)
	return s + string(checkDigit(s))
}

func digits(n int) string {
	top := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
	v, err := rand.Int(rand.Reader, top)
	if err != nil {
		panic(err) // the system's random source never fails
	}
	return fmt.Sprintf("%0*d", n, v)
}

// checkDigit is ISO 7064 MOD 11,10 (GB/T 17710), which finds every single wrong
// digit and nearly every pair of neighbours that changed places.
func checkDigit(s string) byte {
	p := 10
	for _, c := range []byte(s) {
		p = (p + int(c-'0')) % 10
		if p == 0 {
			p = 10
		}
		p = 2 * p % 11
	}
	return '0' + byte((11-p)%10)
}

// ParseReceipt reads a receipt as people write it: in groups, with dashes, in
// full-width digits. Its errors say what can be seen without looking anything up.
func ParseReceipt(s string) (string, error) {
	r := plain(s)
	for _, c := range []byte(r) {
		if c < '0' || c > '9' {
			return "", problem.Field("receipt", "status.receipt.char")
		}
	}
	if len(r) != 16 {
		return "", problem.Field("receipt", "status.receipt.length")
	}
	if checkDigit(r[:15]) != r[15] {
		return "", problem.Field("receipt", "status.receipt.digit")
	}
	return r, nil
}

// Spoken writes a receipt in four groups of four.
func Spoken(receipt string) string {
	if len(receipt) != 16 {
		return receipt
	}
	return receipt[:4] + " " + receipt[4:8] + " " + receipt[8:12] + " " + receipt[12:]
}

// plain is s in its narrow form, upper case, without what only separates. Only
// its first 256 bytes are looked at.
func plain(s string) string {
	if len(s) > 256 {
		s = s[:256]
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '×' || r == '✕':
			return 'X'
		case r <= ' ', strings.ContainsRune("-_.·,、，。—–‐‑−/|:", r), r >= 0x2000 && r <= 0x200f, r == 0xfeff, r == 0x00ad:
			return -1
		}
		return r
	}, strings.ToUpper(norm.NFKC.String(s)))
}
