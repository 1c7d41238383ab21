package resident

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/api/web"
	"mashang/platform/problem"
)

const (
	// uploadBytes is far above what a picture may have, so that one that is too large is read to its end and answered
	// with words: cut off half-way, most phones show nothing but a broken connection.
	uploadBytes  = 72 << 20
	uploadsAHour = 6000
	photoTime    = 50 * time.Second
)

type papersView struct {
	sheet
	Wants []paperCard
}

type paperCard struct {
	ID, Label, Help, Error string
	Photos                 []photo
	Many                   int // how many, when there is more than one
	Add, Remove            string
}

type photo struct{ ID, Name, URL string }

// papersPage shows one card for each kind of paper. wrong is what happened to the last upload, at its card.
func (p *Pages) papersPage(c *gin.Context, status int, v work, page apply.Page, kind, wrong string) error {
	r := web.From(c)
	s := p.sheet(c, v, page)
	s.Action = pageURL(v.Programme, page.Key)
	b := papersView{sheet: s}
	for _, w := range v.Wants {
		card := paperCard{ID: fieldID(w.Key), Label: p.say(r, v, w.Label), Remove: s.Action + "/remove"}
		if help := w.Label + ".help"; p.Web.Words.Has(help) {
			card.Help = p.say(r, v, help)
		}
		for _, one := range v.Papers {
			if one.Kind == w.Key && one.State == apply.PaperSaved {
				name := r.T("door.papers.which", "name", card.Label, "n", len(card.Photos)+1)
				card.Photos = append(card.Photos, photo{ID: one.ID, Name: name, URL: s.Action + "/photo/" + url.PathEscape(one.ID)})
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
			b.Problems = append(b.Problems, issue{ID: card.ID + "-f", Text: card.Label + r.T("door.colon") + wrong})
		}
		b.Wants = append(b.Wants, card)
	}
	b.Heading = r.T("door.problems", "n", len(b.Problems))
	return p.applyFrame(c, status, "apply-papers", b.Title, b)
}

// paperDoor is the draft whose papers page was asked for.
func (p *Pages) paperDoor(c *gin.Context) (holder, work, apply.Page, error) {
	h, v, err := p.held(c)
	if err != nil {
		return h, v, apply.Page{}, err
	}
	page, ok := shownPage(v, c.Param("page"))
	if !ok || page.Kind != apply.PagePapers || v.Programme != c.Param("programme") {
		return h, v, page, problem.New(problem.Missing, "door.page.unknown")
	}
	return h, v, page, nil
}

// paperAdd keeps a photo the moment it arrives. The body is read as it comes
// and lies nowhere on the way.
func (p *Pages) paperAdd(c *gin.Context) error {
	h, v, page, err := p.paperDoor(c)
	if err != nil {
		return p.lost(c, err)
	}
	if v.Closed {
		return p.handedIn(c, h)
	}
	r := web.From(c)
	if err := p.Web.Allow(c, "paper:"+web.ClientAddress(c), uploadsAHour, time.Hour); err != nil {
		return err
	}
	leave, err := p.Web.Seat(c)
	if err != nil {
		return err
	}
	defer leave()
	// A photo may take longer than a form, and its answer must still be in time.
	if err := http.NewResponseController(c.Writer).SetReadDeadline(time.Now().Add(photoTime)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return wrap("paper", err)
	}
	kind := c.Query("kind")
	if !slices.ContainsFunc(v.Wants, func(w apply.Wants) bool { return w.Key == kind }) {
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
	return p.Web.Redirect(c, pageURL(v.Programme, page.Key)+"#"+fieldID(kind))
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
func (p *Pages) paperWrong(c *gin.Context, v work, page apply.Page, kind string, err error) error {
	status := photoStatus(err)
	if status == 0 {
		return wrap("paper", err)
	}
	var e *problem.Error
	if errors.As(err, &e) && e.RetryAfter > 0 {
		c.Header("Retry-After", strconv.Itoa(int(e.RetryAfter.Seconds())+1))
	}
	return p.papersPage(c, status, v, page, kind, photoWrong(web.From(c), err))
}

// photoStatus is the status for a photo that could not be kept; 0 for a failure of ours.
func photoStatus(err error) int {
	var large *http.MaxBytesError
	var e *problem.Error
	switch {
	case errors.As(err, &large):
		return http.StatusRequestEntityTooLarge
	case errors.As(err, &e):
		return e.Kind.Status()
	case errors.Is(err, io.ErrUnexpectedEOF):
		return http.StatusBadRequest
	}
	return 0
}

// photoWrong says what happened to a photo.
func photoWrong(r *web.Request, err error) string {
	var large *http.MaxBytesError
	var e *problem.Error
	switch {
	case errors.As(err, &large):
		return r.T("door.papers.big")
	case errors.As(err, &e):
		return sayField(r, e, "file")
	}
	return r.T("door.papers.broken")
}

// paperRemove takes a photo away.
func (p *Pages) paperRemove(c *gin.Context) error {
	form, err := web.Form(c)
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
	if err := p.Desk.RemovePaper(c.Request.Context(), h.id, h.secret, form.Get("paper")); err != nil && !problem.Is(err, problem.Missing) {
		return wrap("paper", err)
	}
	return p.Web.Redirect(c, pageURL(v.Programme, page.Key))
}

// paperShow is the photo itself, for the holder of the draft only.
func (p *Pages) paperShow(c *gin.Context) error {
	h, ok := p.holder(c)
	if !ok {
		return noDraft(nil)
	}
	in, paper, err := p.Desk.DraftPaper(c.Request.Context(), h.id, h.secret, c.Param("paper"))
	if err != nil {
		return wrap("paper", err)
	}
	defer in.Close()
	// A phone may be lent to the next client: no picture of an ID card stays in it.
	c.Header("Cache-Control", "no-store")
	c.Header("X-Robots-Tag", "noindex")
	c.DataFromReader(http.StatusOK, paper.Size, paper.MIME, in, nil)
	return nil
}
