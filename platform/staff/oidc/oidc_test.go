package oidc_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"mashang/platform/kv"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/staff/oidc"
	"mashang/platform/staff/oidc/oidctest"
)

var moment = time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)

func now() time.Time { return moment }

// client is the portal's side, with a clock of its own and its log.
type client struct {
	*oidc.Provider
	at  time.Time
	log *bytes.Buffer
}

func newClient(t *testing.T, p *oidctest.Provider) *client {
	t.Helper()
	keys, err := privacy.ParseKeys(privacy.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	c := &client{at: moment, log: &bytes.Buffer{}}
	clock := func() time.Time { return c.at }
	state := kv.NewMemory(clock)
	t.Cleanup(func() { state.Close() })
	c.Provider = &oidc.Provider{Issuer: p.URL, ClientID: oidctest.ClientID, Secret: oidctest.Secret, Redirect: "https://ms.yunxi.example/console/sign-in/back",
		Keys: keys, KV: state, Now: clock, Log: slog.New(slog.NewJSONHandler(c.log, nil))}
	return c
}

func (c *client) begin(t *testing.T) (address, ticket string) {
	t.Helper()
	address, ticket, err := c.Begin(t.Context(), "/console/cases", false)
	if err != nil {
		t.Fatal(err)
	}
	return address, ticket
}

func TestPersonIsKnownByTheClaim(t *testing.T) {
	p := oidctest.New(t, now)
	c := newClient(t, p)
	address, ticket := c.begin(t)
	code, state := p.Authorize(t, address)
	who, err := c.Finish(t.Context(), ticket, url.Values{"code": {code}, "state": {state}})
	if err != nil || who.Name != "chenmin" || who.Next != "/console/cases" || !strings.HasSuffix(who.Subject, " 4711") {
		t.Fatalf("Finish() = %+v, %v", who, err)
	}
	for name, q := range map[string]url.Values{
		"the same answer again":       {"code": {code}, "state": {state}},
		"the same state, a new code":  {"code": {func() string { code, _ := p.Authorize(t, address); return code }()}, "state": {state}},
		"another state":               {"code": {code}, "state": {"x"}},
		"no state":                    {"code": {code}},
		"a refusal at the provider":   {"error": {"access_denied"}, "state": {state}},
		"an answer of another issuer": {"code": {code}, "state": {state}, "iss": {"https://evil.example"}},
	} {
		if _, err := c.Finish(t.Context(), ticket, q); !problem.Is(err, problem.Unauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if strings.Contains(ticket, state) || strings.Contains(c.log.String(), "chenmin") || strings.Contains(c.log.String(), code) {
		t.Error("the ticket or the log tells what it must not")
	}
}

func TestTicketsOfOthersAndOldOnesAreRefused(t *testing.T) {
	p := oidctest.New(t, now)
	c := newClient(t, p)
	address, ticket := c.begin(t)
	code, state := p.Authorize(t, address)
	q := url.Values{"code": {code}, "state": {state}}
	_, other := c.begin(t)
	for name, ticket := range map[string]string{"somebody else's": other, "none": "", "spoiled": ticket[:len(ticket)-3] + "xxx", "long": strings.Repeat("x", 9000)} {
		if _, err := c.Finish(t.Context(), ticket, q); !problem.Is(err, problem.Unauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c.at = c.at.Add(11 * time.Minute)
	if _, err := c.Finish(t.Context(), ticket, q); !problem.Is(err, problem.Unauthenticated) {
		t.Errorf("after eleven minutes: %v", err)
	}
	c.at = moment
	if _, err := c.Finish(t.Context(), ticket, q); err != nil {
		t.Errorf("the right one, as a control: %v", err)
	}
}

func TestSpoiledTokensAreRefused(t *testing.T) {
	set := func(key string, value any) func(map[string]any) {
		return func(claims map[string]any) { claims[key] = value }
	}
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		claims func(map[string]any)
		signer *ecdsa.PrivateKey
		good   bool
	}{
		{"nothing spoiled", nil, nil, true},
		{"another nonce", set("nonce", "other"), nil, false},
		{"no nonce", func(c map[string]any) { delete(c, "nonce") }, nil, false},
		{"another audience", set("aud", "another-portal"), nil, false},
		{"two audiences, made out to us", func(c map[string]any) { c["aud"], c["azp"] = []string{"mashang", "x"}, "mashang" }, nil, true},
		{"two audiences, made out to another", func(c map[string]any) { c["aud"], c["azp"] = []string{"mashang", "x"}, "x" }, nil, false},
		{"two audiences, made out to nobody", set("aud", []string{"mashang", "x"}), nil, false},
		{"expired", set("exp", moment.Add(-time.Second).Unix()), nil, false},
		{"another issuer", set("iss", "https://evil.example"), nil, false},
		{"signed by a stranger", nil, stranger, false},
		{"no claim of that name", func(c map[string]any) { delete(c, "preferred_username") }, nil, false},
		{"a claim that is no text", set("preferred_username", []string{"chenmin"}), nil, false},
		{"no subject", set("sub", ""), nil, false},
		{"not valid yet", set("nbf", moment.Add(time.Hour).Unix()), nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := oidctest.New(t, now)
			p.Claims, p.Signer = tt.claims, tt.signer
			c := newClient(t, p)
			address, ticket := c.begin(t)
			code, state := p.Authorize(t, address)
			_, err := c.Finish(t.Context(), ticket, url.Values{"code": {code}, "state": {state}})
			if tt.good && err != nil || !tt.good && !problem.Is(err, problem.Unauthenticated) {
				t.Errorf("Finish() = %v, want taken: %v\n%s", err, tt.good, c.log)
			}
		})
	}
}

func TestPasswordIsAskedAnewWhenWanted(t *testing.T) {
	for name, tt := range map[string]struct {
		auth any
		good bool
	}{"just now": {moment.Unix(), true}, "an hour ago": {moment.Add(-time.Hour).Unix(), false}, "never said": {nil, false}} {
		p := oidctest.New(t, now)
		p.Claims = func(c map[string]any) {
			if c["auth_time"] = tt.auth; tt.auth == nil {
				delete(c, "auth_time")
			}
		}
		c := newClient(t, p)
		address, ticket, err := c.Begin(t.Context(), "/console", true)
		if err != nil || !strings.Contains(address, "prompt=login") || !strings.Contains(address, "max_age=0") {
			t.Fatalf("Begin() = %s, %v", address, err)
		}
		code, state := p.Authorize(t, address)
		if _, err := c.Finish(t.Context(), ticket, url.Values{"code": {code}, "state": {state}}); (err == nil) != tt.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestProviderThatIsDownIsAskedAgainLater(t *testing.T) {
	p := oidctest.New(t, now)
	p.Down = true
	c := newClient(t, p)
	for range 3 {
		if _, _, err := c.Begin(t.Context(), "/console", false); !problem.Is(err, problem.Unavailable) {
			t.Fatalf("Begin() while it is down: %v", err)
		}
	}
	if p.Hits != 1 {
		t.Errorf("it was asked %d times within a moment, want once", p.Hits)
	}
	p.Down = false
	c.at = c.at.Add(6 * time.Second)
	address, ticket := c.begin(t)
	code, state := p.Authorize(t, address)
	p.Down = true
	if _, err := c.Finish(t.Context(), ticket, url.Values{"code": {code}, "state": {state}}); !problem.Is(err, problem.Unavailable) {
		t.Errorf("Finish() while it is down: %v", err)
	}
	if strings.Contains(c.log.String(), "maintenance") && strings.Contains(c.log.String(), code) {
		t.Error("the log shows the code")
	}
	p.Down = false
	c.begin(t)
}

func TestWrongVerifierIsRefusedByTheProvider(t *testing.T) {
	p := oidctest.New(t, now)
	c := newClient(t, p)
	address, _ := c.begin(t)
	code, _ := p.Authorize(t, address) // stolen on its way
	own, ticket := c.begin(t)
	_, state := p.Authorize(t, own)
	if _, err := c.Finish(t.Context(), ticket, url.Values{"code": {code}, "state": {state}}); !problem.Is(err, problem.Unauthenticated) {
		t.Errorf("a stolen code: %v", err)
	}
}
