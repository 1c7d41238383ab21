package resident_test

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"mashang/aid/notify"
	"mashang/api/apitest"
	"mashang/platform/store/storetest"
	"mashang/platform/webhook"
)

// gateway opens the last text of the outbox over HTTP, as an SMS gateway does, and says how the portal answered.
func gateway(t *testing.T, p *apitest.Portal, bearer string) (notify.Params, int) {
	t.Helper()
	var body string
	must(t, p.DB.QueryRowContext(t.Context(), `SELECT body FROM webhook_messages WHERE topic = 'notification.sms' ORDER BY created_at DESC, id LIMIT 1`).Scan(&body))
	var e struct {
		Data struct {
			ID, Template, Params string
			OpenURL              string `json:"open_url"`
		}
	}
	must(t, json.Unmarshal([]byte(body), &e))
	path := strings.TrimPrefix(e.Data.OpenURL, "http://ms.yunxi.example")
	a := p.Send(t, "POST", path, "", "Authorization", "Bearer "+bearer)
	if a.Status != 200 {
		return notify.Params{}, a.Status
	}
	var given struct{ Key string }
	must(t, json.Unmarshal([]byte(a.Body), &given))
	params, err := notify.OpenParams(given.Key, e.Data.ID, e.Data.Params)
	must(t, err)
	return params, a.Status
}

func TestSomebodyAsksToBeToldAndStops(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	_, office := p.Office(t, "短信网关", "")
	_, town := p.Office(t, "石门镇", "990121102000")
	b := newBrowser(t, p.URL)
	b.get("/s/" + p.Poster(t))
	b.get("/notify?programme=gaoling").want(200).see("杏林村", "一天最多一条", "两年后问您一次").sound()
	b.post("/notify", url.Values{"phone": {"1390000111"}, "about": {"laoren"}, "born": {"1931"}}).want(422).see("位数不对", "要您同意了才能发").sound()
	if !strings.Contains(b.Body, `value="1390000111"`) || !strings.Contains(b.Body, `value="1931"`) || !regexp.MustCompile(`value="laoren"[^>]* checked`).MatchString(b.Body) {
		t.Error("what was typed is lost")
	}
	b.post("/notify", url.Values{"phone": {"13900001111"}, "about": {"laoren"}, "agree": {"yes"}}).want(200).see("输入短信里的验证码").sound()
	if strings.Contains(b.At, "139") {
		t.Errorf("the phone is in the address %s", b.At)
	}
	at := b.At[strings.Index(b.At, "/notify/code/"):]
	if _, status := gateway(t, p, town.Bearer); status != 404 {
		t.Errorf("the gateway of another town is answered %d, want 404", status)
	}
	_, desk, err := p.Book.Add(t.Context(), webhook.Endpoint{Name: "办案系统", URL: "https://cases.example/hooks", Topics: []string{"application.*"}}, webhook.Credentials{})
	must(t, err)
	if _, status := gateway(t, p, desk.Bearer); status != 404 {
		t.Errorf("an office that sends no texts is answered %d, want 404", status)
	}
	if _, status := gateway(t, p, "nobody"); status != 401 {
		t.Errorf("a stranger is answered %d, want 401", status)
	}
	sms, status := gateway(t, p, office.Bearer)
	if status != 200 || sms.To != "13900001111" {
		t.Fatalf("the gateway gets %d %+v", status, sms)
	}
	b.post(at, url.Values{"code": {"1"}}).want(422).see("验证码不对")
	b.post(at, url.Values{"code": {regexp.MustCompile(`\d{6}`).FindString(sms.Text)}}).want(200).see("好了，有事就告诉您").sound()
	if held, err := p.Texts.Look(t.Context(), "13900001111"); err != nil || len(held) != 1 {
		t.Fatalf("held %v, %v", held, err)
	}

	p.Pass(time.Minute)
	b.get("/notify/leave").want(200).sound()
	b.post("/notify/leave", url.Values{"phone": {"13900001111"}}).want(200).see("如果这个号订过").sound()
	at = b.At[strings.Index(b.At, "/notify/code/"):]
	sms, _ = gateway(t, p, office.Bearer)
	b.post(at, url.Values{"code": {regexp.MustCompile(`\d{6}`).FindString(sms.Text)}}).want(200).see("已经停了").sound()
	if held, err := p.Texts.Look(t.Context(), "13900001111"); err != nil || len(held) != 0 {
		t.Errorf("after leaving %v, %v", held, err)
	}
	b.get("/n/7K3QZT5WMPXA").want(404).see("链接不完整")
	b.post("/notify/leave/7K3QZT5WMPXA", nil).want(404)
	if log := p.Log.String(); strings.Contains(log, "13900001111") {
		t.Error("the log holds the phone")
	}
	for _, path := range []string{"/notify", "/notify/leave", "/notify/done", "/notify/left", at} {
		for _, lang := range []string{"zh-Hans", "zh-Hant", "en"} {
			fresh := newBrowser(t, p.URL)
			fresh.get("/s/" + p.Poster(t) + "?lang=" + lang)
			if n := fresh.weigh("GET", path, nil); n > pageLimit {
				t.Errorf("%s in %s weighs %d bytes", path, lang, n)
			}
		}
	}
}
