package resident_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"mashang/aid/cases"
	"mashang/aid/place"
	"mashang/aid/roster"
)

// TestAnObjectionGoesToTheCountyAlone files one without a name and looks at who can see it.
func TestAnObjectionGoesToTheCountyAlone(t *testing.T) {
	p := newPortal(t)
	p.publish(xinglin, "dibao", roster.List, "云民发〔2026〕3 号", "张建明,3,3,936,2025-03")
	b := p.scan(p.hall).get("/roster").want(200)
	b.link("/roster/objection").want(200).see("只交给县里", "最低生活保障（1 户）", "云溪县").miss("杏林村村民委员会").sound()

	b.submit("/roster/objection", map[string]string{"said": "名单漏了人"}, "").want(422).see("请选一项", "名单漏了人")
	b.submit("/roster/objection", map[string]string{"what": "should_not", "said": "", "line": ""}, "").want(422).see("写一句怎么回事")
	b.submit("/roster/objection", map[string]string{"what": "should_not", "said": strings.Repeat("长", 2001)}, "").want(422).see("2000")
	b.submit("/roster/objection", map[string]string{"what": "should_not", "line": "张*明", "said": "他家有两辆车", "name": "邻居甲"}, "").want(200)
	if !strings.HasPrefix(b.At, "/status/") {
		t.Fatalf("the objection led to %s", b.At)
	}
	b.see("收到了，您对名单的意见", "回执号").miss("邻居甲")

	all, err := p.Cases.List(t.Context(), cases.Filter{Kind: cases.Objection})
	must(t, err)
	if len(all) != 1 {
		t.Fatalf("%d objections, want 1", len(all))
	}
	one := all[0]
	d, _ := p.Places.Atlas().Division(one.Division)
	if d.Level != place.County || slices.Contains(one.Scope, xinglin) || one.Place != "" || one.Programme != "dibao" {
		t.Errorf("the case is %+v", one)
	}
	for _, code := range one.Scope {
		if d, _ := p.Places.Atlas().Division(code); d.Level == place.Village || d.Level == place.Town {
			t.Errorf("the scope holds %s, a %s", code, d.Level)
		}
	}
	if _, err := p.Cases.Document(t.Context(), one.Receipt, xinglin); err == nil {
		t.Error("the village's office can read it")
	}
	doc, err := p.Cases.Document(t.Context(), one.Receipt, one.Division)
	must(t, err)
	var body map[string]string
	must(t, json.Unmarshal(doc.Body, &body))
	if body["village"] != xinglin || body["publication"] == "" || body["said"] != "他家有两辆车" {
		t.Errorf("the county reads %v", body)
	}
	if log := p.Log.String(); strings.Contains(log, "邻居甲") || strings.Contains(log, "两辆车") {
		t.Error("words of the objection stand in the log")
	}
}

func TestAnObjectionNeedsNoCodeAndTellsNothing(t *testing.T) {
	p := newPortal(t)
	p.publish(xinglin, "dibao", roster.List, "云民发〔2026〕3 号", "张建明,3,3,936,2025-03")
	b := newBrowser(t, p.URL).get("/roster/objection").want(200).see("哪个村").miss("最低生活保障（", "936").sound()
	b.submit("/roster/objection", map[string]string{"what": "mine", "village": "杏林村低保", "said": "我家是四口人"}, "").want(200)
	if !strings.HasPrefix(b.At, "/status/") {
		t.Errorf("it led to %s", b.At)
	}
	b.post("/roster/objection", url.Values{"what": {"nonsense"}}).want(422)
	for range 300 { // a village hall's Wi-Fi
		b.get("/roster/objection").want(200)
	}
}
