package backoffice

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"mashang/platform/webhook"
)

// hooks takes one message of the portal. It says yes only when the message is on
// disk; the same message again is counted and takes effect once.
func (s *Server) hooks(w http.ResponseWriter, r *http.Request) {
	fault := s.faults.next()
	if fault.Kind != lostAck && !s.misbehave(w, r, fault) {
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			refuse(w, http.StatusRequestEntityTooLarge, "the body is larger than a mebibyte")
		}
		return
	}
	id, err := webhook.Verify(s.secrets, r.Header, body, s.now())
	if err != nil {
		s.unverified(w, r, body)
		return
	}
	e, err := webhook.Open(body)
	if err != nil {
		refuse(w, http.StatusBadRequest, "the body is not {type, timestamp, data}")
		return
	}
	if err := s.shelf.Keep(record{Kind: "received", At: s.now().UTC(), ID: id, Type: e.Type, Verified: true, Data: e.Data}); err != nil {
		s.log.Error("message not kept", "message_id", id, "err", err)
		w.Header().Set("Retry-After", "5")
		refuse(w, http.StatusServiceUnavailable, "it could not be kept")
		return
	}
	if e.Type == smsTopic {
		s.sendLater(e.Data)
	}
	if fault.Kind == lostAck {
		reset(w)
		return
	}
	answer(w, http.StatusOK, map[string]bool{"received": true})
}

// unverified notes that somebody sent what cannot be believed. Its data is not
// kept: it is anybody's.
func (s *Server) unverified(w http.ResponseWriter, r *http.Request, body []byte) {
	var e webhook.Envelope
	if json.Unmarshal(body, &e) != nil {
		e.Type = "" // it is only shown
	}
	id := r.Header.Get(webhook.HeaderID)
	if !s.shelf.Full() {
		rec := record{Kind: "received", At: s.now().UTC(), ID: id[:min(len(id), 100)], Type: e.Type[:min(len(e.Type), 100)]}
		if err := s.shelf.Keep(rec); err != nil {
			s.log.Error("unverified message not noted", "err", err)
		}
	}
	refuse(w, http.StatusUnauthorized, "the signature does not match")
}

// misbehave does what a fault says, and reports whether the message is to be
// taken after it.
func (s *Server) misbehave(w http.ResponseWriter, r *http.Request, fault trouble) bool {
	switch fault.Kind {
	case "500":
		refuse(w, http.StatusInternalServerError, "told to fail")
	case "410":
		refuse(w, http.StatusGone, "told to be gone")
	case "reset":
		reset(w)
	case "slow":
		select {
		case <-time.After(fault.wait()):
			return true
		case <-r.Context().Done():
		}
	default:
		return true
	}
	return false
}

// reset breaks the connection off without an answer.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // HTTP/2: the stream is reset instead
	}
	defer conn.Close()
	if tcp, ok := conn.(*net.TCPConn); ok && tcp.SetLinger(0) != nil {
		return // then it ends without a reset, which no sender takes for a yes either
	}
}

// received lists what came, each id once.
func (s *Server) received(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, s.shelf.Messages())
}
