package faq

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/faq/danger"
	"mashang/faq/understand"
	"mashang/i18n"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/text"
)

// The limits of what goes in and out, in characters.
const (
	longestQuestion = 500
	longestText     = 300
	longestQuote    = 200
	mostListed      = 3 // citations, programmes
	mostAmounts     = 8
)

// turn is one question on its way to a reply.
type turn struct {
	a        *Assistant
	c        *corpus
	shelf    *policy.Shelf // the newest, which amounts and sources are read from
	atlas    *place.Atlas
	now      time.Time
	lang     i18n.Lang
	question string // clean, without numbers that name a person
	asked    understand.Asked
	division string   // where it is about
	chain    []string // the division and who manages it
	memory   remembered
	named    understand.Named
	aspects  []string
	private  bool // the question speaks of somebody else: not kept
	asking   bool // which programme is meant is being asked
	channel  string
	followed bool          // the programmes were taken from the conversation
	offering []string      // programmes that were offered before and may be meant as well
	meaning  func() *sense // asks for the question's vector; nil for none
}

// Ask answers q. An empty, overlong or unreadable question is a
// *problem.Error with a key of area ask; a danger is answered before any
// other thing is said about a question.
func (a *Assistant) Ask(ctx context.Context, q Question) (Reply, error) {
	start := time.Now()
	t, r, err := a.replyTo(ctx, q)
	if err != nil {
		return Reply{}, err
	}
	if !q.Quiet {
		t.tell(r, "")
		if r.Outcome != Answer && r.Outcome != Emergency && !t.private && a.counts(ctx, q.Asker, "", t.asked.Han+t.asked.Latin) {
			t.keep(r, "")
		}
		a.remember(ctx, r.Conversation, t.memory)
	}
	if units := t.choice(r); units != nil && !q.Quiet && a.Model.Allow(ctx, q.Asker) {
		if q.First != nil {
			first := r
			first.finish()
			q.First(first)
		}
		r = t.arranged(ctx, r, units, q.Next)
	}
	r.finish()
	r.TookUS = time.Since(start).Microseconds()
	return r, nil
}

// replyTo finds the reply as it stands without a model, and keeps nothing.
func (a *Assistant) replyTo(ctx context.Context, q Question) (*turn, Reply, error) {
	clean := text.Clean(q.Text)
	c, err := a.corpus()
	if err != nil {
		return nil, Reply{}, err
	}
	t := &turn{a: a, c: c, shelf: a.Library.Shelf(), atlas: a.Places.Atlas(), now: a.Now(), lang: language(q.Lang, clean), channel: q.Channel}
	t.stand(q.Place)
	memory, conversation := a.recall(ctx, q.Conversation)
	if t.memory = memory; q.Moved {
		t.memory.Place = ""
	}
	var r Reply
	if class := danger.Recognise(text.Cut(clean, 4*longestQuestion)); class != "" {
		r = t.emergency(class)
	} else {
		if err := check(q.Text, clean); err != nil {
			return nil, Reply{}, err
		}
		t.question = privacy.Scrub(clean)
		t.asked = understand.Read(scrubbed.ReplaceAllString(t.question, " "))
		if a.Meaning != nil && !q.Quiet {
			t.meaning = func() *sense { return a.meaning(ctx, t, q.Asker) }
		}
		r = t.offer(t.reply())
		t.memory.Offered = nil
		if r.Outcome == Clarify && len(r.Options) > 0 {
			t.memory.Offered = r.Programmes
		}
	}
	r.Conversation, r.Division, r.Lang = conversation, t.division, t.lang
	return t, r, nil
}

// scrubbed is where a number stood that names a person, with what announced
// it: it says nothing about what is asked.
var scrubbed = regexp.MustCompile(`(我的?)?(身份证|身份證|电话|電話|手机|手機|银行卡|銀行卡|卡号|卡號|证件|證件|微信)?(号码|號碼|号|號)?(是|:|：|为|為)? ?＊+`)

// check says what is wrong with a question as a question.
func check(typed, clean string) error {
	bad := func(key string) *problem.Error {
		return &problem.Error{Kind: problem.Invalid, Key: key, Fields: map[string]string{"question": key}}
	}
	switch {
	case !utf8.ValidString(typed):
		return bad("ask.bytes")
	case text.Len(clean) > longestQuestion:
		e := bad("ask.long")
		e.Args = map[string]string{"max": strconv.Itoa(longestQuestion), "n": strconv.Itoa(text.Len(clean))}
		return e
	case clean == "":
		return bad("ask.empty")
	}
	return nil
}

// language is the one to reply in: the one asked for, else that of the
// question.
func language(wanted i18n.Lang, question string) i18n.Lang {
	if l, ok := i18n.Parse(string(wanted)); ok {
		return l
	}
	if understand.Read(question).Han == "" && strings.ContainsAny(question, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		return i18n.En
	}
	if text.Simplify(question) != question {
		return i18n.Hant
	}
	return i18n.Hans
}

// stand finds where the question is asked. An unknown place, or one that is
// no more, is answered for the county.
func (t *turn) stand(where string) {
	t.division = t.atlas.Root().Code
	if where != "" {
		if spot, err := t.a.Places.Resolve(where); err == nil || spot.Division.Code != "" {
			t.division = spot.Division.Code
		}
	}
	t.chain = t.atlas.Chain(t.division)
}

// finish keeps the reply's promises: lists that are never null, nothing
// longer than agreed.
func (r *Reply) finish() {
	r.Text = text.Cut(r.Text, longestText)
	r.Citations = append([]Citation{}, r.Citations[:min(mostListed, len(r.Citations))]...)
	r.Programmes = append([]string{}, r.Programmes[:min(mostListed, len(r.Programmes))]...)
	r.Amounts = append([]Amount{}, r.Amounts[:min(mostAmounts, len(r.Amounts))]...)
	r.Options = append([]Option{}, r.Options...)
	for i := range r.Citations {
		r.Citations[i].Quote = text.Cut(r.Citations[i].Quote, longestQuote)
	}
}

// say is a text of area ask in the reply's language.
func (t *turn) say(key string, args ...any) string {
	return t.a.Catalog.T(t.lang, "ask."+key, args...)
}

// holds tells whether something of a place is for where the question is
// about.
func (t *turn) holds(where string) bool {
	return where == "" || slices.Contains(t.chain, where)
}

// contact is the nearest office for the department, "" for any.
func (t *turn) contact(department string) Contact {
	o, ok := t.atlas.Office(t.division, department)
	if !ok {
		if o, ok = t.atlas.Office(t.division, ""); !ok {
			return Contact{Office: t.say("hotline"), Phone: hotline, Hours: t.say("hotline.hours")}
		}
	}
	return Contact{Office: o.Name.In(t.lang), Phone: o.Phone, Hours: o.Hours.In(t.lang)}
}

// hotline is the government's (政务服务便民热线), the same all over the
// country.
const hotline = "12345"

// contactFor is the office to go to for a programme.
func (t *turn) contactFor(id string) Contact {
	p, ok := t.shelf.Programme(id)
	if !ok {
		return t.contact("minzheng")
	}
	if p.Office != "" {
		return t.contact(p.Office)
	}
	return t.contact(p.Department)
}

// name is what a programme is called.
func (t *turn) name(id string) string {
	p, _ := t.shelf.Programme(id)
	return p.Name.In(t.lang)
}
