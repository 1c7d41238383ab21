package people

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/qr"
)

type enrolView struct {
	Shell    frame.Shell
	Heading  string
	Problems []frame.Issue
	Must     bool   // nothing else can be done before
	Moves    bool   // codes were set up before, on another phone
	Edge     int    // of the picture, in modules
	Path     string // its dark modules
	Secret   []string
	Ticket   string
	Code     frame.Field
}

func (p *Room) enrolPage(c *gin.Context) error {
	return p.enrolForm(c, http.StatusOK, "", "")
}

// enrolForm shows a secret, as a picture to scan and in groups of four to type.
// An earlier page's ticket brings the same one again.
func (p *Room) enrolForm(c *gin.Context, status int, ticket, wrong string) error {
	r, a := web.From(c), frame.Account(c)
	if a.ProviderOnly {
		return problem.New(problem.Conflict, "staff.provider.nopassword")
	}
	e, err := p.Staff.Enrol(c.Request.Context(), a.Name, p.Web.Base.Hostname(), ticket)
	if err != nil {
		return err
	}
	v := enrolView{Shell: p.Shell(c, "/me"), Must: a.Owes, Moves: !a.Coded.IsZero(), Ticket: e.Ticket, Secret: strings.Fields(frame.Fours(e.Secret))}
	v.Shell.Crumb("", r.T("staff.code.set"))
	if v.Edge, v.Path, err = picture(e.URL); err != nil {
		return err
	}
	v.Code = frame.Field{Kind: "line", Type: "text", ID: "f-code", Name: "code", Label: r.T("staff.code.now"), Mode: "numeric", Complete: "one-time-code", Short: true}
	if wrong != "" {
		v.Code.Wrong(&v.Problems, r.T(wrong))
	}
	return p.Page(c, status, "console-people-code", r.T("staff.code.set"), v)
}

// picture is a QR code as one path of unit squares, with its clear margin.
func picture(text string) (edge int, path string, err error) {
	m, err := qr.Matrix(text)
	if err != nil {
		return 0, "", err
	}
	const quiet = 4
	var b strings.Builder
	for y, row := range m {
		for x := 0; x < len(row); x++ {
			if !row[x] {
				continue
			}
			from := x
			for x < len(row) && row[x] {
				x++
			}
			b.WriteString("M" + strconv.Itoa(from+quiet) + " " + strconv.Itoa(y+quiet) + "h" + strconv.Itoa(x-from) + "v1h-" + strconv.Itoa(x-from) + "z")
		}
	}
	return len(m) + 2*quiet, b.String(), nil
}

// enrol takes the first code and shows the recovery codes, once.
func (p *Room) enrol(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	a, ctx := frame.Account(c), c.Request.Context()
	if a.ProviderOnly {
		return problem.New(problem.Conflict, "staff.provider.nopassword")
	}
	var codes []string
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		if codes, err = p.Staff.Confirm(ctx, q, a.Name, form.Get("ticket"), form.Get("code"), a.Session); err != nil {
			return err
		}
		return p.Note(c, q, "code-on", a.Name, "")
	})
	var told *problem.Error
	if errors.As(err, &told) && (told.Kind == problem.Invalid || told.Kind == problem.Gone) {
		wrong := told.Fields["code"]
		if wrong == "" {
			wrong = told.Key
		}
		return p.enrolForm(c, http.StatusUnprocessableEntity, form.Get("ticket"), wrong)
	}
	if err != nil {
		return err
	}
	return p.recoveryCodes(c, codes)
}

type recoveryView struct {
	Shell frame.Shell
	Name  string
	Host  string
	Codes []string
}

func (p *Room) recoveryCodes(c *gin.Context, codes []string) error {
	r, a := web.From(c), frame.Account(c)
	v := recoveryView{Shell: p.Shell(c, "/me"), Name: a.Name, Host: p.Web.Base.Host, Codes: codes}
	v.Shell.Crumb("", r.T("staff.recovery"))
	return p.Page(c, http.StatusOK, "console-people-recovery", r.T("staff.recovery"), v)
}

func (p *Room) recoveryPage(c *gin.Context) error {
	r := web.From(c)
	if frame.Account(c).Coded.IsZero() {
		return p.Web.Redirect(c, frame.Root+"/me/code")
	}
	v := frame.Confirm{Shell: p.Shell(c, "/me"), Title: r.T("staff.recovery.new"), What: []string{r.T("staff.recovery.new.what"), r.T("staff.recovery.new.print")},
		Action: frame.Root + "/me/recovery", Submit: r.T("staff.recovery.new"), Cancel: frame.Root + "/me"}
	return p.Page(c, http.StatusOK, "console-confirm", v.Title, v)
}

func (p *Room) recovery(c *gin.Context) error {
	a, ctx := frame.Account(c), c.Request.Context()
	if a.Coded.IsZero() {
		return p.Web.Redirect(c, frame.Root+"/me/code")
	}
	var codes []string
	err := p.DB.Tx(ctx, func(q store.Queryer) (err error) {
		if codes, err = p.Staff.Recover(ctx, q, a.Name); err != nil {
			return err
		}
		return p.Note(c, q, "recovery-new", a.Name, "")
	})
	if err != nil {
		return err
	}
	return p.recoveryCodes(c, codes)
}

func (p *Room) dropPage(c *gin.Context) error {
	r := web.From(c)
	v := frame.Confirm{Shell: p.Shell(c, "/me"), Title: r.T("staff.code.off"), What: []string{r.T("staff.code.off.what"), r.T("staff.code.off.phone")},
		Action: frame.Root + "/me/code/off", Submit: r.T("staff.code.off"), Cancel: frame.Root + "/me", Danger: true}
	return p.Page(c, http.StatusOK, "console-confirm", v.Title, v)
}

func (p *Room) drop(c *gin.Context) error {
	a, ctx := frame.Account(c), c.Request.Context()
	err := p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := p.Staff.DropCodes(ctx, q, a.Name); err != nil {
			return err
		}
		return p.Note(c, q, "code-off", a.Name, "")
	})
	if err != nil {
		return err
	}
	p.Flash(c, "staff.code.off.done")
	return p.Web.Redirect(c, frame.Root+"/me")
}
