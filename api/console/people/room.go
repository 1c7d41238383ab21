// Package people holds the staff pages about the staff: signing in, one's own
// account and sessions, everybody's accounts, and the record of who did what.
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
	routes := []frame.Route{
		{Method: get, Path: "/sign-in", Needs: frame.Open, Handle: p.signInPage},
		{Method: post, Path: "/sign-in", Needs: frame.Open, Handle: p.signIn},
		{Method: get, Path: "/sign-in/code", Needs: frame.Open, Handle: p.codePage},
		{Method: post, Path: "/sign-in/code", Needs: frame.Open, Handle: p.code},
		{Method: get, Path: "/sign-in/provider", Needs: frame.Open, Handle: p.provider},
		{Method: get, Path: Redirect, Needs: frame.Open, Handle: p.providerBack},
		{Method: post, Path: "/sign-out", Needs: staff.SeeHome, Handle: p.signOut},

		{Method: get, Path: "/prove", Needs: staff.SeeHome, Handle: p.prove, Fresh: true},
		{Method: post, Path: "/prove", Needs: staff.SeeHome, Handle: p.prove, Fresh: true},
		{Method: get, Path: "/password", Needs: staff.SeeHome, Handle: p.passwordPage},
		{Method: post, Path: "/password", Needs: staff.SeeHome, Handle: p.password},
		{Method: get, Path: "/me", Needs: staff.SeeHome, Handle: p.me},
		{Method: post, Path: "/me/sessions/others", Needs: staff.SeeHome, Handle: p.endOthers},
		{Method: post, Path: "/me/session/:id/end", Needs: staff.SeeHome, Handle: p.endMine},
		{Method: get, Path: "/me/code", Needs: staff.SeeHome, Handle: p.enrolPage, Fresh: true},
		{Method: post, Path: "/me/code", Needs: staff.SeeHome, Handle: p.enrol, Fresh: true},
		{Method: get, Path: "/me/recovery", Needs: staff.SeeHome, Handle: p.recoveryPage, Fresh: true},
		{Method: post, Path: "/me/recovery", Needs: staff.SeeHome, Handle: p.recovery, Fresh: true},
		{Method: get, Path: "/me/code/off", Needs: staff.SeeHome, Handle: p.dropPage, Fresh: true},
		{Method: post, Path: "/me/code/off", Needs: staff.SeeHome, Handle: p.drop, Fresh: true},

		{Method: get, Path: "/users", Needs: staff.SeeStaff, Handle: p.users},
		{Method: get, Path: "/new-user", Needs: staff.EditStaff, Handle: p.newUser, Fresh: true},
		{Method: post, Path: "/new-user", Needs: staff.EditStaff, Handle: p.createUser, Fresh: true},
		{Method: get, Path: "/users/:name", Needs: staff.SeeStaff, Handle: p.user},
		{Method: get, Path: "/users/:name/edit", Needs: staff.EditStaff, Handle: p.editPage, Fresh: true},
		{Method: post, Path: "/users/:name/edit", Needs: staff.EditStaff, Handle: p.edit, Fresh: true},
		{Method: post, Path: "/users/:name/session/:id/end", Needs: staff.EditStaff, Handle: p.endTheirs},
		{Method: get, Path: "/roles", Needs: staff.SeeStaff, Handle: p.roles},
		{Method: post, Path: "/roles", Needs: staff.EditStaff, Handle: p.codeRoles, Fresh: true},
		{Method: get, Path: "/audit", Needs: staff.SeeAudit, Handle: p.audit},
	}
	for _, d := range p.deeds() {
		routes = append(routes,
			frame.Route{Method: get, Path: "/users/:name/" + d.path, Needs: staff.EditStaff, Handle: p.deedPage(d), Fresh: true},
			frame.Route{Method: post, Path: "/users/:name/" + d.path, Needs: staff.EditStaff, Handle: p.deed(d), Fresh: true})
	}
	return routes
}

// Nav is the room's part of the navigation.
func (p *Room) Nav() []frame.Item {
	return []frame.Item{
		{Group: frame.System, Key: "console.nav.users", Path: "/users", Needs: staff.SeeStaff},
		{Group: frame.System, Key: "console.nav.audit", Path: "/audit", Needs: staff.SeeAudit},
		{Group: frame.System, Key: "staff.nav.me", Path: "/me", Needs: staff.SeeHome},
	}
}
