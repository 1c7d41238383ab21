package staff_test

import (
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/hotp"

	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/staff"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// code is what an app shows at a moment.
func code(t testing.TB, secret string, at time.Time) string {
	t.Helper()
	s, err := hotp.GenerateCode(secret, uint64(at.Unix()/30))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// enrol sets up codes for an account; the clock moves on to the next step.
func enrol(t testing.TB, o *staff.Office, c *clock, name string) (secret string, recovery []string) {
	t.Helper()
	e, err := o.Enrol(t.Context(), name, "ms.yunxi.example", "")
	if err != nil {
		t.Fatal(err)
	}
	recovery, err = o.Confirm(t.Context(), o.DB, name, e.Ticket, code(t, e.Secret, c.now()), "")
	if err != nil {
		t.Fatal(err)
	}
	c.add(30 * time.Second)
	return e.Secret, recovery
}

// first is the ticket of the first step.
func first(t testing.TB, o *staff.Office, name string) string {
	t.Helper()
	pass, err := o.SignIn(t.Context(), name, good, at("192.0.2.1"))
	if err != nil || pass.Token != "" || pass.Ticket == "" {
		t.Fatalf("SignIn() = token %q, ticket %.9q, %v, want a ticket alone", pass.Token, pass.Ticket, err)
	}
	return pass.Ticket
}

func TestCodeIsAskedForAndWorksOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o, c := office(t, db)
		create(t, o, "chenmin", staff.Admin)
		before := signIn(t, o, "chenmin", good)
		secret, recovery := enrol(t, o, c, "chenmin")
		if !ended(t, o, before) {
			t.Error("a session from before the codes goes on")
		}
		second := func(answer string) (staff.Pass, error) {
			c.add(20 * time.Second) // never five answers within a minute
			return o.SignInCode(t.Context(), first(t, o, "chenmin"), answer, at("192.0.2.1"))
		}
		now := c.now().Add(20 * time.Second)
		pass, err := second(code(t, secret, now))
		if err != nil || pass.How != staff.ByCode || ended(t, o, pass.Token) {
			t.Fatalf("with the right code: %+v, %v", pass, err)
		}
		for name, answer := range map[string]func() string{
			"the same code again":        func() string { return code(t, secret, now) },
			"a code of two minutes ago":  func() string { return code(t, secret, c.now().Add(-2*time.Minute)) },
			"a code to come":             func() string { return code(t, secret, c.now().Add(3*time.Minute)) },
			"nothing":                    func() string { return "" },
			"letters":                    func() string { return "abcdef" },
			"five digits":                func() string { return "12345" },
			"a recovery code nobody has": func() string { return "aaaaa-aaaaa-aaaaa" },
			"the secret":                 func() string { return secret },
		} {
			if _, err := second(answer()); !problem.Is(err, problem.Unauthenticated) {
				t.Errorf("%s: %v", name, err)
			}
		}
		c.add(time.Hour)
		if pass, err = second(" " + strings.ToUpper(recovery[0])); err != nil || pass.How != staff.ByRecovery || pass.Account.Recovery != 9 {
			t.Errorf("with a recovery code: %+v, %v", pass, err)
		}
		if _, err = second(recovery[0]); !problem.Is(err, problem.Unauthenticated) {
			t.Errorf("with a used recovery code: %v", err)
		}
		if a, err := o.Find(t.Context(), "chenmin"); err != nil || a.Recovery != 9 || a.Coded.IsZero() {
			t.Errorf("Find() = %+v, %v", a, err)
		}
	})
}

func TestClocksMayDifferByOneStep(t *testing.T) {
	o, c := office(t, storetest.SQLite(t))
	create(t, o, "chenmin", staff.Admin)
	secret, _ := enrol(t, o, c, "chenmin")
	for _, tt := range []struct {
		name string
		off  time.Duration
		good bool
	}{{"two steps late", -60 * time.Second, false}, {"one step late", -30 * time.Second, true}, {"on time", 0, true}, {"one step early", 30 * time.Second, true}, {"two steps early", 60 * time.Second, false}} {
		t.Run(tt.name, func(t *testing.T) {
			c.add(10 * time.Minute)
			_, err := o.SignInCode(t.Context(), first(t, o, "chenmin"), code(t, secret, c.now().Add(tt.off)), at("x"))
			if (err == nil) != tt.good {
				t.Errorf("SignInCode() = %v, want taken: %v", err, tt.good)
			}
		})
	}
	// A clock that was ahead must not lock anybody out when it is set right.
	c.add(48 * time.Hour)
	if _, err := o.SignInCode(t.Context(), first(t, o, "chenmin"), code(t, secret, c.now()), at("x")); err != nil {
		t.Fatal(err)
	}
	c.add(-47 * time.Hour)
	if _, err := o.SignInCode(t.Context(), first(t, o, "chenmin"), code(t, secret, c.now()), at("x")); err != nil {
		t.Errorf("after the clock was set right: %v", err)
	}
	if _, err := o.SignInCode(t.Context(), first(t, o, "chenmin"), code(t, secret, c.now()), at("x")); !problem.Is(err, problem.Unauthenticated) {
		t.Errorf("the same code again after the clock was set right: %v", err)
	}
}

func TestOneCodeSignsInOnceHoweverManyTry(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o, c := office(t, db)
		create(t, o, "chenmin", staff.Admin)
		secret, recovery := enrol(t, o, c, "chenmin")
		ticket := first(t, o, "chenmin")
		for _, answer := range []string{code(t, secret, c.now()), recovery[4]} {
			var in atomic.Int32
			var all sync.WaitGroup
			for n := range 4 {
				all.Go(func() {
					_, err := o.SignInCode(t.Context(), ticket, answer, at(string(rune('a'+n))))
					if err == nil {
						in.Add(1)
					} else if !problem.Is(err, problem.Unauthenticated) {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if in.Load() != 1 {
				t.Errorf("%d signed in with one code, want one", in.Load())
			}
		}
	})
}

func TestWrongCodesLockAsPasswordsDo(t *testing.T) {
	o, c := office(t, storetest.SQLite(t))
	create(t, o, "chenmin", staff.Admin)
	secret, _ := enrol(t, o, c, "chenmin")
	ticket := first(t, o, "chenmin")
	for n := range 5 {
		if _, err := o.SignInCode(t.Context(), ticket, "000000", at("a")); !problem.Is(err, problem.Unauthenticated) {
			t.Fatalf("wrong code %d: %v", n+1, err)
		}
		first(t, o, "chenmin") // the right password does not begin the count of codes anew
	}
	if _, err := o.SignInCode(t.Context(), ticket, code(t, secret, c.now()), at("a")); !problem.Is(err, problem.Limited) {
		t.Errorf("the right code after five wrong ones: %v", err)
	}
	if _, err := o.SignIn(t.Context(), "chenmin", good, at("a")); !problem.Is(err, problem.Limited) {
		t.Errorf("the password is not locked with the codes: %v", err)
	}
	// From many addresses an account takes few wrong codes in all.
	refused := 0
	for n := range 40 {
		_, err := o.SignInCode(t.Context(), ticket, "000000", at(string(rune('A'+n))))
		if problem.Is(err, problem.Limited) {
			refused++
		}
	}
	if refused < 20 {
		t.Errorf("%d of 40 guesses from anywhere were refused, want at least 20", refused)
	}
}

func TestTicketsEnd(t *testing.T) {
	o, c := office(t, storetest.SQLite(t))
	create(t, o, "chenmin", staff.Admin)
	create(t, o, "wanglin", staff.Editor)
	secret, _ := enrol(t, o, c, "chenmin")
	for name, spoil := range map[string]func(ticket string) string{
		"too old":            func(s string) string { c.add(11 * time.Minute); return s },
		"changed":            func(s string) string { return s[:len(s)-2] + "xx" },
		"empty":              func(string) string { return "" },
		"an enrolment":       func(string) string { e, _ := o.Enrol(t.Context(), "chenmin", "h", ""); return e.Ticket },
		"of an old password": func(s string) string { reset(t, o, "chenmin"); return s },
		"of a disabled account": func(s string) string {
			if err := o.Ensure(t.Context(), "second", staff.Admin, "", good); err != nil {
				t.Fatal(err)
			}
			if err := o.SetDisabled(t.Context(), o.DB, "chenmin", true); err != nil {
				t.Fatal(err)
			}
			return s
		},
	} {
		t.Run(name, func(t *testing.T) {
			c.add(10 * time.Minute)
			if err := o.Ensure(t.Context(), "chenmin", staff.Admin, "", good); err != nil {
				t.Fatal(err)
			}
			secret, _ = enrol(t, o, c, "chenmin")
			ticket := spoil(first(t, o, "chenmin"))
			if _, err := o.SignInCode(t.Context(), ticket, code(t, secret, c.now()), at("a")); !problem.Is(err, problem.Unauthenticated) {
				t.Errorf("SignInCode() = %v", err)
			}
		})
	}
	mine, err := o.Enrol(t.Context(), "wanglin", "h", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Confirm(t.Context(), o.DB, "chenmin", mine.Ticket, code(t, mine.Secret, c.now()), ""); err == nil {
		t.Error("somebody else's enrolment was taken")
	}
	if _, err := o.Confirm(t.Context(), o.DB, "wanglin", mine.Ticket, "000000", ""); !problem.Is(err, problem.Invalid) {
		t.Errorf("a wrong first code: %v", err)
	}
	if again, err := o.Enrol(t.Context(), "wanglin", "h", mine.Ticket); err != nil || again.Secret != mine.Secret {
		t.Errorf("the page after a wrong code has another secret: %v", err)
	}
	c.add(31 * time.Minute)
	if _, err := o.Confirm(t.Context(), o.DB, "wanglin", mine.Ticket, code(t, mine.Secret, c.now()), ""); !problem.Is(err, problem.Gone) {
		t.Errorf("an enrolment of half an hour ago: %v", err)
	}
	u, err := url.Parse(mine.URL)
	if err != nil || u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/h:wanglin" || u.Query().Get("secret") != mine.Secret || len(mine.Secret) != 32 {
		t.Errorf("the app is told %s, %v", mine.URL, err)
	}
}

func TestRequiredCodesAndTakingThemOff(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o, c := office(t, db)
		ctx := t.Context()
		create(t, o, "chenmin", staff.Admin)
		create(t, o, "wanglin", staff.Editor)
		if err := o.SetCodeRoles(ctx, db, []staff.Role{staff.Admin}); err != nil {
			t.Fatal(err)
		}
		if err := db.Tx(ctx, func(q store.Queryer) error { return o.SetCodeRoles(ctx, q, []staff.Role{staff.Editor, "king"}) }); err == nil {
			t.Error("a role nobody knows was taken")
		}
		if must, err := o.CodeRoles(ctx); err != nil || len(must) != 1 || must[0] != staff.Admin {
			t.Errorf("CodeRoles() = %v, %v", must, err)
		}
		owes := func(name string) bool {
			a, err := o.Session(ctx, signIn(t, o, name, good))
			if err != nil {
				t.Fatal(err)
			}
			return a.Owes
		}
		if !owes("chenmin") || owes("wanglin") {
			t.Error("the wrong account owes codes")
		}
		enrol(t, o, c, "chenmin")
		if err := o.DropCodes(ctx, db, "chenmin"); !problem.Is(err, problem.Conflict) {
			t.Errorf("dropping codes one must have: %v", err)
		}
		if a, _ := o.Find(ctx, "chenmin"); a.Owes || a.Coded.IsZero() || a.Recovery != 10 {
			t.Errorf("with codes the account is %+v", a)
		}
		if err := o.ResetCodes(ctx, db, "chenmin"); err != nil {
			t.Fatal(err)
		}
		if a, _ := o.Find(ctx, "chenmin"); !a.Owes || !a.Coded.IsZero() || a.Recovery != 0 {
			t.Errorf("after the reset the account is %+v", a)
		}
		enrol(t, o, c, "wanglin")
		if err := o.DropCodes(ctx, db, "wanglin"); err != nil {
			t.Fatal(err)
		}
		signIn(t, o, "wanglin", good)
		if err := o.ResetCodes(ctx, db, "nobody"); !problem.Is(err, problem.Missing) {
			t.Errorf("resetting nobody's codes: %v", err)
		}
	})
}

func TestSecretsAreSealedForTheirRowAndSealedAnew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o, c := office(t, db)
		ctx := t.Context()
		create(t, o, "chenmin", staff.Admin)
		create(t, o, "wanglin", staff.Admin)
		secret, recovery := enrol(t, o, c, "chenmin")
		enrol(t, o, c, "wanglin")
		kept := func(name string) (sealed string) {
			if err := db.QueryRowContext(ctx, `SELECT code FROM staff_accounts WHERE name = $1`, name).Scan(&sealed); err != nil {
				t.Fatal(err)
			}
			return sealed
		}
		if strings.Contains(kept("chenmin"), secret) || !strings.HasPrefix(kept("chenmin"), "s1.") {
			t.Errorf("the secret is kept as %.12s…", kept("chenmin"))
		}
		var hash string
		if err := db.QueryRowContext(ctx, `SELECT hash FROM staff_recovery WHERE account = 'chenmin' ORDER BY hash LIMIT 1`).Scan(&hash); err != nil {
			t.Fatal(err)
		}
		for _, one := range recovery {
			if hash == one || len(hash) != 64 {
				t.Errorf("a recovery code is kept as %s", hash)
			}
		}
		newer := privacy.NewKey()
		fresh, err := privacy.ParseKeys(newer)
		if err != nil {
			t.Fatal(err)
		}
		old := o.Keys
		o.Keys = fresh
		if err := o.Rotate(ctx); err == nil {
			t.Error("secrets were sealed anew without the key they were sealed with")
		}
		o.Keys = old
		sealed := kept("wanglin")
		if err := o.Rotate(ctx); err != nil || kept("wanglin") != sealed {
			t.Errorf("Rotate() under the same key: %v, or it changed a row", err)
		}
		// Somebody who can write to the table gives an account the secret of another.
		if _, err := db.ExecContext(ctx, `UPDATE staff_accounts SET code = $1, code_step = 0 WHERE name = 'wanglin'`, kept("chenmin")); err != nil {
			t.Fatal(err)
		}
		if _, err := o.SignInCode(ctx, first(t, o, "wanglin"), code(t, secret, c.now()), at("x")); err == nil || problem.Is(err, problem.Unauthenticated) {
			t.Errorf("a secret moved to another row: %v, want an error of ours", err)
		}
	})
}
