package policy

import (
	"regexp"
	"slices"

	"mashang/aid/place"
)

// Notice is what of a programme comes due by itself, as its documents say it: people who asked for it are told.
type Notice struct {
	Quiet   bool     `json:"quiet,omitempty"` // its name would say something of a person's health or family: a text does not name it
	Ages    []Age    `json:"ages,omitempty"`
	Windows []Window `json:"windows,omitempty"`
}

// Age is an age from which a programme may concern a person.
type Age struct {
	Years int  `json:"years"`
	Cite  Cite `json:"cite"`
}

// Window is the part of every year in which who receives a programme confirms or renews it.
type Window struct {
	Key  string `json:"key"`  // certify, renew
	From string `json:"from"` // "10-01"
	To   string `json:"to"`   // "12-31", the last day
	Cite Cite   `json:"cite"`
}

var yearDay = regexp.MustCompile(`^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`)

// windowKeys are the windows that texts have words for (notify.sms.*).
var windowKeys = []string{"certify", "renew"}

// notices checks what of p comes due. A window does not run over the end of a year: it would be two.
func (p Programme) notices(line int, faults *place.Faults) {
	if p.Notice == nil {
		return
	}
	for _, a := range p.Notice.Ages {
		if a.Years < 1 || a.Years > 130 || a.Cite.Document == "" {
			faults.AddAt(line, p.ID, "notice", "policy.import.notice")
		}
	}
	for _, w := range p.Notice.Windows {
		if !slices.Contains(windowKeys, w.Key) || !yearDay.MatchString(w.From) || !yearDay.MatchString(w.To) || w.To < w.From || w.Cite.Document == "" {
			faults.AddAt(line, p.ID, "notice", "policy.import.notice")
		}
	}
}

// cites lists what the notice rests on.
func (n *Notice) cites() []placedCite {
	var all []Cite
	if n == nil {
		return nil
	}
	for _, a := range n.Ages {
		all = append(all, a.Cite)
	}
	for _, w := range n.Windows {
		all = append(all, w.Cite)
	}
	return placed("notice", all)
}
