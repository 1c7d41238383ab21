// Package words holds the staff pages of who translates the catalogue, and the list
// of what nobody knows yet.
package words

import (
	"net/http"

	"mashang/aid/policy/gaps"
	"mashang/aid/policy/wording"
	"mashang/api/console/frame"
	"mashang/platform/review"
	"mashang/platform/staff"
)

// Room is the part of the console about words and gaps. Its fields are set once.
type Room struct {
	*frame.Frame
	Book   *wording.Book
	Gaps   *gaps.List
	Review *review.Desk
}

// Routes is every page of the room.
func (p *Room) Routes() []frame.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []frame.Route{
		{Method: get, Path: "/words", Needs: staff.SeePolicy, Handle: p.list},
		{Method: get, Path: "/words/text", Needs: staff.SeePolicy, Handle: p.text},
		{Method: post, Path: "/words/confirm", Needs: staff.EditPolicy, Handle: p.confirm},
		{Method: get, Path: "/words/export", Needs: staff.EditPolicy, Handle: p.export},
		{Method: get, Path: "/words/import", Needs: staff.EditPolicy, Handle: p.ImportPage(p.importer())},
		{Method: post, Path: "/words/import", Needs: staff.EditPolicy, Handle: p.ImportPost(p.importer()), Body: 9 << 20},

		{Method: get, Path: "/gaps", Needs: staff.SeePolicy, Handle: p.gaps},
		{Method: get, Path: "/gaps/one", Needs: staff.EditPolicy, Handle: p.gap},
		{Method: post, Path: "/gaps/one", Needs: staff.EditPolicy, Handle: p.settle},
		{Method: post, Path: "/gaps/again", Needs: staff.EditPolicy, Handle: p.again},
	}
}

// Nav is the room's part of the navigation.
func (p *Room) Nav() []frame.Item {
	return []frame.Item{
		{Group: frame.Content, Key: "words.gaps", Path: "/gaps", Needs: staff.SeePolicy},
		{Group: frame.Content, Key: "words.title", Path: "/words", Needs: staff.SeePolicy},
	}
}
