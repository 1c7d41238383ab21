// Package notify holds the staff pages about policy texts: how many, which words, how it is set, how many a change would
// be told to, and the way out for a caller. No page lists a phone.
package notify

import (
	"net/http"

	"mashang/aid/notify"
	"mashang/api/console/frame"
	"mashang/platform/settings"
	"mashang/platform/staff"
)

// Room is the part of the console about policy texts. Its fields are set once.
type Room struct {
	*frame.Frame
	Texts *notify.Desk
	Book  *settings.Book
}

const here = "/notify"

// Routes is every page of the room.
func (p *Room) Routes() []frame.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []frame.Route{
		{Method: get, Path: here, Needs: staff.SeePolicy, Handle: p.show},
		{Method: get, Path: here + "/settings", Needs: staff.EditSettings, Handle: p.settingsPage},
		{Method: post, Path: here + "/settings", Needs: staff.EditSettings, Handle: p.settings},
		{Method: get, Path: here + "/caller", Needs: staff.HelpLeave, Handle: p.callerPage},
		{Method: post, Path: here + "/caller", Needs: staff.HelpLeave, Handle: p.caller},
		{Method: post, Path: here + "/caller/leave", Needs: staff.HelpLeave, Handle: p.callerLeave},
	}
}

// Nav is the room's part of the navigation.
func (p *Room) Nav() []frame.Item {
	return []frame.Item{{Group: frame.Content, Key: "notify.console", Path: here, Needs: staff.SeePolicy}}
}
