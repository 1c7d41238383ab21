package status

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply/consent"
	"mashang/aid/cases"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/qr"
)

// signers shows whose consent a case has, and makes codes for those whom it misses.
func (p *Room) signers(c *gin.Context) error {
	v, err := p.proven(c, "signers")
	if err != nil || v.Token == "" {
		return err
	}
	return p.signersPage(c, http.StatusOK, v, "", nil)
}

type signersView struct {
	People []signerView
	Back   string
	Action string
}

type signerView struct {
	ID, Name, Words string
	Signed, Ask     bool
	Owes            bool
	Code            []string
	Link, QR, Until string
	End             *frame.Field // what proves who takes it back
}

func (p *Room) signersPage(c *gin.Context, status int, v cases.View, at string, wrong map[string]string) error {
	r := web.From(c)
	r.Path = caseURL(v, "signers")
	all, err := p.Desk.CaseConsents(c.Request.Context(), v.ID)
	if err != nil {
		return frame.Wrap("signers", err)
	}
	b := signersView{Back: caseURL(v, ""), Action: caseURL(v, "signers")}
	for i, rec := range all {
		x := signerView{ID: rec.ID, Name: rec.Signer.Person, Words: consentWords(r, rec), Signed: rec.State == consent.Signed, Owes: len(rec.Signer.Member) > 10 && rec.Signer.Member[:10] == "supporters"}
		switch rec.State {
		case consent.Asked:
			if rec.Until.After(p.Web.Now()) {
				x.Code, x.Link, x.Until = frame.Fours(rec.Code), p.Web.Base.JoinPath("consent", rec.Token).String(), i18n.Date(r.Lang, rec.Until)
				x.QR = caseURL(v, "signers") + "/" + strconv.Itoa(i) + "/code"
			} else {
				x.Ask = true
			}
		case consent.Open, consent.Refused:
			x.Ask = true
		case consent.Signed:
			if rec.Signer.Minor {
				break
			}
			f := frame.Line(r, "proof", "after.sign.last4", "")
			f.ID += "-" + strconv.Itoa(i)
			f.Label, f.Short, f.Upper, f.Complete = r.T("after.signers.last4", "name", rec.Signer.Person), true, true, "off"
			if rec.Signer.Last4 == "" {
				f.Label, f.Short, f.Upper = r.T("after.signers.name", "name", rec.Signer.Person), false, false
			}
			if at == rec.ID {
				var list []frame.Issue
				f.Wrong(&list, wrong["proof"])
			}
			x.End = &f
		}
		b.People = append(b.People, x)
	}
	return p.Personal(c, status, "status-signers", r.T("after.signers.h1"), b)
}

func consentWords(r *web.Request, rec consent.Record) string {
	if rec.State == consent.Signed && rec.Signature.Way == consent.OnPhone {
		return r.T("after.state.signed.phone")
	}
	return r.T("after.state." + string(rec.State))
}

// signersDo makes a code, or takes a consent back at the wish of who gave it.
func (p *Room) signersDo(c *gin.Context) error {
	typed, err := web.Form(c)
	if err != nil {
		return err
	}
	v, err := p.proven(c, "signers")
	if err != nil || v.Token == "" {
		return err
	}
	ctx, id, r := c.Request.Context(), typed.Get("who"), web.From(c)
	if typed.Get("go") == "ask" {
		if _, err := p.Desk.AskForCase(ctx, v.ID, id); err != nil && !problem.Is(err, problem.Conflict) {
			return frame.Wrap("signers", err)
		}
		return p.Web.Redirect(c, caseURL(v, "signers"))
	}
	proof := typed.Get("proof")
	err = p.Desk.WithdrawHere(ctx, v.ID, id, proof, web.ClientAddress(c))
	if e := frame.Limited(err); e != nil {
		return p.signersPage(c, e.Kind.Status(), v, id, map[string]string{"proof": r.T("after.consent.locked", "minutes", max(1, (web.Seconds(e.RetryAfter)+59)/60))})
	}
	if e := frame.Invalid(err); e != nil {
		words := ""
		for field := range e.Fields {
			words = frame.SayField(r, e, field)
		}
		return p.signersPage(c, http.StatusUnprocessableEntity, v, id, map[string]string{"proof": words})
	}
	if err != nil && !problem.Is(err, problem.Conflict) {
		return frame.Wrap("signers", err)
	}
	return p.Web.Redirect(c, caseURL(v, "signers"))
}

// signersCode draws the code that leads a member to their own page.
func (p *Room) signersCode(c *gin.Context) error {
	v, err := p.proven(c, "signers")
	if err != nil || v.Token == "" {
		return err
	}
	all, err := p.Desk.CaseConsents(c.Request.Context(), v.ID)
	if err != nil {
		return frame.Wrap("signers", err)
	}
	n, err := strconv.Atoi(c.Param("n"))
	if err != nil || n < 0 || n >= len(all) || all[n].Token == "" {
		return problem.New(problem.Missing, "after.consent.unknown")
	}
	b, err := qr.SVG(p.Web.Base.JoinPath("consent", all[n].Token).String())
	if err != nil {
		return frame.Wrap("signers", err)
	}
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, "image/svg+xml", b)
	return nil
}
