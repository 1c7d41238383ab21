// Package photo takes the photos that come with a form.
package photo

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/platform/problem"
)

// Bytes is far above what a picture may have, so that one that is too large is read to its end and answered
// with words: cut off half-way, most phones show nothing but a broken connection.
const Bytes = 72 << 20

// AnHour is how many photos one address may send in an hour, Most how many a
// form may bring.
const (
	AnHour    = 6000
	Most      = 12
	noteBytes = 16 << 10 // of the words beside the photos
)

// Taker keeps the photos that come with a form.
type Taker struct {
	Web  *web.Web
	Desk *apply.Desk
}

// Status is the status for a photo that could not be kept; 0 for a failure of ours.
func Status(err error) int {
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

// Wrong says what happened to a photo.
func Wrong(r *web.Request, err error) string {
	var large *http.MaxBytesError
	var e *problem.Error
	switch {
	case errors.As(err, &large):
		return r.T("door.papers.big")
	case errors.As(err, &e):
		return frame.SayField(r, e, "file")
	}
	return r.T("door.papers.broken")
}

// Posted is a form with its photos.
type Posted struct {
	url.Values
	Added
}

// Form reads the form as it comes and keeps a photo at once. One without a photo may come as an ordinary form.
func (p *Taker) Form(c *gin.Context) (Posted, error) {
	in := Posted{Values: url.Values{}}
	if !strings.HasPrefix(c.GetHeader("Content-Type"), "multipart/form-data") {
		form, err := web.Form(c)
		if err != nil {
			return in, err
		}
		in.Values, in.Papers = form, form["paper"][:min(Most, len(form["paper"]))]
		return in, nil
	}
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
		switch name := part.FormName(); {
		case name == "file" && part.FileName() != "":
			if err := p.Take(c, part, &in.Added); err != nil {
				return in, err
			}
		case name == "file":
		case name == "paper":
			if id := Text(part); id != "" && len(in.Papers) < Most {
				in.Papers = append(in.Papers, id)
			}
		case len(in.Values) < 20:
			in.Set(name, Text(part))
		}
	}
}

// Added is the photos of a form, and the note of one that has no other words.
type Added struct {
	Note   string
	Papers []string // ids of photos that are kept
	Wrong  error    // what happened to the photo that is not
	Status int
}

// Take keeps the photo in a part of a form, or says in what became of it. The error is a failure of ours.
func (p *Taker) Take(c *gin.Context, part *multipart.Part, in *Added) error {
	if len(in.Papers) >= Most {
		return nil
	}
	// A form may bring a dozen photos, so photos are counted, not forms. What was typed is kept.
	if err := p.Web.Allow(c, "paper:"+web.ClientAddress(c), AnHour, time.Hour); err != nil {
		in.Wrong, in.Status = err, Status(err)
		_, err = io.Copy(io.Discard, part)
		return err
	}
	paper, err := p.Desk.TakePaper(c.Request.Context(), "supplement", part)
	if err == nil {
		in.Papers = append(in.Papers, paper.ID)
		return nil
	}
	if in.Wrong, in.Status = err, Status(err); in.Status == 0 {
		return frame.Wrap("supplement", err)
	}
	_, err = io.Copy(io.Discard, part) // what follows it in the form is still to be read
	return err
}

// Text is the words in a part of a form.
func Text(part *multipart.Part) string {
	b, err := io.ReadAll(io.LimitReader(part, noteBytes))
	if err != nil {
		return ""
	}
	return web.Clean(string(b))
}
