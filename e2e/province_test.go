package e2e_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"mashang/platform/store/storetest"
)

// TestTwoInstances runs a province's shape: two portals on one PostgreSQL and one
// Redis. What is filed at one is seen at the other, wrong proofs lock at both,
// and a change from a third process shows on both within two seconds.
func TestTwoInstances(t *testing.T) {
	redis := os.Getenv("MASHANG_TEST_REDIS")
	if redis == "" {
		t.Fatal("MASHANG_TEST_REDIS is not set: run the tests as the README says")
	}
	env := []string{"PORTAL_DATABASE_URL=" + storetest.EmptyPostgresURL(t), "PORTAL_REDIS_URL=" + redis}
	first := &program{t: t, env: env, args: []string{"demo",
		"-addr", freeAddr(t), "-backoffice-addr", freeAddr(t), "-data", filepath.Join(t.TempDir(), "demo")}}
	first.start()
	t.Cleanup(first.stop)

	var secrets struct{ Keys string }
	b, err := os.ReadFile(filepath.Join(first.args[6], "demo.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &secrets); err != nil {
		t.Fatal(err)
	}
	env = append(env, "PORTAL_KEYS="+secrets.Keys, "PORTAL_PRIVATE_ENDPOINTS=127.0.0.0/8")
	second := startServe(t, env)

	// Filed at the second, delivered whoever carries it, decided at the first,
	// read at the second.
	who := invented(9001)
	landing := code(first.Landings[0])
	var form struct{ Version string }
	getJSON(t, second+"/api/v1/programmes/dibao/form?place="+landing, &form)
	status, body := postJSON(t, second+"/api/v1/applications", application(who, landing, sampleVillage, form.Version), map[string]string{"Idempotency-Key": "two-instances"})
	if status != http.StatusCreated {
		t.Fatalf("POST /api/v1/applications = %d %s", status, body)
	}
	var filed struct{ Receipt string }
	if err := json.Unmarshal(body, &filed); err != nil {
		t.Fatal(err)
	}
	first.arrived("application.submitted", filed.Receipt)
	first.send("application.status_changed", map[string]any{"receipt": filed.Receipt, "status": "accepted", "at": time.Now().Format(time.RFC3339Nano)})
	look := map[string]any{"receipt": filed.Receipt, "proof": who.ID[14:]}
	status, body = postJSON(t, second+"/api/v1/status", look, nil)
	var seen struct{ Status string }
	if json.Unmarshal(body, &seen); status != http.StatusOK || seen.Status != "accepted" {
		t.Errorf("the second instance shows %d %s, want accepted", status, body)
	}

	// The same key at the other instance is the same case.
	status, again := postJSON(t, first.URL+"/api/v1/applications", application(who, landing, sampleVillage, form.Version), map[string]string{"Idempotency-Key": "two-instances"})
	var repeated struct{ Receipt string }
	if json.Unmarshal(again, &repeated); status != http.StatusCreated || repeated.Receipt != filed.Receipt {
		t.Errorf("the same key again = %d %s, want receipt %s", status, again, filed.Receipt)
	}

	// Guesses spread over both instances are counted together.
	for i := range 5 {
		postJSON(t, []string{first.URL, second}[i%2]+"/api/v1/status", map[string]any{"receipt": filed.Receipt, "proof": "0000"}, nil)
	}
	for _, at := range []string{first.URL, second} {
		if status, body := postJSON(t, at+"/api/v1/status", look, nil); status == http.StatusOK {
			t.Errorf("after five wrong proofs the right one still opens: %s", body)
		}
	}

	// A standard from a third process.
	before := amount(t, second, landing)
	file := filepath.Join(t.TempDir(), "standards.csv")
	rows := "programme,variant,place,amount,unit,unit_text,from,document,label,id\n" +
		fmt.Sprintf("gangxing,trial,990121100000,%d.00,month,元/月,%s,yunxi-minfa-2026-8,试验,trial-1\n", 4321, time.Now().AddDate(0, 0, -1).Format(time.DateOnly))
	if err := os.WriteFile(file, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary, "import", "standards", file)
	cmd.Env = append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("import standards: %v\n%s", err, out)
	}
	began := time.Now()
	for _, at := range []string{first.URL, second} {
		eventually(t, 2*time.Second, "the new standard at "+at, func() bool { return strings.Contains(amount(t, at, landing), "4321") })
	}
	t.Logf("shown by both after %v", time.Since(began).Round(time.Millisecond))
	if strings.Contains(before, "4321") {
		t.Error("the standard was there before it came")
	}
}

func amount(t testing.TB, portal, place string) string {
	t.Helper()
	var p struct{ Standards json.RawMessage }
	getJSON(t, portal+"/api/v1/programmes/gangxing?place="+place, &p)
	return string(p.Standards)
}

// startServe runs the portal for real on the settings given, and returns its
// address.
func startServe(t testing.TB, env []string) string {
	t.Helper()
	addr := freeAddr(t)
	log := &tail{}
	cmd := exec.Command(binary, "serve")
	cmd.Env = append(append(os.Environ(), env...), "PORTAL_ADDR="+addr, "PORTAL_BASE_URL=http://"+addr, "PORTAL_DATA="+t.TempDir())
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		cmd.Wait()
	})
	eventually(t, 30*time.Second, "serve is ready", func() bool {
		res, err := http.Get("http://" + addr + "/readyz")
		if err != nil {
			return false
		}
		res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
	return "http://" + addr
}
