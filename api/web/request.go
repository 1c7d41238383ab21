package web

import (
	"cmp"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/frontend"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/qr"
)

// Request is what is known of the reader. It is the same for all handlers of
// one request.
type Request struct {
	Lang i18n.Lang
	Care string      // "", "1" or "max"
	Spot *place.Spot // where the reader stands; nil when unknown
	Code string      // the 16-letter code that was scanned; "" when a village was chosen by hand
	Path string      // address with its query, without lang, care and place
	Host string      // the address of ours that the reader came to

	Draft *frontend.Draft // what is shown is not published: the page says so and is kept nowhere; nil for residents

	web *Web
}

const requestKey = "web.request"

// From returns the request's facts; the zero facts when Prepare did not run.
func From(c *gin.Context) *Request {
	if v, ok := c.Get(requestKey); ok {
		return v.(*Request)
	}
	return &Request{Lang: i18n.Hans, Path: "/"}
}

// As lets the rest of the request be answered as to another reader: the draft of a
// page is looked at by staff as a resident at some place would see it.
func As(c *gin.Context, r *Request) { c.Set(requestKey, r) }

// Year is how long the choices of a reader are kept, in seconds.
const Year = 365 * 24 * 60 * 60

// Prepare is the middleware in front of every page: language, mode and place
// from the query, else the cookies, else the browser. What the query says is
// kept in the cookies.
func (w *Web) Prepare(c *gin.Context) {
	q := c.Request.URL.Query()
	r := &Request{web: w, Lang: w.language(c, q), Care: w.care(c, q), Path: cleanPath(c.Request.URL), Host: w.host(c.Request)}
	c.Set(requestKey, r)
	kept := w.Cookie(c, "place")
	if p := qr.Clean(q.Get("place")); p != "" && w.stand(r, p) {
		if p != kept {
			w.SetCookie(c, "place", p, Year)
		}
		return
	}
	if kept != "" {
		w.stand(r, kept)
	}
}

// PrepareJSON is Prepare for JSON calls: the language only, and no cookies.
func (w *Web) PrepareJSON(c *gin.Context) {
	r := &Request{web: w, Path: c.Request.URL.Path, Lang: i18n.Match(c.GetHeader("Accept-Language"))}
	if l, ok := i18n.Parse(c.Query("lang")); ok {
		r.Lang = l
	}
	c.Set(requestKey, r)
}

func (w *Web) language(c *gin.Context, q url.Values) i18n.Lang {
	if l, ok := i18n.Parse(q.Get("lang")); ok && w.offered(l) {
		w.SetCookie(c, "lang", string(l), Year)
		return l
	}
	if l, ok := i18n.Parse(w.Cookie(c, "lang")); ok && w.offered(l) {
		return l
	}
	if l := i18n.Match(c.GetHeader("Accept-Language")); w.offered(l) {
		return l
	}
	return i18n.Hans
}

func (w *Web) care(c *gin.Context, q url.Values) string {
	if q.Has("care") {
		switch v := q.Get("care"); v {
		case "1", "max":
			w.SetCookie(c, "care", v, Year)
			return v
		case "0", "":
			w.SetCookie(c, "care", "", -1)
			return ""
		}
	}
	switch v := w.Cookie(c, "care"); v {
	case "1", "max":
		return v
	}
	return ""
}

// stand puts the reader at a place: a signed code or a division. Anything else
// changes nothing.
func (w *Web) stand(r *Request, p string) bool {
	if len(p) == qr.CodeLen {
		id, err := w.Codes.Verify(p)
		return err == nil && w.Stand(r, id, qr.Clean(p)) == nil // one spelling: what is counted by code is counted once
	}
	return len(p) == 12 && w.Stand(r, p, "") == nil
}

// Stand puts the reader at a division or location ID that the caller has
// verified, with the code that was scanned, if one was.
func (w *Web) Stand(r *Request, id, code string) error {
	spot, err := w.Places.Resolve(id)
	if err != nil {
		return err
	}
	r.Spot, r.Code = &spot, code
	return nil
}

// T says a message in the reader's language.
func (r *Request) T(key string, args ...any) string { return r.web.Words.T(r.Lang, key, args...) }

// Chain is the reader's division and the divisions that manage it; nil when the
// place is unknown.
func (r *Request) Chain() []string {
	if r.Spot == nil {
		return nil
	}
	return r.Spot.Chain
}

// Home is where the reader's start page is.
func (r *Request) Home() string {
	switch {
	case r.Code != "":
		return "/s/" + r.Code
	case r.Spot != nil:
		return "/?place=" + r.Spot.Division.Code
	}
	return "/"
}

// Office is the nearest office for a department ("" for the town's window); the
// county's when the place is unknown.
func (r *Request) Office(department string) (place.Office, bool) {
	a := r.web.Places.Atlas()
	at := a.Root().Code
	if r.Spot != nil {
		at = r.Spot.Division.Code
	}
	return a.Office(at, department)
}

// Frame is the page around a body, filled with what is known of the reader.
func (r *Request) Frame(title string, body any) frontend.Page {
	w := r.web
	p := frontend.Page{
		Lang: r.Lang, Care: r.Care, Title: title, Path: r.Path, Home: r.Home(),
		Hotline: w.Dial(), Host: cmp.Or(r.Host, w.Base.Host), Sample: w.Sample, Body: body, Draft: r.Draft,
	}
	office := w.Office()
	p.Filings, p.Languages, p.Colour = filings(office), w.Languages(), office.Colour
	if r.Draft != nil {
		p.Robots, p.Languages = "noindex,nofollow", []string{string(r.Lang)}
	}
	if o, ok := r.Office(""); ok {
		p.Office = frontend.Office{Name: o.Name.In(r.Lang), Phone: o.Phone}
	}
	a := w.Places.Atlas()
	p.Issuer = Said(office.Issuer, r.Lang)
	if o, ok := a.Office(a.Root().Code, "civil_affairs"); ok && p.Issuer == "" {
		p.Issuer = o.Name.In(r.Lang)
	}
	if s := r.Spot; s != nil {
		head := &frontend.PlaceHead{Name: s.Division.Name, Town: a.Names(r.Lang, s.Division.Parent)}
		if s.Location != nil {
			head.Number = s.Location.Number
		}
		p.Place = head
	}
	return p
}

// cleanPath is the address for links that change language or mode.
func cleanPath(u *url.URL) string {
	q := u.Query()
	for _, k := range []string{"lang", "care", "place"} {
		q.Del(k)
	}
	p := "/" + strings.TrimLeft(u.EscapedPath(), "/") // "//evil.example" would lead away from here
	if s := q.Encode(); s != "" && len(s) <= 512 {
		p += "?" + s
	}
	return p
}

// Clean makes text from outside safe to keep and show: valid UTF-8, no NUL and
// no control characters but tab and line ends.
func Clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	return strings.Map(func(c rune) rune {
		if c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
			return -1
		}
		return c
	}, strings.ReplaceAll(s, "\r\n", "\n"))
}

// Query returns one query value, cleaned and trimmed.
func Query(c *gin.Context, key string) string {
	return strings.TrimSpace(Clean(c.Query(key)))
}

// Form reads a posted form within the route's size limit. All values are
// cleaned; files of a multipart form are in c.Request.MultipartForm.
func Form(c *gin.Context) (url.Values, error) {
	req := c.Request
	var err error
	if strings.HasPrefix(req.Header.Get("Content-Type"), "multipart/form-data") {
		err = req.ParseMultipartForm(1 << 20)
	} else {
		err = req.ParseForm()
	}
	if err != nil {
		if p := asProblem(err); p != nil {
			return nil, p
		}
		return nil, &problem.Error{Kind: problem.Malformed, Key: "error.malformed", Err: err}
	}
	out := make(url.Values, len(req.PostForm))
	for k, vs := range req.PostForm {
		for _, v := range vs {
			out.Add(Clean(k), Clean(v))
		}
	}
	return out, nil
}

const bodyKey = "web.body"

// Limit lets a request body have at most n bytes; a longer one is TooLarge. The
// innermost limit of a route holds, so that one that takes pictures can raise it.
func Limit(n int64) gin.HandlerFunc {
	return func(c *gin.Context) {
		whole := c.Request.Body
		if v, ok := c.Get(bodyKey); ok {
			whole = v.(io.ReadCloser)
		}
		c.Set(bodyKey, whole)
		c.Request.Body = http.MaxBytesReader(c.Writer, whole, n)
	}
}
