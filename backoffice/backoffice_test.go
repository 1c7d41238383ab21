package backoffice_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/backoffice"
	"mashang/platform/webhook"
)

// office is a back office on the network, with a portal that answers as told.
type office struct {
	*httptest.Server
	server          *backoffice.Server
	dir             string
	secret, inbound []byte
	mu              sync.Mutex
	events          []got
	portal          *httptest.Server
	status          int
}

type got struct {
	id   string
	body webhook.Envelope
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{dir: t.TempDir(), secret: webhook.NewSecret(), inbound: webhook.NewSecret(), status: http.StatusAccepted}
	o.portal = httptest.NewServer(http.HandlerFunc(o.answer))
	t.Cleanup(o.portal.Close)
	o.open(t)
	return o
}

func (o *office) open(t *testing.T) {
	t.Helper()
	s, err := backoffice.New(backoffice.Options{
		Dir: o.dir, PortalURL: o.portal.URL, Secret: webhook.FormatSecret(webhook.NewSecret()) + " " + webhook.FormatSecret(o.secret),
		Inbound: webhook.FormatSecret(o.inbound), Bearer: "key", Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	o.server, o.Server = s, httptest.NewServer(s.Handler())
	t.Cleanup(o.Close)
	t.Cleanup(func() { s.Close() })
}

// answer is the portal.
func (o *office) answer(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/api/v1/backoffice/events":
		body, _ := io.ReadAll(r.Body)
		id, err := webhook.Verify([][]byte{o.inbound}, r.Header, body, time.Now())
		e, opened := webhook.Open(body)
		if err != nil || opened != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		o.mu.Lock()
		defer o.mu.Unlock()
		o.events = append(o.events, got{id, e})
		w.WriteHeader(o.status)
		io.WriteString(w, `{"taken":true}`)
	case r.Header.Get("Authorization") != "Bearer key":
		w.WriteHeader(http.StatusUnauthorized)
	case strings.HasPrefix(r.URL.Path, "/api/v1/backoffice/applications/"):
		io.WriteString(w, `{"receipt":"5820447190362717","body":{"applicant":{"name":"张<b>大爷"},"members":[{"name":"王奶奶","disabled":true,"note":null}]},"papers":[{"id":"P1"},{"id":"../x"}]}`)
	case r.URL.Path == "/api/v1/backoffice/papers/P1":
		w.Header().Set("Content-Type", "image/jpeg")
		io.WriteString(w, "picture")
	case r.URL.Path == "/api/v1/backoffice/papers/P2":
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<script>")
	}
}

func (o *office) post(t *testing.T, id string, secret []byte, body string) (int, error) {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, o.URL+"/hooks", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = webhook.Headers([][]byte{secret}, id, time.Now(), []byte(body))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	res.Body.Close()
	return res.StatusCode, nil
}

type entry struct {
	ID       string
	Type     string
	Attempts int
	Verified bool
	Data     map[string]any
}

func (o *office) received(t *testing.T) []entry {
	t.Helper()
	res, err := http.Get(o.URL + "/received")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var all []entry
	if err := json.NewDecoder(res.Body).Decode(&all); err != nil {
		t.Fatal(err)
	}
	return all
}

func (o *office) call(t *testing.T, path, body string) (int, string) {
	t.Helper()
	res, err := http.Post(o.URL+path, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

const submitted = `{"type":"application.submitted","timestamp":"2026-11-20T10:41:00+08:00","data":{"receipt":"5820447190362717","programme":"dibao","division":"990121100201","received_at":"2026-11-20T10:41:00+08:00","due_at":null}}`

func TestMessageIsOnDiskBeforeItIsAcknowledged(t *testing.T) {
	o := newOffice(t)
	for range 3 {
		if status, err := o.post(t, "msg_1", o.secret, submitted); err != nil || status != 200 {
			t.Fatalf("%d, %v, want 200", status, err)
		}
	}
	b, err := os.ReadFile(filepath.Join(o.dir, "journal.jsonl"))
	if err != nil || bytes.Count(b, []byte("msg_1")) != 3 || bytes.Count(b, []byte("5820447190362717")) != 1 {
		t.Errorf("journal %s, %v, want three lines and the data once", b, err)
	}
	if status, err := o.post(t, "msg_2", webhook.NewSecret(), submitted); err != nil || status != 401 {
		t.Errorf("a forged message: %d, %v, want 401", status, err)
	}
	if status, err := o.post(t, "msg_1", webhook.NewSecret(), submitted); err != nil || status != 401 {
		t.Errorf("a forged repeat: %d, %v, want 401", status, err)
	}
	if status, err := o.post(t, "msg_3", o.secret, `{"type":`); err != nil || status != 400 {
		t.Errorf("broken JSON: %d, %v, want 400", status, err)
	}
	check := func() {
		t.Helper()
		all := o.received(t)
		if len(all) != 3 || all[0].ID != "msg_1" || all[0].Attempts != 3 || !all[0].Verified || all[0].Data["programme"] != "dibao" || all[0].Type != "application.submitted" {
			t.Fatalf("received %+v", all)
		}
		for _, e := range all[1:] {
			if e.Verified || e.Data != nil || e.Attempts != 1 {
				t.Errorf("a forged message is listed as %+v", e)
			}
		}
	}
	check()

	// Killed without a word, with half a line at the end: all that was acknowledged is there.
	o.Close()
	f, err := os.OpenFile(filepath.Join(o.dir, "journal.jsonl"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"kind":"received","id":"msg_torn"`); err != nil {
		t.Fatal(err)
	}
	f.Close()
	o.open(t)
	check()
	if status, err := o.post(t, "msg_4", o.secret, submitted); err != nil || status != 200 {
		t.Fatalf("after the repair: %d, %v", status, err)
	}
	o.Close()
	o.open(t)
	if all := o.received(t); len(all) != 4 || all[3].ID != "msg_4" {
		t.Errorf("received %+v, want msg_4 behind the repaired end", all)
	}
}

func TestDamagedLineHidesNoOther(t *testing.T) {
	o := newOffice(t)
	for n := range 3 {
		o.post(t, fmt.Sprint("msg_", n), o.secret, submitted)
	}
	o.Close()
	path := filepath.Join(o.dir, "journal.jsonl")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(b, []byte("\n"))
	lines[1] = append(bytes.Repeat([]byte{0}, 20), '\n')
	if err := os.WriteFile(path, bytes.Join(lines, nil), 0o600); err != nil {
		t.Fatal(err)
	}
	o.open(t)
	if all := o.received(t); len(all) != 2 || all[1].ID != "msg_2" {
		t.Errorf("received %+v, want the first and the third", all)
	}
}

func TestManyAtOnceAreAllKept(t *testing.T) {
	o := newOffice(t)
	var wg sync.WaitGroup
	for n := range 200 {
		wg.Go(func() {
			if status, err := o.post(t, fmt.Sprint("msg_", n%100), o.secret, submitted); err != nil || status != 200 {
				t.Errorf("%d, %v", status, err)
			}
		})
	}
	wg.Wait()
	o.Close()
	o.open(t)
	all := o.received(t)
	for _, e := range all {
		if e.Attempts != 2 || e.Data == nil {
			t.Errorf("%+v, want two attempts and the data", e)
		}
	}
	if len(all) != 100 {
		t.Errorf("%d ids, want 100", len(all))
	}
}

func TestMisbehaves(t *testing.T) {
	o := newOffice(t)
	for _, tt := range []struct {
		fault string
		want  int // 0: no answer
		kept  bool
	}{
		{`{"kind":"500","count":1}`, 500, false},
		{`{"kind":"410","rate":1,"count":1}`, 410, false},
		{`{"kind":"reset","count":1}`, 0, false},
		{`{"kind":"lost-ack","count":1}`, 0, true},
		{`{"kind":"slow","count":1,"ms":50}`, 200, true},
		{`{"kind":"none"}`, 200, true},
	} {
		t.Run(tt.fault, func(t *testing.T) {
			if status, body := o.call(t, "/fault", tt.fault); status != 200 {
				t.Fatalf("%d %s", status, body)
			}
			id := "msg_" + strings.Map(func(r rune) rune {
				if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
					return r
				}
				return -1
			}, tt.fault)
			status, err := o.post(t, id, o.secret, submitted)
			if status != tt.want || (err != nil) != (tt.want == 0) {
				t.Errorf("%d, %v, want %d", status, err, tt.want)
			}
			kept := false
			for _, e := range o.received(t) {
				kept = kept || e.ID == id
			}
			if kept != tt.kept {
				t.Errorf("kept %v, want %v", kept, tt.kept)
			}
			if status, err := o.post(t, id, o.secret, submitted); err != nil || status != 200 {
				t.Errorf("after its count: %d, %v, want 200", status, err)
			}
		})
	}
	o.call(t, "/fault", `{"kind":"500","rate":0.1}`)
	o.call(t, "/fault", `{"kind":"reset","rate":0.2}`)
	failed := 0
	for n := range 300 {
		if status, err := o.post(t, fmt.Sprint("r", n), o.secret, submitted); err != nil || status != 200 {
			failed++
		}
	}
	if failed < 50 || failed > 135 {
		t.Errorf("%d of 300 failed, want about 90", failed)
	}
	if status, _ := o.call(t, "/fault", `{"kind":"reset","rate":0}`); status != 200 {
		t.Error("a fault cannot be ended")
	}
	for _, bad := range []string{`{"kind":"x"}`, `{"kind":"500","rate":2}`, `{"kind":"500","count":-1}`, `[]`, `{`} {
		if status, _ := o.call(t, "/fault", bad); status < 400 {
			t.Errorf("%s: %d, want it refused", bad, status)
		}
	}
}

func TestSendSignsAndPassesOnWhatThePortalSays(t *testing.T) {
	o := newOffice(t)
	status, body := o.call(t, "/send", `{"type":"application.status_changed","data":{"receipt":"5820447190362717","status":"accepted","at":"2026-11-20T11:00:00+08:00"}}`)
	var out struct {
		ID     string
		Status int
		Answer map[string]bool
	}
	if err := json.Unmarshal([]byte(body), &out); err != nil || status != 202 || out.Status != 202 || !out.Answer["taken"] {
		t.Fatalf("%d %s, %v", status, body, err)
	}
	if o.events[0].id != out.ID || o.events[0].body.Type != "application.status_changed" {
		t.Errorf("the portal got %+v", o.events)
	}
	o.call(t, "/send", `{"type":"a","data":{},"id":"`+out.ID+`"}`)
	if o.events[1].id != out.ID {
		t.Errorf("the same id again came as %s", o.events[1].id)
	}
	o.status = 422
	if status, _ := o.call(t, "/send", `{"type":"a","data":{}}`); status != 422 {
		t.Errorf("%d, want the portal's 422", status)
	}
	for _, bad := range []string{`{"data":{}}`, `{"type":"a"}`, `nonsense`} {
		if status, _ := o.call(t, "/send", bad); status < 400 || status >= 500 {
			t.Errorf("%s: %d, want it refused", bad, status)
		}
	}
	o.portal.Close()
	if status, _ := o.call(t, "/send", `{"type":"a","data":{}}`); status != 502 {
		t.Errorf("without a portal %d, want 502", status)
	}
}

func TestPageShowsCasesAndSendsDecisions(t *testing.T) {
	o := newOffice(t)
	o.post(t, "msg_1", o.secret, submitted)
	get := func(path string) (int, string, http.Header) {
		res, err := http.Get(o.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(b), res.Header
	}
	_, page, h := get("/")
	for _, want := range []string{"5820 4471 9036 2717", "救助申请", ">受理<", "要补材料", "不予确认", "新到"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if csp := h.Get("Content-Security-Policy"); csp == "" || strings.Contains(csp, "unsafe") || strings.Contains(page, "<script") || strings.Contains(page, "style=") {
		t.Errorf("policy %q", csp)
	}
	form := url.Values{"receipt": {"5820447190362717"}, "type": {"application.status_changed"}, "status": {"rejected"}, "reason": {"收入高于标准"}, "appeal": {"60 日内复议"}}
	res, err := http.PostForm(o.URL+"/act", form)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 200 || !strings.Contains(string(b), "不予确认") || !strings.Contains(string(b), "门户收下了") {
		t.Errorf("after the decision %d %s", res.StatusCode, b)
	}
	for _, want := range []string{"张&lt;b&gt;大爷", "王奶奶", `src="/papers/P1"`} {
		if !strings.Contains(string(b), want) {
			t.Errorf("the whole case has no %q", want)
		}
	}
	if strings.Contains(string(b), "../x") && strings.Contains(string(b), "/papers/../x") {
		t.Error("a strange paper id became a link")
	}
	var d map[string]string
	if err := json.Unmarshal(o.events[0].body.Data, &d); err != nil || d["status"] != "rejected" || d["reason"] != "收入高于标准" || d["at"] == "" {
		t.Errorf("the portal got %v, %v", d, err)
	}
	form = url.Values{"receipt": {"5820447190362717"}, "type": {"application.supplement_requested"}, "items": {"户口簿首页\r\n诊断证明\r\n"}, "by": {"2026-12-01"}}
	res, err = http.PostForm(o.URL+"/act", form)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 200 {
		t.Errorf("asking for papers: %d, want 200", res.StatusCode)
	}
	var ask struct {
		Items []string
		By    string
	}
	if err := json.Unmarshal(o.events[1].body.Data, &ask); err != nil || len(ask.Items) != 2 || ask.By != "2026-12-01" {
		t.Errorf("the portal got %+v, %v", ask, err)
	}
	for path, want := range map[string]int{"/cases/0000000000000000": 404, "/papers/P1": 200, "/papers/P2": 415, "/papers/..%2fx": 404, "/style.css": 200, "/healthz": 200} {
		if status, _, _ := get(path); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
	req, err := http.NewRequest(http.MethodPost, o.URL+"/act", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	res, err = http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 403 {
		t.Errorf("a form of another site: %d, want 403", res.StatusCode)
	}
}

func TestLargeAndWrongSettings(t *testing.T) {
	o := newOffice(t)
	if status, err := o.post(t, "msg_1", o.secret, `{"type":"a","data":"`+strings.Repeat("x", 1<<20)+`"}`); err != nil || status != 413 {
		t.Errorf("more than a mebibyte: %d, %v, want 413", status, err)
	}
	good := backoffice.Options{Dir: t.TempDir(), PortalURL: "http://127.0.0.1:1", Secret: webhook.FormatSecret(o.secret), Inbound: webhook.FormatSecret(o.inbound)}
	for name, change := range map[string]func(*backoffice.Options){
		"no secret":  func(o *backoffice.Options) { o.Secret = "" },
		"bad secret": func(o *backoffice.Options) { o.Secret = "whsec_x" },
		"no inbound": func(o *backoffice.Options) { o.Inbound = "" },
		"no portal":  func(o *backoffice.Options) { o.PortalURL = "portal" },
	} {
		bad := good
		change(&bad)
		if s, err := backoffice.New(bad); err == nil {
			s.Close()
			t.Errorf("%s was accepted", name)
		}
	}
}
