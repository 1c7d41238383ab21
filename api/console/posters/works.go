package posters

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"mashang/platform/files"
	"mashang/platform/jobs"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/qr/poster"
)

// atOnce is how many sheets are made while one waits; more are a job.
const atOnce = 50

// JobName is the job that makes many sheets.
const JobName = "posters"

// Kept is how long a file that was made can be fetched.
const Kept = 7 * 24 * time.Hour

// Works makes files of sheets, keeps them for a while and remembers what was
// printed.
type Works struct {
	*Studio
	DB      *store.DB
	Vault   *files.Vault
	History *poster.History
	Jobs    *jobs.Runner
}

// Order is what somebody wants printed, of which locations.
type Order struct {
	Choice poster.Choice `json:"-"` // a run keeps it beside
	Pick
	Host string `json:"host,omitempty"`
	Zip  bool   `json:"zip,omitempty"` // a PDF a village and a packing list
}

// Places lists the locations of an order.
func (w *Works) Places(ctx context.Context, o Order) ([]poster.Place, error) {
	var hanging map[string]poster.Hanging
	if o.Only != "" {
		var err error
		if hanging, err = w.History.Hanging(ctx); err != nil {
			return nil, err
		}
	}
	return w.Choose(o.Pick, o.Choice.Second, o.Host, hanging), nil
}

// Write makes the file of an order.
func (w *Works) Write(ctx context.Context, to io.Writer, o Order, places []poster.Place, step func(done, total int)) ([]poster.Warning, error) {
	office := w.Office(o.Choice.Second, o.Host)
	if o.Zip {
		return w.Press.Zip(ctx, to, office, o.Choice, places, step)
	}
	return w.Press.Print(ctx, to, office, o.Choice, places, step)
}

// Run is the record of an order that is carried out now.
func (w *Works) Run(o Order, by string, places int, size int64) (poster.Run, error) {
	chosen, err := json.Marshal(o)
	if err != nil {
		return poster.Run{}, err
	}
	office := w.Office(o.Choice.Second, o.Host)
	return poster.Run{
		ID: rand.Text(), At: w.Now(), By: by, Division: o.Division, Choice: o.Choice, Chosen: chosen, Places: places,
		Key: w.Codes.Key(), Host: office.Domain, Hotline: office.Hotline, Bytes: size,
	}, nil
}

// Order is what a run was asked for.
func (w *Works) Order(r poster.Run) (Order, error) {
	o := Order{Choice: r.Choice}
	if err := json.Unmarshal(r.Chosen, &o); err != nil {
		return o, fmt.Errorf("posters: order of %s: %w", r.ID, err)
	}
	o.Choice = r.Choice
	return o, nil
}

// Remember keeps a run whose file is elsewhere, with the record of who did it.
func (w *Works) Remember(ctx context.Context, r poster.Run, places []poster.Place, note func(q store.Queryer) error) error {
	return w.DB.Tx(ctx, func(q store.Queryer) error {
		if err := w.History.Begin(ctx, q, r); err != nil {
			return err
		}
		if err := w.History.Finish(ctx, q, r, places); err != nil {
			return err
		}
		return note(q)
	})
}

// Make carries out an order: at once when it is small, else as a job.
func (w *Works) Make(ctx context.Context, o Order, by string, places []poster.Place, note func(q store.Queryer, run poster.Run) error) (poster.Run, error) {
	r, err := w.Run(o, by, len(places), 0)
	if err != nil {
		return r, err
	}
	if len(places) > atOnce {
		err = w.DB.Tx(ctx, func(q store.Queryer) (err error) {
			if r.Job, err = w.Jobs.Queue(ctx, q, JobName, by, task{r.ID}); err != nil {
				return err
			}
			if err := w.History.Begin(ctx, q, r); err != nil {
				return err
			}
			return note(q, r)
		})
		return r, err
	}
	var file bytes.Buffer
	if _, err := w.Write(ctx, &file, o, places, nil); err != nil {
		return r, refusal(err)
	}
	r.File, r.Bytes = rand.Text(), int64(file.Len())
	err = w.Remember(ctx, r, places, func(q store.Queryer) error {
		if err := w.put(ctx, q, r, o, file.Bytes()); err != nil {
			return err
		}
		return note(q, r)
	})
	return r, err
}

func (w *Works) put(ctx context.Context, q store.Queryer, r poster.Run, o Order, file []byte) error {
	mime := "application/pdf"
	if o.Zip {
		mime = "application/zip"
	}
	return w.Vault.Put(ctx, q, r.File, "posters/"+r.ID, mime, bytes.NewReader(file))
}

// refusal says a refused printing in words.
func refusal(err error) error {
	var refused *poster.Refused
	if errors.As(err, &refused) {
		return &problem.Error{Kind: problem.Invalid, Key: "posters.refused", Err: err}
	}
	return err
}

type task struct {
	Run string `json:"run"`
}

// Job makes the file of a run that was too large to wait for.
func (w *Works) Job() jobs.Job {
	return jobs.Job{Name: JobName, Timeout: 15 * time.Minute, Retry: true, Run: w.work}
}

func (w *Works) work(ctx context.Context, p *jobs.Progress) error {
	var t task
	if err := p.Args(&t); err != nil {
		return err
	}
	r, err := w.History.Find(ctx, t.Run)
	if err != nil || r.State != poster.Making {
		return err
	}
	o, err := w.Order(r)
	if err != nil {
		return err
	}
	places, err := w.Places(ctx, o)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	_, err = w.Write(ctx, &file, o, places, func(done, total int) {
		if done%20 == 0 || done == total {
			p.Step(int64(done), int64(total))
		}
	})
	if err != nil {
		return refusal(err)
	}
	now, err := w.Run(o, r.By, len(places), int64(file.Len()))
	if err != nil {
		return err
	}
	now.ID, now.File = r.ID, rand.Text()
	return w.DB.Tx(ctx, func(q store.Queryer) error {
		if err := p.Fence(ctx, q); err != nil {
			return err
		}
		if err := w.put(ctx, q, now, o, file.Bytes()); err != nil {
			return err
		}
		return w.History.Finish(ctx, q, now, places)
	})
}

// SweepJob clears out old files.
func (w *Works) SweepJob() jobs.Job {
	return jobs.Job{Name: "posters-sweep", Every: 6 * time.Hour, Run: func(ctx context.Context, _ *jobs.Progress) error { return w.Sweep(ctx) }}
}

// Sweep destroys the files that were kept long enough; what was printed stays
// known.
func (w *Works) Sweep(ctx context.Context) error {
	old, err := w.History.Old(ctx, w.Now().Add(-Kept))
	if err != nil {
		return err
	}
	for _, r := range old {
		err := w.DB.Tx(ctx, func(q store.Queryer) error {
			if err := w.Vault.Delete(ctx, q, r.File); err != nil {
				return err
			}
			return w.History.DropFile(ctx, q, r.ID)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
