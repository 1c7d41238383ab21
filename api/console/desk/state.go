package desk

import (
	"crypto/rand"
	"fmt"
	"hash/fnv"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/calls"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/faq"
	"mashang/i18n"
	"mashang/platform/store"
)

// State is what the page carries from one post to the next. The words of the caller travel in bodies only.
type State struct {
	Call   string // the call, "" while none runs
	At     string // the division that answers are for
	Q      string // the caller's words
	Conv   string // the conversation with the assistant
	Asked  string // the question's record, once it has settled
	Of     string // what Asked is the record of
	Moved  string // "1" when the place was changed by hand since the last question
	typed  string // what stands in the place box
	picked string // a place chosen from several
	draft  bool   // the question is still being typed
	do     string // the panel that is to open

	programme, outcome string // of the answer, where a deed has asked again
}

// read takes the state out of a posted form.
func (p *Room) read(c *gin.Context) (State, url.Values, error) {
	form, err := web.Form(c)
	if err != nil {
		return State{}, nil, err
	}
	s := State{
		Call: form.Get("call"), At: form.Get("at"), Q: strings.TrimSpace(form.Get("q")), Conv: form.Get("conv"), Asked: form.Get("asked"), Of: form.Get("of"), Moved: form.Get("moved"),
		typed: strings.TrimSpace(form.Get("place")), picked: form.Get("pick"), draft: form.Get("draft") == "1", do: form.Get("do"),
	}
	if next := form.Get("choose"); next != "" {
		s.Q = next
	}
	p.stand(c, &s)
	return s, form, nil
}

// stand settles which place answers are for: one that was picked, else what was typed into the box, else as before.
func (p *Room) stand(c *gin.Context, s *State) {
	atlas, r := p.Web.Places.Atlas(), web.From(c)
	if _, ok := atlas.Here(s.At); !ok {
		s.At = p.home(c)
	}
	was := s.At
	if d, _ := atlas.Here(s.At); s.typed == d.Name.In(r.Lang) || s.typed == p.called1(r.Lang, s.At) {
		s.typed = "" // the box as it was
	}
	switch {
	case s.picked != "":
		if there, ok := atlas.Here(s.picked); ok {
			s.At = there.Code
		}
	case s.typed != "":
		if found := p.finder.Find(atlas, r.Lang, s.typed, 1); len(found) > 0 {
			s.At = found[0].Code
		}
	}
	if s.At != was {
		s.Moved = "1"
	}
}

// home is the place of who has no other: the division an account is for, else the county.
func (p *Room) home(c *gin.Context) string {
	if scope := frame.Account(c).Scope; scope != "" {
		return scope
	}
	return p.Web.Places.Atlas().Root().Code
}

// called1 is a place as its box shows it: with the town before a village.
func (p *Room) called1(l i18n.Lang, code string) string {
	atlas := p.Web.Places.Atlas()
	d, _ := atlas.Division(code)
	chain := atlas.Chain(code)
	if len(chain) < 3 {
		return d.Name.In(l)
	}
	up, _ := atlas.Division(chain[1])
	if l == i18n.En {
		return d.Name.In(l) + ", " + up.Name.In(l)
	}
	return up.Name.In(l) + " " + d.Name.In(l)
}

// of is a mark of a question at a place, to tell whether it has settled already.
func (s State) of() string {
	h := fnv.New64a()
	h.Write([]byte(s.Q + "\x00" + s.At))
	return fmt.Sprintf("%016x", h.Sum64())
}

func (s State) settled() bool { return s.Asked != "" && s.Of == s.of() }

func (p *Room) question(c *gin.Context, s State, quiet bool) faq.Question {
	return faq.Question{Text: s.Q, Place: s.At, Lang: web.From(c).Lang, Conversation: s.Conv, Channel: "desk", Quiet: quiet, Moved: s.Moved == "1"}
}

// answer asks the assistant. A question that has settled is noted with its call, which begins with it when none runs,
// and put on record without its words.
func (p *Room) answer(c *gin.Context, s *State, settle bool) (faq.Reply, error) {
	ctx := c.Request.Context()
	settle = settle && !s.settled()
	got, err := p.Assistant.Ask(ctx, p.question(c, *s, !settle))
	if err != nil || !settle {
		return got, err
	}
	call, err := p.onCall(c, s)
	if err != nil {
		return got, err
	}
	programme := ""
	if len(got.Programmes) > 0 {
		programme = got.Programmes[0]
	}
	err = p.DB.Tx(ctx, func(q store.Queryer) (err error) {
		on := call
		if on.ID == "" {
			if on, err = p.Calls.Begin(ctx, q, frame.Account(c).Name, s.At); err != nil {
				return err
			}
		}
		one, err := p.Calls.Settle(ctx, q, on, calls.Question{Text: s.Q, Outcome: string(got.Outcome), Programme: programme, Division: s.At}, got.Danger)
		if err != nil {
			return err
		}
		s.Call, s.Asked = on.ID, one.ID
		return p.Note(c, q, "desk-ask", on.ID, strings.TrimSpace(string(got.Outcome)+" "+programme+" "+s.At))
	})
	if err != nil {
		return got, err
	}
	s.Of, s.Conv, s.Moved = s.of(), got.Conversation, ""
	return got, nil
}

// onCall is the call that runs; one that was ended in another window is none, and the page says so.
func (p *Room) onCall(c *gin.Context, s *State) (calls.Call, error) {
	call, err := p.Calls.Current(c.Request.Context(), frame.Account(c).Name, s.Call)
	if err == nil && call.ID == "" {
		s.Call, s.Asked = "", ""
	}
	return call, err
}

// newKey is what makes a panel that is sent twice take effect once.
func newKey() string { return rand.Text() }
