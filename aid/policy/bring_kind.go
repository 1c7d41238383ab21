package policy

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"mashang/platform/files"
	"mashang/platform/problem"
	"mashang/platform/review"
	"mashang/platform/store"
)

// KindImport is the review kind of a file that waits to be taken in.
const KindImport = "import"

// Brought is what a proposed import says of its file, which waits in the vault.
type Brought struct {
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	File    string `json:"file"` // in the vault
	Rows    int    `json:"rows"`
	New     int    `json:"new"`
	Changed int    `json:"changed"`
	Same    int    `json:"same"`
	Ground  string `json:"ground,omitempty"` // see Ground: what was read before it was proposed
}

// BroughtOwner owns the files that wait for a second person.
const BroughtOwner = "review/import"

// ImportKind lets a file be brought by one person and taken in by another. It is
// checked again when it is taken in, against what stands then, must still change
// what it changed when it was brought, and cannot be turned back as a whole: what it changed is corrected row by row.
func (l *Library) ImportKind(vault *files.Vault) review.Kind {
	return review.Kind{
		Name: KindImport,
		Now:  func(context.Context, store.Queryer, string) (json.RawMessage, error) { return nil, nil },
		Apply: func(ctx context.Context, q store.Queryer, c review.Change) error {
			var b Brought
			if err := json.Unmarshal(c.After, &b); err != nil || b.File == "" {
				return problem.New(problem.Invalid, "content.import.back")
			}
			raw, err := readFile(ctx, vault, b.File)
			if err != nil {
				return err
			}
			before, err := readShelf(ctx, q, 0)
			if err != nil {
				return err
			}
			report, err := l.ImportIn(ctx, q, b.Kind, b.Name, raw)
			if err != nil {
				return err
			}
			if err := Refused(report); err != nil {
				return err
			}
			after, err := readShelf(ctx, q, 0)
			if err != nil {
				return err
			}
			if b.Ground != "" && b.Ground != Ground(effects(before, after)) {
				return problem.New(problem.Conflict, "review.changed") // it would turn back what was published since
			}
			return vault.Delete(ctx, q, b.File)
		},
		After: l.Reload,
	}
}

// TryBrought tells what a file that waits would do now.
func (l *Library) TryBrought(ctx context.Context, vault *files.Vault, b Brought) (Trial, error) {
	raw, err := readFile(ctx, vault, b.File)
	if err != nil {
		return Trial{}, err
	}
	return l.Try(ctx, b.Kind, b.Name, raw)
}

func readFile(ctx context.Context, vault *files.Vault, id string) ([]byte, error) {
	r, _, err := vault.Open(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("policy: import: %w", err)
	}
	defer r.Close()
	return io.ReadAll(r)
}
