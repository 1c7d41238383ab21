package webhook

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"mashang/platform/store"
)

// Wants reports whether e is to be told of a topic that concerns scope.
func (e Endpoint) Wants(topic string, scope []string) bool {
	if e.Scope != "" && !slices.Contains(scope, e.Scope) {
		return false
	}
	return len(e.Topics) == 0 || slices.ContainsFunc(e.Topics, func(t string) bool {
		family, ok := strings.CutSuffix(t, "*")
		return t == topic || ok && strings.HasPrefix(topic, family)
	})
}

// batch is how many messages are routed in one transaction.
const batch = 200

type newMessage struct {
	id, topic string
	scope     []string
	urgent    bool
	at        store.Time
}

// route makes a delivery of each new message for each endpoint that wants it,
// and reports whether there may be more. A disabled endpoint gets its deliveries
// too: they wait until it is back. A message nobody wants stays unrouted.
func route(ctx context.Context, q store.Queryer, endpoints []Endpoint) (more bool, err error) {
	messages, err := selectNew(ctx, q, batch)
	if err != nil {
		return false, err
	}
	for _, m := range messages {
		state := "unrouted"
		for _, e := range endpoints {
			if !e.Wants(m.topic, m.scope) {
				continue
			}
			state = "routed"
			if err := insertDelivery(ctx, q, rand.Text(), m, e.ID); err != nil {
				return false, err
			}
		}
		if err := updateRouted(ctx, q, m.id, state); err != nil {
			return false, err
		}
	}
	return len(messages) == batch, nil
}

// job is one attempt a courier has taken upon itself.
type job struct {
	delivery, message, topic, endpoint string
	body                               []byte
	urgent                             bool
	step                               int
	n                                  int64 // the number of this attempt, and the fencing token
}

// take claims up to limit deliveries of one endpoint that are due: it raises
// their attempt number and leases them. Another courier that saw the same row
// finds the number changed and leaves it.
func take(ctx context.Context, q store.Queryer, endpoint string, now time.Time, limit int, urgentOnly bool) ([]job, error) {
	due, err := selectDue(ctx, q, endpoint, now, limit, urgentOnly)
	if err != nil {
		return nil, err
	}
	taken := due[:0]
	for _, j := range due {
		n, err := updateTaken(ctx, q, j.delivery, j.n, now)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			continue
		}
		if j.n > 0 {
			if err := updateInterrupted(ctx, q, j.delivery); err != nil {
				return nil, err
			}
		}
		j.n++
		if err := insertAttempt(ctx, q, j.delivery, j.n, now); err != nil {
			return nil, err
		}
		taken = append(taken, j)
	}
	return taken, nil
}

func scopeOf(text string) (scope []string, err error) {
	err = json.Unmarshal([]byte(text), &scope)
	return scope, err
}
