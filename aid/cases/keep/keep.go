// Package keep destroys the personal part of cases when its time is over. How long what is kept is data, with its source;
// what a court or a review still has is held; what was destroyed is on record, and nothing of whom it was about.
package keep

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"mashang/aid/cases"
	"mashang/aid/cases/lead"
	"mashang/i18n"
	"mashang/platform/jobs"
	"mashang/platform/problem"
	"mashang/platform/store"
)

//go:embed keep.json
var rulesFile []byte

// Rule says how long the personal part of a kind of case is kept after it has ended in one of the outcomes; without
// outcomes, in any. The first rule that fits holds.
type Rule struct {
	ID       string     `json:"id"`
	Kind     cases.Kind `json:"kind"`
	Outcomes []string   `json:"outcomes"`
	Months   int        `json:"months"`
	Source   string     `json:"source"`
}

type table struct {
	Source       string `json:"source"`
	Rules        []Rule `json:"rules"`
	ReporterDays int    `json:"reporter_days"` // who told of a lead, after it has ended
	StaleMonths  int    `json:"stale_months"`  // a case that never ended is shown to staff after this
}

// Desk looks after what has had its time. Make it with New; its fields are set once.
type Desk struct {
	DB     *store.DB
	Cases  *cases.Registry
	Now    func() time.Time
	Shred  func(ctx context.Context, papers []string) error // destroys pictures; doing it again is harmless
	Forget func(ctx context.Context, ids ...string) error   // destroys what else hangs on cases; nil: nothing does
	// Note puts what was destroyed on record, in the transaction; nil where nobody keeps one.
	Note func(ctx context.Context, q store.Queryer, receipt, rule string) error

	table table
}

// New reads the rules.
func New(d Desk) (*Desk, error) {
	dec := json.NewDecoder(bytes.NewReader(rulesFile))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d.table); err != nil {
		return nil, fmt.Errorf("keep: keep.json: %w", err)
	}
	seen := map[string]bool{}
	for _, r := range d.table.Rules {
		if r.ID == "" || seen[r.ID] || r.Kind == "" || r.Months <= 0 || r.Source == "" {
			return nil, fmt.Errorf("keep: keep.json: the rule %q is not whole", r.ID)
		}
		seen[r.ID] = true
	}
	if d.table.Source == "" || d.table.ReporterDays <= 0 || d.table.StaleMonths <= 0 {
		return nil, errors.New("keep: keep.json: a time or its source is missing")
	}
	return &d, nil
}

// Rules lists how long what is kept.
func (d *Desk) Rules() []Rule { return slices.Clone(d.table.Rules) }

// Source is what the rules stand on.
func (d *Desk) Source() string { return d.table.Source }

// Rule is the rule a case falls under; false for one that goes on.
func (d *Desk) Rule(c cases.Case) (Rule, bool) {
	if !c.Closed {
		return Rule{}, false
	}
	for _, r := range d.table.Rules {
		if r.Kind == c.Kind && (len(r.Outcomes) == 0 || slices.Contains(r.Outcomes, c.Status)) {
			return r, true
		}
	}
	return Rule{}, false
}

// Until is when the personal part of a case is destroyed; zero while it goes on.
func (d *Desk) Until(c cases.Case) time.Time {
	r, ok := d.Rule(c)
	if !ok {
		return time.Time{}
	}
	return c.StatusAt.In(i18n.Shanghai).AddDate(0, r.Months, 0)
}

// before is the latest end under a rule that is over at a moment.
func before(r Rule, at time.Time) time.Time { return at.In(i18n.Shanghai).AddDate(0, -r.Months, 0) }

// Line is one rule with what falls under it.
type Line struct {
	Rule
	Due  int // destroyed in the coming night
	Soon int // within 30 days
	Held int // would be due and is held
}

// Preview tells what the coming night would destroy, by rule.
func (d *Desk) Preview(ctx context.Context) ([]Line, error) {
	now := d.Now()
	var out []Line
	for _, r := range d.table.Rules {
		l := Line{Rule: r}
		var err error
		if l.Due, l.Held, err = countDue(ctx, d.DB, r, d.first(r), before(r, now)); err != nil {
			return nil, wrap("preview", err)
		}
		soon, _, err := countDue(ctx, d.DB, r, d.first(r), before(r, now.AddDate(0, 0, 30)))
		if err != nil {
			return nil, wrap("preview", err)
		}
		l.Soon = soon - l.Due
		out = append(out, l)
	}
	return out, nil
}

// first are the outcomes that an earlier rule of the same kind has taken.
func (d *Desk) first(r Rule) []string {
	var taken []string
	for _, one := range d.table.Rules {
		if one.ID == r.ID {
			break
		}
		if one.Kind == r.Kind {
			taken = append(taken, one.Outcomes...)
		}
	}
	return taken
}

// Stale counts the cases that never ended and were not touched for years; they are shown and not destroyed.
func (d *Desk) Stale(ctx context.Context) (int, error) {
	n, err := countStale(ctx, d.DB, d.Now().AddDate(0, -d.table.StaleMonths, 0))
	return n, wrap("stale", err)
}

// Run destroys what is due, one case at a time: its pictures, what else hangs on it, then its key and the line that it was
// destroyed, so that a run that is killed has left nothing that the next one does not find.
func (d *Desk) Run(ctx context.Context, run *jobs.Progress) error {
	fence := func(ctx context.Context, q store.Queryer) error {
		if run == nil {
			return nil
		}
		return run.Fence(ctx, q)
	}
	done := int64(0)
	for _, r := range d.table.Rules {
		for {
			due, err := selectDue(ctx, d.DB, r, d.first(r), before(r, d.Now()), 100)
			if err != nil {
				return wrap("run", err)
			}
			for _, one := range due {
				if err := d.destroy(ctx, fence, one, r.ID); err != nil {
					return wrap("run", err)
				}
				if done++; run != nil {
					run.Step(done, 0)
				}
			}
			if len(due) < 100 {
				break
			}
		}
	}
	if run != nil {
		run.Say("keep.done", "n", done)
	}
	if err := d.reporters(ctx, fence); err != nil {
		return err
	}
	if done > 0 {
		return d.DB.Forget(ctx)
	}
	return nil
}

type dueCase struct{ id, receipt string }

func (d *Desk) destroy(ctx context.Context, fence func(context.Context, store.Queryer) error, one dueCase, rule string) error {
	// The list of what is due was read a while ago: a case that is held by now keeps its papers too.
	if held, err := isHeld(ctx, d.DB, one.id); err != nil || held {
		return err
	}
	papers, err := d.Cases.Papers(ctx, one.id)
	if err != nil {
		return err
	}
	if len(papers) > 0 && d.Shred != nil {
		if err := d.Shred(ctx, papers); err != nil {
			return err
		}
	}
	if d.Forget != nil {
		if err := d.Forget(ctx, one.id); err != nil {
			return err
		}
	}
	return d.DB.Tx(ctx, func(q store.Queryer) error {
		if err := fence(ctx, q); err != nil {
			return err
		}
		if held, err := isHeld(ctx, q, one.id); err != nil || held { // it was held while we looked
			return err
		}
		if err := d.Cases.DestroyTx(ctx, q, one.id); err != nil {
			return err
		}
		if err := lead.Forget(ctx, q, one.id); err != nil {
			return err
		}
		if err := insertDestroyed(ctx, q, one.id, rule, len(papers), d.Now()); err != nil {
			return err
		}
		if d.Note == nil {
			return nil
		}
		return d.Note(ctx, q, one.receipt, rule)
	})
}

// reporters destroys who told of leads that have ended: earlier than the lead itself.
func (d *Desk) reporters(ctx context.Context, fence func(context.Context, store.Queryer) error) error {
	return wrap("reporters", d.DB.Tx(ctx, func(q store.Queryer) error {
		if err := fence(ctx, q); err != nil {
			return err
		}
		return deleteReporters(ctx, q, d.Now().AddDate(0, 0, -d.table.ReporterDays))
	}))
}

// Held is a case that is not destroyed.
type Held struct {
	Receipt, Why, By string
	At               time.Time
}

// Hold keeps a case from being destroyed, in the caller's transaction. why says which suit or review has it, without names.
func (d *Desk) Hold(ctx context.Context, q store.Queryer, id, why, by string) error {
	if why = strings.TrimSpace(why); why == "" || utf8.RuneCountInString(why) > 200 {
		return problem.Field("why", "keep.hold.why.missing")
	}
	return wrap("hold", insertHold(ctx, q, id, why, by, d.Now()))
}

// Release lets a case be destroyed when its time is over, in the caller's transaction.
func (d *Desk) Release(ctx context.Context, q store.Queryer, id string) error {
	return wrap("release", deleteHold(ctx, q, id))
}

// Holds lists what is held, below a division; "" is everything.
func (d *Desk) Holds(ctx context.Context, scope string) ([]Held, error) {
	all, err := selectHolds(ctx, d.DB, scope)
	return all, wrap("holds", err)
}

// HoldOf is why a case is held; false when it is not.
func (d *Desk) HoldOf(ctx context.Context, id string) (Held, bool, error) {
	h, ok, err := selectHold(ctx, d.DB, id)
	return h, ok, wrap("hold", err)
}

// Month is what was destroyed in a month under a rule.
type Month struct {
	Month, Rule   string
	Cases, Papers int
}

// Report tells what was destroyed in the last twelve months, the newest first.
func (d *Desk) Report(ctx context.Context) ([]Month, error) {
	all, err := selectDestroyed(ctx, d.DB, d.Now().AddDate(0, -12, 0))
	if err != nil {
		return nil, wrap("report", err)
	}
	by := map[[2]string]*Month{}
	var out []*Month
	for _, one := range all {
		k := [2]string{one.at.In(i18n.Shanghai).Format("2006-01"), one.rule}
		m := by[k]
		if m == nil {
			m = &Month{Month: k[0], Rule: k[1]}
			by[k] = m
			out = append(out, m)
		}
		m.Cases++
		m.Papers += one.papers
	}
	months := make([]Month, len(out))
	for i, m := range out {
		months[i] = *m
	}
	return months, nil
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("keep: %s: %w", what, err)
}
