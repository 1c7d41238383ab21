//go:build slow

package scan_test

import "testing"

// The size the pilot may reach in a year and more.
func TestDashboardOverTenMillionScans(t *testing.T) { dashboard(t, 3000, 10_000_000, 400) }
