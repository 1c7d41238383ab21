package cases

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"mashang/platform/problem"
)

// view is a case as its resident may see it.
func (r *Registry) view(ctx context.Context, c row) (View, error) {
	if c.Destroyed {
		return View{}, problem.New(problem.Gone, "status.destroyed")
	}
	key, err := r.dataKey(c)
	if err != nil {
		return View{}, err
	}
	events, err := selectEvents(ctx, r.DB, c.ID)
	if err != nil {
		return View{}, err
	}
	r.machine.arrange(events)
	v := View{Case: c.Case}
	if v.Token, err = open(key, "token", c.token); err != nil {
		return View{}, err
	}
	veil := r.machine.Kinds[c.Kind].Veil
	for i, h := range events {
		if as, ok := veil[h.status]; ok { // what became of somebody else is not whoever told's to know
			h.status, h.detail.Valid = as, false
			if i == len(events)-1 {
				v.Status = as
			}
		}
		s := r.machine.byID[h.status]
		var d detail
		if h.detail.Valid && s.Reason {
			b, err := key.Open("event-"+h.id, h.detail.String)
			if err != nil {
				return View{}, err
			}
			if err := json.Unmarshal(b, &d); err != nil {
				return View{}, err
			}
		}
		e := Event{Status: h.status, At: h.at, Title: "status." + h.status, Text: "status." + h.status + ".text", Reason: d.Reason, Now: i == len(events)-1}
		if e.Due, e.Provisional, err = r.due(c.Case, s, h); err != nil {
			return View{}, err
		}
		if !e.Due.IsZero() && s.Due != "" {
			e.Text = "status." + h.status + ".due"
		}
		v.Timeline = append(v.Timeline, e)
		if e.Now {
			v.say(s, d, e.Due)
		}
	}
	v.Next, err = r.next(c.Case, events)
	return v, err
}

// say puts the office's words about the present state where the page looks for
// them. What the law requires and the office left out is named, not passed over.
func (v *View) say(s state, d detail, due time.Time) {
	if len(d.Items) > 0 {
		v.Asked, v.AskedBy = d.Items, due
	}
	v.Reason, v.Legal, v.Appeal = d.Reason, d.Legal, d.Appeal
	if s.Appeal && d.Reason == "" {
		v.ReasonKey = "status.reason.missing"
	}
	if s.Appeal && d.Appeal == "" {
		v.AppealKey = "status.appeal.usual"
	}
}

// due is the latest date of a state: what the office said, else what the law says.
func (r *Registry) due(c Case, s state, h happening) (due time.Time, provisional bool, err error) {
	switch {
	case !h.due.IsZero():
		return h.due, false, nil
	case s.Due == "":
		return time.Time{}, false, nil
	case s.Due == "decide":
		return c.DueAt, c.Provisional, nil
	case h.source == portal:
		return c.AcknowledgeBy, false, nil
	}
	d, ok := r.machine.law(r.law(c.Programme), s.Due)
	if !ok {
		return time.Time{}, false, nil
	}
	return d.until(r.Calendar, h.at)
}

// next is what usually still comes, each with the latest date the law sets for
// it. It promises no result: the last step is the decision, whatever it will be.
// After an end only what directly follows from it is named.
func (r *Registry) next(c Case, events []happening) ([]Step, error) {
	course, law := r.machine.Kinds[c.Kind], r.law(c.Programme)
	last := -1
	for i, st := range course.Path {
		if slices.ContainsFunc(events, func(h happening) bool { return h.status == st.State || slices.Contains(st.Passed, h.status) }) {
			last = i
		}
	}
	var steps []Step
	for _, st := range course.Path[last+1:] {
		if _, set := law[st.Law]; st.Law != "" && law != nil && !set {
			continue
		}
		if c.Closed && !slices.Contains(course.Next[c.Status], st.State) {
			continue
		}
		step := Step{Status: st.State, Title: "status.next." + st.State}
		from := c.ReceivedAt
		if st.From != "" {
			from = c.AcceptedAt
		}
		switch d, ok := r.machine.law(law, st.By); {
		case st.By == "decide":
			step.By, step.Provisional = c.DueAt, c.Provisional
		case ok && !from.IsZero():
			var err error
			if step.By, step.Provisional, err = d.until(r.Calendar, from); err != nil {
				return nil, err
			}
		}
		steps = append(steps, step)
	}
	return steps, nil
}
