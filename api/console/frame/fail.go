package frame

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"mashang/api/web"
	"mashang/platform/problem"
)

// failure is the page that says what happened, what is safe and what to do.
type failure struct {
	Shell
	Title, What, Safe, Next string
	Incident, Retry         string
	Fields                  []string
}

// Handler makes a gin handler whose errors become pages: inside the frame for
// who is signed in, plain for everybody else.
func (f *Frame) Handler(h web.Handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := h(c); err != nil {
			f.Fail(c, err)
		}
	}
}

// Fail answers with the page about an error. Those of ours are logged, once.
func (f *Frame) Fail(c *gin.Context, err error) {
	if Account(c).Name == "" || c.Writer.Written() {
		f.Web.Fail(c, err)
		return
	}
	r := web.From(c)
	told := f.Web.Tell(c, err)
	area := "console.error." + told.Kind.Name()
	v := failure{Shell: f.Shell(c, "-"), Title: r.T(area + ".title"), What: told.What, Safe: r.T(area + ".safe"), Next: r.T(area + ".next"), Incident: told.Incident, Fields: told.Fields}
	if v.What == "" {
		v.What = r.T(area + ".what")
	}
	if c.Request.Method == http.MethodGet && told.Kind != problem.Missing && told.Kind != problem.Denied {
		v.Retry = r.Path
	}
	if told.Wait > 0 {
		c.Header("Retry-After", strconv.Itoa(told.Wait))
	}
	if err := f.Page(c, told.Kind.Status(), "console-error", v.Title, v); err != nil {
		f.Web.Fail(c, err)
	}
}
