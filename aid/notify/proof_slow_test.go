//go:build slow

package notify_test

import (
	"testing"

	"mashang/platform/store"
)

// TestFiveHundredComeAndGo is the proof at the size of a small county.
func TestFiveHundredComeAndGo(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) { hold(t, db, 500, 8) })
}
