package questions

import (
	"errors"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/faq/better/words"
	"mashang/platform/problem"
	"mashang/platform/review"
	"mashang/platform/store"
	"mashang/platform/text"
)

// The bounds of what a preview lists.
const (
	shownFaults = 50
	shownRows   = 50
)

func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

// mendable is the problem of an error that who typed can mend; nil for any other.
func mendable(err error) *problem.Error {
	var told *problem.Error
	if errors.As(err, &told) && (told.Kind == problem.Invalid || told.Kind == problem.Conflict) {
		return told
	}
	return nil
}

// wordImporter takes a file of lines in: looked at first, then published by another.
func (p *Room) wordImporter() frame.Importer {
	return frame.Importer{Kind: "lexicon", Page: func(c *gin.Context) frame.Import {
		r := web.From(c)
		v := frame.Import{Shell: p.Shell(c, "/lexicon"), Title: r.T("better.lexicon.import"), Intro: r.T("better.lexicon.import.intro"), Action: frame.Root + "/lexicon/import", Cancel: frame.Root + "/lexicon", Example: frame.Root + "/lexicon/export"}
		v.Shell.Crumb(v.Action, v.Title)
		for _, col := range words.Template() {
			v.Columns = append(v.Columns, frame.Fact{Label: col, Text: r.T("better.column." + columnKey(col, words.Columns()))})
		}
		return v
	}, Preview: p.wordPreview, Take: p.wordTake}
}

// columnKey is the name of a column that the header gives in the office's words.
func columnKey(header string, columns map[string][]string) string {
	for key, names := range columns {
		if key == header || slices.Contains(names, header) {
			return key
		}
	}
	return header
}

func faults(r *web.Request, v *frame.Preview, all place.Faults) {
	for _, f := range all[:min(len(all), shownFaults)] {
		said := r.T(f.Key, f.Pairs()...)
		if f.Item != "" {
			said = f.Item + ": " + said
		}
		v.Faults = append(v.Faults, frame.Fault{Line: f.Line, Text: said})
	}
	v.More = max(0, len(all)-shownFaults)
}

func (p *Room) wordPreview(c *gin.Context, name string, file []byte) (frame.Preview, error) {
	r := web.From(c)
	plan, err := p.Words.Plan(name, file)
	if err != nil {
		return frame.Preview{}, err
	}
	v := frame.Preview{New: plan.New, Changed: plan.Changed, Same: plan.Same, Blocked: len(plan.Faults) > 0 || len(plan.Items) == 0, Take: r.T("better.lexicon.import.propose", "n", len(plan.Items))}
	faults(r, &v, plan.Faults)
	if len(plan.Items) == 0 && len(plan.Faults) == 0 {
		v.Notes = append(v.Notes, r.T("better.import.nothing"))
	}
	v.Table = frame.Table{Caption: r.T("better.import.rows"), Head: frame.Heads(r, ".better.words", ".better.means", ".better.kind", ".better.lang")}
	for _, it := range plan.Items[:min(len(plan.Items), shownRows)] {
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{{Text: it.Row.Words}, {Text: p.means(r, *it.Row)}, {Text: r.T("better.kind." + it.Row.Kind)}, {Text: p.Say(r, "better.lang.", it.Row.Lang)}}})
	}
	return v, nil
}

// wordTake proposes what the file changes as one change; another person publishes it.
func (p *Room) wordTake(c *gin.Context, name string, file []byte) error {
	plan, err := p.Words.Plan(name, file)
	if err == nil && len(plan.Faults) > 0 {
		err = problem.New(problem.Invalid, plan.Faults[0].Key)
	}
	if err != nil {
		return err
	}
	if len(plan.Items) == 0 {
		return problem.New(problem.Invalid, "better.import.nothing")
	}
	ctx := c.Request.Context()
	var change review.Change
	err = p.DB.Tx(ctx, func(q store.Queryer) (err error) {
		change, err = p.Words.Propose(ctx, q, p.Review, plan.Items, text.Cut(name, 80), "", frame.Account(c).Name)
		return err
	})
	if err != nil {
		return err
	}
	p.Flash(c, "better.done.proposed")
	return p.Web.Redirect(c, frame.Root+"/review/"+change.ID)
}
