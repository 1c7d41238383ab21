package frame

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/gin-gonic/gin"
	"golang.org/x/text/unicode/norm"

	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
)

// Link leads somewhere else.
type Link struct{ Label, URL string }

// The most a posted form may hold. Where people write freely, a million characters are still read, so that they can be
// shown again with the words that say what is wrong.
const (
	FormBytes = 256 << 10
	LongBytes = 4 << 20
)

// Invalid returns the problem in err when it is about what somebody typed, so that the page can be shown again with
// everything on it; any other error is nil here.
func Invalid(err error) *problem.Error {
	var e *problem.Error
	if errors.As(err, &e) && (e.Kind == problem.Invalid || e.Kind == problem.Malformed) {
		return e
	}
	return nil
}

// Limited returns the problem in err when somebody was too fast, else nil.
func Limited(err error) *problem.Error {
	var e *problem.Error
	if errors.As(err, &e) && e.Kind == problem.Limited {
		return e
	}
	return nil
}

// SayField says what is wrong with a field, else with the whole.
func SayField(r *web.Request, e *problem.Error, name string) string {
	key := e.Fields[name]
	switch {
	case key == "":
		return Say(r, e.Key, e.Args)
	case e.FieldArgs[name] != nil:
		return Say(r, key, e.FieldArgs[name])
	}
	return Say(r, key, e.Args)
}

// Say gives a problem's key its words, with the problem's own values.
func Say(r *web.Request, key string, args map[string]string) string {
	pairs := make([]any, 0, 2*len(args))
	for k, v := range args {
		pairs = append(pairs, k, v)
	}
	return r.T(key, pairs...)
}

// Personal renders a personal page: no robot keeps it.
func (p *Frame) Personal(c *gin.Context, status int, name, title string, body any) error {
	f := web.From(c).Frame(title, body)
	f.Robots = "noindex,nofollow"
	if over := p.Web.Cookie(c, overCookie); over != "" {
		f.Wipe = over
		p.Web.SetCookie(c, overCookie, "", -1)
	}
	return p.Web.RenderPage(c, status, name, f)
}

const overCookie = "over"

// Over has the next page empty this browser of what it could not send yet of a draft that was filed or thrown away.
func (p *Frame) Over(c *gin.Context, tag string) {
	p.Web.SetCookie(c, overCookie, tag, PINSeconds)
}

// Once is a fresh idempotency key for a form.
func Once() string { return rand.Text() }

// Fours cuts a receipt into the groups it is read in.
func Fours(s string) []string {
	var out []string
	for i := 0; i < len(s); i += 4 {
		out = append(out, s[i:min(i+4, len(s))])
	}
	return out
}

// Wrap adds to an error what was being done; nil stays nil.
func Wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("resident: %s: %w", what, err)
}

// PINSeconds is how long a new PIN stays on the phone that filed the case: long enough to change the size of the
// letters and write it down.
const PINSeconds = 10 * 60

// ProgrammeName is the name of a programme, or its id when the library has it no more.
func (p *Frame) ProgrammeName(l i18n.Lang, id string) string {
	if pr, ok := p.Library.Shelf().Ever(id); ok {
		return pr.Name.In(l)
	}
	return id
}

// Plain writes what somebody read from paper or a screen as the digits and letters they meant.
func Plain(s string) string {
	return strings.Map(func(c rune) rune {
		switch c {
		case ' ', '-', '\t', '\n', '·', '.', '—', '_', '\u3000':
			return -1
		}
		return c
	}, strings.ToUpper(norm.NFKC.String(s)))
}
