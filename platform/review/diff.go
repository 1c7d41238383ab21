package review

import "encoding/json"

// Line is one difference: the path of a field and what stood and stands there, as
// text; "" where the field is missing.
type Line struct {
	Path, Old, New string
}

// Diff compares two JSON values field by field, in the order of the paths.
func Diff(before, after json.RawMessage) []Line { return nil }
