package webhook

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// TestTopic is what a test message is called. No endpoint need ask for it.
const TestTopic = "portal.test"

// fits refuses an endpoint that staff could not tell from another, or that asks
// for messages nobody sends.
func (b *Book) fits(ctx context.Context, q store.Queryer, e Endpoint) error {
	all, err := selectEndpoints(ctx, q)
	if err != nil {
		return err
	}
	same := func(o Endpoint) bool {
		return o.ID != e.ID && strings.EqualFold(strings.TrimSpace(o.Name), strings.TrimSpace(e.Name))
	}
	if slices.ContainsFunc(all, same) {
		return problem.Field("name", "webhook.name.taken")
	}
	if b.Topics == nil {
		return nil
	}
	for _, t := range e.Topics {
		if !slices.ContainsFunc(b.Topics, func(known string) bool { return Endpoint{Topics: []string{t}}.Wants(known, nil) }) {
			return &problem.Error{Kind: problem.Invalid, Key: "problem.invalid", Fields: map[string]string{"topics": "webhook.topics.unknown"},
				FieldArgs: map[string]map[string]string{"topics": {"topic": t}}}
		}
	}
	return nil
}

// Revoke ends every credential of one use at once, without a new one.
func (b *Book) Revoke(ctx context.Context, endpoint string, use Use) error {
	err := b.DB.Tx(ctx, func(q store.Queryer) error {
		if _, err := find(ctx, q, endpoint); err != nil {
			return err
		}
		if use == Bearer {
			return endKeys(ctx, q, endpoint, b.Now())
		}
		return endSecrets(ctx, q, endpoint, string(use), b.Now())
	})
	if err != nil {
		return fmt.Errorf("webhook: revoke: %w", err)
	}
	return nil
}

// RetryAll is Retry of several deliveries, all or none; those that have arrived
// since are left as they are. It says how many will be sent.
func (b *Book) RetryAll(ctx context.Context, deliveries []string) (int, error) {
	sent := 0
	err := b.DB.Tx(ctx, func(q store.Queryer) error {
		sent = 0
		for _, id := range deliveries {
			n, err := updateRetry(ctx, q, id)
			if err != nil {
				return err
			}
			sent += int(n)
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("webhook: retry: %w", err)
	}
	b.changed()
	return sent, nil
}

// Count says how many deliveries a filter chooses in all.
func (b *Book) Count(ctx context.Context, f DeliveryFilter) (int, error) {
	n, err := countDeliveries(ctx, b.DB, f)
	if err != nil {
		return 0, fmt.Errorf("webhook: count: %w", err)
	}
	return n, nil
}

// Replayable says how many deliveries Replay would send again.
func (b *Book) Replayable(ctx context.Context, endpoint string, from, to time.Time) (int, error) {
	n, err := countReplay(ctx, b.DB, endpoint, from, to)
	if err != nil {
		return 0, fmt.Errorf("webhook: replayable: %w", err)
	}
	return n, nil
}

// Test sends one message to an endpoint now, disabled or not, outside the
// outbox, and tells what came back. It changes nothing about the endpoint.
func (c *Courier) Test(ctx context.Context, endpoint string) (Attempt, error) {
	e, err := c.Find(ctx, endpoint)
	if err != nil {
		return Attempt{}, err
	}
	secrets, err := c.secrets(ctx, c.DB, Signing)
	if len(secrets[e.ID]) == 0 {
		if err != nil {
			return Attempt{}, err
		}
		return Attempt{}, problem.New(problem.Precondition, "webhook.unsigned")
	}
	now := c.Now()
	body, err := compact(Envelope{Type: TestTopic, Timestamp: now.UTC(), Data: json.RawMessage(`{"test":true}`)})
	if err != nil {
		return Attempt{}, fmt.Errorf("webhook: test: %w", err)
	}
	o := attempt(ctx, c.clientFor(e.URL), e.URL, secrets[e.ID], job{message: "msg_test_" + rand.Text(), topic: TestTopic, endpoint: e.ID, body: body}, now)
	return Attempt{N: 1, At: now, Took: o.took, Status: o.status, Class: o.class, Answer: o.answer}, nil
}

func (c *Courier) clientFor(address string) *http.Client {
	switch {
	case c.Client != nil:
		return c.Client
	case strings.HasPrefix(strings.ToLower(address), "https:"):
		return c.secure
	}
	return c.plain
}
