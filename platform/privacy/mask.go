package privacy

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// ID is a checked identity number. Printed, logged or encoded it is masked, and
// a database refuses it: who needs the number asks Plain, and seals it.
type ID string

// Phone is a checked telephone number, masked like ID.
type Phone string

var errUnsealed = errors.New("privacy: personal data is sealed before it is stored")

// Plain is the number itself.
func (id ID) Plain() string { return string(id) }

// String shows the region and the last two characters.
func (id ID) String() string { return mask(string(id), 6, 2) }

// LogValue is String.
func (id ID) LogValue() slog.Value { return slog.StringValue(id.String()) }

// Format masks under every verb.
func (id ID) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, id.String()) }

// MarshalJSON masks: a sealed document holds Plain.
func (id ID) MarshalJSON() ([]byte, error) { return json.Marshal(id.String()) }

// Value refuses.
func (id ID) Value() (driver.Value, error) { return nil, errUnsealed }

// Last4 is what a person proves a receipt with.
func (id ID) Last4() string {
	if len(id) < 4 {
		return ""
	}
	return string(id[len(id)-4:])
}

// Plain is the number itself.
func (p Phone) Plain() string { return string(p) }

// String shows the first three and the last four digits of a mobile number.
func (p Phone) String() string { return mask(string(p), 3, 4) }

// LogValue shows less than String, since a log outlives the page.
func (p Phone) LogValue() slog.Value { return slog.StringValue(mask(string(p), 3, 2)) }

// Format masks under every verb.
func (p Phone) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, p.String()) }

// MarshalJSON masks: a sealed document holds Plain.
func (p Phone) MarshalJSON() ([]byte, error) { return json.Marshal(p.String()) }

// Value refuses.
func (p Phone) Value() (driver.Value, error) { return nil, errUnsealed }

// mask keeps head and tail characters, and no more than half of s.
func mask(s string, head, tail int) string {
	r := []rune(s)
	if len(r) < 2*(head+tail) {
		head, tail = min(head, len(r)/4), min(tail, len(r)/4)
	}
	for i := head; i < len(r)-tail; i++ {
		r[i] = '*'
	}
	return string(r)
}
