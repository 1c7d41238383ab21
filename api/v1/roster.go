package v1

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/aid/roster"
	"mashang/aid/roster/watch"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/qr"
)

// rosterLooks is how often an hour one address may look with one code; the
// pages count on the same key.
const rosterLooks = 1500

type rosterQuery struct {
	Place     string `json:"place"`
	Programme string `json:"programme"`
	Name      string `json:"name"`
	Page      int    `json:"page"`
}

type rosterEntry struct {
	Name          string `json:"name"`
	HouseholdSize int    `json:"household_size"`
	Persons       int    `json:"persons"`
	Class         string `json:"class"`
	Amount        string `json:"amount"`
	Unit          string `json:"unit"`
	Programme     string `json:"programme"`
	From          day    `json:"from"`
	To            day    `json:"to"`
	SameSound     bool   `json:"same_sound,omitempty"` // not the name that was asked for, but one that sounds the same
}

type publication struct {
	Kind      string `json:"kind"`
	Programme string `json:"programme"`
	From      moment `json:"from"`
	To        moment `json:"to"`
	Document  string `json:"document"`
	Phone     string `json:"phone"`
	Village   string `json:"village,omitempty"` // whose list it was before that village merged
}

type rosterReply struct {
	Entries      []rosterEntry `json:"entries"`
	Publication  *publication  `json:"publication"`
	Publications []publication `json:"publications"`
	Total        int           `json:"total"`
	Page         int           `json:"page"`
	Pages        int           `json:"pages"`
}

// rosterSearch opens the list of the village whose code the caller holds. A
// division code opens none: lists are for who stands there.
func (a *API) rosterSearch(c *gin.Context) error {
	c.Header("X-Robots-Tag", "noindex")
	var in rosterQuery
	if err := read(c, &in); err != nil {
		return err
	}
	in.Name = strings.TrimSpace(in.Name)
	fields := map[string]string{}
	if utf8.RuneCountInString(in.Name) > 40 {
		fields["name"] = "api.name"
	}
	if in.Page < 0 || in.Page > 10_000 {
		fields["page"] = "api.page"
	}
	if in.Place == "" {
		fields["place"] = "api.place.missing"
	}
	if len(fields) > 0 {
		return &problem.Error{Kind: problem.Invalid, Key: "problem.invalid", Fields: fields}
	}
	spot, _, err := a.spot(in.Place)
	if err != nil {
		return err
	}
	key := fmt.Sprintf("roster:%s:%s", web.ClientAddress(c), qr.Clean(in.Place))
	if err := a.Web.Allow(c, key, rosterLooks, time.Hour); err != nil {
		if spot.Location != nil && spot.Location.Roster != "" {
			a.looked(c, *spot.Location, watch.Refused)
		}
		return err
	}
	out := rosterReply{Entries: []rosterEntry{}, Publications: []publication{}, Page: 1}
	if spot.Location == nil || spot.Location.Roster == "" {
		return reply(c, http.StatusOK, out)
	}
	page, err := a.Board.Search(c.Request.Context(), roster.Query{Village: spot.Location.Roster, Programme: in.Programme, Name: in.Name, Page: max(1, in.Page)})
	if err != nil {
		return fmt.Errorf("v1: roster: %w", err)
	}
	a.looked(c, *spot.Location, kindOf(in, page))
	out.Total, out.Page, out.Pages = page.Total, max(1, page.Page), page.Pages
	for _, e := range page.Entries {
		out.Entries = append(out.Entries, rosterEntry{Name: e.Name, HouseholdSize: e.HouseholdSize, Persons: e.Persons, Class: e.Class,
			Amount: i18n.Decimal(e.Cents), Unit: e.Unit, Programme: e.Programme, From: day{e.From}, To: day{e.To}, SameSound: e.Alike})
	}
	for _, p := range page.Publications {
		one := publication{Kind: string(p.Kind), Programme: p.Programme, From: moment{p.From}, To: moment{p.To}, Document: p.Document, Phone: p.Phone}
		if former, merged := a.Web.Places.Atlas().Former(p.Village); merged {
			one.Village = former.Name.In(web.From(c).Lang)
		}
		out.Publications = append(out.Publications, one)
		if out.Publication == nil || len(page.Entries) > 0 && p.ID == page.Entries[0].Publication {
			out.Publication = &one
		}
	}
	slices.SortStableFunc(out.Publications, func(a, b publication) int { return strings.Compare(a.Programme, b.Programme) })
	return reply(c, http.StatusOK, out)
}

// looked counts what was looked up, so that scraping shows.
func (a *API) looked(c *gin.Context, at place.Location, what string) {
	a.Meter.Look(c.Request.Context(), web.ClientAddress(c), at.Roster, at.ID, what)
}

// kindOf says what a look-up was.
func kindOf(in rosterQuery, page roster.Page) string {
	switch {
	case in.Name != "" && page.Total > 0:
		return watch.Name
	case in.Name != "":
		return watch.Miss
	case in.Page > 1:
		return watch.Deep
	}
	return watch.List
}
