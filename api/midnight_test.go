package api_test

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"mashang/aid/policy"
	"mashang/api/apitest"
	"mashang/i18n"
	"mashang/platform/doc"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

// surface is one way in which a resident meets an amount.
type surface struct {
	name string
	ask  func(t testing.TB) string // what it says, without spaces and commas
}

// surfaces are all ways for one browser in a village: every page is asked for twice, so that a kept one is met.
func surfaces(t testing.TB, p *apitest.Portal, village string) []surface {
	t.Helper()
	client := p.Browser(t)
	p.SendBy(t, client, http.MethodGet, "/?place="+village+"&lang=zh-Hans", "")
	bare := func(s string) string { return strings.NewReplacer(",", "", " ", "").Replace(s) }
	get := func(path string) func(testing.TB) string {
		etag, last := "", ""
		return func(t testing.TB) string {
			t.Helper()
			for range 2 {
				req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.URL+path, nil)
				if err != nil {
					t.Fatal(err)
				}
				if etag != "" {
					req.Header.Set("If-None-Match", etag)
				}
				res, err := client.Do(req)
				if err != nil {
					t.Fatal(err)
				}
				b, err := io.ReadAll(res.Body)
				res.Body.Close()
				if err != nil {
					t.Fatal(err)
				}
				switch {
				case res.StatusCode == http.StatusNotModified: // then a browser shows what it had
				case res.StatusCode != http.StatusOK:
					t.Fatalf("GET %s = %d %s", path, res.StatusCode, b)
				case bytes.HasPrefix(b, []byte("%PDF")):
					lines, err := doc.PDF(b)
					if err != nil {
						t.Fatal(err)
					}
					last = ""
					for _, l := range lines {
						last += l.Text
					}
				default:
					last = string(b)
				}
				etag = res.Header.Get("ETag")
			}
			return bare(wordsOf(last))
		}
	}
	post := func(path, body string, headers ...string) func(testing.TB) string {
		return func(t testing.TB) string {
			t.Helper()
			a := p.SendBy(t, client, http.MethodPost, path, body, headers...)
			if a.Status != http.StatusOK {
				t.Fatalf("POST %s = %d %s", path, a.Status, a.Body)
			}
			return bare(wordsOf(a.Body))
		}
	}
	form := []string{"Content-Type", "application/x-www-form-urlencoded"}
	js := []string{"Content-Type", "application/json"}
	return []surface{
		{"page", get("/policies/dibao")},
		{"page in English", get("/policies/dibao?lang=en")},
		{"list", get("/policies?lang=zh-Hans")},
		{"list of a department", get("/policies?department=minzheng")},
		{"sheet", get("/policies/dibao/sheet?place=" + village)},
		{"sheet as PDF", get("/policies/dibao/sheet.pdf?place=" + village)},
		{"JSON", get("/api/v1/programmes/dibao?place=" + village)},
		{"assistant", get("/ask?q=" + url.QueryEscape("农村低保一个月多少钱"))},
		{"assistant over JSON", post("/api/v1/ask", `{"question":"农村低保一个月多少钱","place":"`+village+`"}`, js...)},
		{"screener", post("/screener", url.Values{"side": {"rural"}, "people": {"1"}, "income": {"720"}}.Encode(), form...)},
		{"screener over JSON", post("/api/v1/screener", `{"place":"`+village+`","household":{"place":{"type":"农村"},"members":[{"rel":"本人","age":40}],"income_month":{"打工":720}}}`, js...)},
	}
}

// says tells whether a surface shows an amount. A screener shows none: with 720 a month a family is under 738 and not under 712.
func says(s surface, said, amount string) bool {
	if !strings.HasPrefix(s.name, "screener") {
		return strings.Contains(said, amount)
	}
	var under bool
	if s.name == "screener" {
		before, _, _ := strings.Cut(said, "低保边缘")
		under = strings.Contains(before, "低于当地低保线，财产")
	} else {
		under = strings.Contains(said, `"id":"dibao"`) && strings.Contains(said[strings.Index(said, `"id":"dibao"`):][:160], `"may"`)
	}
	return under == (amount == "738")
}

// What is entered for tomorrow is tomorrow's at midnight in the county, everywhere at once.
func TestTomorrowsStandardShowsTomorrow(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	eve := time.Date(2026, 12, 31, 23, 59, 59, 0, i18n.Shanghai)
	p.Pass(eve.Sub(p.Now()))
	all := surfaces(t, p, sample.Xinglin)
	for _, moment := range []struct{ name, now, not string }{{"a second before midnight", "712", "738"}, {"midnight", "738", "712"}} {
		for _, s := range all {
			said := s.ask(t)
			if !says(s, said, moment.now) || !strings.HasPrefix(s.name, "screener") && strings.Contains(said, moment.not) {
				t.Errorf("%s: the %s does not show %s, or shows %s: %s", moment.name, s.name, moment.now, moment.not, said)
			}
		}
		p.Pass(time.Second)
	}
	// What is computed from it follows in the same moment.
	if said := all[0].ask(t); !strings.Contains(said, "738") {
		t.Error("the page fell back")
	}
}

// A change at one instance shows at another within two seconds, on every surface.
func TestAChangeShowsOnEverySurfaceOfTwoInstances(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		one := apitest.New(t, db)
		two := apitest.New(t, db)
		here, there := surfaces(t, one, sample.Xinglin), surfaces(t, two, sample.Xinglin)
		for _, s := range append(here, there...) {
			if said := s.ask(t); !says(s, said, "712") {
				t.Fatalf("the %s does not show 712: %s", s.name, said)
			}
		}
		of := policy.Series{Programme: "dibao", Variant: "rural", Place: sample.County}
		var rows []policy.Standard
		for _, r := range one.Library.Shelf().Series(of) {
			if r.InForce(one.Now()) {
				r.Cents = 73800
				rows = append(rows, r)
			}
		}
		if err := db.Tx(t.Context(), func(q store.Queryer) error { return one.Library.PutStandards(t.Context(), q, rows) }); err != nil {
			t.Fatal(err)
		}
		if err := one.Library.Reload(t.Context()); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		for two.Library.Shelf().Version() < one.Library.Shelf().Version() {
			if time.Since(began) > time.Minute {
				t.Fatal("the other instance has not heard of it")
			}
			time.Sleep(5 * time.Millisecond)
		}
		t.Logf("known to the other after %v", time.Since(began).Round(time.Millisecond))
		for _, s := range append(here, there...) {
			if said := s.ask(t); !says(s, said, "738") {
				t.Errorf("the %s still shows the old amount: %s", s.name, said)
			}
		}
	})
}
