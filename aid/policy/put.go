package policy

import (
	"context"
	"fmt"
	"time"

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
	return put(ctx, q, all, l.rows(OfDepartment, ""), func(d Department) string { return d.ID }, checkDepartments, func(ctx context.Context, q store.Queryer, _ int64, d Department) error {
		return writeDepartment(ctx, q, d)
	})
}

// PutSituations enters life situations. The programmes they name may come later.
func (l *Library) PutSituations(ctx context.Context, q store.Queryer, all []Situation) error {
	return put(ctx, q, all, l.rows(OfSituation, ""), func(s Situation) string { return s.ID }, checkSituations, func(ctx context.Context, q store.Queryer, _ int64, s Situation) error {
		return writeSituation(ctx, q, s)
	})
}

// PutProgrammes enters programmes; their department and situations must be there and every cite must hold today.
func (l *Library) PutProgrammes(ctx context.Context, q store.Queryer, all []Programme) error {
	check := func(b *bench, all []Programme) place.Faults { return b.programmes(all, l.Now()) }
	return put(ctx, q, all, l.rows(OfProgramme, ""), func(p Programme) string { return p.ID }, check, func(ctx context.Context, q store.Queryer, _ int64, p Programme) error {
		return writeProgramme(ctx, q, p)
	})
}

// PutStandards enters standards. No two rows of one programme, variant and place may hold on the same day.
func (l *Library) PutStandards(ctx context.Context, q store.Queryer, all []Standard) error {
	return put(ctx, q, all, l.rows(OfStandard, nextStandard), func(s Standard) string { return s.ID }, checkStandards, writeStandard)
}

// PutDocuments enters documents, replacing all articles of one that is there.
func (l *Library) PutDocuments(ctx context.Context, q store.Queryer, all []Document) error {
	return put(ctx, q, all, l.rows("", nextDocument), func(d Document) string { return d.ID }, checkDocuments, writeDocument)
}

// PutEntries enters the office's own answers; every cite must hold today.
func (l *Library) PutEntries(ctx context.Context, q store.Queryer, all []Entry) error {
	check := func(b *bench, all []Entry) place.Faults { return b.entries(all, l.Now()) }
	return put(ctx, q, all, l.rows(OfEntry, nextEntry), func(e Entry) string { return e.ID }, check, writeEntry)
}

// rows is what put has to know of the rows it writes: of what kind they are when they have translated texts, and the
// query for the first free place in their order, "" when they have none.
type rows struct {
	kind, next string
	now        time.Time
}

func (l *Library) rows(kind, next string) rows { return rows{kind, next, l.Now()} }

// put checks all rows, then writes them, and notes which translations they leave behind.
func put[T any](ctx context.Context, q store.Queryer, all []T, r rows, id func(T) string, check func(*bench, []T) place.Faults, write func(context.Context, store.Queryer, int64, T) error) error {
	b, err := newBench(ctx, q)
	if err != nil {
		return err
	}
	if err := check(b, all).Err(); err != nil {
		return err
	}
	if err := keep(ctx, q, b.shelf, r.kind, all, id, r.now); err != nil {
		return err
	}
	var ord int64
	if r.next != "" {
		if err := q.QueryRowContext(ctx, r.next).Scan(&ord); err != nil {
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
