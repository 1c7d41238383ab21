// Package backoffice is the sample of a system that an office runs behind the portal: it takes the portal's signed
// messages, keeps them before it says so, shows them on a page, and answers with signed events of its own. It is also
// the receiver of fault tests, which is why it can be told to misbehave.
package backoffice

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"mashang/platform/webhook"
)

// Options of a sample back office.
type Options struct {
	Dir       string // what it received is kept here
	PortalURL string // such as https://ms.yunxi.example
	Secret    string // whsec_… the portal signs with; several, separated by spaces, while one replaces another
	Inbound   string // whsec_… it signs its own events with
	Bearer    string // the key to fetch whole applications with; "" shows the thin messages only
	Now       func() time.Time
	Log       *slog.Logger
}

//go:embed pages
var pages embed.FS

// maxBody bounds what any call may send.
const maxBody = 1 << 20

// Server is a running back office.
type Server struct {
	portal  *url.URL
	secrets [][]byte
	inbound []byte
	bearer  string
	now     func() time.Time
	log     *slog.Logger

	client  *http.Client
	shelf   *shelf
	faults  *faults
	pages   *template.Template
	handler http.Handler

	under  sync.WaitGroup  // texts that wait for their keys
	ending context.Context //nolint:containedctx // the life of the server, which its background work ends with
	end    context.CancelFunc
}

// New opens the data folder and reads back what was received before.
func New(o Options) (*Server, error) {
	s := &Server{bearer: o.Bearer, now: o.Now, log: o.Log, faults: newFaults(), client: &http.Client{
		Timeout:       20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	var err error
	if s.portal, err = url.Parse(o.PortalURL); err != nil || s.portal.Host == "" {
		return nil, fmt.Errorf("backoffice: the portal's address %q is not complete", o.PortalURL)
	}
	for text := range strings.FieldsSeq(o.Secret) {
		secret, err := webhook.ParseSecret(text)
		if err != nil {
			return nil, fmt.Errorf("backoffice: secret: %w", err)
		}
		s.secrets = append(s.secrets, secret)
	}
	if len(s.secrets) == 0 {
		return nil, errors.New("backoffice: without the portal's secret nothing can be verified")
	}
	if s.inbound, err = webhook.ParseSecret(o.Inbound); err != nil {
		return nil, fmt.Errorf("backoffice: inbound secret: %w", err)
	}
	if s.pages, err = template.New("").Funcs(words()).ParseFS(pages, "pages/*.html"); err != nil {
		return nil, fmt.Errorf("backoffice: pages: %w", err)
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("backoffice: %w", err)
	}
	if s.shelf, err = openShelf(filepath.Join(o.Dir, "journal.jsonl"), s.log); err != nil {
		return nil, fmt.Errorf("backoffice: %w", err)
	}
	s.handler = s.routes()
	s.ending, s.end = context.WithCancel(context.Background())
	s.resend()
	return s, nil
}

// Close writes what is under way and closes the journal.
func (s *Server) Close() error {
	s.end()
	s.under.Wait()
	return s.shelf.Close()
}

// Handler serves everything: POST /hooks is the address for the portal's
// messages; GET /received, POST /send and POST /fault are for programs; / is a page.
func (s *Server) Handler() http.Handler { return s.handler }

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /hooks", s.hooks)
	mux.HandleFunc("GET /received", s.received)
	mux.HandleFunc("POST /send", s.send)
	mux.HandleFunc("POST /fault", s.fault)
	mux.HandleFunc("GET /fault", s.showFaults)
	mux.HandleFunc("POST /act", s.act)
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("GET /cases/{receipt}", s.showCase)
	mux.HandleFunc("GET /papers/{id}", s.paper)
	mux.HandleFunc("GET /texts", s.showTexts)
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, pages, "pages/style.css") })
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, "ok") })
	guarded := http.NewCrossOriginProtection().Handler(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		guarded.ServeHTTP(w, r)
	})
}

func answer(w http.ResponseWriter, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "not sayable", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	w.Write(append(b, '\n'))
}

func refuse(w http.ResponseWriter, status int, why string) {
	answer(w, status, map[string]string{"error": why})
}

// read takes a body of JSON into v and answers when it cannot.
func read(w http.ResponseWriter, r *http.Request, v any) bool {
	b, err := io.ReadAll(r.Body)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		refuse(w, http.StatusRequestEntityTooLarge, "the body is larger than a mebibyte")
	case err != nil:
		refuse(w, http.StatusBadRequest, "the body broke off")
	case json.Unmarshal(b, v) != nil:
		refuse(w, http.StatusBadRequest, "the body is not the JSON that is wanted here")
	default:
		return true
	}
	return false
}
