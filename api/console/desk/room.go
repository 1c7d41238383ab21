// Package desk is the hotline operator's screen: the caller's words go in, and an answer to read out comes with the
// paragraph it rests on. What is done for the caller from here is on record; who called is not.
package desk

import (
	"net/http"

	"mashang/aid/apply"
	"mashang/aid/calls"
	"mashang/aid/cases"
	"mashang/aid/notify"
	"mashang/aid/place/heard"
	"mashang/api/console/frame"
	"mashang/faq"
	"mashang/platform/calendar"
	"mashang/platform/staff"
)

// Room is the part of the console for who answers calls. Its fields are set once.
type Room struct {
	*frame.Frame
	Assistant *faq.Assistant
	Calls     *calls.Desk
	Cases     *cases.Registry
	Desk      *apply.Desk
	Texts     *notify.Desk
	Calendar  *calendar.Calendar

	finder heard.Finder
}

const here = "/desk"

// Routes is every page of the room.
func (p *Room) Routes() []frame.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []frame.Route{
		{Method: get, Path: here, Needs: staff.AnswerCalls, Handle: p.open},
		{Method: post, Path: here, Needs: staff.AnswerCalls, Handle: p.ask},
		{Method: post, Path: here + "/places", Needs: staff.AnswerCalls, Handle: p.places},
		{Method: post, Path: here + "/copied", Needs: staff.AnswerCalls, Handle: p.copied},
		{Method: post, Path: here + "/judge", Needs: staff.AnswerCalls, Handle: p.judge},
		{Method: post, Path: here + "/text", Needs: staff.AnswerCalls, Handle: p.text},
		{Method: post, Path: here + "/hand", Needs: staff.AnswerCalls, Handle: p.hand},
		{Method: post, Path: here + "/urgent", Needs: staff.AnswerCalls, Handle: p.urgent},
		{Method: post, Path: here + "/file", Needs: staff.AnswerCalls, Handle: p.file},
		{Method: post, Path: here + "/status", Needs: staff.AnswerCalls, Handle: p.status},
		{Method: post, Path: here + "/begin", Needs: staff.AnswerCalls, Handle: p.begin},
		{Method: post, Path: here + "/note", Needs: staff.AnswerCalls, Handle: p.note},
		{Method: post, Path: here + "/end", Needs: staff.AnswerCalls, Handle: p.end},
		{Method: get, Path: here + "/keys", Needs: staff.AnswerCalls, Handle: p.keys},
		{Method: get, Path: here + "/shift", Needs: staff.AnswerCalls, Handle: p.shift},
		{Method: post, Path: here + "/shift", Needs: staff.AnswerCalls, Handle: p.leave},
		{Method: post, Path: here + "/shift/take", Needs: staff.AnswerCalls, Handle: p.take},
		{Method: post, Path: here + "/shift/called", Needs: staff.AnswerCalls, Handle: p.called},
		{Method: get, Path: here + "/figures", Needs: staff.SeeDesk, Handle: p.figures},
	}
}

// Nav is the room's part of the navigation.
func (p *Room) Nav() []frame.Item {
	return []frame.Item{
		{Group: frame.Today, Key: "desk.nav", Path: here, Needs: staff.AnswerCalls, Badge: p.waiting},
		{Group: frame.Today, Key: "desk.figures", Path: here + "/figures", Needs: staff.SeeDesk},
	}
}
