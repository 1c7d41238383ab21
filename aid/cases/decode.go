package cases

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"mashang/platform/calendar"
	"mashang/platform/problem"
)

// The events of the office that Decode understands.
const (
	ApplicationChanged  = "application.status_changed"
	CaseChanged         = "case.status_changed"
	SupplementRequested = "application.supplement_requested"
	TaskAssigned        = "task.assigned" // somebody was sent to look at a lead, or to a case of any other kind
)

// Bounds of what the office may write into one event.
const (
	maxText  = 2000 // characters
	maxItems = 40
	maxItem  = 300
)

type eventData struct {
	Receipt string   `json:"receipt"`
	Status  string   `json:"status"`
	At      string   `json:"at"`
	Reason  string   `json:"reason"`
	Legal   string   `json:"legal"`
	Appeal  string   `json:"appeal"`
	NextDue string   `json:"next_due"`
	Items   []string `json:"items"`
	By      string   `json:"by"`
}

// Decode reads the data of an event. ours is false for what is not about a case,
// and for a task that names none. sent is the envelope's time: a supplement request has no other.
func Decode(kind string, data json.RawMessage, sent time.Time) (ev StatusEvent, ours bool, err error) {
	switch kind {
	case ApplicationChanged, CaseChanged, SupplementRequested, TaskAssigned:
	default:
		return StatusEvent{}, false, nil
	}
	var d eventData
	if err := json.Unmarshal(data, &d); err != nil {
		return StatusEvent{}, true, &problem.Error{Kind: problem.Invalid, Key: "cases.event.shape"}
	}
	if kind == TaskAssigned && d.Receipt == "" {
		return StatusEvent{}, false, nil
	}
	fields := map[string]string{}
	ev = StatusEvent{Status: d.Status, Reason: tidy(d.Reason), Legal: tidy(d.Legal), Appeal: tidy(d.Appeal)}
	if ev.Receipt, err = ParseReceipt(d.Receipt); err != nil {
		fields["receipt"] = "cases.event.receipt"
	}
	for name, text := range map[string]string{"reason": ev.Reason, "legal": ev.Legal, "appeal": ev.Appeal} {
		if utf8.RuneCountInString(text) > maxText {
			fields[name] = "cases.event.long"
		}
	}
	at := d.At
	if kind == SupplementRequested {
		ev.Status = "supplement"
		if at == "" && !sent.IsZero() {
			at = sent.Format(time.RFC3339Nano)
		}
		if ev.Items = items(d.Items); len(ev.Items) == 0 || len(ev.Items) > maxItems {
			fields["items"] = "cases.event.items"
		}
	}
	if kind == TaskAssigned {
		if ev.Status = "assigned"; at == "" && !sent.IsZero() {
			at = sent.Format(time.RFC3339Nano)
		}
	}
	var ok bool
	if ev.At, ok = moment(at); !ok || at == "" {
		fields["at"] = "cases.event.at"
	}
	if ev.NextDue, ok = day(d.NextDue); !ok {
		fields["next_due"] = "cases.event.at"
	}
	if ev.By, ok = day(d.By); !ok {
		fields["by"] = "cases.event.at"
	}
	if len(fields) > 0 {
		return StatusEvent{}, true, &problem.Error{Kind: problem.Invalid, Key: "problem.invalid", Fields: fields}
	}
	return ev, true, nil
}

func items(list []string) []string {
	var out []string
	for _, item := range list {
		if item = tidy(item); item != "" && utf8.RuneCountInString(item) <= maxItem {
			out = append(out, item)
		}
	}
	if len(out) != len(list) {
		return nil
	}
	return out
}

// tidy takes away what cannot be shown: control characters other than line ends.
func tidy(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f || r == utf8.RuneError || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, s))
}

// moment reads a time with its zone. Years the database cannot hold are refused.
func moment(s string) (time.Time, bool) {
	if s == "" {
		return time.Time{}, true
	}
	t, err := time.Parse(time.RFC3339, s)
	return t, err == nil && t.Year() >= 2000 && t.Year() < 2200
}

// day reads a date, which lasts to its end in Shanghai, or a time.
func day(s string) (time.Time, bool) {
	if d, err := time.ParseInLocation(time.DateOnly, s, calendar.Shanghai()); err == nil {
		return d.Add(24*time.Hour - time.Millisecond), d.Year() >= 2000 && d.Year() < 2200
	}
	return moment(s)
}
