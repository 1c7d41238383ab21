package staff_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"mashang/platform/kv"
	"mashang/platform/privacy"
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

func office(t testing.TB, db *store.DB) (*staff.Office, *clock) {
	t.Helper()
	c := &clock{t: time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)}
	s := kv.NewMemory(c.now)
	t.Cleanup(func() { s.Close() })
	keys, err := privacy.ParseKeys(privacy.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	return &staff.Office{DB: db, KV: s, Keys: keys, Now: c.now, Cost: &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}}, c
}

func create(t testing.TB, o *staff.Office, name string, role staff.Role) {
	t.Helper()
	if err := o.Ensure(t.Context(), name, role, "", good); err != nil {
		t.Fatal(err)
	}
}

// at is a visit from an address.
func at(address string) staff.Visit { return staff.Visit{Address: address} }

func signIn(t testing.TB, o *staff.Office, name, password string) string {
	t.Helper()
	pass, err := o.SignIn(t.Context(), name, password, at("192.0.2.1"))
	if err != nil {
		t.Fatal(err)
	}
	return pass.Token
}

// reset gives an account a fresh password.
func reset(t testing.TB, o *staff.Office, name string) string {
	t.Helper()
	given, err := o.Give(t.Context())
	if err == nil {
		err = o.Reset(t.Context(), o.DB, name, given)
	}
	if err != nil {
		t.Fatal(err)
	}
	return given.Password
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
		given := reset(t, o, "chenmin")
		pass, err := o.SignIn(t.Context(), " ChenMin ", given, at("192.0.2.1"))
		token := pass.Token
		if err != nil || pass.Account.Role != staff.Admin || !pass.Account.Renew {
			t.Fatalf("SignIn() = %+v, %v", pass.Account, err)
		}
		other := signIn(t, o, "chenmin", given)
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
	o.Cost = nil
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
			{"revoked", func() error { return o.Revoke(t.Context(), o.DB, "wanglin") }},
			{"disabled", func() error { return o.SetDisabled(t.Context(), o.DB, "wanglin", true) }},
			{"a new password", func() error { reset(t, o, "wanglin"); return nil }},
		} {
			t.Run(end.name, func(t *testing.T) {
				if err := errors.Join(o.SetDisabled(t.Context(), o.DB, "wanglin", false), o.Ensure(t.Context(), "wanglin", staff.Editor, "", good)); err != nil {
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

func TestPasswordsAreJudged(t *testing.T) {
	db := storetest.SQLite(t)
	o, _ := office(t, db)
	create(t, o, "chenmin", staff.Admin)
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
			if err := o.Ensure(t.Context(), "chenmin", staff.Admin, "", good); err != nil {
				t.Fatal(err)
			}
			_, err := o.ChangePassword(t.Context(), "chenmin", good, tt.password, at("a"))
			var p *problem.Error
			if tt.want == "" && err == nil {
				return
			}
			if !errors.As(err, &p) || p.Fields["password"] != tt.want {
				t.Errorf("ChangePassword() = %v, want %q", err, tt.want)
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
		if _, err := o.ChangePassword(ctx, "chenmin", "wrong password", "another good one", at("a")); !errors.As(err, &p) || p.Fields["old"] == "" {
			t.Errorf("with a wrong old password: %v", err)
		}
		if _, err := o.ChangePassword(ctx, "chenmin", good, good, at("a")); !errors.As(err, &p) || p.Fields["password"] == "" {
			t.Errorf("to the same password: %v", err)
		}
		token := signIn(t, o, "chenmin", good)
		fresh, err := o.ChangePassword(ctx, "chenmin", good, "another good one", at("a"))
		if err != nil {
			t.Fatal(err)
		}
		if !ended(t, o, token) || ended(t, o, fresh) {
			t.Error("the old session goes on, or the new one does not")
		}
		pass, err := o.SignIn(ctx, "chenmin", "another good one", at("a"))
		if err != nil || pass.Account.Renew {
			t.Errorf("SignIn() = %+v, %v", pass, err)
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
			scope, field  string
		}{
			{"taken", "chenmin", staff.Editor, "", "name"},
			{"a space", "chen min", staff.Editor, "", "name"},
			{"Chinese", "陈敏", staff.Editor, "", "name"},
			{"large letters", "Chenmin2", staff.Editor, "", "name"},
			{"no role", "wanglin", "king", "", "role"},
			{"a helper for no place", "wanglin", staff.Helper, "", "scope"},
			{"an administrator of one town", "wanglin", staff.Admin, "990121100000", "scope"},
		} {
			t.Run(tt.name, func(t *testing.T) {
				given, err := o.Give(ctx)
				if err == nil {
					err = o.Create(ctx, db, staff.Account{Name: tt.account, Role: tt.role, Scope: tt.scope}, given)
				}
				var p *problem.Error
				if !errors.As(err, &p) || p.Fields[tt.field] == "" {
					t.Errorf("Create() = %v, want field %s", err, tt.field)
				}
			})
		}
		if err := o.SetDisabled(ctx, o.DB, "chenmin", true); !problem.Is(err, problem.Conflict) {
			t.Errorf("the last admin was disabled: %v", err)
		}
		create(t, o, "wanglin", staff.Admin)
		if err := o.SetDisabled(ctx, o.DB, "chenmin", true); err != nil {
			t.Error(err)
		}
		if err := o.SetDisabled(ctx, o.DB, "nobody", true); !problem.Is(err, problem.Missing) {
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
		if pass, err := o.SignIn(t.Context(), "admin", "another good one", at("x")); err != nil || pass.Account.Scope != "990121100000" {
			t.Errorf("SignIn() = %+v, %v", pass, err)
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
