package console_test

import (
	"encoding/csv"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"mashang/platform/audit"
	"mashang/platform/staff"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

func TestAccountsAreMadeChangedAndEnded(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "admin")
	for _, tt := range []struct {
		name   string
		values url.Values
		want   string
	}{
		{"no role", url.Values{"name": {"wanglin"}}, "f-role-e"},
		{"a bad name", url.Values{"name": {"王林"}, "role": {"editor"}}, "f-name-e"},
		{"a taken name", url.Values{"name": {"admin"}, "role": {"editor"}}, "f-name-e"},
		{"a helper without a place", url.Values{"name": {"wanglin"}, "role": {"helper"}}, "f-scope-e"},
		{"an administrator of a town", url.Values{"name": {"wanglin"}, "role": {"admin"}, "scope": {sample.Liuhe}}, "f-scope-e"},
		{"an unknown place", url.Values{"name": {"wanglin"}, "role": {"helper"}, "scope": {"110101000000"}}, "f-scope-e"},
		{"a place nobody knows", url.Values{"name": {"wanglin"}, "role": {"helper"}, "scope": {"桃花源村"}}, "f-scope-e"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := d.post(t, b, "/console/new-user", tt.values)
			if a.Status < 400 || a.Status >= 500 || !strings.Contains(a.Body, `id="`+tt.want+`"`) || !strings.Contains(a.Body, `value="`+tt.values.Get("name")+`"`) {
				t.Errorf("= %d without an error at %s, or what was typed is lost", a.Status, tt.want)
			}
		})
	}
	made := d.post(t, b, "/console/new-user", url.Values{"name": {"wanglin"}, "role": {"helper"}, "scope": {"杏林村"}})
	secret := given.FindString(made.Body)
	if made.Status != 201 || secret == "" {
		t.Fatalf("making an account = %d", made.Status)
	}
	if one, err := d.Staff.Find(t.Context(), "wanglin"); err != nil || one.Scope != sample.Xinglin {
		t.Errorf("the account is %+v, %v", one, err)
	}
	for _, path := range []string{"/console/users", "/console/users/wanglin"} {
		if a := d.get(t, b, path); a.Status != 200 || strings.Contains(a.Body, secret) {
			t.Errorf("%s = %d, or the password is shown twice", path, a.Status)
		}
	}
	theirs := d.Browser(t)
	d.post(t, theirs, "/console/sign-in", url.Values{"name": {"wanglin"}, "password": {secret}})
	if a := d.get(t, theirs, "/console/password"); a.Status != 200 {
		t.Fatalf("the new account = %d", a.Status)
	}
	if a := d.post(t, b, "/console/users/wanglin/revoke", nil); a.Status != 303 {
		t.Errorf("revoke = %d", a.Status)
	}
	if a := d.get(t, theirs, "/console/password"); a.Status != 303 {
		t.Errorf("after revoking the session = %d", a.Status)
	}
	if a := d.post(t, b, "/console/users/wanglin/edit", url.Values{"role": {"town-officer"}, "scope": {sample.Liuhe + " 柳河镇"}}); a.Status != 303 {
		t.Fatalf("edit = %d", a.Status)
	}
	after := d.get(t, b, "/console/users/wanglin")
	if !strings.Contains(after.Body, "改好了") || !strings.Contains(after.Body, `value="`+sample.Xinglin+`"`) {
		t.Error("the way back is not offered")
	}
	if a := d.post(t, b, "/console/users/wanglin/edit", url.Values{"role": {hidden(t, after.Body, "role")}, "scope": {hidden(t, after.Body, "scope")}}); a.Status != 303 {
		t.Errorf("the way back = %d", a.Status)
	}
	if one, err := d.Staff.Find(t.Context(), "wanglin"); err != nil || one.Role != staff.Helper || one.Scope != sample.Xinglin {
		t.Errorf("after the way back the account is %+v, %v", one, err)
	}
	reset := d.post(t, b, "/console/users/wanglin/password", nil)
	if fresh := given.FindString(reset.Body); reset.Status != 200 || fresh == "" || fresh == secret {
		t.Errorf("reset = %d", reset.Status)
	}
	for _, path := range []string{"disable", "password", "revoke", "edit", "code-reset"} {
		if a := d.post(t, b, "/console/users/admin/"+path, url.Values{"role": {"editor"}}); a.Status != 409 {
			t.Errorf("%s of oneself = %d", path, a.Status)
		}
	}
	if a := d.post(t, b, "/console/users/nobody/disable", nil); a.Status != 404 {
		t.Errorf("disabling nobody = %d", a.Status)
	}
	if a := d.post(t, b, "/console/users/wanglin/disable", nil); a.Status != 303 {
		t.Errorf("disable = %d", a.Status)
	}
	if a := d.get(t, b, "/console/users/wanglin"); !strings.Contains(a.Body, `action="/console/users/wanglin/enable"`) {
		t.Error("disabling cannot be taken back")
	}
	rows, err := d.Audit.List(t.Context(), audit.Filter{Object: "wanglin"})
	if err != nil || len(rows) != 6 {
		t.Errorf("%d deeds are on record, %v, want 6", len(rows), err)
	}
	if strings.Contains(d.Log.String(), secret) {
		t.Error("the log shows the password")
	}
}

func TestLastAdministratorIsNeverLost(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "admin")
	d.post(t, b, "/console/new-user", url.Values{"name": {"second"}, "role": {"admin"}})
	if err := d.Staff.Ensure(t.Context(), "second", staff.Admin, "", password); err != nil {
		t.Fatal(err)
	}
	second := d.as(t, "second")
	if a := d.post(t, second, "/console/users/admin/disable", nil); a.Status != 303 {
		t.Fatalf("disabling one of two = %d", a.Status)
	}
	if a := d.get(t, b, "/console"); a.Status != 303 {
		t.Errorf("the disabled administrator = %d", a.Status)
	}
	for name, change := range map[string]staff.Account{"another role": {Name: "second", Role: staff.Editor}, "the provider only": {Name: "second", Role: staff.Admin, ProviderOnly: true}} {
		if err := d.Staff.Change(t.Context(), d.DB, change); err == nil {
			t.Errorf("the last administrator got %s", name)
		}
	}
	if err := d.Staff.SetDisabled(t.Context(), d.DB, "second", true); err == nil {
		t.Error("the last administrator was disabled")
	}
	if one, err := d.Staff.Find(t.Context(), "second"); err != nil || one.Role != staff.Admin || one.Disabled || one.ProviderOnly {
		t.Errorf("the last administrator is %+v, %v", one, err)
	}
}

func TestAccountsAreFoundAndExported(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "auditor")
	for query, want := range map[string]string{
		"": "admin auditor editor helper operator publisher town-officer", "?q=pub": "publisher", "?q=柳河": "helper town-officer", "?role=editor": "editor",
		"?state=open": "auditor", "?state=disabled": "", "?q=%27+OR+1": "", "?state=nonsense": "",
	} {
		a := d.get(t, b, "/console/users"+query)
		var got []string
		for _, m := range regexp.MustCompile(`<th scope="row"><a href="/console/users/([a-z-]+)"`).FindAllStringSubmatch(a.Body, -1) {
			got = append(got, m[1])
		}
		if a.Status != 200 || strings.Join(got, " ") != want {
			t.Errorf("%s finds %v, want %s (%d)", query, got, want, a.Status)
		}
		if strings.Contains(a.Body, "/console/new-user") {
			t.Error("the auditor is offered to make accounts")
		}
	}
	file := d.get(t, b, "/console/users?as=csv&q=柳河")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.Body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 3 || rows[1][0] != "helper" || rows[1][2] != sample.Liuhe {
		t.Errorf("the file is %v, %v", rows, err)
	}
	if a := d.get(t, b, "/console/users/nobody"); a.Status != 404 {
		t.Errorf("nobody's page = %d", a.Status)
	}
}

func TestEveryPermissionIsInWords(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	a := d.get(t, d.as(t, "auditor"), "/console/roles")
	if a.Status != 200 || regexp.MustCompile(`staff\.[a-z]+\.[a-z]`).MatchString(static.ReplaceAllString(a.Body, "")) {
		t.Errorf("the page = %d, or shows a key", a.Status)
	}
	listed := map[staff.Permission]bool{}
	for _, p := range staff.Permissions() {
		listed[p] = true
		if !d.Web.Words.Has("staff.may." + string(p)) {
			t.Errorf("%s has no words", p)
		}
	}
	for _, r := range staff.Roles() {
		for _, p := range staff.Granted(r) {
			if !listed[p] {
				t.Errorf("%s may %s, which no page tells", r, p)
			}
		}
	}
}

func TestRecordIsSearchedAndExported(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "auditor")
	err := d.DB.Tx(t.Context(), func(q store.Queryer) error {
		for n := range 60 {
			if err := d.Audit.Write(t.Context(), q, audit.Entry{Actor: "filler", Action: "user-change", Object: fmt.Sprintf("object%02d", n), Detail: "=cmd|x", At: d.Now().AddDate(0, 0, -n)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]int{
		"?actor=filler": 50, "?actor=filler&page=2": 10, "?q=OBJECT1": 10, "?q=object07&action=user-change": 1, "?q=object07&action=sign-in": 0,
		"?actor=filler&from=2026-11-20&to=2026-11-20": 1, "?actor=filler&from=2026-11-20": 2, "?actor=filler&from=nonsense&to=2026-13-99": 50, "?q=%25": 0,
	} {
		a := d.get(t, b, "/console/audit"+query)
		if n := strings.Count(a.Body, `<td>filler</td>`); a.Status != 200 || n != want {
			t.Errorf("%s shows %d rows, want %d (%d)", query, n, want, a.Status)
		}
	}
	if _, err := d.Audit.Chain(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, head, err := d.Audit.Head(t.Context(), d.DB)
	if err != nil {
		t.Fatal(err)
	}
	if a := d.get(t, b, "/console/audit?check=1"); !strings.Contains(a.Body, "都完好") || !strings.Contains(a.Body, head) {
		t.Error("the page does not say how the chain stands")
	}
	file := d.get(t, b, "/console/audit?actor=filler&as=csv")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.Body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 61 || rows[1][7] == "" || strings.HasPrefix(rows[1][4], "=") {
		t.Errorf("the file has %d rows, first %q, %v", len(rows), rows[min(1, len(rows)-1)], err)
	}
	if found, err := d.Audit.List(t.Context(), audit.Filter{Action: "audit-export"}); err != nil || len(found) != 1 || found[0].Actor != "auditor" {
		t.Errorf("the export is not on record: %v, %v", found, err)
	}
	if _, err := d.DB.ExecContext(t.Context(), `UPDATE audit SET detail = 'nothing happened' WHERE object = 'object07'`); err != nil {
		t.Fatal(err)
	}
	if a := d.get(t, b, "/console/audit?check=1"); !strings.Contains(a.Body, "被改过或缺失") {
		t.Error("a changed row does not show")
	}
}

// TestNothingOfAnotherTownIsSeen opens every page and file there is as somebody
// of one town, also with another town asked for in the address.
func TestNothingOfAnotherTownIsSeen(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	_, far := d.file(t)
	other := url.Values{"receipt": {far[:8]}}
	for _, key := range []string{"at", "scope", "place", "division", "town", "under", "q"} {
		other.Set(key, sample.Beiyuan)
	}
	spaced := func(r string) string { return r[:4] + " " + r[4:8] + " " + r[8:12] + " " + r[12:] }
	seen := map[string]bool{}
	for _, role := range []string{"town-officer", "helper", "admin"} {
		b := d.as(t, role)
		for _, r := range listed(d) {
			if r.Method != "GET" || strings.HasSuffix(r.Path, "/sign-in/back") {
				continue
			}
			path := parameter.ReplaceAllString(strings.ReplaceAll(r.Path, ":receipt", far), "unknown")
			for _, query := range []string{"", "?as=csv", "?" + other.Encode()} {
				a := d.get(t, b, path+query)
				leaks := strings.Contains(a.Body, spaced(far)) || strings.Contains(a.Body, far+"<") || strings.Contains(a.Body, far+",")
				if leaks && role != "admin" {
					t.Errorf("%s sees a case of another town at %s%s", role, r.Path, query)
				}
				if a.Status >= 500 {
					t.Errorf("%s%s as %s = %d", r.Path, query, role, a.Status)
				}
				seen[role] = seen[role] || leaks
			}
		}
	}
	if !seen["admin"] {
		t.Error("the administrator does not see the case either, so nothing was tested")
	}
	for role, want := range map[string]string{"town-officer": "<b>1</b>", "admin": "<b>2</b>"} {
		if a := d.get(t, d.as(t, role), "/console"); !strings.Contains(a.Body, want) {
			t.Errorf("the first page of %s does not count %s open applications", role, want)
		}
	}
}
