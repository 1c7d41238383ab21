package kv

import "sync"

// pending bounds the notices that wait for one slow subscriber. Beyond it they
// are dropped and the subscriber hears "" instead: look again.
const pending = 64

// notices hands messages to subscribers without ever making the teller wait.
type notices struct {
	mu     sync.Mutex
	topics map[string]map[*listener]struct{}
	closed bool
}

type listener struct {
	fn func(string)

	mu      sync.Mutex
	queue   []string
	missed  bool
	running bool
	stopped bool
}

func (n *notices) add(topic string, fn func(string)) (stop func()) {
	l := &listener{fn: fn}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return func() {}
	}
	if n.topics == nil {
		n.topics = map[string]map[*listener]struct{}{}
	}
	if n.topics[topic] == nil {
		n.topics[topic] = map[*listener]struct{}{}
	}
	n.topics[topic][l] = struct{}{}
	return func() {
		n.mu.Lock()
		delete(n.topics[topic], l)
		if len(n.topics[topic]) == 0 {
			delete(n.topics, topic)
		}
		n.mu.Unlock()
		l.stop()
	}
}

func (n *notices) tell(topic, message string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for l := range n.topics[topic] {
		l.push(message)
	}
}

// tellAll lets every subscriber know that it may have missed something.
func (n *notices) tellAll() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, listeners := range n.topics {
		for l := range listeners {
			l.push("")
		}
	}
}

func (n *notices) names() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	all := make([]string, 0, len(n.topics))
	for topic := range n.topics {
		all = append(all, topic)
	}
	return all
}

func (n *notices) close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.closed = true
	for _, listeners := range n.topics {
		for l := range listeners {
			l.stop()
		}
	}
	n.topics = nil
}

func (l *listener) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped = true
	l.queue = nil
}

func (l *listener) push(message string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped {
		return
	}
	if len(l.queue) >= pending {
		l.queue, l.missed = nil, true
	} else {
		l.queue = append(l.queue, message)
	}
	if !l.running {
		l.running = true
		go l.run()
	}
}

// run lives only while there is something to tell.
func (l *listener) run() {
	for {
		l.mu.Lock()
		if l.stopped || (len(l.queue) == 0 && !l.missed) {
			l.running = false
			l.mu.Unlock()
			return
		}
		message := ""
		if l.missed {
			l.missed = false
		} else {
			message, l.queue = l.queue[0], l.queue[1:]
		}
		l.mu.Unlock()
		l.fn(message)
	}
}
