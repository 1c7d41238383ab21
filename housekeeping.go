package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"mashang/aid/calls"
	"mashang/aid/roster/watch"
	"mashang/i18n"
	"mashang/platform/audit"
	copies "mashang/platform/backup"
	"mashang/platform/jobs"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/webhook"
)

const (
	// keepMessages is how long a message stays to be looked at and sent again
	// after it has arrived everywhere.
	keepMessages = 90 * 24 * time.Hour
	// keepPINs is how long a repeated filing is answered with the PIN again.
	keepPINs = 48 * time.Hour
	// keepCallers is how long it is known which calls came from one address.
	keepCallers = 7 * 24 * time.Hour
	// keepStaged is how long a file waits between the preview of an import and its
	// taking in, and then some.
	keepStaged = 2 * time.Hour
	// keepRuns is how long the history of jobs goes back.
	keepRuns = 90 * 24 * time.Hour
)

// addJobs names the work nobody waits for. Every instance knows it; the leader
// does it. Labels are jobs.name.* in the locales.
func (p *portal) addJobs() {
	for _, j := range []jobs.Job{
		{Name: "sweep", Every: time.Hour, Timeout: 30 * time.Minute, Run: p.sweep},
		{Name: "audit-chain", Every: 15 * time.Second, Quiet: true, Run: p.chainAudit},
		{Name: "audit-head", At: "03:10", Timeout: time.Hour, Retry: true, Run: p.sendHead},
		{Name: copies.Job, Timeout: time.Hour, Run: p.makeBackup},
		{Name: "review-publish", Every: 10 * time.Second, Quiet: true, Run: func(ctx context.Context, _ *jobs.Progress) error {
			_, err := p.review.Publish(ctx)
			return err
		}},
		p.posters.Job(), p.posters.SweepJob(), p.textJob(), p.alarmJob(), p.keepJob(),
		{Name: "places-handover", Every: 30 * time.Second, Quiet: true, Run: p.handOver},
		{Name: "scans-roll", Every: 10 * time.Minute, Timeout: 2 * time.Hour, Quiet: true, Run: p.rollScans},
		{Name: "roster-forget", At: "04:00", Timeout: time.Hour, Retry: true, Run: func(ctx context.Context, _ *jobs.Progress) error {
			_, err := p.board.Forget(ctx)
			return err
		}},
		{Name: "roster-open", At: "05:20", Timeout: time.Hour, Retry: true, Run: p.open.Run},
		{Name: "roster-sounds", At: "04:20", Timeout: time.Hour, Retry: true, Run: func(ctx context.Context, run *jobs.Progress) error {
			return p.board.Listen(ctx, run.Step)
		}},
		{Name: "questions-group", At: "04:40", Timeout: time.Hour, Retry: true, Run: func(ctx context.Context, _ *jobs.Progress) error { return p.better.Groups.Nightly(ctx) }},
		{Name: "questions-month", At: "05:40", Timeout: time.Hour, Retry: true, Run: p.better.Months.Job},
		{Name: "gaps", At: "03:30", Timeout: time.Hour, Retry: true, Run: func(ctx context.Context, _ *jobs.Progress) error { return p.gaps.Sight(ctx) }},
		{Name: "scans-thin", At: "03:40", Timeout: time.Hour, Run: func(ctx context.Context, _ *jobs.Progress) error {
			_, err := p.scans.Thin(ctx)
			return err
		}},
	} {
		p.jobs.Add(j)
	}
}

// rollScans adds up what was scanned and then looks at the habit of every poster.
func (p *portal) rollScans(ctx context.Context, run *jobs.Progress) error {
	if err := p.scans.Roll(ctx, run.Step); err != nil {
		return err
	}
	return p.scans.Watch(ctx)
}

// sweep deletes what has had its time. Each step takes what is due and finds
// nothing the second time, and one that fails does not stop the others.
func (p *portal) sweep(ctx context.Context, _ *jobs.Progress) error {
	_, messages := p.book.Sweep(ctx, keepMessages)
	_, pins := p.cases.ForgetPINs(ctx, keepPINs)
	_, callers := p.cases.ForgetCallers(ctx, keepCallers)
	_, runs := p.jobs.Sweep(ctx, keepRuns)
	_, staged := p.vault.SweepStaged(ctx, p.now().Add(-keepStaged))
	return errors.Join(p.desk.Sweep(ctx), p.texts.Sweep(ctx), (&calls.Desk{DB: p.db, Now: p.now}).Sweep(ctx), messages, pins, callers, runs, staged, watch.Sweep(ctx, p.db, p.now()), p.db.Forget(ctx))
}

// chainAudit takes what was noted into the chain. A forged note stays in sight: the
// job fails until somebody has looked.
func (p *portal) chainAudit(ctx context.Context, _ *jobs.Progress) error {
	_, err := p.audit.Chain(ctx)
	if errors.Is(err, audit.ErrForged) {
		return problem.New(problem.Conflict, "jobs.audit.forged")
	}
	return err
}

// sendHead checks the whole record once a day and sends its head out, so that who
// rewrites it here is found out there. It goes out when the record is broken too.
func (p *portal) sendHead(ctx context.Context, run *jobs.Progress) error {
	rep, err := p.audit.Verify(ctx)
	if err != nil {
		return err
	}
	now := p.now()
	err = p.db.Tx(ctx, func(q store.Queryer) error {
		if err := run.Fence(ctx, q); err != nil {
			return err
		}
		rows, head, err := p.audit.Head(ctx, q)
		if err != nil {
			return err
		}
		run.Say("jobs.audit.sent", "rows", rows, "head", head[:min(12, len(head))])
		_, err = webhook.Enqueue(ctx, q, webhook.Message{Topic: "audit.head", At: now, Data: auditHead{rows, head, now.UTC()}})
		return err
	})
	if err != nil {
		return err
	}
	p.courier.Wake()
	if rep.Broken > 0 {
		return &problem.Error{Kind: problem.Conflict, Key: "jobs.audit.broken", Args: map[string]string{"n": strconv.FormatInt(rep.Broken, 10)}}
	}
	return nil
}

// auditHead is the message audit.head.
type auditHead struct {
	Rows int64     `json:"rows"`
	Head string    `json:"head"`
	At   time.Time `json:"at"`
}

// makeBackup writes a copy beside the database, when somebody asked for one.
func (p *portal) makeBackup(ctx context.Context, run *jobs.Progress) error {
	f := p.backups()
	if f == nil {
		return problem.New(problem.Precondition, "ops.backups.postgres")
	}
	run.Say("ops.backup.running")
	_, err := f.Make(ctx)
	return err
}

// rotate seals everything with the newest key. It may run beside the portal and
// be run again when it was broken off.
func rotate(ctx context.Context, w world, args []string) error {
	fs := flag.NewFlagSet("rotate", flag.ContinueOnError)
	codes := fs.Bool("codes", false, "instead, add a key that signs the codes printed from now on; every poster that hangs stays good")
	words, err := parse(fs, w, args)
	if err != nil {
		return err
	}
	if len(words) > 0 {
		return wrongUse("rotate takes no words, only -codes: the sealing keys come from PORTAL_KEYS")
	}
	return withPortal(ctx, w, func(p *portal) error {
		if *codes {
			return p.rotateCodes(ctx, w)
		}
		for _, step := range []struct {
			what string
			do   func(context.Context) error
		}{
			{"secrets", p.secrets.Rotate},
			{"endpoints", p.book.Rotate},
			{"drafts", p.desk.Rotate},
			{"subscriptions", p.texts.Rotate},
			{"one-time codes", p.staff.Rotate},
			{"cases", p.cases.Rotate},
			{"custodians", p.places.Rotate},
			{"duty list", p.alarms.Rotate},
			{"who told of leads", p.leads.Rotate},
			{"papers", func(ctx context.Context) error { _, err := p.vault.Rotate(ctx); return err }},
		} {
			if err := step.do(ctx); err != nil {
				return fmt.Errorf("%s: %w", step.what, err)
			}
			fmt.Fprintln(w.out, "sealed anew:", step.what)
		}
		fmt.Fprintln(w.out, "Older keys may be taken out of PORTAL_KEYS; keep them for as long as there are backups made with them.")
		return nil
	})
}

// rotateCodes adds a key for the codes of locations. Instances that run learn it
// by themselves.
func (p *portal) rotateCodes(ctx context.Context, w world) error {
	n, err := p.signing.Add(ctx)
	if err != nil {
		return err
	}
	if err := p.audit.Write(ctx, p.db, audit.Entry{At: p.now(), Actor: "command line", Action: "codes.key-added", Object: fmt.Sprintf("location-codes-%d", n)}); err != nil {
		return err
	}
	fmt.Fprintf(w.out, "key %d signs what is printed from now on; codes of keys 1 to %d stay good for ever, nothing need be printed again\n", n, n-1)
	return nil
}

// erase makes the personal part of one case unreadable for ever, papers and all,
// when its time is over or the person asks and the law allows it.
func erase(ctx context.Context, w world, args []string) error {
	fs := flag.NewFlagSet("erase", flag.ContinueOnError)
	sure := fs.Bool("yes", false, "really: it cannot be undone")
	phone := fs.Bool("phone", false, "instead of a case, erase what a phone has subscribed to; the number is read from standard input, so that no shell keeps it")
	words, err := parse(fs, w, args)
	if err != nil {
		return err
	}
	if len(words) == 0 && !*phone {
		return wrongUse("say which case, by its receipt, or -phone")
	}
	if !*sure {
		return wrongUse("erasing cannot be undone: say -yes when the law's retention is over")
	}
	if *phone {
		return withPortal(ctx, w, func(p *portal) error { return p.erasePhone(ctx, w, os.Stdin) })
	}
	return withPortal(ctx, w, func(p *portal) error {
		one, err := p.cases.Find(ctx, strings.Join(words, ""), "") // a receipt may be typed in four groups
		if err != nil {
			return p.inWords(i18n.Hans, err)
		}
		papers, err := p.cases.Papers(ctx, one.ID)
		if err != nil {
			return err
		}
		// The key goes last: broken off before it, this can be run again.
		if err := errors.Join(p.desk.Shred(ctx, papers), p.desk.Forget(ctx, one.ID)); err != nil {
			return fmt.Errorf("the case is not erased yet: run this again: %w", err)
		}
		if _, err := p.cases.Destroy(ctx, one.Receipt); err != nil {
			return p.inWords(i18n.Hans, err)
		}
		if err := p.audit.Write(ctx, p.db, audit.Entry{At: p.now(), Actor: "command line", Action: "case.erased", Object: strings.Join(words, "")}); err != nil {
			return err
		}
		fmt.Fprintf(w.out, "erased: the case keeps its dates and states, %d papers are gone\n", len(papers))
		return p.db.Forget(ctx)
	})
}
