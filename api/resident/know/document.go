package know

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"mashang/aid/policy"
	"mashang/api/web"
	"mashang/frontend"
	"mashang/i18n"
	"mashang/platform/problem"
)

// partSize is how many characters of a document fit on one page of the weight
// that is promised.
const partSize = 2200

// documentBody is a document, or one part of a long one.
type documentBody struct {
	policy.Document
	Published, Since, Until string
	Where                   string
	Articles                []articleLine
	Part                    int // from 1
	Parts                   []documentPart
	Prev, Next              string
	Foreign                 bool              // the reader's language is not the document's
	Later                   *policy.Document  // what replaces it
	Others                  []policy.Document // copies and other editions
}

type articleLine struct {
	policy.Article
	Chapter string // when a new one begins
	Lines   []string
}

type documentPart struct {
	To, First, Last string
	Chapter         string
	Here            bool
}

// document shows a document, article by article, each with its anchor. A long
// one comes in parts; ?a=9 opens the part with article 9.
func (p *Room) document(c *gin.Context) error {
	r := web.From(c)
	d, ok := p.Library.Shelf().Document(c.Param("id"))
	if !ok {
		return problem.New(problem.Missing, "know.document.missing")
	}
	cuts := parts(d.Articles)
	n := 0
	if want := web.Query(c, "a"); want != "" {
		n = partOf(d.Articles, cuts, want)
	} else if want := web.Query(c, "part"); want != "" {
		i, err := strconv.Atoi(want)
		if err != nil || i < 1 || i > len(cuts) {
			return problem.New(problem.Missing, "know.document.missing")
		}
		n = i - 1
	}
	return p.Web.RenderReady(c, "document", p.Version(), func() (frontend.Page, error) {
		return p.knowFrame(r, d.Title, p.documentBody(r, d, cuts, n)), nil
	})
}

func (p *Room) documentBody(r *web.Request, d policy.Document, cuts []int, n int) documentBody {
	b := documentBody{
		Document: d, Part: n + 1, Foreign: r.Lang != i18n.Hans, Where: r.T("know.document.national"),
		Published: i18n.Date(r.Lang, d.Published), Since: i18n.Date(r.Lang, d.From), Until: i18n.Date(r.Lang, d.To),
	}
	if d.Place != "" {
		b.Where = p.Web.Places.Atlas().Names(r.Lang, d.Place)
	}
	shelf := p.Library.Shelf()
	if later, ok := shelf.ReplacedBy(d.ID); ok {
		b.Later = &later
	}
	b.Others = shelf.Alike(d.ID)
	from, to := span(cuts, n, len(d.Articles))
	chapter := ""
	for _, a := range d.Articles[from:to] {
		line := articleLine{Article: a, Lines: lines(a.Text)}
		if a.Chapter != chapter {
			line.Chapter, chapter = a.Chapter, a.Chapter
		}
		b.Articles = append(b.Articles, line)
	}
	if len(cuts) < 2 {
		return b
	}
	address := func(i int) string { return "/documents/" + d.ID + "?part=" + strconv.Itoa(i+1) }
	for i := range cuts {
		from, to := span(cuts, i, len(d.Articles))
		b.Parts = append(b.Parts, documentPart{
			To: address(i), First: label(d.Articles[from]), Last: label(d.Articles[to-1]),
			Chapter: d.Articles[from].Chapter, Here: i == n,
		})
	}
	if n > 0 {
		b.Prev = address(n - 1)
	}
	if n+1 < len(cuts) {
		b.Next = address(n + 1)
	}
	return b
}

// parts says with which articles the parts of a document begin. A part ends
// where a chapter does when that is near.
func parts(articles []policy.Article) []int {
	cuts := []int{0}
	size := 0
	for i, a := range articles {
		n := utf8.RuneCountInString(a.Text)
		newChapter := i > 0 && a.Chapter != articles[i-1].Chapter
		if size > 0 && (size+n > partSize || newChapter && size > partSize/2) {
			cuts = append(cuts, i)
			size = 0
		}
		size += n
	}
	return cuts
}

func partOf(articles []policy.Article, cuts []int, no string) int {
	for n := range cuts {
		from, to := span(cuts, n, len(articles))
		for _, a := range articles[from:to] {
			if a.No == no {
				return n
			}
		}
	}
	return 0
}

func span(cuts []int, n, size int) (from, to int) {
	if n+1 < len(cuts) {
		return cuts[n], cuts[n+1]
	}
	return cuts[n], size
}

func label(a policy.Article) string {
	if a.Label != "" {
		return a.Label
	}
	return a.No
}

func lines(s string) []string {
	var out []string
	for l := range strings.SplitSeq(s, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}
