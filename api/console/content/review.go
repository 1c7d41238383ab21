package content

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/policy"
	drafts "mashang/aid/policy/edit"
	"mashang/aid/policy/listen"
	"mashang/aid/policy/wording"
	"mashang/api/console/edit"
	"mashang/api/console/frame"
	"mashang/api/web"
	sayings "mashang/faq/better/words"
	"mashang/platform/problem"
	"mashang/platform/review"
	"mashang/platform/staff"
)

// queue lists what waits for a second person, and what was decided.
func (p *Room) queue(c *gin.Context) error {
	r := web.From(c)
	offset, limit := frame.Paging(c)
	show := web.Query(c, "show")
	f := review.Filter{Kind: web.Query(c, "kind"), Offset: offset, Limit: limit}
	switch show {
	case "":
		f.Open = true
	case "mine":
		f.By = frame.Account(c).Name
	case "all":
	default:
		f.State = show
	}
	all, total, err := p.Review.List(c.Request.Context(), f)
	if err != nil {
		return err
	}
	v := frame.List{Shell: p.Shell(c, "/review"), Title: r.T("content.review"), Intro: r.T("content.review.intro"), Pager: frame.Pages(c, int(total)), Clear: frame.Cleared(c, "show", "kind")}
	states := []frame.Option{{Value: "mine", Label: r.T("content.review.mine")}}
	for _, s := range []string{review.Scheduled, review.Published, review.Rejected, review.Withdrawn, review.Failed} {
		states = append(states, frame.Option{Value: s, Label: r.T("review.state." + s)})
	}
	v.Filter = []frame.Field{frame.Pick(r, "show", "console.cases.show", "content.review.open", show, append(states, frame.Option{Value: "all", Label: r.T("console.all")}))}
	v.Table = frame.Table{Caption: v.Title, Empty: r.T("content.review.none"), Head: frame.Heads(r, ".content.review.what", ".content.review.kind", ".content.review.by", ".content.review.at", ".content.review.due", "state")}
	for _, one := range all {
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{{Text: p.titled(r, one), Href: frame.Root + "/review/" + one.ID}, {Text: p.Say(r, "content.kind.", one.Kind)},
			{Text: one.By, Code: true}, {Text: frame.When(r, one.At), Keep: true}, {Text: frame.When(r, one.Due), Keep: true}, p.changeState(r, one)}})
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

func (p *Room) changeState(r *web.Request, c review.Change) frame.Cell {
	cell := frame.Cell{Text: p.Say(r, "review.state.", c.State)}
	switch c.State {
	case review.Proposed:
		cell.Tag = "warn"
	case review.Scheduled, review.Published:
		cell.Tag = "ok"
	case review.Failed:
		cell.Tag = "red"
	default:
		cell.Tag = "mute"
	}
	return cell
}

// titled says what is changed, in the reader's language where that is known.
func (p *Room) titled(r *web.Request, c review.Change) string {
	switch c.Kind {
	case policy.KindStandard:
		if of, ok := policy.ParseSeries(c.Object); ok {
			return p.seriesTitle(r, of)
		}
	case policy.KindImport:
		var b policy.Brought
		if json.Unmarshal(c.After, &b) == nil && b.Name != "" {
			return r.T("content.import.title."+b.Kind) + frame.Dot(r) + b.Name
		}
	}
	return c.Title
}

// change shows one change side by side, with what may be done about it.
func (p *Room) change(c *gin.Context) error {
	one, err := p.Review.Find(c.Request.Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return p.changePage(c, http.StatusOK, one, "", nil)
}

func (p *Room) changePage(c *gin.Context, status int, one review.Change, reason string, wrong *problem.Error) error {
	r, a := web.From(c), frame.Account(c)
	v := frame.Compare{Shell: p.Shell(c, "/review"), Title: p.titled(r, one), Tags: []frame.Cell{p.changeState(r, one)},
		Left: frame.Side{Title: r.T("content.review.before")}, Right: frame.Side{Title: r.T("content.review.after"), Sub: frame.When(r, one.Due)}}
	v.Facts = slices.DeleteFunc([]frame.Fact{
		{Label: r.T("content.review.kind"), Text: p.Say(r, "content.kind.", one.Kind)},
		{Label: r.T("content.review.by"), Text: one.By + frame.Dot(r) + frame.When(r, one.At)},
		{Label: r.T("content.review.why"), Text: one.Why},
		{Label: r.T("content.review.due"), Text: frame.When(r, one.Due)},
		{Label: r.T("content.review.decided"), Text: decided(r, one)},
		{Label: r.T("content.review.reason"), Text: one.Reason},
		{Label: r.T("content.review.fault"), Text: told(r, one.Fault)},
	}, func(f frame.Fact) bool { return f.Text == "" })
	v.Rows = p.rows(r, one)
	if one.Kind == policy.KindImport {
		does, err := p.effects(c, r, one)
		if err != nil {
			return err
		}
		v.Rows = append(v.Rows, does...)
		v.Left.Title, v.Right.Title = r.T("content.import.now"), r.T("content.import.file")
	}
	at := frame.Root + "/review/" + one.ID
	mine := strings.EqualFold(one.By, a.Name)
	v.Action = at + "/approve"
	switch {
	case one.State == review.Proposed && mayDecide(c, one) && !mine:
		why := frame.Long(r, "reason", "content.review.reason.ask", reason)
		why.Optional = true
		if wrong != nil {
			if said := r.Say(wrong, "reason"); said != "" {
				why.Wrong(&v.Problems, said)
			}
		}
		v.Why = &why
		approve := frame.Action{Label: r.T("content.review.approve")}
		if one.Due.After(p.Web.Now()) {
			approve.Label = r.T("content.review.schedule", "at", frame.When(r, one.Due))
		}
		v.Buttons = []frame.Action{approve, {Path: at + "/reject", Label: r.T("content.review.reject"), Quiet: true}}
	case one.State == review.Proposed && mine:
		v.Intro = r.T("content.review.second")
		v.Buttons = []frame.Action{{Path: at + "/withdraw", Label: r.T("content.review.withdraw"), Quiet: true}}
	case one.State == review.Scheduled && (mine || mayDecide(c, one)):
		v.Buttons = []frame.Action{{Path: at + "/withdraw", Label: r.T("content.review.stop"), Quiet: true}}
	case one.State == review.Published && one.Kind != policy.KindImport && frame.May(c, staff.EditPolicy):
		v.Buttons = []frame.Action{{Path: at + "/revert", Label: r.T("content.review.revert"), Get: true, Quiet: true}}
	}
	if len(v.Buttons) == 0 {
		v.Action = ""
	}
	switch {
	case drafts.Is(one.Kind):
		p.edited(r, &v, one)
	case one.Kind == listen.Kind:
		v.Facts = append(v.Facts, frame.Fact{Label: r.T("listen.file"), Text: one.Title, Href: at + "/sound"})
	}
	if p.Effects != nil {
		p.Effects(c, one, &v)
	}
	history, err := p.Review.History(c.Request.Context(), one.Kind, one.Object)
	if err != nil {
		return err
	}
	v.History = p.history(r, history, one.ID)
	return p.Page(c, status, "console-compare", v.Title, v)
}

func decided(r *web.Request, one review.Change) string {
	if one.DecidedBy == "" {
		return ""
	}
	return one.DecidedBy + frame.Dot(r) + frame.When(r, one.DecidedAt)
}

func told(r *web.Request, w review.Words) string {
	if w.Key == "" {
		return ""
	}
	var args []any
	for k, v := range w.Args {
		args = append(args, k, v)
	}
	return r.T(w.Key, args...)
}

// history tells the changes of one thing, newest first, without the one at hand.
func (p *Room) history(r *web.Request, all []review.Change, but string) []frame.Event {
	var events []frame.Event
	for _, c := range all {
		if c.ID == but {
			continue
		}
		state := p.changeState(r, c)
		events = append(events, frame.Event{When: frame.When(r, c.At), Who: c.By, What: state.Text, Tag: state.Tag, Why: c.Why, Href: frame.Root + "/review/" + c.ID})
	}
	return events[:min(len(events), 20)]
}

// rows are the two versions beside each other.
func (p *Room) rows(r *web.Request, c review.Change) []frame.CompareRow {
	switch c.Kind {
	case policy.KindStandard:
		return p.seriesRows(r, c.Before, c.After)
	case wording.Kind:
		return p.wordRows(r, c)
	case sayings.Kind:
		return p.sayingRows(r, c)
	case policy.KindImport:
		var b policy.Brought
		if json.Unmarshal(c.After, &b) == nil {
			count := func(key string, n int) frame.CompareRow {
				return frame.CompareRow{Label: r.T(key), New: strconv.Itoa(n), Changed: n > 0}
			}
			return []frame.CompareRow{{Label: r.T("console.import.choose"), New: b.Name}, count("content.import.new", b.New), count("content.import.changed", b.Changed),
				{Label: r.T("content.import.same"), New: strconv.Itoa(b.Same)}}
		}
	}
	if drafts.Is(c.Kind) {
		return edit.Rows(p.Frame, r, c.Kind, c.Before, c.After)
	}
	var out []frame.CompareRow
	for _, line := range review.Diff(c.Before, c.After) {
		out = append(out, frame.Compared(line.Path, line.Old, line.New))
	}
	return out
}

// decide does a deed on a change and says what came of it. What another did in
// between is told on the page of the change.
func (p *Room) decide(c *gin.Context, done string, do func(id, by, reason string) (review.Change, error)) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	id := c.Param("id")
	one, err := do(id, frame.Account(c).Name, form.Get("reason"))
	var wrong *problem.Error
	if errors.As(err, &wrong) && wrong.Kind == problem.Invalid && len(wrong.Fields) > 0 {
		stands, err := p.Review.Find(c.Request.Context(), id)
		if err != nil {
			return err
		}
		return p.changePage(c, http.StatusUnprocessableEntity, stands, form.Get("reason"), wrong)
	}
	if err != nil {
		return err
	}
	if one.State == review.Scheduled {
		done = "content.review.scheduled"
	}
	p.Flash(c, done)
	return p.Web.Redirect(c, frame.Root+"/review/"+id)
}

// mayDecide reports whether who asks may be the second person for a change:
// policy is the publisher's, everything else the administrator's.
func mayDecide(c *gin.Context, one review.Change) bool {
	if one.Kind == policy.KindStandard || one.Kind == policy.KindImport || one.Kind == wording.Kind || one.Kind == listen.Kind || one.Kind == sayings.Kind || drafts.Is(one.Kind) {
		return frame.May(c, staff.PublishPolicy)
	}
	return frame.May(c, staff.EditSettings)
}

// theirs finds a change and refuses who may not decide on it.
func (p *Room) theirs(c *gin.Context, id string) error {
	one, err := p.Review.Find(c.Request.Context(), id)
	if err == nil && !mayDecide(c, one) {
		err = problem.New(problem.Denied, "console.denied")
	}
	return err
}

func (p *Room) approve(c *gin.Context) error {
	return p.decide(c, "content.review.published", func(id, by, _ string) (review.Change, error) {
		if err := p.theirs(c, id); err != nil {
			return review.Change{}, err
		}
		return p.Review.Approve(c.Request.Context(), id, by)
	})
}

func (p *Room) reject(c *gin.Context) error {
	return p.decide(c, "content.review.rejected", func(id, by, reason string) (review.Change, error) {
		if err := p.theirs(c, id); err != nil {
			return review.Change{}, err
		}
		if err := p.Review.Reject(c.Request.Context(), id, by, reason); err != nil {
			return review.Change{}, err
		}
		return p.over(c, id)
	})
}

// withdraw takes one's own proposal back, or stops a scheduled one; the latter
// is for whoever may publish, and for who proposed it.
func (p *Room) withdraw(c *gin.Context) error {
	return p.decide(c, "content.review.withdrawn", func(id, by, _ string) (review.Change, error) {
		one, err := p.Review.Find(c.Request.Context(), id)
		if err != nil {
			return one, err
		}
		if !strings.EqualFold(one.By, by) && !mayDecide(c, one) {
			return one, problem.New(problem.Denied, "review.withdraw.other")
		}
		if err := p.Review.Withdraw(c.Request.Context(), id, by); err != nil {
			return one, err
		}
		return p.over(c, id)
	})
}

// over destroys the file of an import that will never be taken in.
func (p *Room) over(c *gin.Context, id string) (review.Change, error) {
	one, err := p.Review.Find(c.Request.Context(), id)
	if err != nil || one.Kind != policy.KindImport {
		return one, err
	}
	var b policy.Brought
	if err := json.Unmarshal(one.After, &b); err != nil || b.File == "" {
		return one, nil //nolint:nilerr // no file, nothing to destroy
	}
	return one, p.Vault.Delete(c.Request.Context(), p.DB, b.File)
}

func (p *Room) revertPage(c *gin.Context) error {
	r := web.From(c)
	one, err := p.Review.Find(c.Request.Context(), c.Param("id"))
	if err != nil {
		return err
	}
	at := frame.Root + "/review/" + one.ID
	why := frame.Long(r, "reason", "content.review.why", "")
	v := frame.Confirm{Shell: p.Shell(c, "/review"), Title: r.T("content.review.revert.title", "what", p.titled(r, one)), Action: at + "/revert", Cancel: at,
		Submit: r.T("content.review.revert"), Why: &why, What: []string{r.T("content.review.revert.what", "at", frame.When(r, one.PublishedAt)), r.T("content.review.revert.second")}}
	v.Shell.Crumb(at, p.titled(r, one))
	return p.Page(c, http.StatusOK, "console-confirm", v.Title, v)
}

// revert proposes the way back; another person publishes it.
func (p *Room) revert(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	one, err := p.Review.Revert(c.Request.Context(), c.Param("id"), frame.Account(c).Name, strings.TrimSpace(form.Get("reason")))
	if err != nil {
		return err
	}
	p.Flash(c, "content.review.proposed")
	return p.Web.Redirect(c, frame.Root+"/review/"+one.ID)
}
