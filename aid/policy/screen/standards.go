package screen

import (
	"time"

	"mashang/aid/policy"
)

// Of finds the figures of a place, whose chain it is, at a moment. Where the
// office has registered none they stay zero, and nothing that hangs on income
// is judged.
func Of(s *policy.Shelf, chain []string, urban bool, at time.Time) Standards {
	side := "rural"
	if urban {
		side = "urban"
	}
	find := func(programme, variant string) float64 {
		for _, a := range s.Standards(chain, programme, at) {
			if a.Variant == variant && !a.None {
				return float64(a.Cents) / 100
			}
		}
		return 0
	}
	return Standards{
		Dibao: find("dibao", side), Line: find("dibian", "line_"+side), Income: find("gangxing", "income_line"),
	}
}
