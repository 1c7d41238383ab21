package webhook

import (
	"context"
	"database/sql"
	"math"
	"time"

	"mashang/platform/store"
)

func selectNew(ctx context.Context, q store.Queryer, limit int) ([]newMessage, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (newMessage, error) {
		var m newMessage
		var scope string
		err := rows.Scan(&m.id, &m.topic, &scope, &m.urgent, &m.at)
		if err == nil {
			m.scope, err = scopeOf(scope)
		}
		return m, err
	}, `SELECT id, topic, scope, urgent, created_at FROM webhook_messages
		WHERE state = 'new' ORDER BY urgent DESC, created_at, id LIMIT $1`, limit)
}

func updateRouted(ctx context.Context, q store.Queryer, id, state string) error {
	_, err := q.ExecContext(ctx, `UPDATE webhook_messages SET state = $2 WHERE id = $1`, id, state)
	return err
}

func insertDelivery(ctx context.Context, q store.Queryer, id string, m newMessage, endpoint string) error {
	_, err := q.ExecContext(ctx, `INSERT INTO webhook_deliveries (id, message, endpoint, urgent, state, step, attempts, due_at, queued_at)
		VALUES ($1, $2, $3, $4, 'waiting', 0, 0, 0, $5) ON CONFLICT (message, endpoint) DO NOTHING`, id, m.id, endpoint, m.urgent, m.at)
	return err
}

// work reports whether a courier has anything to do: messages to route, or
// deliveries that are due at an endpoint that can take them.
func work(ctx context.Context, q store.Queryer, now time.Time) (bool, error) {
	var some bool
	err := q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM webhook_messages WHERE state = 'new')
		OR EXISTS (SELECT 1 FROM webhook_deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint
			WHERE d.state = 'waiting' AND d.due_at <= $1 AND e.disabled = FALSE
			AND (e.paused_until IS NULL OR e.paused_until <= $1 OR e.paused_until > $2)
			AND (d.lease_until IS NULL OR d.lease_until <= $1 OR d.lease_until > $3))`,
		store.At(now), store.At(now.Add(maxPause)), store.At(now.Add(lease))).Scan(&some)
	return some, err
}

// selectDue gives the deliveries of an endpoint that are due and not leased. A
// lease that ends later than any lease can was made before the clock was put
// back; it counts as over.
func selectDue(ctx context.Context, q store.Queryer, endpoint string, now time.Time, limit int, urgentOnly bool) ([]job, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (job, error) {
		j := job{endpoint: endpoint}
		err := rows.Scan(&j.delivery, &j.message, &j.topic, &j.body, &j.urgent, &j.step, &j.n)
		return j, err
	}, `SELECT d.id, d.message, m.topic, m.body, d.urgent, d.step, d.attempts
		FROM webhook_deliveries d JOIN webhook_messages m ON m.id = d.message
		WHERE d.endpoint = $1 AND d.state = 'waiting' AND d.due_at <= $2
			AND (d.lease_until IS NULL OR d.lease_until <= $2 OR d.lease_until > $3)
			AND (d.urgent = TRUE OR $4 = FALSE)
		ORDER BY d.urgent DESC, d.due_at, d.queued_at, d.id LIMIT $5`,
		endpoint, store.At(now), store.At(now.Add(lease)), urgentOnly, limit)
}

func updateTaken(ctx context.Context, q store.Queryer, id string, attempts int64, now time.Time) (int64, error) {
	return store.Rows(q.ExecContext(ctx, `UPDATE webhook_deliveries SET attempts = attempts + 1, lease_until = $3
		WHERE id = $1 AND attempts = $2 AND state = 'waiting' AND (lease_until IS NULL OR lease_until <= $4 OR lease_until > $3)`,
		id, attempts, store.At(now.Add(lease)), store.At(now)))
}

func insertAttempt(ctx context.Context, q store.Queryer, delivery string, n int64, at time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO webhook_attempts (delivery, n, at, status, ms, class, answer) VALUES ($1, $2, $3, 0, 0, 'sending', '')`,
		delivery, n, store.At(at))
	return err
}

func updateInterrupted(ctx context.Context, q store.Queryer, delivery string) error {
	_, err := q.ExecContext(ctx, `UPDATE webhook_attempts SET class = 'interrupted' WHERE delivery = $1 AND class = 'sending'`, delivery)
	return err
}

func updateAttempt(ctx context.Context, q store.Queryer, j job, o outcome) error {
	_, err := q.ExecContext(ctx, `UPDATE webhook_attempts SET status = $3, ms = $4, class = $5, answer = $6 WHERE delivery = $1 AND n = $2`,
		j.delivery, j.n, o.status, o.took.Milliseconds(), o.class, o.answer)
	return err
}

// updateSettled ends a delivery, unless another courier has taken it over.
func updateSettled(ctx context.Context, q store.Queryer, j job, state string, step int, at time.Time) (int64, error) {
	return store.Rows(q.ExecContext(ctx, `UPDATE webhook_deliveries SET state = $3, step = $4, lease_until = NULL, settled_at = $5
		WHERE id = $1 AND attempts = $2 AND state = 'waiting'`, j.delivery, j.n, state, step, store.At(at)))
}

// updateAgain puts a delivery back to be tried at due, unless another courier has
// taken it over.
func updateAgain(ctx context.Context, q store.Queryer, j job, step int, due time.Time) (int64, error) {
	return store.Rows(q.ExecContext(ctx, `UPDATE webhook_deliveries SET step = $3, due_at = $4, lease_until = NULL
		WHERE id = $1 AND attempts = $2 AND state = 'waiting'`, j.delivery, j.n, step, due.UnixMilli()))
}

func updateRetry(ctx context.Context, q store.Queryer, id string) (int64, error) {
	return store.Rows(q.ExecContext(ctx, `UPDATE webhook_deliveries SET state = 'waiting', step = 0, due_at = 0, settled_at = NULL
		WHERE id = $1 AND state <> 'delivered'`, id))
}

func updateReplay(ctx context.Context, q store.Queryer, endpoint string, from, to time.Time) (int64, error) {
	return store.Rows(q.ExecContext(ctx, `UPDATE webhook_deliveries SET state = 'waiting', step = 0, due_at = 0, settled_at = NULL
		WHERE endpoint = $1 AND state <> 'waiting' AND queued_at >= $2 AND queued_at < $3`, endpoint, from.UnixMilli(), to.UnixMilli()))
}

func countReplay(ctx context.Context, q store.Queryer, endpoint string, from, to time.Time) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM webhook_deliveries
		WHERE endpoint = $1 AND state <> 'waiting' AND queued_at >= $2 AND queued_at < $3`, endpoint, from.UnixMilli(), to.UnixMilli()).Scan(&n)
	return n, err
}

// selectDeliveries gives a page, newest first; the place after which it begins
// is the row of the id in after.
func selectDeliveries(ctx context.Context, q store.Queryer, f DeliveryFilter) ([]Delivery, error) {
	return store.All(ctx, q, scanDelivery, `SELECT d.id, d.message, m.topic, d.endpoint, d.urgent, d.state, d.step, d.attempts, d.due_at, d.lease_until, d.queued_at, d.settled_at
		FROM webhook_deliveries d JOIN webhook_messages m ON m.id = d.message
		WHERE ($1 = '' OR d.endpoint = $1) AND ($2 = '' OR d.state = $2) AND ($3 = '' OR m.topic = $3) AND ($4 = '' OR d.message = $4)
			AND d.queued_at >= $7 AND d.queued_at < $8
			AND ($5 = '' OR (d.queued_at, d.id) < (SELECT a.queued_at, a.id FROM webhook_deliveries a WHERE a.id = $5))
		ORDER BY d.queued_at DESC, d.id DESC LIMIT $6`, f.Endpoint, f.State, f.Topic, f.Message, f.After, f.Limit, f.from(), f.to())
}

func countDeliveries(ctx context.Context, q store.Queryer, f DeliveryFilter) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM webhook_deliveries d JOIN webhook_messages m ON m.id = d.message
		WHERE ($1 = '' OR d.endpoint = $1) AND ($2 = '' OR d.state = $2) AND ($3 = '' OR m.topic = $3) AND ($4 = '' OR d.message = $4)
			AND d.queued_at >= $5 AND d.queued_at < $6`, f.Endpoint, f.State, f.Topic, f.Message, f.from(), f.to()).Scan(&n)
	return n, err
}

// from and to bound the time a delivery was queued, open where the filter is.
func (f DeliveryFilter) from() int64 {
	if f.From.IsZero() {
		return 0
	}
	return f.From.UnixMilli()
}

func (f DeliveryFilter) to() int64 {
	if f.To.IsZero() {
		return math.MaxInt64
	}
	return f.To.UnixMilli()
}

func selectDelivery(ctx context.Context, q store.Queryer, id string) ([]Delivery, error) {
	return store.All(ctx, q, scanDelivery, `SELECT d.id, d.message, m.topic, d.endpoint, d.urgent, d.state, d.step, d.attempts, d.due_at, d.lease_until, d.queued_at, d.settled_at
		FROM webhook_deliveries d JOIN webhook_messages m ON m.id = d.message WHERE d.id = $1`, id)
}

func scanDelivery(rows *sql.Rows) (Delivery, error) {
	var d Delivery
	var due, leased, queued, settled store.Time
	err := rows.Scan(&d.ID, &d.Message, &d.Topic, &d.Endpoint, &d.Urgent, &d.State, &d.Failures, &d.Attempts, &due, &leased, &queued, &settled)
	d.Leased, d.Queued, d.Settled = leased.Time, queued.Time, settled.Time
	if due.UnixMilli() > 0 && d.State == Waiting {
		d.Due = due.Time
	}
	return d, err
}

func selectAttempts(ctx context.Context, q store.Queryer, delivery string) ([]Attempt, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (Attempt, error) {
		var a Attempt
		var at store.Time
		var ms int64
		err := rows.Scan(&a.N, &at, &a.Status, &ms, &a.Class, &a.Answer)
		a.At, a.Took = at.Time, time.Duration(ms)*time.Millisecond
		return a, err
	}, `SELECT n, at, status, ms, class, answer FROM webhook_attempts WHERE delivery = $1 ORDER BY n`, delivery)
}

func selectBacklog(ctx context.Context, q store.Queryer, since time.Time) (Backlog, error) {
	var b Backlog
	var oldest store.Time
	err := q.QueryRowContext(ctx, `SELECT
		(SELECT count(*) FROM webhook_messages WHERE state = 'new') + (SELECT count(*) FROM webhook_deliveries WHERE state = 'waiting' AND step = 0),
		(SELECT count(*) FROM webhook_deliveries WHERE state = 'waiting' AND step > 0),
		(SELECT count(*) FROM webhook_deliveries WHERE state = 'dead'),
		(SELECT count(*) FROM webhook_messages WHERE state = 'unrouted'),
		(SELECT count(*) FROM webhook_deliveries WHERE state = 'delivered' AND settled_at >= $1),
		(SELECT count(*) FROM webhook_deliveries WHERE state = 'delivered' AND settled_at >= $1 AND step = 0 AND attempts = 1),
		(SELECT count(*) FROM webhook_endpoints WHERE removed_at IS NULL AND disabled = TRUE),
		(SELECT min(queued_at) FROM webhook_deliveries WHERE state = 'waiting')`, store.At(since)).
		Scan(&b.Waiting, &b.Retrying, &b.Dead, &b.Unrouted, &b.Delivered, &b.AtOnce, &b.Disabled, &oldest)
	b.Oldest = oldest.Time
	return b, err
}

// deleteBefore forgets what was delivered everywhere, and the inbox, before at.
func deleteBefore(ctx context.Context, q store.Queryer, at time.Time) (int64, error) {
	var n int64
	for _, stmt := range []string{
		`DELETE FROM webhook_attempts WHERE delivery IN (SELECT d.id FROM webhook_deliveries d JOIN webhook_messages m ON m.id = d.message
			WHERE m.created_at < $1 AND m.state = 'routed'
			AND NOT EXISTS (SELECT 1 FROM webhook_deliveries o WHERE o.message = m.id AND o.state <> 'delivered'))`,
		`DELETE FROM webhook_deliveries WHERE message IN (SELECT m.id FROM webhook_messages m
			WHERE m.created_at < $1 AND m.state = 'routed'
			AND NOT EXISTS (SELECT 1 FROM webhook_deliveries o WHERE o.message = m.id AND o.state <> 'delivered'))`,
		`DELETE FROM webhook_messages WHERE created_at < $1 AND state = 'routed'
			AND NOT EXISTS (SELECT 1 FROM webhook_deliveries o WHERE o.message = webhook_messages.id)`,
		`DELETE FROM webhook_inbox WHERE at < $1`,
	} {
		gone, err := store.Rows(q.ExecContext(ctx, stmt, store.At(at)))
		if err != nil {
			return 0, err
		}
		n += gone
	}
	return n, nil
}
