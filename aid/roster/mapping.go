package roster

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"mashang/platform/privacy"
)

// remembered takes up what an office has said before about the same headers, unless it says something now.
func (b *Board) remembered(ctx context.Context, l *looker) error {
	l.given = mapping(l.choice.Map)
	if len(l.given) > 0 || l.choice.Office == "" {
		return nil
	}
	hash, err := b.headersHash(ctx, l)
	if err != nil || hash == "" {
		return err
	}
	columns, err := selectMapping(ctx, b.DB, l.choice.Office, hash)
	if err != nil {
		return fmt.Errorf("roster: mapping: %w", err)
	}
	if columns == "" {
		return nil
	}
	by := map[string]string{}
	if err := json.Unmarshal([]byte(columns), &by); err != nil {
		return fmt.Errorf("roster: mapping: %w", err)
	}
	l.given = mapping(by)
	l.note("roster.note.mapped", nil)
	return nil
}

// remember keeps what the office said, once it has led to a list that can be taken in.
func (b *Board) remember(ctx context.Context, l *looker) error {
	if len(l.choice.Map) == 0 || l.choice.Office == "" {
		return nil
	}
	hash, err := b.headersHash(ctx, l)
	if err != nil || hash == "" {
		return err
	}
	by := map[string]string{}
	for c, key := range l.given {
		by[cellName(c)] = key
	}
	raw, err := json.Marshal(by)
	if err != nil {
		return err
	}
	return upsertMapping(ctx, b.DB, l.choice.Office, hash, string(raw), b.Now())
}

// headersHash is a keyed hash of the headers of the sheet that is read.
func (b *Board) headersHash(ctx context.Context, l *looker) (string, error) {
	at := l.choice.Sheet - 1
	if at < 0 || at >= len(l.book.Tabs) {
		at = -1
		for i := range l.book.Tabs {
			if row, _, err := l.head(i); err == nil && row > 0 {
				at = i
				break
			}
		}
	}
	if at < 0 {
		return "", nil
	}
	_, headings, err := l.head(at)
	if err != nil {
		return "", err
	}
	key, err := b.Secrets.Get(ctx, "roster.headers", 32)
	if err != nil {
		return "", fmt.Errorf("roster: mapping: %w", err)
	}
	headings = slices.Clone(headings)
	for i, h := range headings {
		headings[i] = foldHeader(h)
	}
	return privacy.Blind(key, "roster.headers", strings.Join(headings, "\n")), nil
}
