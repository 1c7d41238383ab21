package edit

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"mashang/aid/policy"
	"mashang/aid/policy/edit"
	"mashang/api/console/frame"
	"mashang/api/web"
)

// sheet is a page of the editor: the contents of the thing beside one part of it.
type sheet struct {
	frame.Shell
	Title, Sub string
	Tags       []frame.Cell
	Buttons    []frame.Action
	Notes      []note
	Contents   []entry
	Overview   string // address of the first page; "" there
	Facts      []frame.Fact
	Heading    string
	Problems   []frame.Issue
	Caption    string // over the rows
	Rows       []frame.CompareRow
	Left       string
	Right      string
	Action     string
	Hidden     map[string]string
	Blocks     []block
	Submit     string
	Others     []frame.Action
	Look       *look
	Table      *frame.Table
	History    []frame.Event
}

// note is something to know before one goes on.
type note struct {
	Tag, Text string
	Lines     []frame.Cell
	Action    *frame.Action
}

// entry is a line of the contents.
type entry struct {
	Href, Label string
	On, Done    bool
	Wrong       bool
}

// block is a card of the form.
type block struct {
	Title, Help string
	Text        string // to be read, not changed
	Tris        []tri
	Fields      []frame.Field
	Inline      bool // the fields stand in a row
	Cites       []citeLine
	CiteAdd     string // value of the button that adds one; "" for none
}

// tri is one text in the three languages, side by side.
type tri struct {
	Label, Help string
	Cells       []cell
}

// cell is one of them; Theirs is what somebody else has saved there meanwhile.
type cell struct {
	frame.Field
	Theirs, By string
}

// citeLine is a passage a text rests on.
type citeLine struct {
	Document, Article, Quote string
	Wrong                    string // why it does not hold
	Change, Drop             string // values of the buttons
}

// look is a small form that only looks: which versions, or the draft at which place
// and in which language. To is its address, "" for the page itself.
type look struct {
	To, Label string
	Fields    []frame.Field
}

// sheet is the page around a part; on is the part, "" for the overview.
func (p *Room) sheet(c *gin.Context, d edit.Draft, v any, on string, wrong map[string]bool) sheet {
	r := web.From(c)
	s := sheet{Shell: p.Shell(c, "/edit"), Title: p.title(r, d, v), Sub: r.T("content.kind." + d.Kind)}
	for _, part := range edit.Parts(v) {
		s.Contents = append(s.Contents, entry{Href: Href(d.Kind, d.Object, "part", part), Label: p.partName(r, v, part), On: part == on, Done: edit.Filled(v, part), Wrong: wrong[part]})
	}
	if on != "" {
		s.Overview = Href(d.Kind, d.Object)
		s.Shell.Crumb(s.Overview, s.Title)
	}
	if d.Version > 0 {
		s.Tags = []frame.Cell{{Text: r.T("edit.draft"), Tag: "warn"}}
	}
	return s
}

func (p *Room) title(r *web.Request, d edit.Draft, v any) string {
	name := ""
	switch v := v.(type) {
	case policy.Programme:
		name = v.Name.In(r.Lang)
	case policy.Document:
		name = v.Title
	case policy.Entry:
		if len(v.Questions) > 0 {
			name = v.Questions[0].In(r.Lang)
		}
	case policy.Department:
		name = v.Name.In(r.Lang)
	case policy.Situation:
		name = v.Name.In(r.Lang)
	}
	if name == "" {
		return d.Object
	}
	return name
}

// partName is what the contents call a part.
func (p *Room) partName(r *web.Request, v any, part string) string {
	if d, ok := v.(policy.Document); ok {
		for _, a := range d.Articles {
			if part == "a:"+a.No {
				if a.Label != "" {
					return a.Label
				}
				return a.No
			}
		}
	}
	for _, area := range []string{"edit.part.", "content.about."} {
		if p.Web.Words.Has(area + part) {
			return r.T(area + part)
		}
	}
	return part
}

func (p *Room) show(c *gin.Context, status int, s sheet) error {
	if status == 0 {
		status = http.StatusOK
	}
	return p.Page(c, status, "console-edit", s.Title, s)
}
