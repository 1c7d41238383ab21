package notify

import (
	"cmp"
	"crypto/rand"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"mashang/i18n"
)

const (
	// linkChars of base32 are 60 bits: enough for a token that can only end texts, and short enough for one of them.
	linkChars = 12
	// mostChinese is one text message of Chinese characters, mostEnglish two.
	mostChinese     = 70
	mostEnglish     = 134
	mostSign        = 8
	mostSignEnglish = 16
	mostName        = 10
)

func newLink() string { return rand.Text()[:linkChars] }

// text is a template with its values put in.
type text struct {
	template string
	values   map[string]string
	whole    string
}

// Templates lists every text there is. Those that name a programme have a second form, which does not.
func Templates() []string {
	return []string{"code", "standard", "standards", "first", "age", "certify", "renew", "programme", "stay"}
}

// Most is how long a text of a language may be.
func Most(l i18n.Lang) int {
	if l == i18n.En {
		return mostEnglish
	}
	return mostChinese
}

// text fills a template. name is the programme as the text may call it, "" where it must not.
func (d *Desk) text(l i18n.Lang, template, name string, args ...string) text {
	t := text{template: template, values: map[string]string{"sign": d.Sign(l)}}
	for i := 0; i+1 < len(args); i += 2 {
		t.values[args[i]] = args[i+1]
	}
	if name != "" {
		t.values["programme"] = name
		t.whole = d.fill(l, "notify.sms."+template, t.values)
		if utf8.RuneCountInString(t.whole) <= Most(l) {
			return t
		}
		delete(t.values, "programme")
	}
	if key := "notify.sms." + template + ".quiet"; d.Words.Has(key) {
		t.template = template + ".quiet"
		t.whole = d.fill(l, key, t.values)
		return t
	}
	t.whole = d.fill(l, "notify.sms."+template, t.values)
	return t
}

func (d *Desk) fill(l i18n.Lang, key string, values map[string]string) string {
	args := make([]any, 0, 2*len(values))
	for k, v := range values {
		args = append(args, k, v)
	}
	return d.Words.T(l, key, args...)
}

// Sign is what stands before a text in 【】.
func (d *Desk) Sign(l i18n.Lang) string {
	name := d.Places.Atlas().Root().Name
	if l == i18n.En {
		return first(cmp.Or(name.En, name.Hans), mostSignEnglish)
	}
	return first(cmp.Or(strings.Trim(strings.TrimSpace(d.rules().Sign), "【】"), d.Words.T(l, "notify.sign", "county", name.In(l))), mostSign)
}

// first is the beginning of s, without a sign that something is missing.
func first(s string, n int) string {
	r := []rune(s)
	return string(r[:min(len(r), n)])
}

// words is the text of a planned message.
func (d *Desk) words(l i18n.Lang, m message, token string) text {
	shelf, f := d.Library.Shelf(), readFacts(m.facts)
	name := ""
	if p, ok := shelf.Programme(m.programme); ok && (p.Notice == nil || !p.Notice.Quiet) {
		if name = p.Name.In(l); l != i18n.En && utf8.RuneCountInString(name) > mostName {
			name = ""
		}
	}
	args := []string{"link", d.link(token)}
	template := m.reason
	switch m.reason {
	case reasonStandard:
		if len(f.Changes) == 0 {
			break
		}
		one := f.Changes[0]
		args = append(args, "day", monthDay(l, one.From.Time))
		switch {
		case len(f.Changes) > 1:
			template = "standards"
			args = append(args, "count", strconv.Itoa(len(f.Changes)))
		case one.Old < 0:
			template = "first"
			args = append(args, "new", Figure(l, one.New, one.Unit))
		default:
			args = append(args, "old", Figure(l, one.Old, one.Unit), "new", Figure(l, one.New, one.Unit))
		}
	case reasonAge:
		args = append(args, "years", strconv.Itoa(f.Years))
	case reasonCertify, reasonWindow:
		args = append(args, "day", monthDay(l, f.To.Time))
	}
	return d.text(l, template, name, args...)
}

// link is the shortest address of ours that leads to a token's page. Phones make links of it without a scheme too.
func (d *Desk) link(token string) string { return d.Base.Host + "/n/" + token }

// Figure writes an amount shortly, with the unit that tells money from a share.
func Figure(l i18n.Lang, cents int64, unit string) string {
	n := i18n.Money(l, cents)
	switch {
	case unit == "percent":
		return n + "%"
	case l == i18n.En:
		return n + " yuan"
	}
	return n + "元"
}

func monthDay(l i18n.Lang, at time.Time) string {
	at = at.In(i18n.Shanghai)
	if l == i18n.En {
		return at.Format("2 Jan")
	}
	return at.Format("1月2日")
}

// Sample is a template as it reads, with values as long as they come.
func (d *Desk) Sample(l i18n.Lang, template string, quiet bool) string {
	name := ""
	if p, ok := d.Library.Shelf().Programme("dibao"); ok && !quiet {
		name = p.Name.In(l)
	}
	return d.text(l, template, name, "code", "394027", "link", d.link("7K3QZT5WMPXA"), "day", monthDay(l, midnight(d.Now())),
		"old", Figure(l, 71200, ""), "new", Figure(l, 73800, ""), "count", "2", "years", "80").whole
}
