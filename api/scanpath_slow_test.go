//go:build slow && !race

package api_test

import (
	"testing"

	"mashang/platform/store/storetest"
)

// The slowest hundredth of the scans may take a tenth longer with ten million scans in the past than with none.
func TestScanPathOverTenMillionScans(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		scanPath(t, storetest.SQLite(t), storetest.SQLite(t), 10_000_000, 400, 30_000, 1.1)
	})
	t.Run("postgres", func(t *testing.T) {
		scanPath(t, storetest.Postgres(t), storetest.Postgres(t), 10_000_000, 400, 30_000, 1.1)
	})
}
