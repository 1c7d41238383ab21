package questions

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/faq/better"
	"mashang/platform/problem"
	"mashang/platform/store"
)

func (p *Room) settingsPage(c *gin.Context) error {
	s, err := p.Groups.Settings(c.Request.Context())
	if err != nil {
		return err
	}
	n := func(v int64) []string { return []string{strconv.FormatInt(v, 10)} }
	return p.settingsForm(c, http.StatusOK, url.Values{"days": n(s.Days), "least": n(s.Least), "floor": n(s.Floor)}, nil)
}

func (p *Room) settingsForm(c *gin.Context, status int, form url.Values, wrong *problem.Error) error {
	r := web.From(c)
	v := frame.Form{Shell: p.Shell(c, "/questions"), Title: r.T("better.settings"), Action: frame.Root + "/questions-settings", Cancel: frame.Root + "/questions", Submit: r.T("better.settings.keep")}
	v.Shell.Crumb("", v.Title)
	var fields []frame.Field
	for _, one := range []struct{ name, low, high string }{{"days", "7", "365"}, {"least", "2", "50"}, {"floor", "0", "100"}} {
		f := frame.Line(r, one.name, "better.settings."+one.name, form.Get(one.name))
		f.Help, f.Type, f.Mode, f.Short, f.Min, f.Max = r.T("better.settings."+one.name+".help"), "number", "numeric", true, one.low, one.high
		if wrong != nil {
			if said := r.Say(wrong, one.name); said != "" {
				f.Wrong(&v.Problems, said)
			}
		}
		fields = append(fields, f)
	}
	v.Sections = []frame.Section{{Fields: fields}}
	return p.Page(c, status, "console-form", v.Title, v)
}

func (p *Room) settingsSave(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	at := func(name string) int64 {
		n, err := strconv.ParseInt(form.Get(name), 10, 64)
		if err != nil {
			return -1
		}
		return n
	}
	ctx := c.Request.Context()
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := p.Groups.Set(ctx, q, better.Settings{Days: at("days"), Least: at("least"), Floor: at("floor")}); err != nil {
			return err
		}
		return p.Note(c, q, "question-settings", "", form.Get("days")+" "+form.Get("least")+" "+form.Get("floor"))
	})
	var wrong *problem.Error
	if errors.As(err, &wrong) && wrong.Kind == problem.Invalid {
		return p.settingsForm(c, http.StatusUnprocessableEntity, form, wrong)
	}
	if err != nil {
		return err
	}
	p.Flash(c, "better.settings.kept")
	return p.Web.Redirect(c, frame.Root+"/questions")
}
