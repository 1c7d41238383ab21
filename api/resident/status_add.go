package resident

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"mashang/aid/cases"
	"mashang/api/web"
	"mashang/platform/problem"
)

const (
	noteBytes  = 16 << 10 // of the words beside the photos
	noteLength = 2000
	mostAdded  = 12
)

type addView struct {
	Heading  string
	Problems []issue
	Asked    []string
	By       time.Time
	Action   string
	Back     string
	Papers   []string // photos that have arrived; their ids travel with the form
	Files    field
	Note     field
}

// added is what a posted supplement holds.
type added struct {
	note   string
	papers []string // ids of photos that are kept
	wrong  error    // what happened to the photo that is not
	status int
}

// statusAdd asks for what the office says is missing.
func (p *Pages) statusAdd(c *gin.Context) error {
	v, err := p.asked(c)
	if err != nil || v.Token == "" {
		return err
	}
	return p.addPage(c, http.StatusOK, v, added{}, nil)
}

// asked is the case of the link, when something is asked of its holder; else the browser is sent to the case itself
// and the view comes back empty.
func (p *Pages) asked(c *gin.Context) (cases.View, error) {
	v, err := p.Cases.ByToken(c.Request.Context(), c.Param("token"))
	if err != nil {
		return cases.View{}, wrap("supplement", err)
	}
	if len(v.Asked) == 0 {
		return cases.View{}, p.Web.Redirect(c, "/status/"+url.PathEscape(c.Param("token")))
	}
	return v, nil
}

// statusAddDo takes photos and words. A photo that cannot be read stops nothing that came with it: the others are
// kept, and the page says which one to send again.
func (p *Pages) statusAddDo(c *gin.Context) error {
	v, err := p.asked(c)
	if err != nil || v.Token == "" {
		return err
	}
	if err := p.Web.Allow(c, "added:"+web.ClientAddress(c), uploadsAHour, time.Hour); err != nil {
		return err
	}
	r := web.From(c)
	in, err := p.readAdded(c)
	if err != nil {
		return err
	}
	wrong := map[string]string{}
	switch {
	case in.wrong != nil:
		wrong["file"] = photoWrong(r, in.wrong)
	case utf8.RuneCountInString(in.note) > noteLength:
		wrong["note"], in.status = r.T("form.error.long", "max", noteLength, "n", utf8.RuneCountInString(in.note)), http.StatusUnprocessableEntity
	case len(in.papers) == 0 && strings.TrimSpace(in.note) == "":
		wrong["file"], in.status = r.T("receipt.add.none"), http.StatusUnprocessableEntity
	}
	if len(wrong) > 0 {
		return p.addPage(c, in.status, v, in, wrong)
	}
	if _, err := p.Desk.Supplement(c.Request.Context(), v.Token, in.note, in.papers); err != nil {
		if e := invalid(err); e != nil {
			in.papers = nil
			return p.addPage(c, e.Kind.Status(), v, in, map[string]string{"file": say(r, e.Key, e.Args)})
		}
		return wrap("supplement", err)
	}
	return p.Web.Redirect(c, "/status/"+v.Token)
}

// readAdded reads the form as it comes and keeps each photo at once.
func (p *Pages) readAdded(c *gin.Context) (added, error) {
	var in added
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
			if err := p.takeAdded(c, part, &in); err != nil {
				return in, err
			}
		case part.FormName() == "paper":
			if id := partText(part); id != "" && len(in.papers) < mostAdded {
				in.papers = append(in.papers, id)
			}
		case part.FormName() == "note":
			in.note = partText(part)
		}
	}
}

func (p *Pages) takeAdded(c *gin.Context, part *multipart.Part, in *added) error {
	if len(in.papers) >= mostAdded {
		return nil
	}
	// A form may bring a dozen photos, so photos are counted, not forms. What was typed is kept.
	if err := p.Web.Allow(c, "paper:"+web.ClientAddress(c), uploadsAHour, time.Hour); err != nil {
		in.wrong, in.status = err, photoStatus(err)
		_, err = io.Copy(io.Discard, part)
		return err
	}
	paper, err := p.Desk.TakePaper(c.Request.Context(), "supplement", part)
	if err == nil {
		in.papers = append(in.papers, paper.ID)
		return nil
	}
	if in.wrong, in.status = err, photoStatus(err); in.status == 0 {
		return wrap("supplement", err)
	}
	_, err = io.Copy(io.Discard, part) // what follows it in the form is still to be read
	return err
}

func partText(part *multipart.Part) string {
	b, err := io.ReadAll(io.LimitReader(part, noteBytes))
	if err != nil {
		return ""
	}
	return web.Clean(string(b))
}

func (p *Pages) addPage(c *gin.Context, status int, v cases.View, in added, wrong map[string]string) error {
	r := web.From(c)
	back := "/status/" + v.Token
	b := addView{Asked: v.Asked, By: v.AskedBy, Action: back + "/add", Back: back, Papers: slices.Clone(in.papers)}
	b.Files = field{ID: fieldID("file"), Name: "file", Label: r.T("door.papers.take"), Help: r.T("receipt.add.files")}
	b.Note = field{Kind: "long", ID: fieldID("note"), Name: "note", Label: r.T("receipt.add.note"), Value: in.note, Optional: true}
	b.Files.wrong(&b.Problems, wrong["file"])
	b.Note.wrong(&b.Problems, wrong["note"])
	b.Heading = r.T("door.problems", "n", len(b.Problems))
	return p.page(c, status, "status-add", r.T("receipt.add"), b)
}
