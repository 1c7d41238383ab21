package web

import (
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/platform/problem"
)

// How many pictures may be on their way at once: from one address, which a
// whole village may share, and to this process, which holds a piece of each.
const (
	seatsEach = 32
	seatsAll  = 256
)

// seats counts the pictures on their way.
type seats struct {
	mu   sync.Mutex
	all  int
	each map[string]int
}

// Seat takes a place for one picture on its way; leave gives it back. Without a
// free one the picture is to come again in a moment.
func (w *Web) Seat(c *gin.Context) (leave func(), err error) {
	s, address := &w.seats, ClientAddress(c)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all >= seatsAll || s.each[address] >= seatsEach {
		return nil, &problem.Error{Kind: problem.Limited, Key: "error.limited", RetryAfter: 10 * time.Second}
	}
	if s.each == nil {
		s.each = map[string]int{}
	}
	s.all++
	s.each[address]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.all--
		if s.each[address]--; s.each[address] <= 0 {
			delete(s.each, address)
		}
	}, nil
}
