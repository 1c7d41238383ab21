package roster

import (
	"context"
	"errors"
	"iter"
)

// Overview lists the publications in force now in a village, with their counts.
func (b *Board) Overview(ctx context.Context, village string) ([]Publication, error) {
	return nil, errors.ErrUnsupported
}

// Search lists the entries of a village that are published now.
func (b *Board) Search(ctx context.Context, q Query) (Page, error) {
	return Page{}, errors.ErrUnsupported
}

// Import takes a list in: every row or none. What cannot be published is named by its cell in the report's Problems.
func (b *Board) Import(ctx context.Context, m Meta, header []string, rows iter.Seq2[[]string, error]) (Report, error) {
	return Report{}, errors.ErrUnsupported
}

// All lists the newest publications of a village (or, with "", of all), whatever their state, for the console.
func (b *Board) All(ctx context.Context, village string, limit int) ([]Publication, error) {
	return nil, errors.ErrUnsupported
}

// Approve opens a publication to the public from its period on.
func (b *Board) Approve(ctx context.Context, id, by string) error { return errors.ErrUnsupported }

// Withdraw takes a publication off at once.
func (b *Board) Withdraw(ctx context.Context, id, by string) error { return errors.ErrUnsupported }
