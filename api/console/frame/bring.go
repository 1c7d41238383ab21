package frame

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"

	"mashang/api/web"
	"mashang/platform/problem"
)

// Importer is one import of a room: a file is uploaded and looked at, then taken
// in with a second press. Nothing changes in between.
type Importer struct {
	Kind string // names the staged files; no other import opens them
	// Page is the page without a preview.
	Page func(c *gin.Context) Import
	// Preview says what the file would change. A problem.Error it returns is shown on the page.
	Preview func(c *gin.Context, name string, file []byte) (Preview, error)
	// Take takes the file in, whole or not at all, and leads on with a redirect.
	Take func(c *gin.Context, name string, file []byte) error
}

// ImportPage asks for the file.
func (f *Frame) ImportPage(i Importer) web.Handler {
	return func(c *gin.Context) error { return f.importPage(c, http.StatusOK, i.Page(c)) }
}

func (f *Frame) importPage(c *gin.Context, status int, v Import) error {
	return f.Page(c, status, "console-import", v.Title, v)
}

// ImportPost takes the uploaded file, or the one that was looked at.
func (f *Frame) ImportPost(i Importer) web.Handler {
	return func(c *gin.Context) error {
		form, err := web.Form(c)
		if err != nil {
			return err
		}
		if id := form.Get("staged"); id != "" {
			return f.Take(c, i.Kind, id, func(name string, r io.Reader) error {
				file, err := io.ReadAll(r)
				if err != nil {
					return err
				}
				return i.Take(c, name, file)
			})
		}
		name, file, err := Upload(c, "file")
		v := i.Page(c)
		var p Preview
		if err == nil {
			p, err = i.Preview(c, name, file)
		}
		var told *problem.Error
		if errors.As(err, &told) && told.Kind.Status() < http.StatusInternalServerError {
			said := f.Web.Tell(c, told)
			if said.What != "" || len(said.Fields) == 0 {
				v.Problems = append(v.Problems, Issue{ID: "f-file", Text: said.What})
			}
			for _, one := range said.Fields {
				v.Problems = append(v.Problems, Issue{ID: "f-file", Text: one})
			}
			return f.importPage(c, http.StatusUnprocessableEntity, v)
		}
		if err != nil {
			return err
		}
		if !p.Blocked {
			if p.Staged, err = f.Stage(c, i.Kind, name, bytes.NewReader(file)); err != nil {
				return err
			}
		}
		p.Name = name
		v.Preview = &p
		return f.importPage(c, http.StatusOK, v)
	}
}

// Upload reads one posted file whole; the route's Body bounds it.
func Upload(c *gin.Context, field string) (name string, file []byte, err error) {
	h, err := c.FormFile(field)
	if err != nil || h.Size == 0 {
		return "", nil, problem.New(problem.Invalid, "console.import.none")
	}
	r, err := h.Open()
	if err != nil {
		return "", nil, err
	}
	defer r.Close()
	file, err = io.ReadAll(r)
	return web.Clean(h.Filename), file, err
}
