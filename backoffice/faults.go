package backoffice

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"
)

// lostAck keeps the message and loses the answer.
const lostAck = "lost-ack"

// faultKinds in the order in which the dice are read.
func faultKinds() []string { return []string{"410", "500", "reset", lostAck, "slow"} }

// trouble is one way to misbehave. Count 0 is without end.
type trouble struct {
	Kind  string  `json:"kind"`
	Rate  float64 `json:"rate"`
	Count int     `json:"count"`
	MS    int     `json:"ms,omitempty"` // of slow
}

type faults struct {
	mu  sync.Mutex
	set map[string]trouble
}

func newFaults() *faults { return &faults{set: map[string]trouble{}} }

// next draws the fault of one request, an empty one for none. The rates of
// several kinds add up.
func (f *faults) next() trouble {
	f.mu.Lock()
	defer f.mu.Unlock()
	luck := rand.Float64()
	for _, kind := range faultKinds() {
		t, ok := f.set[kind]
		if !ok {
			continue
		}
		if luck -= t.Rate; luck >= 0 {
			continue
		}
		if t.Count > 0 {
			if t.Count--; t.Count == 0 {
				delete(f.set, kind)
				return t
			}
			f.set[kind] = t
		}
		return t
	}
	return trouble{}
}

// wait is how long a slow answer takes.
func (t trouble) wait() time.Duration {
	if t.MS > 0 {
		return time.Duration(t.MS) * time.Millisecond
	}
	return 20 * time.Second
}

func (f *faults) list() []trouble {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := []trouble{}
	for _, kind := range faultKinds() {
		if t, ok := f.set[kind]; ok {
			all = append(all, t)
		}
	}
	return all
}

// fault makes POST /hooks misbehave: {"kind": "500"|"reset"|"lost-ack"|"slow"|"410", "rate": 0…1, "count": n}.
// rate is 1 when it is left out; count 0 or none goes on until rate 0, or kind
// "none", which ends all faults. Different kinds act side by side. slow waits
// "ms", 20 seconds when left out, and then takes the message.
func (s *Server) fault(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Kind  string   `json:"kind"`
		Rate  *float64 `json:"rate"`
		Count int      `json:"count"`
		MS    int      `json:"ms"`
	}
	if !read(w, r, &in) {
		return
	}
	t := trouble{Kind: in.Kind, Rate: 1, Count: in.Count, MS: in.MS}
	if in.Rate != nil {
		t.Rate = *in.Rate
	}
	if t.Kind != "none" && !slices.Contains(faultKinds(), t.Kind) || t.Rate < 0 || t.Rate > 1 || t.Count < 0 || t.MS < 0 || t.MS > 120_000 {
		refuse(w, http.StatusUnprocessableEntity, "kind is 500, reset, lost-ack, slow, 410 or none; rate 0 to 1; count and ms not negative")
		return
	}
	s.faults.put(t)
	s.showFaults(w, r)
}

func (f *faults) put(t trouble) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case t.Kind == "none":
		clear(f.set)
	case t.Rate == 0:
		delete(f.set, t.Kind)
	default:
		f.set[t.Kind] = t
	}
}

func (s *Server) showFaults(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{"faults": s.faults.list()})
}
