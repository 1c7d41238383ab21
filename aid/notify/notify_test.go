package notify_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"mashang/aid/notify"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/sample"
)

const zhang = "13900001111"

func TestNothingIsSentBeforeTheCodeComesBack(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		c := newCounty(t, db)
		c.tick(t)
		handle, err := c.desk.Join(t.Context(), c.wish(zhang), "192.0.2.1")
		if err != nil {
			t.Fatal(err)
		}
		texts := c.send(t)
		if len(texts) != 1 || texts[0].To != zhang {
			t.Fatalf("texts %v, want the code alone", texts)
		}
		c.raise(t, 75000, "2026-11-23")
		c.tick(t)
		if got := c.send(t); len(got) != 0 {
			t.Errorf("before the code came back it heard %v", got)
		}
		for range 5 {
			if _, err := c.desk.Confirm(t.Context(), handle, "000000x", "192.0.2.9"); !problem.Is(err, problem.Invalid) {
				t.Fatalf("a wrong code: %v, want invalid", err)
			}
		}
		if _, err := c.desk.Confirm(t.Context(), handle, sixDigits.FindString(texts[0].Text), "192.0.2.9"); !problem.Is(err, problem.Gone) {
			t.Errorf("the right code after five wrong ones: %v, want gone", err)
		}
		c.Add(25 * time.Hour)
		if err := c.desk.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if f, err := c.desk.Figures(t.Context()); err != nil || f.Pending != 0 || f.Left != 0 {
			t.Errorf("after a day %+v, %v, want nothing left of it", f, err)
		}
	})
}

// A look takes time, and what it finds must not come due a moment after it began: it would not look again.
func TestTheLookThatFindsAChangeTellsIt(t *testing.T) {
	c := newCounty(t, sqlite(t))
	c.tick(t)
	c.join(t, c.wish(zhang))
	c.Add(time.Minute)
	c.raise(t, 75000, "2026-11-23")
	c.desk.Now = func() time.Time {
		c.Add(2 * time.Millisecond)
		return c.Now()
	}
	c.tick(t)
	if got := c.send(t); len(got) != 1 {
		t.Fatalf("texts %v, want one", got)
	}
}

func TestAChangedStandardIsToldOnceAndByDay(t *testing.T) {
	c := newCounty(t, sqlite(t))
	c.tick(t)
	c.join(t, c.wish(zhang))
	c.tick(t)
	if got := c.send(t); len(got) != 0 {
		t.Fatalf("what stood there before was told: %v", got)
	}
	c.Set(at("2026-11-23 21:00"))
	c.raise(t, 75000, "2026-11-23")
	c.tick(t)
	if got := c.parcels(t); len(got) != 0 {
		t.Fatalf("queued at night: %v", got)
	}
	c.Set(at("2026-11-24 09:00"))
	for range 3 {
		c.tick(t)
	}
	got := c.send(t)
	if len(got) != 1 || !strings.Contains(got[0].Text, "712元改为750元") || !strings.Contains(got[0].Text, "11月23日起") {
		t.Fatalf("texts %v, want one with the old figure and the new", got)
	}
	for range 20 {
		c.Add(24 * time.Hour)
		c.tick(t)
		if more := c.send(t); len(more) != 0 {
			t.Fatalf("%v: told again: %v", c.Now(), more)
		}
	}
}

func TestAFutureStandardIsToldOnItsDay(t *testing.T) {
	c := newCounty(t, sqlite(t))
	c.tick(t)
	c.join(t, c.wish(zhang))
	c.raise(t, 75000, "2026-12-01")
	c.tick(t)
	if got := c.parcels(t); len(got) != 0 {
		t.Fatalf("told before its day: %v", got)
	}
	c.Set(at("2026-12-01 10:00"))
	c.tick(t)
	if got := c.send(t); len(got) != 1 || !strings.Contains(got[0].Text, "12月1日起") {
		t.Errorf("texts %v, want it on its day", got)
	}
}

func TestWhatWasCorrectedBeforeItWentOutIsNotTold(t *testing.T) {
	c := newCounty(t, sqlite(t))
	c.tick(t)
	c.join(t, c.wish(zhang))
	c.Set(at("2026-11-23 21:00"))
	c.raise(t, 99900, "2026-11-23")
	c.tick(t)
	c.raise(t, 75000, "2026-11-23")
	c.Set(at("2026-11-24 10:00"))
	c.tick(t)
	c.tick(t)
	if got := c.send(t); len(got) != 1 || !strings.Contains(got[0].Text, "750元") {
		t.Errorf("texts %v, want the corrected figure alone", got)
	}
}

func TestAgesAndYearlyConfirmations(t *testing.T) {
	for _, tt := range []struct {
		name string
		born string
		now  string
		want []string // a word of each text, day by day
	}{
		{"eighty this year", "1946", "2026-03-02 10:00", []string{"今年满80岁，可能可以领高龄津贴"}},
		{"eighty-one", "1945", "2026-03-02 10:00", nil},
		{"the weeks of the confirmation", "", "2026-10-09 10:00", []string{"12月31日前确认资格"}},
		{"both", "1946", "2026-11-23 10:00", []string{"高龄津贴", "高龄津贴"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newCounty(t, sqlite(t))
			c.Set(at(tt.now))
			w := c.wish(zhang)
			w.Born, w.Situations = tt.born, []string{"laoren"}
			c.join(t, w)
			var got []string
			for range 5 {
				c.tick(t)
				texts := c.send(t)
				if len(texts) > 1 {
					t.Errorf("%d texts on one day", len(texts))
				}
				for _, one := range texts {
					got = append(got, one.Text)
				}
				c.Add(24 * time.Hour)
			}
			if len(got) != len(tt.want) {
				t.Fatalf("texts %q, want %d", got, len(tt.want))
			}
			for i, want := range tt.want {
				if !strings.Contains(got[i], want) {
					t.Errorf("text %q, want %q in it", got[i], want)
				}
			}
		})
	}
}

func TestDaysOffAreQuiet(t *testing.T) {
	c := newCounty(t, sqlite(t))
	for _, tt := range []struct {
		now  string
		open bool
	}{
		{"2026-11-23 08:59", false}, {"2026-11-23 09:00", true}, {"2026-11-23 19:59", true}, {"2026-11-23 20:00", false},
		{"2026-11-22 10:00", false}, // a Sunday
		{"2026-02-16 10:00", false}, // 除夕
		{"2026-02-17 10:00", false}, // 春节
	} {
		if open, _ := c.desk.Window(at(tt.now)); open != tt.open {
			t.Errorf("%s: open %v, want %v", tt.now, open, tt.open)
		}
	}
}

func TestTextsFitAndNameNothing(t *testing.T) {
	c := newCounty(t, sqlite(t))
	for _, l := range i18n.Langs() {
		for _, name := range notify.Templates() {
			for _, quiet := range []bool{false, true} {
				text := c.desk.Sample(l, name, quiet)
				if n := utf8.RuneCountInString(text); n > notify.Most(l) {
					t.Errorf("%s %s: %d characters in %q", l, name, n, text)
				}
				if !strings.HasPrefix(text, "【") || strings.ContainsAny(text, "{}") {
					t.Errorf("%s %s: %q", l, name, text)
				}
				if quiet && (strings.Contains(text, "低保") || strings.Contains(text, "最低")) {
					t.Errorf("%s %s names the programme: %q", l, name, text)
				}
				if name != "code" && !strings.Contains(text, "/n/") {
					t.Errorf("%s %s has no way out: %q", l, name, text)
				}
			}
		}
	}
}

func TestLeavingByEveryWay(t *testing.T) {
	c := newCounty(t, sqlite(t))
	c.tick(t)
	ways := map[string]func(link string) error{
		"link": func(link string) error { return c.desk.Leave(t.Context(), link) },
		"code": func(string) error {
			handle, err := c.desk.AskLeave(t.Context(), zhang, "192.0.2.1")
			if err != nil {
				return err
			}
			texts := c.send(t)
			_, err = c.desk.Confirm(t.Context(), handle, sixDigits.FindString(texts[0].Text), "192.0.2.1")
			return err
		},
		"staff": func(string) error {
			return db(c).Tx(t.Context(), func(q store.Queryer) error { return c.desk.LeaveFor(t.Context(), q, zhang, notify.ByStaff) })
		},
	}
	cents := int64(75000)
	for name, leave := range ways {
		c.join(t, c.wish(zhang))
		cents += 1000
		c.Add(24 * time.Hour)
		c.raise(t, cents, c.Now().In(i18n.Shanghai).Format(time.DateOnly))
		c.tick(t)
		texts := c.send(t)
		if len(texts) != 1 {
			t.Fatalf("%s: texts %v", name, texts)
		}
		link := texts[0].Text[len(texts[0].Text)-12:]
		if told, err := c.desk.Behind(t.Context(), link); err != nil || told.Left || told.Programme != "dibao" || len(told.Facts.Changes) != 1 || told.Facts.Changes[0].New != cents {
			t.Errorf("%s: behind the link %+v, %v", name, told, err)
		}
		if err := leave(link); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if told, err := c.desk.Behind(t.Context(), link); err != nil || !told.Left {
			t.Errorf("%s: after leaving %+v, %v", name, told, err)
		}
		if held, err := c.desk.Look(t.Context(), zhang); err != nil || len(held) != 0 {
			t.Errorf("%s: staff still see %v, %v", name, held, err)
		}
	}
	// Who is not subscribed is sent no code, and cannot tell.
	if _, err := c.desk.AskLeave(t.Context(), zhang, "192.0.2.1"); err != nil {
		t.Error(err)
	}
	if got := c.send(t); len(got) != 0 {
		t.Errorf("somebody who left was sent %v", got)
	}
}

func db(c *county) *store.DB { return c.db }

func TestASecondGatewayDoesNotSendToo(t *testing.T) {
	c := newCounty(t, sqlite(t))
	if _, err := c.desk.Join(t.Context(), c.wish(zhang), ""); err != nil {
		t.Fatal(err)
	}
	p := c.parcels(t)[0]
	if _, err := c.key(c.desk, p, "one"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.key(c.desk, p, "one"); err != nil {
		t.Errorf("the same one again: %v", err)
	}
	if _, err := c.key(c.desk, p, "two"); !problem.Is(err, problem.Conflict) {
		t.Errorf("another one: %v, want conflict", err)
	}
	c.Add(11 * time.Minute)
	if _, err := c.key(c.desk, p, "one"); !problem.Is(err, problem.Gone) {
		t.Errorf("after its time: %v, want gone", err)
	}
}

func TestATextNoGatewayTookComesAgainAndEnds(t *testing.T) {
	c := newCounty(t, sqlite(t))
	c.tick(t)
	c.join(t, c.wish(zhang))
	c.Add(time.Minute)
	c.raise(t, 75000, "2026-11-23")
	seen := map[string]bool{}
	for range 6 {
		c.tick(t)
		all := c.parcels(t)
		if len(all) > 1 {
			t.Fatalf("%d at once in the outbox", len(all))
		}
		for _, p := range all {
			seen[p.ID] = true
		}
		c.Add(24 * time.Hour)
	}
	c.tick(t)
	if f, err := c.desk.Figures(t.Context()); err != nil || len(seen) != 3 || f.Queued+f.Planned != 0 || len(c.parcels(t)) != 0 {
		t.Errorf("offered %d times, %+v, %v, want three times and an end", len(seen), f, err)
	}
}

func TestTheCountysBoundHolds(t *testing.T) {
	c := newCounty(t, sqlite(t))
	c.rules.Daily = 2
	c.tick(t)
	for n := range 5 {
		c.join(t, c.wish(fmt.Sprintf("1390000%04d", n)))
	}
	c.Add(time.Minute)
	c.raise(t, 75000, "2026-11-23")
	var days []int
	for range 4 {
		c.tick(t)
		c.tick(t)
		days = append(days, len(c.send(t)))
		c.Add(24 * time.Hour)
	}
	if fmt.Sprint(days) != "[2 2 1 0]" {
		t.Errorf("sent %v, want two a day until all have heard", days)
	}
}

func TestNobodyIsForgottenBehindTheBound(t *testing.T) {
	c := newCounty(t, sqlite(t))
	c.rules.Daily = 1
	c.tick(t)
	const people = 14 // more working days than a figure is fresh
	for n := range people {
		c.join(t, c.wish(fmt.Sprintf("1390000%04d", n)))
	}
	c.Add(time.Minute)
	c.raise(t, 75000, "2026-11-23")
	told := 0
	for range 28 {
		c.tick(t)
		told += len(c.send(t))
		c.Add(24 * time.Hour)
	}
	if told != people {
		t.Errorf("%d of %d were told", told, people)
	}
}

func TestTwoYearsOnItAsksOnceAndEnds(t *testing.T) {
	c := newCounty(t, sqlite(t))
	c.tick(t)
	for _, phone := range []string{zhang, "13900002222"} {
		c.join(t, c.wish(phone))
	}
	c.Set(at("2028-11-27 10:00"))
	asked := 0
	for range 10 {
		c.tick(t)
		for _, one := range c.send(t) {
			asked++
			if one.To == zhang {
				if err := c.desk.Stay(t.Context(), one.Text[len(one.Text)-12:]); err != nil {
					t.Fatal(err)
				}
			}
		}
		c.Add(24 * time.Hour)
	}
	c.Add(90 * 24 * time.Hour)
	if err := c.desk.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	stays, err := c.desk.Look(t.Context(), zhang)
	goes, err2 := c.desk.Look(t.Context(), "13900002222")
	if asked != 2 || len(stays) != 1 || len(goes) != 0 || err != nil || err2 != nil {
		t.Errorf("asked %d times, %v stays, %v goes, %v %v", asked, stays, goes, err, err2)
	}
}

func TestReachCountsThoseItHoldsFor(t *testing.T) {
	c := newCounty(t, sqlite(t))
	c.join(t, c.wish(zhang))
	w := c.wish("13900002222")
	w.Situations = []string{"laoren"}
	c.join(t, w)
	for at, want := range map[string]int{sample.County: 2, "990121990000": 0} {
		if n, err := c.desk.Reach(t.Context(), "dibao", at); err != nil || n != want {
			t.Errorf("Reach(dibao, %s) = %d, %v, want %d", at, n, err, want)
		}
	}
}
