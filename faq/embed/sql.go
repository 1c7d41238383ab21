package embed

import (
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"time"

	"mashang/platform/store"
)

func pack(v Vector) []byte {
	b := make([]byte, 0, 4*len(v))
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return b
}

func unpack(b []byte) Vector {
	v := make(Vector, len(b)/4)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return v
}

// selectVectors are those kept of a model, by hash. One that disk or hand has spoiled is left out.
func selectVectors(ctx context.Context, q store.Queryer, model string) (map[string]Vector, error) {
	all := map[string]Vector{}
	_, err := store.All(ctx, q, func(rows *sql.Rows) (struct{}, error) {
		var hash string
		var packed []byte
		err := rows.Scan(&hash, &packed)
		if v := unpack(packed); err == nil && len(packed)%4 == 0 && unit(v) {
			all[hash] = v
		}
		return struct{}{}, err
	}, `SELECT hash, vector FROM faq_vectors WHERE model = $1`, model)
	return all, err
}

func insertVector(ctx context.Context, q store.Queryer, model, hash string, v Vector, at time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO faq_vectors (model, hash, vector, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (model, hash) DO UPDATE SET vector = excluded.vector, at = excluded.at`, model, hash, pack(v), store.At(at))
	return err
}

func deleteVectors(ctx context.Context, q store.Queryer, model string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM faq_vectors WHERE model = $1`, model)
	return err
}

func deleteVector(ctx context.Context, q store.Queryer, model, hash string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM faq_vectors WHERE model = $1 AND hash = $2`, model, hash)
	return err
}

type keptVector struct{ model, hash string }

func selectOld(ctx context.Context, q store.Queryer, before time.Time) ([]keptVector, error) {
	return store.All(ctx, q, func(rows *sql.Rows) (k keptVector, err error) { return k, rows.Scan(&k.model, &k.hash) },
		`SELECT model, hash FROM faq_vectors WHERE at < $1 ORDER BY at, hash LIMIT 10000`, store.At(before))
}

func selectTrial(ctx context.Context, q store.Queryer, model string) (v Verdict, ok bool, err error) {
	var body string
	var packed []byte
	var at store.Time
	err = q.QueryRowContext(ctx, `SELECT print, body, at FROM faq_vector_trials WHERE model = $1`, model).Scan(&packed, &body, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return v, false, nil
	}
	if err != nil {
		return v, false, store.Failure(err)
	}
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		return v, false, err
	}
	v.At = at.Time
	for ; len(packed) >= 8; packed = packed[8:] {
		v.Print = append(v.Print, binary.LittleEndian.Uint64(packed))
	}
	return v, true, nil
}

func upsertTrial(ctx context.Context, q store.Queryer, model string, v Verdict) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	packed := make([]byte, 0, 8*len(v.Print))
	for _, h := range v.Print {
		packed = binary.LittleEndian.AppendUint64(packed, h)
	}
	_, err = q.ExecContext(ctx, `INSERT INTO faq_vector_trials (model, print, body, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (model) DO UPDATE SET print = excluded.print, body = excluded.body, at = excluded.at`, model, packed, string(body), store.At(v.At))
	return err
}
