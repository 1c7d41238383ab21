package resident

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

func (p *Pages) home(c *gin.Context) error          { return p.Web.Render(c, http.StatusOK, "error", "", nil) }
func (p *Pages) landing(c *gin.Context) error       { return p.home(c) }
func (p *Pages) codePNG(c *gin.Context) error       { return p.home(c) }
func (p *Pages) codeSVG(c *gin.Context) error       { return p.home(c) }
func (p *Pages) policies(c *gin.Context) error      { return p.home(c) }
func (p *Pages) programme(c *gin.Context) error     { return p.home(c) }
func (p *Pages) document(c *gin.Context) error      { return p.home(c) }
func (p *Pages) verify(c *gin.Context) error        { return p.home(c) }
func (p *Pages) privacy(c *gin.Context) error       { return p.home(c) }
func (p *Pages) accessibility(c *gin.Context) error { return p.home(c) }
func (p *Pages) parts(c *gin.Context) error         { return p.home(c) }
