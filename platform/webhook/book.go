package webhook

import (
	"context"
	"errors"
	"net/http"
	"time"

	"mashang/platform/privacy"
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
	Reason   string // why it is disabled, for staff
	Paused   time.Time
	Added    time.Time
}

// Book is the register of endpoints and deliveries. Its fields are set once.
type Book struct {
	DB   *store.DB
	Keys *privacy.Keyring
	Now  func() time.Time
	// AllowHTTP lets an endpoint be written with http:// and not only https://.
	// The courier sends unencrypted only to the courier's private networks.
	Changed func() // called after a change that gives the courier something to do; may be nil
}

// Credentials of a new endpoint: shown once, copied into the office's system.
type Credentials struct {
	Signing string // whsec_…: we sign with it
	Inbound string // whsec_…: the office signs with it
	Bearer  string // the office fetches documents with it
}

// Add registers an endpoint with fresh credentials; given ones in c are kept.
func (b *Book) Add(ctx context.Context, e Endpoint, c Credentials) (Endpoint, Credentials, error) {
	return Endpoint{}, Credentials{}, errors.ErrUnsupported
}

// List gives every endpoint, oldest first.
func (b *Book) List(ctx context.Context) ([]Endpoint, error) { return nil, errors.ErrUnsupported }

// SetDisabled stops or resumes deliveries to an endpoint; what waits is kept.
func (b *Book) SetDisabled(ctx context.Context, endpoint string, disabled bool, reason string) error {
	return errors.ErrUnsupported
}

// Authenticate finds the endpoint that signed a request to us, and its message id.
func (b *Book) Authenticate(ctx context.Context, h http.Header, body []byte) (Endpoint, string, error) {
	return Endpoint{}, "", errors.ErrUnsupported
}

// Bearer finds the endpoint that a bearer key belongs to.
func (b *Book) Bearer(ctx context.Context, key string) (Endpoint, error) {
	return Endpoint{}, errors.ErrUnsupported
}
