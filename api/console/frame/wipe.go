package frame

import "github.com/gin-gonic/gin"

// wiped are the cookies that belong to somebody who was helped at this screen.
var wiped = []string{"draft", "pin", "proved"}

// Wipe takes away everything this browser holds of the one who was helped: the cookies that open a draft, a receipt and
// what was proved of it, and what pages left in the browser's own storage and cache. Pages of a person are never kept
// (no-store), and a page that is shown again by the back button asks the portal, which no longer knows this browser.
func (f *Frame) Wipe(c *gin.Context) {
	for _, name := range wiped {
		f.Web.SetCookie(c, name, "", -1)
	}
	c.Header("Clear-Site-Data", `"cache", "storage"`)
}
