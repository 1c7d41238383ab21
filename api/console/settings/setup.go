package settings

import (
	"errors"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	office "mashang/platform/settings"
	"mashang/platform/staff"
	"mashang/platform/store"
)

// The steps of the wizard, in their order.
const (
	stepNames   = "names"
	stepPlaces  = "places"
	stepContact = "contact"
	stepOutside = "backoffice"
	stepPoster  = "poster"
	stepScan    = "scan"
	stepPeople  = "people"
	stepRest    = "rest"

	finished  = "finished"  // the wizard was gone through
	dismissed = "dismissed" // somebody wants to do without it
)

func steps() []string {
	return []string{stepNames, stepPlaces, stepContact, stepOutside, stepPoster, stepScan, stepPeople, stepRest}
}

// setupView is a step of the wizard.
type setupView struct {
	frame.Shell
	Title, Intro string
	N, Of        int
	Steps        []setupStep
	Step         string
	Ready        bool // what the step is for is there

	Heading   string
	Problems  []frame.Issue
	Sections  []frame.Section
	Hidden    map[string]string
	Multipart bool
	Submit    string

	Facts    []frame.Fact
	Links    []frame.Action
	Examples []frame.Action
	Table    frame.Table
	Choose   *frame.Field // a choice that shows the page again
	Picture  *frame.Picture
	Tests    []frame.Action
	Live     string // said while the page waits for something
	Waiting  bool
	Back     string
	Next     string
	Leave    bool
}

type setupStep struct {
	N        int
	Name     string
	Href     string
	Done, On bool
}

// done reports whether what a step is for is there. A step is known to be done by what it left behind, not by who went
// through it: what was imported on the command line counts too.
func (p *Room) done(c *gin.Context, o office.Office, step string) (bool, error) {
	ctx, a := c.Request.Context(), p.Web.Places.Atlas()
	switch step {
	case stepNames:
		return o.County["zh-Hans"] != "" && o.Issuer["zh-Hans"] != "", nil
	case stepPlaces:
		_, offices, _ := a.Size()
		return len(a.Villages()) > 0 && offices > 0, nil
	case stepPeople:
		all, err := p.Staff.List(ctx)
		return len(all) > 1 || o.Done(step), err
	}
	return o.Done(step), nil
}

// pending reports whether the wizard still leads: in an empty system, and in one that was begun with it.
func (p *Room) pending(o office.Office) bool {
	if o.Done(finished) || o.Done(dismissed) {
		return false
	}
	return len(o.SetUp) > 0 || len(p.Web.Places.Atlas().Villages()) == 0
}

// Bar is what stands above every staff page while the wizard is under way, nil for who has nothing to do with it.
func (p *Room) Bar(c *gin.Context) (*frame.Wizard, error) {
	if a := frame.Account(c); a.Renew || a.Owes || !staff.Can(a.Role, staff.EditSettings) {
		return nil, nil //nolint:nilnil // no bar is no failure
	}
	o := p.Book.Office()
	if !p.pending(o) {
		return nil, nil //nolint:nilnil // no bar is no failure
	}
	n, step := 0, stepRest
	for i, one := range steps() {
		ok, err := p.done(c, o, one)
		if err != nil {
			return nil, err
		}
		if ok {
			n++
		} else if step == stepRest {
			step = steps()[i]
		}
	}
	r := web.From(c)
	return &frame.Wizard{Text: r.T("setup.bar", "n", n, "all", len(steps())), Href: frame.Root + wizard + "/" + step, Label: r.T("setup.bar.go", "step", r.T("setup.step."+step))}, nil
}

// setup leads to the first step that is not done.
func (p *Room) setup(c *gin.Context) error {
	o := p.Book.Office()
	for _, one := range steps() {
		if ok, err := p.done(c, o, one); err != nil {
			return err
		} else if !ok {
			return p.Web.Redirect(c, frame.Root+wizard+"/"+one)
		}
	}
	return p.Web.Redirect(c, frame.Root+wizard+"/"+stepRest)
}

// setupLeave puts the wizard away; it stays behind the settings.
func (p *Room) setupLeave(c *gin.Context) error {
	if err := p.mark(c, dismissed); err != nil {
		return err
	}
	p.Flash(c, "setup.left")
	return p.Web.Redirect(c, frame.Root)
}

// mark notes a step as done. Somebody who saves other settings at the same moment loses nothing by it.
func (p *Room) mark(c *gin.Context, step string) error {
	ctx := c.Request.Context()
	for try := 0; ; try++ {
		o, err := p.Book.Stored(ctx)
		if err != nil || o.Done(step) {
			return err
		}
		o.SetUp = append(slices.Clone(o.SetUp), step)
		err = p.DB.Tx(ctx, func(q store.Queryer) error {
			if err := p.Book.Save(ctx, q, o, frame.Account(c).Name); err != nil {
				return err
			}
			return p.Note(c, q, "setup-step", step, "")
		})
		if err == nil {
			return p.Book.Changed(ctx)
		}
		if !problem.Is(err, problem.Conflict) || try == 3 {
			return err
		}
	}
}

// step shows one step. Any of them can be opened at any time, and going back loses nothing: each saves by itself.
func (p *Room) step(c *gin.Context) error {
	v, err := p.stepView(c, c.Param("step"))
	if err != nil {
		return err
	}
	if err := p.fill(c, v); err != nil || c.Writer.Status() == http.StatusSeeOther {
		return err
	}
	return p.Page(c, http.StatusOK, "console-setup", v.Title, v)
}

// stepView is the frame of a step.
func (p *Room) stepView(c *gin.Context, step string) (*setupView, error) {
	r, o, all := web.From(c), p.Book.Office(), steps()
	at := slices.Index(all, step)
	if at < 0 {
		return nil, problem.New(problem.Missing, "error.missing")
	}
	v := &setupView{Shell: p.Shell(c, here), Title: r.T("setup.step." + step), Intro: r.T("setup.step." + step + ".text"), N: at + 1, Of: len(all), Step: step,
		Heading: r.T("console.problems"), Submit: r.T("setup.go"), Leave: p.pending(o)}
	v.Shell.Wizard = nil // the page itself says it
	for i, one := range all {
		ok, err := p.done(c, o, one)
		if err != nil {
			return nil, err
		}
		v.Steps = append(v.Steps, setupStep{N: i + 1, Name: r.T("setup.step." + one), Href: frame.Root + wizard + "/" + one, Done: ok, On: i == at})
		if i == at {
			v.Ready = ok
		}
	}
	if at > 0 {
		v.Back = v.Steps[at-1].Href
	}
	if at+1 < len(all) {
		v.Next = v.Steps[at+1].Href
	}
	return v, nil
}

// stepDone takes what a step asks and goes on to the next.
func (p *Room) stepDone(c *gin.Context) error {
	step := c.Param("step")
	at := slices.Index(steps(), step)
	if at < 0 {
		return problem.New(problem.Missing, "error.missing")
	}
	switch step {
	case stepNames:
		return p.stepNames(c)
	case stepContact:
		return p.stepContact(c)
	case stepOutside:
		form, err := web.Form(c)
		if err != nil {
			return err
		}
		if id := form.Get("test"); id != "" {
			return p.tryOutside(c, id)
		}
	}
	if step == stepRest {
		if err := p.mark(c, finished); err != nil {
			return err
		}
		p.Flash(c, "setup.finished")
		return p.Web.Redirect(c, frame.Root)
	}
	if err := p.mark(c, step); err != nil {
		return err
	}
	return p.Web.Redirect(c, frame.Root+wizard+"/"+steps()[at+1])
}

func (p *Room) stepNames(c *gin.Context) error {
	o, wrong, err := p.readNames(c)
	if err != nil {
		return err
	}
	if wrong == nil && (o.County["zh-Hans"] == "" || o.Issuer["zh-Hans"] == "") {
		wrong = &problem.Error{Kind: problem.Invalid, Key: "settings.invalid", Fields: map[string]string{}}
		for name, texts := range map[string]map[string]string{"county": o.County, "issuer": o.Issuer} {
			if texts["zh-Hans"] == "" {
				wrong.Fields[name] = "setup." + name + ".missing"
			}
		}
	}
	return p.stepSave(c, stepNames, o, wrong)
}

func (p *Room) stepContact(c *gin.Context) error {
	if ok, err := p.Fresh(c); !ok {
		return err
	}
	o, err := p.readContact(c)
	if err != nil {
		return err
	}
	return p.stepSave(c, stepContact, o, nil)
}

// stepSave keeps what was typed together with the step, or shows it again with what is wrong.
func (p *Room) stepSave(c *gin.Context, step string, o office.Office, wrong *problem.Error) error {
	if wrong == nil {
		o.SetUp = append(slices.Clone(o.SetUp), step)
		err := p.save(c, o, "setup-"+step, wizard+"/"+steps()[slices.Index(steps(), step)+1])
		if err == nil {
			return nil
		}
		if wrong = refused(err); wrong == nil {
			return err
		}
	}
	r := web.From(c)
	v, err := p.stepView(c, step)
	if err != nil {
		return err
	}
	if step == stepNames {
		v.Sections, v.Problems = p.namesForm(c, o, wrong)
		v.Multipart = true
	} else {
		v.Sections, v.Problems = p.contactForm(c, o, wrong)
	}
	v.Hidden, v.Submit = version(o), r.T("setup.next")
	return p.Page(c, wrong.Kind.Status(), "console-setup", v.Title, v)
}

// tryOutside sends a test message to a back office and notes the step when it was taken.
func (p *Room) tryOutside(c *gin.Context, id string) error {
	ctx := c.Request.Context()
	if p.Courier == nil {
		return problem.New(problem.Unavailable, "ops.endpoint.nosender")
	}
	a, err := p.Courier.Test(ctx, id)
	var told *problem.Error
	if errors.As(err, &told) {
		return told
	}
	if err != nil {
		return err
	}
	if a.Class != "ok" {
		p.Flash(c, "setup.outside.failed", "why", p.Say(web.From(c), "ops.endpoint.help.", a.Class))
		return p.Web.Redirect(c, frame.Root+wizard+"/"+stepOutside)
	}
	if err := p.mark(c, stepOutside); err != nil {
		return err
	}
	p.Flash(c, "setup.outside.ok", "ms", a.Took.Milliseconds())
	return p.Web.Redirect(c, frame.Root+wizard+"/"+stepOutside)
}
