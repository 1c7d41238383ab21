package e2e_test

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"mashang/platform/jobs"
	"mashang/platform/privacy"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// served is an instance that a test may kill.
type served struct {
	url, metrics string
	cmd          *exec.Cmd
}

func serveOne(t *testing.T, env []string) *served {
	t.Helper()
	addr, metrics := freeAddr(t), freeAddr(t)
	log := &tail{}
	s := &served{"http://" + addr, "http://" + metrics + "/metrics", exec.Command(binary, "serve")}
	s.cmd.Env = append(append(os.Environ(), env...), "PORTAL_ADDR="+addr, "PORTAL_METRICS_ADDR="+metrics, "PORTAL_BASE_URL=http://"+addr, "PORTAL_DATA="+t.TempDir())
	s.cmd.Stderr = log
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.cmd.Process.Signal(syscall.SIGTERM)
		s.cmd.Wait()
	})
	eventually(t, 30*time.Second, "serve is alive", func() bool {
		res, err := http.Get(s.metrics)
		if err != nil {
			return false
		}
		res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
	return s
}

// leads tells what the instance says of itself.
func (s *served) leads() bool {
	res, err := http.Get(s.metrics)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	all, err := io.ReadAll(res.Body)
	return err == nil && strings.Contains(string(all), "\nmashang_jobs_leads 1\n")
}

// TestOneInstanceDoesTheJobs: of two instances on one PostgreSQL one leads. Killed,
// it is followed by the other, which does what was asked for meanwhile; come back,
// it waits.
func TestOneInstanceDoesTheJobs(t *testing.T) {
	url := storetest.PostgresURL(t)
	env := []string{"PORTAL_DATABASE_URL=" + url, "PORTAL_KEYS=" + privacy.NewKey(), "PORTAL_LOG_LEVEL=error"}
	first := serveOne(t, env)
	eventually(t, 15*time.Second, "the first leads", first.leads)
	second := serveOne(t, env)

	db, err := store.Open(t.Context(), store.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	desk := &jobs.Runner{DB: db} // as a console does: it asks and never leads
	desk.Add(jobs.Job{Name: "sweep"})
	ask := func() string {
		t.Helper()
		id, err := desk.Start(t.Context(), "sweep", "wang", nil)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	done := func(id string) func() bool {
		return func() bool {
			run, err := desk.Find(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			return run.State == jobs.Done
		}
	}
	eventually(t, 10*time.Second, "the sweep that was asked for", done(ask()))
	if second.leads() {
		t.Error("both lead")
	}

	if err := first.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	died := time.Now()
	id := ask()
	eventually(t, 30*time.Second, "the second leads", second.leads)
	t.Logf("the second leads %v after the first was killed", time.Since(died).Round(100*time.Millisecond))
	eventually(t, 10*time.Second, "the sweep that was asked for while nobody led", done(id))

	back := serveOne(t, env)
	time.Sleep(1500 * time.Millisecond)
	if back.leads() || !second.leads() {
		t.Error("the one that came back leads, or nobody")
	}
}
