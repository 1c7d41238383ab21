package api_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"mashang/aid/apply/applytest"
	"mashang/api/apitest"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

// filed hands in an application and gives a browser that has shown its proof.
func filed(t testing.TB, p *apitest.Portal, n int) (client *http.Client, link, phone string) {
	t.Helper()
	a := applytest.Example("dibao", sample.Xinglin, sample.Xinglin, n)
	b, err := json.Marshal(map[string]any{"programme": a.Programme, "place": a.Place, "for": a.For, "answers": a.Answers, "consents": a.Consents})
	if err != nil {
		t.Fatal(err)
	}
	got := p.Send(t, http.MethodPost, "/api/v1/applications", string(b), "Content-Type", "application/json", "Idempotency-Key", a.IdempotencyKey)
	var out struct{ Token string }
	if err := json.Unmarshal([]byte(got.Body), &out); err != nil || got.Status != http.StatusCreated {
		t.Fatalf("filing answered %d: %s", got.Status, got.Body)
	}
	who := a.Answers["applicant"].(map[string]any)
	client, link = p.Browser(t), "/status/"+out.Token
	post(t, p, client, link+"/prove", url.Values{"proof": {who["id"].(string)[14:]}, "next": {"own"}}, http.StatusSeeOther)
	return client, link, who["phone"].(string)
}

func post(t testing.TB, p *apitest.Portal, client *http.Client, path string, v url.Values, want int) apitest.Answer {
	t.Helper()
	got := p.SendBy(t, client, http.MethodPost, path, v.Encode(), "Content-Type", "application/x-www-form-urlencoded")
	if got.Status != want {
		t.Fatalf("%s answered %d, want %d: %.400s", path, got.Status, want, got.Body)
	}
	return got
}

func TestACopyOfOnesOwnDataIsHandedOutWithProofAndNoted(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	client, link, phone := filed(t, p, 1)
	stranger := p.Browser(t)
	if got := p.SendBy(t, stranger, http.MethodPost, link+"/own", "phone4="+phone[7:], "Content-Type", "application/x-www-form-urlencoded"); got.Status != http.StatusSeeOther || !strings.Contains(got.Header.Get("Location"), "/prove") {
		t.Errorf("without the proof: %d to %s", got.Status, got.Header.Get("Location"))
	}
	post(t, p, client, link+"/own", url.Values{"phone4": {"0000"}}, http.StatusUnprocessableEntity)
	page := post(t, p, client, link+"/own", url.Values{"phone4": {phone[7:]}, "as": {"page"}}, http.StatusOK)
	if !strings.HasPrefix(page.Header.Get("Content-Disposition"), "attachment") || page.Header.Get("Cache-Control") != "no-store" || !strings.Contains(page.Body, phone) {
		t.Errorf("the page: %v, %d bytes", page.Header, len(page.Body))
	}
	file := post(t, p, client, link+"/own", url.Values{"phone4": {phone[7:]}, "as": {"json"}}, http.StatusOK)
	var all struct {
		Application struct{ Answers map[string]any }
		Consents    []any
	}
	if err := json.Unmarshal([]byte(file.Body), &all); err != nil || len(all.Application.Answers) < 5 || len(all.Consents) == 0 {
		t.Errorf("the file: %v, %.200s", err, file.Body)
	}
	var n int
	if err := p.DB.QueryRowContext(t.Context(), `SELECT count(*) FROM audit_inbox WHERE action = 'own-data'`).Scan(&n); err != nil || n != 2 {
		t.Errorf("noted %d times, %v; want twice", n, err)
	}
	if strings.Contains(p.Log.String(), phone) {
		t.Error("the phone stands in the log")
	}
}

func TestTheReceiptOnPaperAndByText(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	client, link, phone := filed(t, p, 2)
	for _, size := range []string{"A5", "A4", ""} {
		got := p.Send(t, http.MethodGet, link+"/receipt.pdf?size="+size, "")
		if got.Status != http.StatusOK || !strings.HasPrefix(got.Body, "%PDF-") || got.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%q: %d %v", size, got.Status, got.Header)
		}
	}
	if got := p.Send(t, http.MethodGet, "/status/AAAAAAAAAAAAAAAAAAAAAAAAAA/receipt.pdf", ""); got.Status != http.StatusNotFound {
		t.Errorf("nobody's: %d", got.Status)
	}
	page := p.SendBy(t, client, http.MethodGet, link+"/text", "")
	if strings.Contains(page.Body, phone) || !strings.Contains(page.Body, phone[:3]+"****"+phone[7:]) {
		t.Errorf("the number is shown whole, or not at all: %d %s", page.Status, page.Body[strings.Index(page.Body, "<main"):min(len(page.Body), strings.Index(page.Body, "<main")+700)])
	}
	for range 2 { // a double tap
		post(t, p, client, link+"/text", url.Values{"key": {"one"}}, http.StatusSeeOther)
	}
	var body string
	var n int
	if err := p.DB.QueryRowContext(t.Context(), `SELECT count(*), max(body) FROM webhook_messages WHERE topic = 'notification.sms'`).Scan(&n, &body); err != nil || n != 1 {
		t.Fatalf("%d texts, %v; want one", n, err)
	}
	if strings.Contains(body, phone) || strings.Contains(body, "dibao") {
		t.Errorf("the message tells too much: %s", body)
	}
}

func TestOneAddressCannotAskForEverybodysApplications(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	filed(t, p, 3)
	a := applytest.Example("dibao", sample.Xinglin, sample.Xinglin, 3)
	b, err := json.Marshal(map[string]any{"programme": a.Programme, "place": a.Place, "for": a.For, "answers": a.Answers, "consents": a.Consents})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 31 {
		got := p.Send(t, http.MethodPost, "/api/v1/applications", string(b), "Content-Type", "application/json", "Idempotency-Key", "other-"+string(rune('A'+i)))
		want := http.StatusConflict
		if i == 30 {
			want = http.StatusTooManyRequests
		}
		if got.Status != want {
			t.Fatalf("try %d answered %d, want %d: %s", i+1, got.Status, want, got.Body)
		}
		if strings.Contains(got.Body, "2026") || strings.Contains(got.Body, a.Answers["applicant"].(map[string]any)["name"].(string)) {
			t.Fatalf("it tells of the other case: %s", got.Body)
		}
	}
}
