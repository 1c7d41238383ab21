package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"mashang/faq"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/qr"
	"mashang/sample"
)

// ask puts one question to the assistant: over the county of PORTAL_DATA or
// PORTAL_DATABASE_URL when there is one, else over the sample county.
func ask(ctx context.Context, w world, args []string) error {
	fs := flag.NewFlagSet("ask", flag.ContinueOnError)
	at := fs.String("at", "", "where it is asked: a location's code or a 12-digit division code")
	lang := fs.String("lang", "zh-Hans", "zh-Hans, zh-Hant or en")
	asJSON := fs.Bool("json", false, "print what POST /api/v1/ask replies")
	dir := fs.String("data", "", "a demo's data folder (default: PORTAL_*, else the sample county)")
	words, err := parse(fs, w, args)
	if err != nil {
		return err
	}
	question := strings.Join(words, " ")
	if strings.TrimSpace(question) == "" {
		return wrongUse("there is no question")
	}
	l, ok := i18n.Parse(*lang)
	if !ok {
		return wrongUse("-lang %q is none of zh-Hans, zh-Hant, en", *lang)
	}
	p, err := openForAsking(ctx, w, *dir)
	if err != nil {
		return err
	}
	return errors.Join(p.ask(ctx, w, question, *at, l, *asJSON), p.close())
}

// openForAsking opens the county that is meant. The sample county is laid out
// in a temporary folder that goes with it.
func openForAsking(ctx context.Context, w world, dir string) (*portal, error) {
	if dir != "" {
		if _, err := os.Stat(filepath.Join(dir, demoFile)); err != nil {
			return nil, fmt.Errorf("%s is no folder of the demo", dir)
		}
		s, _, err := demoFolder(dir)
		if err != nil {
			return nil, err
		}
		return openPortal(ctx, Config{Keys: s.Keys, Data: dir, BaseURL: "http://localhost:8080", Hotline: "12345"}, time.Now, logger(w, Config{LogLevel: "error"}))
	}
	if w.getenv("PORTAL_KEYS") != "" {
		cfg, err := LoadConfig(w.getenv)
		if err != nil {
			return nil, fmt.Errorf("the settings do not allow this:\n%w", err)
		}
		return openPortal(ctx, cfg, time.Now, logger(w, cfg))
	}
	temp, err := os.MkdirTemp("", "mashang-ask-")
	if err != nil {
		return nil, err
	}
	s, _, err := demoFolder(temp)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(temp))
	}
	p, err := openPortal(ctx, Config{Keys: s.Keys, Data: temp, BaseURL: "http://localhost:8080", Hotline: "12345"}, time.Now, logger(w, Config{LogLevel: "error"}))
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(temp))
	}
	p.closers = append([]func() error{func() error { return os.RemoveAll(temp) }}, p.closers...)
	if err := sample.Load(ctx, sample.Parts{DB: p.db, Places: p.places, Library: p.library, Board: p.board, Now: p.now}); err != nil {
		return nil, errors.Join(err, p.close())
	}
	fmt.Fprintln(w.errs, "(no county is set up here: asking in the sample county 云溪县)")
	return p, nil
}

func (p *portal) ask(ctx context.Context, w world, question, at string, l i18n.Lang, asJSON bool) error {
	assistant, err := p.assistant(ctx)
	if err != nil {
		return err
	}
	if len(at) == qr.CodeLen {
		if at, err = p.codes.Verify(at); err != nil {
			return wrongUse("-at is no code of this county")
		}
	} else if _, ok := p.places.Atlas().Division(at); at != "" && !ok {
		return wrongUse("-at %q is neither a location's code nor a division of this county", at)
	}
	reply, err := assistant.Ask(ctx, faq.Question{Text: question, Place: at, Lang: l})
	if err != nil {
		return p.inWords(l, err)
	}
	if asJSON {
		enc := json.NewEncoder(w.out)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(reply)
	}
	printReply(w.out, reply)
	return nil
}

// inWords replaces what a person may be told by the words for it, with a line for
// each field.
func (p *portal) inWords(l i18n.Lang, err error) error {
	var told *problem.Error
	if !errors.As(err, &told) {
		return err
	}
	var args []any
	for k, v := range told.Args {
		args = append(args, k, v)
	}
	says := p.words.T(l, told.Key, args...)
	for _, name := range slices.Sorted(maps.Keys(told.Fields)) {
		var args []any
		for k, v := range told.FieldArgs[name] {
			args = append(args, k, v)
		}
		if told.Fields[name] != told.Key {
			says += fmt.Sprintf("\n       %s: %s", name, p.words.T(l, told.Fields[name], args...))
		}
	}
	return errors.New(says)
}

func printReply(out io.Writer, r faq.Reply) {
	fmt.Fprintf(out, "[%s] %s\n", r.Outcome, r.Text)
	for _, a := range r.Amounts {
		fmt.Fprintf(out, "  ¥ %s %s · %s · %s · %s\n", a.Amount, a.Unit, a.Place, a.EffectiveFrom, a.Document)
	}
	for _, c := range r.Citations {
		fmt.Fprintf(out, "  「%s」 %s %s %s\n", c.Quote, c.Title, c.Article, c.EffectiveFrom)
	}
	for _, o := range r.Options {
		fmt.Fprintf(out, "  → %s\n", o.Label)
	}
	if r.Contact.Phone != "" {
		fmt.Fprintf(out, "  ☎ %s %s %s\n", r.Contact.Office, r.Contact.Phone, r.Contact.Hours)
	}
}
