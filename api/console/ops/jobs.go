package ops

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/jobs"
	"mashang/platform/problem"
	"mashang/platform/staff"
)

// jobsPage shows what runs by the clock, and what ran.
func (p *Room) jobsPage(c *gin.Context) error {
	r, ctx := web.From(c), c.Request.Context()
	offset, limit := frame.Paging(c)
	f := jobs.Filter{State: web.Query(c, "state"), Name: web.Query(c, "name"), Asked: c.Query("asked") != "", Offset: offset, Limit: limit}
	v := frame.List{Shell: p.Shell(c, "/jobs"), Title: r.T("ops.jobs"), Intro: r.T("ops.jobs.intro"), Clear: frame.Cleared(c, "state", "name", "asked")}
	schedules, err := p.Jobs.Schedules(ctx)
	if err != nil {
		return err
	}
	leader, err := p.Jobs.Leader(ctx)
	if err != nil {
		return err
	}
	if leader.Holder == "" {
		v.Trouble = r.T("ops.jobs.noleader")
	}
	var names []frame.Option
	byClock := frame.Table{Caption: r.T("ops.jobs.clock"), Head: frame.Heads(r, ".ops.job", ".ops.job.when", ".ops.job.last", "state", ".ops.job.next")}
	for _, s := range schedules {
		names = append(names, frame.Option{Value: s.Job.Name, Label: p.jobName(r, s.Job.Name)})
		row := frame.Row{Name: p.jobName(r, s.Job.Name), Cells: []frame.Cell{{Text: p.jobName(r, s.Job.Name)}, {Text: rhythm(r, s.Job)}, {Text: frame.When(r, s.EndedAt)},
			p.runState(r, s.State, s.Error), {Text: frame.When(r, s.NextAt)}}}
		if s.Failures > 1 {
			row.Cells[3].Sub = r.T("ops.job.failures", "n", s.Failures)
		}
		if frame.May(c, staff.RunJobs) {
			row.Actions = []frame.Action{{Path: frame.Root + "/jobs/start", Label: r.T("ops.job.start"), Hidden: map[string]string{"name": s.Job.Name}}}
		}
		byClock.Rows = append(byClock.Rows, row)
	}
	v.Before = []frame.Table{byClock}
	states := []string{jobs.Queued, jobs.Running, jobs.Done, jobs.Failed, jobs.Cancelled, jobs.Interrupted}
	var choices []frame.Option
	for _, s := range states {
		choices = append(choices, frame.Option{Value: s, Label: r.T("jobs.state." + s)})
	}
	v.Filter = []frame.Field{frame.Pick(r, "name", "ops.job", "console.all", f.Name, names), frame.Pick(r, "state", "console.head.state", "console.all", f.State, choices),
		frame.Pick(r, "asked", "ops.job.by", "console.all", c.Query("asked"), []frame.Option{{Value: "1", Label: r.T("ops.job.asked")}})}
	all, total, err := p.Jobs.List(ctx, f)
	if err != nil {
		return err
	}
	v.Pager = frame.Pages(c, int(total))
	v.Table = frame.Table{Caption: r.T("ops.jobs.runs"), Empty: r.T("ops.jobs.none"), Head: frame.Heads(r, ".ops.job", ".ops.job.by", ".ops.job.began", ".ops.job.took", "state")}
	for _, one := range all {
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{{Text: p.jobName(r, one.Name), Href: frame.Root + "/jobs/" + one.ID}, {Text: p.by(r, one)},
			{Text: frame.When(r, latest(one.StartedAt, one.QueuedAt))}, {Text: lasted(one)}, p.runState(r, one.State, one.Error)}})
		if !ended(one) {
			p.Again(c, "10")
		}
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

func (p *Room) jobName(r *web.Request, name string) string { return p.Say(r, "jobs.name.", name) }

func (p *Room) by(r *web.Request, one jobs.Run) string {
	if one.By == "" {
		return r.T("ops.job.byclock")
	}
	return one.By
}

func latest(a, b time.Time) time.Time {
	if a.IsZero() {
		return b
	}
	return a
}

func lasted(one jobs.Run) string {
	if one.StartedAt.IsZero() || one.EndedAt.IsZero() {
		return ""
	}
	return one.EndedAt.Sub(one.StartedAt).Round(100 * time.Millisecond).String()
}

func ended(one jobs.Run) bool {
	return slices.Contains([]string{jobs.Done, jobs.Failed, jobs.Cancelled, jobs.Interrupted}, one.State)
}

// rhythm says when a job runs.
func rhythm(r *web.Request, j jobs.Job) string {
	switch {
	case j.At != "":
		return r.T("ops.job.daily", "at", j.At)
	case j.Every >= time.Hour && j.Every%time.Hour == 0:
		return r.T("ops.job.hours", "n", int(j.Every/time.Hour))
	case j.Every >= time.Minute:
		return r.T("ops.job.minutes", "n", int(j.Every/time.Minute))
	case j.Every > 0:
		return r.T("ops.job.seconds", "n", int(j.Every/time.Second))
	}
	return r.T("ops.job.ondemand")
}

func (p *Room) runState(r *web.Request, state string, fault jobs.Words) frame.Cell {
	cell := frame.Cell{Text: p.Say(r, "jobs.state.", state)}
	switch state {
	case jobs.Done:
		cell.Tag = "ok"
	case jobs.Failed:
		cell.Tag, cell.Sub = "red", said(r, fault)
	case jobs.Interrupted:
		cell.Tag, cell.Sub = "warn", said(r, fault)
	case jobs.Running, jobs.Queued:
		cell.Tag = "warn"
	case jobs.Cancelled:
		cell.Tag = "mute"
	}
	return cell
}

func said(r *web.Request, w jobs.Words) string {
	if w.Key == "" {
		return ""
	}
	var args []any
	for k, v := range w.Args {
		args = append(args, k, v)
	}
	return r.T(w.Key, args...)
}

// job shows one run; while it runs the page comes again by itself.
func (p *Room) job(c *gin.Context) error {
	r, ctx := web.From(c), c.Request.Context()
	one, err := p.Jobs.Find(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	v := frame.Show{Shell: p.Shell(c, "/jobs"), Title: p.jobName(r, one.Name), Tags: []frame.Cell{p.runState(r, one.State, jobs.Words{})}}
	running := !ended(one)
	if running {
		p.Again(c, "3")
		text := said(r, one.Message)
		if text == "" {
			text = r.T("jobs.state." + one.State)
		}
		if one.Cancelling {
			text = r.T("ops.job.cancelling")
		}
		v.Progress = &frame.Progress{Done: one.Step, Total: one.Of, Text: text, Running: true}
		if frame.May(c, staff.RunJobs) && !one.Cancelling {
			v.Buttons = []frame.Action{{Path: frame.Root + "/jobs/" + one.ID + "/cancel", Label: r.T("ops.job.cancel"), Quiet: true}}
		}
	}
	v.Facts = []frame.Fact{
		{Label: r.T("ops.job.by"), Text: p.by(r, one)}, {Label: r.T("ops.job.queued"), Text: frame.When(r, one.QueuedAt)},
		{Label: r.T("ops.job.began"), Text: frame.When(r, one.StartedAt)}, {Label: r.T("ops.job.ended"), Text: frame.When(r, one.EndedAt)},
		{Label: r.T("ops.job.took"), Text: lasted(one)}, {Label: r.T("ops.job.try"), Text: strconv.Itoa(one.Attempt)},
		{Label: r.T("ops.job.said"), Text: said(r, one.Message)}, {Label: r.T("ops.job.fault"), Text: said(r, one.Error)},
	}
	v.Facts = slices.DeleteFunc(v.Facts, func(f frame.Fact) bool { return f.Text == "" || f.Text == "0" })
	return p.Page(c, http.StatusOK, "console-show", v.Title, v)
}

// jobStart queues a run of a job that runs by the clock. Others are started where
// their subject is, because they need to be told what about.
func (p *Room) jobStart(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	name, ctx := form.Get("name"), c.Request.Context()
	schedules, err := p.Jobs.Schedules(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(schedules, func(s jobs.Schedule) bool { return s.Job.Name == name }) {
		return problem.New(problem.Missing, "jobs.unknown")
	}
	return p.start(c, name)
}

func (p *Room) start(c *gin.Context, name string) error {
	if err := p.Note(c, p.DB, "job-start", name, ""); err != nil {
		return err
	}
	id, err := p.Jobs.Start(c.Request.Context(), name, frame.Account(c).Name, nil)
	if err != nil {
		return err
	}
	return p.Web.Redirect(c, frame.Root+"/jobs/"+id)
}

func (p *Room) jobCancel(c *gin.Context) error {
	id := c.Param("id")
	if err := p.Note(c, p.DB, "job-cancel", id, ""); err != nil {
		return err
	}
	if err := p.Jobs.Cancel(c.Request.Context(), id); err != nil {
		return err
	}
	return p.Web.Redirect(c, frame.Root+"/jobs/"+id)
}
