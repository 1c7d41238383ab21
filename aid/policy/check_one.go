package policy

import (
	"context"
	"fmt"
	"time"

	"mashang/aid/place"
	"mashang/platform/store"
)

// Check tells what would be wrong with a programme, a document, an answer, a department or a situation if it were
// entered at the moment at: the same as its Put says, with nothing written.
func (l *Library) Check(ctx context.Context, q store.Queryer, v any, at time.Time) (place.Faults, error) {
	b, err := newBench(ctx, q)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case Programme:
		return b.programmes([]Programme{v}, at), nil
	case Document:
		return checkDocuments(b, []Document{v}), nil
	case Entry:
		return b.entries([]Entry{v}, at), nil
	case Department:
		return checkDepartments(b, []Department{v}), nil
	case Situation:
		return checkSituations(b, []Situation{v}), nil
	}
	return nil, fmt.Errorf("policy: check: no rows of %T", v)
}

// Loosens lists what would stand on nothing if v were entered: cites that hold on this shelf and would not hold
// afterwards. It is no fault, for a law may end; but who publishes it should know.
func (s *Shelf) Loosens(v Document, at time.Time) (faults place.Faults) {
	laid := s.Lay(v)
	loose := func(item, title string, cites []placedCite) {
		for _, c := range cites {
			if c.Document != v.ID {
				continue
			}
			if key, _ := s.CiteFault(c.Cite, at); key != "" {
				continue
			}
			if key, args := laid.CiteFault(c.Cite, at); key != "" {
				faults.AddAt(0, item, c.field, key, append(args, "title", title)...)
			}
		}
	}
	for _, p := range s.live {
		loose(p.ID, p.Name.Hans, p.cites())
	}
	for _, e := range s.answers {
		loose(e.ID, e.Questions[0].Hans, placed("cites", e.Cites))
	}
	return faults
}
