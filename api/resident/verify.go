package resident

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/text"
	"mashang/qr"
)

// verifyBody helps somebody before a poster to see whether it is genuine.
type verifyBody struct {
	Query   string
	Genuine *poster  // the signed code that was scanned or typed
	Typed   bool     // the code was typed here, not scanned
	Posters []poster // those that carry the number
	Fake    bool     // a code that nobody signed
	Strange bool     // an address of somebody else
	None    bool     // a number nobody has
}

// poster is where one should hang.
type poster struct {
	Name          i18n.Text
	Where         string
	Number, State string
	To            string // its village
}

const maxPosters = 20

// verify looks up a poster by number or code; after a scan it shows the one
// that was scanned.
func (p *Pages) verify(c *gin.Context) error {
	r, a := web.From(c), p.Web.Places.Atlas()
	b := verifyBody{Query: text.Cut(web.Query(c, "n"), 120)}
	status := http.StatusOK
	typed, strange := printed(text.Fold(b.Query), p.Web.Base.Host)
	switch code := qr.Clean(typed); {
	case strange:
		b.Fake, b.Strange, status = true, true, http.StatusNotFound
	case b.Query == "":
		if r.Spot != nil && r.Code != "" {
			if id, err := p.Web.Codes.Verify(r.Code); err == nil {
				b.Genuine = p.poster(a, r, id)
			}
		}
	case len(code) == qr.CodeLen:
		b.Typed = true
		if id, err := p.Web.Codes.Verify(code); err == nil {
			b.Genuine = p.poster(a, r, id)
		}
		if b.Genuine == nil {
			b.Fake, status = true, http.StatusNotFound
		}
	case isNumber(typed):
		for _, l := range p.numbered(a, typed) {
			if len(b.Posters) < maxPosters {
				b.Posters = append(b.Posters, *p.poster(a, r, l.ID))
			}
		}
	}
	if b.Query != "" && b.Genuine == nil && !b.Fake && len(b.Posters) == 0 {
		b.None, status = true, http.StatusNotFound
	}
	return p.Web.Render(c, status, "verify", r.T("verify.title"), b)
}

// printed takes the code out of an address that was copied whole; strange is one that is not the portal's.
func printed(typed, host string) (code string, strange bool) {
	_, rest, scheme := strings.Cut(typed, "://")
	if !scheme {
		rest = typed
	}
	at, path, _ := strings.Cut(rest, "/")
	switch {
	case at == strings.ToLower(host):
		code, _, _ = strings.Cut(strings.TrimPrefix(path, "s/"), "?")
		return code, false
	case scheme, rest != at && strings.ContainsAny(at, ".:"):
		return typed, true
	}
	return typed, false
}

func (p *Pages) poster(a *place.Atlas, r *web.Request, id string) *poster {
	l, ok := a.Location(id)
	if !ok {
		return nil
	}
	out := &poster{Name: l.Name, Number: l.Number, State: l.State, Where: a.Names(r.Lang, l.Division)}
	if _, ok := a.Division(l.Division); ok {
		out.To = villageURL(l.Division, "")
	}
	return out
}
