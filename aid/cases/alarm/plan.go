package alarm

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

//go:embed plan.json
var planFile []byte

// What a step may do.
const (
	Again  = "again"  // the message to the town's endpoint once more
	Town   = "town"   // a text message to who is on duty in the town
	County = "county" // the county's endpoint, and a text message to who is on duty there
	Late   = "late"   // somebody has read it, and help is not there when its time is over
)

// plan is plan.json: when what is done about a call that nobody reads.
type plan struct {
	Source      string   `json:"source"`
	Steps       []step   `json:"steps"`
	ThenMinutes int      `json:"then_minutes"`
	Then        []string `json:"then"`
	Days        int      `json:"days"`
	TextMinutes int      `json:"text_minutes"`
	HelpDays    int      `json:"help_days"`
}

type step struct {
	Minutes int      `json:"minutes"`
	Do      []string `json:"do"`
}

func loadPlan() (*plan, error) {
	p := &plan{}
	dec := json.NewDecoder(bytes.NewReader(planFile))
	dec.DisallowUnknownFields()
	if err := dec.Decode(p); err != nil {
		return nil, fmt.Errorf("alarm: plan.json: %w", err)
	}
	last := 0
	for _, s := range append(slices.Clone(p.Steps), step{Minutes: last + 1 + p.ThenMinutes, Do: p.Then}) {
		if len(s.Do) == 0 || slices.ContainsFunc(s.Do, func(what string) bool { return what != Again && what != Town && what != County }) {
			return nil, fmt.Errorf("alarm: plan.json: a step does nothing that is known")
		}
	}
	for _, s := range p.Steps {
		if s.Minutes <= last {
			return nil, fmt.Errorf("alarm: plan.json: steps are not in order")
		}
		last = s.Minutes
	}
	if last == 0 || p.ThenMinutes <= 0 || p.Days <= 0 || p.TextMinutes <= 0 || p.HelpDays <= 0 {
		return nil, fmt.Errorf("alarm: plan.json: a time is missing")
	}
	return p, nil
}

// gap is how long the steps that repeat lie apart.
func (p *plan) gap() time.Duration { return time.Duration(p.ThenMinutes) * time.Minute }

// at is step n (from 0) of a call that came at a moment: when, and what is done.
func (p *plan) at(n int, received time.Time) (time.Time, []string) {
	if n < len(p.Steps) {
		return received.Add(time.Duration(p.Steps[n].Minutes) * time.Minute), p.Steps[n].Do
	}
	last := p.Steps[len(p.Steps)-1].Minutes
	return received.Add(time.Duration(last+(n-len(p.Steps)+1)*p.ThenMinutes) * time.Minute), p.Then
}
