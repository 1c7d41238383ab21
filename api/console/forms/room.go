// Package forms lets staff see an application's form as a resident is asked it, in every language, and fill it in for
// trial: nothing is filed, and what the office would be handed is shown.
package forms

import (
	"net/http"

	"mashang/api/console/frame"
	"mashang/platform/staff"
)

// Room is the part of the console in which forms are tried. Its fields are set once.
type Room struct{ *frame.Frame }

// tryBytes bounds a trial: a form with every box filled in.
const tryBytes = 1 << 20

// Routes is every page of the room.
func (p *Room) Routes() []frame.Route {
	return []frame.Route{
		{Method: http.MethodGet, Path: "/forms/:programme/try", Needs: staff.SeePolicy, Handle: p.show},
		{Method: http.MethodPost, Path: "/forms/:programme/try", Needs: staff.SeePolicy, Handle: p.try, Body: tryBytes},
	}
}

// Nav adds nothing: a form leads here.
func (p *Room) Nav() []frame.Item { return nil }
