package apply

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/apply/form"
	"mashang/api/resident/frame"
	"mashang/api/resident/photo"
	"mashang/api/web"
	"mashang/platform/problem"
)

const photoTime = 50 * time.Second

type papersView struct {
	sheet
	Wants []paperCard
}

type paperCard struct {
	ID, Kind, Label, Help, Error string
	Photos                       []picture
	Many                         int // how many, when there is more than one
	Add, Remove                  string
}

// picture is one paper; only a JPEG can be shown on every phone.
type picture struct {
	ID, Name, URL string
	File          string // what it is, when it is no JPEG
}

// papersPage shows one card for each kind of paper. wrong is what happened to the last upload, at its card.
func (p *Room) papersPage(c *gin.Context, status int, v work, page form.Page, kind, wrong string) error {
	r := web.From(c)
	s := p.sheet(c, v, page)
	s.Action = pageURL(v.Programme, page.Key)
	b := papersView{sheet: s}
	for _, w := range v.Wants {
		card := paperCard{ID: frame.FieldID(w.Key), Kind: w.Key, Label: p.say(r, v, w.Label), Remove: s.Action + "/remove"}
		if help := w.Label + ".help"; p.Web.Words.Has(help) {
			card.Help = p.say(r, v, help)
		}
		for _, one := range v.Papers {
			if one.Kind == w.Key && one.State == apply.PaperSaved {
				name := r.T("door.papers.which", "name", card.Label, "n", len(card.Photos)+1)
				x := picture{ID: one.ID, Name: name, URL: s.Action + "/photo/" + url.PathEscape(one.ID)}
				if one.MIME != "image/jpeg" {
					_, kind, _ := strings.Cut(one.MIME, "/")
					x.File = strings.ToUpper(kind)
				}
				card.Photos = append(card.Photos, x)
			}
		}
		if n := len(card.Photos); n > 1 {
			card.Many = n
		}
		if w.Max == 0 || len(card.Photos) < w.Max {
			card.Add = s.Action + "/add?kind=" + url.QueryEscape(w.Key)
		}
		if w.Key == kind && wrong != "" {
			card.Error = wrong
			b.Problems = append(b.Problems, frame.Issue{ID: card.ID + "-f", Text: card.Label + r.T("door.colon") + wrong})
		}
		b.Wants = append(b.Wants, card)
	}
	b.Heading = r.T("door.problems", "n", len(b.Problems))
	return p.applyFrame(c, status, "apply-papers", b.Title, b)
}

// paperDoor is the draft whose papers page was asked for.
func (p *Room) paperDoor(c *gin.Context) (holder, work, form.Page, error) {
	h, v, err := p.held(c)
	if err != nil {
		return h, v, form.Page{}, err
	}
	page, ok := shownPage(v, c.Param("page"))
	if !ok || page.Kind != form.PagePapers || v.Programme != c.Param("programme") {
		return h, v, page, problem.New(problem.Missing, "door.page.unknown")
	}
	return h, v, page, nil
}

// paperAdd keeps a photo the moment it arrives. The body is read as it comes
// and lies nowhere on the way.
func (p *Room) paperAdd(c *gin.Context) error {
	h, v, page, err := p.paperDoor(c)
	if err != nil {
		return p.lost(c, err)
	}
	if v.Closed {
		return p.handedIn(c, h)
	}
	r := web.From(c)
	if err := p.Web.Allow(c, "paper:"+web.ClientAddress(c), photo.AnHour, time.Hour); err != nil {
		return err
	}
	leave, err := p.Web.Seat(c)
	if err != nil {
		return err
	}
	defer leave()
	// A photo may take longer than a form, and its answer must still be in time.
	if err := http.NewResponseController(c.Writer).SetReadDeadline(time.Now().Add(photoTime)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return frame.Wrap("paper", err)
	}
	kind := c.Query("kind")
	if !slices.ContainsFunc(v.Wants, func(w form.Wants) bool { return w.Key == kind }) {
		return problem.New(problem.Missing, "door.page.unknown")
	}
	part, err := filePart(c)
	if err != nil {
		return p.paperWrong(c, v, page, kind, err)
	}
	if part == nil {
		return p.papersPage(c, http.StatusUnprocessableEntity, v, page, kind, r.T("door.papers.none"))
	}
	_, err = p.Desk.AddPaper(c.Request.Context(), h.id, h.secret, kind, part)
	if err != nil {
		// The browser reads our answer only after it has sent everything.
		if _, cut := io.Copy(io.Discard, c.Request.Body); cut != nil {
			err = errors.Join(err, cut)
		}
		return p.paperWrong(c, v, page, kind, err)
	}
	return p.Web.Redirect(c, pageURL(v.Programme, page.Key)+"#"+frame.FieldID(kind))
}

// filePart finds the file in a posted form; nil when none was chosen.
func filePart(c *gin.Context) (*multipart.Part, error) {
	kind, params, err := mime.ParseMediaType(c.GetHeader("Content-Type"))
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return nil, &problem.Error{Kind: problem.Malformed, Key: "error.malformed", Err: err}
	}
	parts := multipart.NewReader(c.Request.Body, params["boundary"])
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, &problem.Error{Kind: problem.Malformed, Key: "door.papers.broken", Err: err}
		}
		if part.FormName() == "file" && part.FileName() != "" {
			return part, nil
		}
	}
}

// paperWrong shows the papers again, with what happened at the card it happened to.
func (p *Room) paperWrong(c *gin.Context, v work, page form.Page, kind string, err error) error {
	status := photo.Status(err)
	if status == 0 {
		return frame.Wrap("paper", err)
	}
	var e *problem.Error
	if errors.As(err, &e) && e.RetryAfter > 0 {
		c.Header("Retry-After", strconv.Itoa(int(e.RetryAfter.Seconds())+1))
	}
	return p.papersPage(c, status, v, page, kind, photo.Wrong(web.From(c), err))
}

// paperRemove takes a photo away.
func (p *Room) paperRemove(c *gin.Context) error {
	typed, err := web.Form(c)
	if err != nil {
		return err
	}
	h, v, page, err := p.paperDoor(c)
	if err != nil {
		return p.lost(c, err)
	}
	if v.Closed {
		return p.handedIn(c, h)
	}
	if err := p.Desk.RemovePaper(c.Request.Context(), h.id, h.secret, typed.Get("paper")); err != nil && !problem.Is(err, problem.Missing) {
		return frame.Wrap("paper", err)
	}
	return p.Web.Redirect(c, pageURL(v.Programme, page.Key))
}

// paperShow is the photo itself, for the holder of the draft only.
func (p *Room) paperShow(c *gin.Context) error {
	h, ok := p.holder(c)
	if !ok {
		return noDraft(nil)
	}
	in, paper, err := p.Desk.DraftPaper(c.Request.Context(), h.id, h.secret, c.Param("paper"))
	if err != nil {
		return frame.Wrap("paper", err)
	}
	defer in.Close()
	// A phone may be lent to the next client: no picture of an ID card stays in it.
	c.Header("Cache-Control", "no-store")
	c.Header("X-Robots-Tag", "noindex")
	if paper.MIME != "image/jpeg" {
		c.Header("Content-Disposition", "attachment")
		c.Header("Content-Security-Policy", "default-src 'none'; sandbox")
	}
	c.DataFromReader(http.StatusOK, paper.Size, paper.MIME, in, nil)
	return nil
}
