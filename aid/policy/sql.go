package policy

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"mashang/i18n"
	"mashang/platform/store"
)

// readShelf reads everything; what it returns is arranged and ready.
func readShelf(ctx context.Context, q store.Queryer, version int64) (*Shelf, error) {
	s := Shelf{version: version}
	var err error
	if s.departments, err = bodies[Department](ctx, q, `SELECT body FROM departments ORDER BY id`); err != nil {
		return nil, fmt.Errorf("policy: read departments: %w", err)
	}
	if s.situations, err = bodies[Situation](ctx, q, `SELECT body FROM situations ORDER BY id`); err != nil {
		return nil, fmt.Errorf("policy: read situations: %w", err)
	}
	if s.programmes, err = bodies[Programme](ctx, q, `SELECT body FROM programmes ORDER BY id`); err != nil {
		return nil, fmt.Errorf("policy: read programmes: %w", err)
	}
	if s.entries, err = bodies[Entry](ctx, q, `SELECT body FROM entries ORDER BY ord, id`); err != nil {
		return nil, fmt.Errorf("policy: read entries: %w", err)
	}
	if s.documents, err = readDocuments(ctx, q); err != nil {
		return nil, err
	}
	if s.rows, err = readStandards(ctx, q); err != nil {
		return nil, err
	}
	return newShelf(s), nil
}

func bodies[T any](ctx context.Context, q store.Queryer, query string) ([]T, error) {
	return store.All(ctx, q, func(r *sql.Rows) (v T, err error) {
		var body string
		if err = r.Scan(&body); err != nil {
			return v, err
		}
		return v, json.Unmarshal([]byte(body), &v)
	}, query)
}

func readDocuments(ctx context.Context, q store.Queryer) ([]Document, error) {
	documents, err := bodies[Document](ctx, q, `SELECT body FROM documents ORDER BY ord, id`)
	if err != nil {
		return nil, fmt.Errorf("policy: read documents: %w", err)
	}
	at := make(map[string]int, len(documents))
	for i, d := range documents {
		at[d.ID] = i
	}
	type row struct {
		document string
		Article
	}
	articles, err := store.All(ctx, q, func(r *sql.Rows) (a row, err error) {
		return a, r.Scan(&a.document, &a.No, &a.Label, &a.Chapter, &a.Text)
	}, `SELECT document, no, label, chapter, body FROM articles ORDER BY document, ord`)
	if err != nil {
		return nil, fmt.Errorf("policy: read articles: %w", err)
	}
	for _, a := range articles {
		if i, ok := at[a.document]; ok {
			documents[i].Articles = append(documents[i].Articles, a.Article)
		}
	}
	return documents, nil
}

func readStandards(ctx context.Context, q store.Queryer) ([]Standard, error) {
	all, err := store.All(ctx, q, func(r *sql.Rows) (s Standard, err error) {
		var label, unitText, note, formula string
		var from, to store.Time
		if err = r.Scan(&s.ID, &s.Programme, &s.Variant, &label, &s.Place, &s.Cents, &s.None, &s.Unit, &unitText, &from, &to, &s.Document, &note, &formula); err != nil {
			return s, err
		}
		if !from.IsZero() {
			s.From = from.In(i18n.Shanghai)
		}
		if !to.IsZero() {
			s.To = to.In(i18n.Shanghai)
		}
		if formula != "" {
			if err = json.Unmarshal([]byte(formula), &s.Formula); err != nil {
				return s, err
			}
		}
		return s, errors.Join(json.Unmarshal([]byte(label), &s.Label), json.Unmarshal([]byte(unitText), &s.UnitText), json.Unmarshal([]byte(note), &s.Note))
	}, `SELECT id, programme, variant, label, place, cents, absent, unit, unit_text, valid_from, valid_to, document, note, formula FROM standards ORDER BY ord, id`)
	if err != nil {
		return nil, fmt.Errorf("policy: read standards: %w", err)
	}
	return all, nil
}

const (
	deleteDepartment = `DELETE FROM departments WHERE id = $1`
	deleteSituation  = `DELETE FROM situations WHERE id = $1`
	deleteEntry      = `DELETE FROM entries WHERE id = $1`

	nextStandard = `SELECT coalesce(max(ord), 0) + 1 FROM standards`
	nextDocument = `SELECT coalesce(max(ord), 0) + 1 FROM documents`
	nextEntry    = `SELECT coalesce(max(ord), 0) + 1 FROM entries`
)

func writeDepartment(ctx context.Context, q store.Queryer, d Department) error {
	_, err := q.ExecContext(ctx, `INSERT INTO departments (id, body) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET body = excluded.body`, d.ID, pack(d))
	return err
}

func writeSituation(ctx context.Context, q store.Queryer, s Situation) error {
	_, err := q.ExecContext(ctx, `INSERT INTO situations (id, body) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET body = excluded.body`, s.ID, pack(s))
	return err
}

func writeProgramme(ctx context.Context, q store.Queryer, p Programme) error {
	_, err := q.ExecContext(ctx, `INSERT INTO programmes (id, body) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET body = excluded.body`, p.ID, pack(p))
	return err
}

func writeStandard(ctx context.Context, q store.Queryer, ord int64, s Standard) error {
	formula := ""
	if s.Formula != (Formula{}) {
		formula = pack(s.Formula)
	}
	_, err := q.ExecContext(ctx, `INSERT INTO standards (id, ord, programme, variant, label, place, cents, absent, unit, unit_text, valid_from, valid_to, document, note, formula)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		ON CONFLICT (id) DO UPDATE SET programme = excluded.programme, variant = excluded.variant, label = excluded.label, place = excluded.place,
			cents = excluded.cents, absent = excluded.absent, unit = excluded.unit, unit_text = excluded.unit_text,
			valid_from = excluded.valid_from, valid_to = excluded.valid_to, document = excluded.document, note = excluded.note, formula = excluded.formula`,
		s.ID, ord, s.Programme, s.Variant, pack(s.Label), s.Place, s.Cents, s.None, s.Unit, pack(s.UnitText),
		store.At(s.From), store.At(s.To), s.Document, pack(s.Note), formula)
	return err
}

func deleteStandard(ctx context.Context, q store.Queryer, id string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM standards WHERE id = $1`, id)
	return err
}

// writeDocument replaces the document and all its articles.
func writeDocument(ctx context.Context, q store.Queryer, ord int64, d Document) error {
	articles := d.Articles
	d.Articles = nil
	if _, err := q.ExecContext(ctx, `INSERT INTO documents (id, ord, body) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET body = excluded.body`, d.ID, ord, pack(d)); err != nil {
		return err
	}
	if _, err := q.ExecContext(ctx, `DELETE FROM articles WHERE document = $1`, d.ID); err != nil {
		return err
	}
	for i, a := range articles {
		_, err := q.ExecContext(ctx, `INSERT INTO articles (document, no, ord, label, chapter, body) VALUES ($1, $2, $3, $4, $5, $6)`,
			d.ID, a.No, i, a.Label, a.Chapter, a.Text)
		if err != nil {
			return err
		}
	}
	return nil
}

func writeEntry(ctx context.Context, q store.Queryer, ord int64, e Entry) error {
	_, err := q.ExecContext(ctx, `INSERT INTO entries (id, ord, body) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET body = excluded.body`, e.ID, ord, pack(e))
	return err
}

// pack writes one of our own types, which always marshal.
func pack(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return "null"
	}
	return string(b)
}
