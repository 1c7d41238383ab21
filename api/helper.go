package api

import (
	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/platform/staff"
)

// helper is the account of whoever is signed in at a resident page and may fill in for others, "" for nobody.
func (s *Server) helper(c *gin.Context) string {
	a, err := s.Staff.Session(c.Request.Context(), s.web.Cookie(c, frame.Cookie))
	if err != nil || a.Renew || a.Owes || !staff.Can(a.Role, staff.Assist) {
		return ""
	}
	return a.Name
}
