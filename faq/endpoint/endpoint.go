// Package endpoint is how a model's server is reached: any that speaks the API of OpenAI, none of whose failures may cost
// more than a little time.
package endpoint

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/sashabaranov/go-openai"
)

// Client speaks to the server at url. An answer is cut off after timeout and after most bytes; redirects are not followed,
// because a key would go with them.
func Client(url, key string, timeout time.Duration, most int64) *openai.Client {
	config := openai.DefaultConfig(key)
	config.BaseURL = strings.TrimRight(url, "/")
	config.EmptyMessagesLimit = 20
	config.HTTPClient = &http.Client{
		Timeout:       timeout,
		Transport:     bounded{http.DefaultTransport, most},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return openai.NewClientWithConfig(config)
}

// Plain keeps of an error of the client what may stand in a log: not the body of an answer, which may repeat the question.
func Plain(err error) error {
	var api *openai.APIError
	var request *openai.RequestError
	switch {
	case errors.As(err, &api):
		return fmt.Errorf("the model's server answers %d", api.HTTPStatusCode)
	case errors.As(err, &request):
		return fmt.Errorf("the model's server answers %d", request.HTTPStatusCode)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return err
	}
	return errors.New("the model's server cannot be understood or reached")
}

// bounded cuts off answers that do not end.
type bounded struct {
	next http.RoundTripper
	most int64
}

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.next.RoundTrip(r)
	if err == nil {
		res.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(res.Body, b.most), res.Body}
	}
	return res, err
}

// Breaker leaves a model alone for a while that failed several times in a row. Now must be set.
type Breaker struct {
	Now func() time.Time

	mu    sync.Mutex
	fails int
	until time.Time
}

const (
	failsAllowed = 3
	rest         = 30 * time.Second
)

// Closed reports whether the model may be asked. After the rest one question tries it.
func (b *Breaker) Closed() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fails < failsAllowed {
		return true
	}
	if b.Now().Before(b.until) {
		return false
	}
	b.until = b.Now().Add(rest)
	return true
}

// Saw counts how a question went. One that its asker gave up says nothing about the model.
func (b *Breaker) Saw(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case err == nil:
		b.fails = 0
	case errors.Is(err, context.Canceled):
	default:
		if b.fails++; b.fails >= failsAllowed {
			b.until = b.Now().Add(rest)
		}
	}
}
