package backoffice_test

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"mashang/platform/privacy"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/platform/webhook"
)

func TestCourierDeliversToAnOfficeThatLosesItsAnswers(t *testing.T) {
	o := newOffice(t)
	o.call(t, "/fault", `{"kind":"lost-ack","count":2}`)
	keys, err := privacy.ParseKeys(privacy.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	fast := func() time.Time { return began.Add(20 * time.Since(began)) } // the five seconds of the schedule pass in a quarter
	book := &webhook.Book{DB: storetest.SQLite(t), Keys: keys, Now: fast}
	if _, _, err := book.Add(t.Context(), webhook.Endpoint{Name: "示例后台", URL: o.URL + "/hooks"},
		webhook.Credentials{Signing: webhook.FormatSecret(o.secret)}); err != nil {
		t.Fatal(err)
	}
	courier := webhook.NewCourier(book, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, nil)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- courier.Run(ctx) }()
	const messages = 20
	for range messages {
		if err := book.DB.Tx(t.Context(), func(q store.Queryer) error {
			_, err := webhook.Enqueue(t.Context(), q, webhook.Message{Topic: "application.submitted", Data: map[string]string{"receipt": "1"}, At: fast()})
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	courier.Wake()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		s, err := book.Backlog(t.Context(), began)
		if err != nil {
			t.Fatal(err)
		}
		if s.Delivered == messages {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("waited in vain: %+v", s)
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	attempts := 0
	all := o.received(t)
	for _, e := range all {
		attempts += e.Attempts
	}
	if len(all) != messages || attempts != messages+2 {
		t.Errorf("%d ids in %d attempts, want %d in %d", len(all), attempts, messages, messages+2)
	}
}
