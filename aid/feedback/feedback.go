// Package feedback is what residents think of the service (好差评): one tap after a case, an answer or a page. It keeps a
// level and fixed reasons, and nobody's words: a free text would hold names, illnesses and grudges, and help nobody count.
package feedback

import (
	"slices"
	"time"

	"mashang/aid/cases"
	"mashang/aid/place"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// About is what kind of thing was rated.
type About string

// What can be rated.
const (
	Case   About = "case"
	Answer About = "answer"
	Page   About = "page"
)

// Abouts lists what can be rated.
func Abouts() []About { return []About{Case, Answer, Page} }

// The stages at which a case is rated, once each.
const (
	Filed = "filed" // the filing of it
	Done  = "done"  // what came of it
)

// Level is one of the five of the national rule for government services: 5 is 非常满意, 4 满意, 3 基本满意, 2 不满意 and 1
// 非常不满意. Three buttons, as care mode shows them, give 4, 3 and 2: a shorter choice never exaggerates.
type Level int

// Bad reports whether a level counts as a bad rating (差评), which the rule wants looked into.
func (l Level) Bad() bool { return l <= 2 }

// Good reports whether a level counts as satisfied.
func (l Level) Good() bool { return l >= 3 }

func (l Level) valid() bool { return l >= 1 && l <= 5 }

// Levels lists the levels, the best first.
func Levels() []Level { return []Level{5, 4, 3, 2, 1} }

// Reasons are the fixed choices under a bad rating of a thing; none of them has to be chosen.
func Reasons(a About) []string {
	switch a {
	case Case:
		return []string{"slow", "trips", "unclear", "manner", "result", "money"}
	case Answer:
		return []string{"other", "hard", "wrong", "local"}
	case Page:
		return []string{"hard", "missing", "wrong", "phone"}
	}
	return nil
}

// Box keeps the ratings. Its fields are set once.
type Box struct {
	DB     *store.DB
	Cases  *cases.Registry
	Places *place.Gazetteer
	Key    []byte // signs tickets and hides what a row is about
	Now    func() time.Time
}

// changing is how long a rating may be changed or taken back.
const changing = 24 * time.Hour

// Given is a rating that was taken.
type Given struct {
	About     About
	Stage     string
	Programme string
	Division  string
	Level     Level
	Reasons   []string
	At        time.Time
	Changed   time.Time
	Work      string // the case it opened, "" for none
}

// Open reports whether the rating may still be changed.
func (g Given) Open(now time.Time) bool { return now.Before(g.At.Add(changing)) }

// checkReasons keeps the reasons that belong to the thing; a good rating has none.
func checkReasons(a About, l Level, reasons []string) ([]string, error) {
	if !l.valid() {
		return nil, problem.Field("level", "feedback.level.bad")
	}
	if !l.Bad() {
		return nil, nil
	}
	var kept []string
	for _, one := range reasons {
		if !slices.Contains(Reasons(a), one) {
			return nil, problem.Field("reason", "feedback.reason.bad")
		}
		if !slices.Contains(kept, one) {
			kept = append(kept, one)
		}
	}
	slices.Sort(kept)
	return kept, nil
}
