package desk

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/calls"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/faq"
	"mashang/platform/problem"
)

// asksAMinute is more than the fastest typist brings about, at three looks a second.
const asksAMinute = 600

type deskView struct {
	Shell    frame.Shell
	Title    string
	Keys     bool // the console's own list of keys is not for this page
	State    State
	Error    string // at the question's box
	Hotline  string
	Call     *onView
	Place    placeView
	Answer   *answerView
	Card     *cardView
	Related  []choice
	Panel    *panel
	Asked    []askedView
	Note     string
	NoteSaid string
	Said     string
	Waits    int // hand-overs and calls to make that wait for somebody
	Receipt  receiptView
}

// onView is the call that runs.
type onView struct {
	Since   string
	Seconds int // at this moment, so that the browser's clock is not asked
	Danger  bool
}

type askedView struct{ Text, Tag, Say string }

type receiptView struct{ Receipt, Proof, Wrong, WrongProof string }

// open is the desk as one sits down at it: a call that runs goes on.
func (p *Room) open(c *gin.Context) error {
	call, err := p.Calls.Current(c.Request.Context(), frame.Account(c).Name, c.Query("call"))
	if err != nil {
		return err
	}
	s := State{Call: call.ID, At: p.home(c)}
	if _, ok := p.Web.Places.Atlas().Here(call.Division); ok {
		s.At = call.Division
	}
	return p.show(c, http.StatusOK, s, shown{})
}

// ask answers the caller's words. While they are typed nothing is kept of them.
func (p *Room) ask(c *gin.Context) error {
	s, form, err := p.read(c)
	if err != nil {
		return err
	}
	if err := p.Web.Allow(c, "desk:"+frame.Account(c).Name, asksAMinute, time.Minute); err != nil {
		return err
	}
	more := shown{settle: !s.draft && s.do == ""}
	if s.do != "" {
		if err := p.recall(c, &s); err != nil {
			return err
		}
		more.panel = p.panel(c, s, s.do, form)
	}
	return p.show(c, http.StatusOK, s, more)
}

// places suggests places for what was typed, to a page with script.
func (p *Room) places(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	if err := p.Web.Allow(c, "desk-places:"+frame.Account(c).Name, asksAMinute, time.Minute); err != nil {
		return err
	}
	r, out := web.From(c), []gin.H{}
	for _, m := range p.finder.Find(p.Web.Places.Atlas(), r.Lang, form.Get("place"), 7) {
		out = append(out, gin.H{"code": m.Code, "name": m.Name, "hint": m.Hint})
	}
	c.JSON(http.StatusOK, out)
	return nil
}

// shown is what a post adds to the page.
type shown struct {
	settle  bool   // the question has been put, and is noted
	panel   *panel // what is open in the middle
	said    string
	note    *string
	noted   string
	receipt receiptView
}

// show draws the desk from the state: the same page with and without script, of which a script takes the parts.
func (p *Room) show(c *gin.Context, status int, s State, more shown) error {
	r, ctx := web.From(c), c.Request.Context()
	v := deskView{Shell: p.Shell(c, here), Title: r.T("desk.title.page"), Hotline: p.Web.Dial(), Panel: more.panel, Said: more.said, NoteSaid: more.noted, Receipt: more.receipt}
	v.Waits = p.waiting(c)
	over, err := p.Calls.Ended(ctx, frame.Account(c).Name, s.Call)
	if err != nil {
		return err
	}
	if over && v.Said == "" {
		v.Said = r.T("desk.call.over")
	}
	if s.Q != "" {
		got, err := p.answer(c, &s, more.settle)
		var told *problem.Error
		switch {
		case errors.As(err, &told) && (told.Kind == problem.Invalid || told.Kind == problem.Malformed):
			status, v.Error = told.Kind.Status(), r.Say(told, "question")
		case err != nil:
			return err
		default:
			p.fill(r, &v, s, got)
		}
	} else if more.settle && more.panel == nil && s.typed == "" && s.picked == "" {
		v.Error = r.T("desk.ask.empty")
	}
	if err := p.call(c, &v, &s); err != nil {
		return err
	}
	if more.note != nil {
		v.Note = *more.note
	}
	v.Place = p.placeView(r, s)
	v.State = s
	return p.Page(c, status, "console-desk", v.Title, v)
}

// fill shows what a reply says: the answer, its programme, and what else may be of use.
func (p *Room) fill(r *web.Request, v *deskView, s State, got faq.Reply) {
	v.Answer = p.answerView(r, s, got)
	if got.Outcome == faq.Emergency {
		return
	}
	if len(got.Programmes) > 0 {
		if v.Card = p.cardView(r, s, got.Programmes[0]); v.Card != nil {
			v.Answer.Form = v.Card.Form
		}
	}
	v.Related = p.related(r, got.Programmes, len(v.Answer.Options))
}

// call shows the call that runs, with what was asked in it.
func (p *Room) call(c *gin.Context, v *deskView, s *State) error {
	r, ctx := web.From(c), c.Request.Context()
	call, err := p.Calls.Current(ctx, frame.Account(c).Name, s.Call)
	if err != nil || call.ID == "" {
		s.Call = ""
		return err
	}
	s.Call = call.ID
	v.Call = &onView{Since: call.Started.In(shanghai()).Format("15:04"), Seconds: int(max(0, p.Web.Now().Sub(call.Started)).Seconds()), Danger: call.Danger != ""}
	v.Note = call.Note
	asked, err := p.Calls.Questions(ctx, call.ID)
	if err != nil {
		return err
	}
	for _, one := range asked {
		a := askedView{Text: one.Text, Tag: r.T("desk.was." + one.Outcome)}
		if one.Outcome != string(faq.Answer) {
			a.Say = "warn"
		}
		if one.Outcome == string(faq.Emergency) {
			a.Say = "red"
		}
		if one.ID == s.Asked && v.Answer != nil {
			v.Answer.Verdict = one.Verdict
		}
		v.Asked = append(v.Asked, a)
	}
	return nil
}

// waiting counts what waits for whoever sits down next.
func (p *Room) waiting(c *gin.Context) int {
	back, err := p.callBacks(c)
	if err != nil {
		p.Web.Log.Warn("calls not counted", "err", err)
		return 0
	}
	left, err := p.left(c)
	if err != nil {
		p.Web.Log.Warn("shifts not counted", "err", err)
		return len(back)
	}
	n := len(back)
	for _, one := range left {
		if one.Taken.IsZero() {
			n++
		}
	}
	return n
}

// removed says what was taken out of a text before it was kept, "" for nothing.
func removed(r *web.Request, m calls.Removed) string {
	var parts []string
	for _, one := range []struct {
		n   int
		key string
	}{{m.Numbers, "desk.removed.numbers"}, {m.Names, "desk.removed.names"}, {m.Addresses, "desk.removed.mails"}} {
		if one.n > 0 {
			parts = append(parts, r.T(one.key, "n", one.n))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return r.T("desk.removed", "what", strings.Join(parts, r.T("desk.list")))
}
