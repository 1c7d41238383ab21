package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

var errMoney = errors.New("an amount is digits with at most two decimals")

// maxYuan keeps a slip of the keyboard from becoming a promise.
const maxYuan = 100_000_000

// ParseYuan reads "712", "712.5" or "712.50" as cents; a comma between thousands is allowed.
func ParseYuan(s string) (int64, error) {
	whole, part, dotted := strings.Cut(strings.ReplaceAll(strings.TrimSpace(s), ",", ""), ".")
	if whole == "" || len(whole) > 9 || (dotted && (part == "" || len(part) > 2)) || strings.Trim(whole+part, "0123456789") != "" {
		return 0, fmt.Errorf("%q: %w", s, errMoney)
	}
	yuan, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || yuan > maxYuan {
		return 0, fmt.Errorf("%q: %w", s, errMoney)
	}
	cents, err := strconv.ParseInt((part + "00")[:2], 10, 64)
	return yuan*100 + cents, err
}

// Yuan writes cents as "712.00", the form of every file and reply.
func Yuan(cents int64) string {
	return fmt.Sprintf("%d.%02d", cents/100, cents%100)
}

// strict decodes b and refuses fields that nobody would read, which are nearly always misspelt.
func strict(b []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	return d.Decode(into)
}
