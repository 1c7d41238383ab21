package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"time"

	"mashang/i18n"
	"mashang/platform/audit"
)

const (
	sweepEvery = time.Hour
	// keepMessages is how long a message stays to be looked at and sent again
	// after it has arrived everywhere.
	keepMessages = 90 * 24 * time.Hour
	// keepPINs is how long a repeated filing is answered with the PIN again.
	keepPINs = 48 * time.Hour
)

// sweep deletes what has had its time, once an hour until ctx ends. Every
// instance may do it: each step takes what is due and finds nothing the second
// time.
func (p *portal) sweep(ctx context.Context) {
	every := time.NewTicker(sweepEvery)
	defer every.Stop()
	for {
		_, messages := p.book.Sweep(ctx, keepMessages)
		_, pins := p.cases.ForgetPINs(ctx, keepPINs)
		if err := errors.Join(p.desk.Sweep(ctx), messages, pins); err != nil && ctx.Err() == nil {
			p.log.Error("sweep failed", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
	}
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
			{"one-time codes", p.staff.Rotate},
			{"cases", p.cases.Rotate},
			{"custodians", p.places.Rotate},
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
	words, err := parse(fs, w, args)
	if err != nil {
		return err
	}
	if len(words) == 0 {
		return wrongUse("say which case, by its receipt")
	}
	if !*sure {
		return wrongUse("erasing cannot be undone: say -yes when the law's retention is over")
	}
	return withPortal(ctx, w, func(p *portal) error {
		papers, err := p.cases.Destroy(ctx, strings.Join(words, "")) // a receipt may be typed in four groups
		if err != nil {
			return p.inWords(i18n.Hans, err)
		}
		if err := p.desk.Shred(ctx, papers); err != nil {
			return fmt.Errorf("the case is erased, its papers are not yet: run this again: %w", err)
		}
		if err := p.audit.Write(ctx, p.db, audit.Entry{At: p.now(), Actor: "command line", Action: "case.erased", Object: strings.Join(words, "")}); err != nil {
			return err
		}
		fmt.Fprintf(w.out, "erased: the case keeps its dates and states, %d papers are gone\n", len(papers))
		return nil
	})
}
