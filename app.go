package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"runtime/debug"
	"time"

	"mashang/aid/apply"
	"mashang/aid/cases"
	"mashang/aid/cases/alarm"
	"mashang/aid/cases/keep"
	"mashang/aid/cases/lead"
	"mashang/aid/feedback"
	"mashang/aid/notify"
	"mashang/aid/place"
	"mashang/aid/place/round"
	"mashang/aid/place/scan"
	"mashang/aid/policy"
	"mashang/aid/policy/edit"
	"mashang/aid/policy/gaps"
	"mashang/aid/policy/wording"
	"mashang/aid/roster"
	"mashang/aid/roster/open"
	"mashang/aid/roster/watch"
	"mashang/api"
	"mashang/api/console/frame"
	"mashang/api/console/people"
	"mashang/api/console/posters"
	"mashang/api/console/questions"
	"mashang/faq"
	"mashang/faq/arrange"
	"mashang/faq/better/month"
	"mashang/faq/embed"
	"mashang/frontend"
	"mashang/i18n"
	"mashang/platform/audit"
	copies "mashang/platform/backup"
	"mashang/platform/calendar"
	"mashang/platform/files"
	"mashang/platform/jobs"
	"mashang/platform/kv"
	"mashang/platform/privacy"
	"mashang/platform/review"
	"mashang/platform/settings"
	"mashang/platform/staff"
	"mashang/platform/staff/oidc"
	"mashang/platform/store"
	"mashang/platform/webhook"
	"mashang/qr"
)

// portal is everything a command may need, joined. Nothing in it has rules of
// its own.
type portal struct {
	cfg    Config
	now    func() time.Time
	log    *slog.Logger
	sample bool // the sample county is served: every page says so

	db      *store.DB
	kv      kv.Store
	keys    *privacy.Keyring
	secrets *privacy.Secrets

	settings *settings.Book
	jobs     *jobs.Runner
	posters  *posters.Works
	review   *review.Desk
	wording  *wording.Book
	gaps     *gaps.List
	better   questions.Books
	heard    func(faq.Heard) // nil where nobody counts

	words   *i18n.Catalog
	codes   *qr.Signer
	signing *qr.Keys
	places  *place.Gazetteer
	library *policy.Library
	vault   *files.Vault
	audit   *audit.Log
	staff   *staff.Office
	oidc    *oidc.Provider // nil without one
	book    *webhook.Book
	courier *webhook.Courier
	cases   *cases.Registry
	desk    *apply.Desk
	board   *roster.Board
	open    *open.Book
	scans   *scan.Ledger
	trials  scan.Trials
	rounds  *round.Book
	rated   *feedback.Box
	texts   *notify.Desk
	alarms  *alarm.Desk
	leads   *lead.Desk
	keep    *keep.Desk

	closers []func() error
}

// openPortal opens the database and everything that stands on it. The caller
// closes it.
func openPortal(ctx context.Context, cfg Config, now func() time.Time, log *slog.Logger) (p *portal, err error) {
	p = &portal{cfg: cfg, now: now, log: log}
	debug.SetGCPercent(garbageReading)
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
		}
	}()

	if p.keys, err = privacy.ParseKeys(cfg.Keys); err != nil {
		return p, fmt.Errorf("PORTAL_KEYS: %w", err)
	}
	if p.words, err = i18n.Load(); err != nil {
		return p, err
	}
	if cfg.DatabaseURL == "" {
		release, err := holdFolder(cfg.Data, false)
		if err != nil {
			return p, fmt.Errorf("PORTAL_DATA: %w", err)
		}
		p.closing(release)
	}
	if p.db, err = store.Open(ctx, store.Options{URL: cfg.DatabaseURL, Dir: cfg.Data, Log: log}); err != nil {
		if cfg.DatabaseURL == "" {
			err = fmt.Errorf("the database %s of PORTAL_DATA: %w", filepath.Join(cfg.Data, store.File), err)
		}
		return p, err
	}
	p.closing(p.db.Close)
	if p.kv, err = openState(ctx, cfg, now, log); err != nil {
		return p, err
	}
	p.closing(p.kv.Close)

	p.secrets = &privacy.Secrets{DB: p.db, Keys: p.keys}
	p.signing = &qr.Keys{DB: p.db, KV: p.kv, Secrets: p.secrets, Log: log}
	p.codes, err = p.signing.Open(ctx)
	if errors.Is(err, privacy.ErrKeyMissing) {
		return p, fmt.Errorf("PORTAL_KEYS lacks a key that this database was sealed with; set it again, behind the newer ones: %w", err)
	}
	if err != nil {
		return p, err
	}
	p.closing(func() error { p.signing.Close(); return nil })

	p.places = &place.Gazetteer{DB: p.db, KV: p.kv, Keys: p.keys, Now: now, Log: log}
	if err = p.places.Open(ctx); err != nil {
		return p, err
	}
	p.closing(func() error { p.places.Close(); return nil })
	if p.library, err = policy.NewLibrary(ctx, p.db, p.kv, now); err != nil {
		return p, err
	}
	p.closing(func() error { p.library.Close(); return nil })

	chain, err := p.secrets.Get(ctx, "audit-chain-1", 32)
	if err != nil {
		return p, err
	}
	p.vault = &files.Vault{DB: p.db, Keys: p.keys, Now: now}
	p.audit = &audit.Log{DB: p.db, Key: chain, Now: now}
	p.settings = &settings.Book{DB: p.db, KV: p.kv, Now: now, Log: log, Hotline: cfg.Hotline}
	if err = p.settings.Open(ctx); err != nil {
		return p, err
	}
	p.closing(func() error { p.settings.Close(); return nil })
	p.review = &review.Desk{DB: p.db, Audit: p.audit, Now: now, Log: log}
	p.review.Register(p.library.StandardKind())
	p.review.Register(p.library.ImportKind(p.vault))
	p.wording = &wording.Book{Library: p.library, DB: p.db, Now: now}
	p.gaps = &gaps.List{Library: p.library, Places: p.places, DB: p.db, Now: now}
	p.review.Register(p.wording.ReviewKind())
	for _, k := range edit.ReviewKinds(p.library) {
		p.review.Register(k)
	}
	p.jobs = &jobs.Runner{DB: p.db, Now: now, Log: log, Forget: func(ctx context.Context, file string) error { return p.vault.Delete(ctx, p.db, file) }}
	p.staff = &staff.Office{DB: p.db, KV: p.kv, Keys: p.keys, Now: now}
	if cfg.OIDCIssuer != "" {
		p.oidc = &oidc.Provider{
			Issuer: cfg.OIDCIssuer, ClientID: cfg.OIDCClientID, Secret: cfg.OIDCSecret, Name: cfg.OIDCName, Claim: cfg.OIDCClaim,
			Redirect: cfg.BaseURL + frame.Root + people.Redirect, Keys: p.keys, KV: p.kv, Now: now, Log: log,
		}
	}
	p.book = &webhook.Book{DB: p.db, Keys: p.keys, Now: now}
	p.courier = webhook.NewCourier(p.book, cfg.PrivateTargets, log)
	p.book.Changed = p.courier.Wake
	if p.cases, err = cases.New(ctx, cases.Parts{
		DB: p.db, Keys: p.keys, Secrets: p.secrets, KV: p.kv, Calendar: calendar.Load(), Now: now,
		Law: p.clocks, BaseURL: cfg.BaseURL, Wake: p.courier.Wake, Log: log,
	}); err != nil {
		return p, err
	}
	p.book.Topics = append(p.cases.Topics(), "audit.head", notify.Topic, alarm.Topic)
	p.book.Topics = append(p.book.Topics, roster.Topics()...)
	p.desk = &apply.Desk{DB: p.db, Keys: p.keys, Secrets: p.secrets, Vault: p.vault, Cases: p.cases, Places: p.places, KV: p.kv, Now: now, Words: p.words}
	p.board = &roster.Board{DB: p.db, Secrets: p.secrets, Places: p.places, Now: now}
	p.open = &open.Book{DB: p.db, Secrets: p.secrets, Places: p.places, Now: now}
	p.scans = &scan.Ledger{DB: p.db, Places: p.places, Now: now, Log: log, Months: cfg.ScanMonths}
	if p.trials.Key, err = p.secrets.Get(ctx, "scan-trials-1", 32); err != nil {
		return p, err
	}
	p.rounds = &round.Book{DB: p.db, Places: p.places, Vault: p.vault, Studio: p.desk.Studio(), Now: now, Days: cfg.InspectDays}
	p.rated = &feedback.Box{DB: p.db, Cases: p.cases, Places: p.places, Now: now}
	if p.rated.Key, err = p.secrets.Get(ctx, "feedback-1", 32); err != nil {
		return p, err
	}
	if err = p.openTexts(ctx); err != nil {
		return p, err
	}
	p.leads = &lead.Desk{DB: p.db, Keys: p.keys, Cases: p.cases, Places: p.places, Now: now}
	if err = p.openKeep(); err != nil {
		return p, err
	}
	if err = p.openAlarms(); err != nil {
		return p, err
	}
	if err = p.openPosters(); err != nil {
		return p, err
	}
	if p.better, err = questions.Open(ctx, questions.Joint{DB: p.db, KV: p.kv, Library: p.library, Places: p.places, Review: p.review, Audit: p.audit, Catalog: p.words, Now: now, Log: log}); err != nil {
		return p, err
	}
	p.closing(func() error { p.better.Words.Close(); return nil })
	p.addJobs()
	return p, nil
}

// backups is where copies of an SQLite database are kept; nil on PostgreSQL,
// which has a tool of its own.
func (p *portal) backups() *copies.Folder {
	if p.db.Engine() != store.SQLite {
		return nil
	}
	return &copies.Folder{DB: p.db, Dir: filepath.Join(p.cfg.Data, "backups"), Now: p.now, Keep: keepBackups}
}

// keepBackups is how many copies made from the console stay beside the database.
const keepBackups = 7

// openState opens Redis, with the process's own memory behind it for when it is
// away, or the memory alone.
func openState(ctx context.Context, cfg Config, now func() time.Time, log *slog.Logger) (kv.Store, error) {
	local := kv.NewMemory(now)
	if cfg.RedisURL == "" {
		return local, nil
	}
	shared, err := kv.OpenRedis(ctx, cfg.RedisURL)
	if err != nil {
		return nil, err
	}
	return kv.Fallback(shared, local, log), nil
}

// assistant opens the assistant, which not every command needs.
func (p *portal) assistant(ctx context.Context) (*faq.Assistant, error) {
	a, err := faq.NewAssistant(ctx, faq.Parts{
		Library: p.library, Places: p.places, KV: p.kv, DB: p.db, Catalog: p.words, Log: p.log, Now: p.now, Model: p.model(), Meaning: p.meaning(),
		Sayings: p.better.Words.Sayings, Heard: p.heard,
	})
	if err != nil {
		return nil, err
	}
	p.closing(a.Close)
	return a, a.Refresh()
}

// model is the language model of the settings; nil when there is none.
func (p *portal) model() *arrange.Arranger {
	if p.cfg.Model == "" {
		return nil
	}
	return arrange.New(arrange.Options{URL: p.cfg.ModelURL, Key: p.cfg.ModelKey, Model: p.cfg.Model, KV: p.kv, Now: p.now})
}

// meaning is the model of meaning of the settings; nil when there is none.
func (p *portal) meaning() *embed.Embedder {
	if p.cfg.EmbedModel == "" {
		return nil
	}
	return embed.New(embed.Options{URL: p.cfg.ModelURL, Key: p.cfg.ModelKey, Model: p.cfg.EmbedModel, DB: p.db, KV: p.kv, Log: p.log, Now: p.now})
}

// handler joins the HTTP surface.
func (p *portal) handler(ctx context.Context) (http.Handler, error) {
	face, err := frontend.New(p.words, frontend.Options{})
	if err != nil {
		return nil, err
	}
	meter := month.NewMeter(p.db, p.log)
	p.closing(meter.Close)
	p.heard = meter.Hear
	asked, err := p.assistant(ctx)
	if err != nil {
		return nil, err
	}
	p.posters.Sample = p.sample
	scans := scan.NewCounter(p.db, p.now, p.log)
	p.closing(scans.Close)
	looks := watch.NewMeter(p.db, p.kv, p.now, p.log)
	p.closing(looks.Close)
	s, err := api.New(api.Parts{
		BaseURL: p.cfg.BaseURL, TrustedProxies: p.cfg.TrustedProxies, Hotline: p.cfg.Hotline, Sample: p.sample,
		Log: p.log, Now: p.now, DB: p.db, KV: p.kv, Words: p.words, Face: face, Codes: p.codes,
		Places: p.places, Counter: scans, Scans: p.scans, Trials: p.trials, Rounds: p.rounds, Feedback: p.rated, Texts: p.texts, Alarms: p.alarms, Leads: p.leads, Keep: p.keep, Library: p.library,
		Cases: p.cases, Desk: p.desk, Board: p.board, Open: p.open, Meter: looks, Assistant: asked, Book: p.book, Staff: p.staff, Provider: p.oidc, Audit: p.audit, Vault: p.vault,
		Settings: p.settings, Review: p.review, Wording: p.wording, Gaps: p.gaps, Better: p.better, Jobs: p.jobs, Courier: p.courier, Backups: p.backups(), Launch: p.launch(), Posters: p.posters,
	})
	if err != nil {
		return nil, err
	}
	return s.Handler(), nil
}

func (p *portal) closing(f func() error) { p.closers = append(p.closers, f) }

// close ends the parts in the opposite order of their opening.
func (p *portal) close() error {
	var errs []error
	for i := len(p.closers) - 1; i >= 0; i-- {
		errs = append(errs, p.closers[i]())
	}
	p.closers = nil
	return errors.Join(errs...)
}

// newServer bounds what a stranger's connection may cost. Handlers that stream
// or take pictures move their own deadlines.
func newServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// serveUntil serves until ctx ends, then lets running requests finish.
func serveUntil(ctx context.Context, s *http.Server, l net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := s.Shutdown(last); err != nil {
		return errors.Join(err, s.Close())
	}
	return nil
}

// loopback lets the demo's own back office be reached.
var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
