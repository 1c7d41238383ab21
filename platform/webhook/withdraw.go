package webhook

import (
	"context"
	"fmt"

	"mashang/platform/store"
)

// Withdraw takes a message back, in the caller's transaction, from every endpoint it has not reached. What has arrived
// stays as it is, and so does what is on the wire at this moment: who must be sure seals what the message says with a key
// that is destroyed along with it.
func Withdraw(ctx context.Context, q store.Queryer, message string) error {
	for _, stmt := range []string{
		`DELETE FROM webhook_attempts WHERE delivery IN (SELECT id FROM webhook_deliveries WHERE message = $1 AND state <> 'delivered')`,
		`DELETE FROM webhook_deliveries WHERE message = $1 AND state <> 'delivered'`,
		`DELETE FROM webhook_messages WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.message = $1)`,
	} {
		if _, err := q.ExecContext(ctx, stmt, message); err != nil {
			return fmt.Errorf("webhook: withdraw: %w", err)
		}
	}
	return nil
}
