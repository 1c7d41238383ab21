package kv_test

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mashang/platform/kv"
	"mashang/platform/kv/kvtest"
)

func TestAllowCountsWithinItsWindow(t *testing.T) {
	kvtest.Each(t, func(t *testing.T, s kv.Store) {
		const window = 400 * time.Millisecond
		for n := range 3 {
			if ok, _, err := s.Allow(t.Context(), "k", 3, window); !ok || err != nil {
				t.Fatalf("use %d of 3: %v, %v", n+1, ok, err)
			}
		}
		for range 2 { // being refused does not prolong the refusal
			ok, retry, err := s.Allow(t.Context(), "k", 3, window)
			if ok || err != nil || retry <= 0 || retry > window {
				t.Errorf("use 4 of 3: %v, retry %v, %v", ok, retry, err)
			}
		}
		if ok, _, err := s.Peek(t.Context(), "k", 3, window); ok || err != nil {
			t.Errorf("Peek() = %v, %v on a full window", ok, err)
		}
		if ok, _, err := s.Allow(t.Context(), "other", 3, window); !ok || err != nil {
			t.Errorf("another key: %v, %v", ok, err)
		}
		time.Sleep(window + 50*time.Millisecond)
		if ok, _, err := s.Allow(t.Context(), "k", 3, window); !ok || err != nil {
			t.Errorf("in a new window: %v, %v", ok, err)
		}
	})
}

func TestPeekCountsNothing(t *testing.T) {
	kvtest.Each(t, func(t *testing.T, s kv.Store) {
		for range 5 {
			if ok, _, err := s.Peek(t.Context(), "k", 1, time.Minute); !ok || err != nil {
				t.Fatalf("Peek() = %v, %v", ok, err)
			}
		}
		if ok, _, _ := s.Allow(t.Context(), "k", 0, time.Minute); ok {
			t.Error("a limit of none allows one")
		}
	})
}

func TestAllowIsAtomic(t *testing.T) {
	kvtest.Each(t, func(t *testing.T, s kv.Store) {
		var passed atomic.Int64
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if ok, _, err := s.Allow(context.Background(), "k", 7, time.Minute); err != nil {
					t.Error(err)
				} else if ok {
					passed.Add(1)
				}
			})
		}
		wg.Wait()
		if passed.Load() != 7 {
			t.Errorf("%d passed a limit of 7", passed.Load())
		}
	})
}

func TestValuesExpire(t *testing.T) {
	kvtest.Each(t, func(t *testing.T, s kv.Store) {
		ctx := t.Context()
		if _, found, err := s.Get(ctx, "k"); found || err != nil {
			t.Fatalf("Get() of nothing = %v, %v", found, err)
		}
		if err := s.Set(ctx, "k", "一\x00二", 200*time.Millisecond); err != nil {
			t.Fatal(err)
		}
		if v, found, err := s.Get(ctx, "k"); v != "一\x00二" || !found || err != nil {
			t.Errorf("Get() = %q, %v, %v", v, found, err)
		}
		if fresh, err := s.SetNew(ctx, "k", "other", time.Minute); fresh || err != nil {
			t.Errorf("SetNew() on a key that is there = %v, %v", fresh, err)
		}
		time.Sleep(250 * time.Millisecond)
		if _, found, _ := s.Get(ctx, "k"); found {
			t.Error("the value outlived its time")
		}
		if fresh, err := s.SetNew(ctx, "k", "other", time.Minute); !fresh || err != nil {
			t.Errorf("SetNew() = %v, %v", fresh, err)
		}
		if err := s.Delete(ctx, "k"); err != nil {
			t.Fatal(err)
		}
		if _, found, _ := s.Get(ctx, "k"); found {
			t.Error("the value outlived its deletion")
		}
		if err := s.Set(ctx, "k", "v", 0); err == nil {
			t.Error("a value without a time to live was taken")
		}
		s.Allow(ctx, "n", 1, time.Minute)
		s.Delete(ctx, "n")
		if ok, _, _ := s.Allow(ctx, "n", 1, time.Minute); !ok {
			t.Error("the count outlived its deletion")
		}
	})
}

// listen collects notices; next waits for one.
type listen chan string

func (l listen) next(t *testing.T) string {
	t.Helper()
	select {
	case m := <-l:
		return m
	case <-time.After(5 * time.Second):
		t.Fatal("no notice came")
		return ""
	}
}

// settle publishes until the subscription works, since a shared one takes a moment.
func (l listen) settle(t *testing.T, s kv.Store, topic string) {
	t.Helper()
	for range 100 {
		if err := s.Publish(t.Context(), topic, "hello"); err != nil {
			t.Fatal(err)
		}
		select {
		case <-l:
			time.Sleep(30 * time.Millisecond)
			for len(l) > 0 {
				<-l
			}
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
	t.Fatal("the subscription never worked")
}

func TestNoticesReachSubscribersInOrder(t *testing.T) {
	kvtest.Each(t, func(t *testing.T, s kv.Store) {
		got := make(listen, 1000)
		stop := s.Subscribe("policy", func(m string) { got <- m })
		s.Subscribe("other", func(m string) { t.Errorf("another topic heard %q", m) })
		got.settle(t, s, "policy")
		for n := range 20 {
			if err := s.Publish(t.Context(), "policy", fmt.Sprint(n)); err != nil {
				t.Fatal(err)
			}
		}
		for n := range 20 {
			if m := got.next(t); m != fmt.Sprint(n) {
				t.Fatalf("notice %d was %q", n, m)
			}
		}
		stop()
		stop() // twice does no harm
		s.Publish(t.Context(), "policy", "late")
		time.Sleep(50 * time.Millisecond)
		if len(got) > 0 {
			t.Errorf("heard %q after stop", <-got)
		}
	})
}

func TestSlowSubscriberIsToldToLookAgain(t *testing.T) {
	s := kv.NewMemory(time.Now)
	defer s.Close()
	var mu sync.Mutex
	var heard []string
	block := make(chan struct{})
	s.Subscribe("t", func(m string) {
		<-block
		mu.Lock()
		defer mu.Unlock()
		heard = append(heard, m)
	})
	for n := range 10_000 {
		s.Publish(t.Context(), "t", fmt.Sprint(n)) // must not wait
	}
	close(block)
	time.Sleep(100 * time.Millisecond)
	mu.Lock()
	defer mu.Unlock()
	again := false
	for _, m := range heard {
		again = again || m == ""
	}
	if !again || len(heard) > 200 {
		t.Errorf("heard %d notices, told to look again: %v", len(heard), again)
	}
}

func TestMemoryIsBoundedAndKeepsLongLocks(t *testing.T) {
	now := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	s := kv.NewMemory(func() time.Time { return now })
	defer s.Close()
	if err := s.Set(t.Context(), "lock", "1", 10*time.Minute); err != nil {
		t.Fatal(err)
	}
	for n := range 300_000 { // a flood of made-up keys within one second
		s.Allow(t.Context(), fmt.Sprintf("flood-%d", n), 5, time.Second)
	}
	if got := s.Len(); got > 200_000 {
		t.Errorf("%d entries held", got)
	}
	if _, found, _ := s.Get(t.Context(), "lock"); !found {
		t.Error("the flood washed a long lock away")
	}
	s.Set(t.Context(), "huge", strings.Repeat("x", 65<<20), time.Minute)
	if _, found, _ := s.Get(t.Context(), "huge"); found {
		t.Error("a value beyond the bound was kept")
	}
	now = now.Add(2 * time.Minute)
	s.Set(t.Context(), "k", "v", time.Minute)
	if got := s.Len(); got > 10 {
		t.Errorf("%d entries held after all but two expired", got)
	}
}

func TestOpenRedisRefusesBadAddressWithoutShowingIt(t *testing.T) {
	_, err := kv.OpenRedis(t.Context(), "http://u:geheim@localhost")
	if err == nil || strings.Contains(err.Error(), "geheim") {
		t.Errorf("OpenRedis() = %v", err)
	}
}

// A server that accepts and says nothing is worse than none.
func TestSilentRedisCostsLittle(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	go func() {
		for {
			c, err := silent.Accept()
			if err != nil {
				return
			}
			defer c.Close()
		}
	}()
	r, err := kv.OpenRedis(t.Context(), "redis://"+silent.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	s := kv.Fallback(r, kv.NewMemory(time.Now), nil)
	defer s.Close()
	begin := time.Now()
	for range 200 {
		if ok, _, err := s.Allow(t.Context(), "k", 1000, time.Minute); !ok || err != nil {
			t.Fatalf("Allow() = %v, %v", ok, err)
		}
	}
	if took := time.Since(begin); took > time.Second {
		t.Errorf("200 calls took %v with a silent Redis", took)
	}
}

// proxy stands between the client and the real server and can be cut.
type proxy struct {
	t      *testing.T
	to     string
	mu     sync.Mutex
	l      net.Listener
	at     string
	opened []net.Conn
}

func newProxy(t *testing.T) (*proxy, string) {
	u, err := url.Parse(kvtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{t: t, to: u.Host, at: "127.0.0.1:0"}
	p.up()
	t.Cleanup(p.down)
	u.Host = p.at
	return p, u.String()
}

func (p *proxy) up() {
	var err error
	for range 50 {
		if p.l, err = net.Listen("tcp", p.at); err == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	p.at = p.l.Addr().String()
	go func(l net.Listener) {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s, err := net.Dial("tcp", p.to)
			if err != nil {
				c.Close()
				continue
			}
			p.mu.Lock()
			p.opened = append(p.opened, c, s)
			p.mu.Unlock()
			go copyAll(c, s)
			go copyAll(s, c)
		}
	}(p.l)
}

func copyAll(to, from net.Conn) {
	buf := make([]byte, 4096)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			to.Write(buf[:n])
		}
		if err != nil {
			to.Close()
			return
		}
	}
}

func (p *proxy) down() {
	p.l.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.opened {
		c.Close()
	}
	p.opened = nil
}

func TestFallbackGoesOnWithoutRedisAndReturns(t *testing.T) {
	p, addr := newProxy(t)
	r, err := kv.OpenRedisIn(t.Context(), addr, "t:"+t.Name()+fmt.Sprint(time.Now().UnixNano())+":")
	if err != nil {
		t.Fatal(err)
	}
	s := kv.Fallback(r, kv.NewMemory(time.Now), nil)
	defer s.Close()
	heard := make(listen, 1000)
	s.Subscribe("t", func(m string) { heard <- m })
	heard.settle(t, s, "t")
	ctx := t.Context()
	if err := s.Set(ctx, "k", "shared", time.Minute); err != nil {
		t.Fatal(err)
	}
	p.down()
	for n := range 3 {
		if ok, _, err := s.Allow(ctx, "limit", 3, time.Minute); !ok || err != nil {
			t.Fatalf("use %d while Redis is down: %v, %v", n, ok, err)
		}
	}
	if ok, _, err := s.Allow(ctx, "limit", 3, time.Minute); ok || err != nil {
		t.Errorf("the limit does not hold while Redis is down: %v, %v", ok, err)
	}
	if err := s.Set(ctx, "k2", "local", time.Minute); err != nil {
		t.Error(err)
	}
	if err := s.Publish(ctx, "t", "local"); err != nil {
		t.Error(err)
	}
	if m := heard.next(t); m != "local" {
		t.Errorf("heard %q while Redis is down", m)
	}
	p.up()
	back := false
	for range 100 {
		if v, found, err := s.Get(ctx, "k"); err == nil && found && v == "shared" {
			back = true
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if !back {
		t.Fatal("Redis was not found again")
	}
	if ok, _, _ := s.Allow(ctx, "limit", 3, time.Minute); ok {
		t.Error("what was locked locally opened when Redis came back")
	}
	if v, _, _ := s.Get(ctx, "k2"); v != "local" {
		t.Errorf("what was kept locally is %q", v)
	}
	if m := heard.next(t); m != "" {
		t.Errorf("after the gap the subscriber heard %q, want to be told to look again", m)
	}
	heard.settle(t, s, "t")
}
