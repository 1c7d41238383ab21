package content

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/policy"
	"mashang/aid/policy/listen"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/review"
)

// listenPage shows what the office has read out of a programme, and takes another recording.
func (p *Room) listenPage(c *gin.Context) error {
	return p.listenForm(c, http.StatusOK, url.Values{}, nil)
}

func (p *Room) listenForm(c *gin.Context, status int, form url.Values, wrong *problem.Error) error {
	r := web.From(c)
	g, ok := p.Library.Shelf().Programme(c.Param("id"))
	if !ok {
		return problem.New(problem.Missing, "problem.missing")
	}
	at := frame.Root + "/policies/" + g.ID
	v := frame.Form{Shell: p.Shell(c, "/policies"), Title: r.T("listen.title", "name", g.Name.In(r.Lang)), Intro: r.T("listen.intro"), Action: at + "/listen", Cancel: at,
		Submit: r.T("content.review.propose"), Multipart: true}
	v.Shell.Crumb(at, g.Name.In(r.Lang))
	all, err := p.Recordings.All(c.Request.Context(), g.ID)
	if err != nil {
		return err
	}
	for _, one := range all {
		v.Notes = append(v.Notes, r.T("listen.has", "section", sectionTitle(r, g, one.Section), "lang", r.T("listen.lang."+one.Lang), "size", strconv.FormatInt((one.Size+1023)/1024, 10)))
	}
	var sections, langs []frame.Option
	for _, s := range g.Sections {
		sections = append(sections, frame.Option{Value: s.Key, Label: s.Title.In(r.Lang)})
	}
	for _, l := range i18n.Langs() {
		langs = append(langs, frame.Option{Value: string(l), Label: r.T("listen.lang." + string(l))})
	}
	file := frame.File(r, "file", "listen.file", ".mp3,.ogg,.m4a,audio/*")
	file.Help, file.Optional = r.T("listen.file.help"), true
	gone := frame.Tick(r, "gone", "listen.gone", form.Get("gone") != "")
	why := frame.Long(r, "why", "content.review.why", form.Get("why"))
	why.Optional = true
	if wrong != nil {
		file.Wrong(&v.Problems, p.Web.Tell(c, wrong).What)
	}
	v.Sections = []frame.Section{{Title: r.T("listen.which"), Fields: []frame.Field{frame.Select(r, "section", "listen.part", form.Get("section"), true, sections), frame.Select(r, "lang", "listen.language", form.Get("lang"), true, langs), file, gone}},
		{Title: r.T("content.review"), Help: r.T("content.review.second"), Fields: []frame.Field{why}}}
	return p.Page(c, status, "console-form", v.Title, v)
}

func sectionTitle(r *web.Request, g policy.Programme, key string) string {
	for _, s := range g.Sections {
		if s.Key == key {
			return s.Title.In(r.Lang)
		}
	}
	return key
}

// listenPropose files a recording, or that one is to go, for a second person.
func (p *Room) listenPropose(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	r, ctx := web.From(c), c.Request.Context()
	g, ok := p.Library.Shelf().Programme(c.Param("id"))
	if !ok {
		return problem.New(problem.Missing, "problem.missing")
	}
	one := listen.Recording{Programme: g.ID, Section: form.Get("section"), Lang: form.Get("lang")}
	if form.Get("gone") == "" {
		one, err = p.bringSound(c, one)
	} else {
		err = p.Recordings.Knows(one)
	}
	var wrong *problem.Error
	if errors.As(err, &wrong) && wrong.Kind.Status() < http.StatusInternalServerError {
		return p.listenForm(c, wrong.Kind.Status(), form, wrong)
	}
	if err != nil {
		return err
	}
	raw, err := json.Marshal(one)
	if err != nil {
		return err
	}
	change, err := p.Review.Propose(ctx, review.Change{Kind: listen.Kind, Object: one.Key(), After: raw, Why: form.Get("why"), By: frame.Account(c).Name,
		Title: r.T("listen.title", "name", g.Name.In(r.Lang)) + frame.Dot(r) + sectionTitle(r, g, one.Section) + frame.Dot(r) + r.T("listen.lang."+one.Lang)})
	if errors.As(err, &wrong) && wrong.Kind.Status() < http.StatusInternalServerError {
		return p.listenForm(c, wrong.Kind.Status(), form, wrong)
	}
	if err != nil {
		return err
	}
	p.Flash(c, "content.review.proposed")
	return p.Web.Redirect(c, frame.Root+"/review/"+change.ID)
}

func (p *Room) bringSound(c *gin.Context, one listen.Recording) (listen.Recording, error) {
	h, err := c.FormFile("file")
	if err != nil || h.Size == 0 {
		return one, problem.New(problem.Invalid, "listen.none")
	}
	f, err := h.Open()
	if err != nil {
		return one, err
	}
	defer f.Close()
	return p.Recordings.Bring(c.Request.Context(), one, f)
}

// sound plays what a change would publish.
func (p *Room) sound(c *gin.Context) error {
	one, err := p.Review.Find(c.Request.Context(), c.Param("id"))
	if err != nil {
		return err
	}
	if one.Kind != listen.Kind || p.Recordings == nil {
		return problem.New(problem.Missing, "listen.missing")
	}
	leave, err := p.Web.Seat(c)
	if err != nil {
		return err
	}
	defer leave()
	r, sound, err := p.Recordings.Brought(c.Request.Context(), one.After)
	if err != nil {
		return err
	}
	c.Header("Content-Type", r.Mime)
	http.ServeContent(c.Writer, c.Request, "", time.Time{}, bytes.NewReader(sound))
	return nil
}
