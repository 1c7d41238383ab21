package words

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/policy"
	"mashang/aid/policy/edit"
	"mashang/aid/policy/translate"
	"mashang/aid/policy/wording"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/staff"
	"mashang/platform/store"
)

// textView is one text side by side: what was translated, what stands now, and the
// translation.
type textView struct {
	frame.Shell
	Title   string
	Tags    []frame.Cell
	Facts   []frame.Fact
	Sides   []side
	Buttons []frame.Action
	Confirm *frame.Confirm // asks whether an outdated translation is right all the same
}

type side struct {
	Title, Class, Lang string
	Text               []frame.Piece
}

func (p *Room) find(c *gin.Context, id, lang string) (wording.Unit, error) {
	all, err := p.Book.All(c.Request.Context())
	if err != nil {
		return wording.Unit{}, err
	}
	for _, u := range all {
		if u.ID() == id && string(u.Lang) == lang {
			return u, nil
		}
	}
	return wording.Unit{}, problem.New(problem.Missing, "problem.missing")
}

func (p *Room) text(c *gin.Context) error {
	r := web.From(c)
	u, err := p.find(c, web.Query(c, "id"), web.Query(c, "to"))
	if err != nil {
		return err
	}
	v := textView{Shell: p.Shell(c, "/words"), Title: u.Title.In(r.Lang), Tags: []frame.Cell{p.state(r, u)}, Sides: sides(r, u)}
	v.Facts = []frame.Fact{{Label: r.T("words.text"), Text: p.part(r, u)}, {Label: r.T("words.to"), Text: r.T("words.lang." + string(u.Lang))}, {Label: r.T("words.id"), Text: u.ID(), Code: true}}
	if most := wording.Width(u); most > 0 {
		v.Facts = append(v.Facts, frame.Fact{Label: r.T("words.width"), Text: r.T("words.signs", "n", most)})
	}
	if at, label := p.where(c, u); at != "" {
		v.Buttons = append(v.Buttons, frame.Action{Path: at, Label: r.T(label), Get: true})
	}
	if u.State == translate.Outdated && u.Was != "" && u.Target != "" && frame.May(c, staff.EditPolicy) {
		v.Confirm = &frame.Confirm{Action: frame.Root + "/words/confirm", Submit: r.T("words.confirm"), What: []string{r.T("words.confirm.what")},
			Hidden: map[string]string{"id": u.ID(), "to": string(u.Lang), "seen": translate.Sum(u.Source)}}
	}
	return p.Page(c, http.StatusOK, "console-words", v.Title, v)
}

// sides are the columns of a text, with what differs marked.
func sides(r *web.Request, u wording.Unit) []side {
	source := marked(u.Source, u.Figures.Lost)
	var out []side
	if u.State == translate.Outdated && u.Was != "" {
		gone, came := frame.Diff(u.Was, u.Source)
		out, source = append(out, side{r.T("words.was"), "mz-old", string(i18n.Hans), gone}), came
	}
	return append(out, side{r.T("words.source"), "mz-new", string(i18n.Hans), source}, side{r.T("words.target"), "mz-new", string(u.Lang), marked(u.Target, u.Figures.Came)})
}

// marked cuts a text at the first place where each of some words stands.
func marked(s string, words []string) []frame.Piece {
	var out []frame.Piece
	for s != "" {
		first, word := len(s), ""
		for _, w := range words {
			if at := strings.Index(s, w); w != "" && at >= 0 && at < first {
				first, word = at, w
			}
		}
		if first > 0 {
			out = append(out, frame.Piece{Text: s[:first]})
		}
		if word != "" {
			out = append(out, frame.Piece{Text: word, Mark: true})
		}
		s = s[first+len(word):]
	}
	return out
}

// where is the page on which a text is written, or else looked at, and what the way there is called.
func (p *Room) where(c *gin.Context, u wording.Unit) (at, label string) {
	switch u.Object.Kind {
	case policy.OfStandard:
		for _, row := range p.Library.Shelf().Rows() {
			if row.ID == u.Object.ID {
				return frame.Root + "/standards/series?" + url.Values{"of": {row.Of().Key()}}.Encode(), "words.look"
			}
		}
		return "", ""
	default:
		if frame.May(c, staff.EditPolicy) {
			return editor(u.Object.Kind, u.Object.ID, edit.PartOf(u.Object.Kind, u.Path)), "words.edit"
		}
	}
	if u.Object.Kind == policy.OfProgramme {
		return frame.Root + "/policies/" + u.Object.ID, "words.look"
	}
	return "", ""
}

// editor is the page of the editor that holds a part of a thing.
func editor(kind, id, part string) string {
	at := frame.Root + "/edit/" + kind + "/" + url.PathEscape(id)
	if part != "" {
		at += "/part/" + url.PathEscape(part)
	}
	return at
}

// confirm takes a translation as right for the source that was changed under it.
func (p *Room) confirm(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	u, err := p.find(c, form.Get("id"), form.Get("to"))
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := p.Book.Confirm(ctx, q, u.ID(), u.Lang, form.Get("seen")); err != nil {
			return err
		}
		return p.Note(c, q, "translation-confirm", string(u.Lang)+"/"+u.ID(), "")
	})
	if err != nil {
		return err
	}
	p.Flash(c, "words.confirmed")
	return p.Web.Redirect(c, href(u))
}
