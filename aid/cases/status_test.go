package cases_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mashang/aid/cases"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func TestStatusByReceiptAndProof(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		filed := file(t, w, application())
		pin := file(t, w, cases.Filing{Kind: cases.Emergency, Programme: "linshi_jinan"})
		for _, tt := range []struct{ name, receipt, proof, want string }{
			{"as given", filed.Receipt, "002X", filed.Receipt},
			{"in fours, small x", cases.Spoken(filed.Receipt), "002x", filed.Receipt},
			{"full width", filed.Receipt, "００２Ｘ", filed.Receipt},
			{"a cross for the X", filed.Receipt, "002×", filed.Receipt},
			{"the PIN", pin.Receipt, " " + pin.PIN[:3] + " " + pin.PIN[3:], pin.Receipt},
			{"a wrong proof", filed.Receipt, "0020", ""},
			{"no proof", filed.Receipt, "", ""},
			{"another's proof", pin.Receipt, "002X", ""},
			{"an unknown receipt", cases.NewReceipt(), "002X", ""},
			{"no receipt at all", "您好", "002X", ""},
		} {
			t.Run(tt.name, func(t *testing.T) {
				v, err := w.Status(t.Context(), tt.receipt, tt.proof, "203.0.113.9")
				if tt.want != "" {
					if err != nil || v.Receipt != tt.want || v.Token == "" {
						t.Errorf("Status() = %+v, %v, want %s with its token", v, err, tt.want)
					}
					return
				}
				var p *problem.Error
				if !errors.As(err, &p) || p.Kind != problem.Missing || p.Key != "status.unknown" || len(p.Fields) != 0 || err.Error() != "missing: status.unknown" {
					t.Errorf("Status() = %v, want the one answer for everything that does not match", err)
				}
			})
		}
		if _, err := w.ByToken(t.Context(), filed.Token+"A"); !problem.Is(err, problem.Missing) {
			t.Errorf("a wrong token: %v, want missing", err)
		}
	})
}

func TestFiveWrongProofsLockThatPairOnly(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	one := file(t, w, application())
	f := application()
	f.Person = "PERSON2"
	two := file(t, w, f)
	look := func(receipt, proof, address string) error {
		_, err := w.Status(t.Context(), receipt, proof, address)
		return err
	}
	for _, tt := range []struct{ name, receipt string }{{"a receipt that exists", one.Receipt}, {"one that does not", cases.NewReceipt()}} {
		for n := range 5 {
			w.clock.Add(time.Minute)
			if err := look(tt.receipt, fmt.Sprint(1000+n), "203.0.113.9"); !problem.Is(err, problem.Missing) {
				t.Fatalf("%s, wrong proof %d: %v, want missing", tt.name, n+1, err)
			}
		}
		w.clock.Add(14 * time.Minute)
		err := look(tt.receipt, "002X", "203.0.113.9")
		var p *problem.Error
		if !errors.As(err, &p) || p.Kind != problem.Limited || p.RetryAfter > time.Minute || p.Args["minutes"] != "1" {
			t.Errorf("%s, fourteen minutes after the fifth: %v, want limited for another minute", tt.name, err)
		}
		w.clock.Add(time.Minute + time.Second)
		if err := look(tt.receipt, "9999", "203.0.113.9"); !problem.Is(err, problem.Missing) {
			t.Errorf("%s, after the lock: %v, want missing", tt.name, err)
		}
	}
	for n := range 5 {
		if err := look(one.Receipt, fmt.Sprint(2000+n), "2001:db8:1:2::"+fmt.Sprint(n)); !problem.Is(err, problem.Missing) {
			t.Fatal(err)
		}
	}
	if err := look(one.Receipt, "002X", "2001:db8:1:2::99"); !problem.Is(err, problem.Limited) {
		t.Errorf("another address of the same network: %v, want limited", err)
	}
	if err := look(one.Receipt, "002X", "198.51.100.7"); err != nil {
		t.Errorf("the same receipt from elsewhere: %v", err)
	}
	if err := look(two.Receipt, "002X", "2001:db8:1:2::1"); err != nil {
		t.Errorf("the neighbour behind the same address: %v", err)
	}
	for range 20 {
		if err := look(two.Receipt, "002X", "2001:db8:1:2::1"); err != nil {
			t.Fatalf("looking often with the right proof: %v", err)
		}
	}
}

func TestManyGuessesAtOnceAreNoMoreThanFive(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	filed := file(t, w, application())
	var looked, locked atomic.Int64
	var wg sync.WaitGroup
	for n := range 60 {
		wg.Go(func() {
			_, err := w.Status(context.Background(), filed.Receipt, fmt.Sprint(3000+n), "203.0.113.9")
			switch {
			case problem.Is(err, problem.Missing):
				looked.Add(1)
			case problem.Is(err, problem.Limited):
				locked.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if looked.Load() != 5 || locked.Load() != 55 {
		t.Errorf("%d guesses were looked at, %d refused, want 5 and 55", looked.Load(), locked.Load())
	}
}

func TestAddressAndReceiptAloneBearFarMore(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	filed := file(t, w, application())
	limited := func(n int, receipt func(int) string, address func(int) string) int {
		for i := range n {
			if _, err := w.Status(t.Context(), receipt(i), "9999", address(i)); problem.Is(err, problem.Limited) {
				return i
			}
		}
		return n
	}
	same := func(s string) func(int) string { return func(int) string { return s } }
	if n := limited(200, same(filed.Receipt), func(i int) string { return fmt.Sprintf("10.0.%d.%d", i/250, i%250) }); n != 100 {
		t.Errorf("a receipt was closed to everybody after %d wrong proofs, want 100", n)
	}
	if n := limited(400, func(int) string { return cases.NewReceipt() }, same("192.0.2.1")); n != 300 {
		t.Errorf("an address was closed after %d wrong receipts, want 300", n)
	}
}
