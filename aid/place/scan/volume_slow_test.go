//go:build slow

package scan_test

import "testing"

// The size the pilot may reach in a year and more: 26 posters in each of 116 villages are 3,016.
func TestDashboardOverTenMillionScans(t *testing.T) { dashboard(t, 26, 10_000_000, 400) }
