package posters

import (
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/jobs"
	"mashang/platform/problem"
	"mashang/platform/staff"
	"mashang/platform/store"
	"mashang/qr/poster"
)

// shownRuns is how far the history reaches on its page.
const shownRuns = 500

// mine reports whether an account may see a run: its own, and those of its
// division.
func (p *Room) mine(c *gin.Context, r poster.Run) bool {
	a := frame.Account(c)
	if r.By == a.Name {
		return true
	}
	at := r.Division
	if at == "" {
		at = p.Web.Places.Atlas().Root().Code
	}
	return p.Inside(a, at)
}

// find is a run the account may see; any other is Missing.
func (p *Room) find(c *gin.Context) (poster.Run, error) {
	r, err := p.Works.History.Find(c.Request.Context(), c.Param("id"))
	if err == nil && !p.mine(c, r) {
		err = problem.New(problem.Missing, "problem.missing")
	}
	return r, err
}

// runs is the history of printing.
func (p *Room) runs(c *gin.Context) error {
	r := web.From(c)
	all, err := p.Works.History.Runs(c.Request.Context(), 0, shownRuns)
	if err != nil {
		return err
	}
	var seen []poster.Run
	for _, one := range all {
		if p.mine(c, one) {
			seen = append(seen, one)
		}
	}
	v := frame.List{
		Shell: p.Shell(c, here), Title: r.T("posters.runs"), Intro: r.T("posters.runs.intro"), Pager: frame.Pages(c, len(seen)),
		Table: frame.Table{Caption: r.T("posters.runs"), Empty: r.T("posters.runs.none"), Head: frame.Heads(r, ".posters.run.at", ".posters.run.by", ".posters.run.what", ".posters.run.where", ".posters.run.count", ".posters.state")},
	}
	v.Crumb("", v.Title)
	for _, one := range frame.Slice(c, seen) {
		state, err := p.state(c, one)
		if err != nil {
			return err
		}
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{
			{Text: frame.When(r, one.At), Href: frame.Root + here + "/runs/" + one.ID}, {Text: p.by(r, one.By)}, {Text: p.what(r, one.Choice)},
			{Text: p.where(r, one)}, {Text: strconv.Itoa(one.Places), Num: true}, state,
		}})
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

// commandLine is who printed by the command.
const commandLine = "command line"

func (p *Room) by(r *web.Request, name string) string {
	if name == commandLine {
		return r.T("posters.run.command")
	}
	return name
}

// what says a choice in words.
func (p *Room) what(r *web.Request, c poster.Choice) string {
	parts := []string{r.T("posters.size." + string(c.Size)), r.T("posters.layout." + string(c.Layout))}
	if c.Second != "" {
		parts = append(parts, r.T("posters.second."+string(c.Second)))
	}
	if c.Bleed {
		parts = append(parts, r.T("posters.run.bleed"))
	}
	return strings.Join(parts, frame.Dot(r))
}

// where says whose locations a run was for.
func (p *Room) where(r *web.Request, one poster.Run) string {
	if one.Division == "" {
		return p.Web.Places.Atlas().Root().Name.In(r.Lang)
	}
	return p.Web.Places.Atlas().Names(r.Lang, one.Division)
}

// state is how a run stands.
func (p *Room) state(c *gin.Context, one poster.Run) (frame.Cell, error) {
	r := web.From(c)
	switch one.State {
	case poster.Void:
		return frame.Cell{Tag: "mute", Text: r.T("posters.run.void")}, nil
	case poster.Made:
		if one.File == "" && one.By != commandLine {
			return frame.Cell{Tag: "ok", Text: r.T("posters.run.done"), Sub: r.T("posters.run.expired")}, nil
		}
		return frame.Cell{Tag: "ok", Text: r.T("posters.run.done")}, nil
	}
	job, err := p.Works.Jobs.Find(c.Request.Context(), one.Job)
	if problem.Is(err, problem.Missing) {
		return frame.Cell{Tag: "red", Text: r.T("jobs.state.interrupted")}, nil
	}
	cell := frame.Cell{Tag: "warn", Text: r.T("jobs.state." + job.State)}
	if job.State == jobs.Failed || job.State == jobs.Interrupted {
		cell.Tag = "red"
		if job.Error.Key != "" {
			var args []any
			for k, v := range job.Error.Args {
				args = append(args, k, v)
			}
			cell.Sub = r.T(job.Error.Key, args...)
		}
	}
	return cell, err
}

// run is the page of one printing: how far it is, its file, what it printed.
func (p *Room) run(c *gin.Context) error {
	r, ctx := web.From(c), c.Request.Context()
	one, err := p.find(c)
	if err != nil {
		return err
	}
	state, err := p.state(c, one)
	if err != nil {
		return err
	}
	sheets, err := p.Works.History.Sheets(ctx, one.ID)
	if err != nil {
		return err
	}
	path, may := frame.Root+here+"/runs/"+one.ID, frame.May(c, staff.PrintPosters)
	v := frame.Show{
		Shell: p.Shell(c, here), Title: r.T("posters.run.title", "what", p.what(r, one.Choice), "n", one.Places), Tags: []frame.Cell{state},
		Facts: []frame.Fact{
			{Label: r.T("posters.run.at"), Text: frame.When(r, one.At)}, {Label: r.T("posters.run.by"), Text: p.by(r, one.By)},
			{Label: r.T("posters.run.where"), Text: p.where(r, one)}, {Label: r.T("posters.field.domain"), Text: one.Host, Code: true},
			{Label: r.T("posters.field.hotline"), Text: one.Hotline, Code: true}, {Label: r.T("posters.run.key"), Text: strconv.Itoa(one.Key), Code: true},
		},
	}
	v.Crumb(frame.Root+here+"/runs", r.T("posters.runs"))
	v.Crumb("", frame.When(r, one.At))
	if one.State == poster.Making {
		if err := p.progress(c, one, &v, path, may); err != nil {
			return err
		}
	}
	if one.State != poster.Making && one.Bytes > 0 {
		v.Facts = append(v.Facts, frame.Fact{Label: r.T("posters.run.size"), Text: r.T("posters.run.kb", "n", (one.Bytes+1023)/1024)})
	}
	if one.File != "" {
		v.Facts = append(v.Facts, frame.Fact{Label: r.T("posters.run.until"), Text: frame.When(r, one.At.Add(Kept))})
	}
	if may && one.State == poster.Made {
		if one.File != "" {
			v.Buttons = append(v.Buttons, frame.Action{Get: true, Path: path + "/file", Label: r.T("posters.run.download")})
		}
		v.Buttons = append(v.Buttons, frame.Action{Path: path + "/void", Label: r.T("posters.run.discard"), Quiet: true})
	}
	if may && one.State == poster.Void {
		v.Buttons = append(v.Buttons, frame.Action{Path: path + "/unvoid", Label: r.T("posters.run.hangs"), Quiet: true})
	}
	if o, err := p.Works.Order(one); err == nil && may && one.State != poster.Making {
		v.Buttons = append(v.Buttons, frame.Action{Get: true, Path: frame.Root + here + "/make?" + o.values().Encode(), Label: r.T("posters.run.again"), Quiet: true})
	}
	if len(sheets) > 0 {
		t := frame.Table{Caption: r.T("posters.run.sheets", "n", len(sheets)), Head: frame.Heads(r, ".posters.number", ".posters.place", ".posters.field.where")}
		for _, s := range sheets[:min(len(sheets), 300)] {
			t.Rows = append(t.Rows, frame.Row{Cells: []frame.Cell{{Text: s.Number, Code: true, Href: codeRoom + s.Location}, {Text: s.Name}, {Text: s.Line}}})
		}
		v.Tables = []frame.Table{t}
	}
	return p.Page(c, http.StatusOK, "console-show", v.Title, v)
}

// progress says how far the job of a run is.
func (p *Room) progress(c *gin.Context, one poster.Run, v *frame.Show, path string, may bool) error {
	r := web.From(c)
	job, err := p.Works.Jobs.Find(c.Request.Context(), one.Job)
	if problem.Is(err, problem.Missing) {
		return nil
	}
	if err != nil {
		return err
	}
	running := job.State == jobs.Queued || job.State == jobs.Running
	v.Progress = &frame.Progress{Done: job.Step, Total: job.Of, Text: r.T("jobs.state." + job.State), Running: running}
	if running {
		p.Again(c, "3")
		if may {
			v.Buttons = append(v.Buttons, frame.Action{Path: path + "/cancel", Label: r.T("posters.run.cancel"), Quiet: true})
		}
		return nil
	}
	if o, err := p.Works.Order(one); err == nil && may {
		v.Buttons = append(v.Buttons, frame.Action{Get: true, Path: frame.Root + here + "/make?" + o.values().Encode(), Label: r.T("posters.run.again"), Quiet: true})
	}
	return nil
}

// file sends the file of a run, as long as it is kept.
func (p *Room) file(c *gin.Context) error {
	one, err := p.find(c)
	if err != nil {
		return err
	}
	if one.File == "" || p.Web.Now().Sub(one.At) > Kept {
		return problem.New(problem.Gone, "posters.run.gone")
	}
	f, info, err := p.Works.Vault.Open(c.Request.Context(), one.File)
	if problem.Is(err, problem.Missing) {
		return problem.New(problem.Gone, "posters.run.gone")
	}
	if err != nil {
		return err
	}
	defer f.Close()
	ext := ".pdf"
	if info.MIME == "application/zip" {
		ext = ".zip"
	}
	r := web.From(c)
	frame.Download(c, p.where(r, one)+" "+r.T("posters.size."+string(one.Choice.Size))+" "+frame.ISO(one.At)+ext, info.MIME)
	c.Header("Content-Length", strconv.FormatInt(info.Size, 10))
	c.Status(http.StatusOK)
	if _, err := io.Copy(c.Writer, f); err != nil && c.Request.Context().Err() == nil {
		panic(http.ErrAbortHandler) // the browser must see that the file broke off
	}
	return nil
}

// cancel stops the job of a run.
func (p *Room) cancel(c *gin.Context) error {
	one, err := p.find(c)
	if err != nil {
		return err
	}
	if err := p.Works.Jobs.Cancel(c.Request.Context(), one.Job); err != nil {
		return err
	}
	return p.Web.Redirect(c, frame.Root+here+"/runs/"+one.ID)
}

// void notes that the sheets of a run were thrown away, or that they hang.
func (p *Room) void(c *gin.Context) error {
	one, err := p.find(c)
	if err != nil {
		return err
	}
	void := strings.HasSuffix(c.FullPath(), "/void")
	action, undo := "posters.unvoided", "/void"
	if void {
		action, undo = "posters.voided", "/unvoid"
	}
	err = p.DB.Tx(c.Request.Context(), func(q store.Queryer) error {
		if err := p.Works.History.SetVoid(c.Request.Context(), q, one.ID, void); err != nil {
			return err
		}
		return p.Note(c, q, action, one.ID, "")
	})
	if err != nil {
		return err
	}
	p.FlashUndo(c, action, here+"/runs/"+one.ID+undo, nil)
	return p.Web.Redirect(c, frame.Root+here+"/runs/"+one.ID)
}
