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
	"mashang/platform/store/storetest"
)

func TestFiveWrongPasswordsLockAccountForThatAddress(t *testing.T) {
	kvtest.Each(t, func(t *testing.T, s kv.Store) {
		db := storetest.SQLite(t)
		o, _ := office(t, db)
		o.KV = s
		create(t, o, "chenmin", staff.Admin)
		try := func(name, password, address string) error {
			_, err := o.SignIn(t.Context(), name, password, at(address))
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
				_, err := o.SignIn(t.Context(), "chenmin", "wrong password", at("a"))
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
		o.SignIn(t.Context(), "chenmin", "wrong password", at("a"))
	}
	c.add(9 * time.Minute)
	if _, err := o.SignIn(t.Context(), "chenmin", good, at("a")); !problem.Is(err, problem.Limited) {
		t.Errorf("after nine minutes: %v", err)
	}
	c.add(61 * time.Second)
	if _, err := o.SignIn(t.Context(), "chenmin", good, at("a")); err != nil {
		t.Errorf("after ten minutes: %v", err)
	}
}

func TestUnknownAndDisabledLookAlike(t *testing.T) {
	db := storetest.SQLite(t)
	o, _ := office(t, db)
	create(t, o, "chenmin", staff.Admin)
	create(t, o, "wanglin", staff.Editor)
	if err := o.SetDisabled(t.Context(), o.DB, "wanglin", true); err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, name := range []string{"chenmin", "wanglin", "nobody", "", "' OR 1=1 --", strings.Repeat("x", 10000)} {
		password := "wrong password"
		if name == "wanglin" {
			password = good
		}
		_, err := o.SignIn(t.Context(), name, password, at("a"+name[:min(3, len(name))]))
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
