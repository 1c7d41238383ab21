package words

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/policy/gaps"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/text"
)

// longest is how long what is said of a gap may be, and for how long it may rest.
const (
	longest = 200
	maxRest = 366 * 24 * time.Hour
)

func (p *Room) oneGap(c *gin.Context, name string) (gaps.Gap, error) {
	all, err := p.Gaps.All(c.Request.Context())
	if err != nil {
		return gaps.Gap{}, err
	}
	for _, g := range all {
		if g.Name == name {
			return g, nil
		}
	}
	return gaps.Gap{}, problem.New(problem.Gone, "words.gap.gone")
}

// gap asks what is to be noted of a gap: that somebody was asked, or that it rests.
func (p *Room) gap(c *gin.Context) error {
	g, err := p.oneGap(c, web.Query(c, "name"))
	if err != nil {
		return err
	}
	form := url.Values{"asked": {frame.ISO(g.Asked)}, "of": {g.AskedOf}, "until": {""}, "reason": {g.Reason}}
	if g.Rests(p.Web.Now()) {
		form.Set("until", frame.ISO(g.Until))
	}
	return p.gapForm(c, http.StatusOK, g, form, nil)
}

func (p *Room) gapForm(c *gin.Context, status int, g gaps.Gap, form url.Values, wrong map[string]string) error {
	r := web.From(c)
	name, phone := p.knows(r, g)
	v := frame.Form{Shell: p.Shell(c, "/gaps"), Title: g.Title.In(r.Lang), Intro: p.missing(r, g), Action: frame.Root + "/gaps/one", Submit: r.T("words.gap.keep"), Cancel: frame.Root + "/gaps",
		Hidden: map[string]string{"name": g.Name}}
	v.Shell.Crumb("", r.T("words.gap.note"))
	if name != "" {
		v.Notes = append(v.Notes, r.T("words.gap.who")+frame.Dot(r)+strings.TrimSpace(name+" "+phone))
	}
	fields := []frame.Field{frame.Date(r, "asked", "words.gap.asked.on", form.Get("asked")), frame.Line(r, "of", "words.gap.asked.of", form.Get("of")),
		frame.Date(r, "until", "words.gap.until", form.Get("until")), frame.Line(r, "reason", "words.gap.reason", form.Get("reason"))}
	for i := range fields {
		fields[i].Optional = true
		if said := wrong[fields[i].Name]; said != "" {
			fields[i].Wrong(&v.Problems, r.T(said))
		}
	}
	v.Sections = []frame.Section{{Title: r.T("words.gap.asked.title"), Help: r.T("words.gap.asked.help"), Fields: fields[:2]}, {Title: r.T("words.gap.rest.title"), Help: r.T("words.gap.rest.help"), Fields: fields[2:]}}
	return p.Page(c, status, "console-form", v.Title, v)
}

// settle keeps what is said of a gap. Empty fields take back what was said.
func (p *Room) settle(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	g, err := p.oneGap(c, form.Get("name"))
	if err != nil {
		return err
	}
	n, wrong := p.noted(form)
	if len(wrong) > 0 {
		return p.gapForm(c, http.StatusUnprocessableEntity, g, form, wrong)
	}
	n.By = frame.Account(c).Name
	ctx, deed, flash := c.Request.Context(), "gap-asked", "words.gap.kept"
	switch {
	case !n.Until.IsZero():
		deed, flash = "gap-rest", "words.gap.resting"
	case n.Asked.IsZero():
		deed, n.By = "gap-clear", ""
	}
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := p.Gaps.Say(ctx, q, g.Name, n); err != nil {
			return err
		}
		return p.Note(c, q, deed, g.Name, frame.ISO(n.Until))
	})
	if err != nil {
		return err
	}
	if !n.Until.IsZero() {
		p.FlashUndo(c, flash, "/gaps/again", map[string]string{"name": g.Name}, "day", i18n.Date(web.From(c).Lang, n.Until))
	} else {
		p.Flash(c, flash)
	}
	return p.Web.Redirect(c, frame.Root+"/gaps")
}

// noted reads the form and says by field what is wrong with it.
func (p *Room) noted(form url.Values) (gaps.Note, map[string]string) {
	n := gaps.Note{AskedOf: text.Clean(form.Get("of")), Reason: text.Clean(form.Get("reason"))}
	wrong, now := map[string]string{}, p.Web.Now()
	if s := strings.TrimSpace(form.Get("asked")); s != "" {
		var ok bool
		if n.Asked, ok = frame.ParseDay(s); !ok || n.Asked.After(now) {
			wrong["asked"] = "words.gap.asked.wrong"
		}
	}
	if s := strings.TrimSpace(form.Get("until")); s != "" {
		var ok bool
		if n.Until, ok = frame.ParseDay(s); !ok || !n.Until.After(now) || n.Until.After(now.Add(maxRest)) {
			wrong["until"] = "words.gap.until.wrong"
		}
		if n.Reason == "" {
			wrong["reason"] = "words.gap.reason.missing"
		}
	}
	if n.AskedOf != "" && n.Asked.IsZero() && wrong["asked"] == "" {
		wrong["asked"] = "words.gap.asked.missing"
	}
	if text.Len(n.AskedOf) > longest {
		wrong["of"] = "words.gap.long"
	}
	if text.Len(n.Reason) > longest {
		wrong["reason"] = "words.gap.long"
	}
	return n, wrong
}

// again brings a resting gap back onto the list.
func (p *Room) again(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	g, err := p.oneGap(c, form.Get("name"))
	if err != nil {
		return err
	}
	n, ctx := g.Note, c.Request.Context()
	n.Until, n.Reason = time.Time{}, ""
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := p.Gaps.Say(ctx, q, g.Name, n); err != nil {
			return err
		}
		return p.Note(c, q, "gap-again", g.Name, "")
	})
	if err != nil {
		return err
	}
	p.Flash(c, "words.gap.back")
	return p.Web.Redirect(c, frame.Root+"/gaps")
}
