// Package places holds the staff pages about divisions, offices and locations.
package places

import (
	"net/http"

	"mashang/api/console/frame"
	"mashang/platform/staff"
)

// Room is the part of the console about places.
type Room struct {
	*frame.Frame
}

// Routes is every page of the room.
func (p *Room) Routes() []frame.Route {
	return []frame.Route{
		{Method: http.MethodGet, Path: "/places", Needs: staff.SeePlaces, Handle: p.places},
	}
}

// Nav is the room's part of the navigation.
func (p *Room) Nav() []frame.Item {
	return []frame.Item{
		{Group: frame.Places, Key: "console.nav.places", Path: "/places", Needs: staff.SeePlaces},
	}
}
