// Package place knows where help is given: divisions (区划) as a tree of who manages whom, offices (窗口) and the
// locations (点位) that carry a code.
package place

import (
	"time"

	"mashang/aid/place/hours"
	"mashang/i18n"
)

// Level says what kind of division one is.
type Level string

// The levels of a county. A zone (开发区) stands between the county and the towns it manages.
const (
	County  Level = "county"
	Zone    Level = "zone"
	Town    Level = "town"
	Village Level = "village"
)

// Division is a county, zone, town or village. Parent is the division that manages it, which its code need not show.
// From and To are days in Asia/Shanghai; To is the last day, and zero means open. Into names the division that one which
// has ended merged into; its codes lead on to that one.
type Division struct {
	Code   string    `json:"code"` // twelve digits
	Name   i18n.Text `json:"name"`
	Level  Level     `json:"level"`
	Parent string    `json:"parent,omitempty"`
	Into   string    `json:"into,omitempty"`
	From   time.Time `json:"-"` // "from" and "to" in JSON, as dates
	To     time.Time `json:"-"`
}

// Office is a counter or desk people can go to or call. It serves its division and everything managed below it,
// for the departments it names. Hours is what people read: the office's own words, or Week in words. Without a Phone it
// is taken only when Unphoned says that nobody knows one, and then it blocks a launch.
type Office struct {
	ID          string     `json:"id"`
	Division    string     `json:"division"`
	Kind        string     `json:"kind"` // civil_affairs, town_window, zone_office, bureau, station, hospital_desk
	Name        i18n.Text  `json:"name"`
	Address     i18n.Text  `json:"address"`
	Hours       i18n.Text  `json:"hours"`
	Week        hours.Week `json:"week,omitzero"`
	Closed      []Closing  `json:"closed,omitempty"` // days off of its own, beside public holidays
	Phone       string     `json:"phone"`
	Unphoned    bool       `json:"no_phone,omitempty"`
	Duty        string     `json:"duty,omitempty"` // phone outside hours
	Departments []string   `json:"departments"`
}

// The states of a location.
const (
	Active  = "active"
	Retired = "retired"
	Moved   = "moved"
	Lost    = "lost"
)

// Location is a spot where a poster hangs.
type Location struct {
	ID       string    `json:"id"` // eight letters, the first half of its code
	Division string    `json:"division"`
	Name     i18n.Text `json:"name"`
	Kind     string    `json:"kind"`   // hall, bus, park, hospital, school
	Number   string    `json:"number"` // poster number, "0137"
	State    string    `json:"state"`
	MovedTo  string    `json:"moved_to,omitempty"` // the location that took its place
	Roster   string    `json:"roster,omitempty"`   // village whose roster it opens, "" for none
	Hung     Day       `json:"hung,omitzero"`      // when the poster was hung; zero when nobody has said
	Origin   string    `json:"-"`                  // in an Atlas: the village it was entered in, when that one has merged into Division
}

// Spot is where a reader stands: a division, and the location when a code was scanned.
type Spot struct {
	Location *Location // nil when only a division was chosen
	Old      *Location // the location that was scanned, when it has moved to Location
	Former   *Division // the division asked for, when it has merged into Division
	Division Division
	Chain    []string // the division's code, then its managing parents up to the root
}
