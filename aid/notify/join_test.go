package notify_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"mashang/aid/notify"
	"mashang/platform/kv"
	"mashang/platform/problem"
)

func TestFormSaysWhatIsWrong(t *testing.T) {
	c := newCounty(t, sqlite(t))
	for _, tt := range []struct {
		name  string
		edit  func(*notify.Wish)
		field string
	}{
		{"no phone", func(w *notify.Wish) { w.Phone = "" }, "phone"},
		{"a landline", func(w *notify.Wish) { w.Phone = "0500-5550121" }, "phone"},
		{"ten digits", func(w *notify.Wish) { w.Phone = "1390000111" }, "phone"},
		{"nonsense for a year", func(w *notify.Wish) { w.Born = "四七年" }, "born"},
		{"a year to come", func(w *notify.Wish) { w.Born = "2030" }, "born"},
		{"nothing chosen", func(w *notify.Wish) { w.Situations = []string{"nowhere"} }, "situations"},
		{"not agreed", func(w *notify.Wish) { w.Agreed = false }, "agree"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := c.wish(zhang)
			tt.edit(&w)
			var e *problem.Error
			if _, err := c.desk.Join(t.Context(), w, ""); !errors.As(err, &e) || e.Fields[tt.field] == "" {
				t.Errorf("Join() = %v, want field %q named", err, tt.field)
			}
		})
	}
}

func TestCodesAreBounded(t *testing.T) {
	c := newCounty(t, sqlite(t))
	c.desk.KV = kv.NewMemory(c.Now)
	for n := range 3 {
		if _, err := c.desk.Join(t.Context(), c.wish(zhang), fmt.Sprint(n)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.desk.Join(t.Context(), c.wish(zhang), "9"); !problem.Is(err, problem.Limited) {
		t.Errorf("a fourth code: %v, want limited", err)
	}
}

// A phone is a stranger's as long as its owner has not typed a code: who asks for it day after day is stopped.
func TestAStrangersPhoneIsNotAskedForAMonth(t *testing.T) {
	c := newCounty(t, sqlite(t))
	c.desk.KV = kv.NewMemory(c.Now)
	sent := 0
	for range 20 {
		c.Add(9 * time.Hour)
		if _, err := c.desk.Join(t.Context(), c.wish(zhang), ""); err == nil {
			sent++
		} else if !problem.Is(err, problem.Limited) {
			t.Fatal(err)
		}
	}
	if sent != 8 {
		t.Errorf("%d codes in eight days, want 8 a month", sent)
	}
	for range 20 { // who says yes each time is not counted
		c.Add(9 * time.Hour)
		c.join(t, c.wish("13900002222"))
	}
}

func TestTheWayOutIsNotUsedUpByThoseWhoAskIn(t *testing.T) {
	c := newCounty(t, sqlite(t))
	c.desk.KV = kv.NewMemory(c.Now)
	c.join(t, c.wish(zhang))
	for {
		ok, _, err := c.desk.KV.Allow(t.Context(), "notify:all", 600, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
	}
	if _, err := c.desk.Join(t.Context(), c.wish("13900002222"), ""); !problem.Is(err, problem.Limited) {
		t.Fatalf("Join() = %v, want the county's bound reached", err)
	}
	if _, err := c.desk.AskLeave(t.Context(), zhang, ""); err != nil {
		t.Errorf("AskLeave() = %v, want a way out", err)
	}
}

// Whose phone is subscribed shows in nothing that a stranger can ask.
func TestAskingForAWayOutTellsNothing(t *testing.T) {
	c := newCounty(t, sqlite(t))
	c.join(t, c.wish(zhang))
	answers := func(phone string) (all []string) {
		var handles []string
		for range 2 {
			began := time.Now()
			handle, err := c.desk.AskLeave(t.Context(), phone, "")
			if err != nil {
				t.Fatal(err)
			}
			if took := time.Since(began); took < 200*time.Millisecond {
				t.Errorf("%s: answered after %v, want no sooner than any other", phone, took)
			}
			handles = append(handles, handle)
		}
		for range 6 {
			for _, handle := range handles {
				_, err := c.desk.Confirm(t.Context(), handle, "x", "")
				all = append(all, err.Error())
			}
		}
		return all
	}
	if got, want := fmt.Sprint(answers("13900002222")), fmt.Sprint(answers(zhang)); got != want {
		t.Errorf("a stranger's phone answers %s, one that is subscribed %s", got, want)
	}
}
