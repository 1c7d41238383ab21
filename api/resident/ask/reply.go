package ask

import (
	"net/url"
	"strings"
	"time"

	"mashang/aid/policy"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/faq"
	"mashang/faq/danger"
	"mashang/i18n"
)

type replyView struct {
	Danger  bool
	Leave   bool // somebody may be looking over the shoulder
	Text    string
	ByModel bool // a model chose the sentences of Text
	Calls   []frame.Call
	Amounts []amountsView
	Cites   []citeView
	Options []frame.Link
	Contact *contactView
	See     *frame.Link
	More    []frame.Link
	Rate    *frame.RateView
	Hand    *handView
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
	Call        frame.Call
}

func (p *Room) replyView(r *web.Request, a faq.Reply) *replyView {
	v := &replyView{Text: a.Text, ByModel: a.Arranged, Danger: a.Outcome == faq.Emergency}
	switch a.Danger {
	case danger.Violence, danger.Assault, danger.Child, danger.Elder:
		v.Leave = true
	}
	shelf := p.Library.Shelf()
	for _, x := range a.Amounts {
		name, source := p.ProgrammeName(r.Lang, x.Programme), amountSource(r, shelf, x)
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
			v.Calls = append(v.Calls, frame.Call{Phone: phone, Name: strings.TrimSpace(strings.Replace(o.Label, phone, "", 1))})
		case o.URL != "" && web.Local(o.URL) == o.URL:
			v.Options = append(v.Options, frame.Link{Label: o.Label, URL: o.URL})
		default:
			v.Options = append(v.Options, frame.Link{Label: o.Label, URL: asking(o.Question, a.Conversation)})
		}
	}
	if a.Contact.Phone != "" {
		v.Contact = &contactView{Name: a.Contact.Office, Hours: a.Contact.Hours, Call: frame.Call{Phone: a.Contact.Phone, Quiet: true, Wide: true}}
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
		one := frame.Link{Label: r.T("askpage.see", "programme", pr.Name.In(r.Lang)), URL: "/policies/" + url.PathEscape(id)}
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
