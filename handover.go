package main

import (
	"context"
	"fmt"
	"strings"

	"mashang/aid/cases"
	"mashang/platform/audit"
	"mashang/platform/jobs"
	"mashang/platform/store"
)

// handOver lets whoever manages a place since today see its open cases. The
// tree itself needs no job: it is arranged by the clock.
func (p *portal) handOver(ctx context.Context, run *jobs.Progress) error {
	atlas := p.places.Atlas()
	done, err := p.cases.Reassign(ctx, atlas.Chain, func(q store.Queryer, h cases.Handover) error {
		return p.audit.Write(ctx, q, audit.Entry{At: p.now(), Actor: "jobs", Action: "cases-handed", Object: h.Division,
			Detail: fmt.Sprint(h.Cases, " → ", strings.Join(h.Added, " "))})
	})
	n := 0
	for _, h := range done {
		n += h.Cases
	}
	if n > 0 && run != nil {
		run.Say("place.handed", "n", n)
	}
	return err
}
