// Package people holds the staff pages about the staff: signing in, passwords,
// accounts, and the record of who did what.
package people

import (
	"net/http"

	"mashang/api/console/frame"
	"mashang/platform/staff"
	"mashang/platform/staff/oidc"
)

// Room is the part of the console about people.
type Room struct {
	*frame.Frame
	Provider *oidc.Provider // the office's own sign-in; nil without one
}

// Redirect is where that sends people back to, below frame.Root.
const Redirect = "/sign-in/back"

// Routes is every page of the room.
func (p *Room) Routes() []frame.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []frame.Route{
		{Method: get, Path: "/sign-in", Needs: frame.Open, Handle: p.signInPage},
		{Method: post, Path: "/sign-in", Needs: frame.Open, Handle: p.signIn},
		{Method: post, Path: "/sign-out", Needs: staff.SeeHome, Handle: p.signOut},
		{Method: get, Path: "/password", Needs: staff.SeeHome, Handle: p.passwordPage},
		{Method: post, Path: "/password", Needs: staff.SeeHome, Handle: p.password},

		{Method: get, Path: "/users", Needs: staff.SeeStaff, Handle: p.users},
		{Method: post, Path: "/users", Needs: staff.EditStaff, Handle: p.userCreate},
		{Method: post, Path: "/users/:name/revoke", Needs: staff.EditStaff, Handle: p.userRevoke},
		{Method: post, Path: "/users/:name/disable", Needs: staff.EditStaff, Handle: p.userSwitch},
		{Method: post, Path: "/users/:name/enable", Needs: staff.EditStaff, Handle: p.userSwitch},
		{Method: post, Path: "/users/:name/password", Needs: staff.EditStaff, Handle: p.userPassword},
		{Method: get, Path: "/audit", Needs: staff.SeeAudit, Handle: p.audit},
	}
}

// Nav is the room's part of the navigation.
func (p *Room) Nav() []frame.Item {
	return []frame.Item{
		{Group: frame.System, Key: "console.nav.users", Path: "/users", Needs: staff.SeeStaff},
		{Group: frame.System, Key: "console.nav.audit", Path: "/audit", Needs: staff.SeeAudit},
		{Group: frame.System, Key: "console.nav.password", Path: "/password", Needs: staff.SeeHome},
	}
}
