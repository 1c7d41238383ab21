package console_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/hotp"

	"mashang/platform/audit"
	"mashang/platform/staff"
	"mashang/platform/store/storetest"
)

// given is a password as it is shown once.
var given = regexp.MustCompile(`[a-z0-9]{5}(-[a-z0-9]{5}){3}`)

func TestSignInLeadsWhereOneWanted(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	for _, tt := range []struct{ next, want string }{
		{"/console/cases?kind=emergency", "/console/cases?kind=emergency"},
		{"//evil.example/x", "/console"}, {`/\evil.example`, "/console"}, {"https://evil.example", "/console"}, {"/policies", "/console"}, {"/console\r\nX: y", "/console"}, {"", "/console"},
	} {
		t.Run(tt.next, func(t *testing.T) {
			b := d.Browser(t)
			a := d.post(t, b, "/console/sign-in", url.Values{"name": {"admin"}, "password": {password}, "next": {tt.next}})
			if a.Status != 303 || a.Header.Get("Location") != tt.want {
				t.Errorf("to %q, want %q (%d)", a.Header.Get("Location"), tt.want, a.Status)
			}
			for _, c := range a.Header.Values("Set-Cookie") {
				if strings.HasPrefix(c, "staff=") && (!strings.Contains(c, "HttpOnly") || !strings.Contains(c, "SameSite=Lax")) {
					t.Errorf("the cookie is %s", c)
				}
			}
		})
	}
}

func TestWrongPasswordKeepsTheName(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.Browser(t)
	for n := range 5 {
		a := d.post(t, b, "/console/sign-in", url.Values{"name": {"admin"}, "password": {"wrong password"}})
		if a.Status != 422 || !strings.Contains(a.Body, `value="admin"`) || !strings.Contains(a.Body, "登录名或密码不对") || strings.Contains(a.Body, "wrong password") {
			t.Fatalf("attempt %d = %d", n+1, a.Status)
		}
	}
	if a := d.post(t, b, "/console/sign-in", url.Values{"name": {"admin"}, "password": {password}}); a.Status != 429 || a.Header.Get("Retry-After") == "" {
		t.Errorf("after five wrong passwords = %d", a.Status)
	}
	rows, err := d.Audit.List(t.Context(), audit.Filter{Action: "sign-in-failed"})
	if err != nil || len(rows) != 5 {
		t.Errorf("%d failures are on record, %v", len(rows), err)
	}
}

func TestSessionEndsAndSignOutEndsIt(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "admin")
	d.Pass(16 * time.Minute)
	if a := d.get(t, b, "/console"); a.Status != 303 {
		t.Errorf("after sixteen idle minutes = %d", a.Status)
	}
	b = d.as(t, "admin")
	if a := d.post(t, b, "/console/sign-out", nil); a.Status != 303 {
		t.Errorf("signing out = %d", a.Status)
	}
	if a := d.get(t, b, "/console"); a.Status != 303 {
		t.Errorf("after signing out = %d", a.Status)
	}
}

func TestGivenPasswordMustBeChangedFirst(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	given, err := d.Staff.Give(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Staff.Create(t.Context(), d.DB, staff.Account{Name: "wanglin", Role: staff.Editor}, given); err != nil {
		t.Fatal(err)
	}
	password := given.Password
	b := d.Browser(t)
	d.post(t, b, "/console/sign-in", url.Values{"name": {"wanglin"}, "password": {password}})
	if a := d.get(t, b, "/console/policies"); a.Status != 303 || a.Header.Get("Location") != "/console/password" {
		t.Errorf("before the change = %d to %s", a.Status, a.Header.Get("Location"))
	}
	if a := d.post(t, b, "/console/password", url.Values{"old": {password}, "password": {"another good one"}, "repeat": {"another good two"}}); a.Status != 422 {
		t.Errorf("two different new passwords = %d", a.Status)
	}
	if a := d.post(t, b, "/console/password", url.Values{"old": {"nonsense here"}, "password": {"another good one"}, "repeat": {"another good one"}}); a.Status != 422 || !strings.Contains(a.Body, "原密码不对") {
		t.Errorf("a wrong old password = %d", a.Status)
	}
	if a := d.post(t, b, "/console/password", url.Values{"old": {password}, "password": {"another good one"}, "repeat": {"another good one"}}); a.Status != 303 {
		t.Fatalf("the change = %d %s", a.Status, a.Body)
	}
	if a := d.get(t, b, "/console/policies"); a.Status != 200 {
		t.Errorf("after the change = %d", a.Status)
	}
}

// hidden is the value of a hidden field of a page.
func hidden(t *testing.T, body, name string) string {
	t.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("no hidden %s", name)
	}
	return html.UnescapeString(m[1])
}

// code is what an app that was told the secret shows now.
func (d desk) code(t *testing.T, secret string) string {
	t.Helper()
	s, err := hotp.GenerateCode(secret, uint64(d.Now().Unix()/30))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// enrol sets up one-time codes and gives the secret and the recovery codes.
func (d desk) enrol(t *testing.T, b *http.Client) (secret string, recovery []string) {
	t.Helper()
	page := d.get(t, b, "/console/me/code")
	key := regexp.MustCompile(`mz-enrol__key[^>]*>(.*?)</p>`).FindStringSubmatch(page.Body)
	if page.Status != 200 || key == nil || !strings.Contains(page.Body, "<svg class=\"mz-enrol__code\"") {
		t.Fatalf("the page to enrol = %d", page.Status)
	}
	secret = strings.Join(regexp.MustCompile(`[A-Z2-7]{4}`).FindAllString(key[1], -1), "")
	done := d.post(t, b, "/console/me/code", url.Values{"ticket": {hidden(t, page.Body, "ticket")}, "code": {d.code(t, secret)}})
	for _, m := range regexp.MustCompile(`<li>([a-z2-7]{5}(?:-[a-z2-7]{5}){2})</li>`).FindAllStringSubmatch(done.Body, -1) {
		recovery = append(recovery, m[1])
	}
	if done.Status != 200 || len(recovery) != 10 || len(secret) != 32 {
		t.Fatalf("enrolling = %d with %d recovery codes, secret of %d", done.Status, len(recovery), len(secret))
	}
	return secret, recovery
}

func TestSignInInTwoStepsLeadsWhereOneWanted(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	secret, recovery := d.enrol(t, d.as(t, "editor"))
	d.Pass(time.Minute)
	first := func(b *http.Client) {
		a := d.post(t, b, "/console/sign-in", url.Values{"name": {"editor"}, "password": {password}, "next": {"/console/policies?department=x"}})
		if a.Status != 303 || a.Header.Get("Location") != "/console/sign-in/code?next=%2Fconsole%2Fpolicies%3Fdepartment%3Dx" {
			t.Fatalf("the first step = %d to %s", a.Status, a.Header.Get("Location"))
		}
		if a := d.get(t, b, "/console/policies"); a.Status != 303 {
			t.Fatalf("the password alone opens a page: %d", a.Status)
		}
	}
	b := d.Browser(t)
	first(b)
	page := d.get(t, b, "/console/sign-in/code?next=%2Fconsole%2Fpolicies%3Fdepartment%3Dx")
	if page.Status != 200 || hidden(t, page.Body, "next") != "/console/policies?department=x" {
		t.Fatalf("the second step = %d", page.Status)
	}
	if a := d.post(t, b, "/console/sign-in/code", url.Values{"code": {"000000"}, "next": {"/console/policies"}}); a.Status != 422 || !strings.Contains(a.Body, "动态码不对") || hidden(t, a.Body, "next") != "/console/policies" {
		t.Errorf("a wrong code = %d", a.Status)
	}
	now := d.code(t, secret)
	a := d.post(t, b, "/console/sign-in/code", url.Values{"code": {now[:3] + " " + now[3:]}, "next": {"/console/policies?department=x"}})
	if a.Status != 303 || a.Header.Get("Location") != "/console/policies?department=x" {
		t.Fatalf("the right code = %d to %s", a.Status, a.Header.Get("Location"))
	}
	if a := d.get(t, b, "/console/policies"); a.Status != 200 {
		t.Errorf("after both steps = %d", a.Status)
	}

	other := d.Browser(t)
	first(other)
	if a := d.post(t, other, "/console/sign-in/code", url.Values{"code": {now}}); a.Status != 422 {
		t.Errorf("a code that was used = %d", a.Status)
	}
	if a := d.post(t, other, "/console/sign-in/code", url.Values{"code": {strings.ToUpper(recovery[3])}}); a.Status != 303 {
		t.Errorf("a recovery code = %d", a.Status)
	}
	if a := d.get(t, other, "/console"); !strings.Contains(a.Body, "还剩 9 个") {
		t.Error("the next page does not say how many recovery codes are left")
	}
	third := d.Browser(t)
	first(third)
	if a := d.post(t, third, "/console/sign-in/code", url.Values{"code": {recovery[3]}}); a.Status != 422 {
		t.Errorf("a recovery code that was used = %d", a.Status)
	}
	if a := d.post(t, d.Browser(t), "/console/sign-in/code", url.Values{"code": {now}}); a.Status != 422 || !strings.Contains(a.Body, "等得太久了") {
		t.Errorf("the second step without the first = %d", a.Status)
	}
	for _, secretOf := range append(recovery, secret, now) {
		if strings.Contains(d.Log.String(), secretOf) {
			t.Error("the log shows a code")
		}
	}
}

func TestRoleThatMustHaveCodesSetsThemUpFirst(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	admin := d.as(t, "admin")
	if a := d.post(t, admin, "/console/roles", url.Values{"roles": {"publisher", "king"}}); a.Status != 303 {
		t.Fatalf("saving the roles = %d", a.Status)
	}
	b := d.as(t, "publisher")
	if a := d.get(t, b, "/console/lists"); a.Status != 303 || a.Header.Get("Location") != "/console/me/code" {
		t.Errorf("before codes = %d to %s", a.Status, a.Header.Get("Location"))
	}
	secret, _ := d.enrol(t, b)
	if a := d.get(t, b, "/console/lists"); a.Status != 200 {
		t.Errorf("after codes = %d", a.Status)
	}
	if a := d.post(t, b, "/console/me/code/off", nil); a.Status != 409 {
		t.Errorf("dropping codes one must have = %d", a.Status)
	}
	if a := d.get(t, d.as(t, "editor"), "/console/policies"); a.Status != 200 {
		t.Errorf("another role = %d", a.Status)
	}
	if a := d.post(t, admin, "/console/users/publisher/code-reset", nil); a.Status != 303 {
		t.Errorf("resetting another's codes = %d", a.Status)
	}
	if a := d.get(t, b, "/console/lists"); a.Status != 303 || !strings.HasPrefix(a.Header.Get("Location"), "/console/sign-in") {
		t.Errorf("after the reset the session goes on: %d", a.Status)
	}
	again := d.as(t, "publisher")
	if fresh, _ := d.enrol(t, again); fresh == secret {
		t.Error("the new secret is the old one")
	}
}

func TestDangerousDeedsAskAnewAndLoseNothing(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "admin")
	d.Pass(6 * time.Minute)
	if a := d.get(t, b, "/console/users"); a.Status != 200 || strings.Contains(a.Body, "再证明一次") {
		t.Errorf("looking asks anew: %d", a.Status)
	}
	if a := d.get(t, b, "/console/new-user"); !strings.Contains(a.Body, "再证明一次") || hidden(t, a.Body, "next") != "/console/new-user" {
		t.Error("a dangerous page does not ask anew")
	}
	typed := url.Values{"name": {"wanglin"}, "role": {"editor"}, "scope": {""}}
	asked := d.post(t, b, "/console/new-user", typed)
	if !strings.Contains(asked.Body, `action="/console/new-user"`) || hidden(t, asked.Body, "name") != "wanglin" || hidden(t, asked.Body, "role") != "editor" {
		t.Fatalf("what was typed is lost: %d", asked.Status)
	}
	if _, err := d.Staff.Find(t.Context(), "wanglin"); err == nil {
		t.Fatal("the account was made before anybody was asked")
	}
	typed.Set("proof", "not the password")
	if a := d.post(t, b, "/console/new-user", typed); a.Status != 422 || !strings.Contains(a.Body, `value="wanglin"`) || strings.Contains(a.Body, "not the password") {
		t.Errorf("a wrong answer = %d", a.Status)
	}
	typed.Set("proof", password)
	if a := d.post(t, b, "/console/new-user", typed); a.Status != 201 || given.FindString(a.Body) == "" {
		t.Errorf("the right answer = %d", a.Status)
	}
	if a := d.get(t, b, "/console/new-user"); a.Status != 200 || strings.Contains(a.Body, "再证明一次") {
		t.Error("it is asked twice within five minutes")
	}
	d.Pass(5 * time.Minute)
	if a := d.post(t, b, "/console/prove", url.Values{"next": {"/console/users/wanglin/disable"}, "proof": {password}}); a.Status != 303 || a.Header.Get("Location") != "/console/users/wanglin/disable" {
		t.Errorf("proving first = %d to %s", a.Status, a.Header.Get("Location"))
	}
	d.Pass(5 * time.Minute)
	for range 5 {
		d.post(t, b, "/console/prove", url.Values{"proof": {"not the password"}})
	}
	if a := d.post(t, b, "/console/prove", url.Values{"proof": {password}}); a.Status != 429 {
		t.Errorf("after five wrong answers = %d", a.Status)
	}
	if rows, err := d.Audit.List(t.Context(), audit.Filter{Action: "prove-failed"}); err != nil || len(rows) < 6 {
		t.Errorf("%d failures are on record, %v", len(rows), err)
	}
}

func TestSessionsAreToldApartAndEnded(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b, admin := d.Browser(t), d.as(t, "admin")
	a := d.SendBy(t, b, "POST", "/console/sign-in", url.Values{"name": {"editor"}, "password": {password}}.Encode(), "Content-Type", form,
		"User-Agent", "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0")
	if a.Status != 303 {
		t.Fatal(a.Status)
	}
	other := d.as(t, "editor")
	mine := d.get(t, b, "/console/me")
	if !strings.Contains(mine.Body, "Windows 电脑·Edge") || strings.Count(mine.Body, "就是这里") != 1 || !strings.Contains(mine.Body, "本机") {
		t.Error("the page does not tell the sessions apart")
	}
	end := regexp.MustCompile(`/console/me/session/[0-9a-f]+/end`)
	if all := end.FindAllString(mine.Body, -1); len(all) != 1 {
		t.Fatalf("%d sessions can be ended, want the other one", len(all))
	}
	// Nobody ends a stranger's session by its name.
	if d.post(t, d.as(t, "helper"), end.FindString(mine.Body), nil); d.get(t, other, "/console").Status != 200 {
		t.Error("a stranger ended a session")
	}
	if d.post(t, b, end.FindString(mine.Body), nil); d.get(t, other, "/console").Status != 303 || d.get(t, b, "/console").Status != 200 {
		t.Error("the wrong session ended")
	}
	again := d.get(t, other, "/console/sign-in")
	if !strings.Contains(again.Body, "您的登录已经结束") {
		t.Error("the page does not say that the session ended")
	}
	if a := d.get(t, d.Browser(t), "/console/sign-in"); strings.Contains(a.Body, "您的登录已经结束") {
		t.Error("a stranger is told that a session ended")
	}
	theirs := d.get(t, admin, "/console/users/editor")
	one := regexp.MustCompile(`/console/users/editor/session/[0-9a-f]+/end`).FindString(theirs.Body)
	if d.post(t, admin, one, nil); d.get(t, b, "/console").Status != 303 {
		t.Error("the administrator did not end the session")
	}
	third, fourth := d.as(t, "editor"), d.as(t, "editor")
	if d.post(t, third, "/console/me/sessions/others", nil); d.get(t, fourth, "/console").Status != 303 || d.get(t, third, "/console").Status != 200 {
		t.Error("ending all others ended the wrong ones")
	}
}

func TestPasswordChangeSignsOutEverywhereElse(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b, other := d.as(t, "editor"), d.as(t, "editor")
	if a := d.post(t, b, "/console/password", url.Values{"old": {password}, "password": {"another good one"}, "repeat": {"another good one"}}); a.Status != 303 {
		t.Fatalf("the change = %d", a.Status)
	}
	if d.get(t, b, "/console").Status != 200 || d.get(t, other, "/console").Status != 303 {
		t.Error("the wrong session goes on")
	}
}

func TestSessionTokenIsNewAtEverySignIn(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.Browser(t)
	token := func() string {
		u, _ := url.Parse(d.URL)
		for _, c := range b.Jar.Cookies(u) {
			if c.Name == "staff" {
				return c.Value
			}
		}
		return ""
	}
	u, _ := url.Parse(d.URL)
	b.Jar.SetCookies(u, []*http.Cookie{{Name: "staff", Value: "planted-by-somebody", Path: "/"}})
	for range 2 {
		before := token()
		d.post(t, b, "/console/sign-in", url.Values{"name": {"editor"}, "password": {password}})
		if after := token(); after == before || after == "" {
			t.Fatal("the token of before goes on")
		}
		thief := d.Browser(t)
		thief.Jar.SetCookies(u, []*http.Cookie{{Name: "staff", Value: before, Path: "/"}})
		if a := d.get(t, thief, "/console"); a.Status != 303 {
			t.Errorf("the token of before opens %d", a.Status)
		}
	}
}
