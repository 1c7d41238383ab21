// Package oidc lets the staff sign in at the office's own provider (OpenID
// Connect). It proves who somebody is there; which account that is, and what it
// may do, is platform/staff's affair. It is the only importer of go-oidc.
package oidc

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"mashang/platform/kv"
	"mashang/platform/privacy"
	"mashang/platform/problem"
)

// Provider is the office's provider. Use it by pointer; its fields are set once.
// Nothing is asked of it before somebody wants to sign in there, so that the
// portal starts and signs in by password while it is down.
type Provider struct {
	Issuer   string // https://…, exactly as the provider writes it
	ClientID string
	Secret   string // "" for a public client: PKCE protects the code either way
	Name     string // what the button says; "" for the usual words
	Claim    string // which claim names the account; preferred_username when empty
	Redirect string // the portal's own address that the provider sends people back to

	Keys   *privacy.Keyring
	KV     kv.Store
	Now    func() time.Time
	Client *http.Client // one of our own making when nil
	Log    *slog.Logger

	mu     sync.Mutex
	known  *oidc.Provider
	failed time.Time // when discovery failed last
}

// Timing: how long somebody may take at the provider, how long one answer of its
// may take, and how long after a failure nobody waits for the next one.
const (
	patience = 10 * time.Minute
	answer   = 10 * time.Second
	rest     = 5 * time.Second
	maxBytes = 1 << 20
	maxAge   = 5 * time.Minute
)

// Person is who the provider vouches for.
type Person struct {
	Name    string // the claim
	Subject string // who it is for ever, with the issuer
	Next    string // where the person wanted to go

	Shown time.Time // when the provider last asked who it is; zero when it does not tell
}

// trip is what the browser carries to the provider and back, sealed.
type trip struct {
	State, Nonce, Verifier, Next string
	Again                        bool // to show anew who one is
	Until                        int64
}

// Failures a person can be told about.
var (
	errAway    = &problem.Error{Kind: problem.Unavailable, Key: "staff.provider.away"}
	errRefused = problem.New(problem.Unauthenticated, "staff.provider.refused")
	errState   = problem.New(problem.Unauthenticated, "staff.provider.state")
)

// Begin is the address at the provider to send the browser to, and the ticket the
// browser keeps in a cookie meanwhile. With again the provider asks for the
// password anew.
func (p *Provider) Begin(ctx context.Context, next string, again bool) (address, ticket string, err error) {
	at, err := p.discover(ctx)
	if err != nil {
		return "", "", err
	}
	t := trip{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Next: next, Again: again, Until: p.Now().Add(patience).UnixMilli()}
	b, err := json.Marshal(t)
	if err != nil {
		return "", "", fmt.Errorf("oidc: begin: %w", err)
	}
	if ticket, err = p.Keys.Seal("staff_tickets", "browser", "trip", b); err != nil {
		return "", "", fmt.Errorf("oidc: begin: %w", err)
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(t.Nonce), oauth2.S256ChallengeOption(t.Verifier)}
	if again {
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	return p.client(at).AuthCodeURL(t.State, options...), ticket, nil
}

// Finish takes what the provider sent the browser back with. A trip is finished
// once: its state is not taken again.
func (p *Provider) Finish(ctx context.Context, ticket string, q url.Values) (Person, error) {
	t, err := p.open(ticket)
	if err != nil || subtle.ConstantTimeCompare([]byte(t.State), []byte(q.Get("state"))) != 1 {
		return Person{}, errState
	}
	first, err := p.KV.SetNew(ctx, "staff:trip:"+digest(t.State), "1", patience)
	if err != nil {
		return Person{}, fmt.Errorf("oidc: finish: %w", err)
	}
	if !first {
		return Person{}, errState
	}
	if iss := q.Get("iss"); iss != "" && iss != p.Issuer || q.Get("code") == "" {
		p.Log.Warn("sign-in at the provider refused", "cause", "it sent no code", "error", word(q.Get("error")))
		return Person{}, errRefused
	}
	at, err := p.discover(ctx)
	if err != nil {
		return Person{}, err
	}
	ctx = oidc.ClientContext(ctx, p.web())
	token, err := p.client(at).Exchange(ctx, q.Get("code"), oauth2.VerifierOption(t.Verifier))
	if err != nil {
		var said *oauth2.RetrieveError
		if errors.As(err, &said) && said.Response.StatusCode < 500 {
			p.Log.Warn("sign-in at the provider refused", "cause", "it does not take the code", "error", word(said.ErrorCode))
			return Person{}, errRefused
		}
		p.Log.Warn("provider away", "err", plain(err))
		p.forget()
		return Person{}, errAway
	}
	return p.read(ctx, at, token, t)
}

// read checks the token's signature, issuer, audience, expiry and nonce, and
// takes the claim out of it.
func (p *Provider) read(ctx context.Context, at *oidc.Provider, token *oauth2.Token, t trip) (Person, error) {
	refuse := func(cause string) (Person, error) {
		p.Log.Warn("sign-in at the provider refused", "cause", cause)
		return Person{}, errRefused
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return refuse("no ID token")
	}
	id, err := at.Verifier(&oidc.Config{ClientID: p.ClientID, Now: p.Now}).Verify(ctx, raw)
	if err != nil {
		return refuse(err.Error()) // names what was expected, never the token
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(t.Nonce)) != 1 {
		return refuse("another nonce")
	}
	var claims map[string]any
	if err := id.Claims(&claims); err != nil {
		return refuse("claims that are no object")
	}
	if azp, _ := claims["azp"].(string); azp != p.ClientID && (len(id.Audience) > 1 || azp != "") {
		return refuse("made out to another client")
	}
	if id.AccessTokenHash != "" && id.VerifyAccessToken(token.AccessToken) != nil {
		return refuse("another access token")
	}
	var shown time.Time
	if when, _ := claims["auth_time"].(float64); when > 0 {
		shown = time.Unix(int64(when), 0)
	}
	if age := p.Now().Sub(shown); t.Again && (age > maxAge || age < -maxAge) {
		return refuse("it did not ask for the password anew")
	}
	name, _ := claims[p.claim()].(string)
	if name == "" || id.Subject == "" {
		return refuse("no claim " + p.claim())
	}
	return Person{Name: name, Subject: p.Issuer + " " + id.Subject, Next: t.Next, Shown: shown}, nil
}

func (p *Provider) open(ticket string) (trip, error) {
	var t trip
	if len(ticket) > 4000 {
		return t, errState
	}
	b, err := p.Keys.Open("staff_tickets", "browser", "trip", ticket)
	if err == nil {
		err = json.Unmarshal(b, &t)
	}
	if err == nil && (t.State == "" || p.Now().UnixMilli() > t.Until) {
		err = errState
	}
	return t, err
}

// discover finds out where the provider's pages are, the first time somebody wants
// to sign in there and again after a failure. While it is down most people are
// told at once.
func (p *Provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known != nil {
		return p.known, nil
	}
	if since := p.Now().Sub(p.failed); since >= 0 && since < rest {
		return nil, errAway
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answer)
	defer cancel()
	known, err := oidc.NewProvider(oidc.ClientContext(ctx, p.web()), p.Issuer)
	if err != nil {
		p.failed = p.Now()
		p.Log.Warn("provider away", "err", plain(err))
		return nil, errAway
	}
	p.known, p.failed = known, time.Time{}
	return known, nil
}

// forget lets the next one find out anew where the provider's pages are.
func (p *Provider) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known = nil
}

func (p *Provider) client(at *oidc.Provider) *oauth2.Config {
	scopes := []string{oidc.ScopeOpenID, "profile"}
	if p.claim() == "email" {
		scopes = append(scopes, "email")
	}
	return &oauth2.Config{ClientID: p.ClientID, ClientSecret: p.Secret, Endpoint: at.Endpoint(), RedirectURL: p.Redirect, Scopes: scopes}
}

func (p *Provider) claim() string {
	if p.Claim == "" {
		return "preferred_username"
	}
	return p.Claim
}

// web is the client that speaks to the provider: in good time, with bounded
// answers, and following no redirect, which no provider needs here.
func (p *Provider) web() *http.Client {
	if p.Client != nil {
		return p.Client
	}
	return &http.Client{
		Timeout:       answer,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: bounded{&http.Transport{
			Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: answer}).DialContext,
			TLSHandshakeTimeout: answer, ResponseHeaderTimeout: answer, DisableKeepAlives: true,
		}},
	}
}

// bounded reads no more of an answer than a provider has to say.
type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		res.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(res.Body, maxBytes), res.Body}
	}
	return res, err
}

// plain is an error without what a provider may have written into it.
func plain(err error) string {
	var away *url.Error
	if errors.As(err, &away) {
		return away.Err.Error()
	}
	text, _, _ := strings.Cut(err.Error(), "\n")
	return text[:min(200, len(text))]
}

// word keeps an error code, which strangers can put into the address, to the
// letters error codes have.
func word(s string) string {
	s = strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c == '_' {
			return c
		}
		return -1
	}, s)
	return s[:min(40, len(s))]
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:12])
}
