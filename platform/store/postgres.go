package store

import (
	"database/sql"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// openPostgres opens one pool. Transactions are SERIALIZABLE, so that those
// that check and then write are as safe as on SQLite's single writer.
func openPostgres(o Options) (*DB, error) {
	conf, err := pgx.ParseConfig(o.URL)
	if err != nil {
		return nil, errors.New("the PostgreSQL address cannot be read") // the cause would show the password
	}
	if conf.ConnectTimeout == 0 {
		conf.ConnectTimeout = 5 * time.Second
	}
	if conf.RuntimeParams["application_name"] == "" {
		conf.RuntimeParams["application_name"] = "mashang"
	}
	pool := stdlib.OpenDB(*conf)
	pool.SetMaxOpenConns(24)
	pool.SetMaxIdleConns(8)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	return &DB{write: pool, read: pool, engine: Postgres, level: sql.LevelSerializable, log: o.Log}, nil
}
