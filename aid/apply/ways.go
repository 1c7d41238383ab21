package apply

import (
	_ "embed"
	"encoding/json"
	"sync"
	"time"

	"mashang/aid/cases"
	"mashang/i18n"
)

//go:embed ways.json
var waysFile []byte

// way is a row of ways.json: what the law gives against a decision, and how long.
type way struct {
	Key  string `json:"key"`
	Days int    `json:"days"`
	Unit string `json:"unit"` // day, month, none
	Law  string `json:"law"`
	From string `json:"from"` // the day the article came into force
}

var ways = sync.OnceValues(func() (all []way, err error) { return all, json.Unmarshal(waysFile, &all) })

// Way is a way of law against a decision. By is its last day, zero where there is none or the day of the decision is
// not known. The days count from when somebody hears of the decision; the portal knows when it was told, which is no
// later, so that the day it names is safe.
type Way struct {
	Key, Law string
	Days     int
	By       time.Time
}

// Ways are the ways against the decision a case has come to.
func Ways(timeline []cases.Event, status string) []Way {
	var at time.Time
	for _, e := range timeline {
		if e.Status == status {
			at = e.At
		}
	}
	all, err := ways()
	if err != nil {
		return nil
	}
	var out []Way
	for _, w := range all {
		if from, err := time.ParseInLocation(time.DateOnly, w.From, i18n.Shanghai); err != nil || !at.IsZero() && at.Before(from) {
			continue
		}
		one := Way{Key: w.Key, Law: w.Law, Days: w.Days}
		if y, m, d := at.In(i18n.Shanghai).Date(); !at.IsZero() {
			switch w.Unit {
			case "day":
				one.By = time.Date(y, m, d+w.Days, 23, 59, 59, 0, i18n.Shanghai)
			case "month":
				one.By = time.Date(y, m+time.Month(w.Days), d, 23, 59, 59, 0, i18n.Shanghai)
				if one.By.Day() != d { // the month is shorter: its last day
					one.By = time.Date(y, m+time.Month(w.Days)+1, 0, 23, 59, 59, 0, i18n.Shanghai)
				}
			}
		}
		out = append(out, one)
	}
	return out
}
