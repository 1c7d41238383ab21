package cases

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"mashang/platform/calendar"
)

//go:embed states.json
var statesFile []byte

// machine is states.json: which states there are, what usually follows what, and
// which of the law's clocks a state starts. It is data; nothing here knows a state by name.
type machine struct {
	Source string              `json:"source"`
	Clocks map[string]deadline `json:"clocks"` // where the programme's own law says nothing
	States []state             `json:"states"` // in the order in which a tie of times is read
	Kinds  map[Kind]course     `json:"kinds"`

	byID map[string]state
}

type deadline struct {
	Days   int    `json:"days"`
	Unit   string `json:"unit"`  // workday, day, month, hour
	Plain  bool   `json:"plain"` // ends on that very day, even when nobody works
	Source string `json:"source"`
}

type state struct {
	ID      string `json:"id"`
	Reason  bool   `json:"reason"`  // the office's reason is shown; of other states it is not kept
	Appeal  bool   `json:"appeal"`  // the reader is told what can be done against it
	Once    bool   `json:"once"`    // the law allows it once
	Starts  string `json:"starts"`  // clock of the case that starts here
	Extends string `json:"extends"` // clock that replaces the case's, counted from the same start
	Due     string `json:"due"`     // clock of the state itself

	rank int
}

// course is the life of one kind of case.
type course struct {
	Topic        string              `json:"topic"`
	First        string              `json:"first"`
	Urgent       bool                `json:"urgent"`
	Acknowledge  string              `json:"acknowledge"` // clock within which the office must answer at all
	Grouping     *grouping           `json:"grouping"`    // of those who call again; nil: nobody is asked who calls
	Withdrawn    string              `json:"withdrawn"`   // topic
	Supplemented string              `json:"supplemented"`
	Path         []stage             `json:"path"`
	Next         map[string][]string `json:"next"`
	End          []string            `json:"end"`
	Veil         map[string]string   `json:"veil"` // states that whoever filed sees as another, without its words
}

// stage is a step of the usual way, as it is shown before it is reached.
type stage struct {
	State  string   `json:"state"`
	By     string   `json:"by"`     // clock
	From   string   `json:"from"`   // state the clock counts from; "" is the filing
	Law    string   `json:"law"`    // shown only where the programme's law knows this clock
	Passed []string `json:"passed"` // states that mean it is behind
}

func loadMachine() (*machine, error) {
	m := &machine{byID: map[string]state{}}
	dec := json.NewDecoder(bytes.NewReader(statesFile))
	dec.DisallowUnknownFields()
	if err := dec.Decode(m); err != nil {
		return nil, fmt.Errorf("cases: states.json: %w", err)
	}
	for i, s := range m.States {
		s.rank = i
		m.byID[s.ID] = s
	}
	for kind, c := range m.Kinds {
		if err := m.check(c); err != nil {
			return nil, fmt.Errorf("cases: states.json: %s: %w", kind, err)
		}
	}
	return m, nil
}

func (m *machine) check(c course) error {
	if c.Topic == "" || c.Withdrawn == "" || c.Next[c.First] == nil {
		return fmt.Errorf("it has no topic, no way back or no first state")
	}
	for from, list := range c.Next {
		for _, to := range append([]string{from}, list...) {
			if _, ok := m.byID[to]; !ok || c.Next[to] == nil {
				return fmt.Errorf("%s is no state of it", to)
			}
		}
	}
	for _, s := range c.End {
		if c.Next[s] == nil {
			return fmt.Errorf("%s is no state of it", s)
		}
	}
	return nil
}

// Topics lists every message cases send, for whoever chooses what an endpoint gets.
func (r *Registry) Topics() []string {
	var all []string
	for _, c := range r.machine.Kinds {
		for _, t := range []string{c.Topic, c.Withdrawn, c.Supplemented} {
			if t != "" {
				all = append(all, t)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (m *machine) known(status string) bool {
	_, ok := m.byID[status]
	return ok
}

// usual reports whether to commonly follows from.
func (m *machine) usual(k Kind, from, to string) bool {
	return from == to || slices.Contains(m.Kinds[k].Next[from], to)
}

func (m *machine) ended(k Kind, status string) bool { return slices.Contains(m.Kinds[k].End, status) }

// law is the clock called name: the programme's own, else the one in states.json.
func (m *machine) law(own Clocks, name string) (deadline, bool) {
	base, ok := m.Clocks[name]
	if span, found := own[name]; found && span.Days > 0 {
		return deadline{Days: span.Days, Unit: span.Unit, Plain: base.Plain}, true
	}
	return base, ok
}

// until is when d, counted from a moment, ends.
func (d deadline) until(cal *calendar.Calendar, from time.Time) (due time.Time, provisional bool, err error) {
	switch {
	case d.Unit == "hour":
		return from.Add(time.Duration(d.Days) * time.Hour), false, nil
	case d.Unit == "day" && d.Plain:
		y, mo, day := from.In(calendar.Shanghai()).Date()
		return time.Date(y, mo, day+d.Days, 23, 59, 59, 999_000_000, calendar.Shanghai()), false, nil
	}
	return cal.Add(from, d.Days, d.Unit)
}

// Kinds lists every kind of case.
func Kinds() []Kind {
	return []Kind{Application, Emergency, Objection, Question, Poster, Referral, Lead, Feedback, Change, Dispute}
}

// Ends lists the states in which a case of a kind is over.
func (r *Registry) Ends(k Kind) []string { return slices.Clone(r.machine.Kinds[k].End) }
