package console_test

import (
	"net/url"
	"testing"

	"mashang/platform/staff"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

// An account of one town must not let a code that hangs there open the list of
// another town's village: the code is all it takes to read the names.
func TestATownsCodeOpensNoListOfAnotherTown(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	if err := d.Staff.Ensure(t.Context(), "town-editor", staff.Editor, sample.Liuhe, password); err != nil {
		t.Fatal(err)
	}
	e := d.as(t, "town-editor")
	near, far := d.Places.Atlas().Locations(sample.Xinglin)[0], heir(d).Code
	edit := url.Values{"name": {near.Name.Hans}, "division": {near.Division}, "kind": {near.Kind}, "number": {near.Number}, "roster": {far}}
	fresh := url.Values{"name": {"杏林村二号栏"}, "division": {sample.Xinglin}, "kind": {"hall"}, "number": {"99001"}, "roster": {far}}
	for path, form := range map[string]url.Values{
		"/console/locations/" + near.ID + "/edit": edit,
		"/console/locations/new":                  fresh,
		"/console/locations/" + near.ID + "/move": {"name": {"杏林村三号栏"}, "division": {sample.Xinglin}, "kind": {"hall"}, "roster": {far}},
		"/console/locations/bulk":                 {"do": {"roster"}, "roster": {far}, "pick": {near.ID}, "sure": {"yes"}},
	} {
		if a := d.post(t, e, path, form); a.Status != 422 {
			t.Errorf("%s = %d", path, a.Status)
		}
	}
	for _, l := range d.Places.Atlas().EveryLocation() {
		if l.Roster == far && l.Division != far {
			t.Errorf("%s of %s opens the list of %s", l.ID, l.Division, far)
		}
	}
	edit.Set("roster", sample.Xinglin) // what one may
	if a := d.post(t, e, "/console/locations/"+near.ID+"/edit", edit); a.Status != 303 {
		t.Errorf("a list of one's own town = %d", a.Status)
	}
}
