package resident

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"mashang/aid/feedback"
	"mashang/aid/policy"
	"mashang/api/web"
	"mashang/faq"
	"mashang/faq/danger"
	"mashang/i18n"
	"mashang/platform/privacy"
)

const (
	questionLength = 500  // characters
	asksAMinute    = 1200 // from one address: a whole village may share one
)

type askView struct {
	Heading      string
	Problems     []issue
	Field        field
	Tall         bool // a long question gets a box of several lines
	Conversation string
	Asked        string
	Reply        *replyView
	Try          []link
}

type link struct{ Label, URL string }

type replyView struct {
	Danger  bool
	Leave   bool // somebody may be looking over the shoulder
	Text    string
	Calls   []call
	Amounts []amountsView
	Cites   []citeView
	Options []link
	Contact *contactView
	See     *link
	More    []link
	Rate    *rateView
}

// amountsView is figures of one programme that rest on one source.
type amountsView struct {
	Name, Source string
	Lines        []sumView
}

type sumView struct{ Label, Amount, Unit string }

type citeView struct{ Quote, Title, Article, State, Line, URL string }

type contactView struct {
	Name, Hours string
	Call        call
}

// ask is the question box. A link of ours may bring a question along.
func (p *Pages) ask(c *gin.Context) error {
	if q := web.Query(c, "q"); q != "" {
		return p.askReply(c, q, web.Query(c, "conversation"))
	}
	return p.askForm(c, http.StatusOK, askView{})
}

// askAnswer answers a question that somebody typed: it comes in a post, so that
// the words stay out of addresses and logs.
func (p *Pages) askAnswer(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	q := form.Get("q")
	if q == "" {
		q = form.Get("question")
	}
	return p.askReply(c, strings.TrimSpace(q), form.Get("conversation"))
}

func (p *Pages) askReply(c *gin.Context, q, conversation string) error {
	r := web.From(c)
	v := askView{Conversation: conversation}
	v.Field.Value = q
	if key, status := badQuestion(q); key != "" {
		v.Field.Error = r.T(key, "max", questionLength, "n", utf8.RuneCountInString(q))
		return p.askForm(c, status, v)
	}
	if err := p.Web.Allow(c, "ask:"+web.ClientAddress(c), asksAMinute, time.Minute); err != nil {
		return err
	}
	reply, err := p.Assistant.Ask(c.Request.Context(), faq.Question{Text: q, Place: here(r), Lang: r.Lang, Conversation: conversation})
	if e := invalid(err); e != nil {
		v.Field.Error = sayField(r, e, "question")
		return p.askForm(c, e.Kind.Status(), v)
	}
	if err != nil {
		return wrap("ask", err)
	}
	v.Field.Value, v.Asked, v.Conversation = "", privacy.Scrub(q), reply.Conversation
	v.Reply = p.replyView(r, reply)
	if reply.Outcome == faq.Answer {
		programme := ""
		if len(reply.Programmes) > 0 {
			programme = reply.Programmes[0]
		}
		v.Reply.Rate = p.rate(c, feedback.For(feedback.Answer, programme, division(r)), "feedback.answer", "")
	}
	return p.askForm(c, http.StatusOK, v)
}

// badQuestion is the key of what is wrong with a question and the status to answer with, or "".
func badQuestion(q string) (string, int) {
	switch n := utf8.RuneCountInString(q); {
	case n == 0:
		return "askpage.missing", http.StatusUnprocessableEntity
	case len(q) > formBytes:
		return "askpage.long", http.StatusRequestEntityTooLarge
	case n > questionLength:
		return "askpage.long", http.StatusUnprocessableEntity
	case strings.ContainsRune(q, unicode.ReplacementChar):
		return "askpage.bytes", http.StatusUnprocessableEntity
	}
	return "", 0
}

func (p *Pages) askForm(c *gin.Context, status int, v askView) error {
	r := web.From(c)
	v.Heading = r.T("askpage.problems")
	v.Field.ID = fieldID("q")
	v.Tall = utf8.RuneCountInString(v.Field.Value) > 40
	v.Field.wrong(&v.Problems, v.Field.Error)
	switch {
	case v.Reply == nil:
		v.Field.Help = r.T("askpage.hint")
		if v.Field.Value == "" {
			for i := 1; i <= 4; i++ {
				label := r.T("askpage.try." + strconv.Itoa(i))
				v.Try = append(v.Try, link{Label: label, URL: asking(label, "")})
			}
		}
	case v.Reply.Danger:
		v.Field.Help = ""
	}
	return p.page(c, status, "ask", r.T("askpage.title"), v)
}

// asking is the address of a question of ours.
func asking(q, conversation string) string {
	values := url.Values{"q": {q}}
	if conversation != "" {
		values.Set("conversation", conversation)
	}
	return "/ask?" + values.Encode()
}

func (p *Pages) replyView(r *web.Request, a faq.Reply) *replyView {
	v := &replyView{Text: a.Text, Danger: a.Outcome == faq.Emergency}
	switch a.Danger {
	case danger.Violence, danger.Assault, danger.Child, danger.Elder:
		v.Leave = true
	}
	shelf := p.Library.Shelf()
	for _, x := range a.Amounts {
		name, source := p.programmeName(r.Lang, x.Programme), amountSource(r, shelf, x)
		if n := len(v.Amounts); n == 0 || v.Amounts[n-1].Name != name || v.Amounts[n-1].Source != source {
			v.Amounts = append(v.Amounts, amountsView{Name: name, Source: source})
		}
		last := &v.Amounts[len(v.Amounts)-1]
		last.Lines = append(last.Lines, sumView{Label: x.Variant, Amount: x.Amount, Unit: x.Unit})
	}
	for _, x := range a.Citations {
		v.Cites = append(v.Cites, citation(r, shelf, x))
	}
	for _, o := range a.Options {
		phone, isCall := strings.CutPrefix(o.URL, "tel:")
		switch {
		case isCall:
			v.Calls = append(v.Calls, call{Phone: phone, Name: strings.TrimSpace(strings.Replace(o.Label, phone, "", 1))})
		case o.URL != "" && web.Local(o.URL) == o.URL:
			v.Options = append(v.Options, link{Label: o.Label, URL: o.URL})
		default:
			v.Options = append(v.Options, link{Label: o.Label, URL: asking(o.Question, a.Conversation)})
		}
	}
	if a.Contact.Phone != "" {
		v.Contact = &contactView{Name: a.Contact.Office, Hours: a.Contact.Hours, Call: call{Phone: a.Contact.Phone, Quiet: true, Wide: true}}
	}
	if v.Danger {
		if v.Contact != nil {
			v.Contact.Call.Name = v.Contact.Name
		}
		return v
	}
	for i, id := range a.Programmes {
		pr, ok := shelf.Programme(id)
		if !ok {
			continue
		}
		one := link{Label: r.T("askpage.see", "programme", pr.Name.In(r.Lang)), URL: "/policies/" + url.PathEscape(id)}
		switch {
		case a.Outcome != faq.Answer: // the options lead there
		case i == 0:
			v.See = &one
		default:
			v.More = append(v.More, one)
		}
	}
	return v
}

// amountSource says where and since when a figure holds, and where it stands.
func amountSource(r *web.Request, shelf *policy.Shelf, x faq.Amount) string {
	document := x.Document
	if d, ok := shelf.Document(x.Document); ok {
		document = "《" + d.Title + "》"
	}
	return r.T("askpage.amount.source", "place", x.Place, "date", spoken(r.Lang, x.EffectiveFrom), "document", document)
}

func citation(r *web.Request, shelf *policy.Shelf, x faq.Citation) citeView {
	v := citeView{Quote: x.Quote, Title: x.Title, Article: x.Article}
	if x.Document != "" {
		v.Title = "《" + x.Title + "》"
	}
	if web.Local(x.URL) == x.URL {
		v.URL = x.URL
	}
	if x.State == policy.Expired || x.State == policy.Unverified {
		v.State = r.T("askpage.state." + x.State)
	}
	var parts []string
	if d, ok := shelf.Document(x.Document); ok && d.Number != "" {
		parts = append(parts, d.Number)
	}
	if x.EffectiveFrom != "" {
		parts = append(parts, r.T("askpage.since", "date", spoken(r.Lang, x.EffectiveFrom)))
	}
	if x.Place != "" {
		parts = append(parts, x.Place)
	} else {
		parts = append(parts, r.T("askpage.nationwide"))
	}
	v.Line = strings.Join(parts, r.T("door.dot"))
	return v
}

// spoken writes a date as people do.
func spoken(l i18n.Lang, day string) string {
	t, err := time.ParseInLocation(time.DateOnly, day, i18n.Shanghai)
	if err != nil {
		return day
	}
	return i18n.Date(l, t)
}
