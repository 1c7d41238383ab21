// Package http3 is the part of github.com/quic-go/quic-go/http3 that gin names,
// and does nothing: a proxy in front of the portal speaks HTTP/3 where it is wanted.
package http3

import (
	"errors"
	"net/http"
)

// ListenAndServeQUIC always fails.
func ListenAndServeQUIC(_, _, _ string, _ http.Handler) error {
	return errors.New("http3: this portal speaks no QUIC")
}
