package policy

import (
	"context"
	"fmt"

	"mashang/aid/place"
	"mashang/platform/fresh"
	"mashang/platform/store"
)

// The Put methods enter or change rows, known by their ID, inside the caller's transaction. Each checks its rows
// against what q sees; when a row is wrong they return place.Faults, and the transaction must be rolled back. What is
// referred to goes first: divisions, documents, departments, situations, programmes, standards, entries. Call Reload
// after the commit.

// PutDepartments enters departments.
func (l *Library) PutDepartments(ctx context.Context, q store.Queryer, all []Department) error {
	return put(ctx, q, all, checkDepartments, "", func(ctx context.Context, q store.Queryer, _ int64, d Department) error {
		return writeDepartment(ctx, q, d)
	})
}

// PutSituations enters life situations. The programmes they name may come later.
func (l *Library) PutSituations(ctx context.Context, q store.Queryer, all []Situation) error {
	return put(ctx, q, all, checkSituations, "", func(ctx context.Context, q store.Queryer, _ int64, s Situation) error {
		return writeSituation(ctx, q, s)
	})
}

// PutProgrammes enters programmes; their department and situations must be there and every cite must hold today.
func (l *Library) PutProgrammes(ctx context.Context, q store.Queryer, all []Programme) error {
	return put(ctx, q, all, func(b *bench, all []Programme) place.Faults { return b.programmes(all, l.Now()) }, "", func(ctx context.Context, q store.Queryer, _ int64, p Programme) error {
		return writeProgramme(ctx, q, p)
	})
}

// PutStandards enters standards. No two rows of one programme, variant and place may hold on the same day.
func (l *Library) PutStandards(ctx context.Context, q store.Queryer, all []Standard) error {
	return put(ctx, q, all, checkStandards, nextStandard, writeStandard)
}

// PutDocuments enters documents, replacing all articles of one that is there.
func (l *Library) PutDocuments(ctx context.Context, q store.Queryer, all []Document) error {
	return put(ctx, q, all, checkDocuments, nextDocument, writeDocument)
}

// PutEntries enters the office's own answers; every cite must hold today.
func (l *Library) PutEntries(ctx context.Context, q store.Queryer, all []Entry) error {
	return put(ctx, q, all, func(b *bench, all []Entry) place.Faults { return b.entries(all, l.Now()) }, nextEntry, writeEntry)
}

// put checks all rows, then writes them. next asks for the first free place in the order, "" when there is none.
func put[T any](ctx context.Context, q store.Queryer, all []T, check func(*bench, []T) place.Faults, next string, write func(context.Context, store.Queryer, int64, T) error) error {
	b, err := newBench(ctx, q)
	if err != nil {
		return err
	}
	if err := check(b, all).Err(); err != nil {
		return err
	}
	var ord int64
	if next != "" {
		if err := q.QueryRowContext(ctx, next).Scan(&ord); err != nil {
			return fmt.Errorf("policy: put: %w", err)
		}
	}
	for i, v := range all {
		if err := write(ctx, q, ord+int64(i), v); err != nil {
			return fmt.Errorf("policy: put: %w", err)
		}
	}
	return fresh.Bump(ctx, q, topic)
}
