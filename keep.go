package main

import (
	"context"
	"time"

	"mashang/aid/cases/keep"
	"mashang/platform/audit"
	"mashang/platform/jobs"
	"mashang/platform/store"
)

// openKeep joins the part that destroys what has had its time.
func (p *portal) openKeep() (err error) {
	p.keep, err = keep.New(keep.Desk{DB: p.db, Cases: p.cases, Now: p.now, Shred: p.desk.Shred, Forget: p.desk.Forget,
		Note: func(ctx context.Context, q store.Queryer, receipt, rule string) error {
			return p.audit.Write(ctx, q, audit.Entry{At: p.now(), Actor: "portal", Action: "case.destroyed", Object: receipt, Detail: rule})
		}})
	return err
}

// keepJob destroys in the night; what it did stands in the history of jobs, in the record and on the page of retention.
func (p *portal) keepJob() jobs.Job {
	return jobs.Job{Name: "cases-keep", At: "02:40", Timeout: 3 * time.Hour, Retry: true, Run: p.keep.Run}
}
