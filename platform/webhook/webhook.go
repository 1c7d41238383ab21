// Package webhook is the one way out, and the door for signed events that come in. A message is written in the
// transaction of the change it tells about; a courier carries it to every endpoint it concerns, at least once and
// always under the same id (Standard Webhooks 1.0).
package webhook

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"mashang/platform/store"
)

// Message is what the outside is told.
type Message struct {
	Topic  string
	Data   any       // marshalled as it is; thin, because documents travel by authenticated fetch
	Scope  []string  // division codes, self first, then the managing parents; empty: endpoints without a scope only
	At     time.Time // when it happened
	Urgent bool      // goes before everything that is not
}

// Envelope is the body of every event, in both directions.
type Envelope struct {
	Type      string          `json:"type"`
	Timestamp time.Time       `json:"timestamp"`
	Data      json.RawMessage `json:"data"`
}

// Enqueue writes m into the outbox, inside the caller's transaction, and returns
// the id under which it will be sent for ever. The courier finds it within a
// second of the commit; its Wake makes that at once.
func Enqueue(ctx context.Context, q store.Queryer, m Message) (id string, err error) {
	if m.Topic == "" || m.At.IsZero() {
		return "", errors.New("webhook: enqueue: a message has a topic and a time")
	}
	body, err := marshal(m)
	if err != nil {
		return "", fmt.Errorf("webhook: enqueue: %w", err)
	}
	scope, err := json.Marshal(m.Scope)
	if err != nil {
		return "", fmt.Errorf("webhook: enqueue: %w", err)
	}
	id = "msg_" + rand.Text()
	if err := insertMessage(ctx, q, id, m, string(scope), body); err != nil {
		return "", fmt.Errorf("webhook: enqueue: %w", err)
	}
	return id, nil
}

func marshal(m Message) (string, error) {
	data, err := compact(m.Data)
	if err != nil {
		return "", err
	}
	body, err := compact(Envelope{Type: m.Topic, Timestamp: m.At.UTC(), Data: data})
	return string(body), err
}

// compact is JSON on one line, with < > & as they are: the body is no HTML.
func compact(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// ErrEnvelope says that a body is not {type, timestamp, data}.
var ErrEnvelope = errors.New("webhook: the body is not {type, timestamp, data}")

// Open reads the body of an event. Fields it does not know are left aside.
func Open(body []byte) (Envelope, error) {
	var e Envelope
	if err := json.Unmarshal(body, &e); err != nil {
		return Envelope{}, ErrEnvelope
	}
	if e.Type == "" || len(e.Type) > 100 || len(e.Data) == 0 {
		return Envelope{}, ErrEnvelope
	}
	return e, nil
}

// Received notes, in the caller's transaction, that the event id of source has
// taken effect. It reports false for one that had before: then nothing is to be
// done, and the sender is told that all is well.
func Received(ctx context.Context, q store.Queryer, source, id string, at time.Time) (fresh bool, err error) {
	n, err := insertReceived(ctx, q, source, id, at)
	if err != nil {
		return false, fmt.Errorf("webhook: received: %w", err)
	}
	return n == 1, nil
}
