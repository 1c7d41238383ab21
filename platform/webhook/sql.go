package webhook

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

func insertMessage(ctx context.Context, q store.Queryer, id string, m Message, scope, body string) error {
	_, err := q.ExecContext(ctx, `INSERT INTO webhook_messages (id, topic, scope, body, urgent, state, created_at)
		VALUES ($1, $2, $3, $4, $5, 'new', $6)`, id, m.Topic, scope, body, m.Urgent, store.At(m.At))
	return err
}

func insertReceived(ctx context.Context, q store.Queryer, source, id string, at time.Time) (int64, error) {
	return store.Rows(q.ExecContext(ctx, `INSERT INTO webhook_inbox (source, id, at) VALUES ($1, $2, $3) ON CONFLICT (source, id) DO NOTHING`,
		source, id, store.At(at)))
}

func insertEndpoint(ctx context.Context, q store.Queryer, e Endpoint) error {
	topics, err := json.Marshal(append([]string{}, e.Topics...))
	if err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `INSERT INTO webhook_endpoints (id, name, url, scope, topics, disabled, reason, added_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, e.ID, e.Name, e.URL, e.Scope, string(topics), e.Disabled, e.Reason, store.At(e.Added))
	return err
}

func updateEndpoint(ctx context.Context, q store.Queryer, e Endpoint) (int64, error) {
	topics, err := json.Marshal(append([]string{}, e.Topics...))
	if err != nil {
		return 0, err
	}
	return store.Rows(q.ExecContext(ctx, `UPDATE webhook_endpoints SET name = $2, url = $3, scope = $4, topics = $5
		WHERE id = $1 AND removed_at IS NULL`, e.ID, e.Name, e.URL, e.Scope, string(topics)))
}

func updateDisabled(ctx context.Context, q store.Queryer, id string, disabled bool, reason string) (int64, error) {
	return store.Rows(q.ExecContext(ctx, `UPDATE webhook_endpoints SET disabled = $2, reason = $3, paused_until = NULL
		WHERE id = $1 AND removed_at IS NULL`, id, disabled, reason))
}

func updatePaused(ctx context.Context, q store.Queryer, id string, until time.Time) error {
	_, err := q.ExecContext(ctx, `UPDATE webhook_endpoints SET paused_until = $2 WHERE id = $1`, id, store.At(until))
	return err
}

// removeEndpoint takes an endpoint out. What it was still to get goes back to be
// routed anew, so that no message is lost with its endpoint.
func removeEndpoint(ctx context.Context, q store.Queryer, id string, at time.Time) (int64, error) {
	n, err := store.Rows(q.ExecContext(ctx, `UPDATE webhook_endpoints SET removed_at = $2, disabled = TRUE WHERE id = $1 AND removed_at IS NULL`, id, store.At(at)))
	if err != nil || n == 0 {
		return n, err
	}
	for _, stmt := range []string{
		`UPDATE webhook_messages SET state = 'new' WHERE id IN (SELECT message FROM webhook_deliveries WHERE endpoint = $1 AND state <> 'delivered')`,
		`DELETE FROM webhook_attempts WHERE delivery IN (SELECT id FROM webhook_deliveries WHERE endpoint = $1 AND state <> 'delivered')`,
		`DELETE FROM webhook_deliveries WHERE endpoint = $1 AND state <> 'delivered'`,
		`DELETE FROM webhook_secrets WHERE endpoint = $1`,
		`DELETE FROM webhook_keys WHERE endpoint = $1`,
	} {
		if _, err := q.ExecContext(ctx, stmt, id); err != nil {
			return 0, err
		}
	}
	return n, nil
}

func reroute(ctx context.Context, q store.Queryer) error {
	_, err := q.ExecContext(ctx, `UPDATE webhook_messages SET state = 'new' WHERE state = 'unrouted'`)
	return err
}

func selectEndpoints(ctx context.Context, q store.Queryer) ([]Endpoint, error) {
	return store.All(ctx, q, scanEndpoint, `SELECT id, name, url, scope, topics, disabled, reason, paused_until, added_at
		FROM webhook_endpoints WHERE removed_at IS NULL ORDER BY added_at, id`)
}

func scanEndpoint(rows *sql.Rows) (Endpoint, error) {
	var e Endpoint
	var topics string
	var paused, added store.Time
	err := rows.Scan(&e.ID, &e.Name, &e.URL, &e.Scope, &topics, &e.Disabled, &e.Reason, &paused, &added)
	if err == nil {
		err = json.Unmarshal([]byte(topics), &e.Topics)
	}
	e.Paused, e.Added = paused.Time, added.Time
	return e, err
}

type secretRow struct{ id, endpoint, use, sealed string }

func insertSecret(ctx context.Context, q store.Queryer, s secretRow, at time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO webhook_secrets (id, endpoint, use, sealed, made_at) VALUES ($1, $2, $3, $4, $5)`,
		s.id, s.endpoint, s.use, s.sealed, store.At(at))
	return err
}

// selectSecrets gives the secrets in force, the newest first.
func selectSecrets(ctx context.Context, q store.Queryer, use string, now time.Time) ([]secretRow, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (secretRow, error) {
		var s secretRow
		err := rows.Scan(&s.id, &s.endpoint, &s.use, &s.sealed)
		return s, err
	}, `SELECT id, endpoint, use, sealed FROM webhook_secrets
		WHERE use = $1 AND (ends_at IS NULL OR ends_at > $2) ORDER BY made_at DESC, id`, use, store.At(now))
}

func endSecrets(ctx context.Context, q store.Queryer, endpoint, use string, at time.Time) error {
	_, err := q.ExecContext(ctx, `UPDATE webhook_secrets SET ends_at = $3 WHERE endpoint = $1 AND use = $2 AND (ends_at IS NULL OR ends_at > $3)`,
		endpoint, use, store.At(at))
	return err
}

func selectAllSecrets(ctx context.Context, q store.Queryer) ([]secretRow, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (secretRow, error) {
		var s secretRow
		err := rows.Scan(&s.id, &s.endpoint, &s.use, &s.sealed)
		return s, err
	}, `SELECT id, endpoint, use, sealed FROM webhook_secrets ORDER BY id`)
}

func updateSealed(ctx context.Context, q store.Queryer, id, sealed string) error {
	_, err := q.ExecContext(ctx, `UPDATE webhook_secrets SET sealed = $2 WHERE id = $1`, id, sealed)
	return err
}

func insertKey(ctx context.Context, q store.Queryer, hash, endpoint string, at time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO webhook_keys (hash, endpoint, made_at) VALUES ($1, $2, $3)`, hash, endpoint, store.At(at))
	return err
}

func endKeys(ctx context.Context, q store.Queryer, endpoint string, at time.Time) error {
	_, err := q.ExecContext(ctx, `UPDATE webhook_keys SET ends_at = $2 WHERE endpoint = $1 AND (ends_at IS NULL OR ends_at > $2)`, endpoint, store.At(at))
	return err
}

func selectKey(ctx context.Context, q store.Queryer, hash string, now time.Time) (endpoint string, err error) {
	err = q.QueryRowContext(ctx, `SELECT endpoint FROM webhook_keys WHERE hash = $1 AND (ends_at IS NULL OR ends_at > $2)`,
		hash, store.At(now)).Scan(&endpoint)
	if errors.Is(err, sql.ErrNoRows) {
		return "", problem.New(problem.Unauthenticated, "problem.unauthenticated")
	}
	return endpoint, err
}
