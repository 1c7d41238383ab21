package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mashang/aid/roster"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

var stagedValue = regexp.MustCompile(`name="staged" value="([^"]+)"`)

// TestAListComesInByTwoPeople refuses a sheet with an ID, keeping nothing, and takes a clean one in for a second person.
func TestAListComesInByTwoPeople(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "publisher")
	said := url.Values{"programme": {"dibao"}, "place": {sample.Xinglin}, "kind": {"list"}, "mask": {"middle"}}
	const path = "/console/lists/import"
	bad := d.postList(t, b, path, "list.csv", "姓名,身份证号,金额\n探针甲,990121196205173019,936\n", said)
	if bad.Status != http.StatusOK || !strings.Contains(bad.Body, "B1") || !strings.Contains(bad.Body, "refused=B") || strings.Contains(bad.Body, "990121196205173019") {
		t.Errorf("a sheet with an ID = %d", bad.Status)
	}
	if m := stagedValue.FindStringSubmatch(bad.Body); m != nil {
		t.Errorf("something of it is kept: %q", m[1])
	}
	if a := d.postList(t, b, path, "13855550012.csv", "姓名,金额\n张建明,936\n", said); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a number in the file's name = %d", a.Status)
	}
	good := d.postList(t, b, path, "list.csv", "杏林村低保名单\n姓名,人数,金额\n探针乙,2,936\n合计,2,936\n", said)
	m := stagedValue.FindStringSubmatch(good.Body)
	if good.Status != http.StatusOK || m == nil || !strings.Contains(good.Body, "探*乙") && !strings.Contains(good.Body, "探*") {
		t.Fatalf("a clean sheet = %d", good.Status)
	}
	if a := d.post(t, b, path, url.Values{"staged": {m[1]}}); a.Status != http.StatusSeeOther {
		t.Fatalf("taking in = %d", a.Status)
	}
	all, err := d.Board.All(t.Context(), sample.Xinglin, 50)
	all = slices.DeleteFunc(all, func(p roster.Publication) bool { return p.By != "publisher" })
	if err != nil || len(all) != 1 || !all[0].Approved.IsZero() {
		t.Fatalf("lists = %+v, %v", all, err)
	}
	to := "/console/lists/" + all[0].ID
	if a := d.post(t, b, to+"/approve", nil); a.Status != http.StatusForbidden {
		t.Errorf("approving one's own = %d", a.Status)
	}
	page := d.get(t, b, to)
	if page.Status != http.StatusOK || strings.Contains(page.Body, "探针乙") {
		t.Errorf("the list's page = %d", page.Status)
	}
	entries, err := d.Board.Entries(t.Context(), all[0].ID, 5, 0)
	if err != nil || len(entries) != 1 {
		t.Fatal(entries, err)
	}
	at := to + "/entries/" + entries[0].ID
	if a := d.get(t, b, at); a.Status != http.StatusOK {
		t.Errorf("the line's page = %d", a.Status)
	}
	if a := d.post(t, b, at, url.Values{"size": {"2"}, "persons": {"2"}, "amount": {"950.5"}, "reason": {"wrong"}}); a.Status != http.StatusSeeOther {
		t.Errorf("correcting = %d", a.Status)
	}
	if a := d.post(t, b, to+"/withdraw", nil); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("taking down without a reason = %d", a.Status)
	}
	deeds, err := d.Board.Deeds(t.Context(), all[0].ID)
	slices.SortFunc(deeds, func(a, b roster.Deed) int { return strings.Compare(a.What, b.What) }) // the test's clock stands still
	if err != nil || len(deeds) != 2 || deeds[1].What != "corrected" || deeds[1].Sums.Cents != 95050 || deeds[1].Hash == deeds[0].Hash {
		t.Errorf("evidence = %+v, %v", deeds, err)
	}
}
