package notify_test

import (
	"strings"
	"testing"
	"time"

	"mashang/aid/notify"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/sample"
)

func TestATextThatWasAskedForGoesOutOnceAndIsForgotten(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		c := newCounty(t, db)
		c.Set(at("2026-11-22 23:40")) // a Sunday night, when news would wait
		c.rules.On = false
		const phone = "13800001234"
		send := func(typed string) error {
			return db.Tx(t.Context(), func(q store.Queryer) error {
				return c.desk.SendOnce(t.Context(), q, notify.Once{Phone: typed, Template: "code", Key: "notify.sms.code", Values: map[string]string{"code": "1"}, Lang: i18n.Hans, Place: sample.Xinglin})
			})
		}
		for _, bad := range []string{"", "12", "0500-5550121", "1380000123"} {
			if err := send(bad); !problem.Is(err, problem.Invalid) {
				t.Errorf("SendOnce(%q) = %v, want an error about the number", bad, err)
			}
		}
		if err := send(" 138-0000-1234 "); err != nil {
			t.Fatal(err)
		}
		var rows string
		if err := db.QueryRowContext(t.Context(), `SELECT sealed || person || (SELECT body FROM webhook_messages LIMIT 1) FROM notify_people`).Scan(&rows); err != nil || strings.Contains(rows, phone) {
			t.Fatalf("what is kept shows the number, or cannot be read: %v", err)
		}
		if held, err := c.desk.Look(t.Context(), phone); err != nil || len(held) > 0 {
			t.Errorf("Look() = %v, %v: one text is no subscription", held, err)
		}
		parcels := c.parcels(t)
		got := c.send(t)
		if len(got) != 1 || got[0].To != phone || !strings.HasPrefix(got[0].Text, "【") {
			t.Fatalf("sent %v, want one text at night although news is off", got)
		}
		c.Add(25 * time.Hour)
		if err := c.desk.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := c.key(c.desk, parcels[0], "gateway"); !problem.Is(err, problem.Gone) {
			t.Errorf("the key after a day = %v, want that it is gone", err)
		}
		var left int
		if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM notify_people`).Scan(&left); err != nil || left != 0 {
			t.Errorf("%d numbers left after a day, %v", left, err)
		}
	})
}

func TestATextNobodyTookInTimeIsTakenBack(t *testing.T) {
	c := newCounty(t, sqlite(t))
	err := c.db.Tx(t.Context(), func(q store.Queryer) error {
		return c.desk.SendOnce(t.Context(), q, notify.Once{Phone: "13800001234", Template: "code", Key: "notify.sms.code", Lang: i18n.Hans, Place: sample.Xinglin})
	})
	if err != nil {
		t.Fatal(err)
	}
	c.Add(3 * time.Hour)
	c.tick(t)
	if got := c.parcels(t); len(got) > 0 {
		t.Errorf("%d parcels lie in the outbox after their time", len(got))
	}
}
