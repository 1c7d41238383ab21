package arrive

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/frontend"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/text"
)

// homeBody lets a reader choose a village: by name, by poster number, by town.
type homeBody struct {
	Query    string
	Next     string // where choosing leads, "" for the village's own page
	Unknown  bool   // the village asked for does not exist
	Searched bool
	Found    []homeHit
	More     bool
	Here     *homeHit // the village known from before
	Towns    []homeTown
}

type homeTown struct {
	Name     i18n.Text
	Villages []homeHit
}

type homeHit struct {
	Name   i18n.Text
	Town   string
	Number string
	To     string
}

const maxHits = 30

// home is the chooser; with ?place= it is the page of that village, or leads on
// to ?next=.
func (p *Room) home(c *gin.Context) error {
	r, next := web.From(c), ""
	if n := web.Query(c, "next"); n != "" {
		if next = web.Local(n); next == "/" {
			next = ""
		}
	}
	asked := c.Query("place") != ""
	if asked && r.Spot != nil {
		if next != "" {
			return p.Web.Redirect(c, next)
		}
		r.Path = r.Home()
		return p.Web.RenderReady(c, "landing", p.PlacesVersion(), func() (frontend.Page, error) {
			return p.landingPage(r), nil
		})
	}
	b := homeBody{Query: web.Query(c, "q"), Next: next, Unknown: asked}
	if b.Query != "" {
		return p.homeFound(c, r, b)
	}
	if r.Spot != nil && next == "" {
		b.Here = &homeHit{Name: r.Spot.Division.Name, Town: p.townOf(r.Lang, r.Spot.Division), To: r.Home()}
	}
	return p.Web.RenderReady(c, "home", p.PlacesVersion()+strconv.FormatBool(asked), func() (frontend.Page, error) {
		a := p.Web.Places.Atlas()
		b.Towns = p.townGroups(a, r.Lang, a.Root().Code, next)
		return p.homeFrame(r, b), nil
	})
}

// homeFound shows what a search found. Numbers lead to a village, never to a
// code: who has no poster before them cannot get one here.
func (p *Room) homeFound(c *gin.Context, r *web.Request, b homeBody) error {
	if len([]rune(b.Query)) > 40 {
		return problem.New(problem.Malformed, "home.long")
	}
	b.Searched = true
	a := p.Web.Places.Atlas()
	want := strings.TrimSpace(text.Fold(b.Query))
	for _, v := range a.Villages() {
		if !matches(v.Name, want) && !slices.ContainsFunc(a.FormerNames(v.Code), func(n i18n.Text) bool { return matches(n, want) }) {
			continue
		}
		if len(b.Found) == maxHits {
			b.More = true
			break
		}
		b.Found = append(b.Found, homeHit{Name: v.Name, Town: p.townOf(r.Lang, v), To: frame.VillageURL(v.Code, b.Next)})
	}
	if frame.IsNumber(want) {
		b.Found = append(b.Found, p.byNumber(a, r.Lang, want, b.Next)...)
	}
	status := http.StatusOK
	if len(b.Found) == 0 {
		status = http.StatusNotFound
	}
	return p.Web.RenderPage(c, status, "home", p.homeFrame(r, b))
}

func (p *Room) homeFrame(r *web.Request, b homeBody) frontend.Page {
	f := r.Frame(r.T("home.title"), b)
	f.Place = &frontend.PlaceHead{Hidden: true}
	return f
}

// townGroups lists every division that manages villages, with them.
func (p *Room) townGroups(a *place.Atlas, l i18n.Lang, code, next string) []homeTown {
	var out []homeTown
	var here homeTown
	for _, d := range a.Children(code) {
		if d.Level == place.Village {
			here.Villages = append(here.Villages, homeHit{Name: d.Name, To: frame.VillageURL(d.Code, next)})
			continue
		}
		out = append(out, p.townGroups(a, l, d.Code, next)...)
	}
	if len(here.Villages) > 0 {
		d, _ := a.Division(code)
		here.Name = d.Name
		out = append([]homeTown{here}, out...)
	}
	return out
}

func (p *Room) byNumber(a *place.Atlas, l i18n.Lang, number, next string) []homeHit {
	var out []homeHit
	for _, loc := range p.Numbered(a, number) {
		d, ok := a.Division(loc.Division)
		if !ok {
			continue
		}
		out = append(out, homeHit{Name: loc.Name, Number: loc.Number, Town: a.Names(l, d.Parent), To: frame.VillageURL(d.Code, next)})
	}
	return out
}

func (p *Room) townOf(l i18n.Lang, d place.Division) string {
	return p.Web.Places.Atlas().Names(l, d.Parent)
}

func matches(name i18n.Text, want string) bool {
	for _, s := range []string{name.Hans, name.Hant, name.En} {
		if s != "" && want != "" && strings.Contains(text.Fold(s), want) {
			return true
		}
	}
	return false
}
