package apply

import (
	"cmp"
	"context"
	"regexp"
	"strings"

	"mashang/aid/apply/form"
	"mashang/aid/cases"
	"mashang/aid/place"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/text"
)

// call is what the office fetches about an emergency.
type call struct {
	Place      string `json:"place,omitempty"`
	Division   string `json:"division"`
	Who        string `json:"who"`
	Where      string `json:"where"`
	What       string `json:"what"`
	Phone      string `json:"phone,omitempty"` // as typed
	PhoneSound bool   `json:"phone_checked"`   // it looks like a number that can be called
	PlaceKnown bool   `json:"place_known"`
}

// mostCall is how much of one answer is kept: a call for help is cut rather than refused.
const mostCall = 4000

// Emergency files a call for help. Who, where and what are asked for, in however few words; nothing else stops it: not
// a bad phone number, not a place that nobody knows. The same call under the same key gives the same receipt; another
// call under that key is another case, since a page kept open may be sent again with other words.
func (d *Desk) Emergency(ctx context.Context, e Emergency) (cases.Filed, error) {
	fields := map[string]string{}
	for field, s := range map[string]*string{"who": &e.Who, "where": &e.Where, "what": &e.What} {
		if *s = text.Cut(strings.TrimSpace(strings.ReplaceAll(form.Paragraphs(strings.ToValidUTF8(*s, "")), "\x00", "")), mostCall); *s == "" {
			fields[field] = "apply.call." + field
		}
	}
	if len(fields) > 0 {
		return cases.Filed{}, wrap("emergency", &problem.Error{Kind: problem.Invalid, Key: "apply.call.missing", Fields: fields})
	}
	e.Phone = text.Cut(text.Clean(e.Phone), 100)
	index, err := d.Secrets.Get(ctx, "apply.index", 32)
	if err != nil {
		return cases.Filed{}, wrap("emergency", err)
	}
	spot, known := d.callPlace(e.Place)
	_, phone := privacy.CheckPhone(e.Phone)
	c := call{Place: placeOf(spot), Division: spot.Division.Code, Who: e.Who, Where: e.Where, What: e.What, Phone: e.Phone, PhoneSound: phone == nil, PlaceKnown: known}
	key := ""
	if e.IdempotencyKey != "" {
		key = privacy.Blind(index, "apply.call", strings.Join([]string{e.IdempotencyKey, e.Place, e.Who, e.Where, e.What, e.Phone}, "\x00"))
	}
	filed, err := d.Cases.File(ctx, cases.Filing{Kind: cases.Emergency, Programme: "linshi_jinan", Location: c.Place, Division: c.Division,
		Scope: d.Places.Atlas().Chain(c.Division), Body: c, IdempotencyKey: key, Topic: "emergency.reported", Identity: "none",
		Caller: cases.Caller{Phone: cmp.Or(e.Phone, numberIn(e.Who)), Address: e.Address}})
	if err != nil {
		return cases.Filed{}, wrap("emergency", err)
	}
	return filed, nil
}

// number is a mobile number, or a landline with its area code, among words.
var number = regexp.MustCompile(`1[3-9](?:[ -]?[0-9]){9}|0[0-9]{2,3}[ -]?[0-9]{7,8}`)

// numberIn is the number somebody wrote beside a name, "" for none: it tells who calls again.
func numberIn(s string) string { return number.FindString(text.Clean(s)) }

// callPlace is where a call comes from; an unknown place is the whole county's.
func (d *Desk) callPlace(code string) (place.Spot, bool) {
	spot, err := d.Places.Resolve(code)
	if spot.Division.Code != "" {
		return spot, err == nil
	}
	return place.Spot{Division: d.Places.Atlas().Root()}, false
}
