package e2e_test

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"strings"
	"testing"
)

// TestWrongInput sends what strangers send: each gets the right status and words
// in the reader's language, never a stack or an internal error.
func TestWrongInput(t *testing.T) {
	p := startDemo(t)
	landing := code(p.Landings[0])
	altered := "A" + landing[1:]
	if landing[0] == 'A' {
		altered = "B" + landing[1:]
	}
	const form, js = "application/x-www-form-urlencoded", "application/json"
	for _, tt := range []struct {
		name, method, path, kind, body string
		want                           []int
		says                           string // in the reply; "" when only the status counts
	}{
		{"an altered code", "GET", "/s/" + altered, "", "", []int{400, 404}, "码"},
		{"a code of another alphabet", "GET", "/s/1111111111111111", "", "", []int{400, 404}, "码"},
		{"a page that is not there", "GET", "/nothing/here", "", "", []int{404}, "没有"},
		{"a programme that is not there", "GET", "/policies/none", "", "", []int{404}, ""},
		{"a document that is not there", "GET", "/documents/none", "", "", []int{404}, ""},
		{"a token nobody has", "GET", "/status/AAAAAAAAAAAAAAAAAAAAAAAAAA", "", "", []int{404}, ""},
		{"invalid UTF-8 in a query", "GET", "/policies?situation=%ff%fe", "", "", []int{200, 400, 404}, ""},
		{"a NUL in a path", "GET", "/policies/a%00b", "", "", []int{400, 404}, ""},
		{"no question", "POST", "/ask", form, "q=", []int{422}, "问"},
		{"a question of 1 MB", "POST", "/ask", form, "q=" + strings.Repeat("a", 1<<20), []int{413, 422}, ""},
		{"a question of invalid UTF-8", "POST", "/ask", form, "q=%ff%fe%fd", []int{200, 400, 422}, ""},
		{"an emergency without words", "POST", "/emergency", form, "who=&where=", []int{422}, ""},
		{"a receipt that is none", "POST", "/status", form, "receipt=12&proof=1", []int{422}, ""},
		{"a receipt nobody has", "POST", "/status", form, "receipt=1234567812345670&proof=1234", []int{200, 404, 422}, ""},
		{"a form from another site", "POST", "/ask", "cross-site", "q=x", []int{403}, ""},
		{"JSON: not JSON", "POST", "/api/v1/ask", js, "{", []int{400}, "type"},
		{"JSON: no question", "POST", "/api/v1/ask", js, `{"question":""}`, []int{422}, "errors"},
		{"JSON: a question of 1 MB", "POST", "/api/v1/ask", js, `{"question":"` + strings.Repeat("低", 350_000) + `"}`, []int{413, 422}, "type"},
		{"JSON: invalid UTF-8", "POST", "/api/v1/ask", js, "{\"question\":\"\xff\xfe\"}", []int{200, 400, 422}, ""},
		{"JSON: an unknown place", "POST", "/api/v1/ask", js, `{"question":"低保","place":"990000000000"}`, []int{404, 422}, "type"},
		{"JSON: an altered code as place", "POST", "/api/v1/ask", js, `{"question":"低保","place":"` + altered + `"}`, []int{404, 422}, "type"},
		{"JSON: an application of nothing", "POST", "/api/v1/applications", js, `{}`, []int{400, 422}, "type"},
		{"JSON: status of nobody", "POST", "/api/v1/status", js, `{"receipt":"1234567812345670","proof":"1234"}`, []int{404}, "type"},
		{"JSON: a roster without a code", "POST", "/api/v1/roster/search", js, `{"place":"` + sampleVillage + `"}`, []int{200, 403, 404, 422}, ""},
		{"JSON: a case without a key", "GET", "/api/v1/backoffice/applications/1234567812345670", "", "", []int{401}, "type"},
		{"a forged event", "POST", "/api/v1/backoffice/events", "forged", `{"type":"case.status_changed","timestamp":"2026-11-21T00:00:00Z","data":{}}`, []int{401}, "type"},
		{"the console without an account", "GET", "/console", "", "", []int{302, 303, 401}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			req, err := http.NewRequest(tt.method, p.URL+tt.path, strings.NewReader(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Accept-Language", "zh-CN")
			switch tt.kind {
			case "cross-site":
				req.Header.Set("Content-Type", form)
				req.Header.Set("Sec-Fetch-Site", "cross-site")
			case "forged":
				req.Header.Set("Content-Type", js)
				req.Header.Set("webhook-id", "msg_forged")
				req.Header.Set("webhook-timestamp", "1795219200")
				req.Header.Set("webhook-signature", "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
			case "":
			default:
				req.Header.Set("Content-Type", tt.kind)
			}
			client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			res, err := client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			b, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			ok := false
			for _, w := range tt.want {
				ok = ok || res.StatusCode == w
			}
			if !ok {
				t.Errorf("%s %.60s = %d, want one of %v\n%.600s", tt.method, tt.path, res.StatusCode, tt.want, b)
			}
			if !strings.Contains(string(b), tt.says) {
				t.Errorf("the reply does not say %q\n%.600s", tt.says, b)
			}
			for _, leak := range []string{"goroutine ", "runtime error", ".go:", "sql:", "SQLITE"} {
				if bytes.Contains(b, []byte(leak)) {
					t.Errorf("the reply shows our insides: %q", leak)
				}
			}
			if kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type")); strings.HasPrefix(tt.path, "/api/") && res.StatusCode >= 400 && kind != "application/problem+json" {
				t.Errorf("an error of the API is %q", kind)
			}
		})
	}
	if got := p.log.String(); strings.Contains(got, `"level":"ERROR"`) {
		t.Errorf("wrong input is no error of ours, but the log has:\n%.2000s", got)
	}
}
