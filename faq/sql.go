package faq

import (
	"context"
	"fmt"

	"mashang/platform/store"
)

func insertQuestion(ctx context.Context, q store.Queryer, id string, u unanswered) error {
	_, err := q.ExecContext(ctx, `INSERT INTO faq_questions (id, text, outcome, programme, division, lang, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		id, u.Text, string(u.Outcome), u.Programme, u.Division, u.Lang, store.At(u.At))
	if err != nil {
		return fmt.Errorf("faq: keep question: %w", err)
	}
	return nil
}
