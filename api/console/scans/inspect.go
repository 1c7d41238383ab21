package scans

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"

	"github.com/gin-gonic/gin"

	"mashang/aid/cases"
	"mashang/aid/place"
	"mashang/aid/place/round"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/picture"
	"mashang/platform/problem"
	"mashang/platform/store"
)

type inspectView struct {
	frame.Shell
	Title        string
	Where        string
	Number       string
	Last         string
	Round        string // name
	Problems     []frame.Issue
	Heading      string
	Action, Once string
	RoundID      string
	States       []stateChoice
	Cancel       string
}

type stateChoice struct {
	Value, Label, Help string
	On                 bool
}

// inspectPage asks an inspector who stands before a poster what he sees.
func (p *Room) inspectPage(c *gin.Context) error {
	return p.inspectForm(c, http.StatusOK, c.Query("round"), "", rand.Text(), nil)
}

func (p *Room) inspectForm(c *gin.Context, status int, roundID, chosen, once string, wrong *problem.Error) error {
	r := web.From(c)
	l, err := p.mine(c, c.Param("location"))
	if err != nil {
		return err
	}
	v := inspectView{Shell: p.Shell(c, "/rounds"), Title: l.Name.In(r.Lang), Where: p.near(r, l.Division), Number: l.Number,
		Action: frame.Root + "/inspect/" + l.ID, Once: once, Cancel: frame.Root + "/rounds"}
	if roundID != "" {
		one, _, err := p.round(c, p.DB, roundID)
		if err != nil {
			return err
		}
		v.Round, v.RoundID, v.Cancel = one.Name, one.ID, frame.Root+"/rounds/"+one.ID
		v.Crumb(v.Cancel, one.Name)
	}
	v.Crumb("", v.Title)
	v.Last = r.T("rounds.last.never")
	last, err := p.Rounds.Last(c.Request.Context(), l.ID)
	switch {
	case err == nil:
		v.Last = r.T("rounds.last", "at", i18n.Date(r.Lang, last.At), "state", r.T("rounds.state."+string(last.State)))
	case !problem.Is(err, problem.Missing):
		return err
	}
	for _, s := range round.States() {
		v.States = append(v.States, stateChoice{string(s), r.T("rounds.state." + string(s)), r.T("rounds.state." + string(s) + ".help"), string(s) == chosen})
	}
	if wrong != nil {
		text := r.T(wrong.Key, argPairs(wrong.Args)...)
		id := "photo"
		if key := wrong.Fields["state"]; key != "" {
			text, id = r.T(key), "s-fine"
		}
		v.Problems = []frame.Issue{{ID: id, Text: text}}
	}
	c.Header("Permissions-Policy", "camera=(self), microphone=(), geolocation=(self)")
	return p.Page(c, status, "console-round-inspect", v.Title, v)
}

func argPairs(args map[string]string) []any {
	var out []any
	for k, v := range args {
		out = append(out, k, v)
	}
	return out
}

// inspect keeps what was found. A sticker over the code is fraud: it becomes a case in the same transaction.
func (p *Room) inspect(c *gin.Context) error {
	ctx := c.Request.Context()
	l, err := p.mine(c, c.Param("location"))
	if err != nil {
		return err
	}
	photo, taken, err := upload(c)
	if err != nil {
		return err
	}
	t := round.Tick{Once: c.PostForm("once"), Location: l.ID, Round: c.PostForm("round"), State: round.State(c.PostForm("state")),
		By: frame.Account(c).Name, Lat: c.PostForm("lat"), Lon: c.PostForm("lon")}
	if taken {
		defer photo.Close()
		t.Photo = photo
	}
	if t.Round != "" {
		if _, _, err := p.round(c, p.DB, t.Round); err != nil {
			return err
		}
	}
	filed := false
	one, err := p.Rounds.Tick(ctx, t, func(q store.Queryer, one round.Inspection) error {
		filed = false
		if one.State == round.Sticker {
			if err := p.fraud(c, q, l, one); err != nil {
				return err
			}
			filed = true
		}
		return p.Note(c, q, "poster-inspected", l.ID, string(one.State))
	})
	var wrong *problem.Error
	if errors.As(err, &wrong) && (wrong.Kind == problem.Invalid || wrong.Kind == problem.Unsupported || wrong.Kind == problem.TooLarge) {
		return p.inspectForm(c, wrong.Kind.Status(), t.Round, string(t.State), t.Once, wrong)
	}
	if err != nil {
		return err
	}
	if filed {
		p.Cases.Ring()
	}
	p.said(c, l, one)
	if t.Round != "" {
		return p.Web.Redirect(c, frame.Root+"/rounds/"+t.Round)
	}
	return p.Web.Redirect(c, frame.Root+"/inspect/"+l.ID)
}

// said tells what was kept, on the next page.
func (p *Room) said(c *gin.Context, l place.Location, one round.Inspection) {
	r := web.From(c)
	key := "rounds.done"
	switch {
	case one.State == round.Sticker:
		key = "rounds.done.sticker"
	case one.Away > 100:
		key = "rounds.done.away"
	}
	p.Flash(c, key, "name", l.Name.In(r.Lang), "state", r.T("rounds.state."+string(one.State)), "away", one.Away)
}

// fraud files the case about a code that is pasted over ours.
func (p *Room) fraud(c *gin.Context, q store.Queryer, l place.Location, one round.Inspection) error {
	a := p.Web.Places.Atlas()
	_, err := p.Cases.FilePoster(c.Request.Context(), q, cases.PosterReport{
		Location: l.ID, Number: l.Number, Division: l.Division, Scope: a.Chain(l.Division), What: cases.PosterSticker, From: "inspection",
		IdempotencyKey: "inspection " + one.ID,
	})
	return err
}

// upload opens the photo of the form; taken is false when there is none.
func upload(c *gin.Context) (photo multipart.File, taken bool, err error) {
	f, err := c.FormFile("photo")
	switch {
	case errors.Is(err, http.ErrMissingFile), errors.Is(err, http.ErrNotMultipart):
		return nil, false, nil
	case err != nil:
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return nil, false, picture.TooLarge()
		}
		return nil, false, &problem.Error{Kind: problem.Malformed, Key: "problem.invalid", Err: err}
	case f.Size == 0:
		return nil, false, nil
	}
	photo, err = f.Open()
	return photo, err == nil, err
}

// photo shows the picture of an inspection inside one's own division.
func (p *Room) photo(c *gin.Context) error {
	ctx := c.Request.Context()
	one, err := p.Rounds.Inspection(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	if _, err := p.mine(c, one.Location); err != nil {
		return err
	}
	in, err := p.Rounds.Photo(ctx, one.ID)
	if err != nil {
		return fmt.Errorf("console: photo: %w", err)
	}
	defer in.Close()
	c.Header("Content-Type", "image/jpeg")
	c.Header("Content-Disposition", "inline")
	c.Status(http.StatusOK)
	if _, err := io.Copy(c.Writer, in); err != nil {
		panic(http.ErrAbortHandler) // so that half a picture is not taken for one
	}
	return nil
}
