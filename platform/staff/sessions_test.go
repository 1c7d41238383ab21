package staff_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"mashang/platform/problem"
	"mashang/platform/staff"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func TestProofIsFreshForFiveMinutes(t *testing.T) {
	o, c := office(t, storetest.SQLite(t))
	ctx := t.Context()
	create(t, o, "chenmin", staff.Admin)
	create(t, o, "wanglin", staff.Editor)
	token := signIn(t, o, "chenmin", good)
	session := func() staff.Account {
		a, err := o.Session(ctx, token)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	if !session().Fresh(c.now()) {
		t.Error("who has just signed in is not fresh")
	}
	c.add(5 * time.Minute)
	if session().Fresh(c.now()) {
		t.Error("five minutes later it is still fresh")
	}
	if err := o.Prove(ctx, session(), "wrong password", at("a")); !problem.Is(err, problem.Invalid) || session().Fresh(c.now()) {
		t.Errorf("with a wrong password: %v", err)
	}
	if err := o.Prove(ctx, session(), good, at("a")); err != nil || !session().Fresh(c.now()) {
		t.Errorf("with the password: %v", err)
	}
	c.add(-time.Hour)
	if session().Fresh(c.now()) {
		t.Error("a clock set back makes a proof last")
	}
	c.add(time.Hour + 10*time.Minute)
	stolen := session()
	stolen.Session = "another"
	if err := o.Prove(ctx, stolen, good, at("a")); !problem.Is(err, problem.Unauthenticated) {
		t.Errorf("for a session that is not: %v", err)
	}
	e, err := o.Enrol(ctx, "chenmin", "h", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Confirm(ctx, o.DB, "chenmin", e.Ticket, code(t, e.Secret, c.now()), session().Session); err != nil {
		t.Fatal(err)
	}
	c.add(6 * time.Minute)
	if err := o.Prove(ctx, session(), code(t, e.Secret, c.now()), at("a")); err != nil || !session().Fresh(c.now()) {
		t.Errorf("with a code: %v", err)
	}
	if err := o.Prove(context.WithoutCancel(ctx), session(), code(t, e.Secret, c.now()), at("a")); !problem.Is(err, problem.Invalid) {
		t.Errorf("with the same code again: %v", err)
	}
}

func TestDeviceInTwoWords(t *testing.T) {
	for _, tt := range []struct{ agent, want string }{
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0", "windows/edge"},
		{"Mozilla/5.0 (Windows NT 6.1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36", "windows/chrome"},
		{"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.49", "iphone/wechat"},
		{"Mozilla/5.0 (Linux; Android 14; V2309A) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/116.0 Mobile Safari/537.36 wxwork/4.1 MicroMessenger/7.0.1", "android/wxwork"},
		{"Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0 Safari/537.36 ArkWeb/4.1 HuaweiBrowser/5.0", "harmony/huawei"},
		{"Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15", "mac/safari"},
		{"Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "linux/firefox"},
		{"curl/8.5", "other/other"}, {"", "other/other"}, {strings.Repeat("x", 10000), "other/other"},
	} {
		if got := staff.Device(tt.agent); got != tt.want {
			t.Errorf("Device(%.40q) = %s, want %s", tt.agent, got, tt.want)
		}
	}
	for address, want := range map[string]string{
		"192.0.2.77": "192.0.2.*", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "2001:db8:1:2::/64": "2001:db8:1:2::/64", "::ffff:10.1.2.3": "10.1.2.*",
		"127.0.0.1": "local", "::1": "local", "unknown": "", "": "",
	} {
		if got := staff.Shorten(address); got != want {
			t.Errorf("Shorten(%q) = %q, want %q", address, got, want)
		}
	}
}

func TestSessionsAreListedAndEndedOneByOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o, c := office(t, db)
		ctx := t.Context()
		create(t, o, "chenmin", staff.Admin)
		create(t, o, "wanglin", staff.Editor)
		theirs := signIn(t, o, "wanglin", good)
		var tokens []string
		for range 3 {
			c.add(time.Minute)
			tokens = append(tokens, signIn(t, o, "chenmin", good))
		}
		c.add(time.Minute)
		if _, err := o.Session(ctx, tokens[0]); err != nil {
			t.Fatal(err)
		}
		open, err := o.Open(ctx, "chenmin")
		if err != nil || len(open) != 3 || open[0].Made.After(open[1].Made) || open[0].Address != "192.0.2.*" || open[0].Device != "other/other" || open[0].How != staff.ByPassword {
			t.Fatalf("Open() = %+v, %v", open, err)
		}
		for _, token := range tokens {
			for _, one := range open {
				if strings.Contains(token, one.ID) || one.ID == "" {
					t.Error("the name of a session tells its token")
				}
			}
		}
		others, err := o.Open(ctx, "wanglin")
		if err != nil || len(others) != 1 {
			t.Fatal(err)
		}
		if err := o.RevokeOne(ctx, db, "chenmin", others[0].ID); !problem.Is(err, problem.Missing) || ended(t, o, theirs) {
			t.Errorf("ending somebody else's session: %v", err)
		}
		if err := o.RevokeOne(ctx, db, "chenmin", open[0].ID); err != nil || !ended(t, o, tokens[0]) || ended(t, o, tokens[1]) {
			t.Errorf("the wrong session ended, %v", err)
		}
		if err := o.RevokeOne(ctx, db, "chenmin", open[0].ID); !problem.Is(err, problem.Missing) {
			t.Errorf("ending it twice: %v", err)
		}
		a, err := o.Session(ctx, tokens[2])
		if err != nil {
			t.Fatal(err)
		}
		if err := o.RevokeOthers(ctx, db, "chenmin", a.Session); err != nil || !ended(t, o, tokens[1]) || ended(t, o, tokens[2]) || ended(t, o, theirs) {
			t.Errorf("RevokeOthers() ended the wrong ones, %v", err)
		}
	})
}
