package check

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
	"mashang/platform/text"
)

// objections is what somebody may say about a list, and that one's own data are wrong.
func objections() []string {
	return []string{"should_not", "absent", "figures", "mine", "must_not", "other"}
}

// A village hall's Wi-Fi is one address; the bound only keeps a program from filling the disk.
const (
	objectionsAnHour = 1000
	lineLength       = 60
	objectionLength  = 2000
)

type objectionView struct {
	Heading                string
	Problems               []frame.Issue
	Action, Key            string
	Papers                 []string // photos that have arrived; their ids travel with the form
	What, List, Line, Said frame.Field
	Village                *frame.Field // asked when no code was scanned
	Files, Name, Phone     frame.Field
	Office                 *frame.Call
}

// objected is the sealed part of an objection: only the county's office reads it.
type objected struct {
	What        string `json:"what"`
	Publication string `json:"publication,omitempty"`
	Kind        string `json:"list,omitempty"`
	Village     string `json:"village,omitempty"`
	Where       string `json:"where,omitempty"`
	Line        string `json:"line,omitempty"`
	Said        string `json:"said,omitempty"`
	Name        string `json:"name,omitempty"`
	Phone       string `json:"phone,omitempty"`
}

// objection asks what is wrong with a list. Nobody has to say who they are.
func (p *Room) objection(c *gin.Context) error {
	return p.objectionForm(c, http.StatusOK, photo.Posted{Values: url.Values{"list": {web.Query(c, "list")}, "what": {web.Query(c, "what")}}}, nil)
}

// objectionSend files the objection with the county, never with the village or the town it is about.
func (p *Room) objectionSend(c *gin.Context) error {
	r := web.From(c)
	if err := p.Web.Allow(c, "objection:"+web.ClientAddress(c), objectionsAnHour, time.Hour); err != nil {
		return err
	}
	in, err := p.Photos.Form(c)
	if err != nil {
		return err
	}
	wrong := map[string]string{}
	what, said := in.Get("what"), strings.TrimSpace(in.Get("said"))
	switch {
	case in.Wrong != nil:
		wrong["file"] = photo.Wrong(r, in.Wrong)
	case !slices.Contains(objections(), what):
		wrong["what"] = r.T("objection.what.missing")
	case said == "" && strings.TrimSpace(in.Get("line")) == "" && len(in.Papers) == 0:
		wrong["said"] = r.T("objection.said.missing")
	}
	for name, most := range map[string]int{"line": lineLength, "said": objectionLength, "name": nameLength, "phone": lineLength, "village": lineLength} {
		if got := utf8.RuneCountInString(in.Get(name)); got > most {
			wrong[name] = r.T("form.error.long", "max", most, "n", got)
		}
	}
	if len(wrong) > 0 {
		status := http.StatusUnprocessableEntity
		if in.Status != 0 {
			status = in.Status
		}
		return p.objectionForm(c, status, in, wrong)
	}
	f, err := p.objectionOf(c, in)
	if err != nil {
		return err
	}
	filed, err := p.Cases.File(c.Request.Context(), f)
	var e *problem.Error
	if errors.As(err, &e) && e.Key == "cases.key.other" { // the page was sent again with other words: another objection
		f.IdempotencyKey = frame.Once()
		filed, err = p.Cases.File(c.Request.Context(), f)
	}
	if err != nil {
		return frame.Wrap("objection", err)
	}
	if filed.PIN != "" {
		p.Web.SetCookie(c, "pin", filed.Token+"."+filed.PIN, frame.PINSeconds)
	}
	return p.Web.Redirect(c, "/status/"+filed.Token)
}

// objectionOf makes the case. Its scope begins at the county, so that no endpoint and no account of the village or the
// town ever sees it.
func (p *Room) objectionOf(c *gin.Context, in photo.Posted) (cases.Filing, error) {
	r, a := web.From(c), p.Web.Places.Atlas()
	body := objected{What: in.Get("what"), Line: strings.TrimSpace(in.Get("line")), Said: strings.TrimSpace(in.Get("said")), Where: strings.TrimSpace(in.Get("village")),
		Name: text.Clean(in.Get("name")), Phone: text.Clean(in.Get("phone"))}
	f := cases.Filing{Kind: cases.Objection, IdempotencyKey: text.Cut(in.Get("key"), 64), Papers: in.Papers}
	division := a.Root().Code
	if village, ok := p.listVillage(r); ok {
		division, body.Village = village.Code, village.Code
		all, err := p.Board.Overview(c.Request.Context(), village.Code)
		if err != nil {
			return f, frame.Wrap("objection", err)
		}
		for _, one := range all {
			if one.ID == in.Get("list") {
				f.Programme, body.Publication, body.Kind = one.Programme, one.ID, string(one.Kind)
			}
		}
	}
	f.Division = countyOf(a, division)
	f.Scope = a.Chain(f.Division)
	f.Body = body
	return f, nil
}

// countyOf is the county above a division, or the root.
func countyOf(a *place.Atlas, division string) string {
	for _, code := range a.Chain(division) {
		if d, ok := a.Division(code); ok && d.Level == place.County {
			return code
		}
	}
	return a.Root().Code
}

// listVillage is the village whose lists the reader's code opens.
func (p *Room) listVillage(r *web.Request) (place.Division, bool) {
	if r.Spot == nil || r.Code == "" || r.Spot.Location == nil {
		return place.Division{}, false
	}
	return p.Web.Places.Atlas().Division(r.Spot.Location.Roster)
}

func (p *Room) objectionForm(c *gin.Context, status int, in photo.Posted, wrong map[string]string) error {
	r := web.From(c)
	v := objectionView{Heading: r.T("objection.problems"), Action: "/roster/objection", Key: in.Get("key"), Papers: in.Papers}
	if v.Key == "" {
		v.Key = frame.Once()
	}
	v.What = frame.Field{Kind: "pick", ID: frame.FieldID("what"), Name: "what", Label: r.T("objection.what")}
	for _, one := range objections() {
		v.What.Options = append(v.What.Options, frame.Option{Value: one, Label: r.T("objection.what." + one), On: in.Get("what") == one})
	}
	v.List = frame.Field{Kind: "select", ID: frame.FieldID("list"), Name: "list", Label: r.T("objection.list"), Optional: true, Groups: []frame.OptionGroup{{Options: []frame.Option{{Label: r.T("objection.list.any")}}}}}
	if village, ok := p.listVillage(r); ok {
		all, err := p.Board.Overview(c.Request.Context(), village.Code)
		if err != nil {
			return frame.Wrap("objection", err)
		}
		for _, one := range all {
			v.List.Groups[0].Options = append(v.List.Groups[0].Options, frame.Option{Value: one.ID, On: one.ID == in.Get("list"),
				Label: r.T("rosterpage.kind."+string(one.Kind), "programme", p.ProgrammeName(r.Lang, one.Programme), "n", one.Households)})
		}
	} else {
		f := frame.Line(r, "village", "objection.village", in.Get("village"))
		f.Optional = true
		v.Village = &f
	}
	v.Line = frame.Line(r, "line", "objection.line", in.Get("line"))
	v.Line.Help, v.Line.Optional, v.Line.Complete = r.T("objection.line.help"), true, "off"
	v.Said = frame.Field{Kind: "long", ID: frame.FieldID("said"), Name: "said", Label: r.T("objection.said"), Help: r.T("objection.said.help"), Value: in.Get("said")}
	v.Files = frame.Field{ID: frame.FieldID("file"), Name: "file", Label: r.T("objection.photo"), Optional: true}
	v.Name = frame.Line(r, "name", "objection.name", in.Get("name"))
	v.Name.Help, v.Name.Optional, v.Name.Complete = r.T("objection.name.help"), true, "name"
	v.Phone = frame.Line(r, "phone", "objection.phone", in.Get("phone"))
	v.Phone.Optional, v.Phone.Type, v.Phone.Complete = true, "tel", "tel"
	fields := []*frame.Field{&v.What, &v.List, &v.Line, &v.Said, &v.Files, &v.Name, &v.Phone}
	if v.Village != nil {
		fields = append(fields, v.Village)
	}
	for _, f := range fields {
		f.Wrong(&v.Problems, wrong[f.Name])
	}
	at := p.Web.Places.Atlas()
	county := at.Root().Code
	if r.Spot != nil {
		county = countyOf(at, r.Spot.Division.Code)
	}
	if o, ok := at.Office(county, "civil_affairs"); ok { // the county's, not the town's, whose list it is
		v.Office = &frame.Call{Name: o.Name.In(r.Lang), Phone: o.Phone, Quiet: true, Wide: true}
	}
	return p.Personal(c, status, "objection", r.T("objection.title"), v)
}
