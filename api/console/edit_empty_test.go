package console_test

import (
	"net/url"
	"strings"
	"testing"

	"mashang/aid/policy"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

// From an empty library to a programme with its amount, its document and an answer,
// by the console alone.
func TestAnEmptyLibraryIsFilledByHand(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	for _, query := range []string{"DELETE FROM programmes", "DELETE FROM standards", "DELETE FROM documents", "DELETE FROM articles", "DELETE FROM entries", "DELETE FROM departments", "DELETE FROM situations"} {
		if _, err := d.DB.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Library.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	editor := d.as(t, "editor")
	begin := func(kind string, form url.Values) string {
		t.Helper()
		a := d.post(t, editor, "/console/edit/new/"+kind, form)
		if a.Status != 303 {
			t.Fatalf("a %s = %d %s", kind, a.Status, a.Body)
		}
		return a.Header.Get("Location")
	}
	publish := func(at string) {
		t.Helper()
		if a := d.part(t, editor, at); a.Status != 303 || strings.Contains(a.Header.Get("Location"), "/review/") {
			t.Fatalf("publishing %s = %d to %s %s", at, a.Status, a.Header.Get("Location"), a.Body)
		}
	}
	if a := d.post(t, editor, "/console/edit/new/programme", url.Values{"id": {"Dibao!"}, "name": {""}, "department": {"none"}}); a.Status != 422 || !strings.Contains(a.Body, "f-id-e") || !strings.Contains(a.Body, "f-name-e") || !strings.Contains(a.Body, "f-department-e") {
		t.Errorf("a programme of nothing = %d", a.Status)
	}
	publish(begin("department", url.Values{"id": {"minzheng"}, "name": {"青河县民政局"}}))
	publish(begin("situation", url.Values{"id": {"shouru"}, "name": {"每月收入少"}}))
	document := begin("document", url.Values{"id": {"qh-1"}, "pasted": {"青河县关于调整低保标准的通知\n青民发〔2026〕3号\n第一条 农村最低生活保障标准为每人每月712元。\n第二条 向镇政府提出书面申请。"}})
	if a := d.part(t, editor, document+"/part/head", "state", policy.InForce, "effective_from", "2026-04-01", "issuer", "青河县民政局"); a.Status != 303 {
		t.Fatalf("its head = %d %s", a.Status, a.Body)
	}
	publish(document)
	if got, ok := d.Library.Shelf().Document("qh-1"); !ok || len(got.Articles) != 2 || got.Number != "青民发〔2026〕3号" {
		t.Fatalf("the document = %+v", got)
	}
	programme := begin("programme", url.Values{"id": {"dibao"}, "name": {"最低生活保障"}, "department": {"minzheng"}})
	if a := d.part(t, editor, programme+"/part/names", "summary.zh-Hans", "家里人均收入低，可以申请。"); a.Status != 303 {
		t.Fatalf("its names = %d", a.Status)
	}
	publish(programme)
	a := d.post(t, editor, "/console/standards/new", url.Values{"programme": {"dibao"}, "place": {sample.County}, "amount": {"712"}, "unit": {"yuan_person_month"}, "from": {"2026-04-01"}, "document": {"qh-1"}})
	if a.Status != 303 || len(d.Library.Shelf().Rows()) != 1 {
		t.Fatalf("its amount = %d to %s", a.Status, a.Header.Get("Location"))
	}
	entry := begin("entry", url.Values{"name": {"低保怎么申请"}, "programme": {"dibao"}})
	if a := d.part(t, editor, entry+"/part/answer", "answer.zh-Hans", "向镇政府交一份书面申请。"); a.Status != 303 {
		t.Fatalf("its answer = %d", a.Status)
	}
	publish(entry)
	page := d.Send(t, "GET", "/policies/dibao?lang=zh-Hans&place="+sample.County, "")
	if page.Status != 200 || !strings.Contains(page.Body, "712") || !strings.Contains(page.Body, "青河县民政局") {
		t.Errorf("residents see = %d", page.Status)
	}
	// From now on everything needs a second person.
	second := begin("programme", url.Values{"id": {"tekun"}, "name": {"特困"}, "department": {"minzheng"}})
	if a := d.part(t, editor, second, "why", "新项目"); a.Status != 303 || !strings.Contains(a.Header.Get("Location"), "/review/") || len(d.Library.Shelf().Programmes()) != 1 {
		t.Errorf("the second programme = %d to %s", a.Status, a.Header.Get("Location"))
	}
}
