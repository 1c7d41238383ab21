// Package questions holds the staff pages on which the assistant is made better: what it could not answer, how people call
// things, the office's own examination of it, and the month's report.
package questions

import (
	"net/http"
	"sync"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/faq"
	"mashang/faq/better"
	"mashang/faq/better/month"
	"mashang/faq/better/trial"
	"mashang/faq/better/words"
	"mashang/platform/review"
	"mashang/platform/staff"
)

// Books are what the pages show and change.
type Books struct {
	Groups *better.Book
	Words  *words.Book
	Tests  *trial.Book
	Months *month.Maker
}

// Room is the part of the console about questions. Its fields are set once.
type Room struct {
	*frame.Frame
	Books
	Assistant *faq.Assistant
	Review    *review.Desk

	mu      sync.Mutex
	effects map[string]trial.Effect
}

// Routes is every page of the room.
func (p *Room) Routes() []frame.Route {
	const get, post = http.MethodGet, http.MethodPost
	const see, edit = staff.SeeQuestions, staff.EditPolicy
	return []frame.Route{
		{Method: get, Path: "/questions", Needs: see, Handle: p.list},
		{Method: get, Path: "/questions/:id", Needs: see, Handle: p.one},
		{Method: post, Path: "/questions/:id/name", Needs: edit, Handle: p.name},
		{Method: post, Path: "/questions/:id/variant", Needs: edit, Handle: p.variant},
		{Method: post, Path: "/questions/:id/entry", Needs: edit, Handle: p.entry},
		{Method: post, Path: "/questions/:id/settle", Needs: edit, Handle: p.settle},
		{Method: post, Path: "/questions/:id/undo", Needs: edit, Handle: p.undo},

		{Method: get, Path: "/lexicon", Needs: staff.SeePolicy, Handle: p.lexicon},
		{Method: get, Path: "/lexicon/edit", Needs: edit, Handle: p.wordPage},
		{Method: post, Path: "/lexicon/edit", Needs: edit, Handle: p.wordPropose},
		{Method: get, Path: "/lexicon/export", Needs: edit, Handle: p.wordExport},
		{Method: get, Path: "/lexicon/import", Needs: edit, Handle: p.ImportPage(p.wordImporter())},
		{Method: post, Path: "/lexicon/import", Needs: edit, Handle: p.ImportPost(p.wordImporter()), Body: 3 << 20},

		{Method: get, Path: "/tests", Needs: see, Handle: p.tests},
		{Method: get, Path: "/tests/edit", Needs: edit, Handle: p.testPage},
		{Method: post, Path: "/tests/edit", Needs: edit, Handle: p.testSave},
		{Method: post, Path: "/tests/remove", Needs: edit, Handle: p.testRemove},
		{Method: post, Path: "/tests/run", Needs: edit, Handle: p.testRun},
		{Method: get, Path: "/tests/runs/:id", Needs: see, Handle: p.testRunPage},
		{Method: get, Path: "/tests/export", Needs: edit, Handle: p.testExport},
		{Method: get, Path: "/tests/import", Needs: edit, Handle: p.ImportPage(p.testImporter())},
		{Method: post, Path: "/tests/import", Needs: edit, Handle: p.ImportPost(p.testImporter()), Body: 3 << 20},

		{Method: get, Path: "/monthly", Needs: see, Handle: p.months},
		{Method: get, Path: "/monthly/:month", Needs: see, Handle: p.month},
		{Method: post, Path: "/monthly/:month", Needs: edit, Handle: p.monthAgain},

		{Method: get, Path: "/questions-settings", Needs: staff.EditSettings, Handle: p.settingsPage},
		{Method: post, Path: "/questions-settings", Needs: staff.EditSettings, Handle: p.settingsSave},
	}
}

// Nav is the room's part of the navigation.
func (p *Room) Nav() []frame.Item {
	return []frame.Item{
		{Group: frame.Content, Key: "better.nav.questions", Path: "/questions", Needs: staff.SeeQuestions},
		{Group: frame.Content, Key: "better.nav.lexicon", Path: "/lexicon", Needs: staff.SeePolicy},
		{Group: frame.Content, Key: "better.nav.tests", Path: "/tests", Needs: staff.SeeQuestions},
		{Group: frame.Content, Key: "better.nav.monthly", Path: "/monthly", Needs: staff.SeeQuestions},
	}
}

// Today says how much waits for an editor.
func (p *Room) Today(c *gin.Context) (frame.Glance, error) {
	if !frame.May(c, staff.EditPolicy) || !frame.May(c, staff.SeeQuestions) {
		return frame.Glance{}, nil
	}
	n, err := p.Groups.Waiting(c.Request.Context())
	if err != nil || n == 0 {
		return frame.Glance{}, err
	}
	r := web.From(c)
	return frame.Glance{Todo: []frame.Todo{{Tag: "mute", When: r.T("console.todo.week"), Text: r.T("better.todo", "n", n), Href: frame.Root + "/questions", Label: r.T("console.todo.look")}}}, nil
}
