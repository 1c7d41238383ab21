package store

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Time is kept as BIGINT milliseconds UTC; the zero time is NULL.
type Time struct{ time.Time }

// At is t as it will come back from the database.
func At(t time.Time) Time {
	if t.IsZero() {
		return Time{}
	}
	return Time{time.UnixMilli(t.UnixMilli()).UTC()}
}

// Value is the milliseconds, or nil for the zero time.
func (t Time) Value() (driver.Value, error) {
	if t.IsZero() {
		return nil, nil
	}
	return t.UnixMilli(), nil
}

// Scan reads milliseconds or NULL.
func (t *Time) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*t = Time{}
	case int64:
		*t = Time{time.UnixMilli(v).UTC()}
	default:
		return fmt.Errorf("store: a time is kept as milliseconds, not as %T", src)
	}
	return nil
}
