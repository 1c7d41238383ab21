package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"mashang/aid/place"
	"mashang/faq/better/trial"
	"mashang/faq/better/words"
	"mashang/i18n"
	"mashang/platform/review"
	"mashang/platform/sheet"
	"mashang/platform/store"
	"mashang/sample"
)

// Kinds of file that make the assistant better.
const (
	kindLexicon = "lexicon"
	kindTests   = "tests"
)

func isBetter(kind string) bool { return kind == kindLexicon || kind == kindTests }

// exportBetter prints the lexicon or the office's own tests, or what columns they have.
func exportBetter(ctx context.Context, w world, kind string, template bool) error {
	if template {
		head := words.Template()
		if kind == kindTests {
			head = trial.Template()
		}
		return sheet.WriteCSV(w.out, head, func(func([]string) bool) {})
	}
	return withPortal(ctx, w, func(p *portal) error {
		if kind == kindTests {
			return p.better.Tests.Export(ctx, w.out)
		}
		return p.better.Words.Export(w.out)
	})
}

// importBetter proposes the lines of a lexicon, which somebody publishes in the console, or takes tests in.
func importBetter(ctx context.Context, w world, kind, file string, dry bool) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, 3<<20))
	if err != nil {
		return err
	}
	return withPortal(ctx, w, func(p *portal) error {
		if kind == kindTests {
			return p.importTests(ctx, w, filepath.Base(file), raw, dry)
		}
		return p.importLexicon(ctx, w, filepath.Base(file), raw, dry)
	})
}

// faulty prints what is wrong in a file, and refuses it when anything is.
func (p *portal) faulty(w world, faults place.Faults) error {
	for _, one := range faults {
		fmt.Fprintf(w.errs, "line   %s\n", p.fault(one))
	}
	if len(faults) > 0 {
		return fmt.Errorf("%d things are wrong; nothing was written", len(faults))
	}
	return nil
}

func (p *portal) importLexicon(ctx context.Context, w world, name string, raw []byte, dry bool) error {
	plan, err := p.better.Words.Plan(name, raw)
	if err != nil {
		return p.inWords(i18n.Hans, err)
	}
	if err := p.faulty(w, plan.Faults); err != nil {
		return err
	}
	fmt.Fprintf(w.out, "%d lines: %d new, %d changed, %d the same\n", plan.Rows, plan.New, plan.Changed, plan.Same)
	switch {
	case len(plan.Items) == 0:
		fmt.Fprintln(w.out, "nothing to change")
		return nil
	case dry:
		fmt.Fprintln(w.out, "nothing was written")
		return nil
	}
	var c review.Change
	err = p.db.Tx(ctx, func(q store.Queryer) (err error) {
		c, err = p.better.Words.Propose(ctx, q, p.review, plan.Items, name, "", "import")
		return err
	})
	if err != nil {
		return p.inWords(i18n.Hans, err)
	}
	fmt.Fprintf(w.out, "proposed as %s; a publisher publishes it in the console under /console/review/%s\n", c.Title, c.ID)
	return nil
}

func (p *portal) importTests(ctx context.Context, w world, name string, raw []byte, dry bool) error {
	plan, err := p.better.Tests.Plan(ctx, name, raw)
	if err != nil {
		return p.inWords(i18n.Hans, err)
	}
	if err := p.faulty(w, plan.Faults); err != nil {
		return err
	}
	if dry {
		fmt.Fprintf(w.out, "would import %d tests, %d are there; nothing was written\n", len(plan.Tests), plan.Same)
		return nil
	}
	if err := p.db.Tx(ctx, func(q store.Queryer) error { return p.better.Tests.Take(ctx, q, plan, "import") }); err != nil {
		return p.inWords(i18n.Hans, err)
	}
	fmt.Fprintf(w.out, "imported %d tests, %d were there\n", len(plan.Tests), plan.Same)
	return nil
}

// fillTests gives the demo its own examination, once.
func (p *portal) fillTests(ctx context.Context) error {
	there, err := p.better.Tests.All(ctx)
	if err != nil || len(there) > 0 {
		return err
	}
	plan, err := p.better.Tests.Plan(ctx, "tests.csv", sample.Tests())
	if err == nil && len(plan.Faults) > 0 {
		err = errors.New(p.fault(plan.Faults[0]))
	}
	if err != nil {
		return err
	}
	return p.db.Tx(ctx, func(q store.Queryer) error { return p.better.Tests.Take(ctx, q, plan, "demo") })
}

// evalOwn puts the office's own tests to the assistant of the portal, remembers how it went, and fails below the floor.
func evalOwn(ctx context.Context, w world, args []string) error {
	fs := flag.NewFlagSet("eval", flag.ContinueOnError)
	fs.Bool("own", true, "the office's own tests, as the console keeps them")
	floor := fs.Int64("floor", -1, "how many of a hundred must be right (default: what the console says)")
	rest, err := parse(fs, w, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return wrongUse("eval -own takes no words")
	}
	return withPortal(ctx, w, func(p *portal) error {
		a, err := p.assistant(ctx)
		if err != nil {
			return err
		}
		set, err := p.better.Groups.Settings(ctx)
		if err != nil {
			return err
		}
		if *floor < 0 {
			*floor = set.Floor
		}
		run, err := p.better.Tests.Examine(ctx, a, "command line", "eval -own")
		if err != nil {
			return err
		}
		for _, x := range run.Wrong {
			fmt.Fprintf(w.out, "wrong  %s: %s %s, wanted %s\n", x.Question, x.Outcome, x.Shown, x.Wanted)
		}
		fmt.Fprintf(w.out, "%d of %d right, %.1f%%; the floor is %d%%\n", run.Good, run.N, run.Share(), *floor)
		if run.Share() < float64(*floor) {
			return errors.New("below the floor")
		}
		return nil
	})
}
