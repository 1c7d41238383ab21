// Package ops holds the staff pages of whoever keeps the portal running: back
// offices, the outbox, background jobs and backups.
package ops

import (
	"net/http"

	"mashang/api/console/frame"
	"mashang/platform/staff"
	"mashang/platform/webhook"
)

// Room is the part of the console that keeps things running.
type Room struct {
	*frame.Frame
	Book *webhook.Book
}

// Routes is every page of the room.
func (p *Room) Routes() []frame.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []frame.Route{
		{Method: get, Path: "/deliveries", Needs: staff.SeeDeliveries, Handle: p.deliveries},
		{Method: get, Path: "/deliveries/:id", Needs: staff.SeeDeliveries, Handle: p.delivery},
		{Method: post, Path: "/deliveries/:id/retry", Needs: staff.Retry, Handle: p.retry},
		{Method: get, Path: "/endpoints", Needs: staff.SeeEndpoints, Handle: p.endpoints},
		{Method: post, Path: "/endpoints/:id/enable", Needs: staff.EditEndpoints, Handle: p.endpointSwitch},
		{Method: post, Path: "/endpoints/:id/disable", Needs: staff.EditEndpoints, Handle: p.endpointSwitch},
	}
}

// Nav is the room's part of the navigation.
func (p *Room) Nav() []frame.Item {
	return []frame.Item{
		{Group: frame.System, Key: "console.nav.deliveries", Path: "/deliveries", Needs: staff.SeeDeliveries},
		{Group: frame.System, Key: "console.nav.endpoints", Path: "/endpoints", Needs: staff.SeeEndpoints},
	}
}
