package content

import (
	"encoding/json"

	"github.com/gin-gonic/gin"

	"mashang/aid/policy"
	drafts "mashang/aid/policy/edit"
	"mashang/api/console/edit"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/review"
	"mashang/platform/staff"
)

// effects are what a file that waits would change now, field by field: nobody can
// answer for a file of which he sees the name and a count.
func (p *Room) effects(c *gin.Context, r *web.Request, one review.Change) ([]frame.CompareRow, error) {
	var b policy.Brought
	if !frame.May(c, staff.EditPolicy) && !frame.May(c, staff.PublishPolicy) {
		return nil, nil // trying a file costs the database a moment
	}
	if one.State != review.Proposed || json.Unmarshal(one.After, &b) != nil {
		return nil, nil
	}
	t, err := p.Library.TryBrought(c.Request.Context(), p.Vault, b)
	if problem.Is(err, problem.Missing) {
		return nil, nil // decided on in this moment
	}
	if err != nil {
		return nil, err
	}
	var out []frame.CompareRow
	for _, f := range t.Faults {
		out = append(out, frame.CompareRow{Label: r.T("content.review.fault"), New: worded(r, f), Changed: true})
	}
	for _, e := range t.Effects {
		out = append(out, p.effect(r, e)...)
	}
	return out, nil
}

func (p *Room) effect(r *web.Request, e policy.Effect) []frame.CompareRow {
	title, rows := e.Title, []frame.CompareRow(nil)
	switch {
	case e.Kind == policy.KindStandard:
		var old, fresh policy.Standard
		if json.Unmarshal(e.After, &fresh) != nil || !e.New && json.Unmarshal(e.Before, &old) != nil {
			return nil
		}
		list := func(raw json.RawMessage) json.RawMessage { return append(append([]byte{'['}, raw...), ']') }
		none := json.RawMessage("null")
		if title = p.seriesTitle(r, fresh.Of()); e.New || old.Of() == fresh.Of() {
			before := none
			if !e.New {
				before = list(e.Before)
			}
			rows = p.seriesRows(r, before, list(e.After))
			break
		}
		left := p.seriesRows(r, list(e.Before), none) // the code stood for another amount until now
		rows = append(under(r, p.seriesTitle(r, old.Of()), left), under(r, title, p.seriesRows(r, none, list(e.After)))...)
		return rows
	case drafts.Is(e.Kind):
		rows = edit.Rows(p.Frame, r, e.Kind, e.Before, e.After)
	}
	return under(r, title, rows)
}

func under(r *web.Request, title string, rows []frame.CompareRow) []frame.CompareRow {
	for i := range rows {
		rows[i].Label = title + frame.Dot(r) + rows[i].Label
	}
	return rows
}
