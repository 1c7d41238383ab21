package console_test

import (
	"net/url"
	"strings"
	"testing"

	"mashang/aid/cases"
	"mashang/platform/store/storetest"
)

// TestAFormIsTriedAndNothingIsFiled shows every form as residents read it, and fills one in for trial.
func TestAFormIsTriedAndNothingIsFiled(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "auditor")
	for path, want := range map[string]string{
		"/console/forms":                         "高龄津贴",
		"/console/forms/dibao":                   "2026-11-01",
		"/console/forms/dibao/try":               "过去 12 个月有哪些收入",
		"/console/forms/dibao/try?in=en":         "What came in over the last 12 months",
		"/console/forms/falv/try?in=zh-Hant":     "遇到了什麼糾紛",
		"/console/forms/binzang/try?in=nonsense": "哪一天去世的",
	} {
		if a := d.get(t, b, path); a.Status != 200 || !strings.Contains(a.Body, want) {
			t.Errorf("%s = %d without %q", path, a.Status, want)
		}
	}
	if a := d.get(t, b, "/console/forms/nonsense/try"); a.Status != 404 {
		t.Errorf("a form for nothing = %d", a.Status)
	}
	whole := url.Values{"for.kind": {"self"}, "applicant.name": {"张建明"}, "applicant.phone": {"13855500123"}, "applicant.address": {"三组"}, "need": {"老板欠了工资"}, "pass_on": {"yes"}}
	if a := d.post(t, b, "/console/forms/falv/try", whole); a.Status != 200 || !strings.Contains(a.Body, "老板欠了工资") || !strings.Contains(a.Body, "applicant.phone") {
		t.Errorf("a trial = %d: %.300s", a.Status, a.Body)
	}
	whole.Set("applicant.phone", "138")
	if a := d.post(t, b, "/console/forms/falv/try?in=en", whole); a.Status != 422 || !strings.Contains(a.Body, `id="f-applicant-phone-e"`) {
		t.Errorf("a trial with a short phone = %d", a.Status)
	}
	if list, err := d.Cases.List(t.Context(), cases.Filter{}); err != nil || len(list) != 0 {
		t.Errorf("a trial was filed: %v, %v", list, err)
	}
}
