package frame

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/api/web"
)

// flashCookie holds one message from a deed to the page after it.
const flashCookie = "said"

// flash is what the cookie holds: a message's key with its values, and how to
// undo the deed. Only the reader's own browser sees it.
type flash struct {
	Key    string            `json:"k"`
	Args   []string          `json:"a,omitempty"`
	Undo   string            `json:"u,omitempty"`
	Hidden map[string]string `json:"h,omitempty"`
}

// Said is what was just done, and the way back.
type Said struct {
	Text string
	Undo *Action
}

// Flash says key on the next page this browser opens, once.
func (f *Frame) Flash(c *gin.Context, key string, args ...any) {
	f.keep(c, flash{Key: key, Args: texts(args)})
}

// FlashUndo is Flash with a button that posts hidden to undo, which is below
// Root. Whoever may do the deed must be able to do that.
func (f *Frame) FlashUndo(c *gin.Context, key, undo string, hidden map[string]string, args ...any) {
	f.keep(c, flash{Key: key, Args: texts(args), Undo: undo, Hidden: hidden})
}

func texts(args []any) []string {
	var out []string
	for _, a := range args {
		out = append(out, fmt.Sprint(a))
	}
	return out
}

func (f *Frame) keep(c *gin.Context, m flash) {
	b, err := json.Marshal(m)
	if err != nil || len(b) > 2048 {
		return // a message too long to keep is not worth failing the deed for
	}
	f.Web.SetCookie(c, flashCookie, base64.RawURLEncoding.EncodeToString(b), 120)
}

// said takes the message that waits, if one does.
func (f *Frame) said(c *gin.Context) *Said {
	kept := f.Web.Cookie(c, flashCookie)
	if kept == "" {
		return nil
	}
	f.Web.SetCookie(c, flashCookie, "", -1)
	var m flash
	b, err := base64.RawURLEncoding.DecodeString(kept)
	if err != nil || json.Unmarshal(b, &m) != nil || !f.Web.Words.Has(m.Key) {
		return nil
	}
	r := web.From(c)
	args := make([]any, len(m.Args))
	for i, a := range m.Args {
		args[i] = a
	}
	s := &Said{Text: r.T(m.Key, args...)}
	if strings.HasPrefix(m.Undo, "/") && !strings.HasPrefix(m.Undo, "//") && Back(Root+m.Undo, "") != "" && !strings.Contains(m.Undo, "..") {
		s.Undo = &Action{Path: Root + m.Undo, Label: r.T("console.undo"), Hidden: m.Hidden}
	}
	return s
}
