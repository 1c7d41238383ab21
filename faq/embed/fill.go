package embed

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"mashang/platform/store"
)

// mostKept is how many bytes of vectors are held in memory; a corpus that needs more goes without.
const mostKept = 128 << 20

// unused is how long a vector stays that no text has.
const unused = 30 * 24 * time.Hour

// Fill gives every text of the office its vector: those that are kept from the database, the others from the model, batch by
// batch, each kept at once. What had gives is not read again. An error leaves kept what had come; the next call goes on there.
func (e *Embedder) Fill(ctx context.Context, texts []string, had map[string]Vector) (map[string]Vector, error) {
	all := make(map[string]Vector, len(texts))
	var missing []string
	dims, known := 0, map[string]Vector(nil)
	for _, t := range texts {
		if all[t] != nil {
			continue
		}
		v := had[t]
		if v == nil {
			if known == nil {
				var err error
				if known, err = selectVectors(ctx, e.DB, e.name); err != nil {
					return nil, fmt.Errorf("embed: read: %w", err)
				}
			}
			v = known[hash(t)]
		}
		if v == nil {
			missing = append(missing, t)
			continue
		}
		if dims == 0 {
			dims = len(v)
		}
		if all[t] = v; len(v) != dims {
			return nil, e.startAnew(ctx)
		}
	}
	slices.Sort(missing)
	for some := range slices.Chunk(slices.Compact(missing), batch) {
		vectors, err := e.batch(ctx, some)
		if err != nil {
			return nil, err
		}
		if dims == 0 {
			dims = len(vectors[0])
		}
		if len(vectors[0]) != dims {
			return nil, e.startAnew(ctx)
		}
		if err := e.keep(ctx, some, vectors); err != nil {
			return nil, err
		}
		for i, t := range some {
			all[t] = vectors[i]
		}
	}
	if 4*dims*len(all) > mostKept {
		return nil, fmt.Errorf("embed: %d vectors of %d numbers are more than is held in memory", len(all), dims)
	}
	return all, nil
}

// batch asks for some texts, which only one instance does at a time: another would pay for the same.
func (e *Embedder) batch(ctx context.Context, texts []string) ([]Vector, error) {
	if !e.slower.Closed() {
		return nil, ErrResting
	}
	if e.KV != nil {
		const turn = "vectors:turn"
		mine, err := e.KV.SetNew(ctx, turn, "", e.Patient+time.Second)
		if err != nil || !mine {
			return nil, ErrBusy
		}
		defer func() { _ = e.KV.Delete(context.WithoutCancel(ctx), turn) }()
	}
	if !e.counted(ctx, ":batches", e.Batches) {
		return nil, ErrQuota
	}
	ctx, cancel := context.WithTimeout(ctx, e.Patient)
	defer cancel()
	all, err := ask(ctx, e.patient, e.Model, texts)
	e.slower.Saw(err)
	return all, err
}

func (e *Embedder) keep(ctx context.Context, texts []string, vectors []Vector) error {
	at := e.Now()
	err := e.DB.Tx(ctx, func(q store.Queryer) error {
		for i, t := range texts {
			if err := insertVector(ctx, q, e.name, hash(t), vectors[i], at); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("embed: keep: %w", err)
	}
	return nil
}

// startAnew forgets the vectors of a model that now answers with others of another length.
func (e *Embedder) startAnew(ctx context.Context) error {
	if err := deleteVectors(ctx, e.DB, e.name); err != nil {
		return fmt.Errorf("embed: start anew: %w", err)
	}
	return ErrVectors
}

// Tidy forgets the vectors of texts that are no more, and of models that are no longer asked, after a month.
func (e *Embedder) Tidy(ctx context.Context, used map[string]Vector) error {
	before := e.Now().Add(-unused)
	hashes := make(map[string]bool, len(used))
	for t := range used {
		hashes[hash(t)] = true
	}
	err := e.DB.Tx(ctx, func(q store.Queryer) error {
		old, err := selectOld(ctx, q, before)
		if err != nil {
			return err
		}
		for _, o := range old {
			if o.model == e.name && hashes[o.hash] {
				continue
			}
			if err := deleteVector(ctx, q, o.model, o.hash); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("embed: tidy: %w", err)
	}
	return nil
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
