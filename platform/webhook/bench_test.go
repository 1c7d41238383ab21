package webhook_test

import (
	"fmt"
	"testing"

	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/platform/webhook"
)

// BenchmarkCourier is the rate at which waiting messages reach a receiver that
// answers at once, with one and with two couriers on the database.
func BenchmarkCourier(b *testing.B) {
	for _, tt := range []struct {
		name string
		open func(testing.TB) *store.DB
	}{{store.SQLite, storetest.SQLite}, {store.Postgres, storetest.Postgres}} {
		for couriers := 1; couriers <= 2; couriers++ {
			b.Run(fmt.Sprintf("%s/%d", tt.name, couriers), func(b *testing.B) {
				clock := newClock()
				to, book := newReceiver(b, nil), newBook(b, tt.open(b), clock.Now)
				add(b, book, webhook.Endpoint{URL: to.URL})
				for range b.N {
					enqueue(b, book, webhook.Message{})
				}
				b.ResetTimer()
				for range couriers {
					other := *book
					run(b, &other)
				}
				until(b, "everything", func() bool { return len(to.seen()) >= b.N })
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deliveries/s")
			})
		}
	}
}
