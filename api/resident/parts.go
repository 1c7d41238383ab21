package resident

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"mashang/api/web"
)

// parts shows the parts pages are made of, each with its states.
func (p *Pages) parts(c *gin.Context) error {
	return p.Web.Render(c, http.StatusOK, "text", web.From(c).T("parts.title"), nil)
}
