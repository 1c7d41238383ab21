package notify

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/notify"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/settings"
	"mashang/platform/store"
)

func clock(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60)
}

func (p *Room) settingsPage(c *gin.Context) error {
	o, err := p.Book.Stored(c.Request.Context())
	if err != nil {
		return err
	}
	if o.Texts.State == "" && p.Texts.On() {
		o.Texts.State = "on"
	}
	return p.settingsShow(c, http.StatusOK, o, nil)
}

func (p *Room) settingsShow(c *gin.Context, status int, o settings.Office, wrong *problem.Error) error {
	r := web.From(c)
	v := frame.Form{Shell: p.Shell(c, here), Title: r.T("notify.edit"), Heading: r.T("console.problems"), Action: frame.Root + here + "/settings", Submit: r.T("console.save"),
		Cancel: frame.Root + here, Hidden: map[string]string{"version": strconv.FormatInt(o.Version, 10)}}
	v.Crumb("", v.Title)
	on := frame.Tick(r, "on", "notify.set.on", o.Texts.State == "on")
	on.Help = r.T("notify.set.on.help")
	daily := frame.Line(r, "daily", "notify.set.daily", "")
	if o.Texts.Daily != 0 {
		daily.Value = strconv.Itoa(o.Texts.Daily)
	}
	daily.Help, daily.Short, daily.Optional, daily.Mode = r.T("notify.set.daily.help", "n", notify.DailyUsual), true, true, "numeric"
	usual := p.Texts.Current()
	from, to := frame.Line(r, "from", "notify.set.from", o.Texts.From), frame.Line(r, "to", "notify.set.to", o.Texts.To)
	if o.Texts.From == "" && o.Texts.To == "" {
		from.Value, to.Value = clock(usual.From), clock(usual.To)
	}
	from.Type, to.Type, from.Short, to.Short = "time", "time", true, true
	sign := frame.Line(r, "sign", "notify.set.sign", o.Texts.Sign)
	sign.Help, sign.Optional, sign.Short = r.T("notify.set.sign.help", "name", p.Texts.Sign(i18n.Hans)), true, true
	for _, f := range []*frame.Field{&daily, &from, &sign} {
		if wrong != nil && wrong.Fields[f.Name] != "" {
			f.Wrong(&v.Problems, r.T(wrong.Fields[f.Name]))
		}
	}
	v.Sections = []frame.Section{{Fields: []frame.Field{on, daily, from, to, sign}}}
	return p.Page(c, status, "console-form", v.Title, v)
}

func (p *Room) settings(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	o, err := p.Book.Stored(ctx)
	if err != nil {
		return err
	}
	if n, err := strconv.ParseInt(form.Get("version"), 10, 64); err == nil {
		o.Version = n
	}
	o.Texts = read(form)
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := p.Book.Save(ctx, q, o, frame.Account(c).Name); err != nil {
			return err
		}
		return p.Note(c, q, "texts-settings", "office", "version "+strconv.FormatInt(o.Version+1, 10))
	})
	var e *problem.Error
	if errors.As(err, &e) && len(e.Fields) > 0 {
		return p.settingsShow(c, e.Kind.Status(), o, e)
	}
	if err != nil {
		return err
	}
	if err := p.Book.Changed(ctx); err != nil {
		return err
	}
	p.Flash(c, "setup.saved")
	return p.Web.Redirect(c, frame.Root+here)
}

func read(form url.Values) settings.Texts {
	t := settings.Texts{State: "off", From: form.Get("from"), To: form.Get("to"), Sign: strings.Trim(strings.TrimSpace(form.Get("sign")), "【】")}
	if form.Get("on") != "" {
		t.State = "on"
	}
	if text := strings.TrimSpace(form.Get("daily")); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n == 0 {
			n = -1
		}
		t.Daily = n
	}
	return t
}
