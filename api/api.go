// Package api is the HTTP surface: routes, middleware and the address book of
// what answers what. Rules live in the rooms below it.
package api

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	hotline "mashang/aid/calls"
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
	drafts "mashang/aid/policy/edit"
	"mashang/aid/policy/gaps"
	"mashang/aid/policy/listen"
	"mashang/aid/policy/screen"
	"mashang/aid/policy/wording"
	"mashang/aid/roster"
	"mashang/aid/roster/open"
	"mashang/aid/roster/watch"
	"mashang/api/console"
	"mashang/api/console/calls"
	"mashang/api/console/content"
	"mashang/api/console/desk"
	"mashang/api/console/edit"
	"mashang/api/console/forms"
	"mashang/api/console/frame"
	"mashang/api/console/helper"
	keeping "mashang/api/console/keep"
	notices "mashang/api/console/notify"
	"mashang/api/console/ops"
	"mashang/api/console/people"
	"mashang/api/console/places"
	"mashang/api/console/posters"
	"mashang/api/console/questions"
	"mashang/api/console/rosters"
	"mashang/api/console/scans"
	"mashang/api/console/settings"
	"mashang/api/console/words"
	"mashang/api/launch"
	"mashang/api/resident"
	door "mashang/api/resident/frame"
	v1 "mashang/api/v1"
	"mashang/api/web"
	"mashang/faq"
	"mashang/frontend"
	"mashang/i18n"
	"mashang/platform/audit"
	"mashang/platform/backup"
	"mashang/platform/calendar"
	"mashang/platform/files"
	"mashang/platform/jobs"
	"mashang/platform/kv"
	"mashang/platform/review"
	office "mashang/platform/settings"
	"mashang/platform/staff"
	"mashang/platform/staff/oidc"
	"mashang/platform/store"
	"mashang/platform/webhook"
	"mashang/qr"
)

// Parts is what the server is joined from. Every field but TrustedProxies,
// Hotline, Sample and Provider must be set.
type Parts struct {
	BaseURL        string         // as printed in codes, https://host
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed; none by default
	Hotline        string         // 12345 when empty
	Sample         bool           // every page says that its data is invented

	Log       *slog.Logger
	Now       func() time.Time
	DB        *store.DB
	KV        kv.Store
	Words     *i18n.Catalog
	Face      *frontend.Renderer
	Codes     *qr.Signer
	Places    *place.Gazetteer
	Counter   *scan.Counter
	Scans     *scan.Ledger
	Trials    scan.Trials
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
	Assistant *faq.Assistant
	Book      *webhook.Book
	Staff     *staff.Office
	Provider  *oidc.Provider // the office's own sign-in; nil without one
	Audit     *audit.Log
	Settings  *office.Book
	Review    *review.Desk
	Wording   *wording.Book
	Gaps      *gaps.List
	Better    questions.Books
	Jobs      *jobs.Runner
	Vault     *files.Vault
	Courier   *webhook.Courier // nil where nothing is sent from
	Backups   *backup.Folder   // nil on PostgreSQL
	Launch    *launch.List
	Posters   *posters.Works
}

// Server answers every request of the portal.
type Server struct {
	Parts
	web        *web.Web
	recordings *listen.Book
	screen     *screen.Book
	engine     *gin.Engine
	cross      *http.CrossOriginProtection
}

// New joins the parts and lays the routes.
func New(p Parts) (*Server, error) {
	base, err := url.Parse(p.BaseURL)
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("api: the base URL %q names no host", p.BaseURL)
	}
	if p.Hotline == "" {
		p.Hotline = "12345"
	}
	s := &Server{Parts: p, cross: http.NewCrossOriginProtection()}
	s.web = &web.Web{
		Words: p.Words, Face: p.Face, Places: p.Places, Codes: p.Codes, KV: p.KV,
		Log: p.Log, Now: p.Now, Base: base, Hotline: p.Hotline, Sample: p.Sample, Book: p.Settings,
	}
	if err := s.cross.AddTrustedOrigin(base.Scheme + "://" + base.Host); err != nil {
		return nil, fmt.Errorf("api: trusted origin: %w", err)
	}
	// Signed by the back office; the signature is the protection there.
	s.cross.AddInsecureBypassPattern("POST /api/v1/backoffice/events")

	s.recordings = &listen.Book{DB: s.DB, Vault: s.Vault, Library: s.Library, Now: s.Now}
	if s.Review != nil {
		s.Review.Register(s.recordings.ReviewKind())
	}
	s.screen = &screen.Book{DB: s.DB, Library: s.Library, Now: s.Now}
	if err = s.screen.Open(); err != nil {
		return nil, err
	}
	gin.SetMode(gin.ReleaseMode)
	s.engine = gin.New()
	s.engine.HandleMethodNotAllowed = true
	if err := s.engine.SetTrustedProxies(texts(p.TrustedProxies)); err != nil {
		return nil, fmt.Errorf("api: trusted proxies: %w", err)
	}
	s.routes()
	return s, nil
}

// Handler is the whole portal. gin would put what a stranger says about a prefix
// before the address it leads to.
func (s *Server) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("X-Forwarded-Prefix")
		s.engine.ServeHTTP(w, r)
	})
}

func texts(prefixes []netip.Prefix) []string {
	out := make([]string, 0, len(prefixes))
	for _, p := range prefixes {
		out = append(out, p.String())
	}
	return out
}

func (s *Server) routes() {
	e := s.engine
	static := gin.WrapH(s.Face.Static())
	e.GET("/static/*file", static)
	e.HEAD("/static/*file", static)

	e.GET("/emblem.png", s.web.Emblem) // beside the static files: without the headers of a page
	e.HEAD("/emblem.png", s.web.Emblem)

	e.Use(s.log, s.recover, s.secure)
	e.NoRoute(s.prepare, s.missing)
	e.NoMethod(s.prepare, s.notAllowed)
	e.GET("/healthz", s.healthz)
	e.GET("/readyz", s.readyz)

	pages := e.Group("/", web.Limit(maxForm), s.prepare, s.sameOrigin)
	front := &door.Frame{Web: s.web, Library: s.Library, Counter: s.Counter, Feedback: s.Feedback, Helpers: s.helper}
	(&resident.Pages{Frame: front, Rooms: s.doors(front)}).Install(pages)

	calls := e.Group("/api/v1", web.Limit(maxForm), s.prepare, s.sameOrigin)
	(&v1.API{
		Web: s.web, DB: s.DB, Library: s.Library, Cases: s.Cases, Desk: s.Desk, Leads: s.Leads, Board: s.Board,
		Assistant: s.Assistant, Book: s.Book, Audit: s.Audit, Screener: s.screen, Texts: s.Texts, Open: s.Open, Meter: s.Meter,
	}).Install(calls)

	desk := e.Group(frame.Root, web.Limit(maxForm), s.prepare, s.sameOrigin)
	f := &frame.Frame{Web: s.web, DB: s.DB, Staff: s.Staff, Audit: s.Audit, Vault: s.Vault, Library: s.Library}
	if s.Provider != nil {
		f.Provider = s.Provider.Name
	}
	(&console.Pages{Frame: f, Rooms: s.rooms(f), Cases: s.Cases, Alarms: s.Alarms, Desk: s.Desk, Book: s.Book, Launch: s.Launch}).Install(desk)
}

// rooms are the subjects of the staff pages, each with its own owner.
func (s *Server) rooms(f *frame.Frame) []frame.Room {
	asked := &questions.Room{Frame: f, Books: s.Better, Assistant: s.Assistant, Review: s.Review}
	return []frame.Room{
		&keeping.Room{Frame: f, Cases: s.Cases, Desk: s.Keep},
		&helper.Room{Frame: f, Cases: s.Cases, Desk: s.Desk},
		&calls.Room{Frame: f, Cases: s.Cases, Alarms: s.Alarms, Leads: s.Leads},
		&rosters.Room{Frame: f, Board: s.Board},
		&forms.Room{Frame: f},
		&content.Room{Frame: f, Desk: s.Desk, Review: s.Review, Assistant: s.Assistant, Recordings: s.recordings, Effects: asked.Effects},
		asked,
		&edit.Room{Frame: f, Desk: s.Desk, Drafts: &drafts.Desk{DB: s.DB, Library: s.Library, Review: s.Review, Audit: s.Audit, Now: s.Now}, Resident: s.preview},
		&words.Room{Frame: f, Book: s.Wording, Gaps: s.Gaps, Review: s.Review},
		&places.Room{Frame: f, Cases: s.Cases, Board: s.Board, Calendar: calendar.Load()},
		&posters.Room{Frame: f, Works: s.Posters},
		&scans.Room{Frame: f, Scans: s.Scans, Trials: s.Trials, Rounds: s.Rounds, Cases: s.Cases},
		&ops.Room{Frame: f, Book: s.Book, Courier: s.Courier, Jobs: s.Jobs, Backups: s.Backups},
		&people.Room{Frame: f, Provider: s.Provider},
		&notices.Room{Frame: f, Texts: s.Texts, Book: s.Settings},
		&desk.Room{
			Frame: f, Assistant: s.Assistant, Calls: &hotline.Desk{DB: s.DB, Now: s.Now}, Cases: s.Cases, Desk: s.Desk, Texts: s.Texts, Calendar: calendar.Load(),
		},
		s.office(f),
	}
}

// office is the room of the settings, which also leads through an empty system.
func (s *Server) office(f *frame.Frame) frame.Room {
	room := &settings.Room{
		Frame: f, Book: s.Settings, Feedback: s.Feedback, Cases: s.Cases, Scans: s.Scans, Outside: s.Book, Courier: s.Courier, Launch: s.Launch,
	}
	f.Setup = room.Bar
	return room
}

// Routes lists what is installed, for tests that hold every route to account.
func (s *Server) Routes() gin.RoutesInfo { return s.engine.Routes() }

// maxForm bounds a posted form. Routes that take pictures raise it themselves.
const maxForm = 256 << 10
