package resident_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"mashang/aid/roster"
)

func TestRosterOpensOnlyForAScanOfTheVillage(t *testing.T) {
	p := newPortal(t)
	p.publish(xinglin, "dibao", roster.List, "云民发〔2026〕3 号", "张建明,3,3,936,2025-03", "李秀兰,1,1,712,2024-06")

	t.Run("no place", func(t *testing.T) {
		newBrowser(t, p.URL).get("/roster").want(200).see("名单要在村里看").miss("张", "936", "杏林村公示").sound()
	})
	t.Run("a village chosen by hand", func(t *testing.T) {
		newBrowser(t, p.URL).get("/roster?place=" + xinglin).want(200).see("名单要在村里看").miss("936")
	})
	t.Run("a spot that opens no list", func(t *testing.T) {
		p.scan(p.bus).get("/roster").want(200).see("不带村里的名单", "0500-5550121").miss("936")
	})
	t.Run("another village", func(t *testing.T) {
		p.scan(p.far).get("/roster").want(200).see("南湾村的名单还没有在网上公布").miss("936")
	})
	t.Run("search without a scan", func(t *testing.T) {
		newBrowser(t, p.URL).post("/roster", url.Values{"name": {"张建明"}}).want(200).see("名单要在村里看").miss("936")
	})
	t.Run("this village", func(t *testing.T) {
		b := p.scan(p.hall).get("/roster").want(200).see("杏林村公示名单", "张*明", "936 元", "2025年3月", "2 户，4 人", "云民发〔2026〕3 号", "0500-5550199").miss("张建明").sound()
		if b.Header.Get("Cache-Control") != "no-store" || !strings.Contains(b.Body, `content="noindex`) {
			t.Errorf("the list may be kept: %q", b.Header.Get("Cache-Control"))
		}
	})
}

func TestRosterFindsWholeNamesOnly(t *testing.T) {
	p := newPortal(t)
	p.publish(xinglin, "dibao", roster.List, "云民发〔2026〕3 号", "张建明,3,3,936,2025-03", "李秀兰,1,1,712,2024-06")
	p.publish(xinglin, "tekun", roster.List, "云民发〔2026〕4 号", "张建明,1,1,1088,2025-01")
	for _, tt := range []struct {
		name   string
		typed  string
		status int
		see    []string
		miss   []string
	}{
		{"on two lists", "张建明", 200, []string{"找到 2 条", "936 元", "1,088 元"}, []string{"李*兰", "读音相同"}},
		{"sounding the same", "章见明", 200, []string{"名单上没有全名叫“章见明”的人", "另有 2 条读音相同", "张*明", "读音相同", "936 元", "1,088 元"}, []string{"李*兰", "张建明"}},
		{"part of a sound", "章见", 200, []string{"名单上没有全名叫“章见”的人"}, []string{"936", "读音相同"}},
		{"nobody", "王建国", 200, []string{"名单上没有全名叫“王建国”的人"}, []string{"936"}},
		{"a family name", "张", 422, []string{"至少两个字"}, []string{"936"}},
		{"with a star", "张*明", 422, []string{"全名"}, []string{"936"}},
		{"digits", "张3明", 422, []string{"姓名里只能有字"}, []string{"936"}},
		{"too long", strings.Repeat("明", 60), 422, []string{"最多 40 个字"}, []string{"936"}},
		{"broken bytes", "张\xff明", 422, []string{"姓名里只能有字"}, []string{"936"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := p.scan(p.hall).get("/roster")
			b.submit("/roster", map[string]string{"name": tt.typed}, "").want(tt.status).see(tt.see...).miss(tt.miss...).sound()
			if tt.status == 422 && !strings.Contains(b.Body, `value="`+strings.ToValidUTF8(tt.typed, "\uFFFD")) {
				t.Error("the name that was typed is gone")
			}
		})
	}
	if log := p.Log.String(); strings.Contains(log, "张建明") || strings.Contains(log, url.QueryEscape("张建明")) {
		t.Error("a name stands in the log")
	}
}

func TestRosterPagesThroughAListAndChoosesAnother(t *testing.T) {
	p := newPortal(t)
	var lines []string
	for i := range 120 {
		lines = append(lines, fmt.Sprintf("赵%c%c,2,2,500,2025-01", '一'+rune(i), '丁'+rune(i)))
	}
	p.publish(xinglin, "dibao", roster.List, "云民发〔2026〕3 号", lines...)
	p.publish(xinglin, "dibao", roster.Notice, "云民发〔2026〕3 号", "孙丽华,2,2,640,")
	b := p.scan(p.hall).get("/roster").want(200).see("第 1 页", "120 户", "下一页")
	b.link("page=2").want(200).see("第 2 页", "上一页").sound()
	notice := ""
	for _, o := range b.all(func(n *node) bool { return n.Data == "option" }) {
		if strings.Contains(attr(o, "value")+o.FirstChild.Data, "公示") {
			notice = attr(o, "value")
		}
	}
	b.submit("/roster", map[string]string{"list": notice}, "").want(200).see("孙*华", "公示 7 天", "还剩 7 天")
	if b.At != "/roster" {
		t.Errorf("choosing a list led to %s", b.At)
	}
	p.wait(8 * 24 * time.Hour)
	b.get("/roster").want(200).miss("孙*华")
	b.get("/roster?list=nonsense&page=-4").want(200).see("120 户")
}

func TestRosterIsOffWithoutADocument(t *testing.T) {
	p := newPortal(t)
	p.publish(xinglin, "dibao", roster.List, "", "张建明,3,3,936,2025-03")
	p.scan(p.hall).get("/roster").want(200).see("还没有在网上公布", "0500-5550121").miss("张", "936").sound()
}

func TestRosterRestsAfterTooManyLooks(t *testing.T) {
	p := newPortal(t)
	p.publish(xinglin, "dibao", roster.List, "云民发〔2026〕3 号", "张建明,3,3,936,2025-03")
	b := p.scan(p.hall)
	b.get("/roster").want(200)
	for range 1498 {
		if _, _, err := p.Places.KV.Allow(t.Context(), "roster:127.0.0.1:"+p.hall, 1500, time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	b.get("/roster").want(200)
	b.get("/roster").want(429).see("查得太快").miss("936")
	if b.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	b.post("/roster", url.Values{"name": {"张建明"}}).want(429)
	for _, spelt := range []string{strings.ToLower(p.hall), strings.ToLower(p.hall[:6]) + p.hall[6:]} { // another spelling is no other code
		req, err := http.NewRequest(http.MethodGet, b.base+"/roster", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.AddCookie(&http.Cookie{Name: "place", Value: spelt})
		newBrowser(t, b.base).do(req).want(429)
	}
	p.scan(p.far).get("/roster").want(200) // another code is another count
	p.wait(2 * time.Hour)
	b.get("/roster").want(200).see("936")
}

// TestAVillageHallLooksTwiceEach lets 300 people behind the hall's one address open the list and look for a name within
// the hour: every one of them is answered, and none of it looks like scraping.
func TestAVillageHallLooksTwiceEach(t *testing.T) {
	p := newPortal(t)
	p.publish(xinglin, "dibao", roster.List, "云民发〔2026〕3 号", "张建明,3,3,936,2025-03")
	b := p.scan(p.hall)
	for range 300 {
		b.get("/roster").want(200).see("936")
		b.post("/roster", url.Values{"name": {"张建明"}}).want(200).see("936")
	}
}
