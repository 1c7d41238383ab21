package main

import (
	"context"
	"strconv"
	"time"

	"mashang/aid/cases/alarm"
	"mashang/aid/notify"
	"mashang/api/console/frame"
	"mashang/i18n"
	"mashang/platform/jobs"
	"mashang/platform/store"
)

// openAlarms joins the part that makes a call for help louder until somebody reads it.
func (p *portal) openAlarms() (err error) {
	p.alarms, err = alarm.New(alarm.Desk{DB: p.db, Keys: p.keys, Places: p.places, Base: p.cfg.BaseURL, Now: p.now, Send: p.sendAlarm, Wake: p.courier.Wake, Log: p.log})
	return err
}

// sendAlarm queues a text to somebody on duty. It goes out at any hour, and whether policy texts are switched on or not.
func (p *portal) sendAlarm(ctx context.Context, q store.Queryer, t alarm.Text) error {
	name := ""
	if d, ok := p.places.Atlas().Division(t.Place); ok {
		name = d.Name.In(i18n.Hans)
	}
	return p.texts.SendOnce(ctx, q, notify.Once{
		Phone: t.Phone.Plain(), Template: "alarm", Key: "calls.sms", Lang: i18n.Hans, Place: t.Place,
		Values: map[string]string{"place": name, "count": strconv.Itoa(t.Calls), "at": t.Since.In(i18n.Shanghai).Format("1月2日15:04"), "link": p.texts.Base.Host + frame.Root + "/calls"},
	})
}

// alarmJob looks every few seconds for calls nobody has read.
func (p *portal) alarmJob() jobs.Job {
	return jobs.Job{Name: "alarm", Every: 5 * time.Second, Quiet: true, Run: func(ctx context.Context, run *jobs.Progress) error {
		return p.alarms.Tick(ctx, run.Fence)
	}}
}
