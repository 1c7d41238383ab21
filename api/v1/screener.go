package v1

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/policy"
	"mashang/aid/policy/screen"
	"mashang/api/web"
	"mashang/platform/problem"
)

const (
	screensAMinute = 600 // one address: a village hall's, or a program's that tries its own families
	mostMembers    = 30
)

type screenQuery struct {
	Place     string            `json:"place"`
	Standards *screen.Assumed   `json:"standards"`
	Household *screen.Household `json:"household"`
}

type screenReply struct {
	Programmes []screenLine `json:"programmes"`
}

type screenLine struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Verdict string    `json:"verdict"`
	Because []because `json:"because"`
}

type because struct {
	Document string `json:"document"`
	Article  string `json:"article"`
	Title    string `json:"title"`
	Text     string `json:"text"`
}

// screener tells what a family may ask for. Nothing of it is kept or logged.
func (a *API) screener(c *gin.Context) error {
	var in screenQuery
	if err := read(c, &in); err != nil {
		return err
	}
	if in.Household == nil || len(in.Household.Members) == 0 {
		return problem.Field("household", "screener.household.missing")
	}
	if len(in.Household.Members) > mostMembers {
		return problem.Field("household", "screener.household.many")
	}
	if err := a.limit(c, "screener", screensAMinute, time.Minute); err != nil {
		return err
	}
	spot, _, err := a.spot(in.Place)
	if err != nil {
		return err
	}
	family := a.Screener.Family(*in.Household)
	shelf, now := a.Library.Shelf(), a.Web.Now()
	var st screen.Standards
	switch {
	case in.Standards != nil:
		st = in.Standards.Standards()
	case spot != nil:
		st = screen.Of(shelf, spot.Chain, family.Urban, now)
	}
	verdicts, err := a.Screener.Judge(c.Request.Context(), family, st)
	if err != nil {
		return err
	}
	r := web.From(c)
	out := screenReply{Programmes: []screenLine{}}
	for _, v := range verdicts {
		g, ok := shelf.Programme(v.Programme)
		if !ok {
			continue // this county does not offer it
		}
		out.Programmes = append(out.Programmes, screenLine{ID: g.ID, Name: g.Name.In(r.Lang), Verdict: v.Verdict, Because: reasons(r, shelf, g, v, now)})
	}
	return reply(c, http.StatusOK, out)
}

// reasons names the article of each reason while it may be cited; where the
// rule's own may not, or no document gives it, the programme's first basis does.
func reasons(r *web.Request, shelf *policy.Shelf, g policy.Programme, v screen.Verdict, now time.Time) []because {
	var out []because
	for _, b := range v.Because {
		line := because{Text: b.Text.In(r.Lang)}
		for _, cite := range append([]policy.Cite{b.Cite}, g.Legal...) {
			if cite.Document == "" {
				continue
			}
			if d, _, ok := shelf.Cited(cite, now); ok {
				line.Document, line.Article, line.Title = d.ID, cite.Article, d.Title
				break
			}
		}
		out = append(out, line)
	}
	return out
}
