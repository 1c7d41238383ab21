// Package e2e_test builds the program and uses it from outside, as residents,
// the office and its back office do.
package e2e_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// binary is the program, built once for the package by TestMain.
var binary string

func TestMain(m *testing.M) {
	if os.Getenv(hastyEnv) != "" {
		hasty()
		return
	}
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "mashang-e2e-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		binary = filepath.Join(dir, "mashang")
		build := exec.Command("go", "build", "-o", binary, "..")
		build.Stdout, build.Stderr = os.Stderr, os.Stderr
		if err := build.Run(); err != nil {
			fmt.Fprintln(os.Stderr, "e2e: build:", err)
			return 1
		}
		return m.Run()
	}())
}

// account is one line `account ROLE NAME PASSWORD` of the demo.
type account struct{ Role, Name, Password string }

// program is a running demo.
type program struct {
	t          testing.TB
	args       []string
	env        []string // beside the test's own
	cmd        *exec.Cmd
	URL        string
	Backoffice string
	Landings   []string // URLs: two places with different standards, one without
	Accounts   map[string]account
	ReadyAfter time.Duration
	log        *tail
}

// startDemo runs the demo on free ports with a data folder of its own and waits
// until it is ready. More flags may be given.
func startDemo(t testing.TB, flags ...string) *program {
	t.Helper()
	p := &program{t: t, args: append([]string{"demo",
		"-addr", freeAddr(t), "-backoffice-addr", freeAddr(t), "-data", filepath.Join(t.TempDir(), "demo")}, flags...)}
	p.start()
	t.Cleanup(p.stop)
	return p
}

func (p *program) start() {
	p.t.Helper()
	p.log = &tail{}
	p.cmd = exec.Command(binary, p.args...)
	p.cmd.Stderr = p.log
	p.cmd.Env = append(os.Environ(), p.env...)
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	began := time.Now()
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.Landings, p.Accounts = nil, map[string]account{}
	lines := make(chan string)
	go func() {
		in := bufio.NewScanner(out)
		for in.Scan() {
			lines <- in.Text()
		}
		close(lines)
	}()
	timeout := time.After(60 * time.Second)
	for {
		select {
		case line, ok := <-lines:
			if !ok {
				p.cmd.Wait()
				p.t.Fatalf("demo ended before it was ready:\n%s", p.log)
			}
			f := strings.Fields(line)
			if len(f) < 2 {
				continue
			}
			switch f[0] {
			case "ready":
				p.URL, p.ReadyAfter = f[1], time.Since(began)
			case "landing":
				p.Landings = append(p.Landings, f[1])
			case "backoffice":
				p.Backoffice = f[1]
			case "account":
				p.Accounts[f[1]] = account{f[1], f[2], f[3]}
			}
			// The accounts come last before the picture of a code.
			if p.URL != "" && len(p.Accounts) == 7 {
				go func() {
					for range lines {
					}
				}()
				return
			}
		case <-timeout:
			p.kill()
			p.t.Fatalf("demo was not ready in 60 s:\n%s", p.log)
		}
	}
}

// kill ends the program as a power cut would.
func (p *program) kill() {
	p.cmd.Process.Kill()
	p.cmd.Wait()
}

// stop ends the program as its keeper would.
func (p *program) stop() {
	if p.cmd.ProcessState != nil {
		return
	}
	p.cmd.Process.Signal(syscall.SIGTERM)
	done := make(chan struct{})
	go func() { p.cmd.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(15 * time.Second):
		p.cmd.Process.Kill()
		<-done
		p.t.Errorf("the demo did not stop within 15 s of SIGTERM:\n%s", p.log)
	}
}

// sampleVillage is 杏林村 of the sample county.
const sampleVillage = "990121100201"

// code is the location code at the end of a landing's address.
func code(landing string) string {
	return landing[strings.LastIndex(landing, "/")+1:]
}

// received is one line of the sample back office's book.
type received struct {
	ID       string
	Type     string
	Attempts int
	Verified bool
	Data     json.RawMessage
}

func (p *program) received() []received {
	p.t.Helper()
	var out []received
	getJSON(p.t, p.Backoffice+"/received", &out)
	return out
}

// send has the back office send a signed event to the portal.
func (p *program) send(kind string, data any) {
	p.t.Helper()
	status, body := postJSON(p.t, p.Backoffice+"/send", map[string]any{"type": kind, "data": data}, nil)
	if status/100 != 2 {
		p.t.Fatalf("POST /send %s = %d %s", kind, status, body)
	}
}

func getJSON(t testing.TB, url string, into any) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("GET %s = %s", url, res.Status)
	}
	if err := json.NewDecoder(res.Body).Decode(into); err != nil {
		t.Fatalf("GET %s: %v", url, err)
	}
}

func postJSON(t testing.TB, url string, body any, header map[string]string) (int, []byte) {
	t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, url, strings.NewReader(string(b)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for k, v := range header {
		req.Header.Set(k, v)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, out
}

func freeAddr(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// eventually waits until ok holds.
func eventually(t testing.TB, within time.Duration, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	for !ok() {
		select {
		case <-ctx.Done():
			t.Fatalf("not within %v: %s", within, what)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// tail keeps the last of what a program wrote to its log.
type tail struct {
	mu sync.Mutex
	b  []byte
}

func (l *tail) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.b = append(l.b, p...)
	if n := len(l.b) - 1<<20; n > 0 {
		l.b = l.b[n:]
	}
	return len(p), nil
}

func (l *tail) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.b)
}
