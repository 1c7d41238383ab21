package ops

import (
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/backup"
	"mashang/platform/jobs"
	"mashang/platform/problem"
	"mashang/platform/staff"
)

// backups lists the copies. On PostgreSQL it says how they are made there.
func (p *Room) backups(c *gin.Context) error {
	r := web.From(c)
	v := frame.List{Shell: p.Shell(c, "/backups"), Title: r.T("ops.backups")}
	if p.Backups == nil {
		v.Intro = r.T("ops.backups.postgres")
		v.Table = frame.Table{Caption: v.Title, Empty: r.T("ops.backups.postgres.how")}
		return p.Page(c, http.StatusOK, "console-list", v.Title, v)
	}
	v.Intro = r.T("ops.backups.intro", "keep", p.Backups.Keep)
	all, err := p.Backups.List()
	if err != nil {
		return err
	}
	now := frame.Action{Path: frame.Root + "/backups", Label: r.T("ops.backup.now")}
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("ops.backups.none"), Head: frame.Heads(r, ".ops.backup.made", "name", ".ops.backup.size")}
	may := frame.May(c, staff.RunJobs)
	if may {
		v.Buttons = []frame.Action{now}
	}
	for _, one := range all {
		row := frame.Row{Name: one.Name, Cells: []frame.Cell{{Text: frame.When(r, one.Made)}, {Text: one.Name, Code: true}, {Text: bytes(one.Size), Code: true}}}
		if may {
			row.Actions = []frame.Action{{Path: frame.Root + "/backups/" + one.Name, Label: r.T("ops.backup.download"), Get: true}}
		}
		v.Table.Rows = append(v.Table.Rows, row)
	}
	running, _, err := p.Jobs.List(c.Request.Context(), jobs.Filter{Name: backup.Job, Limit: 1})
	if err != nil {
		return err
	}
	if len(running) > 0 && !ended(running[0]) {
		v.Done = r.T("ops.backup.running")
		v.Links = []frame.Cell{{Text: r.T("console.look"), Href: frame.Root + "/jobs/" + running[0].ID}}
		p.Again(c, "5")
	}
	if len(running) > 0 && running[0].State == jobs.Failed {
		v.Trouble = r.T("ops.backup.failed", "why", said(r, running[0].Error))
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

// bytes writes a size as people say it.
func bytes(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%d KB", (n+1023)/1024)
}

func (p *Room) backupStart(c *gin.Context) error {
	if p.Backups == nil {
		return problem.New(problem.Precondition, "ops.backups.postgres")
	}
	return p.start(c, backup.Job)
}

// backupDownload sends a copy. It is written down before anything leaves the house.
func (p *Room) backupDownload(c *gin.Context) error {
	if p.Backups == nil {
		return problem.New(problem.Missing, "problem.missing")
	}
	file, one, err := p.Backups.Open(c.Param("name"))
	if err != nil {
		return err
	}
	defer file.Close()
	if c.Request.Method == http.MethodGet {
		if err := p.Note(c, p.DB, "backup-download", one.Name, bytes(one.Size)); err != nil {
			return err
		}
	}
	// A large copy over a slow line takes longer than a page may.
	if err := http.NewResponseController(c.Writer).SetWriteDeadline(time.Now().Add(time.Hour)); err != nil {
		p.Web.Log.Debug("no deadline to move", "err", err)
	}
	frame.Download(c, one.Name, "application/vnd.sqlite3")
	http.ServeContent(c.Writer, c.Request, "", one.Made, file)
	return nil
}
