// Package ops holds the staff pages of whoever keeps the portal running: back
// offices, the outbox, background jobs and backups.
package ops

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/platform/backup"
	"mashang/platform/jobs"
	"mashang/platform/staff"
	"mashang/platform/webhook"
)

// Room is the part of the console that keeps things running. Its fields are set once.
type Room struct {
	*frame.Frame
	Book    *webhook.Book
	Courier *webhook.Courier // nil where nothing is sent from
	Jobs    *jobs.Runner
	Backups *backup.Folder // nil on PostgreSQL, which has its own tool
}

// Routes is every page of the room.
func (p *Room) Routes() []frame.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []frame.Route{
		{Method: get, Path: "/deliveries", Needs: staff.SeeDeliveries, Handle: p.deliveries},
		{Method: post, Path: "/deliveries/retry", Needs: staff.Retry, Handle: p.retryChosen},
		{Method: get, Path: "/deliveries/:id", Needs: staff.SeeDeliveries, Handle: p.delivery},
		{Method: post, Path: "/deliveries/:id/retry", Needs: staff.Retry, Handle: p.retry},

		{Method: get, Path: "/endpoints", Needs: staff.SeeEndpoints, Handle: p.endpoints},
		{Method: post, Path: "/endpoints", Needs: staff.EditEndpoints, Handle: p.endpointAdd, Fresh: true},
		{Method: get, Path: "/endpoints/new", Needs: staff.EditEndpoints, Handle: p.endpointNew},
		{Method: get, Path: "/endpoints/:id", Needs: staff.SeeEndpoints, Handle: p.endpoint},
		{Method: get, Path: "/endpoints/:id/edit", Needs: staff.EditEndpoints, Handle: p.endpointEdit},
		{Method: post, Path: "/endpoints/:id/edit", Needs: staff.EditEndpoints, Handle: p.endpointChange, Fresh: true},
		{Method: post, Path: "/endpoints/:id/test", Needs: staff.EditEndpoints, Handle: p.endpointTest},
		{Method: post, Path: "/endpoints/:id/enable", Needs: staff.EditEndpoints, Handle: p.endpointEnable},
		{Method: get, Path: "/endpoints/:id/disable", Needs: staff.EditEndpoints, Handle: p.endpointStopPage},
		{Method: post, Path: "/endpoints/:id/disable", Needs: staff.EditEndpoints, Handle: p.endpointStop},
		{Method: get, Path: "/endpoints/:id/renew", Needs: staff.EditEndpoints, Handle: p.endpointRenewPage},
		{Method: post, Path: "/endpoints/:id/renew", Needs: staff.EditEndpoints, Handle: p.endpointRenew, Fresh: true},
		{Method: get, Path: "/endpoints/:id/replay", Needs: staff.Retry, Handle: p.endpointReplayPage},
		{Method: post, Path: "/endpoints/:id/replay", Needs: staff.Retry, Handle: p.endpointReplay},
		{Method: get, Path: "/endpoints/:id/remove", Needs: staff.EditEndpoints, Handle: p.endpointRemovePage},
		{Method: post, Path: "/endpoints/:id/remove", Needs: staff.EditEndpoints, Handle: p.endpointRemove, Fresh: true},

		{Method: get, Path: "/jobs", Needs: staff.SeeJobs, Handle: p.jobsPage},
		{Method: post, Path: "/jobs/start", Needs: staff.RunJobs, Handle: p.jobStart},
		{Method: get, Path: "/jobs/:id", Needs: staff.SeeJobs, Handle: p.job},
		{Method: post, Path: "/jobs/:id/cancel", Needs: staff.RunJobs, Handle: p.jobCancel},

		{Method: get, Path: "/backups", Needs: staff.SeeJobs, Handle: p.backups},
		{Method: post, Path: "/backups", Needs: staff.RunJobs, Handle: p.backupStart},
		{Method: get, Path: "/backups/:name", Needs: staff.RunJobs, Handle: p.backupDownload, Fresh: true},
	}
}

// Nav is the room's part of the navigation.
func (p *Room) Nav() []frame.Item {
	return []frame.Item{
		{Group: frame.System, Key: "console.nav.deliveries", Path: "/deliveries", Needs: staff.SeeDeliveries, Badge: p.stuck, Urgent: true},
		{Group: frame.System, Key: "console.nav.endpoints", Path: "/endpoints", Needs: staff.SeeEndpoints},
		{Group: frame.System, Key: "ops.jobs", Path: "/jobs", Needs: staff.SeeJobs},
		{Group: frame.System, Key: "ops.backups", Path: "/backups", Needs: staff.SeeJobs},
	}
}

// stuck counts what was given up and waits for somebody to look.
func (p *Room) stuck(c *gin.Context) int {
	n, err := p.Book.Count(c.Request.Context(), webhook.DeliveryFilter{State: webhook.Dead})
	if err != nil {
		return 0
	}
	return n
}
