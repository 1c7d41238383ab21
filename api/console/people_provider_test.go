package console_test

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/api/console"
	"mashang/api/console/frame"
	"mashang/api/console/people"
	"mashang/platform/audit"
	"mashang/platform/staff"
	"mashang/platform/staff/oidc"
	"mashang/platform/staff/oidc/oidctest"
	"mashang/platform/store/storetest"
)

// withProvider is a portal whose staff can also sign in at a provider.
func withProvider(t *testing.T) (desk, *oidctest.Provider) {
	t.Helper()
	d := newDesk(t, storetest.SQLite(t))
	there := oidctest.New(t, d.Now)
	there.Person = "editor"
	ours := &oidc.Provider{Issuer: there.URL, ClientID: oidctest.ClientID, Secret: oidctest.Secret, Name: "县政务统一认证", Redirect: d.URL + frame.Root + people.Redirect,
		Keys: d.Staff.Keys, KV: d.KV, Now: d.Now, Log: slog.New(slog.NewJSONHandler(d.Log, nil))}
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	f := &frame.Frame{Web: d.Web, DB: d.DB, Staff: d.Staff, Audit: d.Audit, Library: d.Library, Provider: ours.Name}
	(&console.Pages{Frame: f, Rooms: []frame.Room{&people.Room{Frame: f, Provider: ours}}, Cases: d.Cases, Book: d.Book}).Install(e.Group(frame.Root, d.Web.Prepare))
	d.Config.Handler = e
	return d, there
}

// through takes a browser to the provider and back, and gives the last answer.
func (d desk) through(t *testing.T, b *http.Client, from string) (status int, location, body string) {
	t.Helper()
	a := d.get(t, b, from)
	if a.Status != 303 {
		return a.Status, "", a.Body
	}
	res, err := b.Get(a.Header.Get("Location")) // consents at once
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	back, err := url.Parse(res.Header.Get("Location"))
	if err != nil || res.StatusCode != 302 {
		t.Fatalf("the provider answers %d to %v, %v", res.StatusCode, back, err)
	}
	a = d.get(t, b, back.RequestURI())
	return a.Status, a.Header.Get("Location"), a.Body
}

func TestSignInAtTheProvider(t *testing.T) {
	d, there := withProvider(t)
	b := d.Browser(t)
	page := d.get(t, b, "/console/sign-in?next=/console/users")
	if !strings.Contains(page.Body, `href="/console/sign-in/provider?next=%2fconsole%2fusers"`) || !strings.Contains(page.Body, "县政务统一认证") {
		t.Error("the page does not offer the provider")
	}
	status, to, body := d.through(t, b, "/console/sign-in/provider?next=/console/users")
	if status != 303 || to != "/console/users" || d.get(t, b, "/console").Status != 200 {
		t.Fatalf("signing in = %d to %s\n%s", status, to, body)
	}
	if a := d.get(t, b, "/console/me"); !strings.Contains(a.Body, "统一登录") {
		t.Error("the session does not tell how it began")
	}
	if rows, err := d.Audit.List(t.Context(), audit.Filter{Action: "sign-in", Actor: "editor"}); err != nil || len(rows) != 1 || rows[0].Detail != staff.ByProvider {
		t.Errorf("on record is %+v, %v", rows, err)
	}

	for _, tt := range []struct {
		name   string
		change func()
		said   string
	}{
		{"somebody without an account", func() { there.Person = "stranger" }, "还没有您的账号"},
		{"a name that is none", func() { there.Person = "' OR 1=1 --" }, "还没有您的账号"},
		{"another person with the name of one", func() { there.Person, there.Sub = "editor", "666" }, "绑定的是另一个人"},
		{"a disabled account", func() {
			there.Person, there.Sub = "operator", "12"
			if err := d.Staff.SetDisabled(t.Context(), d.DB, "operator", true); err != nil {
				t.Error(err)
			}
		}, "还没有您的账号"},
		{"a token for another portal", func() { there.Claims = func(c map[string]any) { c["aud"] = "x" } }, "没有通过"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := d.Browser(t)
			there.Set(tt.change)
			status, _, body := d.through(t, b, "/console/sign-in/provider")
			if status != 422 || !strings.Contains(body, tt.said) || d.get(t, b, "/console").Status != 303 {
				t.Errorf("= %d without %q", status, tt.said)
			}
		})
	}
	if rows, err := d.Audit.List(t.Context(), audit.Filter{Action: "sign-in-failed"}); err != nil || len(rows) != 5 {
		t.Errorf("%d refusals are on record, %v, want 5", len(rows), err)
	}
	for _, never := range []string{"stranger", "4711", "666"} {
		if strings.Contains(d.Log.String(), never) {
			t.Errorf("the log tells %s", never)
		}
	}
}

func TestProviderThatIsDownStopsNobody(t *testing.T) {
	d, there := withProvider(t)
	there.Set(func() { there.Down = true })
	b := d.Browser(t)
	a := d.get(t, b, "/console/sign-in/provider")
	if a.Status != 503 || !strings.Contains(a.Body, "连不上") || !strings.Contains(a.Body, `name="password"`) {
		t.Errorf("while it is down = %d", a.Status)
	}
	if a := d.post(t, b, "/console/sign-in", url.Values{"name": {"editor"}, "password": {password}}); a.Status != 303 {
		t.Errorf("the password while it is down = %d", a.Status)
	}
	there.Set(func() { there.Down = false })
	d.Pass(10 * time.Second)
	if status, to, _ := d.through(t, d.Browser(t), "/console/sign-in/provider"); status != 303 || to != "/console" {
		t.Errorf("when it is back = %d to %s", status, to)
	}
}

func TestCookieOfTheTripIsOnesOwnAndUsedOnce(t *testing.T) {
	d, there := withProvider(t)
	b := d.Browser(t)
	a := d.get(t, b, "/console/sign-in/provider")
	if c := strings.Join(a.Header.Values("Set-Cookie"), "\n"); !strings.Contains(c, "trip=") || !strings.Contains(c, "HttpOnly") || !strings.Contains(c, "SameSite=Lax") || !strings.Contains(c, "Max-Age=600") {
		t.Errorf("the cookie is %s", c)
	}
	code, state := there.Authorize(t, a.Header.Get("Location"))
	back := "/console/sign-in/back?" + url.Values{"code": {code}, "state": {state}}.Encode()
	if a := d.get(t, d.Browser(t), back); a.Status != 422 || !strings.Contains(a.Body, "重新开始") {
		t.Errorf("in a browser that did not begin = %d", a.Status)
	}
	if a := d.get(t, b, back); a.Status != 303 {
		t.Fatalf("in the browser that began = %d", a.Status)
	}
	if a := d.get(t, b, back); a.Status != 422 {
		t.Errorf("once more = %d", a.Status)
	}
}

func TestAccountOfTheProviderAlone(t *testing.T) {
	d, there := withProvider(t)
	admin := d.as(t, "admin")
	if a := d.post(t, admin, "/console/users/editor/edit", url.Values{"role": {"editor"}, "only": {"yes"}}); a.Status != 303 {
		t.Fatalf("edit = %d", a.Status)
	}
	b := d.Browser(t)
	if a := d.post(t, b, "/console/sign-in", url.Values{"name": {"editor"}, "password": {password}}); a.Status != 422 || !strings.Contains(a.Body, "登录名或密码不对") {
		t.Errorf("its old password = %d", a.Status)
	}
	if status, _, _ := d.through(t, b, "/console/sign-in/provider"); status != 303 {
		t.Fatalf("at the provider = %d", status)
	}
	if a := d.get(t, b, "/console/password"); a.Status != 409 {
		t.Errorf("changing a password it has not = %d", a.Status)
	}
	if a := d.post(t, admin, "/console/users/editor/password", nil); a.Status != 409 {
		t.Errorf("resetting a password it has not = %d", a.Status)
	}
	// Proving anew happens at the provider, too.
	d.Pass(6 * time.Minute)
	asked := d.get(t, b, "/console/prove?next=/console/me")
	if !strings.Contains(asked.Body, `href="/console/sign-in/provider?again=1`) {
		t.Error("the page does not lead to the provider")
	}
	if status, to, _ := d.through(t, b, "/console/sign-in/provider?again=1&next=/console/me"); status != 303 || to != "/console/me" {
		t.Errorf("proving at the provider = %d to %s", status, to)
	}
	there.Set(func() { there.Claims = func(c map[string]any) { c["auth_time"] = d.Now().Add(-time.Hour).Unix() } })
	if status, _, _ := d.through(t, b, "/console/sign-in/provider?again=1"); status != 422 {
		t.Errorf("a provider that did not ask = %d", status)
	}
	there.Set(func() { there.Claims, there.Sub = nil, "another" })
	if status, _, _ := d.through(t, d.Browser(t), "/console/sign-in/provider"); status != 422 {
		t.Errorf("another person = %d", status)
	}
	d.post(t, admin, "/console/prove", url.Values{"proof": {password}})
	if a := d.post(t, admin, "/console/users/editor/unbind", nil); a.Status != 303 {
		t.Errorf("unbinding = %d", a.Status)
	}
	if status, _, _ := d.through(t, d.Browser(t), "/console/sign-in/provider"); status != 303 {
		t.Errorf("another person after unbinding = %d", status)
	}
}

func TestCodesAreAskedForAfterTheProviderToo(t *testing.T) {
	d, _ := withProvider(t)
	secret, _ := d.enrol(t, d.as(t, "editor"))
	d.Pass(time.Minute)
	b := d.Browser(t)
	status, to, _ := d.through(t, b, "/console/sign-in/provider?next=/console/me")
	if status != 303 || to != "/console/sign-in/code?next=%2Fconsole%2Fme" || d.get(t, b, "/console").Status != 303 {
		t.Fatalf("after the provider = %d to %s", status, to)
	}
	if a := d.post(t, b, "/console/sign-in/code", url.Values{"code": {d.code(t, secret)}, "next": {"/console/me"}}); a.Status != 303 || a.Header.Get("Location") != "/console/me" {
		t.Errorf("the code = %d to %s", a.Status, a.Header.Get("Location"))
	}
}

func TestWithoutAProviderNothingLeadsThere(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	for _, path := range []string{"/console/sign-in/provider", "/console/sign-in/back?code=x&state=y"} {
		if a := d.get(t, d.Browser(t), path); a.Status != 404 {
			t.Errorf("%s = %d", path, a.Status)
		}
	}
	if a := d.get(t, d.Browser(t), "/console/sign-in"); strings.Contains(a.Body, "/console/sign-in/provider") {
		t.Error("the page offers a provider")
	}
}
