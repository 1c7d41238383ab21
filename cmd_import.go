package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/aid/roster"
	"mashang/i18n"
	"mashang/platform/sheet"
)

// kinds are what import takes, with the columns of each as a table.
var kinds = []string{"places", "programmes", "standards", "documents", "faq", "roster"}

// runImport takes in a file, all or nothing, and names each bad row.
func runImport(ctx context.Context, w world, args []string) error {
	fs := flag.NewFlagSet("import", flag.ContinueOnError)
	dry := fs.Bool("dry-run", false, "check everything and write nothing")
	programme := fs.String("programme", "", "roster: the programme's id")
	at := fs.String("place", "", "roster: the village, or the town when a column names each row's village")
	kind := fs.String("kind", "list", "roster: notice, list or end")
	document := fs.String("document", "", "roster: id of the local document that allows publication on the web")
	from := fs.String("from", "", "roster: first day, 2026-11-21 (default: now)")
	to := fs.String("to", "", "roster: last day (default: seven days for notices, open for lists)")
	mask := fs.String("mask", "", "roster: full, middle or surname (default: middle)")
	words, err := parse(fs, w, args)
	if err != nil {
		return err
	}
	if len(words) != 2 {
		return wrongUse("say what to import and from which file")
	}
	file, err := os.Open(words[1])
	if err != nil {
		return err
	}
	defer file.Close()
	name := filepath.Base(words[1])

	return withPortal(ctx, w, func(p *portal) error {
		var report place.Report
		var err error
		switch words[0] {
		case "places":
			report, err = p.places.ImportPlaces(ctx, name, file, *dry)
		case "programmes":
			report, err = p.library.ImportProgrammes(ctx, name, file, *dry)
		case "standards":
			report, err = p.library.ImportStandards(ctx, name, file, *dry)
		case "documents":
			report, err = p.library.ImportDocuments(ctx, name, file, *dry)
		case "faq":
			report, err = p.library.ImportEntries(ctx, name, file, *dry)
		case "roster":
			m := roster.Meta{Programme: *programme, Village: *at, Kind: roster.Kind(*kind), Document: *document, Mask: roster.Mask(*mask), By: "import", Approver: "import", DryRun: *dry}
			if m.From, err = day(*from, false); err != nil {
				return err
			}
			if m.To, err = day(*to, true); err != nil {
				return err
			}
			return p.importRoster(ctx, w, m, name, file)
		default:
			return wrongUse("import %s: it takes %s", words[0], strings.Join(kinds, ", "))
		}
		if err != nil {
			return p.inWords(i18n.Hans, err)
		}
		for _, n := range report.Notes {
			fmt.Fprintf(w.out, "note   %s\n", p.fault(n))
		}
		for _, f := range report.Faults {
			fmt.Fprintf(w.errs, "line   %s\n", p.fault(f))
		}
		if len(report.Faults) > 0 {
			return fmt.Errorf("%d of %d rows are wrong; nothing was written", len(report.Faults), report.Rows)
		}
		if report.Written {
			fmt.Fprintf(w.out, "imported %d %s\n", report.Rows, report.Kind)
		} else {
			fmt.Fprintf(w.out, "would import %d %s; nothing was written\n", report.Rows, report.Kind)
		}
		return nil
	})
}

// fault says one bad row in words: its line, what it is about, and why.
func (p *portal) fault(f place.Fault) string {
	return fmt.Sprintf("%d %s: %s", f.Line, f.Item, p.words.T(i18n.Hans, f.Key, f.Pairs()...))
}

func (p *portal) importRoster(ctx context.Context, w world, m roster.Meta, name string, r io.Reader) error {
	header, rows, err := sheet.Read(name, r, sheet.Limits{})
	if err != nil {
		return p.inWords(i18n.Hans, err)
	}
	report, err := p.board.Import(ctx, m, header, rows)
	for _, c := range report.Problems {
		var args []any
		for k, v := range c.Args {
			args = append(args, k, v)
		}
		fmt.Fprintf(w.errs, "cell   %s %s: %s\n", c.Cell, c.Column, p.words.T(i18n.Hans, c.Key, args...))
	}
	if len(report.Problems) > 0 {
		return fmt.Errorf("%d cells cannot be published; nothing was written", len(report.Problems))
	}
	if err != nil {
		return p.inWords(i18n.Hans, err)
	}
	verb := "would publish"
	if report.Saved {
		verb = "published"
	}
	fmt.Fprintf(w.out, "%s %d entries in %d villages\n", verb, report.Rows, len(report.Publications))
	return nil
}

// day reads a day in China; last gives its last moment.
func day(s string, last bool) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	d, err := time.ParseInLocation(time.DateOnly, s, i18n.Shanghai)
	if err != nil {
		return time.Time{}, wrongUse("%q is no day such as 2026-11-21", s)
	}
	if last {
		d = d.AddDate(0, 0, 1).Add(-time.Millisecond)
	}
	return d, nil
}

// export prints what an import of a kind takes.
func export(_ context.Context, w world, args []string) error {
	fs := flag.NewFlagSet("export", flag.ContinueOnError)
	template := fs.Bool("template", false, "print the columns an import of that kind takes")
	words, err := parse(fs, w, args)
	if err != nil {
		return err
	}
	if len(words) != 1 {
		return wrongUse("say which kind: %s", strings.Join(kinds, ", "))
	}
	if !*template {
		return errors.New("this version prints only templates (-template); whole contents are in `mashang backup`")
	}
	if words[0] == "documents" {
		return errors.New("documents are texts, not tables: plain text, Markdown or HTML with its articles as 第…条")
	}
	headers, ok := templates()[words[0]]
	if !ok {
		return wrongUse("export %s: it knows %s", words[0], strings.Join(kinds, ", "))
	}
	for _, h := range headers {
		if err := sheet.WriteCSV(w.out, h, func(func([]string) bool) {}); err != nil {
			return err
		}
	}
	return nil
}

// templates are the headers of each kind; places take three tables.
func templates() map[string][][]string {
	return map[string][][]string{
		"places":     place.Templates(),
		"programmes": {policy.ProgrammeTemplate()},
		"standards":  {policy.StandardTemplate()},
		"faq":        {policy.EntryTemplate()},
		"roster":     {roster.Template()},
	}
}
