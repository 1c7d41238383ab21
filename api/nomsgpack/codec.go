// Package codec is the part of github.com/ugorji/go/codec that gin names, and
// does nothing: no route of this portal speaks MessagePack, and compiling the
// real one takes a fifth of the first start.
package codec

import (
	"errors"
	"io"
)

var errNone = errors.New("codec: this portal speaks no MessagePack")

// MsgpackHandle is named by gin.
type MsgpackHandle struct{}

// Decoder refuses.
type Decoder struct{}

// Encoder refuses.
type Encoder struct{}

// NewDecoder is named by gin.
func NewDecoder(io.Reader, *MsgpackHandle) *Decoder { return &Decoder{} }

// NewEncoder is named by gin.
func NewEncoder(io.Writer, *MsgpackHandle) *Encoder { return &Encoder{} }

// Decode always fails.
func (*Decoder) Decode(any) error { return errNone }

// Encode always fails.
func (*Encoder) Encode(any) error { return errNone }
