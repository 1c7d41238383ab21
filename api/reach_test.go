package api_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mashang/aid/policy"
	"mashang/api/apitest"
	"mashang/i18n"
	"mashang/platform/doc"
	"mashang/platform/store/storetest"
)

var (
	hrefs = regexp.MustCompile(`<a\b[^>]*\bhref="(/[^"#]*)`)
	inSum = regexp.MustCompile(`([0-9][0-9,]*(?:\.[0-9]+)?) ?(?:元|块|yuan)`)
)

// links are the addresses a page leads to.
func links(page string) []string {
	var all []string
	for _, m := range hrefs.FindAllStringSubmatch(page, -1) {
		if to := strings.ReplaceAll(m[1], "&amp;", "&"); !slices.Contains(all, to) {
			all = append(all, to)
		}
	}
	return all
}

// Somebody who only taps what is there finds amount, papers and office of every programme within three taps of the landing.
func TestEveryProgrammeIsThreeTapsFromTheLanding(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	client := p.Browser(t)
	landing := p.SendBy(t, client, http.MethodGet, "/s/"+p.Poster(t)+"?lang=zh-Hans", "").Body
	taps := map[string]int{}
	next := links(landing)
	for tap := 1; tap <= 3; tap++ {
		var further []string
		for _, to := range next {
			path, _, _ := strings.Cut(to, "?")
			if _, seen := taps[to]; seen || !strings.HasPrefix(path, "/policies") || strings.Contains(path, "/sheet") || strings.Contains(to, "lang=") || strings.Contains(to, "care=") {
				continue
			}
			taps[to] = tap
			if tap < 3 {
				further = append(further, links(p.SendBy(t, client, http.MethodGet, to, "").Body)...)
			}
		}
		next = further
	}
	shelf, atlas := p.Library.Shelf(), p.Places.Atlas()
	division, _ := atlas.Location(locationOf(p))
	chain := atlas.Chain(division.Division)
	most := 0
	for _, g := range shelf.Programmes() {
		n := taps["/policies/"+g.ID]
		if n == 0 {
			t.Errorf("%s is not found in three taps", g.ID)
			continue
		}
		most = max(most, n)
		said := wordsOf(p.SendBy(t, client, http.MethodGet, "/policies/"+g.ID, "").Body)
		for _, a := range shelf.Standards(chain, g.ID, p.Now()) {
			if !a.None && !strings.Contains(said, i18n.Money(i18n.Hans, a.Cents)) {
				t.Errorf("%s does not show %s", g.ID, policy.Yuan(a.Cents))
			}
		}
		for _, paper := range g.Papers {
			if !strings.Contains(strings.ReplaceAll(said, " ", ""), strings.ReplaceAll(paper.Name.Hans, " ", "")) {
				t.Errorf("%s does not name the paper %s", g.ID, paper.Name.Hans)
			}
		}
		if o, ok := atlas.Office(division.Division, g.Office); !ok || !strings.Contains(said, o.Phone) || !strings.Contains(said, o.Name.Hans) {
			t.Errorf("%s does not show its office", g.ID)
		}
	}
	t.Logf("%d programmes in at most %d taps", len(shelf.Programmes()), most)
}

// locationOf is the location of the poster the tests scan.
func locationOf(p *apitest.Portal) string {
	a := p.Places.Atlas()
	for _, v := range a.Villages() {
		for _, l := range a.Locations(v.Code) {
			if l.Number == "0137" {
				return l.ID
			}
		}
	}
	return ""
}

// What the sheet, the assistant, the screener and the landing say in sums is the place's own.
func TestNoOtherSurfaceShowsTheAmountOfAnotherPlace(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	shelf := p.Library.Shelf()
	own := func(chain []string, ids ...string) map[string]bool {
		all := map[string]bool{}
		for _, id := range ids {
			for _, a := range shelf.Standards(chain, id, p.Now()) {
				all[plain(policy.Yuan(a.Cents))] = !a.None
				if a.Base != nil {
					all[plain(policy.Yuan(a.Base.Cents))] = true
				}
			}
		}
		return all
	}
	var ids []string
	for _, g := range shelf.Programmes() {
		ids = append(ids, g.ID)
	}
	shown := map[string]int{}
	for name, spot := range fivePlaces(t, p.Places.Atlas()) {
		chain := p.Places.Atlas().Chain(spot.Division)
		client := p.Browser(t)
		check := func(what, said string, may map[string]bool) {
			t.Helper()
			for _, m := range inSum.FindAllStringSubmatch(said, -1) {
				shown[name+" "+what]++
				if !may[plain(m[1])] {
					t.Errorf("%s: the %s says %q", name, what, m[0])
				}
			}
		}
		check("landing", wordsOf(p.SendBy(t, client, http.MethodGet, "/s/"+p.Codes.Code(spot.ID)+"?lang=zh-Hans", "").Body), nil)
		for _, g := range shelf.Programmes() {
			may := own(chain, g.ID)
			check("sheet", wordsOf(p.SendBy(t, client, http.MethodGet, "/policies/"+g.ID+"/sheet", "").Body), may)
			if g.ID == "dibao" || g.ID == "dibian" {
				lines, err := doc.PDF([]byte(p.SendBy(t, client, http.MethodGet, "/policies/"+g.ID+"/sheet.pdf", "").Body))
				if err != nil {
					t.Fatal(err)
				}
				for _, l := range lines {
					check("PDF", l.Text, may)
				}
			}
		}
		form := url.Values{"side": {"rural"}, "people": {"2"}, "income": {"600"}, "old": {"eighty"}, "illness": {"heavy", "costs"}, "trouble": {"accident"}}.Encode()
		page := p.SendBy(t, client, http.MethodPost, "/screener", form, "Content-Type", "application/x-www-form-urlencoded")
		check("screener", wordsOf(page.Body), nil)
		for _, q := range []string{"农村低保一个月多少钱", "低边收入线是多少", "特困一个月给多少", "高龄津贴多少钱", "临时救助给多少", "残疾人护理补贴多少", "孤儿一个月多少钱"} {
			a := p.SendBy(t, client, http.MethodPost, "/api/v1/ask", `{"question":"`+q+`","place":"`+spot.Division+`"}`, "Content-Type", "application/json")
			var said struct {
				Text    string
				Amounts []struct{ Amount string }
			}
			if err := json.Unmarshal([]byte(a.Body), &said); err != nil {
				t.Fatal(err)
			}
			may := own(chain, ids...)
			check("assistant", said.Text, may)
			for _, x := range said.Amounts {
				if !may[plain(x.Amount)] {
					t.Errorf("%s: %s is answered with %s", name, q, x.Amount)
				}
			}
		}
	}
	if shown["village sheet"] == 0 || shown["zone sheet"] == 0 || shown["village PDF"] == 0 || shown["zone assistant"] == 0 || shown["unregistered sheet"] != 0 || shown["unregistered assistant"] != 0 {
		t.Errorf("sums by place and surface: %v", shown)
	}
}
