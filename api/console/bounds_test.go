package console_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/aid/roster"
	"mashang/platform/audit"
	"mashang/platform/problem"
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

// A provider lets in without asking whoever sits before a browser that is signed in there. That is no proof for a
// dangerous deed.
func TestAProviderThatDidNotAskProvesNothing(t *testing.T) {
	d, there := withProvider(t)
	for name, tt := range map[string]struct {
		told  func(map[string]any)
		fresh bool
	}{
		"it has just asked":    {nil, true},
		"it asked an hour ago": {func(c map[string]any) { c["auth_time"] = d.Now().Add(-time.Hour).Unix() }, false},
		"it does not tell":     {func(c map[string]any) { delete(c, "auth_time") }, false},
	} {
		there.Set(func() { there.Claims = tt.told })
		b := d.Browser(t)
		if status, _, _ := d.through(t, b, "/console/sign-in/provider"); status != 303 {
			t.Fatalf("%s: signing in = %d", name, status)
		}
		if a := d.get(t, b, "/console/prove?next=/console/me"); (a.Status == 303) != tt.fresh {
			t.Errorf("%s: what needs a proof = %d", name, a.Status)
		}
	}
}

// TestStrangersCannotFillTheRecord: each refusal is on record, so refusals are bounded.
func TestStrangersCannotFillTheRecord(t *testing.T) {
	d, _ := withProvider(t)
	b := d.Browser(t)
	last := 0
	for range 80 {
		last = d.post(t, b, "/console/sign-in/code", url.Values{"code": {"123456"}}).Status
	}
	if a := d.get(t, b, "/console/sign-in/back?code=x&state=y"); last != 429 || a.Status != 429 || !strings.Contains(a.Body, `name="password"`) {
		t.Errorf("too many = %d, %d", last, a.Status)
	}
	if rows, err := d.Audit.List(t.Context(), audit.Filter{Action: "sign-in-failed", Limit: 200}); err != nil || len(rows) > 60 {
		t.Errorf("%d refusals are on record, %v", len(rows), err)
	}
	d.Pass(2 * time.Minute)
	if a := d.post(t, b, "/console/sign-in/code", url.Values{"code": {"123456"}}); a.Status != 422 {
		t.Errorf("later = %d", a.Status)
	}
}

// TestAPasswordThatNoLongerCountsOpensNoSecondStep: the account became the provider's alone between the two steps.
func TestAPasswordThatNoLongerCountsOpensNoSecondStep(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	secret, _ := d.enrol(t, d.as(t, "editor"))
	d.Pass(time.Minute)
	visit := staff.Visit{Address: "192.0.2.1"}
	pass, err := d.Staff.SignIn(t.Context(), "editor", password, visit)
	if err != nil || pass.Ticket == "" {
		t.Fatalf("SignIn() = %+v, %v", pass, err)
	}
	if err := d.Staff.Change(t.Context(), d.DB, staff.Account{Name: "editor", Role: staff.Editor, ProviderOnly: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Staff.SignInCode(t.Context(), pass.Ticket, d.code(t, secret), visit); !problem.Is(err, problem.Unauthenticated) {
		t.Errorf("SignInCode() = %v", err)
	}
}

// What a second person approves is what they have seen: the first may not change a line, or the document, in between.
func TestAListThatChangedMeanwhileIsNotApproved(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	if err := d.Staff.Ensure(t.Context(), "second", staff.Publisher, "", password); err != nil {
		t.Fatal(err)
	}
	first, second := d.as(t, "publisher"), d.as(t, "second")
	const path = "/console/lists/import"
	about := url.Values{"programme": {"dibao"}, "place": {sample.Xinglin}, "kind": {"list"}, "mask": {"middle"}, "document": {d.Library.Shelf().Documents()[0].ID}}
	m := stagedValue.FindStringSubmatch(d.postList(t, first, path, "list.csv", "姓名,人数,金额\n探针乙,2,936\n", about).Body)
	if m == nil || d.post(t, first, path, url.Values{"staged": {m[1]}}).Status != 303 {
		t.Fatal("the list is not taken in")
	}
	all, err := d.Board.All(t.Context(), sample.Xinglin, 50)
	all = slices.DeleteFunc(all, func(p roster.Publication) bool { return p.By != "publisher" })
	if err != nil || len(all) != 1 {
		t.Fatalf("lists = %+v, %v", all, err)
	}
	to := "/console/lists/" + all[0].ID
	page := hiddenOf(d.get(t, second, to+"/approve").Body)
	entries, err := d.Board.Entries(t.Context(), all[0].ID, 5, 0)
	if err != nil || len(entries) != 1 || page.Get("seen") == "" {
		t.Fatal(entries, page, err)
	}
	correction := url.Values{"size": {"2"}, "persons": {"2"}, "amount": {"9360"}, "reason": {"wrong"}}
	if a := d.post(t, first, to+"/entries/"+entries[0].ID, correction); a.Status != 303 {
		t.Fatalf("correcting = %d", a.Status)
	}
	if a := d.post(t, second, to+"/approve", page); a.Status != 409 {
		t.Errorf("approving what was changed = %d", a.Status)
	}
	if one, err := d.Board.Find(t.Context(), all[0].ID); err != nil || !one.Approved.IsZero() {
		t.Errorf("it is approved: %+v, %v", one, err)
	}
	if a := d.post(t, second, to+"/approve", hiddenOf(d.get(t, second, to+"/approve").Body)); a.Status != 303 {
		t.Errorf("approving after a second look = %d", a.Status)
	}
}
