package roster

import (
	"context"
	"time"

	"mashang/i18n"
	"mashang/platform/store"
	"mashang/platform/webhook"
)

// Topics are the messages about lists. They name nobody.
func Topics() []string { return []string{"roster.published", "roster.withdrawn", "roster.corrected"} }

// told is the message for a deed, "" for those that stay inside.
var told = map[string]string{"approved": "roster.published", "withdrawn": "roster.withdrawn", "corrected": "roster.corrected", "removed": "roster.corrected", "covered": "roster.corrected"}

// news is what the outside is told about a list.
type news struct {
	Publication string     `json:"publication"`
	Programme   string     `json:"programme"`
	Place       string     `json:"place"`
	Kind        Kind       `json:"kind"`
	From        time.Time  `json:"from"`
	To          *time.Time `json:"to"`
	Document    string     `json:"document"`
	Households  int        `json:"households"`
	Persons     int        `json:"persons"`
	Amount      string     `json:"amount"`
	Reason      string     `json:"reason,omitempty"`
	At          time.Time  `json:"at"`
}

// tell queues the message about a deed, in the deed's transaction.
func (b *Board) tell(ctx context.Context, q store.Queryer, p Publication, d Deed) error {
	topic := told[d.What]
	if topic == "" {
		return nil
	}
	n := news{Publication: p.ID, Programme: p.Programme, Place: p.Village, Kind: p.Kind, From: p.From.In(i18n.Shanghai), Document: p.Document,
		Households: p.Households, Persons: p.Persons, Amount: i18n.Decimal(p.Cents), At: d.At.In(i18n.Shanghai)}
	if !p.To.IsZero() {
		to := p.To.In(i18n.Shanghai)
		n.To = &to
	}
	if topic != "roster.published" {
		n.Reason = d.Detail
	}
	m := webhook.Message{Topic: topic, Data: n, At: d.At}
	if b.Places != nil {
		m.Scope = b.Places.Atlas().Chain(p.Village)
	}
	_, err := webhook.Enqueue(ctx, q, m)
	return err
}
