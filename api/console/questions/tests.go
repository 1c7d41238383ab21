package questions

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/faq/better/trial"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/staff"
	"mashang/platform/store"
)

// shownRuns is how many examinations a page shows.
const shownRuns = 12

// tests lists the office's own questions, with how the last examinations went.
func (p *Room) tests(c *gin.Context) error {
	r, ctx := web.From(c), c.Request.Context()
	all, err := p.Tests.All(ctx)
	if err != nil {
		return err
	}
	runs, err := p.Tests.Runs(ctx, shownRuns)
	if err != nil {
		return err
	}
	set, err := p.Groups.Settings(ctx)
	if err != nil {
		return err
	}
	wrong := map[string]trial.Wrong{}
	v := frame.List{Shell: p.Shell(c, "/tests"), Title: r.T("better.nav.tests"), Intro: r.T("better.tests.intro"), Clear: frame.Cleared(c, "find", "show")}
	if len(runs) > 0 {
		for _, w := range runs[0].Wrong {
			wrong[w.ID] = w
		}
		tag := "ok"
		if runs[0].Share() < float64(set.Floor) {
			tag = "warn"
			v.Trouble = r.T("better.tests.floor", "share", share(runs[0].Share()), "floor", set.Floor)
		}
		v.Tags = []frame.Cell{{Text: r.T("better.tests.share", "good", runs[0].Good, "n", runs[0].N), Tag: tag}}
		v.Before = []frame.Table{p.runs(r, runs)}
	}
	may := frame.May(c, staff.EditPolicy)
	if may {
		if len(all) > 0 {
			v.Buttons = append(v.Buttons, frame.Action{Path: frame.Root + "/tests/run", Label: r.T("better.tests.run")})
		}
		v.Buttons = append(v.Buttons, frame.Action{Path: frame.Root + "/tests/edit", Label: r.T("better.test.new"), Get: true, Quiet: len(all) > 0}, frame.Action{Path: frame.Root + "/tests/import", Label: r.T("content.import"), Get: true, Quiet: true},
			frame.Action{Path: frame.Root + "/tests/export", Label: r.T("better.export"), Get: true, Quiet: true})
	}
	find, show := strings.ToLower(web.Query(c, "find")), web.Query(c, "show")
	v.Filter = []frame.Field{frame.Search(r, "find", "content.find", web.Query(c, "find")), frame.Pick(r, "show", "console.cases.show", "console.all", show, []frame.Option{{Value: "wrong", Label: r.T("better.test.wrong.last")}})}
	v.Table = frame.Table{Caption: r.T("better.tests.all"), Empty: r.T("better.tests.none"), Head: frame.Heads(r, ".better.question", ".better.test.expected", "place", ".better.test.last")}
	var rows []frame.Row
	for _, t := range all {
		w, bad := wrong[t.ID]
		if find != "" && !strings.Contains(strings.ToLower(t.Question+t.Note), find) || show == "wrong" && !bad {
			continue
		}
		first := frame.Cell{Text: t.Question, Sub: t.Note}
		if may {
			first.Href = frame.Root + "/tests/edit?id=" + t.ID
		}
		last := frame.Cell{}
		switch {
		case bad:
			source, _ := p.source(r, w.Shown)
			last = frame.Cell{Text: p.Say(r, "better.outcome.", w.Outcome), Sub: source, Tag: "warn"}
		case len(runs) > 0 && !t.At.After(runs[0].At):
			last = frame.Cell{Text: r.T("better.test.right"), Tag: "ok"}
		}
		where := r.T("better.county")
		if t.Place != "" {
			where = p.Web.Places.Atlas().Names(r.Lang, t.Place)
		}
		rows = append(rows, frame.Row{Cells: []frame.Cell{first, {Text: p.expected(r, t)}, {Text: where}, last}})
	}
	v.Pager, v.Table.Rows = frame.Pages(c, len(rows)), frame.Slice(c, rows)
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

func share(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }

func (p *Room) runs(r *web.Request, runs []trial.Run) frame.Table {
	t := frame.Table{Caption: r.T("better.runs"), Head: frame.Heads(r, "when", ".better.run.share", ".better.run.wrong", ".better.by")}
	t.Head[1].Num, t.Head[2].Num = true, true
	for _, one := range runs[:min(4, len(runs))] {
		by := one.By
		if by == "" {
			by = r.T("better.run.job")
		}
		t.Rows = append(t.Rows, frame.Row{Cells: []frame.Cell{{Text: frame.When(r, one.At), Href: frame.Root + "/tests/runs/" + one.ID, Keep: true}, {Text: share(one.Share()) + "%", Num: true}, {Text: strconv.Itoa(len(one.Wrong)), Num: true}, {Text: by}}})
	}
	return t
}

// expected says what a right reply to a test is.
func (p *Room) expected(r *web.Request, t trial.Test) string {
	outcome := t.Outcome
	if outcome == "" {
		outcome = "answer"
	}
	said := []string{r.T("better.outcome." + outcome)}
	if t.Programme != "" {
		said = append(said, p.Programme(r, t.Programme))
	}
	if source, _ := p.source(r, t.Shown); source != "" {
		said = append(said, source)
	} else if t.Shown != "" {
		said = append(said, t.Shown)
	}
	return strings.Join(said, frame.Dot(r))
}

func (p *Room) testPage(c *gin.Context) error {
	form := url.Values{"lang": {string(i18n.Hans)}, "question": {web.Query(c, "question")}}
	if id := web.Query(c, "id"); id != "" {
		t, err := p.Tests.Find(c.Request.Context(), id)
		if err != nil {
			return err
		}
		form = url.Values{"id": {t.ID}, "version": {strconv.FormatInt(t.Version, 10)}, "question": {t.Question}, "place": {t.Place}, "lang": {t.Lang}, "outcome": {t.Outcome}, "programme": {t.Programme}, "shown": {t.Shown}, "note": {t.Note}}
	}
	return p.testForm(c, http.StatusOK, form, nil)
}

func (p *Room) testForm(c *gin.Context, status int, form url.Values, wrong *problem.Error) error {
	r := web.From(c)
	v := frame.Form{Shell: p.Shell(c, "/tests"), Title: r.T("better.test.new"), Intro: r.T("better.test.intro"), Action: frame.Root + "/tests/edit", Cancel: frame.Root + "/tests", Submit: r.T("better.test.keep"),
		Hidden: map[string]string{"id": form.Get("id"), "version": form.Get("version")}}
	if form.Get("id") != "" {
		v.Title = r.T("better.test.edit")
		v.Others = []frame.Action{{Path: frame.Root + "/tests/remove", Label: r.T("better.test.remove")}}
	}
	v.Shell.Crumb("", v.Title)
	atlas := p.Web.Places.Atlas()
	places := []frame.Option{}
	for _, d := range atlas.Children(atlas.Root().Code) {
		places = append(places, frame.Option{Value: d.Code, Label: d.Name.In(r.Lang)})
	}
	if at := form.Get("place"); at != "" {
		known := false
		for _, o := range places {
			known = known || o.Value == at
		}
		if d, ok := atlas.Division(at); ok && !known {
			places = append(places, frame.Option{Value: at, Label: d.Name.In(r.Lang)})
		}
	}
	var outcomes []frame.Option
	for _, o := range trial.Outcomes()[1:] {
		outcomes = append(outcomes, frame.Option{Value: o, Label: r.T("better.outcome." + o)})
	}
	var entries []frame.Option
	for _, e := range p.Library.Shelf().Entries() {
		if len(e.Questions) > 0 {
			entries = append(entries, frame.Option{Value: "entry/" + e.ID, Label: e.Questions[0].In(r.Lang)})
		}
	}
	if s := form.Get("shown"); s != "" && !strings.HasPrefix(s, "entry/") {
		label, _ := p.source(r, s)
		entries = append([]frame.Option{{Value: s, Label: label}}, entries...)
	}
	question := frame.Long(r, "question", "better.question", form.Get("question"))
	question.Rows = 2
	question.Help = r.T("better.test.question.help")
	fields := []frame.Field{question, frame.Select(r, "lang", "better.lang", form.Get("lang"), false, langs(r)), frame.Pick(r, "place", "console.head.place", "better.county", form.Get("place"), places)}
	want := []frame.Field{frame.Pick(r, "outcome", "better.test.outcome", "better.outcome.answer", form.Get("outcome"), outcomes), frame.Pick(r, "programme", "console.head.programme", "better.any", form.Get("programme"), p.Programmes(r)),
		frame.Pick(r, "shown", "better.test.shown", "better.any", form.Get("shown"), entries), frame.Line(r, "note", "better.note", form.Get("note"))}
	want[3].Optional = true
	v.Sections = []frame.Section{{Title: r.T("better.test.asked"), Fields: fields}, {Title: r.T("better.test.expected"), Fields: want}}
	if wrong != nil {
		for i := range v.Sections {
			for j := range v.Sections[i].Fields {
				f := &v.Sections[i].Fields[j]
				if said := r.Say(wrong, f.Name); said != "" {
					f.Wrong(&v.Problems, said)
				}
			}
		}
		if len(v.Problems) == 0 {
			v.Problems = append(v.Problems, frame.Issue{Text: p.Web.Tell(c, wrong).What})
		}
	}
	return p.Page(c, status, "console-form", v.Title, v)
}

func (p *Room) testSave(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	t := trial.Test{ID: form.Get("id"), Version: number(form.Get("version")), Question: form.Get("question"), Place: form.Get("place"), Lang: form.Get("lang"), Outcome: form.Get("outcome"), Programme: form.Get("programme"), Shown: form.Get("shown"), Note: form.Get("note")}
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		kept, err := p.Tests.Save(ctx, q, t, frame.Account(c).Name)
		if err != nil {
			return err
		}
		return p.Note(c, q, "test-save", "question-test/"+kept.ID, "")
	})
	if told := mendable(err); told != nil {
		return p.testForm(c, told.Kind.Status(), form, told)
	}
	if err != nil {
		return err
	}
	p.Flash(c, "better.test.kept")
	return p.Web.Redirect(c, frame.Root+"/tests")
}

func (p *Room) testRemove(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	ctx, id := c.Request.Context(), form.Get("id")
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := p.Tests.Remove(ctx, q, id, number(form.Get("version"))); err != nil {
			return err
		}
		return p.Note(c, q, "test-remove", "question-test/"+id, "")
	})
	if err != nil {
		return err
	}
	p.Flash(c, "better.test.removed")
	return p.Web.Redirect(c, frame.Root+"/tests")
}

// testRun examines the assistant now.
func (p *Room) testRun(c *gin.Context) error {
	leave, err := p.Web.Seat(c)
	if err != nil {
		return err
	}
	defer leave()
	run, err := p.Tests.Examine(c.Request.Context(), p.Assistant, frame.Account(c).Name, "")
	if err != nil {
		return err
	}
	if err := p.Note(c, p.DB, "test-run", "question-test-run/"+run.ID, fmt.Sprintf("%d/%d", run.Good, run.N)); err != nil {
		return err
	}
	p.Flash(c, "better.tests.ran", "good", run.Good, "n", run.N)
	return p.Web.Redirect(c, frame.Root+"/tests/runs/"+run.ID)
}

func (p *Room) testRunPage(c *gin.Context) error {
	r := web.From(c)
	runs, err := p.Tests.Runs(c.Request.Context(), 200)
	if err != nil {
		return err
	}
	for i, run := range runs {
		if run.ID != c.Param("id") {
			continue
		}
		v := frame.Show{Shell: p.Shell(c, "/tests"), Title: r.T("better.run.of", "when", frame.When(r, run.At)), Tags: []frame.Cell{{Text: r.T("better.tests.share", "good", run.Good, "n", run.N), Tag: "ok"}}}
		v.Shell.Crumb("", v.Title)
		v.Facts = []frame.Fact{{Label: r.T("better.run.share"), Text: share(run.Share()) + "%"}, {Label: r.T("better.by"), Text: run.By}}
		if i+1 < len(runs) {
			v.Facts = append(v.Facts, frame.Fact{Label: r.T("better.run.before"), Text: share(runs[i+1].Share()) + "%", Href: frame.Root + "/tests/runs/" + runs[i+1].ID})
		}
		t := frame.Table{Caption: r.T("better.run.wrong"), Empty: r.T("better.run.allright"), Head: frame.Heads(r, ".better.question", ".better.test.came", ".better.test.wanted")}
		for _, w := range run.Wrong {
			source, at := p.source(r, w.Shown)
			t.Rows = append(t.Rows, frame.Row{Cells: []frame.Cell{{Text: w.Question, Href: testHref(c, w.ID)}, {Text: p.Say(r, "better.outcome.", w.Outcome), Sub: source, Href: at}, {Text: p.wanted(r, w.Wanted)}}})
		}
		v.Tables = []frame.Table{t}
		return p.Page(c, http.StatusOK, "console-show", v.Title, v)
	}
	return problem.New(problem.Missing, "problem.missing")
}

func testHref(c *gin.Context, id string) string {
	if !frame.May(c, staff.EditPolicy) {
		return ""
	}
	return frame.Root + "/tests/edit?id=" + id
}

// wanted says in words what a run remembered as outcome, programme and source.
func (p *Room) wanted(r *web.Request, s string) string {
	var said []string
	for i, word := range strings.Fields(s) {
		source, _ := p.source(r, word)
		switch {
		case i == 0:
			said = append(said, p.Say(r, "better.outcome.", word))
		case source != "":
			said = append(said, source)
		default:
			said = append(said, p.Programme(r, word))
		}
	}
	return strings.Join(said, frame.Dot(r))
}

func (p *Room) testExport(c *gin.Context) error {
	var b bytes.Buffer
	if err := p.Tests.Export(c.Request.Context(), &b); err != nil {
		return err
	}
	frame.Download(c, "tests.csv", "text/csv; charset=utf-8")
	c.Status(http.StatusOK)
	_, err := c.Writer.Write(b.Bytes())
	return err
}

// testImporter takes a file of tests in. They change nothing that residents read, so nobody else approves them.
func (p *Room) testImporter() frame.Importer {
	return frame.Importer{Kind: "question-tests", Page: func(c *gin.Context) frame.Import {
		r := web.From(c)
		v := frame.Import{Shell: p.Shell(c, "/tests"), Title: r.T("better.tests.import"), Intro: r.T("better.tests.import.intro"), Action: frame.Root + "/tests/import", Cancel: frame.Root + "/tests", Example: frame.Root + "/tests/export"}
		v.Shell.Crumb(v.Action, v.Title)
		for _, col := range trial.Template() {
			v.Columns = append(v.Columns, frame.Fact{Label: col, Text: r.T("better.column." + columnKey(col, trial.Columns()))})
		}
		return v
	}, Preview: func(c *gin.Context, name string, file []byte) (frame.Preview, error) {
		r := web.From(c)
		plan, err := p.Tests.Plan(c.Request.Context(), name, file)
		if err != nil {
			return frame.Preview{}, err
		}
		v := frame.Preview{New: len(plan.Tests), Same: plan.Same, Blocked: len(plan.Faults) > 0 || len(plan.Tests) == 0}
		faults(r, &v, plan.Faults)
		if len(plan.Tests) == 0 && len(plan.Faults) == 0 {
			v.Notes = append(v.Notes, r.T("better.import.nothing"))
		}
		v.Table = frame.Table{Caption: r.T("better.import.rows"), Head: frame.Heads(r, ".better.question", ".better.test.expected")}
		for _, t := range plan.Tests[:min(len(plan.Tests), shownRows)] {
			v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{{Text: t.Question}, {Text: p.expected(r, t)}}})
		}
		return v, nil
	}, Take: func(c *gin.Context, name string, file []byte) error {
		ctx := c.Request.Context()
		plan, err := p.Tests.Plan(ctx, name, file)
		if err == nil && len(plan.Faults) > 0 {
			err = problem.New(problem.Invalid, plan.Faults[0].Key)
		}
		if err != nil {
			return err
		}
		err = p.DB.Tx(ctx, func(q store.Queryer) error {
			if err := p.Tests.Take(ctx, q, plan, frame.Account(c).Name); err != nil {
				return err
			}
			return p.Note(c, q, "test-import", "", strconv.Itoa(len(plan.Tests)))
		})
		if err != nil {
			return err
		}
		p.Flash(c, "better.tests.taken", "n", len(plan.Tests))
		return p.Web.Redirect(c, frame.Root+"/tests")
	}}
}
