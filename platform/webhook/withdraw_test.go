package webhook_test

import (
	"testing"

	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/platform/webhook"
)

func TestAWithdrawnMessageReachesNobodyNew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		clock := newClock()
		to, b := newReceiver(t, nil), newBook(t, db, clock.Now)
		add(t, b, webhook.Endpoint{Name: "there", URL: to.URL})
		add(t, b, webhook.Endpoint{Name: "away", URL: "http://127.0.0.1:1"})
		ids := make([]string, 2)
		for i := range ids {
			err := db.Tx(t.Context(), func(q store.Queryer) (err error) {
				ids[i], err = webhook.Enqueue(t.Context(), q, webhook.Message{Topic: "notification.sms", Data: i, At: clock.Now()})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		withdraw := func(id string) {
			t.Helper()
			if err := db.Tx(t.Context(), func(q store.Queryer) error { return webhook.Withdraw(t.Context(), q, id) }); err != nil {
				t.Fatal(err)
			}
		}
		withdraw(ids[0])
		run(t, b)
		until(t, "the second message", func() bool { return len(to.seen()) == 1 })
		if got := to.seen()[0].header.Get(webhook.HeaderID); got != ids[1] {
			t.Errorf("%s arrived, want the one that was not withdrawn", got)
		}
		until(t, "it is noted", func() bool {
			all, err := b.Deliveries(t.Context(), webhook.DeliveryFilter{Message: ids[1], State: webhook.Delivered})
			return err == nil && len(all) == 1
		})
		withdraw(ids[1])
		withdraw(ids[1])
		all, err := b.Deliveries(t.Context(), webhook.DeliveryFilter{Message: ids[1]})
		if err != nil || len(all) != 1 || all[0].State != webhook.Delivered {
			t.Errorf("deliveries %+v, %v, want the one that arrived alone", all, err)
		}
	})
}
