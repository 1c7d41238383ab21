package desk

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/calls"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// begin starts a call. One that still runs goes on beside it in its own window.
func (p *Room) begin(c *gin.Context) error {
	s, _, err := p.read(c)
	if err != nil {
		return err
	}
	next := State{At: p.home(c)}
	err = p.DB.Tx(c.Request.Context(), func(q store.Queryer) error {
		call, err := p.Calls.Begin(c.Request.Context(), q, frame.Account(c).Name, next.At)
		next.Call = call.ID
		if err != nil {
			return err
		}
		return p.Note(c, q, "desk-begin", call.ID, "")
	})
	if err != nil {
		return err
	}
	if s.Call == "" { // nobody was on the line: what was typed already belongs to who is now
		next.At, next.Q = s.At, s.Q
	}
	p.forget(c)
	return p.show(c, http.StatusOK, next, shown{said: web.From(c).T("desk.call.begun")})
}

// note keeps what the operator wrote down, without what names the caller, and says what it took out.
func (p *Room) note(c *gin.Context) error {
	s, form, err := p.read(c)
	if err != nil {
		return err
	}
	kept, said, err := p.keep(c, &s, form.Get("note"))
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, s, shown{note: &kept, noted: said})
}

func (p *Room) keep(c *gin.Context, s *State, typed string) (kept, said string, err error) {
	r, ctx := web.From(c), c.Request.Context()
	call, err := p.onCall(c, s)
	if err != nil {
		return "", "", err
	}
	var out calls.Removed
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		on := call
		if on.ID == "" {
			if strings.TrimSpace(typed) == "" {
				return nil
			}
			if on, err = p.Calls.Begin(ctx, q, frame.Account(c).Name, s.At); err != nil {
				return err
			}
		}
		s.Call = on.ID
		kept, out, err = p.Calls.Note(ctx, q, on, typed)
		return err
	})
	if err != nil {
		return "", "", err
	}
	said = r.T("desk.note.kept")
	if out.Any() {
		said = removed(r, out)
	}
	return kept, said, nil
}

// end ends the call and clears the desk for the next.
func (p *Room) end(c *gin.Context) error {
	s, form, err := p.read(c)
	if err != nil {
		return err
	}
	r, ctx := web.From(c), c.Request.Context()
	outcome := form.Get("outcome")
	if outcome == "" {
		return p.again(c, s, "end", form, problem.Field("outcome", "desk.end.missing"))
	}
	call, err := p.onCall(c, &s)
	if err != nil {
		return err
	}
	if call.ID == "" {
		return p.show(c, http.StatusOK, State{At: p.home(c)}, shown{said: r.T("desk.end.none")})
	}
	var out calls.Removed
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		if form.Has("note") {
			if _, out, err = p.Calls.Note(ctx, q, call, form.Get("note")); err != nil {
				return err
			}
		}
		if err := p.Calls.End(ctx, q, frame.Account(c).Name, call.ID, outcome); err != nil {
			return err
		}
		return p.Note(c, q, "desk-end", call.ID, outcome)
	})
	if err != nil {
		return p.again(c, s, "end", form, err)
	}
	p.forget(c)
	said := r.T("desk.end.done", "outcome", r.T("desk.outcome."+outcome))
	if took := removed(r, out); took != "" {
		said += took
	}
	return p.show(c, http.StatusOK, State{At: p.home(c)}, shown{said: said})
}

// copied notes that a script was taken over, and the question with it.
func (p *Room) copied(c *gin.Context) error {
	s, _, err := p.read(c)
	if err != nil {
		return err
	}
	if s.Q == "" {
		return p.show(c, http.StatusOK, s, shown{})
	}
	if _, err := p.answer(c, &s, true); err != nil {
		return err
	}
	err = p.DB.Tx(c.Request.Context(), func(q store.Queryer) error {
		return p.Calls.Did(c.Request.Context(), q, s.Call, calls.Copied, "")
	})
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, s, shown{said: web.From(c).T("desk.copied")})
}

// judge says whether an answer was right. One that was not goes to who writes the answers.
func (p *Room) judge(c *gin.Context) error {
	s, form, err := p.read(c)
	if err != nil {
		return err
	}
	r, ctx := web.From(c), c.Request.Context()
	verdict := form.Get("verdict")
	if verdict != "yes" && verdict != "no" || s.Q == "" {
		return p.show(c, http.StatusUnprocessableEntity, s, shown{said: r.T("desk.judge.nothing")})
	}
	if _, err := p.answer(c, &s, true); err != nil {
		return err
	}
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		one, err := p.Calls.Judge(ctx, q, frame.Account(c).Name, s.Asked, verdict == "yes")
		if err != nil {
			return err
		}
		return p.Note(c, q, "desk-judge", one.ID, verdict)
	})
	if err != nil {
		return err
	}
	if err := p.Assistant.Judge(ctx, p.question(c, s, false), verdict == "yes"); err != nil {
		p.Web.Log.Warn("verdict not passed on", "err", err)
	}
	return p.show(c, http.StatusOK, s, shown{said: r.T("desk.judge." + verdict + ".done")})
}
