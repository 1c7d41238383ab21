package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"mashang/backoffice"
	"mashang/platform/privacy"
	"mashang/platform/staff"
	"mashang/platform/webhook"
	"mashang/qr"
	"mashang/sample"
)

// demoFile marks a folder as the demo's own, so that -fresh can never empty
// another one, and keeps the secrets it made there.
const demoFile = "demo.json"

// demoSecrets are made once per data folder.
type demoSecrets struct {
	Keys     string        `json:"keys"`
	Signing  string        `json:"signing"`
	Inbound  string        `json:"inbound"`
	Bearer   string        `json:"bearer"`
	Accounts []demoAccount `json:"accounts"`
}

type demoAccount struct{ Role, Name, Password string }

// demo serves the sample county from a data folder it makes, with the sample
// back office beside it. Two settings are taken from the environment:
// PORTAL_DATABASE_URL and PORTAL_REDIS_URL.
func demo(ctx context.Context, w world, args []string) error {
	fs := flag.NewFlagSet("demo", flag.ContinueOnError)
	addr := fs.String("addr", ":8080", "address of the portal")
	officeAddr := fs.String("backoffice-addr", "127.0.0.1:8081", "address of the sample back office")
	dir := fs.String("data", filepath.Join("data", "demo"), "data folder; made when it is not there")
	fresh := fs.Bool("fresh", false, "begin again with an empty data folder")
	base := fs.String("base-url", "", "address to print in links (default: this machine's)")
	from := fs.String("now", "", "start the clock at this time (RFC 3339); it runs on from there")
	words, err := parse(fs, w, args)
	if err != nil {
		return err
	}
	if len(words) > 0 {
		return wrongUse("demo takes only flags, not %q", words[0])
	}
	now := time.Now
	if *from != "" {
		start, err := time.Parse(time.RFC3339, *from)
		if err != nil {
			return wrongUse("-now %q is no time such as 2026-11-21T09:00:00+08:00", *from)
		}
		now = shifted(start)
	}
	if *fresh {
		if err := emptyDemo(*dir); err != nil {
			return err
		}
	}
	secrets, made, err := demoFolder(*dir)
	if err != nil {
		return err
	}

	l, err := net.Listen("tcp", *addr)
	if err != nil {
		return fmt.Errorf("%w (another program has the address? choose one with -addr)", err)
	}
	ol, err := net.Listen("tcp", *officeAddr)
	if err != nil {
		return errors.Join(fmt.Errorf("%w (choose another with -backoffice-addr)", err), l.Close())
	}
	local := "http://" + net.JoinHostPort("localhost", port(l))
	cfg, err := LoadConfig(func(name string) string {
		switch name {
		case "PORTAL_KEYS":
			return secrets.Keys
		case "PORTAL_BASE_URL":
			if *base != "" {
				return *base
			}
			return local
		case "PORTAL_DATA":
			return *dir
		case "PORTAL_LOG_LEVEL":
			return "warn"
		case "PORTAL_DATABASE_URL", "PORTAL_REDIS_URL", "PORTAL_METRICS_ADDR":
			return w.getenv(name)
		}
		return ""
	})
	if err != nil {
		return errors.Join(err, l.Close(), ol.Close())
	}
	cfg.PrivateTargets = loopback

	p, err := openPortal(ctx, cfg, now, logger(w, cfg))
	if err != nil {
		return errors.Join(err, l.Close(), ol.Close())
	}
	p.sample = true
	stop, err := p.demoOffice(ctx, ol, *dir, secrets)
	if err != nil {
		return errors.Join(err, l.Close(), ol.Close(), p.close())
	}
	p.closing(stop)
	if err := p.fillDemo(ctx, secrets, made, "http://"+ol.Addr().String()); err != nil {
		return errors.Join(err, l.Close(), p.close())
	}
	return errors.Join(p.serve(ctx, l, func() { p.announce(w, secrets, l, ol) }), p.close())
}

// shifted is a clock that shows start now and runs on.
func shifted(start time.Time) func() time.Time {
	began := time.Now()
	return func() time.Time { return start.Add(time.Since(began)) }
}

func emptyDemo(dir string) error {
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if _, err := os.Stat(filepath.Join(dir, demoFile)); err != nil {
		return fmt.Errorf("-fresh empties only a folder the demo made; %s has no %s", dir, demoFile)
	}
	return os.RemoveAll(dir)
}

// demoFolder makes the folder and its secrets, or reads them back; made tells
// which.
func demoFolder(dir string) (s demoSecrets, made bool, err error) {
	file := filepath.Join(dir, demoFile)
	b, err := os.ReadFile(file)
	switch {
	case err == nil:
		if err := json.Unmarshal(b, &s); err != nil {
			return s, false, fmt.Errorf("%s: %w (begin again with -fresh)", file, err)
		}
		return s, false, nil
	case !errors.Is(err, os.ErrNotExist):
		return s, false, err
	}
	s = demoSecrets{
		Keys:    privacy.NewKey(),
		Signing: webhook.FormatSecret(webhook.NewSecret()),
		Inbound: webhook.FormatSecret(webhook.NewSecret()),
		Bearer:  rand.Text() + rand.Text(),
	}
	for _, r := range staff.Roles() {
		s.Accounts = append(s.Accounts, demoAccount{string(r), string(r), staff.NewPassword()})
	}
	if b, err = json.MarshalIndent(s, "", "  "); err != nil {
		return s, false, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return s, false, err
	}
	// Written aside and moved, so that a folder never has half a file of secrets.
	part := file + ".part"
	if err := os.WriteFile(part, b, 0o600); err != nil {
		return s, false, err
	}
	return s, true, os.Rename(part, file)
}

// demoOffice starts the sample back office beside the portal.
func (p *portal) demoOffice(ctx context.Context, l net.Listener, dir string, s demoSecrets) (func() error, error) {
	o, err := backoffice.New(backoffice.Options{
		Dir: filepath.Join(dir, "backoffice"), PortalURL: p.cfg.BaseURL,
		Secret: s.Signing, Inbound: s.Inbound, Bearer: s.Bearer, Now: p.now, Log: p.log,
	})
	if err != nil {
		return nil, err
	}
	srv := newServer(o.Handler(), p.log)
	go func() {
		if err := srv.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
			p.log.Error("back office stopped", "err", err)
		}
	}()
	return func() error { return errors.Join(srv.Close(), o.Close()) }, nil
}

// fillDemo puts in what the folder does not have yet: the county, the accounts,
// the endpoint.
func (p *portal) fillDemo(ctx context.Context, s demoSecrets, made bool, office string) error {
	if err := sample.Load(ctx, sample.Parts{DB: p.db, Places: p.places, Library: p.library, Board: p.board, Now: p.now}); err != nil {
		return fmt.Errorf("the sample county: %w", err)
	}
	if err := p.fillTests(ctx); err != nil {
		return fmt.Errorf("the sample county's tests: %w", err)
	}
	// Comparing seven passwords takes half a second by design: only when needed.
	there, err := p.staff.List(ctx)
	if err != nil {
		return err
	}
	for _, a := range s.Accounts {
		if !made && slices.ContainsFunc(there, func(b staff.Account) bool { return b.Name == a.Name }) {
			continue
		}
		scope := ""
		if r := staff.Role(a.Role); r.Bound() {
			scope = sample.Liuhe
		}
		if err := p.staff.Ensure(ctx, a.Name, staff.Role(a.Role), scope, a.Password); err != nil {
			return err
		}
	}
	known, err := p.book.List(ctx)
	if err != nil {
		return err
	}
	url := office + "/hooks"
	for _, e := range known {
		if e.Name == "sample" {
			e.URL = url // the port may be another than last time
			return p.book.Change(ctx, e)
		}
	}
	_, _, err = p.book.Add(ctx, webhook.Endpoint{Name: "sample", URL: url}, webhook.Credentials{Signing: s.Signing, Inbound: s.Inbound, Bearer: s.Bearer})
	return err
}

// announce prints what DESIGN promises, a line each.
func (p *portal) announce(w world, s demoSecrets, l, ol net.Listener) {
	fmt.Fprintln(w.out, "ready", p.cfg.BaseURL)
	landings := sample.Landings(p.places.Atlas())
	for _, at := range landings {
		fmt.Fprintf(w.out, "landing %s/s/%s %s\n", p.cfg.BaseURL, p.codes.Code(at.LocationID), at.Name)
	}
	lan := "http://" + net.JoinHostPort(lanHost(l), port(l))
	fmt.Fprintln(w.out, "lan", lan)
	fmt.Fprintln(w.out, "backoffice", "http://"+ol.Addr().String())
	for _, a := range s.Accounts {
		fmt.Fprintln(w.out, "account", a.Role, a.Name, a.Password)
	}
	if len(landings) == 0 {
		return
	}
	if picture, err := qr.Text(lan + "/s/" + p.codes.Code(landings[0].LocationID)); err == nil {
		fmt.Fprintf(w.out, "\n%s\n%s\n", landings[0].Name, picture)
	}
}

func port(l net.Listener) string {
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// lanHost is this machine's address for a phone on the same network; the
// loopback address when the portal listens only there or there is no network.
func lanHost(l net.Listener) string {
	if a, ok := l.Addr().(*net.TCPAddr); ok && !a.IP.IsUnspecified() {
		return a.IP.String()
	}
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return "127.0.0.1"
	}
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok && n.IP.IsPrivate() && n.IP.To4() != nil {
			return n.IP.String()
		}
	}
	return "127.0.0.1"
}

// runBackoffice runs the sample back office on its own.
func runBackoffice(ctx context.Context, w world, args []string) error {
	fs := flag.NewFlagSet("backoffice", flag.ContinueOnError)
	addr := fs.String("addr", "127.0.0.1:8081", "address to listen on")
	dir := fs.String("data", filepath.Join("data", "backoffice"), "folder for what it receives")
	portalURL := fs.String("portal", "http://localhost:8080", "address of the portal")
	secret := fs.String("secret", w.getenv("BACKOFFICE_SECRET"), "whsec_… that the portal signs with (or BACKOFFICE_SECRET)")
	inbound := fs.String("inbound", w.getenv("BACKOFFICE_INBOUND"), "whsec_… to sign events with (or BACKOFFICE_INBOUND)")
	bearer := fs.String("bearer", w.getenv("BACKOFFICE_BEARER"), "key for fetching whole applications (or BACKOFFICE_BEARER)")
	words, err := parse(fs, w, args)
	if err != nil {
		return err
	}
	if len(words) > 0 {
		return wrongUse("backoffice takes only flags, not %q", words[0])
	}
	if *secret == "" || *inbound == "" {
		return wrongUse("-secret and -inbound are needed: `mashang endpoint add` prints both")
	}
	o, err := backoffice.New(backoffice.Options{
		Dir: *dir, PortalURL: *portalURL, Secret: *secret, Inbound: *inbound, Bearer: *bearer,
		Now: time.Now, Log: logger(w, Config{LogLevel: "warn"}),
	})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", *addr)
	if err != nil {
		return errors.Join(err, o.Close())
	}
	fmt.Fprintln(w.out, "ready http://"+l.Addr().String())
	srv := newServer(http.Handler(o.Handler()), logger(w, Config{LogLevel: "warn"}))
	return errors.Join(serveUntil(ctx, srv, l), o.Close())
}
