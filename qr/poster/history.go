package poster

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// The states of a Run.
const (
	Making = "making"
	Made   = "done"
	Void   = "void" // made, and thrown away unhung
)

// Run is one printing.
type Run struct {
	ID       string
	At       time.Time
	By       string
	State    string
	Division string // all its locations lie in; "" for the whole county
	Choice   Choice
	Chosen   json.RawMessage // how its locations were chosen; the caller's own
	Places   int
	Key      int // number of the key that signed the codes
	Host     string
	Hotline  string
	File     string // in the vault; "" when it has gone or has not come
	Bytes    int64
	Job      string // that makes it; "" when it was made at once
}

// Sheet is what one sheet of a run says about its location.
type Sheet struct{ Run, Location, Number, Name, Line string }

// Hanging is the newest poster of a location.
type Hanging struct {
	Sheet
	At            time.Time
	By            string
	Host, Hotline string
	Key           int
}

// Changed names what a poster that hangs says otherwise than one printed now
// would: number, name, office (with its phone), hotline, domain.
func (h Hanging) Changed(now Place, o Office) []string {
	var out []string
	for _, one := range []struct{ field, old, now string }{
		{"number", h.Number, now.Number}, {"name", h.Name, now.Name}, {"office", h.Line, now.Line()},
		{"hotline", h.Hotline, o.Hotline}, {"domain", h.Host, o.Domain},
	} {
		if one.old != one.now {
			out = append(out, one.field)
		}
	}
	return out
}

// History remembers what was printed.
type History struct {
	DB *store.DB
}

// Begin keeps a run that is being made.
func (h *History) Begin(ctx context.Context, q store.Queryer, r Run) error {
	if err := insertRun(ctx, q, r); err != nil {
		return fmt.Errorf("poster: begin: %w", err)
	}
	return nil
}

// Finish keeps what a run has printed. A run that is not being made any more
// stays as it is, so that doing it twice does nothing.
func (h *History) Finish(ctx context.Context, q store.Queryer, r Run, places []Place) error {
	n, err := store.Rows(finishRun(ctx, q, r))
	if err == nil && n == 0 {
		err = problem.New(problem.Conflict, "problem.conflict")
	}
	for from := 0; err == nil && from < len(places); from += sheetsAtOnce {
		err = insertSheets(ctx, q, r.ID, places[from:min(from+sheetsAtOnce, len(places))])
	}
	if err != nil {
		return fmt.Errorf("poster: finish: %w", err)
	}
	return nil
}

// Find is one run.
func (h *History) Find(ctx context.Context, id string) (Run, error) {
	all, err := selectRuns(ctx, h.DB, id, 0, 1)
	if err != nil {
		return Run{}, fmt.Errorf("poster: find: %w", err)
	}
	if len(all) == 0 {
		return Run{}, problem.New(problem.Missing, "problem.missing")
	}
	return all[0], nil
}

// Runs lists the newest runs.
func (h *History) Runs(ctx context.Context, offset, limit int) ([]Run, error) {
	all, err := selectRuns(ctx, h.DB, "", offset, limit)
	if err != nil {
		return nil, fmt.Errorf("poster: runs: %w", err)
	}
	return all, nil
}

// Sheets lists what a run printed.
func (h *History) Sheets(ctx context.Context, run string) ([]Sheet, error) {
	all, err := selectSheets(ctx, h.DB, run, "")
	if err != nil {
		return nil, fmt.Errorf("poster: sheets: %w", err)
	}
	return all, nil
}

// Of lists the runs in which a location was printed, the newest first.
func (h *History) Of(ctx context.Context, location string) ([]Run, error) {
	all, err := selectRunsOf(ctx, h.DB, location)
	if err != nil {
		return nil, fmt.Errorf("poster: runs of a location: %w", err)
	}
	return all, nil
}

// Hanging tells by location the newest poster that was printed and not voided.
// Cards do not count: they hang nowhere.
func (h *History) Hanging(ctx context.Context) (map[string]Hanging, error) {
	all, err := selectHanging(ctx, h.DB)
	if err != nil {
		return nil, fmt.Errorf("poster: hanging: %w", err)
	}
	out := make(map[string]Hanging, len(all))
	for _, one := range all {
		out[one.Location] = one
	}
	return out, nil
}

// SetVoid says that the sheets of a run were thrown away, or that they hang
// after all.
func (h *History) SetVoid(ctx context.Context, q store.Queryer, id string, void bool) error {
	from, to := Made, Void
	if !void {
		from, to = to, from
	}
	n, err := store.Rows(setRunState(ctx, q, id, from, to))
	if err == nil && n == 0 {
		err = problem.New(problem.Conflict, "problem.conflict")
	}
	if err != nil {
		return fmt.Errorf("poster: void: %w", err)
	}
	return nil
}

// Old lists the files of runs made before a time.
func (h *History) Old(ctx context.Context, before time.Time) ([]Run, error) {
	all, err := selectOld(ctx, h.DB, before)
	if err != nil {
		return nil, fmt.Errorf("poster: old: %w", err)
	}
	return all, nil
}

// DropFile forgets the file of a run; the run stays.
func (h *History) DropFile(ctx context.Context, q store.Queryer, id string) error {
	if err := dropFile(ctx, q, id); err != nil {
		return fmt.Errorf("poster: drop file: %w", err)
	}
	return nil
}
