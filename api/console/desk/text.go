package desk

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/calls"
	"mashang/aid/notify"
	"mashang/aid/policy"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/text"
)

const (
	textsAnHour = 60 // of one operator
	// onceMore is how long a panel that was sent takes no second effect.
	onceMore = 24 * time.Hour
	// longestPapers is how much of a list of papers a text holds, in characters.
	longestPapers = 90
)

// textKinds is what can be texted about what is being asked.
func (p *Room) textKinds(r *web.Request, s State, chosen string) frame.Field {
	f := frame.Field{Kind: "pick", ID: "f-what", Name: "what", Label: r.T("desk.text.what")}
	g, ok := p.programmeOf(r, s)
	kinds := []string{"office", "status"}
	if ok {
		kinds = []string{"link", "papers", "office", "status"}
		if papers(r, g, 20) == "" {
			kinds = []string{"link", "office", "status"}
		}
	}
	if chosen == "" {
		chosen = kinds[0]
	}
	for _, k := range kinds {
		f.Options = append(f.Options, frame.Option{Value: k, Label: r.T("desk.text."+k, "programme", g.Name.In(r.Lang)), On: k == chosen})
	}
	return f
}

// programmeOf is the programme the question is about.
func (p *Room) programmeOf(r *web.Request, s State) (policy.Programme, bool) {
	if s.Q == "" || s.programme == "" {
		return policy.Programme{}, false
	}
	return p.Library.Shelf().Programme(s.programme)
}

// text sends the caller a link, the papers, or where to go. The number goes into the sealed text and nowhere else.
func (p *Room) text(c *gin.Context) error {
	s, form, err := p.read(c)
	if err != nil {
		return err
	}
	r, ctx := web.From(c), c.Request.Context()
	if err := p.recall(c, &s); err != nil {
		return err
	}
	phone, err := notify.CheckMobile(form.Get("phone"))
	if err == nil {
		err = p.Web.Allow(c, "desk-text:"+frame.Account(c).Name, textsAnHour, time.Hour)
	}
	if err == nil {
		err = p.Texts.AllowOnce(ctx, phone)
	}
	if err != nil {
		return p.again(c, s, "text", form, err)
	}
	o, ok := p.once(r, s, form.Get("what"))
	if !ok {
		return p.again(c, s, "text", form, problem.Field("what", "desk.text.missing"))
	}
	o.Phone = form.Get("phone")
	fresh, err := p.Web.KV.SetNew(ctx, "desk-sent:"+frame.Account(c).Name+":"+form.Get("key"), "1", onceMore)
	if err != nil {
		return err
	}
	if fresh {
		err = p.deed(c, &s, calls.Texted, func(q store.Queryer, call calls.Call) (string, string, error) {
			return p.Texts.Trace(o.Phone), o.Template, p.Texts.SendOnce(ctx, q, o)
		})
		if err != nil {
			_ = p.Web.KV.Delete(ctx, "desk-sent:"+frame.Account(c).Name+":"+form.Get("key")) // so that it can be tried again
			return err
		}
		p.Texts.Ring()
	}
	done := &doneView{Text: r.T("desk.text.done"), Lines: []string{r.T("desk.text.forgotten")}}
	return p.show(c, http.StatusOK, s, shown{panel: &panel{Kind: "text", Title: r.T("desk.text.title"), Done: done}})
}

// once is the text of a kind.
func (p *Room) once(r *web.Request, s State, kind string) (notify.Once, bool) {
	o := notify.Once{Template: "desk." + kind, Key: "desk.sms." + kind, Lang: r.Lang, Place: s.At, Values: map[string]string{"hotline": p.Web.Dial()}}
	g, known := p.programmeOf(r, s)
	if known {
		o.Programme, o.Values["programme"] = g.ID, g.Name.In(r.Lang)
	}
	office, found := p.office(s.At, g)
	if found {
		o.Values["office"], o.Values["phone"] = office.Name.In(r.Lang), office.Phone
		o.Values["address"] = text.Cut(office.Address.In(r.Lang), 60)
	}
	switch kind {
	case "link":
		o.Values["link"] = p.Web.Base.Host + "/policies/" + url.PathEscape(g.ID) + "?place=" + s.At
		return o, known
	case "papers":
		o.Values["papers"] = text.Cut(papers(r, g, 20), longestPapers)
		return o, known && found && o.Values["papers"] != ""
	case "office":
		return o, found
	case "status":
		o.Values["link"] = p.Web.Base.Host + "/status"
		return o, true
	}
	return o, false
}

// again shows a panel with what was typed and what is wrong with it; errors that are not about what was typed pass.
func (p *Room) again(c *gin.Context, s State, kind string, form url.Values, err error) error {
	var told *problem.Error
	if !errors.As(err, &told) || told.Kind != problem.Invalid && told.Kind != problem.Limited && told.Kind != problem.Conflict {
		return err
	}
	r := web.From(c)
	v := p.panel(c, s, kind, form)
	for i := range v.Fields {
		f := &v.Fields[i]
		if said := r.Say(told, f.Name); said != "" {
			f.Wrong(&v.Problems, said)
		}
	}
	if len(v.Problems) == 0 {
		v.Problems = append(v.Problems, frame.Issue{Text: strings.TrimSpace(p.Web.Tell(c, err).What)})
	}
	return p.show(c, told.Kind.Status(), s, shown{panel: v})
}

// deed does something for the caller, notes it with the call, which begins with it when none runs, and puts it on
// record: all or nothing.
func (p *Room) deed(c *gin.Context, s *State, what string, do func(q store.Queryer, call calls.Call) (object, detail string, err error)) error {
	ctx := c.Request.Context()
	call, err := p.onCall(c, s)
	if err != nil {
		return err
	}
	return p.DB.Tx(ctx, func(q store.Queryer) error {
		on := call
		if on.ID == "" {
			if on, err = p.Calls.Begin(ctx, q, frame.Account(c).Name, s.At); err != nil {
				return err
			}
		}
		object, detail, err := do(q, on)
		if err != nil {
			return err
		}
		s.Call = on.ID
		kept := object
		if what == calls.Texted {
			kept = "" // not even the trace of a phone stays with a call
		}
		if err := p.Calls.Did(ctx, q, on.ID, what, kept); err != nil {
			return err
		}
		return p.Note(c, q, "desk-"+what, object, detail)
	})
}

// recall asks again, without noting it, what the question is about: the deeds need its programme.
func (p *Room) recall(c *gin.Context, s *State) error {
	if s.Q == "" {
		return nil
	}
	got, err := p.Assistant.Ask(c.Request.Context(), p.question(c, *s, true))
	var told *problem.Error
	if errors.As(err, &told) {
		return nil // a question that cannot be read is about nothing
	}
	if err == nil && len(got.Programmes) > 0 {
		s.programme = got.Programmes[0]
	}
	s.outcome = string(got.Outcome)
	return err
}
