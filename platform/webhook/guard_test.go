package webhook_test

import (
	"context"
	"net"
	"net/netip"
	"testing"
	"time"

	"mashang/platform/store/storetest"
	"mashang/platform/webhook"
)

func TestGuardKeepsInsideAddressesOut(t *testing.T) {
	guard := webhook.NewGuard([]netip.Prefix{netip.MustParsePrefix("10.20.0.0/16"), netip.MustParsePrefix("fd12::/32")})
	for _, tt := range []struct {
		address         string
		public, private bool
	}{
		{"8.8.8.8", true, false},
		{"2400:3200::1", true, false},
		{"::ffff:8.8.8.8", true, false},
		{"127.0.0.1", false, false},
		{"127.8.9.1", false, false},
		{"0.0.0.0", false, false},
		{"10.1.2.3", false, false},
		{"10.20.2.3", false, true},
		{"::ffff:10.20.2.3", false, true},
		{"172.31.0.1", false, false},
		{"192.168.1.1", false, false},
		{"169.254.169.254", false, false},
		{"100.64.0.1", false, false},
		{"192.0.0.8", false, false},
		{"198.18.0.1", false, false},
		{"203.0.113.7", false, false},
		{"224.0.0.1", false, false},
		{"255.255.255.255", false, false},
		{"::", false, false},
		{"::1", false, false},
		{"::ffff:127.0.0.1", false, false},
		{"::127.0.0.1", false, false},
		{"::ffff:169.254.169.254", false, false},
		{"fd00::1", false, false},
		{"fd12::1", false, true},
		{"fe80::1", false, false},
		{"fe80::1%eth0", false, false},
		{"2400:3200::1%eth0", false, false},
		{"64:ff9b::7f00:1", false, false},
		{"64:ff9b:1::1", false, false},
		{"2002:7f00:1::", false, false},
		{"2001:0:1::1", false, false},
		{"2001:db8::1", false, false},
		{"ff02::1", false, false},
		{"100::1", false, false},
	} {
		t.Run(tt.address, func(t *testing.T) {
			a := netip.MustParseAddr(tt.address)
			if got := guard.Public(a); got != tt.public {
				t.Errorf("Public() = %v, want %v", got, tt.public)
			}
			if got := guard.Private(a); got != tt.private {
				t.Errorf("Private() = %v, want %v", got, tt.private)
			}
		})
	}
}

func TestInsideAddressesAreNotSpokenTo(t *testing.T) {
	to, b := newReceiver(t, nil), newBook(t, storetest.SQLite(t), time.Now)
	_, port, err := net.SplitHostPort(to.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	urls := []string{to.URL, "http://localhost:" + port, "https://localhost:" + port, "http://[::1]:" + port, "http://[::ffff:127.0.0.1]:" + port,
		"http://169.254.169.254/latest", "https://100.64.0.1", "http://0.0.0.0:" + port,
		"http://1.1.1.1", // public, and yet not to be spoken to without encryption
	}
	for _, u := range urls {
		add(t, b, webhook.Endpoint{URL: u})
	}
	c := webhook.NewCourier(b, nil, nil)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	defer func() { cancel(); <-done }()
	enqueue(t, b, webhook.Message{})
	until(t, "the refusals", func() bool { return backlog(t, b).Retrying == len(urls) })
	for _, d := range deliveries(t, b, webhook.DeliveryFilter{}) {
		attempts, err := b.Attempts(t.Context(), d.ID)
		if err != nil || attempts[0].Class != "blocked" {
			e, _ := b.Find(t.Context(), d.Endpoint)
			t.Errorf("%s: attempts %+v, %v, want blocked", e.URL, attempts, err)
		}
	}
	if n := len(to.seen()); n != 0 {
		t.Errorf("%d requests reached an inside address", n)
	}
}
