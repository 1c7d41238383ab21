package words

import (
	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/aid/policy/wording"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/text"
)

// The bounds of what a preview lists.
const (
	shownFaults = 50
	shownNotes  = 30
	shownRows   = 50
)

// importer takes a file of translations in: looked at first, then published by another.
func (p *Room) importer() frame.Importer {
	return frame.Importer{Kind: "words", Page: p.importPage,
		Preview: func(c *gin.Context, _ string, file []byte) (frame.Preview, error) { return p.preview(c, file) },
		Take:    p.take}
}

func (p *Room) importPage(c *gin.Context) frame.Import {
	r := web.From(c)
	v := frame.Import{Shell: p.Shell(c, "/words"), Title: r.T("words.import"), Intro: r.T("words.import.intro"), Action: frame.Root + "/words/import", Cancel: frame.Root + "/words", Accept: ".xlf,.xliff,.xml"}
	v.Shell.Crumb(frame.Root+"/words/import", v.Title)
	return v
}

func (p *Room) preview(c *gin.Context, file []byte) (frame.Preview, error) {
	r := web.From(c)
	plan, err := p.Book.Plan(c.Request.Context(), file)
	if err != nil {
		return frame.Preview{}, err
	}
	v := frame.Preview{New: plan.New, Changed: plan.Changed + plan.Confirmed, Same: plan.Same, Blocked: len(plan.Items) == 0, Take: r.T("words.import.propose", "n", len(plan.Items))}
	if plan.Confirmed > 0 {
		v.Notes = append(v.Notes, r.T("words.import.confirmed", "n", plan.Confirmed))
	}
	if len(plan.Items) == 0 {
		v.Notes = append(v.Notes, r.T("words.import.nothing"))
	}
	for _, f := range plan.Refused[:min(len(plan.Refused), shownFaults)] {
		v.Faults = append(v.Faults, frame.Fault{Line: f.Line, Text: said(r, f)})
	}
	if v.More = max(0, len(plan.Refused)-shownFaults); len(plan.Refused) > 0 && !v.Blocked {
		v.Notes = append(v.Notes, r.T("words.import.others", "n", len(plan.Items)))
	}
	for _, n := range plan.Notes[:min(len(plan.Notes), shownNotes)] {
		v.Notes = append(v.Notes, said(r, n))
	}
	v.Table = frame.Table{Caption: r.T("words.import.rows"), Head: frame.Heads(r, ".words.text", ".words.source", ".words.import.old", ".words.import.new", "state")}
	for _, row := range plan.Rows[:min(len(plan.Rows), shownRows)] {
		u := row.Unit
		state := frame.Cell{Text: r.T("console.compare.changed"), Tag: "warn"}
		switch {
		case row.Confirmed:
			state = frame.Cell{Text: r.T("words.confirm"), Tag: "ok"}
		case u.Target == "":
			state = frame.Cell{Text: r.T("content.new"), Tag: "ok"}
		}
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{{Text: u.Title.In(r.Lang), Sub: p.part(r, u)}, {Text: text.Cut(u.Source, shown)},
			{Text: text.Cut(u.Target, shown)}, {Text: text.Cut(row.Text, shown)}, state}})
	}
	return v, nil
}

// said is a fault in words, with the text it is about.
func said(r *web.Request, f place.Fault) string {
	words := r.T(f.Key, f.Pairs()...)
	if f.Item == "" {
		return words
	}
	return f.Item + ": " + words
}

// take proposes what the file changes as one change; another person publishes it.
func (p *Room) take(c *gin.Context, name string, file []byte) error {
	r, ctx := web.From(c), c.Request.Context()
	plan, err := p.Book.Plan(ctx, file)
	if err != nil {
		return err
	}
	if len(plan.Items) == 0 {
		return problem.New(problem.Invalid, "words.import.nothing")
	}
	one, err := p.Book.Propose(ctx, p.Review, plan, wording.Called(name, plan), "", frame.Account(c).Name)
	if err != nil {
		return err
	}
	p.Flash(c, "words.import.proposed", "n", len(plan.Items), "name", r.T("words.title"))
	return p.Web.Redirect(c, frame.Root+"/review/"+one.ID)
}
