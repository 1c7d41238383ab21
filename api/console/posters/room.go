// Package posters holds the staff pages about posters and cards: making them,
// and what was printed.
package posters

import (
	"net/http"

	"mashang/api/console/frame"
	"mashang/platform/staff"
)

// Room is the part of the console about posters.
type Room struct {
	*frame.Frame
	Works *Works
}

// Routes is every page of the room.
func (p *Room) Routes() []frame.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []frame.Route{
		{Method: get, Path: "/posters", Needs: staff.SeePosters, Handle: p.list},
		{Method: post, Path: "/posters/pick", Needs: staff.PrintPosters, Handle: p.pick},
		{Method: get, Path: "/posters/make", Needs: staff.PrintPosters, Handle: p.makePage},
		{Method: post, Path: "/posters/make", Needs: staff.PrintPosters, Handle: p.make},
		{Method: get, Path: "/posters/preview", Needs: staff.PrintPosters, Handle: p.preview},
		{Method: get, Path: "/posters/runs", Needs: staff.SeePosters, Handle: p.runs},
		{Method: get, Path: "/posters/runs/:id", Needs: staff.SeePosters, Handle: p.run},
		{Method: get, Path: "/posters/runs/:id/file", Needs: staff.PrintPosters, Handle: p.file},
		{Method: post, Path: "/posters/runs/:id/cancel", Needs: staff.PrintPosters, Handle: p.cancel},
		{Method: post, Path: "/posters/runs/:id/void", Needs: staff.PrintPosters, Handle: p.void},
		{Method: post, Path: "/posters/runs/:id/unvoid", Needs: staff.PrintPosters, Handle: p.void},
		{Method: get, Path: "/posters/at/:location", Needs: staff.SeePosters, Handle: p.at},
		{Method: get, Path: "/posters/at/:location/:file", Needs: staff.SeePosters, Handle: p.code},
	}
}

// Nav is the room's part of the navigation.
func (p *Room) Nav() []frame.Item {
	return []frame.Item{
		{Group: frame.Places, Key: "posters.nav", Path: "/posters", Needs: staff.SeePosters},
	}
}
