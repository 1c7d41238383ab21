package settings

import (
	"time"
	"unicode/utf8"
)

// Texts are how people who asked for it are told by text message.
type Texts struct {
	State string `json:"state,omitempty"` // on, off; "" until somebody has decided
	Daily int    `json:"daily,omitempty"` // in the whole county; 0: the usual bound
	From  string `json:"from,omitempty"`  // "09:00"; "" with To: the usual hours
	To    string `json:"to,omitempty"`
	Sign  string `json:"sign,omitempty"` // what stands in 【】
}

const (
	mostTexts  = 100_000
	mostSign   = 8
	firstHour  = 8 * time.Hour
	lastHour   = 21 * time.Hour
	hourLayout = "15:04"
)

// Hours are From and To since midnight; zeros for the usual ones.
func (t Texts) Hours() (from, to time.Duration) { return hour(t.From), hour(t.To) }

func hour(s string) time.Duration {
	at, err := time.Parse(hourLayout, s)
	if err != nil {
		return 0
	}
	return time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
}

func (t Texts) check(bad map[string]string) {
	if t.Daily < 0 || t.Daily > mostTexts {
		bad["daily"] = "notify.set.daily.wrong"
	}
	if from, to := t.Hours(); (t.From != "" || t.To != "") && (from < firstHour || to > lastHour || to <= from) {
		bad["from"] = "notify.set.hours.wrong"
	}
	if utf8.RuneCountInString(t.Sign) > mostSign || !plain(t.Sign) {
		bad["sign"] = "notify.set.sign.long"
	}
}
