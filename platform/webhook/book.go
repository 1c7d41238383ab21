package webhook

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// Endpoint is a place that is told of what concerns it, and that may answer with
// signed events for its scope.
type Endpoint struct {
	ID       string
	Name     string
	URL      string
	Scope    string   // division code; "" is everything
	Topics   []string // "application.submitted" or "application.*"; empty is all
	Disabled bool
	Reason   string    // why it is disabled, for staff
	Paused   time.Time // it asked us to wait until then
	Added    time.Time
}

// Book is the register of endpoints and deliveries. Its fields are set once.
type Book struct {
	DB      *store.DB
	Keys    *privacy.Keyring
	Now     func() time.Time
	Changed func()   // called when the courier has something to do; may be nil
	Topics  []string // what is ever sent; an endpoint that asks for another is refused. nil: anything
}

// Use is what a credential of an endpoint is for.
type Use string

// The uses.
const (
	Signing Use = "signing" // we sign with it
	Inbound Use = "inbound" // the office signs with it
	Bearer  Use = "bearer"  // the office fetches documents with it
)

// Credentials of an endpoint, to be copied into the office's system. They are
// shown when they are made and never again.
type Credentials struct {
	Signing, Inbound string // whsec_…
	Bearer           string
}

// Add registers an endpoint. Credentials that are empty in c are made. Messages
// that found no endpoint so far go out to it, if it wants them.
func (b *Book) Add(ctx context.Context, e Endpoint, c Credentials) (Endpoint, Credentials, error) {
	if err := check(e); err != nil {
		return Endpoint{}, Credentials{}, err
	}
	if e.ID == "" {
		e.ID = rand.Text()
	}
	e.Added = b.Now()
	err := b.DB.Tx(ctx, func(q store.Queryer) error {
		if err := b.fits(ctx, q, e); err != nil {
			return err
		}
		if err := insertEndpoint(ctx, q, e); err != nil {
			return err
		}
		for use, text := range map[Use]*string{Signing: &c.Signing, Inbound: &c.Inbound, Bearer: &c.Bearer} {
			var err error
			if *text, err = b.put(ctx, q, e.ID, use, *text); err != nil {
				return err
			}
		}
		return reroute(ctx, q)
	})
	if err != nil {
		return Endpoint{}, Credentials{}, fmt.Errorf("webhook: add endpoint: %w", err)
	}
	b.changed()
	return e, c, nil
}

// put keeps one credential, made here when text is empty.
func (b *Book) put(ctx context.Context, q store.Queryer, endpoint string, use Use, text string) (string, error) {
	if use == Bearer {
		if text == "" {
			text = "msk_" + rand.Text() + rand.Text()
		}
		if len(text) < 32 {
			return "", problem.Field("bearer", "webhook.bearer.short")
		}
		return text, insertKey(ctx, q, hash(text), endpoint, b.Now())
	}
	if text == "" {
		text = FormatSecret(NewSecret())
	}
	secret, err := ParseSecret(text)
	if err != nil {
		return "", &problem.Error{Kind: problem.Invalid, Key: "webhook.secret.invalid", Fields: map[string]string{string(use): "webhook.secret.invalid"}, Err: err}
	}
	row := secretRow{id: rand.Text(), endpoint: endpoint, use: string(use)}
	if row.sealed, err = b.Keys.Seal("webhook_secrets", row.id, "sealed", secret); err != nil {
		return "", err
	}
	return text, insertSecret(ctx, q, row, b.Now())
}

// Renew makes a new credential. The one before it goes on working for overlap,
// so that the other side can change over; a signing secret is used beside the
// new one until then.
func (b *Book) Renew(ctx context.Context, endpoint string, use Use, overlap time.Duration) (string, error) {
	var text string
	err := b.DB.Tx(ctx, func(q store.Queryer) error {
		if _, err := find(ctx, q, endpoint); err != nil {
			return err
		}
		ends := b.Now().Add(overlap)
		var err error
		if use == Bearer {
			err = endKeys(ctx, q, endpoint, ends)
		} else {
			err = endSecrets(ctx, q, endpoint, string(use), ends)
		}
		if err == nil {
			text, err = b.put(ctx, q, endpoint, use, "")
		}
		return err
	})
	if err != nil {
		return "", fmt.Errorf("webhook: renew: %w", err)
	}
	return text, nil
}

// List gives every endpoint, the oldest first.
func (b *Book) List(ctx context.Context) ([]Endpoint, error) {
	all, err := selectEndpoints(ctx, b.DB)
	if err != nil {
		return nil, fmt.Errorf("webhook: list endpoints: %w", err)
	}
	return all, nil
}

// Find gives one endpoint.
func (b *Book) Find(ctx context.Context, endpoint string) (Endpoint, error) {
	return find(ctx, b.DB, endpoint)
}

func find(ctx context.Context, q store.Queryer, id string) (Endpoint, error) {
	all, err := selectEndpoints(ctx, q)
	if err != nil {
		return Endpoint{}, fmt.Errorf("webhook: find endpoint: %w", err)
	}
	i := slices.IndexFunc(all, func(e Endpoint) bool { return e.ID == id })
	if i < 0 {
		return Endpoint{}, problem.New(problem.Missing, "webhook.missing")
	}
	return all[i], nil
}

// Change writes the name, address, scope and topics of an endpoint.
func (b *Book) Change(ctx context.Context, e Endpoint) error {
	if err := check(e); err != nil {
		return err
	}
	return b.one(ctx, "change endpoint", func(q store.Queryer) (int64, error) {
		if err := b.fits(ctx, q, e); err != nil {
			return 0, err
		}
		n, err := updateEndpoint(ctx, q, e)
		if err == nil {
			err = reroute(ctx, q)
		}
		return n, err
	})
}

// SetDisabled stops or resumes deliveries to an endpoint. What waits is kept.
func (b *Book) SetDisabled(ctx context.Context, endpoint string, disabled bool, reason string) error {
	return b.one(ctx, "disable endpoint", func(q store.Queryer) (int64, error) {
		return updateDisabled(ctx, q, endpoint, disabled, reason)
	})
}

// Remove takes an endpoint and its credentials out. What it was still to get is
// routed anew and stays unrouted until another endpoint wants it.
func (b *Book) Remove(ctx context.Context, endpoint string) error {
	return b.one(ctx, "remove endpoint", func(q store.Queryer) (int64, error) {
		return removeEndpoint(ctx, q, endpoint, b.Now())
	})
}

func (b *Book) one(ctx context.Context, what string, change func(store.Queryer) (int64, error)) error {
	err := b.DB.Tx(ctx, func(q store.Queryer) error {
		n, err := change(q)
		if err == nil && n == 0 {
			return problem.New(problem.Missing, "webhook.missing")
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("webhook: %s: %w", what, err)
	}
	b.changed()
	return nil
}

func (b *Book) changed() {
	if b.Changed != nil {
		b.Changed()
	}
}

// Authenticate finds the endpoint that signed a request to us, and the request's
// message id. A disabled endpoint may still speak: it is only not spoken to.
func (b *Book) Authenticate(ctx context.Context, h http.Header, body []byte) (Endpoint, string, error) {
	secrets, err := b.secrets(ctx, b.DB, Inbound)
	if secrets == nil {
		return Endpoint{}, "", err
	}
	cause := ErrSignature
	for endpoint, list := range secrets {
		id, err := Verify(list, h, body, b.Now())
		if err != nil {
			cause = err
			continue
		}
		e, err := b.Find(ctx, endpoint)
		return e, id, err
	}
	return Endpoint{}, "", &problem.Error{Kind: problem.Unauthenticated, Key: "webhook.signature", Err: cause}
}

// Bearer finds the endpoint a bearer key belongs to.
func (b *Book) Bearer(ctx context.Context, key string) (Endpoint, error) {
	endpoint, err := selectKey(ctx, b.DB, hash(key), b.Now())
	if err != nil {
		return Endpoint{}, fmt.Errorf("webhook: bearer: %w", err)
	}
	return b.Find(ctx, endpoint)
}

// secrets gives the opened secrets in force of one use, by endpoint, newest
// first. One that does not open, because its key is not on the ring, is left out
// and told of beside the others, so that it stops its own endpoint only.
func (b *Book) secrets(ctx context.Context, q store.Queryer, use Use) (map[string][][]byte, error) {
	rows, err := selectSecrets(ctx, q, string(use), b.Now())
	if err != nil {
		return nil, fmt.Errorf("webhook: secrets: %w", err)
	}
	all := map[string][][]byte{}
	var lost []error
	for _, r := range rows {
		secret, err := b.Keys.Open("webhook_secrets", r.id, "sealed", r.sealed)
		if err != nil {
			lost = append(lost, fmt.Errorf("webhook: a %s secret of endpoint %s: %w", use, r.endpoint, err))
			continue
		}
		all[r.endpoint] = append(all[r.endpoint], secret)
	}
	return all, errors.Join(lost...)
}

// Rotate seals every secret with the newest key of the ring.
func (b *Book) Rotate(ctx context.Context) error {
	err := b.DB.Tx(ctx, func(q store.Queryer) error {
		rows, err := selectAllSecrets(ctx, q)
		if err != nil {
			return err
		}
		for _, r := range rows {
			again, err := b.Keys.Reseal("webhook_secrets", r.id, "sealed", r.sealed)
			if err == nil && again != r.sealed {
				err = updateSealed(ctx, q, r.id, again)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("webhook: rotate: %w", err)
	}
	return nil
}

// hash is enough for a bearer key, whose 256 random bits cannot be guessed.
func hash(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

func check(e Endpoint) error {
	fields := map[string]string{}
	if strings.TrimSpace(e.Name) == "" {
		fields["name"] = "webhook.name.empty"
	}
	u, err := url.Parse(e.URL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		fields["url"] = "webhook.url.invalid"
	}
	if slices.ContainsFunc(e.Topics, func(t string) bool { return t == "" || strings.ContainsAny(strings.TrimSuffix(t, "*"), "* ,") }) {
		fields["topics"] = "webhook.topics.invalid"
	}
	if len(fields) > 0 {
		return &problem.Error{Kind: problem.Invalid, Key: "problem.invalid", Fields: fields}
	}
	return nil
}
