package webhook

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

const (
	timeout = 15 * time.Second        // of one attempt
	lease   = timeout + 5*time.Second // after it an attempt that was never heard of again is repeated
	// maxPause bounds what a Retry-After can ask for.
	maxPause = 24 * time.Hour
	// rest is how long an endpoint that is overloaded but names no time is left alone.
	rest = 5 * time.Second
)

// delays lie before the attempts of a delivery; after the last one it is dead.
func delays() []time.Duration {
	return []time.Duration{
		0, 5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour,
		10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
	}
}

// next is the pause after the given number of failures, up to a tenth longer
// than the schedule says, so that what failed together does not return together.
func next(failures int) (pause time.Duration, more bool) {
	d := delays()
	if failures >= len(d) {
		return 0, false
	}
	pause = d[failures]
	return pause + rand.N(pause/10+1), true
}

// retryAfter is how long an answer asks us to wait: seconds, or a date, which is
// read by the clock of the answer itself.
func retryAfter(h http.Header) time.Duration {
	v := h.Get("Retry-After")
	if v == "" {
		return 0
	}
	if s, err := strconv.ParseInt(v, 10, 64); err == nil {
		return clamp(time.Duration(min(max(s, 0), int64(maxPause/time.Second))) * time.Second)
	}
	at, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	from, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		from = time.Now()
	}
	return clamp(at.Sub(from))
}

func clamp(d time.Duration) time.Duration { return min(max(d, 0), maxPause) }
