// Package scans holds the staff pages about scans: the figures, what is against a poster's habit, trying a poster, and
// the rounds on which posters are looked at.
package scans

import (
	"net/http"

	"mashang/aid/cases"
	"mashang/aid/place/round"
	"mashang/aid/place/scan"
	"mashang/api/console/frame"
	"mashang/platform/picture"
	"mashang/platform/staff"
)

// Room is the part of the console about scans.
type Room struct {
	*frame.Frame
	Scans  *scan.Ledger
	Trials scan.Trials
	Rounds *round.Book
	Cases  *cases.Registry
}

// photoBytes is how much one inspection may send: a photo and a few words around it.
const photoBytes = picture.MaxBytes + 64<<10

// Routes is every page of the room.
func (p *Room) Routes() []frame.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []frame.Route{
		{Method: get, Path: "/scans", Needs: staff.SeeScans, Handle: p.dashboard},
		{Method: get, Path: "/scans/export", Needs: staff.SeeScans, Handle: p.export},
		{Method: post, Path: "/scans/alerts/:id/seen", Needs: staff.SeeScans, Handle: p.alertSeen},
		{Method: post, Path: "/scans/alerts/:id/ignore", Needs: staff.SeeScans, Handle: p.alertIgnore},
		{Method: post, Path: "/scans/alerts/:id/undo", Needs: staff.SeeScans, Handle: p.alertUndo},
		{Method: get, Path: "/scans/test/:location", Needs: staff.SeePosters, Handle: p.trial},
		{Method: get, Path: "/scans/test/:location/code", Needs: staff.SeePosters, Handle: p.trialCode},

		{Method: get, Path: "/rounds", Needs: staff.Inspect, Handle: p.rounds},
		{Method: get, Path: "/rounds/overdue", Needs: staff.Inspect, Handle: p.overdue},
		{Method: get, Path: "/rounds/new", Needs: staff.EditRounds, Handle: p.planPage},
		{Method: post, Path: "/rounds/new", Needs: staff.EditRounds, Handle: p.plan},
		{Method: get, Path: "/rounds/:id", Needs: staff.Inspect, Handle: p.oneRound},
		{Method: get, Path: "/rounds/:id/end", Needs: staff.EditRounds, Handle: p.endPage},
		{Method: post, Path: "/rounds/:id/end", Needs: staff.EditRounds, Handle: p.end},
		{Method: post, Path: "/rounds/:id/reopen", Needs: staff.EditRounds, Handle: p.reopen},
		{Method: get, Path: "/inspect/:location", Needs: staff.Inspect, Handle: p.inspectPage},
		{Method: post, Path: "/inspect/:location", Needs: staff.Inspect, Handle: p.inspect, Body: photoBytes},
		{Method: get, Path: "/inspections/:id/photo", Needs: staff.Inspect, Handle: p.photo},
	}
}

// Nav is the room's part of the navigation.
func (p *Room) Nav() []frame.Item {
	return []frame.Item{
		{Group: frame.Today, Key: "scans.nav", Path: "/scans", Needs: staff.SeeScans, Badge: p.alertCount},
		{Group: frame.Work, Key: "rounds.nav", Path: "/rounds", Needs: staff.Inspect, Badge: p.roundCount},
	}
}
