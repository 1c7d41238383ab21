package faq

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"mashang/platform/store"
)

// Missed is a question the assistant could not answer, as it is kept: scrubbed, and
// with nothing that tells who asked.
type Missed struct {
	ID, Text  string
	Outcome   Outcome
	Programme string
	Division  string
	Lang      string
	At        time.Time
}

// MissedFilter chooses questions; empty fields choose all.
type MissedFilter struct {
	Find          string // part of the text
	Outcome       Outcome
	Offset, Limit int // 50 when 0
}

// Unanswered is a page of the questions, newest first, and how many there are in all.
func (a *Assistant) Unanswered(ctx context.Context, f MissedFilter) ([]Missed, int, error) {
	if a.DB == nil {
		return nil, 0, nil
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	like := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(f.Find)) + "%"
	all, err := selectQuestions(ctx, a.DB, like, string(f.Outcome), f.Limit, max(0, f.Offset))
	if err != nil {
		return nil, 0, fmt.Errorf("faq: unanswered: %w", err)
	}
	n, err := countQuestions(ctx, a.DB, like, string(f.Outcome))
	if err != nil {
		return nil, 0, fmt.Errorf("faq: unanswered: %w", err)
	}
	return all, n, nil
}

func scanQuestion(rows *sql.Rows) (Missed, error) {
	var q Missed
	var at store.Time
	err := rows.Scan(&q.ID, &q.Text, &q.Outcome, &q.Programme, &q.Division, &q.Lang, &at)
	q.At = at.Time
	return q, err
}
