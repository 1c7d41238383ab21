package api

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// healthz says that the process answers.
func (s *Server) healthz(c *gin.Context) { c.String(http.StatusOK, "ok\n") }

// readyz says whether pages can be served: the database answers and there is a
// county to show.
func (s *Server) readyz(c *gin.Context) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), 2*time.Second)
	defer cancel()
	var one int
	if err := s.DB.QueryRowContext(ctx, `SELECT 1`).Scan(&one); err != nil {
		s.Log.Warn("not ready", "err", err)
		c.String(http.StatusServiceUnavailable, "database\n")
		return
	}
	if s.Places.Atlas().Root().Code == "" {
		c.String(http.StatusServiceUnavailable, "no places\n")
		return
	}
	c.String(http.StatusOK, "ready\n")
}
