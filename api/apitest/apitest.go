// Package apitest joins a whole portal over the sample county for tests that
// speak HTTP to it.
package apitest

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/gin-gonic/gin"

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
	"mashang/api/console/posters"
	"mashang/api/console/questions"
	"mashang/api/launch"
	"mashang/api/web"
	"mashang/faq"
	"mashang/faq/better/month"
	"mashang/frontend"
	"mashang/i18n"
	"mashang/platform/audit"
	"mashang/platform/backup"
	"mashang/platform/calendar"
	"mashang/platform/files"
	"mashang/platform/jobs"
	"mashang/platform/kv"
	"mashang/platform/print"
	"mashang/platform/privacy"
	"mashang/platform/review"
	"mashang/platform/settings"
	"mashang/platform/staff"
	"mashang/platform/store"
	"mashang/platform/webhook"
	"mashang/qr"
	"mashang/qr/poster"
	"mashang/sample"
)

// Portal is a running portal whose clock a test moves.
type Portal struct {
	*httptest.Server
	Web       *web.Web // of the same parts, for handlers a test installs itself
	DB        *store.DB
	KV        kv.Store
	Codes     *qr.Signer
	Places    *place.Gazetteer
	Counter   *scan.Counter
	Scans     *scan.Ledger
	Rounds    *round.Book
	Feedback  *feedback.Box
	Texts     *notify.Desk
	Library   *policy.Library
	Cases     *cases.Registry
	Alarms    *alarm.Desk
	Leads     *lead.Desk
	Keep      *keep.Desk
	Desk      *apply.Desk
	Board     *roster.Board
	Open      *open.Book
	Meter     *watch.Meter
	Book      *webhook.Book
	Staff     *staff.Office
	Audit     *audit.Log
	Settings  *settings.Book
	Review    *review.Desk
	Wording   *wording.Book
	Gaps      *gaps.List
	Better    questions.Books
	Counted   *month.Meter // of questions
	Jobs      *jobs.Runner // leads only when a test runs it
	Vault     *files.Vault
	Posters   *posters.Works
	Assistant *faq.Assistant
	Log       *Log
	Routes    gin.RoutesInfo // every route that is installed
	Courier   *webhook.Courier
	Backups   *backup.Folder

	mu sync.Mutex
	at time.Time
}

// Log keeps what was logged.
type Log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// Now is the portal's clock; it begins on 2026-11-21 at noon in the county.
func (p *Portal) Now() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.at
}

// Pass moves the clock.
func (p *Portal) Pass(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at = p.at.Add(d)
}

// New joins a portal on db. Its address is http, so that cookies pass.
func New(t testing.TB, db *store.DB) *Portal {
	t.Helper()
	ctx := t.Context()
	p := &Portal{DB: db, Log: &Log{}, Codes: qr.NewSigner([]byte("a signing key for tests")), at: noon}
	log := slog.New(slog.NewJSONHandler(p.Log, nil))
	p.KV = kv.NewMemory(p.Now)
	keys, err := privacy.ParseKeys(ring())
	must(t, err)
	settle(t, db)
	secrets := &privacy.Secrets{DB: db, Keys: keys}

	p.Places = &place.Gazetteer{DB: db, KV: p.KV, Keys: keys, Now: p.Now, Log: log}
	must(t, p.Places.Open(ctx))
	t.Cleanup(p.Places.Close)
	p.Library = &policy.Library{DB: db, KV: p.KV, Now: p.Now, Log: log}
	must(t, p.Library.Open(ctx))
	t.Cleanup(p.Library.Close)
	p.Board = &roster.Board{DB: db, Secrets: secrets, Places: p.Places, Now: p.Now}
	p.Open = &open.Book{DB: db, Secrets: secrets, Places: p.Places, Now: p.Now}
	p.Meter = watch.NewMeter(db, p.KV, p.Now, log)
	t.Cleanup(func() { p.Meter.Close() })
	must(t, sample.Load(ctx, sample.Parts{DB: db, Places: p.Places, Library: p.Library, Board: p.Board, Now: p.Now}))

	p.Book = &webhook.Book{DB: db, Keys: keys, Now: p.Now}
	p.Cases, err = cases.New(ctx, cases.Parts{
		DB: db, Keys: keys, Secrets: secrets, KV: p.KV, Calendar: calendar.Load(), Now: p.Now, BaseURL: "http://ms.yunxi.example", Log: log,
		Law: p.law,
	})
	must(t, err)
	p.Book.Topics = append(p.Cases.Topics(), "audit.head", notify.Topic)
	p.Book.Topics = append(p.Book.Topics, roster.Topics()...)
	p.Vault = &files.Vault{DB: db, Keys: keys, Now: p.Now}
	p.Desk = &apply.Desk{DB: db, Keys: keys, Secrets: secrets, Vault: p.Vault, Cases: p.Cases, Places: p.Places, KV: p.KV, Now: p.Now}
	p.Staff = &staff.Office{DB: db, KV: p.KV, Keys: keys, Now: p.Now, Cost: &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}}
	p.Audit = &audit.Log{DB: db, Now: p.Now}
	p.Settings = &settings.Book{DB: db, KV: p.KV, Now: p.Now, Log: log, Hotline: "12345"}
	must(t, p.Settings.Open(ctx))
	t.Cleanup(p.Settings.Close)
	p.Review = &review.Desk{DB: db, Audit: p.Audit, Now: p.Now, Log: log}
	p.Review.Register(p.Library.StandardKind())
	p.Review.Register(p.Library.ImportKind(p.Vault))
	p.Wording = &wording.Book{Library: p.Library, DB: db, Now: p.Now}
	p.Gaps = &gaps.List{Library: p.Library, Places: p.Places, DB: db, Now: p.Now}
	p.Review.Register(p.Wording.ReviewKind())
	for _, k := range edit.ReviewKinds(p.Library) {
		p.Review.Register(k)
	}
	p.Jobs = &jobs.Runner{DB: db, Now: p.Now, Log: log}

	words, err := i18n.Load()
	must(t, err)
	p.Desk.Words = words
	face, err := frontend.New(words, frontend.Options{})
	must(t, err)
	p.Better, err = questions.Open(ctx, questions.Joint{DB: db, KV: p.KV, Library: p.Library, Places: p.Places, Review: p.Review, Audit: p.Audit, Catalog: words, Now: p.Now, Log: log})
	must(t, err)
	t.Cleanup(p.Better.Words.Close)
	p.Counted = month.NewMeter(db, log)
	t.Cleanup(func() { p.Counted.Close() })
	p.Assistant, err = faq.NewAssistant(ctx, faq.Parts{Library: p.Library, Places: p.Places, KV: p.KV, DB: db, Catalog: words, Log: log, Now: p.Now, Sayings: p.Better.Words.Sayings, Heard: p.Counted.Hear})
	must(t, err)
	t.Cleanup(func() { p.Assistant.Close() })
	p.Leads = &lead.Desk{DB: db, Keys: keys, Cases: p.Cases, Places: p.Places, Now: p.Now}
	p.Keep, err = keep.New(keep.Desk{DB: db, Cases: p.Cases, Now: p.Now, Shred: p.Desk.Shred, Forget: p.Desk.Forget})
	must(t, err)
	p.Alarms, err = alarm.New(alarm.Desk{DB: db, Keys: keys, Places: p.Places, Base: "http://ms.yunxi.example", Now: p.Now})
	must(t, err)
	counter := scan.NewCounter(db, p.Now, log)
	p.Counter = counter
	p.Scans = &scan.Ledger{DB: db, Places: p.Places, Now: p.Now, Log: log}
	p.Rounds = &round.Book{DB: db, Places: p.Places, Vault: p.Vault, Studio: p.Desk.Studio(), Now: p.Now}
	p.Feedback = &feedback.Box{DB: db, Cases: p.Cases, Places: p.Places, Key: []byte("a key for tickets in tests"), Now: p.Now}
	p.Texts = &notify.Desk{
		DB: db, KV: p.KV, Keys: keys, Key: []byte("a key for texts in tests........"), Library: p.Library, Places: p.Places, Words: words, Calendar: calendar.Load(),
		Rules: func() notify.Rules {
			o := p.Settings.Office().Texts
			from, to := o.Hours()
			return notify.Rules{On: o.State != "off", Daily: o.Daily, From: from, To: to, Sign: o.Sign}
		},
		Base: &url.URL{Scheme: "http", Host: "ms.yunxi.example"}, Now: p.Now, Log: log,
	}
	t.Cleanup(func() { counter.Close() })
	fonts, err := print.OpenFonts()
	must(t, err)
	p.Posters = &posters.Works{
		Studio: &posters.Studio{
			Press: &poster.Press{Fonts: fonts, Words: words}, Places: p.Places, Codes: p.Codes, Settings: p.Settings, Now: p.Now,
			Base: &url.URL{Scheme: "http", Host: "ms.yunxi.example"}, Sample: true,
		},
		DB: db, Vault: p.Vault, History: &poster.History{DB: db}, Jobs: p.Jobs,
	}
	p.Jobs.Add(p.Posters.Job())
	p.Web = &web.Web{Words: words, Face: face, Places: p.Places, Codes: p.Codes, KV: p.KV, Log: log, Now: p.Now, Base: &url.URL{Scheme: "http", Host: "ms.yunxi.example"}, Hotline: "12345"}
	p.Courier = webhook.NewCourier(p.Book, nil, log)
	p.Backups = &backup.Folder{DB: db, Dir: t.TempDir(), Now: p.Now, Keep: 2}
	server, err := api.New(api.Parts{
		BaseURL: "http://ms.yunxi.example", Sample: true, Log: log, Now: p.Now, DB: db, KV: p.KV, Words: words, Face: face, Codes: p.Codes,
		Places: p.Places, Counter: counter, Scans: p.Scans, Trials: scan.Trials{Key: []byte("a key for trying posters")}, Rounds: p.Rounds, Feedback: p.Feedback, Texts: p.Texts, Library: p.Library, Cases: p.Cases, Alarms: p.Alarms, Leads: p.Leads, Keep: p.Keep, Desk: p.Desk, Board: p.Board, Open: p.Open, Meter: p.Meter, Assistant: p.Assistant,
		Book: p.Book, Staff: p.Staff, Audit: p.Audit, Vault: p.Vault,
		Settings: p.Settings, Review: p.Review, Wording: p.Wording, Gaps: p.Gaps, Better: p.Better, Jobs: p.Jobs, Courier: p.Courier,
		Backups: p.Backups,
		Launch:  &launch.List{Places: p.Places, Library: p.Library, Staff: p.Staff, Book: p.Book, Audit: p.Audit, Jobs: p.Jobs, Settings: p.Settings, Now: p.Now, BaseURL: "http://ms.yunxi.example", Sample: true}, Posters: p.Posters,
	})
	must(t, err)
	p.Routes = server.Routes()
	p.Server = httptest.NewServer(server.Handler())
	t.Cleanup(p.Close)
	return p
}

func (p *Portal) law(programme string) cases.Clocks {
	days, unit, _, ok := p.Library.Shelf().Clock(programme)
	if !ok {
		return nil
	}
	return cases.Clocks{"decide": {Days: days, Unit: unit}}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Poster is the code of poster 0137 in 杏林村.
func (p *Portal) Poster(t testing.TB) string {
	t.Helper()
	for _, l := range p.Places.Atlas().Locations(sample.Xinglin) {
		if l.Number == "0137" {
			return p.Codes.Code(l.ID)
		}
	}
	t.Fatal("no poster 0137")
	return ""
}

// Hall is the code at the hall of a town's first village.
func (p *Portal) Hall(t testing.TB, town string) string {
	t.Helper()
	a := p.Places.Atlas()
	for _, v := range a.Children(town) {
		for _, l := range a.Locations(v.Code) {
			if l.Kind == "hall" && l.State == place.Active {
				return p.Codes.Code(l.ID)
			}
		}
	}
	t.Fatalf("no hall in %s", town)
	return ""
}

// Office registers a back office for a division ("" is everything).
func (p *Portal) Office(t testing.TB, name, scope string) (webhook.Endpoint, webhook.Credentials) {
	t.Helper()
	e, c, err := p.Book.Add(t.Context(), webhook.Endpoint{Name: name, URL: "https://office.example/hooks", Scope: scope}, webhook.Credentials{})
	must(t, err)
	return e, c
}

// Answer is a response, read whole.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Send makes one request. headers are name, value pairs.
func (p *Portal) Send(t testing.TB, method, path, body string, headers ...string) Answer {
	t.Helper()
	return p.SendBy(t, p.Client(), method, path, body, headers...)
}

// SendBy is Send with a browser of the caller's.
func (p *Portal) SendBy(t testing.TB, client *http.Client, method, path, body string, headers ...string) Answer {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, p.URL+path, strings.NewReader(body))
	must(t, err)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := client.Do(req)
	must(t, err)
	defer res.Body.Close()
	all, err := io.ReadAll(res.Body)
	must(t, err)
	return Answer{Status: res.StatusCode, Header: res.Header, Body: string(all)}
}

// Browser keeps cookies and follows no redirect.
func (p *Portal) Browser(t testing.TB) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	return &http.Client{Transport: p.Client().Transport, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}
