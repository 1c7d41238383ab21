package oidc_test

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
	"testing"

	"github.com/coreos/go-oidc/v3/oidc/oidctest"
)

// provider is an OpenID Connect provider served on this machine. What it puts into
// a token can be spoiled.
type provider struct {
	*httptest.Server
	key    *ecdsa.PrivateKey
	keys   oidctest.Server
	down   bool
	signer *ecdsa.PrivateKey // key when nil
	claims func(claims map[string]any)
	asked  map[string]url.Values // what the browser was sent with, by code
	used   map[string]bool
	hits   int
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{key: key, asked: map[string]url.Values{}, used: map[string]bool{}}
	p.keys = oidctest.Server{PublicKeys: []oidctest.PublicKey{{PublicKey: key.Public(), KeyID: "k1", Algorithm: "ES256"}}, Algorithms: []string{"ES256"}}
	mux := http.NewServeMux()
	mux.Handle("/keys", &p.keys)
	mux.Handle("/.well-known/openid-configuration", &p.keys)
	mux.HandleFunc("/token", p.token)
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.hits++
		if p.down {
			http.Error(w, "maintenance", http.StatusBadGateway)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(p.Close)
	p.keys.SetIssuer(p.URL)
	return p
}

// authorize is the person's consent: the code their browser brings back.
func (p *provider) authorize(t *testing.T, address string) (code, state string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || q.Get("nonce") == "" || q.Get("state") == "" || q.Get("redirect_uri") == "" {
		t.Fatalf("the browser is sent to %s", address)
	}
	code = rand.Text()
	p.asked[code] = q
	return code, q.Get("state")
}

func (p *provider) token(w http.ResponseWriter, r *http.Request) {
	code := r.PostFormValue("code")
	q, known := p.asked[code]
	challenge := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	id, secret, _ := r.BasicAuth()
	if !known || p.used[code] || base64.RawURLEncoding.EncodeToString(challenge[:]) != q.Get("code_challenge") || id != "mashang" || secret != "s3cret" {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		w.Write([]byte(`{"error":"invalid_grant"}`))
		return
	}
	p.used[code] = true
	claims := map[string]any{"iss": p.URL, "aud": q.Get("client_id"), "sub": "4711", "nonce": q.Get("nonce"), "exp": now().Unix() + 300, "iat": now().Unix(), "preferred_username": "chenmin"}
	if p.claims != nil {
		p.claims(claims)
	}
	b, _ := json.Marshal(claims)
	signer := p.key
	if p.signer != nil {
		signer = p.signer
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": oidctest.SignIDToken(signer, "k1", "ES256", string(b))})
}
