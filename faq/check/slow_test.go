//go:build slow

package check_test

import "testing"

// All that can be asked is asked, which is more than 26,000 questions.
func TestEveryFigureOfAllAnswersIsStored(t *testing.T) { sweep(t, 1) }
