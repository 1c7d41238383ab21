//go:build slow && !race

package scan_test

import (
	"testing"
	"time"
)

// The size the pilot may reach in a year and more: 26 posters in each of 116 villages are 3,016.
func TestDashboardOverTenMillionScans(t *testing.T) {
	dashboard(t, 26, 10_000_000, 400, 300*time.Millisecond)
}
