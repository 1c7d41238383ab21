package v1

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/roster"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/webhook"
)

// listData is a list that a back office brings: what an import takes, with its rows.
type listData struct {
	Publication string     `json:"publication"` // instead of rows: news of a list that is here
	Programme   string     `json:"programme"`
	Place       string     `json:"place"`
	Kind        string     `json:"kind"`
	From        string     `json:"from"`
	To          string     `json:"to"`
	Document    string     `json:"document"`
	Phone       string     `json:"phone"`
	Mask        string     `json:"mask"`
	Columns     []string   `json:"columns"`
	Rows        [][]string `json:"rows"`
}

// mostTold is how many bad cells one answer names.
const mostTold = 50

// errKnown ends a transaction whose event has had its effect.
var errKnown = errors.New("v1: the event is known")

// bringList takes a list that came as a signed event as an import does, with the same refusals, the cell named. The
// office that sent it counts as the first person; the list is public when a second one has looked at it in the console.
func (a *API) bringList(ctx context.Context, c *gin.Context, e webhook.Endpoint, id string, d listData) (string, error) {
	m, err := a.listMeta(e, d)
	if err != nil {
		return "", err
	}
	m.Also = func(ctx context.Context, q store.Queryer) error {
		fresh, err := webhook.Received(ctx, q, e.ID, id, a.Web.Now())
		if err != nil {
			return err
		}
		if !fresh {
			return errKnown
		}
		return a.note(c, q, e, "list-import", m.Village, m.Programme+" "+string(m.Kind))
	}
	report, err := a.Board.Import(ctx, m, d.Columns, roster.Table(d.Rows))
	if errors.Is(err, errKnown) {
		return "prepared", nil
	}
	if err != nil {
		return "", fmt.Errorf("v1: event: %w", err)
	}
	if !report.Saved {
		p := &problem.Error{Kind: problem.Invalid, Key: "problem.invalid", Fields: map[string]string{}, FieldArgs: map[string]map[string]string{}}
		for _, one := range report.Problems[:min(mostTold, len(report.Problems))] {
			field := "data.rows." + one.Cell
			p.Fields[field], p.FieldArgs[field] = one.Key, one.Args
		}
		return "", p
	}
	return "prepared", nil
}

// listMeta reads what a list is about. The place must be the office's own.
func (a *API) listMeta(e webhook.Endpoint, d listData) (roster.Meta, error) {
	m := roster.Meta{Programme: d.Programme, Village: d.Place, Kind: roster.Kind(d.Kind), Document: d.Document, Phone: d.Phone, Mask: roster.Mask(d.Mask), By: "office:" + e.ID}
	wrong := map[string]string{}
	if _, ok := a.Library.Shelf().Programme(d.Programme); !ok {
		wrong["data.programme"] = "roster.programme.missing"
	}
	if d.Place == "" || e.Scope != "" && !a.Web.Places.Atlas().Covers(e.Scope, d.Place) {
		wrong["data.place"] = "roster.place.unknown"
	}
	if _, ok := a.Library.Shelf().Document(d.Document); d.Document != "" && !ok {
		wrong["data.document"] = "api.event.document"
	}
	if !roster.OfficePhone(d.Phone) {
		wrong["data.phone"] = "api.event.phone"
	}
	for field, one := range map[string]struct {
		said string
		into *time.Time
		last bool
	}{"data.from": {d.From, &m.From, false}, "data.to": {d.To, &m.To, true}} {
		switch t, err := time.ParseInLocation(time.DateOnly, one.said, i18n.Shanghai); {
		case one.said == "":
		case err != nil:
			wrong[field] = "api.event.day"
		case one.last:
			*one.into = t.AddDate(0, 0, 1)
		default:
			*one.into = t
		}
	}
	if len(wrong) > 0 {
		return m, &problem.Error{Kind: problem.Invalid, Key: "problem.invalid", Fields: wrong}
	}
	return m, nil
}
