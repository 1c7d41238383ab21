package badlink_test

import (
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"
)

// quality is how bad a link is.
type quality struct {
	rate  float64       // bytes a second, each way
	delay time.Duration // one way
	loss  float64       // of segments; a lost one comes again later, and everything behind it waits
	reset float64       // of segments that break the connection
}

// The link of the issue: 100 kbit/s, 400 ms there and back, one segment of ten lost.
func bad() quality {
	return quality{rate: 100_000 / 8, delay: 200 * time.Millisecond, loss: .1, reset: .002}
}

// link stands between one phone and the portal. TCP hides loss behind waiting, and so does it.
type link struct {
	net.Listener
	to   string
	how  quality
	mu   sync.Mutex
	rnd  *rand.Rand
	cut  bool
	up   time.Time // until when the way up is busy
	down time.Time
	open map[net.Conn]bool
}

func newLink(t testing.TB, to string, how quality, seed uint64) *link {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &link{Listener: ln, to: to, how: how, rnd: rand.New(rand.NewPCG(seed, 1)), open: map[net.Conn]bool{}}
	t.Cleanup(l.end)
	go l.serve()
	return l
}

func (l *link) end() {
	l.Listener.Close()
	l.offline(true)
}

// offline breaks what is open and lets nothing new through, until it is called with false.
func (l *link) offline(cut bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = cut
	for c := range l.open {
		if cut {
			c.Close()
		}
	}
}

func (l *link) serve() {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go l.carry(c)
	}
}

func (l *link) hold(c net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cut {
		c.Close()
		return false
	}
	l.open[c] = true
	return true
}

func (l *link) carry(c net.Conn) {
	if !l.hold(c) {
		return
	}
	time.Sleep(2 * l.how.delay) // the handshake
	o, err := net.Dial("tcp", l.to)
	if err != nil {
		c.Close()
		return
	}
	if !l.hold(o) {
		c.Close()
		return
	}
	var both sync.WaitGroup
	both.Go(func() { l.pipe(o, c, &l.up) })
	both.Go(func() { l.pipe(c, o, &l.down) })
	both.Wait()
	l.mu.Lock()
	delete(l.open, c)
	delete(l.open, o)
	l.mu.Unlock()
}

type segment struct {
	b  []byte
	at time.Time
}

// due is when a segment arrives, and whether the connection lives on.
func (l *link) due(n int, busy *time.Time, last time.Time) (time.Time, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if busy.Before(now) {
		*busy = now
	}
	*busy = busy.Add(time.Duration(float64(n) / l.how.rate * float64(time.Second)))
	at := busy.Add(l.how.delay)
	for wait := 2*l.how.delay + 200*time.Millisecond; l.rnd.Float64() < l.how.loss && wait < 5*time.Second; wait *= 2 {
		at = at.Add(wait)
	}
	if at.Before(last) {
		at = last
	}
	return at, l.rnd.Float64() >= l.how.reset
}

func (l *link) pipe(to, from net.Conn, busy *time.Time) {
	way := make(chan segment, 64)
	go func() {
		defer close(way)
		buf := make([]byte, 1400)
		var last time.Time
		for {
			n, err := from.Read(buf)
			if n > 0 {
				at, lives := l.due(n, busy, last)
				last = at
				way <- segment{append([]byte(nil), buf[:n]...), at}
				if !lives {
					from.Close()
					to.Close()
					return
				}
			}
			if err != nil {
				return
			}
		}
	}()
	for s := range way {
		time.Sleep(time.Until(s.at))
		if _, err := to.Write(s.b); err != nil {
			from.Close()
			for range way { // let the reader end
			}
			return
		}
	}
	if c, ok := to.(*net.TCPConn); ok {
		_ = c.CloseWrite()
	}
	_, _ = io.Copy(io.Discard, from)
}
