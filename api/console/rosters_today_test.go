package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"mashang/platform/store/storetest"
	"mashang/sample"
)

// A list that waits for a second person is said on the first page of who may be one, and of nobody else.
func TestAWaitingListIsSaidOnTheFirstPage(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	first, second, editor := d.as(t, "publisher"), d.as(t, "admin"), d.as(t, "editor")
	const said = "/console/lists?state=unapproved"
	if strings.Contains(d.get(t, second, "/console").Body, said) {
		t.Fatal("a list waits before any came in")
	}
	form := url.Values{"programme": {"gaoling"}, "place": {sample.Xinglin}, "kind": {"list"}, "mask": {"middle"}, "document": {sample.Permission}}
	m := stagedValue.FindStringSubmatch(d.postList(t, first, "/console/lists/import", "list.csv", "姓名,人数,金额\n探针乙,2,936\n", form).Body)
	if m == nil {
		t.Fatal("the sheet is refused")
	}
	form.Set("staged", m[1])
	if a := d.post(t, first, "/console/lists/import", form); a.Status != http.StatusSeeOther {
		t.Fatalf("taking in = %d", a.Status)
	}
	if !strings.Contains(d.get(t, second, "/console").Body, said) {
		t.Error("who may approve it is not told")
	}
	if strings.Contains(d.get(t, editor, "/console").Body, said) {
		t.Error("an editor is told, who may not approve it")
	}
}
