package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestKilledWhileAccepting cuts the power again and again while applications
// come in and messages go out. Every receipt that was given must be found at the
// back office, each case once. `make slow` does it a thousand applications long.
func TestKilledWhileAccepting(t *testing.T) {
	applications, kills := 60, 3
	if slow {
		applications, kills = 1000, 20
	}
	p := startDemo(t)
	// The back office misbehaves meanwhile, as networks do.
	for _, f := range []map[string]any{
		{"kind": "500", "rate": .10, "count": 1 << 20},
		{"kind": "lost-ack", "rate": .03, "count": 1 << 20},
	} {
		if status, body := postJSON(t, p.Backoffice+"/fault", f, nil); status/100 != 2 {
			t.Fatalf("POST /fault = %d %s", status, body)
		}
	}
	got := p.fileWhileKilling(applications, kills, p.URL, nil)
	if len(got) != applications {
		t.Fatalf("%d of %d applications were acknowledged", len(got), applications)
	}
	lost := p.missing(got, 90*time.Second)
	repeats := 0
	for _, r := range p.received() {
		if r.Type == "application.submitted" {
			if r.Attempts > 1 {
				repeats++
			}
			if !r.Verified {
				t.Errorf("message %s was not verified", r.ID)
			}
		}
	}
	t.Logf("%d acknowledged, %d kills, %d lost, %d delivered more than once under one id", len(got), kills, len(lost), repeats)
	if len(lost) > 0 {
		t.Errorf("lost: %v", lost)
	}
}

// TestHastyControlLoses shows that the loop above would notice: the same kills
// over a server that acknowledges before the commit.
func TestHastyControlLoses(t *testing.T) {
	applications, kills := 200, 4
	p := startDemo(t)
	addr := freeAddr(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var front *exec.Cmd
	begin := func() {
		front = exec.Command(self)
		front.Env = append(os.Environ(), fmt.Sprintf("%s=%s %s", hastyEnv, addr, p.URL))
		front.Stderr = os.Stderr
		if err := front.Start(); err != nil {
			t.Fatal(err)
		}
	}
	begin()
	defer func() { front.Process.Kill(); front.Wait() }()
	keys := p.fileWhileKilling(applications, kills, "http://"+addr, func() {
		front.Process.Kill()
		front.Wait()
		begin()
	})
	// The control's receipts are its keys, so cases are counted instead. What it
	// still remembers gets ten seconds to arrive.
	time.Sleep(10 * time.Second)
	arrived := 0
	for _, r := range p.received() {
		if r.Type == "application.submitted" {
			arrived++
		}
	}
	t.Logf("control: %d acknowledged, %d arrived", len(keys), arrived)
	if arrived >= len(keys) {
		t.Errorf("the control lost nothing: this test cannot see a loss")
	}
}

// fileWhileKilling files applications through front with four clients, killing
// the program in between, and returns the receipts that were acknowledged. A
// client that got no answer asks again with the same key, as a phone does.
func (p *program) fileWhileKilling(applications, kills int, front string, killedToo func()) map[string]bool {
	p.t.Helper()
	landing := code(p.Landings[0])
	var form struct{ Version string }
	getJSON(p.t, p.URL+"/api/v1/programmes/dibao/form?place="+landing, &form)
	var mu sync.Mutex
	receipts := map[string]bool{}
	var next, done atomic.Int64
	run := rand.Uint64()
	deadline := time.Now().Add(10 * time.Minute)
	var clients sync.WaitGroup
	client := &http.Client{Timeout: 10 * time.Second}
	for range 4 {
		clients.Go(func() {
			for {
				n := int(next.Add(1))
				if n > applications {
					return
				}
				body, err := json.Marshal(application(invented(n), landing, sampleVillage, form.Version))
				if err != nil {
					p.t.Error(err)
					return
				}
				key := fmt.Sprintf("kill-%x-%d", run, n)
				for time.Now().Before(deadline) {
					receipt, again := file(client, front, key, body)
					if again {
						time.Sleep(30 * time.Millisecond)
						continue
					}
					if receipt == "" {
						p.t.Errorf("application %d was refused", n)
						return
					}
					mu.Lock()
					receipts[receipt] = true
					mu.Unlock()
					done.Add(1)
					break
				}
			}
		})
	}
	for k := range kills {
		want := int64(applications * (k + 1) / (kills + 1))
		for done.Load() < want && time.Now().Before(deadline) && !p.t.Failed() {
			time.Sleep(5 * time.Millisecond)
		}
		p.kill()
		if killedToo != nil {
			killedToo()
		}
		p.start()
	}
	clients.Wait()
	return receipts
}

// file posts one application; again says that the answer did not come or that
// the portal asked to wait.
func file(client *http.Client, front, key string, body []byte) (receipt string, again bool) {
	req, err := http.NewRequest(http.MethodPost, front+"/api/v1/applications", bytes.NewReader(body))
	if err != nil {
		return "", false
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	res, err := client.Do(req)
	if err != nil {
		return "", true
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 500 || res.StatusCode == http.StatusTooManyRequests {
		return "", true
	}
	var reply struct{ Receipt string }
	if res.StatusCode != http.StatusCreated || json.Unmarshal(b, &reply) != nil {
		fmt.Fprintf(os.Stderr, "application refused: %d %s\n", res.StatusCode, b)
		return "", false
	}
	return reply.Receipt, false
}

// missing waits until every receipt stands in the back office's book, and
// returns those that never came.
func (p *program) missing(receipts map[string]bool, within time.Duration) []string {
	p.t.Helper()
	deadline := time.Now().Add(within)
	for {
		left := map[string]bool{}
		for r := range receipts {
			left[r] = true
		}
		for _, r := range p.received() {
			var d struct{ Receipt string }
			if r.Verified && json.Unmarshal(r.Data, &d) == nil {
				delete(left, d.Receipt)
			}
		}
		if len(left) == 0 || time.Now().After(deadline) {
			var out []string
			for r := range left {
				out = append(out, r)
			}
			return out
		}
		time.Sleep(200 * time.Millisecond)
	}
}
