package desk

import (
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/calls"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/text"
)

func shanghai() *time.Location { return i18n.Shanghai }

// panel is what opens in the middle of the desk when something is done for the caller, and what came of it.
type panel struct {
	Kind, Title, Intro string
	Fields             []frame.Field
	Problems           []frame.Issue
	Submit, Action     string
	Hidden             map[string]string
	Red                bool
	Done               *doneView
}

// doneView is what came of it: a number to read out, a few lines, and where it goes on.
type doneView struct {
	Text        string
	Code        []string // in groups, to be read out
	CodeLabel   string
	PIN         string
	PINLabel    string
	Lines       []string
	Steps       []stepView
	Href, Label string
}

type stepView struct {
	Now   bool
	Title string
	Lines []string
}

// panel is an empty panel of a kind; an unknown kind opens none.
func (p *Room) panel(c *gin.Context, s State, kind string, typed url.Values) *panel {
	r := web.From(c)
	v := &panel{Kind: kind, Title: r.T("desk." + kind + ".title"), Submit: r.T("desk." + kind + ".do"), Action: frame.Root + here + "/" + kind, Hidden: map[string]string{"key": newKey()}}
	if key := typed.Get("key"); key != "" {
		v.Hidden["key"] = key
	}
	line := func(name, of, mode string) frame.Field {
		f := frame.Line(r, name, "desk."+kind+"."+of, typed.Get(name))
		f.Complete, f.Mode = "off", mode
		return f
	}
	switch kind {
	case "text":
		v.Intro = r.T("desk.text.intro")
		phone := line("phone", "phone", "tel")
		phone.Type, phone.Short = "tel", true
		v.Fields = []frame.Field{phone, p.textKinds(r, s, typed.Get("what"))}
	case "hand":
		v.Intro = r.T("desk.hand.intro", "office", p.townOffice(r, s))
		phone := line("phone", "phone", "tel")
		phone.Type, phone.Short, phone.Optional = "tel", true, true
		phone.Help = r.T("desk.hand.phone.help")
		who := line("who", "who", "")
		who.Short, who.Optional = true, true
		more := frame.Long(r, "more", "desk.hand.more", typed.Get("more"))
		more.Rows, more.Optional = 2, true
		v.Fields = []frame.Field{phone, who, more}
	case "urgent":
		v.Red, v.Intro = true, r.T("desk.urgent.intro")
		where, what := line("where", "where", ""), frame.Long(r, "what", "desk.urgent.what", typed.Get("what"))
		if !typed.Has("where") {
			where.Value = p.Web.Places.Atlas().Names(r.Lang, s.At)
			what.Value = text.Cut(s.Q, 500)
		}
		what.Rows = 2
		phone := line("phone", "phone", "tel")
		phone.Type, phone.Short, phone.Optional = "tel", true, true
		v.Fields = []frame.Field{line("who", "who", ""), where, what, phone}
	case "file":
		v.Intro = r.T("desk.file.intro")
		v.Fields = []frame.Field{p.formsToFile(r, s, typed.Get("programme"))}
	case "end":
		v.Fields = p.endFields(c, r, s, typed)
	default:
		return nil
	}
	return v
}

// endFields asks how the call ended; what was done in it suggests an answer.
func (p *Room) endFields(c *gin.Context, r *web.Request, s State, typed url.Values) []frame.Field {
	chosen := typed.Get("outcome")
	if chosen == "" {
		chosen = p.suggested(c, s)
	}
	var options []frame.Option
	for _, o := range calls.Outcomes() {
		options = append(options, frame.Option{Value: o, Label: r.T("desk.outcome." + o), On: o == chosen})
	}
	outcome := frame.Field{Kind: "pick", ID: "f-outcome", Name: "outcome", Label: r.T("desk.end.outcome"), Options: options}
	note := frame.Long(r, "note", "desk.note", typed.Get("note"))
	note.Rows, note.Optional, note.Help = 2, true, r.T("desk.note.help")
	if !typed.Has("note") {
		if call, err := p.Calls.Current(c.Request.Context(), frame.Account(c).Name, s.Call); err == nil {
			note.Value = call.Note
		}
	}
	return []frame.Field{outcome, note}
}

// suggested is how a call with these deeds and answers most likely ends.
func (p *Room) suggested(c *gin.Context, s State) string {
	ctx := c.Request.Context()
	deeds, err := p.Calls.Deeds(ctx, s.Call)
	if err != nil {
		return ""
	}
	best := ""
	for _, d := range deeds {
		switch d.Deed {
		case calls.Urge:
			return calls.Urgent
		case calls.HandOver:
			best = calls.Handed
		case calls.File:
			if best == "" {
				best = calls.Filed
			}
		}
	}
	if best != "" {
		return best
	}
	asked, err := p.Calls.Questions(ctx, s.Call)
	if err != nil || len(asked) == 0 {
		return calls.Dropped
	}
	for _, one := range asked {
		if one.Outcome == "answer" {
			return calls.Answered
		}
	}
	return calls.Unanswered
}

// townOffice is who gets what is handed over from a place.
func (p *Room) townOffice(r *web.Request, s State) string {
	if o, ok := p.Web.Places.Atlas().Office(s.At, "minzheng"); ok {
		return o.Name.In(r.Lang)
	}
	return p.Web.Places.Atlas().Names(r.Lang, s.At)
}
