package main

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"
)

func TestSlowClientsAreDropped(t *testing.T) {
	s := newServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			w.WriteHeader(http.StatusBadRequest)
		}
	}), slog.New(slog.DiscardHandler))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	for _, tt := range []struct{ name, sent string }{
		{"in the middle of its headers", "POST / HTTP/1.1\r\nHost: a\r\nX: "},
		{"in the middle of its form", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\na="},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			start := time.Now()
			c.SetDeadline(start.Add(30 * time.Second))
			io.WriteString(c, tt.sent)
			if _, err := io.Copy(io.Discard, c); err != nil || time.Since(start) > 12*time.Second {
				t.Errorf("a client that stops %s is held for %v (%v), want ten seconds at most", tt.name, time.Since(start), err)
			}
		})
	}
}
