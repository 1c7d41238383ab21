package frame

import "github.com/gin-gonic/gin"

// Helper is the account of the village helper who is signed in at this screen, "" for everybody else. Only who carries a
// staff cookie is looked up, so that a resident's page costs nothing more.
func (p *Frame) Helper(c *gin.Context) string {
	if p.Helpers == nil || p.Web.Cookie(c, "staff") == "" {
		return ""
	}
	return p.Helpers(c)
}
