package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"mashang/aid/apply/applytest"
	"mashang/platform/staff"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

func cookie(t *testing.T, d desk, b *http.Client, name string) string {
	t.Helper()
	u, err := url.Parse(d.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range b.Jar.Cookies(u) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

func TestHelperHelpsOneAfterAnother(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	if err := d.Staff.Ensure(t.Context(), "helper2", staff.Helper, sample.Liuhe, password); err != nil {
		t.Fatal(err)
	}
	b, other := d.as(t, "helper"), d.as(t, "helper2")
	if a := d.post(t, b, "/console/helper/begin", nil); a.Status != http.StatusSeeOther || a.Header.Get("Location") != "/apply" || !strings.Contains(a.Header.Get("Clear-Site-Data"), `"storage"`) {
		t.Fatalf("beginning = %d to %s, Clear-Site-Data %q", a.Status, a.Header.Get("Location"), a.Header.Get("Clear-Site-Data"))
	}
	if a := d.post(t, b, "/apply/dibao/start", url.Values{"town": {sample.Liuhe}}); a.Status != http.StatusSeeOther {
		t.Fatalf("starting = %d", a.Status)
	}
	id, secret, ok := strings.Cut(cookie(t, d, b, "draft"), ".")
	if !ok {
		t.Fatal("no draft")
	}
	if a := d.get(t, b, "/apply/dibao/for"); !strings.Contains(a.Body, "您正在帮别人填") || !strings.Contains(a.Body, "/console/helper/next") {
		t.Errorf("a helper's first page = %d, and does not say that somebody is helped", a.Status)
	}
	if begun, err := d.Desk.Draft(t.Context(), id, secret); err != nil || begun.Pages["for"].Values.Get("for.kind") != "helper" {
		t.Errorf("who fills in is %v, want the helper", err)
	}
	example := applytest.Example("dibao", sample.Liuhe, sample.Xinglin, 7)
	keys, posted := applytest.Pages(example)
	name := ""
	for _, key := range keys {
		if _, err := d.Desk.SavePage(t.Context(), id, secret, key, posted[key]); err != nil && len(posted[key]) > 0 {
			t.Fatalf("page %s: %v", key, err)
		}
		if n := posted[key].Get("applicant.name"); n != "" {
			name = n
		}
	}
	draft, err := d.Desk.Draft(t.Context(), id, secret)
	if err != nil || name == "" {
		t.Fatalf("draft %v, name %q", err, name)
	}
	a := d.get(t, b, "/console/helper/next")
	if a.Status != http.StatusOK || !strings.Contains(a.Body, draft.PIN) || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("before the screen is wiped: %d, cached %q, want the code of what is not handed in", a.Status, a.Header.Get("Cache-Control"))
	}
	page := "/apply/dibao/" + keys[len(keys)-1]
	if a := d.get(t, b, page); a.Status != http.StatusOK || !strings.Contains(a.Header.Get("Cache-Control"), "no-store") {
		t.Errorf("a page of the draft = %d, cached %q", a.Status, a.Header.Get("Cache-Control"))
	}
	filed, err := d.Desk.Submit(t.Context(), id, secret)
	if err != nil {
		t.Fatal(err)
	}
	if by, err := d.Cases.HelperOf(t.Context(), filed.ID); err != nil || by != "helper" {
		t.Errorf("on record is %q, %v, want the helper's account", by, err)
	}
	if a := d.get(t, b, "/status/"+filed.Token); !strings.Contains(a.Body, "/console/helper/next") {
		t.Error("the receipt does not offer the next person")
	}
	if a := d.get(t, d.Browser(t), "/status/"+filed.Token); strings.Contains(a.Body, "/console/helper/next") {
		t.Error("a resident's own receipt offers the next person")
	}
	case1 := "/status/" + filed.Token
	if a := d.post(t, b, case1+"/prove", url.Values{"next": {"change"}, "proof": {example.Answers["applicant"].(map[string]any)["id"].(string)[14:]}}); a.Status != http.StatusSeeOther || cookie(t, d, b, "proved") == "" {
		t.Fatalf("proving = %d", a.Status)
	}
	proved := cookie(t, d, b, "proved")
	if a := d.post(t, b, "/console/helper/next", nil); a.Status != http.StatusSeeOther || cookie(t, d, b, "draft") != "" || cookie(t, d, b, "pin") != "" || cookie(t, d, b, "staff") == "" {
		t.Errorf("the next person: %d, draft %q, pin %q; want both gone and the helper signed in", a.Status, cookie(t, d, b, "draft"), cookie(t, d, b, "pin"))
	}
	if a := d.get(t, b, case1+"/own"); proved == "" || cookie(t, d, b, "proved") != "" || a.Status != http.StatusSeeOther {
		t.Errorf("what was proved of the one before still holds: %d", a.Status)
	}
	for _, path := range append(keys, "check") {
		if a := d.get(t, b, "/apply/dibao/"+path); strings.Contains(a.Body, name) {
			t.Errorf("/apply/dibao/%s shows the one before to the next", path)
		}
	}
	if a := d.get(t, b, "/apply"); strings.Contains(a.Body, name) {
		t.Error("/apply shows the one before to the next")
	}

	spoken := filed.Receipt[:4] + " " + filed.Receipt[4:8]
	if a := d.get(t, b, "/console/helper"); !strings.Contains(a.Body, spoken) || strings.Contains(a.Body, name) {
		t.Error("the helper's own page lacks the case, or names the person")
	}
	d.file(t) // by the residents themselves
	for path, want := range map[string]int{"/console/cases/" + filed.Receipt: http.StatusNotFound, "/console/helper": http.StatusOK, "/console/cases": http.StatusOK} {
		if a := d.get(t, other, path); a.Status != want || strings.Contains(a.Body, spoken) {
			t.Errorf("%s for another helper = %d, with the case %v, want %d without", path, a.Status, strings.Contains(a.Body, spoken), want)
		}
	}
	if a := d.get(t, b, "/console/cases"); strings.Count(a.Body, `href="/console/cases/`) != 1 {
		t.Errorf("the helper's list holds %d cases, want the own one only", strings.Count(a.Body, `href="/console/cases/`))
	}
	if a := d.get(t, b, "/console/cases/"+filed.Receipt); a.Status != http.StatusOK || strings.Contains(a.Body, name) {
		t.Errorf("the helper's own case = %d, with the name %v, want it without", a.Status, strings.Contains(a.Body, name))
	}
}

// A helper who signs out without wiping leaves nobody's draft on the screen.
func TestSigningOutWipesTheScreenToo(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "helper")
	if a := d.post(t, b, "/apply/dibao/start", url.Values{"town": {sample.Liuhe}}); a.Status != http.StatusSeeOther || cookie(t, d, b, "draft") == "" {
		t.Fatalf("starting = %d", a.Status)
	}
	a := d.post(t, b, "/console/sign-out", nil)
	if cookie(t, d, b, "draft") != "" || !strings.Contains(a.Header.Get("Clear-Site-Data"), "storage") {
		t.Errorf("signing out = %d, the draft is still held: %v", a.Status, cookie(t, d, b, "draft") != "")
	}
}
