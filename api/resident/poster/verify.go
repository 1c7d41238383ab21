package poster

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/text"
	"mashang/qr"
)

// verifyBody helps somebody before a poster to see whether it is genuine.
type verifyBody struct {
	Query   string
	Hosts   []string // every address of ours; Seen is the one the phone shows
	Seen    string
	Genuine *poster  // the signed code that was scanned or typed
	Typed   bool     // the code was typed here, not scanned
	Posters []poster // those that carry the number
	Fake    bool     // a code that nobody signed
	Strange string   // an address of somebody else; Through when this very page came by way of it
	Through bool
	None    bool   // a number nobody has
	Report  string // where to say that something is wrong
}

// poster is where one should hang. Mood is its state, or reported while somebody looks into a report of it.
type poster struct {
	Name         i18n.Text
	Where        string
	Number, Mood string
	Hung         place.Day
	Seen         *inspected // nil when nobody has looked yet
	Now          *poster    // where it hangs since it moved
	To           string     // its village
	Report       string
}

// inspected is what the last inspection found.
type inspected struct {
	Day, What string
	Fine      bool
}

const (
	maxPosters = 20
	reported   = "reported"
)

// verify looks up a poster by number or code; after a scan it shows the one
// that was scanned.
func (p *Room) verify(c *gin.Context) error {
	r, a := web.From(c), p.Web.Places.Atlas()
	b := verifyBody{Query: text.Cut(web.Query(c, "n"), 120), Hosts: p.Web.Hosts(), Seen: r.Host, Report: "/report"}
	status := http.StatusOK
	typed, strange := p.printed(text.Fold(b.Query))
	id := ""
	switch code := qr.Clean(typed); {
	case strange != "":
		b.Fake, b.Strange = true, strange
	case b.Query == "" && foreign(c.Request.Host, p.Web.Official):
		b.Fake, b.Through, b.Strange = true, true, c.Request.Host
	case b.Query == "":
		if r.Spot != nil && r.Code != "" {
			id, _ = p.Web.Codes.Verify(r.Code)
		}
	case len(code) == qr.CodeLen:
		b.Typed = true
		var err error
		if id, err = p.Web.Codes.Verify(code); err != nil {
			b.Fake = true
		}
	case frame.IsNumber(typed):
		for _, l := range p.Numbered(a, typed) {
			if len(b.Posters) == maxPosters {
				break
			}
			one, err := p.poster(c, a, l)
			if err != nil {
				return err
			}
			b.Posters = append(b.Posters, *one)
		}
	}
	if l, ok := a.Location(id); ok {
		var err error
		if b.Genuine, err = p.poster(c, a, l); err != nil {
			return err
		}
		b.Report = b.Genuine.Report
	} else if b.Typed {
		b.Fake = true // signed, and of no poster that hangs
	}
	if b.Query != "" && b.Genuine == nil && !b.Fake && len(b.Posters) == 0 {
		b.None = true
	}
	if b.Fake || b.None {
		status = http.StatusNotFound
		b.Report = "/report?" + url.Values{"n": {b.Query}, "what": {"address"}}.Encode()
	}
	return p.Web.Render(c, status, "verify", r.T("verify.title"), b)
}

// printed takes the code out of an address that was copied whole; strange is the host of one that is not ours.
func (p *Room) printed(typed string) (code, strange string) {
	_, rest, scheme := strings.Cut(typed, "://")
	if !scheme {
		rest = typed
	}
	at, path, _ := strings.Cut(rest, "/")
	switch {
	case p.Web.Official(at):
		code, _, _ = strings.Cut(strings.TrimPrefix(path, "s/"), "?")
		return code, ""
	case scheme, rest != at && strings.ContainsAny(at, ".:"):
		return typed, at
	}
	return typed, ""
}

// foreign reports whether a request came by way of somebody else's name: a page that passes ours on under an address of
// its own. A bare machine name or number is a proxy of ours that keeps the name to itself.
func foreign(host string, official func(string) bool) bool {
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	if official(host) {
		return false
	}
	name, _, _ = strings.Cut(name, ":")
	_, err := netip.ParseAddr(strings.Trim(name, "[]"))
	dot := strings.LastIndexByte(name, '.')
	return err != nil && dot > 0 && !strings.Contains(" .local .internal .lan .localhost ", " "+name[dot:]+" ")
}

// poster is a location as somebody before it may know it.
func (p *Room) poster(c *gin.Context, a *place.Atlas, l place.Location) (*poster, error) {
	r, ctx := web.From(c), c.Request.Context()
	out := &poster{Name: l.Name, Number: l.Number, Mood: l.State, Where: a.Names(r.Lang, l.Division), Hung: l.Hung}
	out.Report = "/report?code=" + p.Web.Codes.Code(l.ID)
	if _, ok := a.Division(l.Division); ok {
		out.To = frame.VillageURL(l.Division, "")
	}
	if now, ok := a.Location(l.MovedTo); ok && l.State == place.Moved {
		out.Now = &poster{Name: now.Name, Number: now.Number, Where: a.Names(r.Lang, now.Division)}
		if _, ok := a.Division(now.Division); ok {
			out.To = frame.VillageURL(now.Division, "")
		}
	}
	if l.State != place.Active {
		return out, nil
	}
	if _, open, err := p.Cases.OpenPoster(ctx, p.Cases.DB, l.ID); err != nil {
		return nil, frame.Wrap("verify", err)
	} else if open {
		out.Mood = reported
	}
	if p.Rounds == nil {
		return out, nil
	}
	last, err := p.Rounds.Last(ctx, l.ID)
	if err != nil && !problem.Is(err, problem.Missing) {
		return nil, frame.Wrap("verify", err)
	}
	if err == nil {
		out.Seen = &inspected{Day: i18n.Date(r.Lang, last.At), What: r.T("verify.seen." + string(last.State)), Fine: last.State == "fine"}
	}
	return out, nil
}
