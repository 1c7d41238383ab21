package status

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"mashang/aid/cases"
	"mashang/api/resident/frame"
	"mashang/api/resident/photo"
	"mashang/api/web"
	"mashang/platform/problem"
)

const noteLength = 2000

type addView struct {
	Heading  string
	Problems []frame.Issue
	Asked    []string
	By       time.Time
	Action   string
	Back     string
	Papers   []string // photos that have arrived; their ids travel with the form
	Files    frame.Field
	Note     frame.Field
}

// add asks for what the office says is missing.
func (p *Room) add(c *gin.Context) error {
	v, err := p.asked(c)
	if err != nil || v.Token == "" {
		return err
	}
	return p.addPage(c, http.StatusOK, v, photo.Added{}, nil)
}

// asked is the case of the link, when something is asked of its holder, or may still follow; else the browser is sent to
// the case itself and the view comes back empty.
func (p *Room) asked(c *gin.Context) (cases.View, error) {
	v, err := p.Cases.ByToken(c.Request.Context(), c.Param("token"))
	if err != nil {
		return cases.View{}, frame.Wrap("supplement", err)
	}
	if len(v.Asked) == 0 && (v.Kind != cases.Application || v.Closed) {
		return cases.View{}, p.Web.Redirect(c, "/status/"+url.PathEscape(c.Param("token")))
	}
	return v, nil
}

// addDo takes photos and words. A photo that cannot be read stops nothing that came with it: the others are
// kept, and the page says which one to send again.
func (p *Room) addDo(c *gin.Context) error {
	v, err := p.asked(c)
	if err != nil || v.Token == "" {
		return err
	}
	if err := p.Web.Allow(c, "added:"+web.ClientAddress(c), photo.AnHour, time.Hour); err != nil {
		return err
	}
	r := web.From(c)
	in, err := p.readAdded(c)
	if err != nil {
		return err
	}
	wrong := map[string]string{}
	switch {
	case in.Wrong != nil:
		wrong["file"] = photo.Wrong(r, in.Wrong)
	case utf8.RuneCountInString(in.Note) > noteLength:
		wrong["note"], in.Status = r.T("form.error.long", "max", noteLength, "n", utf8.RuneCountInString(in.Note)), http.StatusUnprocessableEntity
	case len(in.Papers) == 0 && strings.TrimSpace(in.Note) == "":
		wrong["file"], in.Status = r.T("receipt.add.none"), http.StatusUnprocessableEntity
	}
	if len(wrong) > 0 {
		return p.addPage(c, in.Status, v, in, wrong)
	}
	if _, err := p.Desk.Supplement(c.Request.Context(), v.Token, in.Note, in.Papers); err != nil {
		if e := frame.Invalid(err); e != nil {
			in.Papers = nil
			return p.addPage(c, e.Kind.Status(), v, in, map[string]string{"file": frame.Say(r, e.Key, e.Args)})
		}
		return frame.Wrap("supplement", err)
	}
	return p.Web.Redirect(c, "/status/"+v.Token)
}

// readAdded reads the form as it comes and keeps each photo at once.
func (p *Room) readAdded(c *gin.Context) (photo.Added, error) {
	var in photo.Added
	parts, err := c.Request.MultipartReader()
	if err != nil {
		return in, &problem.Error{Kind: problem.Malformed, Key: "error.malformed", Err: err}
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return in, nil
		}
		if err != nil {
			return in, &problem.Error{Kind: problem.Malformed, Key: "door.papers.broken", Err: err}
		}
		switch {
		case part.FormName() == "file" && part.FileName() != "":
			if err := p.Photos.Take(c, part, &in); err != nil {
				return in, err
			}
		case part.FormName() == "paper":
			if id := photo.Text(part); id != "" && len(in.Papers) < photo.Most {
				in.Papers = append(in.Papers, id)
			}
		case part.FormName() == "note":
			in.Note = photo.Text(part)
		}
	}
}

func (p *Room) addPage(c *gin.Context, status int, v cases.View, in photo.Added, wrong map[string]string) error {
	r := web.From(c)
	back := "/status/" + v.Token
	b := addView{Asked: v.Asked, By: v.AskedBy, Action: back + "/add", Back: back, Papers: slices.Clone(in.Papers)}
	b.Files = frame.Field{ID: frame.FieldID("file"), Name: "file", Label: r.T("door.papers.take"), Help: r.T("receipt.add.files")}
	b.Note = frame.Field{Kind: "long", ID: frame.FieldID("note"), Name: "note", Label: r.T("receipt.add.note"), Value: in.Note, Optional: true}
	b.Files.Wrong(&b.Problems, wrong["file"])
	b.Note.Wrong(&b.Problems, wrong["note"])
	b.Heading = r.T("door.problems", "n", len(b.Problems))
	return p.Personal(c, status, "status-add", r.T("receipt.add"), b)
}
