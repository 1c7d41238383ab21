package cases

import (
	"cmp"
	"slices"
	"time"
)

// Sources of events beside the endpoints of the office.
const (
	portal   = "portal"   // the filing itself
	resident = "resident" // what its resident did later

	staffSource = "staff:" // and the account: said in the console
)

// ahead is how far in the future an event may say it happened before staff are
// asked to look; it still counts, because the office is the authority.
const ahead = 24 * time.Hour

// arrange puts events in the order in which they count: the filing first, then
// by the time they happened. Events of one moment are read in the order of
// states.json, so that the order of arrival never matters.
func (m *machine) arrange(events []happening) {
	slices.SortFunc(events, func(a, b happening) int {
		if first := cmp.Compare(origin(a), origin(b)); first != 0 {
			return first
		}
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(m.byID[a.status].rank, m.byID[b.status].rank),
			cmp.Compare(a.message, b.message), cmp.Compare(a.id, b.id))
	})
}

func origin(h happening) int {
	if h.source == portal {
		return 0
	}
	return 1
}

// fold works the state of a case out of its whole timeline, which it arranges
// and in which it marks what is unusual. Whatever order events arrive in, the
// same events give the same state.
func (r *Registry) fold(c *Case, events []happening) error {
	m, law := r.machine, r.law(c.Programme)
	m.arrange(events)
	c.AcceptedAt, c.DueAt, c.Provisional, c.Acknowledged, c.Flagged = time.Time{}, time.Time{}, false, time.Time{}, false
	seen := map[string]bool{}
	clock := ""
	for i := range events {
		e := &events[i]
		s := m.byID[e.status]
		e.unusual = i > 0 && !m.usual(c.Kind, c.Status, e.status) || s.Once && seen[e.status] || e.at.Sub(e.notedAt) > ahead
		c.Flagged = c.Flagged || e.unusual
		seen[e.status] = true
		if e.source != portal && e.source != resident && c.Acknowledged.IsZero() && m.Kinds[c.Kind].Acknowledge != "" {
			c.Acknowledged = e.at
		}
		if s.Starts != "" {
			c.AcceptedAt, clock = e.at, s.Starts
		}
		if s.Extends != "" && clock != "" {
			if _, ok := m.law(law, s.Extends); ok {
				clock = s.Extends
			}
		}
		c.Status, c.StatusAt = e.status, e.at
	}
	c.Closed = m.ended(c.Kind, c.Status)
	if d, ok := m.law(law, clock); ok && !c.AcceptedAt.IsZero() {
		var err error
		if c.DueAt, c.Provisional, err = d.until(r.Calendar, c.AcceptedAt); err != nil {
			return err
		}
	}
	return nil
}
