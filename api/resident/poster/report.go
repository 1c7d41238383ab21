package poster

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"mashang/aid/cases"
	"mashang/aid/place"
	"mashang/api/resident/frame"
	"mashang/api/resident/photo"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/text"
	"mashang/qr"
)

// What a resident may say is wrong with a poster, the worst first. An inspector also knows "covered".
func posterFaults() []string {
	return []string{cases.PosterAddress, cases.PosterMoney, cases.PosterSticker, cases.PosterDamaged, cases.PosterGone, cases.PosterWrong, cases.PosterOther}
}

// A report is never refused for coming often: a village hall's Wi-Fi is one address, and a fraud is told of by many at
// once. The bound only keeps a program from filling the disk.
const (
	reportsAnHour = 3000
	whereLength   = 200
	saidLength    = 2000
)

type reportView struct {
	Heading                          string
	Problems                         []frame.Issue
	Action, Key                      string
	Papers                           []string // photos that have arrived; their ids travel with the form
	What, Which, Where, Phone, Files frame.Field
	Said                             frame.Field
	Office                           *frame.Call
}

// report asks what is wrong with which poster. A link may bring the poster and what is wrong along.
func (p *Room) report(c *gin.Context) error {
	r, form := web.From(c), url.Values{}
	if code := qr.Clean(c.Query("code")); code != "" {
		if id, err := p.Web.Codes.Verify(code); err == nil {
			if l, ok := p.Web.Places.Atlas().Location(id); ok {
				form.Set("code", code)
				form.Set("n", l.Number)
			}
		}
	}
	switch n := text.Cut(web.Query(c, "n"), 120); {
	case n != "":
		form.Set("n", n)
	case form.Get("n") == "" && r.Spot != nil && r.Spot.Location != nil:
		l := r.Spot.Location
		if r.Spot.Old != nil {
			l = r.Spot.Old
		}
		form.Set("code", p.Web.Codes.Code(l.ID))
		form.Set("n", l.Number)
	}
	form.Set("what", c.Query("what"))
	return p.reportForm(c, http.StatusOK, photo.Posted{Values: form}, nil)
}

// reportSend files the report. Whatever is wrong with it, what was typed stays on the page, and a photo that arrived
// stays here.
func (p *Room) reportSend(c *gin.Context) error {
	r := web.From(c)
	if err := p.Web.Allow(c, "report:"+web.ClientAddress(c), reportsAnHour, time.Hour); err != nil {
		return err
	}
	in, err := p.Photos.Form(c)
	if err != nil {
		return err
	}
	wrong := map[string]string{}
	n, where := strings.TrimSpace(in.Get("n")), strings.TrimSpace(in.Get("where"))
	switch {
	case in.Wrong != nil:
		wrong["file"] = photo.Wrong(r, in.Wrong)
	case !slices.Contains(posterFaults(), in.Get("what")):
		wrong["what"] = r.T("report.what.missing")
	case n == "" && where == "":
		wrong["n"] = r.T("report.which.missing")
	}
	for name, most := range map[string]int{"n": saidLength, "where": whereLength, "said": saidLength} {
		if got := utf8.RuneCountInString(in.Get(name)); got > most {
			wrong[name] = r.T("form.error.long", "max", most, "n", got)
		}
	}
	if len(wrong) > 0 {
		status := http.StatusUnprocessableEntity
		if in.Status != 0 {
			status = in.Status
		}
		return p.reportForm(c, status, in, wrong)
	}
	in.Set("code", qr.Clean(c.Query("code")))
	f := p.reportOf(r, in.Values)
	f.Papers = in.Papers
	filed, err := p.fileReport(c, f)
	var e *problem.Error
	for try := 0; errors.As(err, &e) && try < 2; try++ {
		switch {
		case e.Key == "cases.key.other": // the page was sent again with other words: another report
			f.IdempotencyKey = frame.Once()
		case e.Kind == problem.Invalid || e.Kind == problem.Conflict: // a photo is gone or with another report; the words matter more
			f.Papers, f.IdempotencyKey = nil, frame.Once()
		}
		filed, err = p.fileReport(c, f)
	}
	if err != nil {
		return frame.Wrap("report", err)
	}
	p.Cases.Ring()
	if filed.PIN != "" {
		p.Web.SetCookie(c, "pin", filed.Token+"."+filed.PIN, frame.PINSeconds)
	}
	return p.Web.Redirect(c, "/status/"+filed.Token)
}

// fileReport files a report with its photos, all or nothing.
func (p *Room) fileReport(c *gin.Context, f cases.PosterReport) (filed cases.Filed, err error) {
	ctx := c.Request.Context()
	err = p.Cases.DB.Tx(ctx, func(q store.Queryer) (err error) {
		if filed, err = p.Cases.FilePoster(ctx, q, f); err != nil || !filed.Fresh {
			return err
		}
		return p.Desk.Give(ctx, q, f.Papers, filed.ID)
	})
	return filed, err
}

// reportOf finds the poster somebody means, and says the rest as they did.
func (p *Room) reportOf(r *web.Request, form url.Values) cases.PosterReport {
	a := p.Web.Places.Atlas()
	n := strings.TrimSpace(form.Get("n"))
	f := cases.PosterReport{
		Number: text.Cut(n, 60), What: form.Get("what"), From: "resident", Phone: text.Cut(text.Clean(form.Get("phone")), 100),
		Where: strings.TrimSpace(form.Get("where")), Said: strings.TrimSpace(form.Get("said")), IdempotencyKey: text.Cut(form.Get("key"), 64),
	}
	l, ok := p.meant(a, r, n, qr.Clean(form.Get("code")))
	switch {
	case ok:
		f.Location, f.Number, f.Division = l.ID, l.Number, l.Division
	case r.Spot != nil:
		f.Division = r.Spot.Division.Code
	}
	if d, ok := a.Here(f.Division); ok {
		f.Division = d.Code
	} else {
		f.Division = a.Root().Code
	}
	f.Scope = a.Chain(f.Division)
	return f
}

// meant is the poster with what was typed: its code or address, or its number, which a few may share. Then it is the
// one that was scanned, the one where the reader stands, or none.
func (p *Room) meant(a *place.Atlas, r *web.Request, n, code string) (place.Location, bool) {
	typed, strange := p.printed(text.Fold(n))
	if one := qr.Clean(typed); strange == "" && len(one) == qr.CodeLen {
		code = one
	}
	if id, err := p.Web.Codes.Verify(code); err == nil {
		if l, ok := a.Location(id); ok && (!frame.IsNumber(typed) || strings.TrimLeft(l.Number, "0") == strings.TrimLeft(typed, "0")) && strange == "" {
			return l, true
		}
	}
	if strange != "" || !frame.IsNumber(typed) {
		return place.Location{}, false
	}
	all := slices.DeleteFunc(p.Numbered(a, typed), func(l place.Location) bool { return l.State == place.Moved })
	if len(all) == 1 {
		return all[0], true
	}
	for _, l := range all {
		if r.Spot != nil && l.Division == r.Spot.Division.Code {
			return l, true
		}
	}
	return place.Location{}, false
}

func (p *Room) reportForm(c *gin.Context, status int, in photo.Posted, wrong map[string]string) error {
	r := web.From(c)
	v := reportView{Heading: r.T("report.problems"), Action: "/report", Key: in.Get("key"), Papers: in.Papers}
	if v.Key == "" {
		v.Key = frame.Once()
	}
	v.What = frame.Field{Kind: "pick", ID: frame.FieldID("what"), Name: "what", Label: r.T("report.what")}
	for _, one := range posterFaults() {
		v.What.Options = append(v.What.Options, frame.Option{Value: one, Label: r.T("report.what." + one), On: in.Get("what") == one})
	}
	v.Which = frame.Line(r, "n", "report.which", in.Get("n"))
	v.Which.Help, v.Which.Complete = r.T("report.which.help"), "off"
	v.Where = frame.Line(r, "where", "report.where", in.Get("where"))
	v.Where.Help, v.Where.Optional = r.T("report.where.help"), true
	v.Said = frame.Field{Kind: "long", ID: frame.FieldID("said"), Name: "said", Label: r.T("report.said"), Value: in.Get("said"), Optional: true}
	v.Phone = frame.Line(r, "phone", "report.phone", in.Get("phone"))
	v.Phone.Help, v.Phone.Optional, v.Phone.Type, v.Phone.Complete = r.T("report.phone.help"), true, "tel", "tel"
	v.Files = frame.Field{ID: frame.FieldID("file"), Name: "file", Label: r.T("report.photo"), Help: r.T("report.photo.help"), Optional: true}
	for _, f := range []*frame.Field{&v.What, &v.Which, &v.Where, &v.Files, &v.Said} {
		f.Wrong(&v.Problems, wrong[f.Name])
	}
	v.Which.Upper = false
	if o, ok := r.Office(""); ok {
		v.Office = &frame.Call{Name: o.Name.In(r.Lang), Phone: o.Phone, Quiet: true, Wide: true}
	}
	if code := qr.Clean(in.Get("code")); code != "" {
		v.Action += "?code=" + code
	}
	return p.Personal(c, status, "report", r.T("report.title"), v)
}
