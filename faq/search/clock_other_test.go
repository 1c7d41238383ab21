//go:build !linux

package search_test

import "time"

var began = time.Now()

// onCore stands in for the time on a core where that is not to be had.
func onCore() time.Duration { return time.Since(began) }
