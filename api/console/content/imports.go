package content

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"slices"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/review"
	"mashang/platform/store"
)

// shownFaults and shownRows bound what a preview lists.
const (
	shownFaults = 50
	shownRows   = 20
)

// importing is the page of an import, or what is posted to it.
func (p *Room) importing(posted bool) web.Handler {
	return func(c *gin.Context) error {
		kind := c.Param("kind")
		if !slices.Contains(policy.Files(), kind) {
			return problem.New(problem.Missing, "problem.missing")
		}
		i := frame.Importer{Kind: "content/" + kind, Page: func(c *gin.Context) frame.Import { return p.importPage(c, kind) },
			Preview: func(c *gin.Context, name string, file []byte) (frame.Preview, error) {
				return p.importPreview(c, kind, name, file)
			},
			Take: func(c *gin.Context, name string, file []byte) error { return p.importTake(c, kind, name, file) }}
		if posted {
			return p.ImportPost(i)(c)
		}
		return p.ImportPage(i)(c)
	}
}

// homes are the lists the imports belong to.
func home(kind string) string {
	switch kind {
	case policy.FileStandards:
		return "/standards"
	case policy.FileDocuments:
		return "/documents"
	case policy.FileEntries:
		return "/questions"
	}
	return "/policies"
}

func (p *Room) importPage(c *gin.Context, kind string) frame.Import {
	r := web.From(c)
	v := frame.Import{Shell: p.Shell(c, home(kind)), Title: r.T("content.import.title." + kind), Intro: r.T("content.import.second"), Action: frame.Root + "/import/" + kind,
		Cancel: frame.Root + home(kind)}
	if !p.Library.Shelf().Has(kind) {
		v.Intro = r.T("content.import.first")
	}
	for _, column := range policy.Template(kind) {
		v.Columns = append(v.Columns, frame.Fact{Label: column})
	}
	if len(v.Columns) > 0 {
		v.Example = frame.Root + "/import/" + kind + "/example"
	}
	switch kind {
	case policy.FileDocuments:
		v.Accept, v.Intro = ".txt,.md,.html,.json", v.Intro+" "+r.T("content.import.documents")
	case policy.FileEntries:
		v.Accept = ".csv,.xlsx,.md,.html,.txt,.json"
	case policy.FileProgrammes, policy.FileStandards:
		v.Accept = ".csv,.xlsx,.json"
	}
	return v
}

// example is an empty table with the right columns.
func (p *Room) example(c *gin.Context) error {
	columns := policy.Template(c.Param("kind"))
	if columns == nil {
		return problem.New(problem.Missing, "problem.missing")
	}
	return frame.CSV(c, c.Param("kind")+".csv", columns, func(func([]string) bool) {})
}

func (p *Room) importPreview(c *gin.Context, kind, name string, file []byte) (frame.Preview, error) {
	r := web.From(c)
	t, err := p.Library.Try(c.Request.Context(), kind, name, file)
	if err != nil {
		return frame.Preview{}, err
	}
	v := frame.Preview{New: t.New, Changed: t.Changed, Same: t.Same, Blocked: len(t.Faults) > 0}
	if t.Rows == 0 && len(t.Faults) == 0 {
		return v, problem.New(problem.Invalid, "console.import.empty")
	}
	for i, f := range t.Faults {
		if i == shownFaults {
			v.More = len(t.Faults) - shownFaults
			break
		}
		v.Faults = append(v.Faults, frame.Fault{Line: f.Line, Text: worded(r, f)})
	}
	for _, n := range t.Notes[:min(len(t.Notes), shownFaults)] {
		v.Notes = append(v.Notes, worded(r, n))
	}
	if v.Blocked {
		return v, nil
	}
	if t.New+t.Changed == 0 {
		v.Notes = append(v.Notes, r.T("content.import.nothing"))
	}
	v.Take = r.T("content.review.propose")
	if !p.Library.Shelf().Has(kind) {
		v.Take = r.T("console.import.take")
	}
	v.Table = frame.Table{Caption: r.T("content.import.rows"), Head: frame.Heads(r, "code", "name", "state")}
	for _, e := range t.Effects[:min(len(t.Effects), shownRows)] {
		state := frame.Cell{Text: r.T("console.compare.changed"), Tag: "warn"}
		if e.New {
			state = frame.Cell{Text: r.T("content.new"), Tag: "ok"}
		}
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{{Text: e.ID, Code: true}, {Text: e.Title}, state}})
	}
	return v, nil
}

// worded says a fault with what it is about.
func worded(r *web.Request, f place.Fault) string {
	said := r.T(f.Key, f.Pairs()...)
	if f.Item != "" {
		return f.Item + ": " + said
	}
	return said
}

// importTake takes a file in when nothing of its kind is there yet; else it goes
// to a second person, because it changes what residents read.
func (p *Room) importTake(c *gin.Context, kind, name string, file []byte) error {
	r, ctx := web.From(c), c.Request.Context()
	if !p.Library.Shelf().Has(kind) {
		var report place.Report
		err := p.DB.Tx(ctx, func(q store.Queryer) (err error) {
			if report, err = p.Library.ImportIn(ctx, q, kind, name, file); err != nil {
				return err
			}
			if err := policy.Refused(report); err != nil {
				return err
			}
			return p.Note(c, q, "content-import", kind, name)
		})
		if err != nil {
			return err
		}
		if err := p.Library.Reload(ctx); err != nil {
			return err
		}
		p.Flash(c, "console.import.done", "name", name, "new", report.Rows, "changed", 0)
		return p.Web.Redirect(c, frame.Root+home(kind))
	}
	t, err := p.Library.Try(ctx, kind, name, file)
	if err != nil {
		return err
	}
	if err := policy.Refused(t.Report); err != nil {
		return err
	}
	b := policy.Brought{Kind: kind, Name: name, File: rand.Text(), Rows: t.Rows, New: t.New, Changed: t.Changed, Same: t.Same, Ground: policy.Ground(t.Effects)}
	raw, err := json.Marshal(b)
	if err != nil {
		return err
	}
	var one review.Change
	err = p.DB.Tx(ctx, func(q store.Queryer) (err error) {
		if err := p.Vault.Put(ctx, q, b.File, policy.BroughtOwner, "application/octet-stream", bytes.NewReader(file)); err != nil {
			return err
		}
		one, err = p.Review.ProposeIn(ctx, q, review.Change{Kind: policy.KindImport, Object: kind + "/" + b.File, Title: r.T("content.import.title."+kind) + " " + name,
			After: raw, By: frame.Account(c).Name})
		return err
	})
	if err != nil {
		return err
	}
	p.Flash(c, "content.review.proposed")
	return p.Web.Redirect(c, frame.Root+"/review/"+one.ID)
}
