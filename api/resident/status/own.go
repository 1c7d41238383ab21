package status

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/apply/form"
	"mashang/aid/cases"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/audit"
	"mashang/platform/store"
)

// own asks once more, and then hands out a copy of all there is about a case to the person it is about (个人信息保护法
// 第四十五条).
func (p *Room) own(c *gin.Context) error {
	v, err := p.proven(c, "own")
	if err != nil || v.Token == "" {
		return err
	}
	return p.ownPage(c, http.StatusOK, v, nil)
}

func (p *Room) ownPage(c *gin.Context, status int, v cases.View, wrong map[string]string) error {
	r := web.From(c)
	a := frame.Ask{Title: r.T("after.own.h1"), Intro: []string{r.T("after.own.text"), r.T("after.own.care")}, Action: caseURL(v, "own"), Button: r.T("after.own.go"),
		Back: caseURL(v, ""), BackWords: r.T("after.back")}
	asks, err := p.Desk.OwnAsks(c.Request.Context(), v)
	if err != nil {
		return frame.Wrap("own", err)
	}
	if asks {
		f := frame.Line(r, "phone4", "after.own.phone", "")
		f.Help, f.Short, f.Mode, f.Complete = r.T("after.own.phone.help"), true, "numeric", "off"
		a.Fields = append(a.Fields, &f)
	}
	as := frame.Field{Kind: "pick", ID: frame.FieldID("as"), Name: "as", Label: r.T("after.own.as"), Options: []frame.Option{
		{Value: "page", Label: r.T("after.own.as.page"), On: true}, {Value: "json", Label: r.T("after.own.as.json")}}}
	a.Fields = append(a.Fields, &as)
	return p.Asking(c, status, a, wrong)
}

// ownDo hands the file out. Without the note of who took it, nothing is handed out.
func (p *Room) ownDo(c *gin.Context) error {
	typed, err := web.Form(c)
	if err != nil {
		return err
	}
	v, err := p.proven(c, "own")
	if err != nil || v.Token == "" {
		return err
	}
	ctx, r := c.Request.Context(), web.From(c)
	all, err := p.Desk.Own(ctx, v, frame.Plain(typed.Get("phone4")), web.ClientAddress(c))
	if e := frame.Limited(err); e != nil {
		return p.ownPage(c, e.Kind.Status(), v, map[string]string{"phone4": r.T("after.consent.locked", "minutes", max(1, (web.Seconds(e.RetryAfter)+59)/60))})
	}
	if wrong := p.Words(r, err); wrong != nil {
		return p.ownPage(c, http.StatusUnprocessableEntity, v, wrong)
	}
	if err != nil {
		return frame.Wrap("own", err)
	}
	var file []byte
	name, kind := v.Receipt+".html", "text/html; charset=utf-8"
	if typed.Get("as") == "json" {
		name, kind = v.Receipt+".json", "application/json"
		if file, err = json.MarshalIndent(all, "", "  "); err != nil {
			return frame.Wrap("own", err)
		}
	} else {
		var b bytes.Buffer
		f := r.Frame(r.T("after.own.title"), p.ownBody(r, v, all))
		if err := p.Web.Face.Page(&b, "own-copy", f); err != nil {
			return frame.Wrap("own", err)
		}
		file = b.Bytes()
	}
	err = p.Desk.Note(ctx, v, "own", frame.Once(), func(q store.Queryer) error {
		return p.Audit.Write(ctx, q, audit.Entry{At: p.Web.Now(), Actor: "resident", Action: "own-data", Object: v.Receipt, Address: web.ClientAddress(c)})
	})
	if err != nil {
		return frame.Wrap("own", err)
	}
	c.Header("Cache-Control", "no-store")
	c.Header("Content-Disposition", `attachment; filename="`+name+`"`)
	c.Data(http.StatusOK, kind, file)
	return nil
}

type ownView struct {
	Receipt  []string
	Made     time.Time
	Name     string
	Parts    []ownPart
	Papers   int
	Consents []ownLine
	Steps    []ownLine
}

type ownPart struct {
	Title string
	Lines []ownLine
}

type ownLine struct{ Label, Value string }

// ownBody puts a copy into words: each answer under the question it was given to.
func (p *Room) ownBody(r *web.Request, v cases.View, all apply.Copy) ownView {
	b := ownView{Receipt: frame.Fours(v.Receipt), Made: all.Made, Papers: len(all.Papers), Name: p.ProgrammeName(r.Lang, v.Programme)}
	doc := all.Whole
	if def, ok := p.Desk.Form(doc.Programme); ok && doc.Answers != nil {
		name := form.TextAt(doc.Answers, "applicant.name")
		for _, page := range def.Pages {
			part := ownPart{Title: r.T(page.Title, "name", name)}
			for _, f := range page.Fields {
				part.Lines = append(part.Lines, p.ownField(r, f, doc.Answers, name)...)
			}
			if len(part.Lines) > 0 {
				b.Parts = append(b.Parts, part)
			}
		}
	} else {
		b.Parts = append(b.Parts, ownPart{Title: r.T("after.own.said"), Lines: flat("", decoded(all.Document))})
	}
	for i, one := range all.Additions {
		b.Parts = append(b.Parts, ownPart{Title: r.T("after.own.added", "n", i+1, "at", i18n.DateTime(r.Lang, one.At)), Lines: flat("", decoded(one.Body))})
	}
	for _, one := range all.Consents {
		b.Consents = append(b.Consents, ownLine{one.Person, r.T("after.state."+string(one.State)) + versionOf(one.Version)})
	}
	for _, one := range all.Timeline {
		b.Steps = append(b.Steps, ownLine{i18n.DateTime(r.Lang, one.At), r.T("status." + one.Status)})
	}
	return b
}

func versionOf(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

// ownField is one question with its answer, or a line for each row.
func (p *Room) ownField(r *web.Request, f form.Field, answers map[string]any, name string) []ownLine {
	if f.Kind != form.Rows {
		v := at(answers, f.Key)
		if v == nil {
			return nil
		}
		return []ownLine{{r.T(f.Label, "name", name), p.ownSaid(r, f, v)}}
	}
	rows, _ := at(answers, f.Key).([]any)
	var out []ownLine
	for i, one := range rows {
		row, _ := one.(map[string]any)
		var said []string
		for _, part := range f.Fields {
			if v := row[part.Key]; v != nil {
				said = append(said, r.T(part.Label, "name", name)+r.T("door.colon")+p.ownSaid(r, part, v))
			}
		}
		label := strconv.Itoa(i + 1)
		if who, ok := row["who"].(string); ok {
			label = who
		}
		out = append(out, ownLine{label, strings.Join(said, "；")})
	}
	return out
}

func (p *Room) ownSaid(r *web.Request, f form.Field, v any) string {
	word := func(s string) string {
		for _, o := range f.Options {
			if o.Value == s && !o.Plain {
				return r.T(o.Label)
			}
		}
		if f.Kind == form.Area {
			return p.Web.Places.Atlas().Names(r.Lang, s)
		}
		return s
	}
	switch v := v.(type) {
	case string:
		return word(v)
	case []any:
		var all []string
		for _, one := range v {
			all = append(all, word(fmt.Sprint(one)))
		}
		return strings.Join(all, "、")
	}
	return fmt.Sprint(v)
}

func at(answers map[string]any, path string) any {
	var v any = answers
	for key := range strings.SplitSeq(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[key]
	}
	return v
}

func decoded(raw json.RawMessage) any {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return nil
	}
	return v
}

// flat lists what a free document says, path by path.
func flat(path string, v any) []ownLine {
	switch v := v.(type) {
	case map[string]any:
		var out []ownLine
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			out = append(out, flat(strings.TrimPrefix(path+"."+k, "."), v[k])...)
		}
		return out
	case []any:
		var out []ownLine
		for i, one := range v {
			out = append(out, flat(path+"."+strconv.Itoa(i+1), one)...)
		}
		return out
	case nil:
		return nil
	}
	return []ownLine{{path, fmt.Sprint(v)}}
}
