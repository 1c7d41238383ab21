package frame

import (
	"iter"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"mashang/platform/sheet"
)

// CSV answers with a table as a file that spreadsheets open as text. rows are
// made while it is sent, so that a long list costs no memory; when the last part
// fails the file breaks off visibly.
func CSV(c *gin.Context, name string, head []string, rows iter.Seq[[]string]) error {
	Download(c, name, "text/csv; charset=utf-8")
	c.Status(http.StatusOK)
	if err := sheet.WriteCSV(c.Writer, head, rows); err != nil && c.Request.Context().Err() == nil {
		panic(http.ErrAbortHandler)
	}
	return nil
}

// Download sets the headers of a file to keep.
func Download(c *gin.Context, name, mime string) {
	h := c.Writer.Header()
	h.Set("Content-Type", mime)
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
	h.Set("X-Content-Type-Options", "nosniff")
}

// Exporting reports whether the list is asked for as a file.
func Exporting(c *gin.Context) bool { return c.Query("as") == "csv" }

// Export is the address of this list as a file, with its filters.
func Export(c *gin.Context) string { return With(c, "as", "csv") }

// Again asks a browser without script to open the page again in a while, for
// pages about running work; one with script asks by itself.
func (f *Frame) Again(c *gin.Context, seconds string) {
	if k, err := c.Request.Cookie("script"); err == nil && k.Value == "1" {
		return
	}
	c.Header("Refresh", seconds)
}

// Cleared is the address of a list without its filters, "" when none is set.
func Cleared(c *gin.Context, names ...string) string {
	for _, n := range names {
		if c.Query(n) != "" {
			return c.Request.URL.Path
		}
	}
	return ""
}
