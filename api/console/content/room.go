// Package content holds the staff pages about what residents read: programmes,
// amounts, documents, forms and publications, and the queue of changes that wait
// for a second person.
package content

import (
	"net/http"

	"mashang/aid/roster"
	"mashang/api/console/frame"
	"mashang/platform/staff"
)

// Room is the part of the console about content.
type Room struct {
	*frame.Frame
	Board *roster.Board
}

// Routes is every page of the room.
func (p *Room) Routes() []frame.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []frame.Route{
		{Method: get, Path: "/policies", Needs: staff.SeePolicy, Handle: p.policies},
		{Method: get, Path: "/standards", Needs: staff.SeePolicy, Handle: p.standards},
		{Method: get, Path: "/lists", Needs: staff.SeeLists, Handle: p.lists},
		{Method: post, Path: "/lists/:id/approve", Needs: staff.Publish, Handle: p.listApprove},
		{Method: post, Path: "/lists/:id/withdraw", Needs: staff.Publish, Handle: p.listWithdraw},
	}
}

// Nav is the room's part of the navigation.
func (p *Room) Nav() []frame.Item {
	return []frame.Item{
		{Group: frame.Content, Key: "console.nav.policies", Path: "/policies", Needs: staff.SeePolicy},
		{Group: frame.Content, Key: "console.nav.standards", Path: "/standards", Needs: staff.SeePolicy},
		{Group: frame.Content, Key: "console.nav.lists", Path: "/lists", Needs: staff.SeeLists},
	}
}
