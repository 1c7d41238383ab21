package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// Column is a column that Load fills. All its values are text, or all are whole numbers.
type Column struct {
	Name   string
	Number bool // BIGINT, else TEXT
}

// loadPostgres is how many rows one statement of Load hands to PostgreSQL. SQLite takes one row at a time: a statement of
// several keeps what it changes until it ends, to be able to take it back, which costs more than it saves.
const loadPostgres = 5_000

// Load inserts n rows within a transaction that Tx has handed out, as fast as the engine takes them. row writes the
// values of row i, in the order of the columns, over what into held: strings, int64s, or nil for NULL.
func (db *DB) Load(ctx context.Context, q Queryer, table string, columns []Column, n int, row func(i int, into []any)) error {
	if db.engine == Postgres {
		return loadArrays(ctx, q, table, columns, n, row)
	}
	prepare, ok := q.(interface {
		PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
	})
	if !ok {
		return errors.New("store: load: not within a transaction")
	}
	query := "INSERT INTO " + table + " (" + namesOf(columns) + ") VALUES (?" + strings.Repeat(",?", len(columns)-1) + ")"
	stmt, err := prepare.PrepareContext(ctx, query)
	if err != nil {
		return err
	}
	defer stmt.Close()
	args := make([]any, len(columns))
	for i := range n {
		row(i, args)
		if _, err := stmt.ExecContext(ctx, args...); err != nil {
			return err
		}
	}
	return nil
}

func namesOf(columns []Column) string {
	all := make([]string, len(columns))
	for i, c := range columns {
		all[i] = c.Name
	}
	return strings.Join(all, ", ")
}

// loadArrays hands PostgreSQL one array for each column.
func loadArrays(ctx context.Context, q Queryer, table string, columns []Column, n int, row func(i int, into []any)) error {
	kinds := make([]string, len(columns))
	for i, c := range columns {
		kinds[i] = fmt.Sprintf("$%d::text[]", i+1)
		if c.Number {
			kinds[i] = fmt.Sprintf("$%d::bigint[]", i+1)
		}
	}
	query := "INSERT INTO " + table + " (" + namesOf(columns) + ") SELECT * FROM unnest(" + strings.Join(kinds, ", ") + ")"
	into := make([]any, len(columns))
	for at := 0; at < n; at += loadPostgres {
		end := min(at+loadPostgres, n)
		args := make([]any, len(columns))
		for j, c := range columns {
			if c.Number {
				args[j] = make([]*int64, end-at)
			} else {
				args[j] = make([]*string, end-at)
			}
		}
		for i := at; i < end; i++ {
			row(i, into)
			for j := range columns {
				switch v := into[j].(type) {
				case nil:
				case int64:
					args[j].([]*int64)[i-at] = &v
				case string:
					args[j].([]*string)[i-at] = &v
				default:
					return fmt.Errorf("store: load: a value of %s is a %T", columns[j].Name, v)
				}
			}
		}
		if _, err := q.ExecContext(ctx, query, args...); err != nil {
			return err
		}
	}
	return nil
}
