package questions

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/policy"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/faq"
	"mashang/faq/better"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/review"
	"mashang/platform/store"
	"mashang/platform/text"
)

// deed reads a form about a group, does something to it in one transaction with its record, and shows the page again when
// what was typed was wrong. A second editor is told who was first.
func (p *Room) deed(c *gin.Context, action string, do func(q store.Queryer, form url.Values, version int64) error) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	id := c.Param("id")
	version, _ := strconv.ParseInt(form.Get("version"), 10, 64)
	err = p.DB.Tx(c.Request.Context(), func(q store.Queryer) error {
		if err := do(q, form, version); err != nil {
			return err
		}
		return p.Note(c, q, action, "question-group/"+id, "")
	})
	var wrong *problem.Error
	if !errors.As(err, &wrong) || wrong.Kind != problem.Invalid && wrong.Kind != problem.Conflict {
		return err
	}
	g, lost := p.find(c)
	if lost != nil {
		return lost
	}
	if err := p.onePage(c, wrong.Kind.Status(), g, form, wrong); err != nil {
		return err
	}
	return errShown
}

// errShown says that the page has been written.
var errShown = errors.New("questions: shown")

// shown is nil for a page that has been written.
func shown(err error) error {
	if errors.Is(err, errShown) {
		return nil
	}
	return err
}

func (p *Room) name(c *gin.Context) error {
	err := p.deed(c, "question-name", func(q store.Queryer, form url.Values, version int64) error {
		return p.Groups.Name(c.Request.Context(), q, c.Param("id"), version, form.Get("wording"))
	})
	if err != nil {
		return shown(err)
	}
	p.Flash(c, "better.done.name")
	return p.Web.Redirect(c, href(c.Param("id")))
}

// variant proposes the group's wording as another way to ask for an answer.
func (p *Room) variant(c *gin.Context) error {
	var change review.Change
	err := p.deed(c, "question-variant", func(q store.Queryer, form url.Values, version int64) (err error) {
		change, err = p.Groups.Vary(c.Request.Context(), q, c.Param("id"), version, form.Get("entry"), form.Get("wording"), frame.Account(c).Name)
		return err
	})
	if err != nil {
		return shown(err)
	}
	p.undoable(c, "better.done.proposed")
	return p.Web.Redirect(c, frame.Root+"/review/"+change.ID)
}

// undoable says what was done, with the way back.
func (p *Room) undoable(c *gin.Context, key string) {
	id := c.Param("id")
	g, err := p.Groups.Find(c.Request.Context(), id)
	if err != nil {
		p.Flash(c, key)
		return
	}
	p.FlashUndo(c, key, "/questions/"+id+"/undo", map[string]string{"version": strconv.FormatInt(g.Version, 10)})
}

// entry begins an answer from the nearest text there is, with what that rests on.
func (p *Room) entry(c *gin.Context) error {
	g, err := p.find(c)
	if err != nil {
		return err
	}
	reply, err := p.now(c.Request.Context(), g)
	if err != nil {
		return err
	}
	e := p.drafted(g, reply)
	err = p.deed(c, "question-entry", func(q store.Queryer, _ url.Values, version int64) error {
		_, err := p.Groups.Write(c.Request.Context(), q, g.ID, version, e, frame.Account(c).Name)
		return err
	})
	if err != nil {
		return shown(err)
	}
	p.undoable(c, "better.done.draft")
	return p.Web.Redirect(c, frame.Root+"/edit/entry/"+e.ID+"/part/answer")
}

// mostDrafted is how much of a text a draft begins with.
const mostDrafted = 280

// drafted is an answer begun from what the assistant thinks of now: its words, its sources, its programme.
func (p *Room) drafted(g better.Group, reply faq.Reply) policy.Entry {
	shelf := p.Library.Shelf()
	e := policy.Entry{ID: "faq-" + strings.ToLower(rand.Text()[:10]), Programme: g.Programme}
	kind, rest, _ := strings.Cut(reply.Shown, "/")
	id, part, _ := strings.Cut(rest, "/")
	switch kind {
	case "entry":
		if near, ok := shelf.Entry(rest); ok {
			e.Programme, e.Aspect, e.Place, e.Answer, e.Cites = near.Programme, near.Aspect, near.Place, near.Answer, near.Cites
		}
	case "section", "amounts":
		if kind == "amounts" {
			part = "what"
		}
		if g, ok := shelf.Programme(id); ok {
			for _, s := range g.Sections {
				if s.Key == part {
					e.Programme, e.Aspect, e.Cites = g.ID, s.Key, s.Cites
					e.Answer = i18n.Text{Hans: cutLines(s.Text.Hans), Hant: cutLines(s.Text.Hant), En: cutLines(s.Text.En)}
				}
			}
		}
	case "article":
		if a, ok := shelf.Article(id, part); ok {
			e.Answer = i18n.Text{Hans: text.Cut(a.Text, mostDrafted)}
			e.Cites = []policy.Cite{{Document: id, Article: part, Quote: text.Cut(a.Text, mostDrafted)}}
			if strings.HasSuffix(e.Cites[0].Quote, "…") {
				e.Cites[0].Quote = ""
			}
			if d, ok := shelf.Document(id); ok {
				e.Place = d.Place
			}
		}
	}
	if _, ok := shelf.Programme(e.Programme); !ok {
		e.Programme = ""
	}
	return e
}

// cutLines is as many whole lines of a text as a draft begins with.
func cutLines(s string) string {
	var out []string
	n := 0
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if n += text.Len(line); n > mostDrafted && len(out) > 0 {
			break
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// settle lays a group aside.
func (p *Room) settle(c *gin.Context) error {
	state := ""
	err := p.deed(c, "question-settle", func(q store.Queryer, form url.Values, version int64) error {
		state = form.Get("state")
		return p.Groups.Settle(c.Request.Context(), q, c.Param("id"), version, state, form.Get("note"), frame.Account(c).Name)
	})
	if err != nil {
		return shown(err)
	}
	p.undoable(c, "better.done."+state)
	return p.Web.Redirect(c, frame.Root+"/questions")
}

// undo takes back what was made of a group.
func (p *Room) undo(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	version, _ := strconv.ParseInt(form.Get("version"), 10, 64)
	err = p.Groups.Undo(c.Request.Context(), c.Param("id"), version, frame.Account(c).Name)
	if err != nil {
		var told *problem.Error
		if !errors.As(err, &told) || told.Kind.Status() >= http.StatusInternalServerError {
			return err
		}
		g, lost := p.find(c)
		if lost != nil {
			return lost
		}
		return p.onePage(c, told.Kind.Status(), g, nil, told)
	}
	if err := p.Note(c, p.DB, "question-undo", "question-group/"+c.Param("id"), ""); err != nil {
		return err
	}
	p.Flash(c, "better.done.undo")
	return p.Web.Redirect(c, href(c.Param("id")))
}
