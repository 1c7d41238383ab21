package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"mashang/aid/policy/translate"
	"mashang/aid/policy/wording"
	"mashang/i18n"
)

// exportWords prints translations as XLIFF 1.2, all or those that are asked for.
func exportWords(ctx context.Context, w world, lang, programme, only string) error {
	f := wording.Filter{Programme: programme, State: only}
	if lang != "" {
		var ok bool
		if f.Lang, ok = i18n.Parse(lang); !ok || !slices.Contains(translate.Langs(), f.Lang) {
			return wrongUse("-lang %q is neither en nor zh-Hant", lang)
		}
	}
	if known := []string{"", string(translate.Missing), string(translate.Outdated), wording.Open, wording.Figures, wording.Script}; !slices.Contains(known, only) {
		return wrongUse("-only takes missing, outdated, open, figures or script, not %q", only)
	}
	return withPortal(ctx, w, func(p *portal) error {
		if _, ok := p.library.Shelf().Programme(programme); programme != "" && !ok {
			return errors.New("-programme: " + p.words.T(i18n.Hans, "policy.import.programme", "id", programme))
		}
		all, err := p.wording.All(ctx)
		if err != nil {
			return err
		}
		chosen := wording.Ordered(wording.Choose(all, f))
		for _, n := range wording.Tally(all) {
			fmt.Fprintf(w.errs, "note   %s: %d of %d up to date, %d missing, %d outdated, %d with figures that differ\n", n.Lang, n.Fresh, n.All, n.Missing, n.Outdated, n.Figures)
		}
		return wording.Export(w.out, chosen)
	})
}

// importWords proposes the translations of a file; somebody publishes them in the console.
func importWords(ctx context.Context, w world, file string, dry bool) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, 9<<20))
	if err != nil {
		return err
	}
	return withPortal(ctx, w, func(p *portal) error {
		plan, err := p.wording.Plan(ctx, raw)
		if err != nil {
			return p.inWords(i18n.Hans, err)
		}
		for _, n := range plan.Notes {
			fmt.Fprintf(w.out, "note   %s\n", p.fault(n))
		}
		for _, r := range plan.Refused {
			fmt.Fprintf(w.errs, "unit   %s\n", p.fault(r))
		}
		fmt.Fprintf(w.out, "%d units: %d new, %d changed, %d still right, %d the same, %d refused\n", plan.Units, plan.New, plan.Changed, plan.Confirmed, plan.Same, len(plan.Refused))
		switch {
		case len(plan.Items) == 0 && len(plan.Refused) > 0:
			return errors.New("every unit that changes something was refused; nothing was written")
		case len(plan.Items) == 0:
			fmt.Fprintln(w.out, "nothing to change")
			return nil
		case dry:
			fmt.Fprintf(w.out, "would propose %d translations; nothing was written\n", len(plan.Items))
			return nil
		}
		c, err := p.wording.Propose(ctx, p.review, plan, wording.Called(filepath.Base(file), plan), "", "import")
		if err != nil {
			return p.inWords(i18n.Hans, err)
		}
		fmt.Fprintf(w.out, "proposed %d translations; somebody publishes them in the console: /console/review/%s\n", len(plan.Items), c.ID)
		return nil
	})
}
