// Package frontend holds everything a browser receives: pages, the parts they
// are made of, and static files, embedded and rendered. It knows no domain type.
//
// A page is a file pages/NAME.html. Its first line says what it needs:
//
//	{{/* css: page form; body: mz-form; layout: resident */}}
//	{{define "NAME"}}…{{end}}
//
// css names the style sheets beside base.css (default: page), body the classes
// of the body element, layout the frame: resident (default), staff or bare. What
// stands in the define is put into <main>; the dot is the Page, its .Body what
// the handler gave. parts/*.html hold shared defines; pages may define more.
//
// Words come through functions bound to the reader's language and mode:
//
//	{{t "area.key" "name" value}}      a message
//	{{tn "area.key" 3 "name" value}}   a message with a plural, {n} is the number
//	{{in .Name}}                       an i18n.Text
//	{{template "say" .Name}}           the same, marked with lang when it had to stay Chinese
//	{{template "nb" (t "area.key")}}   broken into clauses that wrap as a whole
//	{{template "para" .Text}}          plain text as paragraphs and lists
//	{{template "icon" "phone"}}        an inline picture, hidden from screen readers
//	{{money .Cents}} {{date .At}} {{datetime .At}} {{asset "base.css"}}
//	{{if care}}…{{end}}                care mode (长辈版)
//	{{dict "key" value …}} {{list a b}} arguments of a part
package frontend

import (
	"embed"
	"fmt"
	"io"
	"io/fs"

	"mashang/i18n"
)

//go:generate go run ./minify

//go:embed pages parts dist
var files embed.FS

// Page is what the frame around every page shows.
type Page struct {
	Lang      i18n.Lang
	Care      string // "", "1" or "max"
	Title     string // in the reader's language, without the portal's name
	Path      string // address of the page with its query; language and mode links keep it
	Home      string // where the brand and the way back lead
	Place     *PlaceHead
	Office    Office   // who picks up the phone here
	Issuer    string   // who runs the portal
	Hotline   string   // 12345
	Host      string   // the official address, without a scheme
	Filings   []Filing // the numbers that must stand at the foot
	Languages []string // those one can choose
	Colour    string   // the office's own, "" for ours
	Sample    bool     // all data is invented, and the page says so
	NoBar     bool     // without the emergency bar (the emergency page itself)
	Wide      bool     // two columns on large screens
	Robots    string
	Draft     *Draft   // the page shows what is not published, and says so
	Form      string   // id of the form on the page: changing the language or the letters saves it first
	Wipe      string   // tag of a draft that is over: nothing of it stays in this browser
	CSS       []string // style sheets instead of those the page file names
	Body      any
}

// PlaceHead is the line under the header that says where the reader stands.
type PlaceHead struct {
	Name   i18n.Text // village or spot
	Town   string
	Number string // poster number, "" when the village was chosen by hand
	Back   string // where the back link leads; "" for Home
	Leave  string // key of the back link's words; "" for the usual ones
	Hidden bool   // the landing says it in its own hero
}

// Draft says that a page shows a draft, and leads back to it.
type Draft struct{ Text, Back, Label string }

// Filing is a filing number (备案号) and where it can be looked up.
type Filing struct{ Text, Link string }

// Office is the name and number in the foot.
type Office struct{ Name, Phone string }

// Options say from where the renderer takes its files. The zero value takes the
// embedded ones.
type Options struct {
	Files fs.FS
}

// Renderer renders pages and serves static files. It never changes once made.
type Renderer struct {
	catalog *i18n.Catalog
	sets    map[setKey]set
	pages   map[string]meta
	assets  *assets
}

// New parses every page and part, and minifies and hashes every static file.
func New(cat *i18n.Catalog, opts Options) (*Renderer, error) {
	from := opts.Files
	if from == nil {
		from = files
	}
	a, err := loadAssets(from)
	if err != nil {
		return nil, fmt.Errorf("frontend: assets: %w", err)
	}
	r := &Renderer{catalog: cat, assets: a}
	if err := r.parse(from); err != nil {
		return nil, fmt.Errorf("frontend: templates: %w", err)
	}
	return r, nil
}

// Has reports whether a page of this name exists.
func (r *Renderer) Has(name string) bool {
	_, ok := r.pages[name]
	return ok
}

// Page renders a page into w. Writing whole or not at all is the caller's
// business: give it a buffer.
func (r *Renderer) Page(w io.Writer, name string, p Page) error {
	m, ok := r.pages[name]
	if !ok {
		return fmt.Errorf("frontend: page %q does not exist", name)
	}
	if p.CSS == nil {
		p.CSS = m.css
	}
	s := r.sets[setKey{p.Lang, p.Care != ""}]
	if s == nil {
		return fmt.Errorf("frontend: page %q: no such language %q", name, p.Lang)
	}
	t, err := s()
	if err != nil {
		return fmt.Errorf("frontend: templates: %w", err)
	}
	if err := t.ExecuteTemplate(w, frame(name), view{Page: p, meta: m}); err != nil {
		return fmt.Errorf("frontend: page: %w", err)
	}
	return nil
}

// view is the dot of a page: the Page and what the page file says of itself.
type view struct {
	Page
	meta
}

// BodyClass joins the classes of the body element.
func (v view) BodyClass() string {
	c := v.body
	if v.Wide {
		c += " mz-wide"
	}
	return trim(c)
}
