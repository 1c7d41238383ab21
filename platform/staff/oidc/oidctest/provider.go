// Package oidctest serves an OpenID Connect provider on this machine, for tests
// that sign in there. What it puts into a token can be spoiled.
package oidctest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc/oidctest"
)

// The portal's name and secret at the provider.
const (
	ClientID = "mashang"
	Secret   = "s3cret"
)

// Provider is such a provider. Its fields may be set between requests.
type Provider struct {
	*httptest.Server
	Now    func() time.Time
	Person string                      // the claim preferred_username
	Sub    string                      // the subject
	Down   bool                        // answers nothing but errors
	Signer *ecdsa.PrivateKey           // signs tokens instead of the key it publishes
	Claims func(claims map[string]any) // spoils them
	Hits   int                         // requests so far

	mu    sync.Mutex
	key   *ecdsa.PrivateKey
	asked map[string]url.Values // what the browser was sent with, by code
}

// New serves a provider until the test ends.
func New(t testing.TB, now func() time.Time) *Provider {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p := &Provider{Now: now, Person: "chenmin", Sub: "4711", key: key, asked: map[string]url.Values{}}
	known := &oidctest.Server{PublicKeys: []oidctest.PublicKey{{PublicKey: key.Public(), KeyID: "k1", Algorithm: "ES256"}}, Algorithms: []string{"ES256"}}
	mux := http.NewServeMux()
	mux.Handle("GET /keys", known)
	mux.Handle("GET /.well-known/openid-configuration", known)
	mux.HandleFunc("GET /auth", p.consent)
	mux.HandleFunc("POST /token", p.token)
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.Hits++
		if p.Down {
			http.Error(w, "maintenance", http.StatusBadGateway)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(p.Close)
	known.SetIssuer(p.URL)
	return p
}

// Set changes the provider between requests.
func (p *Provider) Set(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
}

// Authorize is the person's consent to what the browser was sent with: the code it
// brings back.
func (p *Provider) Authorize(t testing.TB, address string) (code, state string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || q.Get("nonce") == "" || q.Get("state") == "" || q.Get("redirect_uri") == "" {
		t.Fatalf("the browser is sent to %s", address)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.take(q), q.Get("state")
}

func (p *Provider) take(q url.Values) string {
	code := rand.Text()
	p.asked[code] = q
	return code
}

// consent sends a browser straight back: whoever comes is Person.
func (p *Provider) consent(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back := q.Get("redirect_uri") + "?" + url.Values{"code": {p.take(q)}, "state": {q.Get("state")}}.Encode()
	http.Redirect(w, r, back, http.StatusFound)
}

// token gives the ID token for a code, once, to who has its verifier.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	code := r.PostFormValue("code")
	q, known := p.asked[code]
	delete(p.asked, code)
	challenge := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	id, secret, _ := r.BasicAuth()
	w.Header().Set("Content-Type", "application/json")
	if !known || base64.RawURLEncoding.EncodeToString(challenge[:]) != q.Get("code_challenge") || id != ClientID || secret != Secret {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"invalid_grant"}`))
		return
	}
	now := p.Now()
	claims := map[string]any{"iss": p.URL, "aud": q.Get("client_id"), "sub": p.Sub, "nonce": q.Get("nonce"), "exp": now.Unix() + 300, "iat": now.Unix(), "auth_time": now.Unix(), "preferred_username": p.Person}
	if p.Claims != nil {
		p.Claims(claims)
	}
	b, err := json.Marshal(claims)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	signer := p.key
	if p.Signer != nil {
		signer = p.Signer
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": oidctest.SignIDToken(signer, "k1", "ES256", string(b))})
}
