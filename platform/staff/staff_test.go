package staff_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mashang/platform/kv"
	"mashang/platform/kv/kvtest"
	"mashang/platform/problem"
	"mashang/platform/staff"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

const good = "horse-battery-staple"

// clock can be moved by a test.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

func office(t *testing.T, db *store.DB) (*staff.Office, *clock) {
	t.Helper()
	c := &clock{t: time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)}
	s := kv.NewMemory(c.now)
	t.Cleanup(func() { s.Close() })
	return &staff.Office{DB: db, KV: s, Now: c.now}, c
}

func create(t *testing.T, o *staff.Office, name string, role staff.Role) {
	t.Helper()
	if _, err := o.Create(t.Context(), name, role, "", good); err != nil {
		t.Fatal(err)
	}
}

func signIn(t *testing.T, o *staff.Office, name, password string) string {
	t.Helper()
	_, token, err := o.SignIn(t.Context(), name, password, "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func ended(t *testing.T, o *staff.Office, token string) bool {
	t.Helper()
	_, err := o.Session(t.Context(), token)
	if err != nil && !problem.Is(err, problem.Unauthenticated) {
		t.Fatal(err)
	}
	return err != nil
}

func TestSignInAndOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o, _ := office(t, db)
		create(t, o, "chenmin", staff.Admin)
		a, token, err := o.SignIn(t.Context(), " ChenMin ", good, "192.0.2.1")
		if err != nil || a.Role != staff.Admin || !a.Renew {
			t.Fatalf("SignIn() = %+v, %v", a, err)
		}
		other := signIn(t, o, "chenmin", good)
		if token == other {
			t.Error("two sign-ins share a token")
		}
		if a, err := o.Session(t.Context(), token); err != nil || a.Name != "chenmin" {
			t.Errorf("Session() = %+v, %v", a, err)
		}
		if err := o.SignOut(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		if !ended(t, o, token) || ended(t, o, other) {
			t.Error("signing out ended the wrong session")
		}
		for _, bad := range []string{"", "x", strings.Repeat("x", 5000), "\x00"} {
			if !ended(t, o, bad) {
				t.Errorf("token %.10q is a session", bad)
			}
		}
		if err := o.SignOut(t.Context(), "unknown"); err != nil {
			t.Errorf("SignOut() of an unknown token = %v", err)
		}
	})
}

func TestNothingInTheTableLetsIn(t *testing.T) {
	db := storetest.SQLite(t)
	o, _ := office(t, db)
	create(t, o, "chenmin", staff.Admin)
	token := signIn(t, o, "chenmin", good)
	var hash, password string
	if err := db.QueryRowContext(t.Context(), `SELECT hash FROM staff_sessions`).Scan(&hash); err != nil {
		t.Fatal(err)
	}
	if err := db.QueryRowContext(t.Context(), `SELECT password FROM staff_accounts`).Scan(&password); err != nil {
		t.Fatal(err)
	}
	if hash == token || !ended(t, o, hash) {
		t.Error("the table holds what lets somebody in")
	}
	if !strings.HasPrefix(password, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("the password is kept as %.20s…", password)
	}
}

func TestSessionsEndByThemselves(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o, c := office(t, db)
		create(t, o, "chenmin", staff.Admin)
		token := signIn(t, o, "chenmin", good)
		for range 3 {
			c.add(14*time.Minute + 30*time.Second)
			if ended(t, o, token) {
				t.Fatal("a session in use ended")
			}
		}
		c.add(15*time.Minute + time.Second)
		if !ended(t, o, token) {
			t.Error("an idle session went on")
		}
		token = signIn(t, o, "chenmin", good)
		for range 72 {
			c.add(10 * time.Minute)
			if ended(t, o, token) && c.now().Before(time.Date(2026, 11, 25, 20, 0, 0, 0, time.UTC)) {
				t.Fatal("a session in use ended before its 12 hours")
			}
		}
		if !ended(t, o, token) {
			t.Error("a session lived longer than 12 hours")
		}
		signIn(t, o, "chenmin", good)
		var n int
		if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM staff_sessions`).Scan(&n); err != nil || n != 1 {
			t.Errorf("%d rows of sessions are kept, %v, want the one open", n, err)
		}
	})
}

func TestRevokedSessionStaysEnded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o, c := office(t, db)
		create(t, o, "chenmin", staff.Admin)
		create(t, o, "wanglin", staff.Editor)
		for _, end := range []struct {
			name string
			how  func() error
		}{
			{"revoked", func() error { return o.Revoke(t.Context(), "wanglin") }},
			{"disabled", func() error { return o.SetDisabled(t.Context(), "wanglin", true) }},
			{"a new password", func() error { return o.SetPassword(t.Context(), "wanglin", "another good one") }},
		} {
			t.Run(end.name, func(t *testing.T) {
				if err := errors.Join(o.SetDisabled(t.Context(), "wanglin", false), o.Ensure(t.Context(), "wanglin", staff.Editor, "", good)); err != nil {
					t.Fatal(err)
				}
				mine, theirs := signIn(t, o, "wanglin", good), signIn(t, o, "chenmin", good)
				if err := end.how(); err != nil {
					t.Fatal(err)
				}
				c.add(time.Minute)
				if !ended(t, o, mine) || ended(t, o, theirs) {
					t.Error("the wrong sessions ended")
				}
			})
		}
	})
}

func TestFiveWrongPasswordsLockAccountForThatAddress(t *testing.T) {
	kvtest.Each(t, func(t *testing.T, s kv.Store) {
		db := storetest.SQLite(t)
		o, _ := office(t, db)
		o.KV = s
		create(t, o, "chenmin", staff.Admin)
		try := func(name, password, address string) error {
			_, _, err := o.SignIn(t.Context(), name, password, address)
			return err
		}
		for n := range 4 {
			if err := try("chenmin", "wrong password", "a"); !problem.Is(err, problem.Unauthenticated) {
				t.Fatalf("wrong password %d: %v", n+1, err)
			}
		}
		if err := try("chenmin", good, "a"); err != nil {
			t.Errorf("after four wrong passwords: %v", err)
		}
		for n := range 5 { // the right one began the count anew
			if err := try("chenmin", "wrong password", "a"); !problem.Is(err, problem.Unauthenticated) {
				t.Errorf("wrong password %d: %v", n+1, err)
			}
		}
		err := try("chenmin", good, "a")
		var p *problem.Error
		if !errors.As(err, &p) || p.Kind != problem.Limited || p.RetryAfter < 9*time.Minute || p.RetryAfter > 10*time.Minute {
			t.Errorf("the right password after five wrong ones: %v, want locked for ten minutes", err)
		}
		if err := try("chenmin", good, "b"); err != nil {
			t.Errorf("another address is locked too: %v", err)
		}
		for range 5 {
			try("nobody", "wrong password", "c")
		}
		if err := try("nobody", "wrong password", "c"); !problem.Is(err, problem.Limited) {
			t.Errorf("an unknown account does not lock: %v", err)
		}
	})
}

func TestGuessesAtOnceAreNoMoreThanGuessesInTurn(t *testing.T) {
	kvtest.Each(t, func(t *testing.T, s kv.Store) {
		o, _ := office(t, storetest.SQLite(t))
		o.KV = s
		create(t, o, "chenmin", staff.Admin)
		var tried atomic.Int32
		var all sync.WaitGroup
		for range 30 {
			all.Go(func() {
				_, _, err := o.SignIn(t.Context(), "chenmin", "wrong password", "a")
				if problem.Is(err, problem.Unauthenticated) {
					tried.Add(1)
				}
			})
		}
		all.Wait()
		if n := tried.Load(); n < 1 || n > 5 {
			t.Errorf("of 30 guesses at once %d were tried, want at most 5", n)
		}
	})
}

func TestLockOpensAgain(t *testing.T) {
	db := storetest.SQLite(t)
	o, c := office(t, db)
	create(t, o, "chenmin", staff.Admin)
	for range 5 {
		o.SignIn(t.Context(), "chenmin", "wrong password", "a")
	}
	c.add(9 * time.Minute)
	if _, _, err := o.SignIn(t.Context(), "chenmin", good, "a"); !problem.Is(err, problem.Limited) {
		t.Errorf("after nine minutes: %v", err)
	}
	c.add(61 * time.Second)
	if _, _, err := o.SignIn(t.Context(), "chenmin", good, "a"); err != nil {
		t.Errorf("after ten minutes: %v", err)
	}
}

func TestUnknownAndDisabledLookAlike(t *testing.T) {
	db := storetest.SQLite(t)
	o, _ := office(t, db)
	create(t, o, "chenmin", staff.Admin)
	create(t, o, "wanglin", staff.Editor)
	if err := o.SetDisabled(t.Context(), "wanglin", true); err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, name := range []string{"chenmin", "wanglin", "nobody", "", "' OR 1=1 --", strings.Repeat("x", 10000)} {
		password := "wrong password"
		if name == "wanglin" {
			password = good
		}
		_, _, err := o.SignIn(t.Context(), name, password, "a"+name[:min(3, len(name))])
		if err == nil {
			t.Fatalf("%.10q signed in", name)
		}
		texts = append(texts, err.Error())
	}
	for _, text := range texts {
		if text != texts[0] {
			t.Errorf("answers differ: %q and %q", text, texts[0])
		}
	}
}

func TestPasswordsAreJudged(t *testing.T) {
	db := storetest.SQLite(t)
	o, _ := office(t, db)
	for _, tt := range []struct{ name, password, want string }{
		{"short", "kurz-123", "staff.password.short"},
		{"long", strings.Repeat("xyz-7", 50), "staff.password.long"},
		{"the name", "my-chenmin-1", "staff.password.name"},
		{"one letter", "aaaaaaaaaaaa", "staff.password.simple"},
		{"a common one", "Password2026!", "staff.password.simple"},
		{"Chinese characters", "床前明月光疑是地上霜", ""},
		{"made here", staff.NewPassword(), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := o.SetPassword(t.Context(), "chenmin", tt.password)
			var p *problem.Error
			if !errors.As(err, &p) {
				t.Fatal(err) // the account does not exist
			}
			if p.Fields["password"] != tt.want {
				t.Errorf("SetPassword() = %v, want %q", err, tt.want)
			}
		})
	}
}

func TestChangePassword(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o, _ := office(t, db)
		create(t, o, "chenmin", staff.Admin)
		ctx := t.Context()
		var p *problem.Error
		if err := o.ChangePassword(ctx, "chenmin", "wrong password", "another good one", "a"); !errors.As(err, &p) || p.Fields["old"] == "" {
			t.Errorf("with a wrong old password: %v", err)
		}
		if err := o.ChangePassword(ctx, "chenmin", good, good, "a"); !errors.As(err, &p) || p.Fields["password"] == "" {
			t.Errorf("to the same password: %v", err)
		}
		token := signIn(t, o, "chenmin", good)
		if err := o.ChangePassword(ctx, "chenmin", good, "another good one", "a"); err != nil {
			t.Fatal(err)
		}
		if !ended(t, o, token) {
			t.Error("the old session goes on")
		}
		a, _, err := o.SignIn(ctx, "chenmin", "another good one", "a")
		if err != nil || a.Renew {
			t.Errorf("SignIn() = %+v, %v", a, err)
		}
	})
}

func TestAccountsAreChecked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o, _ := office(t, db)
		create(t, o, "chenmin", staff.Admin)
		ctx := t.Context()
		for _, tt := range []struct {
			name, account string
			role          staff.Role
			field         string
		}{
			{"taken", "chenmin", staff.Editor, "name"},
			{"a space", "chen min", staff.Editor, "name"},
			{"Chinese", "陈敏", staff.Editor, "name"},
			{"large letters", "Chenmin2", staff.Editor, "name"},
			{"no role", "wanglin", "king", "role"},
		} {
			t.Run(tt.name, func(t *testing.T) {
				_, err := o.Create(ctx, tt.account, tt.role, "", good)
				var p *problem.Error
				if !errors.As(err, &p) || p.Fields[tt.field] == "" {
					t.Errorf("Create() = %v, want field %s", err, tt.field)
				}
			})
		}
		if err := o.SetDisabled(ctx, "chenmin", true); !problem.Is(err, problem.Conflict) {
			t.Errorf("the last admin was disabled: %v", err)
		}
		create(t, o, "wanglin", staff.Admin)
		if err := o.SetDisabled(ctx, "chenmin", true); err != nil {
			t.Error(err)
		}
		if err := o.SetDisabled(ctx, "nobody", true); !problem.Is(err, problem.Missing) {
			t.Errorf("an unknown account: %v", err)
		}
		signIn(t, o, "wanglin", good)
		all, err := o.List(ctx)
		if err != nil || len(all) != 2 || !all[0].Disabled || all[1].Sessions != 1 || all[1].Signed.IsZero() {
			t.Errorf("List() = %+v, %v", all, err)
		}
	})
}

func TestEnsureRepeats(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o, _ := office(t, db)
		for range 2 {
			if err := o.Ensure(t.Context(), "admin", staff.Admin, "", good); err != nil {
				t.Fatal(err)
			}
		}
		token := signIn(t, o, "admin", good)
		if err := o.Ensure(t.Context(), "admin", staff.Admin, "", good); err != nil {
			t.Fatal(err)
		}
		if a, err := o.Session(t.Context(), token); err != nil || a.Renew {
			t.Errorf("after Ensure() the session is %+v, %v", a, err)
		}
		if err := o.Ensure(t.Context(), "admin", staff.Admin, "990121100000", "another good one"); err != nil {
			t.Fatal(err)
		}
		if a, _, err := o.SignIn(t.Context(), "admin", "another good one", "x"); err != nil || a.Scope != "990121100000" {
			t.Errorf("SignIn() = %+v, %v", a, err)
		}
	})
}

func TestRolesAreClosed(t *testing.T) {
	for _, r := range staff.Roles() {
		if got, ok := staff.ParseRole(string(r)); !ok || got != r {
			t.Errorf("ParseRole(%q) = %q, %v", r, got, ok)
		}
		if !staff.Can(r, staff.SeeHome) {
			t.Errorf("%s cannot see the first page", r)
		}
		if staff.Can(r, staff.Everything) || staff.Can(r, "") || staff.Can(r, "something new") {
			t.Errorf("%s may do what is not listed", r)
		}
	}
	if staff.Can("king", staff.SeeHome) {
		t.Error("an unknown role may do something")
	}
	for _, p := range []staff.Permission{staff.EditStaff, staff.Retry, staff.EditEndpoints} {
		for _, r := range staff.Roles() {
			if staff.Can(r, p) != (r == staff.Admin) {
				t.Errorf("Can(%s, %s) = %v", r, p, staff.Can(r, p))
			}
		}
	}
	for _, r := range []staff.Role{staff.Editor, staff.Publisher, staff.Operator, staff.Helper, staff.Auditor} {
		if staff.Can(r, staff.SeePersons) {
			t.Errorf("%s may see persons", r)
		}
	}
}
