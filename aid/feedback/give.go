package feedback

import (
	"context"
	"fmt"
	"strings"
	"time"

	"mashang/aid/cases"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/webhook"
)

// topic is how the outside hears of a rating; withdrawn, of one that was taken back.
const (
	topic     = "feedback.given"
	withdrawn = "feedback.withdrawn"
)

// Topics lists the messages that leave here, for whoever chooses what an endpoint gets.
func Topics() []string { return []string{topic, withdrawn} }

// Give takes the rating of a ticket and queues the message about it, both or neither. The same ticket again changes the
// rating for a day. crowded keeps it without counting it. A bad rating of a case opens work for the staff, in the same
// transaction; one that becomes good takes it back.
func (b *Box) Give(ctx context.Context, ticket string, l Level, reasons []string, crowded bool) (Given, error) {
	t, err := b.Read(ticket)
	if err != nil {
		return Given{}, err
	}
	if reasons, err = checkReasons(t.About, l, reasons); err != nil {
		return Given{}, err
	}
	now := store.At(b.Now()).Time
	var g Given
	err = b.DB.Tx(ctx, func(q store.Queryer) error {
		was, known, err := selectGiven(ctx, q, b.row(t))
		if err != nil {
			return err
		}
		g = Given{About: t.About, Stage: t.Stage, Programme: t.Programme, Division: t.Division, Level: l, Reasons: reasons, At: now, Changed: now}
		if known {
			if !was.Open(now) {
				return problem.New(problem.Conflict, "feedback.over")
			}
			if was.Level == l && strings.Join(was.Reasons, " ") == strings.Join(reasons, " ") {
				g = was
				return nil
			}
			g.At, g.Work = was.At, was.Work
		}
		if err := b.tell(ctx, q, t, &g, known); err != nil {
			return err
		}
		return putGiven(ctx, q, b.row(t), g, crowded, month(g.At))
	})
	if err != nil {
		return Given{}, fmt.Errorf("feedback: give: %w", err)
	}
	b.Cases.Ring()
	return g, nil
}

// tell queues the message about a rating, and opens or takes back the work it makes.
func (b *Box) tell(ctx context.Context, q store.Queryer, t Ticket, g *Given, changed bool) error {
	data := b.event(t, *g)
	if changed {
		data["changed"] = true
	}
	scope := b.scope(g.Division)
	switch wanted := g.About == Case && g.Level.Bad(); {
	case wanted && g.Work == "":
		receipt, err := b.Cases.ReceiptTx(ctx, q, t.Subject)
		if err != nil {
			return err
		}
		filed, err := b.Cases.FileTx(ctx, q, cases.Filing{
			Kind: cases.Feedback, Programme: g.Programme, Division: g.Division, Scope: scope, Topic: topic, Summary: data,
			Body: map[string]string{"level": fmt.Sprint(int(g.Level)), "reasons": strings.Join(g.Reasons, " "), "stage": g.Stage, "case": receipt},
		})
		g.Work = filed.ID
		return err
	case !wanted && g.Work != "":
		if err := b.Cases.WithdrawTx(ctx, q, g.Work); err != nil {
			return err
		}
		g.Work = ""
	}
	_, err := webhook.Enqueue(ctx, q, webhook.Message{Topic: topic, Data: data, Scope: scope, At: g.Changed})
	return err
}

// event is a rating as the outside hears of it. id stays when the rating changes, so that the newest counts.
func (b *Box) event(t Ticket, g Given) map[string]any {
	data := map[string]any{
		"id": b.row(t), "about": string(g.About), "level": int(g.Level), "reasons": append([]string{}, g.Reasons...),
		"programme": g.Programme, "division": g.Division, "at": g.Changed.In(i18n.Shanghai).Format(time.RFC3339),
	}
	if g.Stage != "" {
		data["stage"] = g.Stage
	}
	return data
}

// Undo takes the rating of a ticket back, within a day; without one nothing happens.
func (b *Box) Undo(ctx context.Context, ticket string) error {
	t, err := b.Read(ticket)
	if err != nil {
		return err
	}
	now := store.At(b.Now()).Time
	err = b.DB.Tx(ctx, func(q store.Queryer) error {
		g, known, err := selectGiven(ctx, q, b.row(t))
		if err != nil || !known {
			return err
		}
		if !g.Open(now) {
			return problem.New(problem.Conflict, "feedback.over")
		}
		if g.Work != "" {
			if err := b.Cases.WithdrawTx(ctx, q, g.Work); err != nil {
				return err
			}
		}
		if err := deleteGiven(ctx, q, b.row(t)); err != nil {
			return err
		}
		_, err = webhook.Enqueue(ctx, q, webhook.Message{
			Topic: withdrawn, Scope: b.scope(g.Division), At: now,
			Data: map[string]any{"id": b.row(t), "about": string(g.About), "at": now.In(i18n.Shanghai).Format(time.RFC3339)},
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("feedback: undo: %w", err)
	}
	b.Cases.Ring()
	return nil
}

// Find is what was given with a ticket; false when nothing was.
func (b *Box) Find(ctx context.Context, t Ticket) (Given, bool, error) {
	g, known, err := selectGiven(ctx, b.DB, b.row(t))
	if err != nil {
		return Given{}, false, fmt.Errorf("feedback: find: %w", err)
	}
	return g, known, nil
}

// scope is a division and what manages it now; one that has merged is its heir's.
func (b *Box) scope(division string) []string {
	a := b.Places.Atlas()
	if d, ok := a.Here(division); ok {
		division = d.Code
	}
	if chain := a.Chain(division); len(chain) > 0 {
		return chain
	}
	return []string{a.Root().Code}
}

func month(t time.Time) string { return t.In(i18n.Shanghai).Format("2006-01") }
