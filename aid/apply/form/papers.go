package form

import (
	"slices"

	"mashang/platform/problem"
)

// Wants is the paper of a kind, when the form has room for it.
func (f *Form) Wants(kind string) (Wants, error) {
	i := slices.IndexFunc(f.Papers, func(w Wants) bool { return w.Key == kind })
	if i < 0 {
		return Wants{}, problem.Field("kind", "apply.paper.what")
	}
	return f.Papers[i], nil
}
