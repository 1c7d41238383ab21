package notify_test

import (
	"errors"
	"fmt"
	"testing"

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
