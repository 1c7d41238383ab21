// Package settings holds the staff pages about the office's own settings, the wizard of an empty system, what is wrong
// with posters, and what residents say of the service.
package settings

import (
	"net/http"

	"mashang/aid/cases"
	"mashang/aid/feedback"
	"mashang/aid/place/scan"
	"mashang/api/console/frame"
	"mashang/api/launch"
	office "mashang/platform/settings"
	"mashang/platform/staff"
	"mashang/platform/webhook"
)

// Room is the part of the console about settings. Its fields are set once.
type Room struct {
	*frame.Frame
	Book     *office.Book
	Feedback *feedback.Box
	Cases    *cases.Registry
	Scans    *scan.Ledger
	Outside  *webhook.Book
	Courier  *webhook.Courier // nil where nothing is sent from
	Launch   *launch.List     // nil shows none
}

const (
	here      = "/settings"
	wizard    = "/setup"
	opinions  = "/feedback"
	complaint = "/reports"
)

// Routes is every page of the room.
func (p *Room) Routes() []frame.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []frame.Route{
		{Method: get, Path: here, Needs: staff.SeeSettings, Handle: p.show},
		{Method: get, Path: here + "/emblem.png", Needs: staff.SeeSettings, Handle: p.emblem},
		{Method: get, Path: here + "/names", Needs: staff.EditSettings, Handle: p.namesPage},
		{Method: post, Path: here + "/names", Needs: staff.EditSettings, Handle: p.names, Body: emblemBody},
		{Method: get, Path: here + "/contact", Needs: staff.EditSettings, Handle: p.contactPage},
		{Method: post, Path: here + "/contact", Needs: staff.EditSettings, Handle: p.contact, Fresh: true},
		{Method: get, Path: here + "/files", Needs: staff.EditSettings, Handle: p.filesPage},
		{Method: post, Path: here + "/files", Needs: staff.EditSettings, Handle: p.filesAdd},
		{Method: post, Path: here + "/files/remove", Needs: staff.EditSettings, Handle: p.filesRemove},
		{Method: post, Path: here + "/undo", Needs: staff.EditSettings, Handle: p.undo},

		{Method: get, Path: wizard, Needs: staff.EditSettings, Handle: p.setup},
		{Method: post, Path: wizard, Needs: staff.EditSettings, Handle: p.setupLeave},
		{Method: get, Path: wizard + "/:step", Needs: staff.EditSettings, Handle: p.step},
		{Method: post, Path: wizard + "/:step", Needs: staff.EditSettings, Handle: p.stepDone, Body: emblemBody},
		{Method: get, Path: wizard + "/:step/:file", Needs: staff.EditSettings, Handle: p.example},

		{Method: get, Path: opinions, Needs: staff.SeeFeedback, Handle: p.opinions},
		{Method: get, Path: complaint, Needs: staff.SeeCases, Handle: p.reports},
		{Method: get, Path: complaint + "/:receipt", Needs: staff.Inspect, Handle: p.settlePage},
		{Method: post, Path: complaint + "/:receipt", Needs: staff.Inspect, Handle: p.settle},
	}
}

// Nav is the room's part of the navigation.
func (p *Room) Nav() []frame.Item {
	return []frame.Item{
		{Group: frame.Work, Key: "report.nav", Path: complaint, Needs: staff.SeeCases, Badge: p.reportCount},
		{Group: frame.Work, Key: "feedback.nav", Path: opinions, Needs: staff.SeeFeedback},
		{Group: frame.System, Key: "setup.nav.settings", Path: here, Needs: staff.SeeSettings},
	}
}
