// Package lead takes what neighbours, helpers and grid workers see: somebody who may need help and has not asked. Who told
// is kept apart from what was told, and the person it is about never learns it.
package lead

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"mashang/aid/cases"
	"mashang/aid/place"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/text"
)

// Signs are what somebody may have seen, as a page offers them.
func Signs() []string {
	return []string{"alone", "ill", "care", "food", "home", "child", "disaster", "work"}
}

// Froms are who tells, as a page offers it.
func Froms() []string { return []string{"neighbour", "family", "grid", "village", "other"} }

// Lead is what somebody tells. Name and Phone are the teller's own and may be empty.
type Lead struct {
	Place          string // location or division, "" for the whole county
	Who, Where     string
	Seen           []string
	Said           string
	From           string
	Name, Phone    string
	Address        string // it comes from; only to see who tells again
	Helper         string // the account of a village helper who tells it
	IdempotencyKey string
}

// Reporter is who told.
type Reporter struct {
	From  string `json:"from,omitempty"`
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone,omitempty"`
}

// body is what the office fetches about a lead. Nobody who told stands in it.
type body struct {
	Place    string   `json:"place,omitempty"`
	Division string   `json:"division"`
	Who      string   `json:"who"`
	Where    string   `json:"where"`
	Seen     []string `json:"seen"`
	Said     string   `json:"said,omitempty"`
}

// Desk takes leads. Its fields are set once.
type Desk struct {
	DB     *store.DB
	Keys   *privacy.Keyring
	Cases  *cases.Registry
	Places *place.Gazetteer
	Now    func() time.Time
}

// How much of an answer is kept.
const (
	mostLine = 200
	mostSaid = 2000
)

// Check says what is missing. Who and where in however few words, and one thing that was seen or said.
func (l Lead) Check() error {
	fields := map[string]string{}
	if strings.TrimSpace(l.Who) == "" {
		fields["who"] = "lead.who.missing"
	}
	if strings.TrimSpace(l.Where) == "" {
		fields["where"] = "lead.where.missing"
	}
	if len(l.signs()) == 0 && strings.TrimSpace(l.Said) == "" {
		fields["seen"] = "lead.seen.missing"
	}
	if len(fields) > 0 {
		return &problem.Error{Kind: problem.Invalid, Key: "lead.problems", Fields: fields}
	}
	return nil
}

func (l Lead) signs() []string {
	out := []string{}
	for _, one := range l.Seen {
		if slices.Contains(Signs(), one) && !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	return out
}

// Report files a lead and, sealed apart, who told. Many from one phone or address are looked at together and none is
// refused. The same key and words again give the same receipt.
func (d *Desk) Report(ctx context.Context, l Lead) (cases.Filed, error) {
	if err := l.Check(); err != nil {
		return cases.Filed{}, fmt.Errorf("lead: report: %w", err)
	}
	at, where := d.spot(l.Place)
	b := body{Place: at, Division: where, Who: line(l.Who), Where: line(l.Where), Seen: l.signs(), Said: text.Cut(clean(l.Said), mostSaid)}
	who := Reporter{Name: line(l.Name), Phone: line(l.Phone)}
	if slices.Contains(Froms(), l.From) {
		who.From = l.From
	}
	summary := map[string]any{}
	if l.Helper != "" {
		summary["by"] = "helper"
	}
	var filed cases.Filed
	err := d.DB.Tx(ctx, func(q store.Queryer) (err error) {
		filed, err = d.Cases.FileTx(ctx, q, cases.Filing{Kind: cases.Lead, Location: at, Division: where, Scope: d.Places.Atlas().Chain(where), Body: b, Summary: summary,
			IdempotencyKey: l.IdempotencyKey, Helper: l.Helper, Caller: cases.Caller{Phone: who.Phone, Address: l.Address}})
		if err != nil || !filed.Fresh || who.Name == "" && who.Phone == "" {
			return err
		}
		return d.keep(ctx, q, filed.ID, who)
	})
	if err != nil {
		return cases.Filed{}, fmt.Errorf("lead: report: %w", err)
	}
	d.Cases.Ring()
	return filed, nil
}

func clean(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", ""))
}

func line(s string) string { return text.Cut(text.Clean(clean(s)), mostLine) }

// spot is where a lead belongs; an unknown place is the whole county's.
func (d *Desk) spot(code string) (location, division string) {
	s, err := d.Places.Resolve(code)
	switch {
	case err == nil && s.Location != nil:
		return s.Location.ID, s.Division.Code
	case s.Division.Code != "":
		return "", s.Division.Code
	}
	return "", d.Places.Atlas().Root().Code
}

func (d *Desk) keep(ctx context.Context, q store.Queryer, id string, who Reporter) error {
	b, err := json.Marshal(who)
	if err != nil {
		return err
	}
	key, wrapped, err := d.Keys.NewDataKey("lead_reporters", id)
	if err != nil {
		return err
	}
	sealed, err := key.Seal("who", b)
	if err != nil {
		return err
	}
	return insertReporter(ctx, q, id, wrapped, sealed, d.Now())
}

// Reporter is who told of a lead; Missing when nobody left a name, when it was destroyed and when the lead is another
// division's. The caller records the look.
func (d *Desk) Reporter(ctx context.Context, receipt, scope string) (Reporter, error) {
	var who Reporter
	c, err := d.Cases.Find(ctx, receipt, scope)
	if err == nil && c.Kind != cases.Lead {
		err = problem.New(problem.Missing, "lead.reporter.none")
	}
	if err != nil {
		return who, fmt.Errorf("lead: reporter: %w", err)
	}
	wrapped, sealed, err := selectReporter(ctx, d.DB, c.ID)
	if err != nil {
		return who, fmt.Errorf("lead: reporter: %w", err)
	}
	key, err := d.Keys.OpenDataKey("lead_reporters", c.ID, wrapped)
	if err != nil {
		return who, fmt.Errorf("lead: reporter: %w", err)
	}
	b, err := key.Open("who", sealed)
	if err == nil {
		err = json.Unmarshal(b, &who)
	}
	if err != nil {
		return who, fmt.Errorf("lead: reporter: %w", err)
	}
	return who, nil
}

// Rotate wraps the keys of all who told with the newest key.
func (d *Desk) Rotate(ctx context.Context) error {
	err := d.DB.Tx(ctx, func(q store.Queryer) error {
		all, err := selectReporterKeys(ctx, q)
		if err != nil {
			return err
		}
		var errs []error
		for _, one := range all {
			again, err := d.Keys.Rewrap("lead_reporters", one[0], one[1])
			if err == nil && again != one[1] {
				err = updateReporterKey(ctx, q, one[0], one[1], again)
			}
			errs = append(errs, err)
		}
		return errors.Join(errs...)
	})
	if err != nil {
		return fmt.Errorf("lead: rotate: %w", err)
	}
	return nil
}

// Forget destroys who told of the cases, in the caller's transaction.
func Forget(ctx context.Context, q store.Queryer, caseID string) error {
	return deleteReporter(ctx, q, caseID)
}
