package frame

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/staff"
)

// proof is the field of the page that asks anew who one is.
const proof = "proof"

// Fresh reports whether who asks has shown within the last five minutes who they
// are. When not, it has answered: with a page that asks for the password or a
// one-time code and carries along what was posted, so that nothing typed is lost.
// A dangerous deed (accounts, credentials, settings, backups) says Fresh: true in
// its Route, or calls this first:
//
//	if ok, err := p.Fresh(c); !ok {
//		return err
//	}
func (f *Frame) Fresh(c *gin.Context) (bool, error) {
	a, r := Account(c), web.From(c)
	if a.Fresh(f.Web.Now()) {
		return true, nil
	}
	to := c.Request.URL.RequestURI()
	v := Confirm{Shell: f.Shell(c, "-"), Title: r.T("staff.prove"), What: []string{r.T("staff.prove.why")}, Submit: r.T("staff.prove.button"),
		Action: Root + "/prove", Cancel: Root, Hidden: map[string]string{"next": to}}
	asked := Field{Kind: "line", Type: "password", ID: "f-" + proof, Name: proof, Label: r.T("staff.prove.answer"), Complete: "current-password"}
	if !a.Coded.IsZero() {
		asked.Label, asked.Help = r.T("staff.prove.either"), r.T("staff.prove.either.help")
	}
	status := http.StatusOK
	switch {
	case c.Request.Method != http.MethodPost:
	case strings.HasPrefix(c.GetHeader("Content-Type"), "multipart/form-data"):
		v.Hidden["next"] = from(c)
		v.What = append(v.What, r.T("staff.prove.file"))
	default:
		form, err := web.Form(c)
		if err != nil {
			return false, err
		}
		if answer := form.Get(proof); answer != "" {
			done, told, err := f.prove(c, a, answer)
			if done || err != nil {
				return done, err
			}
			status = told.Kind.Status()
			asked.Wrong(&v.Problems, r.T(firstKey(told)))
		}
		form.Del(proof)
		v.Action, v.Hidden, v.Many = to, nil, form
	}
	if a.ProviderOnly {
		return false, f.proveThere(c, v)
	}
	v.Fields = []Field{asked}
	if f.Provider != "" && a.Bound {
		v.Facts = []Fact{{Label: r.T("staff.prove.provider"), Text: f.Provider, Href: Root + "/sign-in/provider?again=1&next=" + url.QueryEscape(to)}}
	}
	return false, f.Page(c, status, "console-confirm", v.Title, v)
}

// proveThere is for those who have nothing to prove who they are with but the
// office's own sign-in. What was posted does not go there and back.
func (f *Frame) proveThere(c *gin.Context, v Confirm) error {
	r, next := web.From(c), v.Hidden["next"]
	if next == "" {
		next = from(c)
		v.What = append(v.What, r.T("staff.prove.again"))
	}
	return f.Page(c, http.StatusOK, "console-show", v.Title, Show{Shell: v.Shell, Title: v.Title, Intro: strings.Join(v.What, " "),
		Buttons: []Action{{Path: Root + "/sign-in/provider?again=1&next=" + url.QueryEscape(next), Label: r.T("staff.provider.go", "name", f.Provider), Get: true}}})
}

// from is the staff page a request was sent from.
func from(c *gin.Context) string {
	u, err := url.Parse(c.Request.Referer())
	if err != nil {
		return Root
	}
	return Back(u.RequestURI(), Root)
}

// prove takes the answer. Who gave it goes on with a fresh account.
func (f *Frame) prove(c *gin.Context, a staff.Account, answer string) (bool, *problem.Error, error) {
	err := f.Staff.Prove(c.Request.Context(), a, answer, Visit(c))
	var told *problem.Error
	if errors.As(err, &told) && (told.Kind == problem.Invalid || told.Kind == problem.Limited) {
		return false, told, f.Note(c, f.DB, "prove-failed", "", "")
	}
	if err != nil {
		return false, nil, err
	}
	a.Proven = f.Web.Now()
	SetAccount(c, a)
	return true, nil, nil
}

// Visit is from where a request comes.
func Visit(c *gin.Context) staff.Visit {
	return staff.Visit{Address: web.ClientAddress(c), Agent: c.Request.UserAgent()}
}

func firstKey(p *problem.Error) string {
	for _, key := range p.Fields {
		return key
	}
	return p.Key
}
