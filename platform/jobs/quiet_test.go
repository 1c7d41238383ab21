package jobs_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"mashang/platform/jobs"
	"mashang/platform/store/storetest"
)

// heard is a log that many may write.
type heard struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (h *heard) Write(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.b.Write(b)
}

func (h *heard) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.b.String()
}

// What a job panics with may hold what somebody typed. The log tells where, not what.
func TestPanicOfAJobIsLoggedWithoutItsValue(t *testing.T) {
	var log heard
	m := boot(t, storetest.SQLite(t), jobs.Job{Name: "panics", Run: func(context.Context, *jobs.Progress) error { panic("王林 11010519491231002X") }})
	m.Log = slog.New(slog.NewTextHandler(&log, nil))
	m.run(t)
	m.becomes(t, m.start(t, "panics", nil), jobs.Failed)
	if s := log.String(); !strings.Contains(s, "panic: string") || strings.Contains(s, "王林") || strings.Contains(s, "11010519491231002X") {
		t.Errorf("the log says %s", s)
	}
}
