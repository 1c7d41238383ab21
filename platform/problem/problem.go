// Package problem holds the kinds of failure a person can be told about. Every
// other error is ours: it is logged once and shows a plain apology.
package problem

import (
	"errors"
	"net/http"
	"sort"
	"strings"
	"time"
)

// Kind says what sort of failure it is, and so which HTTP status it has.
type Kind int

// The kinds, each with its HTTP status.
const (
	Invalid         Kind = http.StatusUnprocessableEntity
	Malformed       Kind = http.StatusBadRequest
	Unauthenticated Kind = http.StatusUnauthorized
	Denied          Kind = http.StatusForbidden
	Missing         Kind = http.StatusNotFound
	Conflict        Kind = http.StatusConflict
	Gone            Kind = http.StatusGone
	Precondition    Kind = http.StatusPreconditionFailed
	TooLarge        Kind = http.StatusRequestEntityTooLarge
	Unsupported     Kind = http.StatusUnsupportedMediaType
	Limited         Kind = http.StatusTooManyRequests
	Unavailable     Kind = http.StatusServiceUnavailable
)

// Status is the HTTP status of k; an unknown kind is a 500.
func (k Kind) Status() int {
	if k.Name() == "internal" {
		return http.StatusInternalServerError
	}
	return int(k)
}

// Name is the stable word for k, as it stands in a problem document's type.
func (k Kind) Name() string {
	switch k {
	case Invalid:
		return "invalid"
	case Malformed:
		return "malformed"
	case Unauthenticated:
		return "unauthenticated"
	case Denied:
		return "denied"
	case Missing:
		return "missing"
	case Conflict:
		return "conflict"
	case Gone:
		return "gone"
	case Precondition:
		return "precondition"
	case TooLarge:
		return "too-large"
	case Unsupported:
		return "unsupported"
	case Limited:
		return "limited"
	case Unavailable:
		return "unavailable"
	}
	return "internal"
}

// Error is a failure with words for the person who met it. Key and the values
// of Fields are i18n keys; FieldArgs are the values the words of one field need.
// Err is the cause: it goes to the log, never to a page.
type Error struct {
	Kind       Kind
	Key        string
	Args       map[string]string
	Fields     map[string]string
	FieldArgs  map[string]map[string]string
	RetryAfter time.Duration
	Err        error
}

// New is an Error of kind k that says key.
func New(k Kind, key string) *Error { return &Error{Kind: k, Key: key} }

// Field is an Invalid error that names one field.
func Field(field, key string) *Error {
	return &Error{Kind: Invalid, Key: "problem.invalid", Fields: map[string]string{field: key}}
}

// Error names the kind, the key and the fields, none of which is personal, and then the cause.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Kind.Name() + ": " + e.Key)
	if len(e.Fields) > 0 {
		names := make([]string, 0, len(e.Fields))
		for name := range e.Fields {
			names = append(names, name)
		}
		sort.Strings(names)
		b.WriteString(" (" + strings.Join(names, ", ") + ")")
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether err is, or wraps, a problem of kind k.
func Is(err error, k Kind) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == k
}
