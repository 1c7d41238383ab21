package place

import (
	"encoding/json"
	"fmt"
	"time"

	"mashang/i18n"
)

// Day is a calendar day in Asia/Shanghai, written "2006-01-02"; the zero Day is written "".
type Day struct{ time.Time }

// ParseDay reads "2026-11-02" as that day's midnight in Asia/Shanghai, and "" as the zero time.
func ParseDay(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, s, i18n.Shanghai)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is not a date like 2026-11-02", s)
	}
	return t, nil
}

// FormatDay writes t's day in Asia/Shanghai, and "" for the zero time.
func FormatDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(i18n.Shanghai).Format(time.DateOnly)
}

// MarshalText writes the day, so that JSON and XML carry a plain date.
func (d Day) MarshalText() ([]byte, error) { return []byte(FormatDay(d.Time)), nil }

// MarshalJSON overrides that of the embedded time.
func (d Day) MarshalJSON() ([]byte, error) { return []byte(`"` + FormatDay(d.Time) + `"`), nil }

// UnmarshalText reads a day as ParseDay does.
func (d *Day) UnmarshalText(b []byte) (err error) {
	d.Time, err = ParseDay(string(b))
	return err
}

// UnmarshalJSON reads a day from a JSON string.
func (d *Day) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		d.Time = time.Time{}
		return nil
	}
	if len(b) < 2 || b[0] != '"' || b[len(b)-1] != '"' {
		return fmt.Errorf("%s is not a date like \"2026-11-02\"", b)
	}
	return d.UnmarshalText(b[1 : len(b)-1])
}

// Within tells whether at lies in the days from…to; both ends belong to it and a zero end is open.
func Within(from, to, at time.Time) bool {
	if !from.IsZero() && at.Before(from) {
		return false
	}
	return to.IsZero() || at.Before(to.AddDate(0, 0, 1))
}

type divisionFields Division

type divisionJSON struct {
	divisionFields
	From Day `json:"from,omitzero"`
	To   Day `json:"to,omitzero"`
}

// MarshalJSON writes d with its days as dates.
func (d Division) MarshalJSON() ([]byte, error) {
	return json.Marshal(divisionJSON{divisionFields(d), Day{d.From}, Day{d.To}})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (d *Division) UnmarshalJSON(b []byte) error {
	var j divisionJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	*d = Division(j.divisionFields)
	d.From, d.To = j.From.Time, j.To.Time
	return nil
}
