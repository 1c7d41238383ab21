package webhook

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// ErrBlocked says that an address is not one the courier may speak to.
var ErrBlocked = errors.New("webhook: the address is private and not among the networks that are allowed")

// special lists what IANA keeps back inside the ranges that look global.
// A wrong answer here lets an endpoint reach inside, so whole blocks are refused
// where only a part of them is special.
var special = []string{
	"100.64.0.0/10",                   // carrier-grade NAT
	"192.0.0.0/24", "192.31.196.0/24", // protocol assignments, AS112
	"192.0.2.0/24", "198.51.100.0/24", // documentation
	"203.0.113.0/24", "192.88.99.0/24", // documentation, 6to4 relays
	"192.52.193.0/24", "192.175.48.0/24", // AMT, AS112
	"198.18.0.0/15", "240.0.0.0/4", "0.0.0.0/8", // benchmarks, reserved, this network
	"2001::/23", "2001:db8::/32", "2002::/16", // Teredo and other assignments, documentation, 6to4
	"2620:4f:8000::/48", "3fff::/20", "5f00::/16", // AS112, documentation, segment routing
}

// global is what of IPv6 is handed out for the public net; all else, NAT64's
// 64:ff9b::/96 and the IPv4-compatible addresses too, is refused.
const global = "2000::/3"

// Guard decides, after the name was resolved and before the first byte is sent,
// whether an address may be spoken to, so that no name can be pointed inside
// between a check and its use.
type Guard struct {
	private []netip.Prefix
	special []netip.Prefix
	global  netip.Prefix
}

// NewGuard allows public addresses, and of the others those in private.
func NewGuard(private []netip.Prefix) *Guard {
	g := &Guard{private: private, global: netip.MustParsePrefix(global)}
	for _, s := range special {
		g.special = append(g.special, netip.MustParsePrefix(s))
	}
	return g
}

// Private reports whether a lies in a network that was allowed by name.
func (g *Guard) Private(a netip.Addr) bool { return within(g.private, a.Unmap().WithZone("")) }

// Public reports whether a belongs to the public net.
func (g *Guard) Public(a netip.Addr) bool {
	a = a.Unmap()
	switch {
	case !a.IsValid(), a.Zone() != "", !a.IsGlobalUnicast(), a.IsPrivate():
		return false
	case a.Is6() && !g.global.Contains(a):
		return false
	}
	return !within(g.special, a)
}

func within(nets []netip.Prefix, a netip.Addr) bool {
	for _, p := range nets {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// client makes requests to addresses that allowed accepts. It follows no
// redirect, asks no proxy and keeps no cookie.
func client(allowed func(netip.Addr) bool) *http.Client {
	dialer := &net.Dialer{
		Timeout: 5 * time.Second,
		ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
			to, err := netip.ParseAddrPort(address)
			if err != nil || !allowed(to.Addr()) {
				return ErrBlocked
			}
			return nil
		},
	}
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext:            dialer.DialContext,
			TLSHandshakeTimeout:    5 * time.Second,
			MaxIdleConnsPerHost:    wide,
			IdleConnTimeout:        30 * time.Second,
			MaxResponseHeaderBytes: 64 << 10,
			DisableCompression:     true, // an answer is cut after its first bytes; none may unpack to more
			ForceAttemptHTTP2:      true,
		},
	}
}
