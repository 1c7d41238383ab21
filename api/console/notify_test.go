package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"mashang/aid/notify"
	"mashang/i18n"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

func TestStaffSeeNumbersSetBoundsAndHelpACallerOut(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	const phone = "13900001111"
	handle, err := d.Texts.Join(t.Context(), notify.Wish{Phone: phone, Situations: []string{"shouru"}, Place: sample.Xinglin, Lang: i18n.Hans, Agreed: true}, "")
	fine(t, err)
	var body, key string
	fine(t, d.DB.QueryRowContext(t.Context(), `SELECT body FROM webhook_messages WHERE topic = 'notification.sms'`).Scan(&body))
	ref := regexp.MustCompile(`"id":"(\w+)"`).FindStringSubmatch(body)[1]
	fine(t, d.DB.Tx(t.Context(), func(q store.Queryer) error {
		o, err := d.Texts.Open(t.Context(), q, ref, "gateway", "")
		key = o.Key
		return err
	}))
	params, err := notify.OpenParams(key, ref, regexp.MustCompile(`"params":"([^"]+)"`).FindStringSubmatch(body)[1])
	fine(t, err)
	_, err = d.Texts.Confirm(t.Context(), handle, regexp.MustCompile(`\d{6}`).FindString(params.Text), "")
	fine(t, err)

	editor, operator, admin := d.as(t, "editor"), d.as(t, "operator"), d.as(t, "admin")
	a := d.get(t, editor, "/console/notify?programme=dibao&place=990121000000")
	for _, want := range []string{"在收的", "会告诉 1 人", "验证码394027", "工作日 09:00 到 20:00 发"} {
		if a.Status != 200 || !strings.Contains(a.Body, want) {
			t.Errorf("the page answers %d without %q", a.Status, want)
		}
	}
	if strings.Contains(a.Body, phone) {
		t.Error("the page shows a phone")
	}
	for _, tt := range []struct {
		name string
		form url.Values
		want string
	}{
		{"a bound of nothing", url.Values{"on": {"yes"}, "daily": {"0"}, "from": {"09:00"}, "to": {"20:00"}}, "1 到 100000"},
		{"at night", url.Values{"on": {"yes"}, "from": {"06:00"}, "to": {"23:00"}}, "早不过 8 点"},
		{"a long signature", url.Values{"on": {"yes"}, "from": {"09:00"}, "to": {"20:00"}, "sign": {"云溪县民政局政策提醒"}}, "最多 8 个字"},
	} {
		if a := d.post(t, admin, "/console/notify/settings", tt.form); a.Status != 422 || !strings.Contains(a.Body, tt.want) {
			t.Errorf("%s: %d, want 422 and %q", tt.name, a.Status, tt.want)
		}
	}
	if a := d.post(t, admin, "/console/notify/settings", url.Values{"on": {"yes"}, "daily": {"300"}, "from": {"10:00"}, "to": {"18:30"}, "sign": {"【云溪民政】"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("saving answers %d", a.Status)
	}
	if o := d.Settings.Office().Texts; o.Daily != 300 || o.Sign != "云溪民政" || d.Texts.Current().To.Minutes() != 18*60+30 {
		t.Errorf("saved is %+v", o)
	}

	if a := d.post(t, operator, "/console/notify/caller", url.Values{"phone": {"0500-5550121"}}); a.Status != 422 {
		t.Errorf("a landline: %d, want 422", a.Status)
	}
	a = d.post(t, operator, "/console/notify/caller", url.Values{"phone": {phone}})
	if a.Status != 200 || !strings.Contains(a.Body, "杏林村") || !strings.Contains(a.Body, "每月收入少") {
		t.Errorf("the look answers %d", a.Status)
	}
	if a := d.post(t, operator, "/console/notify/caller/leave", url.Values{"phone": {phone}}); a.Status != http.StatusSeeOther {
		t.Fatalf("leaving answers %d", a.Status)
	}
	if held, err := d.Texts.Look(t.Context(), phone); err != nil || len(held) != 0 {
		t.Errorf("after leaving %v, %v", held, err)
	}
	var looks, leaves, open int
	fine(t, d.DB.QueryRowContext(t.Context(), `SELECT (SELECT count(*) FROM audit_inbox WHERE action = 'texts-look'), (SELECT count(*) FROM audit_inbox WHERE action = 'texts-leave'),
		(SELECT count(*) FROM audit_inbox WHERE object LIKE '%1390000%' OR detail LIKE '%1390000%')`).Scan(&looks, &leaves, &open))
	if looks != 2 || leaves != 1 || open != 0 {
		t.Errorf("recorded are %d looks, %d leaves, %d phones", looks, leaves, open)
	}
	for range 28 {
		d.post(t, operator, "/console/notify/caller", url.Values{"phone": {phone}})
	}
	if a := d.post(t, operator, "/console/notify/caller", url.Values{"phone": {phone}}); a.Status != http.StatusTooManyRequests {
		t.Errorf("the 31st look within an hour answers %d, want 429", a.Status)
	}
}

func fine(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
