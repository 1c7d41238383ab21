package staff_test

import (
	"sync"
	"testing"

	"mashang/platform/kv"
	"mashang/platform/problem"
	"mashang/platform/staff"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// TestTwoAdministratorsCannotStopEachOther: each stops the other at the same
// moment; one of them stays.
func TestTwoAdministratorsCannotStopEachOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o, _ := office(t, db)
		create(t, o, "chenmin", staff.Admin)
		create(t, o, "wanglin", staff.Admin)
		for range 5 {
			var all sync.WaitGroup
			for name, deed := range map[string]func(q store.Queryer) error{
				"chenmin": func(q store.Queryer) error { return o.SetDisabled(t.Context(), q, "chenmin", true) },
				"wanglin": func(q store.Queryer) error {
					return o.Change(t.Context(), q, staff.Account{Name: "wanglin", Role: staff.Editor})
				},
			} {
				all.Go(func() {
					if err := db.Tx(t.Context(), deed); err != nil && !problem.Is(err, problem.Conflict) {
						t.Errorf("%s: %v", name, err)
					}
				})
			}
			all.Wait()
			left := 0
			list, err := o.List(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range list {
				if a.Role == staff.Admin && !a.Disabled {
					left++
				}
			}
			if left != 1 {
				t.Fatalf("%d administrators are left, want one", left)
			}
			create(t, o, "chenmin", staff.Admin)
			create(t, o, "wanglin", staff.Admin)
		}
	})
}

// TestSubjectBindsOneAccountOnce: of two people who come with the same name at the
// same moment, one is bound and the other refused.
func TestSubjectBindsOneAccountOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o, _ := office(t, db)
		create(t, o, "chenmin", staff.Admin)
		var mu sync.Mutex
		in := map[string]bool{}
		var all sync.WaitGroup
		for _, subject := range []string{"one", "two", "one", "two"} {
			all.Go(func() {
				pass, err := o.SignInBy(t.Context(), "chenmin", subject, at("a"))
				if err == nil && pass.Token != "" {
					mu.Lock()
					in[subject] = true
					mu.Unlock()
				} else if !problem.Is(err, problem.Unauthenticated) {
					t.Errorf("SignInBy(%s) = %v", subject, err)
				}
			})
		}
		all.Wait()
		if len(in) != 1 {
			t.Errorf("signed in were %v, want one of the two", in)
		}
		for _, who := range []struct{ name, subject string }{{"nobody", "one"}, {"chenmin", ""}, {"", "one"}, {"chenmin' --", "one"}} {
			if _, err := o.SignInBy(t.Context(), who.name, who.subject, at("a")); !problem.Is(err, problem.Unauthenticated) {
				t.Errorf("SignInBy(%q, %q) = %v", who.name, who.subject, err)
			}
		}
	})
}

// FuzzSecondStep sends what strangers may send as a ticket and a code.
func FuzzSecondStep(f *testing.F) {
	for _, seed := range [][2]string{{"", ""}, {"s1.k.AAAA", "123456"}, {"s1..", "aaaaa-aaaaa-aaaaa"}, {"\x00", "１２３ ４５６"}, {"s1.k1.____", "\u3000"}} {
		f.Add(seed[0], seed[1])
	}
	o, c := office(f, storetest.SQLite(f))
	create(f, o, "chenmin", staff.Admin)
	enrol(f, o, c, "chenmin")
	real := first(f, o, "chenmin")
	f.Fuzz(func(t *testing.T, ticket, code string) {
		state := kv.NewMemory(c.now) // no lock stands in the way
		defer state.Close()
		o.KV = state
		for _, try := range []string{ticket, real} {
			if _, err := o.SignInCode(t.Context(), try, code, at("a")); !problem.Is(err, problem.Unauthenticated) {
				t.Errorf("SignInCode(%q, %q) = %v", try, code, err)
			}
		}
	})
}
