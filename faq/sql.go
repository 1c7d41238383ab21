package faq

import (
	"context"
	"fmt"

	"mashang/platform/store"
)

func insertQuestion(ctx context.Context, q store.Queryer, id string, u unanswered) error {
	_, err := q.ExecContext(ctx, `INSERT INTO faq_questions (id, text, outcome, programme, division, lang, at, channel, shown, verdict)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		id, u.Text, string(u.Outcome), u.Programme, u.Division, u.Lang, store.At(u.At), u.Channel, u.Shown, u.Verdict)
	if err != nil {
		return fmt.Errorf("faq: keep question: %w", err)
	}
	return nil
}

func selectQuestions(ctx context.Context, q store.Queryer, like, outcome string, limit, offset int) ([]Missed, error) {
	return store.All(ctx, q, scanQuestion, `SELECT id, text, outcome, programme, division, lang, at FROM faq_questions
		WHERE lower(text) LIKE $1 ESCAPE '\' AND ($2 = '' OR outcome = $2) ORDER BY at DESC, id LIMIT $3 OFFSET $4`, like, outcome, limit, offset)
}

func countQuestions(ctx context.Context, q store.Queryer, like, outcome string) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM faq_questions WHERE lower(text) LIKE $1 ESCAPE '\' AND ($2 = '' OR outcome = $2)`, like, outcome).Scan(&n)
	return n, err
}
