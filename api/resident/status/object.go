package status

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/cases"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/i18n"
)

// decided lists the decisions that somebody may object to.
func decided(status string) bool {
	switch status {
	case "rejected", "confirmed", "paying", "adjusted", "suspended", "terminated", "terminated_noncoop", "not_upheld":
		return true
	}
	return false
}

func (p *Room) object(c *gin.Context) error {
	v, err := p.proven(c, "object")
	if err != nil || v.Token == "" {
		return err
	}
	if !decided(v.Status) {
		return p.Web.Redirect(c, caseURL(v, ""))
	}
	return p.objectPage(c, http.StatusOK, v, url.Values{}, nil)
}

func (p *Room) objectDo(c *gin.Context) error {
	typed, err := web.Form(c)
	if err != nil {
		return err
	}
	v, err := p.proven(c, "object")
	if err != nil || v.Token == "" {
		return err
	}
	if !decided(v.Status) {
		return p.Web.Redirect(c, caseURL(v, ""))
	}
	filed, err := p.Desk.Dispute(c.Request.Context(), v, apply.Objection{Said: typed.Get("said"), Want: typed.Get("want"), Key: typed.Get("key")}, "")
	if wrong := p.Words(web.From(c), err); wrong != nil {
		return p.objectPage(c, http.StatusUnprocessableEntity, v, typed, wrong)
	}
	if err != nil {
		return frame.Wrap("object", err)
	}
	return p.filed(c, filed)
}

// filed leads to the receipt of a case that was just filed, with its PIN once.
func (p *Room) filed(c *gin.Context, filed cases.Filed) error {
	p.Filed(c, filed.Fresh)
	if filed.PIN != "" {
		p.Web.SetCookie(c, "pin", filed.Token+"."+filed.PIN, frame.PINSeconds)
	}
	return p.Web.Redirect(c, "/status/"+filed.Token)
}

// objectPage shows the reasons, the ways the law gives with their last days, and takes what somebody has to say.
func (p *Room) objectPage(c *gin.Context, status int, v cases.View, typed url.Values, wrong map[string]string) error {
	r := web.From(c)
	a := frame.Ask{Title: r.T("after.object.h1"), Intro: []string{r.T("after.object.text")}, Action: caseURL(v, "object"), Button: r.T("after.object.send"),
		Hidden: []frame.Hidden{{Name: "key", Value: keyOf(typed)}}, Back: caseURL(v, ""), BackWords: r.T("after.back")}
	reason := v.Reason
	if reason == "" && v.ReasonKey != "" {
		reason = r.T(v.ReasonKey)
	}
	if reason != "" {
		a.Parts = append(a.Parts, frame.Part{Title: r.T("receipt.reason"), Lines: []string{reason}})
	}
	ways := frame.Part{Title: r.T("after.object.ways")}
	ways.Lines = append(ways.Lines, p.ways(r, v)...)
	if v.Appeal != "" {
		ways.Lines = append([]string{v.Appeal}, ways.Lines...)
	}
	a.Parts = append(a.Parts, ways)
	want := frame.Field{Kind: "pick", ID: frame.FieldID("want"), Name: "want", Label: r.T("after.object.want")}
	for _, one := range apply.Wants() {
		want.Options = append(want.Options, frame.Option{Value: one, Label: r.T("after.object.want." + one), On: typed.Get("want") == one})
	}
	said := frame.Field{Kind: "long", ID: frame.FieldID("said"), Name: "said", Label: r.T("after.object.said"), Help: r.T("after.object.said.help"), Value: typed.Get("said")}
	a.Fields = []*frame.Field{&want, &said}
	county := apply.CountyOf(p.Web.Places.Atlas(), v.Division)
	if o, ok := p.Web.Places.Atlas().Office(county, "minzheng"); ok {
		a.Call = &frame.Call{Name: o.Name.In(r.Lang), Phone: o.Phone, Quiet: true, Wide: true}
	}
	return p.Asking(c, status, a, wrong)
}

// ways are the ways of law against a decision, each with its last day as far as we know the day of the decision.
func (p *Room) ways(r *web.Request, v cases.View) []string {
	var out []string
	for _, way := range apply.Ways(v.Timeline, v.Status) {
		args := []any{"n", strconv.Itoa(way.Days), "law", way.Law}
		if way.By.IsZero() {
			out = append(out, r.T("after.way."+way.Key, args...))
			continue
		}
		args = append(args, "by", i18n.Date(r.Lang, way.By))
		key := "after.way." + way.Key + ".by"
		if way.By.Before(p.Web.Now()) {
			key = "after.way." + way.Key + ".over"
		}
		out = append(out, r.T(key, args...))
	}
	return out
}
