// Package frame is what the rooms of the resident pages share. A room is a
// folder beside this one with what it asks of the rooms below; no room imports
// another.
package frame

import (
	"github.com/gin-gonic/gin"

	"mashang/aid/feedback"
	"mashang/aid/place/scan"
	"mashang/aid/policy"
	"mashang/api/web"
)

// Room is one subject of the resident pages. It joins by a line in doors of
// package api.
type Room interface {
	// Install adds the routes of its pages. r already runs Web.Prepare.
	Install(r gin.IRouter)
}

// Frame is what every room stands on.
type Frame struct {
	Web      *web.Web
	Library  *policy.Library
	Counter  *scan.Counter
	Feedback *feedback.Box               // nil asks nobody how they liked it
	Helpers  func(c *gin.Context) string // the village helper who is signed in; nil knows none
}

// Get lays a page that is read.
func (p *Frame) Get(r gin.IRouter, path string, h web.Handler) {
	r.GET(path, p.Web.Page(h))
	r.HEAD(path, p.Web.Page(h))
}

// Post lays what is sent to a page, of at most limit bytes.
func (p *Frame) Post(r gin.IRouter, path string, limit int64, h web.Handler) {
	r.POST(path, web.Limit(limit), p.Web.Page(h))
}
