package eval

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// ErrFloor says that a figure is below what the office asked for.
var ErrFloor = errors.New("below the floor")

// Floors are the least figures of a run, by the names of a report: r@1, r@3,
// mrr@10, oos_refused.
type Floors map[string]float64

// ReadFloors reads floors from a file.
func ReadFloors(name string) (Floors, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("eval: %w", err)
	}
	var f Floors
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("eval: read %s: %w", name, err)
	}
	return f, nil
}

// Check returns an ErrFloor that names every figure of r below its floor.
func (f Floors) Check(r Report) error {
	has := map[string]float64{"r@1": r.R1, "r@3": r.R3, "mrr@10": r.MRR}
	if r.Refused != nil {
		has["oos_refused"] = *r.Refused
	}
	var low []string
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if got, ok := has[name]; !ok {
			low = append(low, fmt.Sprintf("%s was not measured", name))
		} else if got < f[name] {
			low = append(low, fmt.Sprintf("%s %.4f, floor %.4f", name, got, f[name]))
		}
	}
	if len(low) == 0 {
		return nil
	}
	return fmt.Errorf("eval: %w: %s", ErrFloor, strings.Join(low, "; "))
}
