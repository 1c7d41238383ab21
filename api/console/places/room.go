// Package places holds the staff pages about divisions, offices and locations: what is there, what changes from which
// day on, and what follows from it.
package places

import (
	"net/http"

	"mashang/aid/cases"
	"mashang/aid/roster"
	"mashang/api/console/frame"
	"mashang/platform/calendar"
	"mashang/platform/staff"
)

// Room is the part of the console about places.
type Room struct {
	*frame.Frame
	Cases    *cases.Registry
	Board    *roster.Board
	Calendar *calendar.Calendar
}

// maxList is how long an uploaded list may be.
const maxList = 34 << 20

// Routes is every page of the room.
func (p *Room) Routes() []frame.Route {
	const get, post = http.MethodGet, http.MethodPost
	all := []frame.Route{
		{Method: get, Path: "/places", Needs: staff.SeePlaces, Handle: p.tree},
		{Method: get, Path: "/places/new", Needs: staff.EditPlaces, Handle: p.beginPage},
		{Method: post, Path: "/places/new", Needs: staff.EditPlaces, Handle: p.begin},
		{Method: get, Path: "/places/changes", Needs: staff.SeePlaces, Handle: p.changes},
		{Method: get, Path: "/places/changes/:id/undo", Needs: staff.EditPlaces, Handle: p.undoPage},
		{Method: post, Path: "/places/changes/:id/undo", Needs: staff.EditPlaces, Handle: p.undo},
		{Method: get, Path: "/places/import", Needs: staff.EditPlaces, Handle: p.bringPage},
		{Method: post, Path: "/places/import", Needs: staff.EditPlaces, Handle: p.bring, Body: maxList},
		{Method: get, Path: "/places/export/:kind", Needs: staff.EditPlaces, Handle: p.export},
		{Method: get, Path: "/places/:code", Needs: staff.SeePlaces, Handle: p.division},
		{Method: get, Path: "/places/:code/edit", Needs: staff.EditPlaces, Handle: p.correctPage},
		{Method: post, Path: "/places/:code/edit", Needs: staff.EditPlaces, Handle: p.correct},
		{Method: get, Path: "/places/:code/change/:kind", Needs: staff.EditPlaces, Handle: p.reformPage},
		{Method: post, Path: "/places/:code/change/:kind", Needs: staff.EditPlaces, Handle: p.reform},

		{Method: get, Path: "/offices", Needs: staff.SeePlaces, Handle: p.offices},
		{Method: get, Path: "/offices/new", Needs: staff.EditPlaces, Handle: p.officePage},
		{Method: post, Path: "/offices/new", Needs: staff.EditPlaces, Handle: p.officeSave},
		{Method: post, Path: "/offices/restore", Needs: staff.EditPlaces, Handle: p.officeRestore},
		{Method: get, Path: "/offices/:id", Needs: staff.SeePlaces, Handle: p.office},
		{Method: get, Path: "/offices/:id/edit", Needs: staff.EditPlaces, Handle: p.officePage},
		{Method: post, Path: "/offices/:id/edit", Needs: staff.EditPlaces, Handle: p.officeSave},
		{Method: get, Path: "/offices/:id/delete", Needs: staff.EditPlaces, Handle: p.officeDeletePage},
		{Method: post, Path: "/offices/:id/delete", Needs: staff.EditPlaces, Handle: p.officeDelete},
	}
	return append(all, p.posterRoutes()...)
}

func (p *Room) posterRoutes() []frame.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []frame.Route{
		{Method: get, Path: "/locations", Needs: staff.SeePlaces, Handle: p.locations},
		{Method: get, Path: "/locations/new", Needs: staff.EditPlaces, Handle: p.locationForm},
		{Method: post, Path: "/locations/new", Needs: staff.EditPlaces, Handle: p.locationSave},
		{Method: get, Path: "/locations/halls", Needs: staff.EditPlaces, Handle: p.hallsPage},
		{Method: post, Path: "/locations/halls", Needs: staff.EditPlaces, Handle: p.halls},
		{Method: post, Path: "/locations/bulk", Needs: staff.EditPlaces, Handle: p.bulk},
		{Method: post, Path: "/locations/bulk/undo", Needs: staff.EditPlaces, Handle: p.bulkUndo},
		{Method: get, Path: "/locations/:id", Needs: staff.SeePlaces, Handle: p.location},
		{Method: get, Path: "/locations/:id/edit", Needs: staff.EditPlaces, Handle: p.locationForm},
		{Method: post, Path: "/locations/:id/edit", Needs: staff.EditPlaces, Handle: p.locationSave},
		{Method: get, Path: "/locations/:id/move", Needs: staff.EditPlaces, Handle: p.movePage},
		{Method: post, Path: "/locations/:id/move", Needs: staff.EditPlaces, Handle: p.move},
		{Method: get, Path: "/locations/:id/state/:to", Needs: staff.EditPlaces, Handle: p.statePage},
		{Method: post, Path: "/locations/:id/state/:to", Needs: staff.EditPlaces, Handle: p.state},
		{Method: post, Path: "/locations/:id/return", Needs: staff.EditPlaces, Handle: p.comeBack},
		{Method: get, Path: "/locations/:id/custodian", Needs: staff.SeePlaces, Handle: p.custodian},
		{Method: post, Path: "/locations/:id/custodian", Needs: staff.EditPlaces, Handle: p.custodianSave},
	}
}

// Nav is the room's part of the navigation.
func (p *Room) Nav() []frame.Item {
	return []frame.Item{
		{Group: frame.Places, Key: "places.nav.tree", Path: "/places", Needs: staff.SeePlaces},
		{Group: frame.Places, Key: "places.nav.offices", Path: "/offices", Needs: staff.SeePlaces, Badge: p.silent},
		{Group: frame.Places, Key: "places.nav.locations", Path: "/locations", Needs: staff.SeePlaces},
	}
}
