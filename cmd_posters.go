package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"mashang/aid/place"
	"mashang/api/console/posters"
	"mashang/i18n"
	"mashang/platform/audit"
	"mashang/platform/print"
	"mashang/platform/store"
	"mashang/qr"
	"mashang/qr/poster"
)

// runPosters lays out print-ready sheets and remembers that it did.
func runPosters(ctx context.Context, w world, args []string) error {
	fs := flag.NewFlagSet("posters", flag.ContinueOnError)
	out := fs.String("out", "", "PDF file to write, one page a location")
	zipped := fs.String("zip", "", "ZIP file to write instead: a PDF a village and a packing list")
	size := fs.String("size", "A4", "A4, A3, card (90 × 54 mm) or cards (ten on A4)")
	layout := fs.String("layout", "standard", "standard, plain (black and white) or large (for people who see badly)")
	at := fs.String("place", "", "a location's code, or a 12-digit division: only what it manages (default: the whole county)")
	second := fs.String("second", "none", "second language: en, zh-Hant or none")
	crop := fs.Bool("crop", false, "3 mm bleed and crop marks, for a print shop")
	host := fs.String("host", "", "domain in the codes: the portal's own or another of the settings")
	from := fs.String("from", "", "first poster number")
	to := fs.String("to", "", "last poster number")
	only := fs.String("only", "", "never (printed) or changed (since they were printed)")
	gone := fs.Bool("all", false, "locations too that are retired, moved or lost")
	dir := fs.String("data", "", "a demo's data folder (default: PORTAL_*, else the sample county)")
	base := fs.String("base-url", "", "with the demo or the sample county: the address in the codes")
	anyway := fs.Bool("anyway", false, "print □ for letters no font has and … for what is too long, instead of refusing")
	words, err := parse(fs, w, args)
	if err != nil {
		return err
	}
	if len(words) > 0 {
		return wrongUse("%q is no flag; a place is named by -place", words[0])
	}
	if (*out == "") == (*zipped == "") {
		return wrongUse("say where to write: -out FILE.pdf or -zip FILE.zip")
	}
	c := poster.Choice{Bleed: *crop, Anyway: *anyway}
	var ok bool
	if c.Size, ok = poster.ParseSize(*size); !ok {
		return wrongUse("-size %q is none of A4, A3, card, cards", *size)
	}
	if c.Layout, ok = poster.ParseLayout(*layout); !ok {
		return wrongUse("-layout %q is none of standard, plain, large", *layout)
	}
	switch *second {
	case "none", "":
	case string(i18n.En), string(i18n.Hant):
		c.Second = i18n.Lang(*second)
	default:
		return wrongUse("-second %q is none of en, zh-Hant, none", *second)
	}
	if *only != "" && *only != posters.Never && *only != posters.Changed {
		return wrongUse("-only %q is neither never nor changed", *only)
	}
	target := *out + *zipped
	if i, err := os.Stat(filepath.Dir(target)); err != nil || !i.IsDir() {
		return fmt.Errorf("there is no folder %s to write into", filepath.Dir(target))
	}
	p, err := openForPosters(ctx, w, *dir, *base)
	if err != nil {
		return err
	}
	o := posters.Order{Choice: c, Pick: posters.Pick{From: *from, To: *to, Only: *only, Gone: *gone}, Host: *host, Zip: *zipped != ""}
	return errors.Join(p.printPosters(ctx, w, o, *at, target), p.close())
}

// openForPosters opens the county that is meant, as for asking. Posters of the
// demo and of the sample county say that it is invented.
func openForPosters(ctx context.Context, w world, dir, base string) (*portal, error) {
	real := dir == "" && w.getenv("PORTAL_KEYS") != ""
	if real && base != "" {
		return nil, wrongUse("-base-url is for the demo and the sample county; the portal's own is PORTAL_BASE_URL")
	}
	p, err := openForAsking(ctx, w, dir)
	if err != nil {
		return nil, err
	}
	p.posters.Sample = !real
	if base == "" {
		return p, nil
	}
	if p.posters.Base, err = url.Parse(strings.TrimRight(base, "/")); err != nil || p.posters.Base.Host == "" || p.posters.Base.Path != "" {
		return nil, errors.Join(wrongUse("-base-url %q is no address such as https://host", base), p.close())
	}
	return p, nil
}

// openPosters joins what draws and remembers posters.
func (p *portal) openPosters() error {
	fonts, err := print.OpenFonts()
	if err != nil {
		return err
	}
	base, err := url.Parse(p.cfg.BaseURL)
	if err != nil || base.Host == "" {
		return fmt.Errorf("%q is no address for a code", p.cfg.BaseURL)
	}
	p.posters = &posters.Works{
		Studio: &posters.Studio{
			Press: &poster.Press{Fonts: fonts, Words: p.words}, Places: p.places, Codes: p.codes, Settings: p.settings, Now: p.now, Base: base,
		},
		DB: p.db, Vault: p.vault, History: &poster.History{DB: p.db}, Jobs: p.jobs,
	}
	return nil
}

// printPosters writes the file and remembers it.
func (p *portal) printPosters(ctx context.Context, w world, o posters.Order, at, target string) error {
	began := time.Now()
	if hosts := p.posters.Hosts(); o.Host != "" && !slices.Contains(hosts, o.Host) {
		return wrongUse("-host %q is none of %s; add a domain in the console's settings first", o.Host, strings.Join(hosts, ", "))
	}
	if err := p.pickPlace(&o.Pick, at); err != nil {
		return err
	}
	places, err := p.posters.Places(ctx, o)
	if err != nil {
		return err
	}
	if len(places) == 0 {
		return errors.New("nothing to print: no location in use is chosen (`mashang import places FILE` brings them in)")
	}
	var warns []poster.Warning
	size, err := writeAside(target, func(f io.Writer) (err error) {
		warns, err = p.posters.Write(ctx, f, o, places, nil)
		return err
	})
	for _, one := range warns {
		fmt.Fprintf(w.errs, "note   %s\n", p.posters.Tell(i18n.Hans, one))
	}
	var refused *poster.Refused
	if errors.As(err, &refused) {
		return errors.New("refused, because of what the notes say; nothing was written. Mend the names, or say -anyway to print □ and … in their place")
	}
	if err != nil {
		return fmt.Errorf("nothing was written: %w", err)
	}
	run, err := p.posters.Run(o, "command line", len(places), size)
	if err == nil {
		err = p.posters.Remember(ctx, run, places, func(q store.Queryer) error {
			return p.audit.Write(ctx, q, audit.Entry{At: p.now(), Actor: run.By, Action: "posters.printed", Object: run.ID, Detail: fmt.Sprintf("%d × %s %s", len(places), o.Choice.Size, o.Choice.Layout)})
		})
	}
	if err != nil {
		return fmt.Errorf("%s is written, but the print history could not be kept: %w", target, err)
	}
	fmt.Fprintf(w.out, "posters %s: %d sheets, %s %s, %d bytes, %.1f s\n", target, len(places), o.Choice.Size, o.Choice.Layout, size, time.Since(began).Seconds())
	return nil
}

// pickPlace turns -place into a choice of locations.
func (p *portal) pickPlace(pick *posters.Pick, at string) error {
	if at == "" {
		return nil
	}
	atlas := p.places.Atlas()
	if _, ok := atlas.Division(at); ok {
		pick.Division = at
		return nil
	}
	if len(at) == 12 && strings.Trim(at, "0123456789") == "" {
		return fmt.Errorf("-place %s is no division of this county", at)
	}
	id, err := p.codes.Verify(at)
	switch {
	case errors.Is(err, qr.ErrSignature):
		return fmt.Errorf("-place %s looks like a code, but this county did not sign it", at)
	case err != nil:
		return wrongUse("-place %q is neither a 16-letter code nor a 12-digit division", at)
	}
	l, ok := atlas.Location(id)
	if !ok {
		return fmt.Errorf("-place %s is a code of this county, but its location is not in the table of places", at)
	}
	if l.State != place.Active {
		return fmt.Errorf("%s %s is %s; only locations in use are printed", l.Number, l.Name.In(i18n.Hans), l.State)
	}
	pick.IDs = []string{id}
	return nil
}

// writeAside writes a file beside its place and moves it there when it is whole:
// a full disk leaves what was there before, and no half of a file.
func writeAside(name string, write func(io.Writer) error) (size int64, err error) {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".part-*")
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	b := bufio.NewWriterSize(f, 1<<20)
	err = write(b)
	if err == nil {
		err = b.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	if i, e := f.Stat(); err == nil && e == nil {
		size = i.Size()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Chmod(f.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	return size, err
}
