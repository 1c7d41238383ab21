package place

import (
	"encoding/json"
	"strings"
	"time"

	"mashang/aid/place/hours"
	"mashang/i18n"
	"mashang/platform/calendar"
	"mashang/platform/privacy"
)

// Closing is a run of days on which an office is closed beside public holidays, both ends included.
type Closing struct {
	From Day    `json:"from"`
	To   Day    `json:"to"`
	Why  string `json:"why,omitempty"`
}

// OpenAt tells whether the office is open at t and when that changes next: when it closes, or when it opens. Public
// holidays come from cal; a zero next means that nobody knows.
func (o Office) OpenAt(t time.Time, cal *calendar.Calendar) (open bool, next time.Time) {
	closed := make([]hours.Closing, 0, len(o.Closed))
	for _, c := range o.Closed {
		closed = append(closed, hours.Closing{From: c.From.Time, To: c.To.Time, Why: c.Why})
	}
	var days hours.Calendar
	if cal != nil {
		days = cal
	}
	return o.Week.Open(t, days, closed)
}

// settle brings an office to the form in which it is kept: hours that can be read become data, and data without words
// gets them in every language.
func (o Office) settle() Office {
	if !o.Week.Known() {
		if w, ok := hours.Parse(o.Hours.Hans); ok {
			o.Week = w
		}
	}
	if o.Week.Known() {
		words := o.Week.Texts()
		o.Hours = i18n.Text{Hans: or(o.Hours.Hans, words.Hans), Hant: or(o.Hours.Hant, words.Hant), En: or(o.Hours.En, words.En)}
	}
	o.Phone, o.Duty = strings.TrimSpace(o.Phone), strings.TrimSpace(o.Duty)
	if o.Phone != "" {
		o.Unphoned = false
	}
	return o
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// PhoneFault is the i18n key of what is wrong with a number on a door plate, "" when it can be dialled: a mobile
// number, a landline with its area code, a 400 number, or a short one such as 12345.
func PhoneFault(s string) string {
	digits := strings.NewReplacer(" ", "", "-", "", "－", "", "—", "").Replace(s)
	main, extension, _ := strings.Cut(digits, "转")
	if strings.Trim(extension, "0123456789") != "" || len(extension) > 6 {
		return "place.import.phone"
	}
	if strings.Trim(main, "0123456789") == "" {
		switch {
		case len(main) == 10 && (strings.HasPrefix(main, "400") || strings.HasPrefix(main, "800")):
			return ""
		case (len(main) == 3 || len(main) == 5) && main[0] == '1':
			return ""
		}
	}
	if _, err := privacy.CheckPhone(main); err != nil {
		return "place.import.phone"
	}
	return ""
}

type officeFields Office

// UnmarshalJSON reads an office and settles its hours.
func (o *Office) UnmarshalJSON(b []byte) error {
	var f officeFields
	if err := json.Unmarshal(b, &f); err != nil {
		return err
	}
	*o = Office(f).settle()
	return nil
}
