package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/aid/policy/screen"
	"mashang/aid/roster"
	"mashang/aid/roster/leak"
	"mashang/i18n"
	"mashang/platform/sheet"
)

// kinds are what import takes, with the columns of each as a table.
var kinds = []string{"places", "programmes", "standards", "documents", "faq", "roster", "rules", "xliff", kindLexicon, kindTests}

// runImport takes in a file, all or nothing, and names each bad row.
func runImport(ctx context.Context, w world, args []string) error {
	fs := flag.NewFlagSet("import", flag.ContinueOnError)
	dry := fs.Bool("dry-run", false, "check everything and write nothing")
	programme := fs.String("programme", "", "roster: the programme's id")
	at := fs.String("place", "", "roster: the village, or the town when a column names each row's village")
	listKind := fs.String("kind", "list", "roster: notice, list or end")
	document := fs.String("document", "", "roster: id of the local document that allows publication on the web")
	from := fs.String("from", "", "roster: first day, 2026-11-21 (default: now)")
	to := fs.String("to", "", "roster: last day (default: seven days for notices, open for lists)")
	mask := fs.String("mask", "", "roster: full, middle or surname (default: middle)")
	towns := fs.String("towns", "", "places: a second sheet that names the towns and the county a list knows by code alone")
	only := fs.String("only", "", "places: the six digits of the one county to take from a list that spans several")
	short := fs.Bool("short", false, "places: enter 北集坡村委会 as 北集坡村")
	number := fs.Int("sheet", 0, "roster: which sheet of the file, from 1 (default: the only list)")
	alone := fs.Bool("only-sheet", false, "roster: do not look at the other sheets; they are checked otherwise")
	without := fs.String("without", "", "roster: letters of columns to leave out, such as G,H")
	words, err := parse(fs, w, args)
	if err != nil {
		return err
	}
	if len(words) != 2 {
		return wrongUse("say what to import and from which file")
	}
	if !slices.Contains(kinds, words[0]) {
		return wrongUse("%q is not among %s", words[0], strings.Join(kinds, ", "))
	}
	if words[0] == "xliff" {
		return importWords(ctx, w, words[1], *dry)
	}
	if isBetter(words[0]) {
		return importBetter(ctx, w, words[0], words[1], *dry)
	}
	file, err := os.Open(words[1])
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if info.IsDir() && !slices.Contains(policy.Files(), words[0]) {
		return fmt.Errorf("%s is a folder; %s are imported file by file", words[1], words[0])
	}
	name := filepath.Base(words[1])

	return withPortal(ctx, w, func(p *portal) error {
		var report place.Report
		var err error
		kind := words[0]
		if info.IsDir() {
			kind = ""
			report, err = p.library.ImportFolder(ctx, words[0], os.DirFS(words[1]), *dry)
		}
		switch kind {
		case "places":
			report, err = p.importPlaces(ctx, w, name, file, *towns, place.Intake{Dry: *dry, Only: *only, Short: *short})
		case "programmes":
			report, err = p.library.ImportProgrammes(ctx, name, file, *dry)
		case "standards":
			report, err = p.library.ImportStandards(ctx, name, file, *dry)
		case "documents":
			report, err = p.library.ImportDocuments(ctx, name, file, *dry)
		case "faq":
			report, err = p.library.ImportEntries(ctx, name, file, *dry)
		case "rules":
			book := &screen.Book{DB: p.db, Library: p.library, Now: p.library.Now}
			if err = book.Open(); err == nil {
				report, err = book.Import(ctx, file, *dry)
			}
		case "roster":
			m := roster.Meta{Programme: *programme, Village: *at, Kind: roster.Kind(*listKind), Document: *document, Mask: roster.Mask(*mask), By: "import", Approver: "import", DryRun: *dry}
			if m.From, err = day(*from, false); err != nil {
				return err
			}
			if m.To, err = day(*to, true); err != nil {
				return err
			}
			if err := p.publishable(m); err != nil {
				return err
			}
			choice := roster.Choice{Sheet: *number, Only: *alone}
			if *without != "" {
				choice.Without = strings.Split(*without, ",")
			}
			return p.importRoster(ctx, w, m, choice, name, file)
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
			return fmt.Errorf("%d things are wrong in %d rows; nothing was written", len(report.Faults), report.Rows)
		}
		if report.Rows == 0 {
			return errors.New("the file has a header and no rows; nothing was written")
		}
		if report.Written {
			fmt.Fprintf(w.out, "imported %d %s\n", report.Rows, report.Kind)
		} else {
			fmt.Fprintf(w.out, "would import %d %s; nothing was written\n", report.Rows, report.Kind)
		}
		return nil
	})
}

// fault says one bad row in words: its line, what it is about, and why. Line 0
// is the file as a whole.
func (p *portal) fault(f place.Fault) string {
	why := p.words.T(i18n.Hans, f.Key, f.Pairs()...)
	if f.Line == 0 {
		return strings.TrimSpace(f.Item + " " + why)
	}
	return fmt.Sprintf("%d %s: %s", f.Line, f.Item, why)
}

// publishable refuses a list of a programme that is not there, or that rests on
// a document that is not there.
func (p *portal) publishable(m roster.Meta) error {
	if m.Programme == "" || m.Village == "" {
		return wrongUse("a roster needs -programme ID and -place CODE")
	}
	if _, ok := p.library.Shelf().Programme(m.Programme); !ok {
		return errors.New("-programme: " + p.words.T(i18n.Hans, "policy.import.programme", "id", m.Programme))
	}
	if _, ok := p.library.Shelf().Document(m.Document); m.Document != "" && !ok {
		return errors.New("-document: " + p.words.T(i18n.Hans, "policy.import.document", "id", m.Document))
	}
	return nil
}

func (p *portal) importRoster(ctx context.Context, w world, m roster.Meta, choice roster.Choice, name string, r io.Reader) error {
	if leak.Find(name, leak.Loose) != "" {
		return errors.New(p.words.T(i18n.Hans, "roster.file.name"))
	}
	report, err := p.board.Bring(ctx, m, r, choice)
	for _, n := range report.Notes {
		var args []any
		for k, v := range n.Args {
			args = append(args, k, v)
		}
		fmt.Fprintf(w.errs, "note   %s\n", p.words.T(i18n.Hans, n.Key, args...))
	}
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

// export prints what an import of a kind takes, or the codes of the locations.
func export(ctx context.Context, w world, args []string) error {
	fs := flag.NewFlagSet("export", flag.ContinueOnError)
	template := fs.Bool("template", false, "print the columns an import of that kind takes")
	out := fs.String("out", "", "programmes, standards, documents, faq: write a folder that import takes back, instead of printing")
	lang := fs.String("lang", "", "xliff: the language to translate into, en or zh-Hant (default: both)")
	programme := fs.String("programme", "", "xliff: only the texts of this programme, by its id")
	only := fs.String("only", "", "xliff: only what is missing, outdated, open (either of them), or whose figures or script are wrong")
	words, err := parse(fs, w, args)
	if err != nil {
		return err
	}
	if len(words) == 1 && words[0] == "xliff" && !*template {
		return exportWords(ctx, w, *lang, *programme, *only)
	}
	if len(words) == 1 && isBetter(words[0]) {
		return exportBetter(ctx, w, words[0], *template)
	}
	if len(words) != 1 {
		return wrongUse("say which kind: %s", strings.Join(kinds, ", "))
	}
	if words[0] == "codes" && !*template {
		return withPortal(ctx, w, func(p *portal) error { return p.exportCodes(w.out) })
	}
	if words[0] == "rules" {
		return withPortal(ctx, w, func(p *portal) error { return p.exportRules(ctx, w.out) })
	}
	if slices.Contains(policy.Files(), words[0]) && !*template {
		return withPortal(ctx, w, func(p *portal) error { return p.exportContent(w.out, words[0], *out) })
	}
	if isTable(words[0]) && !*template {
		return withPortal(ctx, w, func(p *portal) error { return p.exportPlaces(w.out, words[0]) })
	}
	if _, ok := templates()[words[0]]; !ok && words[0] != "documents" {
		return wrongUse("%q is not among %s", words[0], strings.Join(slices.Sorted(maps.Keys(templates())), ", ")+", documents, codes")
	}
	if !*template {
		return fmt.Errorf("%s are exported in the console; here -template prints the columns", words[0])
	}
	if words[0] == "documents" {
		return errors.New("documents are texts, not tables: plain text, Markdown or HTML with its articles as 第…条")
	}
	headers := templates()[words[0]]
	if len(headers) > 1 {
		fmt.Fprintln(w.errs, "note   three tables, to be filled in and imported as three files in this order;",
			"`mashang export divisions -template`, offices and locations print one each")
	}
	for _, h := range headers {
		if err := sheet.WriteCSV(w.out, h, func(func([]string) bool) {}); err != nil {
			return err
		}
	}
	return nil
}

// exportRules prints the screener's rules.
func (p *portal) exportRules(ctx context.Context, to io.Writer) error {
	book := &screen.Book{DB: p.db, Library: p.library, Now: p.library.Now}
	if err := book.Open(); err != nil {
		return err
	}
	b, err := book.Export(ctx)
	if err != nil {
		return err
	}
	_, err = to.Write(b)
	return err
}

// exportContent prints everything of a kind, or writes it as a folder. It writes over nothing: what an older export
// left behind would come back with the next import.
func (p *portal) exportContent(to io.Writer, kind, folder string) error {
	files, err := p.library.Shelf().Export(kind)
	if err != nil {
		return err
	}
	if folder == "" {
		for _, f := range files {
			if _, err := to.Write(f.Content); err != nil {
				return err
			}
		}
		return nil
	}
	for _, f := range files {
		at := filepath.Join(folder, filepath.FromSlash(strings.SplitN(f.Name, "/", 2)[0]))
		if _, err := os.Lstat(at); err == nil {
			return fmt.Errorf("%s is there already; export into a folder without it", at)
		}
	}
	for _, f := range files {
		at := filepath.Join(folder, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(at, f.Content, 0o644); err != nil {
			return err
		}
	}
	fmt.Fprintf(to, "wrote %d files to %s\n", len(files), folder)
	return nil
}

// exportCodes lists every location that hangs, with what is printed on its
// poster.
func (p *portal) exportCodes(out io.Writer) error {
	atlas := p.places.Atlas()
	header := []string{"海报编号", "区划代码", "所在地", "点位名称", "编码", "落地页", "二维码"}
	return sheet.WriteCSV(out, header, func(yield func([]string) bool) {
		for d := range divisions(atlas) {
			for _, l := range atlas.Locations(d.Code) {
				code := p.codes.Code(l.ID)
				landing := p.cfg.BaseURL + "/s/" + code
				if !yield([]string{l.Number, d.Code, atlas.Names(i18n.Hans, d.Code), l.Name.Hans, code, landing, landing + "/qr.svg"}) {
					return
				}
			}
		}
	})
}

// divisions walks the tree of places from its root.
func divisions(atlas *place.Atlas) iter.Seq[place.Division] {
	return func(yield func(place.Division) bool) {
		open := []place.Division{atlas.Root()}
		for len(open) > 0 {
			d := open[0]
			if !yield(d) {
				return
			}
			open = append(slices.Clone(atlas.Children(d.Code)), open[1:]...)
		}
	}
}

// templates are the headers of each kind and of each single table; places take
// three tables.
func templates() map[string][][]string {
	places := place.Templates()
	return map[string][][]string{
		"places":      places,
		"divisions":   places[:1],
		"offices":     places[1:2],
		"locations":   places[2:],
		"departments": {policy.DepartmentTemplate()},
		"situations":  {policy.SituationTemplate()},
		"programmes":  {policy.ProgrammeTemplate()},
		"standards":   {policy.StandardTemplate()},
		"faq":         {policy.EntryTemplate()},
		"roster":      {roster.Template()},
	}
}
