package e2e_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/hotp"

	"mashang/platform/privacy"
	"mashang/platform/staff/oidc/oidctest"
)

// bureau is a portal served for real on an empty folder, with the office's own
// sign-in beside it.
type bureau struct {
	t   *testing.T
	url string
	env []string
}

func newBureau(t *testing.T, there *oidctest.Provider) *bureau {
	t.Helper()
	addr, metrics := freeAddr(t), freeAddr(t)
	b := &bureau{t: t, url: "http://" + addr}
	b.env = append(os.Environ(), "PORTAL_ADDR="+addr, "PORTAL_METRICS_ADDR="+metrics, "PORTAL_BASE_URL="+b.url, "PORTAL_DATA="+t.TempDir(), "PORTAL_KEYS="+privacy.NewKey(), "PORTAL_LOG_LEVEL=error",
		"PORTAL_OIDC_ISSUER="+there.URL, "PORTAL_OIDC_CLIENT_ID="+oidctest.ClientID, "PORTAL_OIDC_CLIENT_SECRET="+oidctest.Secret, "PORTAL_OIDC_NAME=县政务统一认证")
	b.run("user", "list") // makes the folder before two programs open it
	serve := exec.Command(binary, "serve")
	serve.Env, serve.Stderr = b.env, &tail{}
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		serve.Process.Signal(syscall.SIGTERM)
		serve.Wait()
	})
	eventually(t, 30*time.Second, "serve is alive", func() bool {
		res, err := http.Get(b.url + "/healthz")
		if err != nil {
			return false
		}
		res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
	return b
}

// run is a command beside the portal.
func (b *bureau) run(args ...string) string {
	b.t.Helper()
	cmd := exec.Command(binary, args...)
	cmd.Env = b.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		b.t.Fatalf("mashang %q: %v\n%s", args, err, out)
	}
	return string(out)
}

// signIn fills in the first step from where the guard has led.
func (b *tab) signIn(name, password string) {
	b.t.Helper()
	b.fill(map[string]string{"name": name, "password": password})
	b.click("main form button[type=submit]")
}

// TestStaffFromFirstPasswordToLostPhone is the life of an account: made by an
// administrator, the password changed, one-time codes set up and used, the phone
// lost, the session ended by the administrator, and the office's own sign-in.
func TestStaffFromFirstPasswordToLostPhone(t *testing.T) {
	there := oidctest.New(t, time.Now)
	there.Person = "chenmin"
	o := newBureau(t, there)
	given := strings.Fields(o.run("user", "add", "-role", "admin", "-name", "chenmin"))
	browser := openBrowser(t)

	admin := newTab(t, browser, desktop)
	admin.open(o.url + "/console/new-user")
	admin.seen("console-sign-in")
	admin.signIn("chenmin", given[3])
	admin.sees("请先换成只有您知道的")
	admin.fill(map[string]string{"old": given[3], "password": "青山绿水-四十七号院", "repeat": "青山绿水-四十七号院"})
	admin.click("main form button[type=submit]")
	admin.sees("密码换好了")
	admin.open(o.url + "/console/new-user")
	admin.fill(map[string]string{"name": "wanglin", "role": "editor"})
	admin.seen("console-new-user")
	admin.click("main form button[type=submit]")
	first := admin.text(".mz-secret")
	admin.seen("console-secret")

	one := newTab(t, browser, view{"tablet", true, false, 820, 1180, true})
	one.open(o.url + "/console/policies?department=x")
	one.signIn("wanglin", first)
	one.fill(map[string]string{"old": first, "password": "horse-battery-staple", "repeat": "horse-battery-staple"})
	one.seen("console-password")
	one.click("main form button[type=submit]")
	one.open(o.url + "/console/me/code")
	secret := value(one, chromedp.Evaluate[string](`[...document.querySelectorAll(".mz-enrol__key span")].map(e => e.textContent).join("")`))
	if scanned := scan(t, one); !strings.HasPrefix(scanned, "otpauth://totp/") || !strings.Contains(scanned, "secret="+secret) {
		t.Errorf("the picture says %q, the page %q", scanned, secret)
	}
	one.seen("console-code")
	one.fill(map[string]string{"code": "000000"})
	one.click("main form button[type=submit]")
	one.sees("动态码不对")
	one.fill(map[string]string{"code": appShows(t, secret, 0)})
	one.click("main form button[type=submit]")
	recovery := regexp.MustCompile(`[a-z2-7]{5}-[a-z2-7]{5}-[a-z2-7]{5}`).FindAllString(one.text(".mz-recovery__codes"), -1)
	if len(recovery) != 10 {
		t.Fatalf("%d recovery codes are shown", len(recovery))
	}
	one.seen("console-recovery")

	// Signing in again takes two steps and leads where one wanted.
	one.click(".mz-out")
	one.open(o.url + "/console/policies?department=x")
	one.signIn("wanglin", "horse-battery-staple")
	one.seen("console-second")
	one.fill(map[string]string{"code": appShows(t, secret, 1)}) // the code of now is used up
	one.click("main form button[type=submit]")
	if !strings.HasSuffix(one.at(), "/console/policies?department=x") {
		t.Errorf("after both steps the browser is at %s", one.at())
	}
	// The phone is lost: a recovery code, in a browser without script.
	lost := newTab(t, browser, noScript)
	lost.open(o.url + "/console/me")
	lost.signIn("wanglin", "horse-battery-staple")
	lost.fill(map[string]string{"code": recovery[0]})
	lost.click("main form button[type=submit]")
	lost.sees("还剩 9 个", "正在登录的地方", "密码和恢复码")
	lost.look("console-me")

	admin.open(o.url + "/console/users/wanglin")
	admin.sees("密码和恢复码", "密码和动态码")
	admin.seen("console-user")
	admin.open(o.url + "/console/users/wanglin/revoke")
	admin.click("main form button[type=submit]")
	admin.sees("各处的登录都结束了")
	one.click("main a[href^='/console/']")
	one.sees("您的登录已经结束", "在别处被结束了")
	one.seen("console-ended")

	// The office's own sign-in: an account there, somebody without one here.
	third := newTab(t, browser, phone)
	third.open(o.url + "/console/sign-in?next=/console/users")
	third.seen("console-sign-in-provider")
	third.click("a[href^='/console/sign-in/provider']")
	if !strings.HasSuffix(third.at(), "/console/users") {
		t.Errorf("after the provider the browser is at %s", third.at())
	}
	third.sees("chenmin", "wanglin")
	there.Set(func() { there.Person = "stranger" })
	fourth := newTab(t, browser, phoneDark)
	fourth.open(o.url + "/console/sign-in")
	fourth.click("a[href^='/console/sign-in/provider']")
	fourth.sees("这里还没有您的账号")
	fourth.seen("console-sign-in-refused")

	// Recovery codes lost as well: the command line, where the administrator is away.
	if out := o.run("user", "totp-reset", "wanglin"); !strings.Contains(out, "without one-time codes") {
		t.Errorf("totp-reset says %q", out)
	}
	one.open(o.url + "/console/me")
	one.signIn("wanglin", "horse-battery-staple")
	one.sees("只凭密码登录")
}

// appShows is the code an app shows some steps from now.
func appShows(t *testing.T, secret string, steps int64) string {
	t.Helper()
	code, err := hotp.GenerateCode(secret, uint64(time.Now().Unix()/30+steps))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// scan reads the QR code on the screen as a phone would.
func scan(t *testing.T, b *tab) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "screen.png")
	if err := os.WriteFile(file, value(b, chromedp.CaptureScreenshot()), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("zbarimg", "--quiet", "--raw", file).Output()
	if err != nil {
		t.Fatalf("zbarimg: %v", err)
	}
	return strings.TrimSpace(string(out))
}
