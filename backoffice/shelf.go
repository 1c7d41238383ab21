package backoffice

import (
	"encoding/json"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// record is a line of the journal.
type record struct {
	Kind     string          `json:"kind"` // received, sent
	At       time.Time       `json:"at"`
	ID       string          `json:"id"`
	Type     string          `json:"type"`
	Verified bool            `json:"verified,omitempty"`
	Data     json.RawMessage `json:"data,omitempty"`   // of a repeat it is left out
	Status   int             `json:"status,omitempty"` // what the portal answered; 0: it did not
}

// message is what came under one id, however often.
type message struct {
	ID       string          `json:"id"`
	Type     string          `json:"type"`
	Attempts int             `json:"attempts"`
	Verified bool            `json:"verified"`
	Data     json.RawMessage `json:"data"`

	at time.Time
}

// strangers bounds how many unverified messages are kept: anybody can send one.
const strangers = 1000

// shelf is everything kept, in memory and in the journal.
type shelf struct {
	journal *journal
	log     *slog.Logger

	mu       sync.Mutex
	messages []*message
	byID     map[string]*message
	unknown  int
	sent     []record
	texts    []sms
	begun    map[string]bool // texts that are sent, or waited with
}

func openShelf(path string, log *slog.Logger) (*shelf, error) {
	s := &shelf{log: log, byID: map[string]*message{}, begun: map[string]bool{}}
	var err error
	s.journal, err = openJournal(path, func(text []byte) {
		var r record
		if err := json.Unmarshal(text, &r); err != nil {
			log.Warn("journal line left out", "err", err)
			return
		}
		s.note(r)
	})
	return s, err
}

// Keep puts r on disk and then on the shelf. Data that is there already under
// the same id is not written a second time.
func (s *shelf) Keep(r record) error {
	on := r
	if s.has(r) {
		on.Data = nil
	}
	text, err := json.Marshal(on)
	if err == nil {
		err = s.journal.Add(text)
	}
	if err != nil {
		return err
	}
	s.note(r)
	return nil
}

// Full reports whether a further unverified message is only refused, not kept.
func (s *shelf) Full() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.unknown >= strangers
}

func name(r record) string {
	if r.Verified {
		return "v " + r.ID
	}
	return "u " + r.ID
}

func (s *shelf) has(r record) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return r.Kind == "received" && s.byID[name(r)] != nil
}

// note takes r into memory: the first of an id is a message, the rest are attempts.
func (s *shelf) note(r record) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch r.Kind {
	case "sent":
		s.sent = append(s.sent, r)
		return
	case "text":
		var t sms
		if json.Unmarshal(r.Data, &t) == nil {
			s.texts = append(s.texts, t)
			s.begun[t.ID] = true
		}
		return
	}
	if !r.Verified {
		s.unknown++
	}
	m := s.byID[name(r)]
	if m == nil {
		m = &message{ID: r.ID, Type: r.Type, Verified: r.Verified, at: r.At}
		s.byID[name(r)] = m
		s.messages = append(s.messages, m)
	}
	if m.Data == nil {
		m.Data = r.Data
	}
	m.Attempts++
}

// Messages gives a copy of what was received, the first one first.
func (s *shelf) Messages() []message {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]message, len(s.messages))
	for i, m := range s.messages {
		all[i] = *m
	}
	return all
}

// Begin reports whether nobody has begun to send a text yet, and notes that somebody has.
func (s *shelf) Begin(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.begun[id] {
		return false
	}
	s.begun[id] = true
	return true
}

// Texts gives a copy of the texts that were sent or not, the first one first.
func (s *shelf) Texts() []sms {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.texts)
}

// Sent gives a copy of what was sent, the first one first.
func (s *shelf) Sent() []record {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sent)
}

// Close closes the journal.
func (s *shelf) Close() error { return s.journal.Close() }
