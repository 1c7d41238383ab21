package wording

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

func insertList(ctx context.Context, q store.Queryer, id string, texts []string, now time.Time) error {
	raw, err := json.Marshal(texts)
	if err != nil {
		return fmt.Errorf("wording: list: %w", err)
	}
	if _, err = q.ExecContext(ctx, `INSERT INTO translation_lists (id, texts, at) VALUES ($1, $2, $3)`, id, string(raw), store.At(now)); err != nil {
		return fmt.Errorf("wording: list: %w", err)
	}
	return nil
}

func readList(ctx context.Context, q store.Queryer, id string) (texts []string, err error) {
	var raw string
	err = q.QueryRowContext(ctx, `SELECT texts FROM translation_lists WHERE id = $1`, id).Scan(&raw)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, problem.New(problem.Missing, "words.import.list")
	}
	if err == nil {
		err = json.Unmarshal([]byte(raw), &texts)
	}
	if err != nil {
		return nil, fmt.Errorf("wording: list: %w", err)
	}
	return texts, nil
}
