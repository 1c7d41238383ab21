// Package bson is the part of go.mongodb.org/mongo-driver/v2/bson that gin names,
// and does nothing: no route of this portal speaks BSON.
package bson

import "errors"

var errNone = errors.New("bson: this portal speaks no BSON")

// Marshal always fails.
func Marshal(any) ([]byte, error) { return nil, errNone }

// Unmarshal always fails.
func Unmarshal([]byte, any) error { return errNone }
