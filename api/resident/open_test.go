package resident_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"mashang/api/apitest"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

// TestOpenFiguresNameNobody walks the figures without a code, in every language, as page, JSON and file: what is not
// shown stands in none of them, and no name does.
func TestOpenFiguresNameNobody(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	names := map[string]bool{}
	all, err := p.Board.All(t.Context(), "", 5000)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all[:40] {
		entries, err := p.Board.Entries(t.Context(), one.ID, 100, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			names[e.Name] = true
		}
	}
	var hidden, shown int
	for _, place := range []string{sample.County, sample.Liuhe, sample.Xinglin, sample.Shimen, sample.Zone} {
		var reply struct {
			Months  []string
			Figures []struct {
				Place, Programme    string
				Shown               bool
				Households, Persons *int
				Amount              *string
			}
		}
		a := p.Send(t, http.MethodGet, "/api/v1/open?place="+place, "")
		if err := json.Unmarshal([]byte(a.Body), &reply); err != nil || a.Status != http.StatusOK || len(reply.Months) != 11 {
			t.Fatalf("%s: %d, %v, %d months", place, a.Status, err, len(reply.Months))
		}
		for _, f := range reply.Figures {
			switch {
			case f.Shown && (*f.Households < 8 || *f.Persons < 8 || !strings.HasSuffix(*f.Amount, "000.00") && !strings.HasSuffix(*f.Amount, "000")):
				t.Errorf("%s of %s is shown: %d, %d, %s", f.Programme, f.Place, *f.Households, *f.Persons, *f.Amount)
			case f.Shown:
				shown++
			case f.Households != nil || f.Persons != nil || f.Amount != nil:
				t.Errorf("%s of %s is hidden and told", f.Programme, f.Place)
			default:
				hidden++
			}
		}
		for _, lang := range []string{"zh-Hans", "zh-Hant", "en"} {
			for _, path := range []string{"/open?at=", "/open.csv?at="} {
				a := p.Send(t, http.MethodGet, path+place+"&lang="+lang, "")
				if kept := a.Header.Get("Cache-Control"); a.Status != http.StatusOK || kept != "no-store" {
					t.Errorf("%s%s in %s = %d, kept %q", path, place, lang, a.Status, kept)
				}
				for name := range names {
					if strings.Contains(a.Body, name) {
						t.Fatalf("%s%s in %s names %s", path, place, lang, name)
					}
				}
			}
		}
	}
	if hidden < 50 || shown < 50 {
		t.Errorf("%d shown and %d hidden", shown, hidden)
	}
	for path, want := range map[string]int{
		"/open?at=990121777000": 404, "/open?at=x": 404, "/open?month=2026-13": 404, "/open?month=1999-01": 404, "/open?programme=guer": 200, "/open?month=2026-03": 200,
		"/api/v1/open?place=990121777000": 422, "/api/v1/open?month=x": 422, "/open.csv?month=9": 404,
	} {
		if a := p.Send(t, http.MethodGet, path, ""); a.Status != want {
			t.Errorf("%s = %d, want %d", path, a.Status, want)
		}
	}
}

// TestOpenPageStandsWithoutScript shows charts as pictures in the page with the figures beside them.
func TestOpenPageStandsWithoutScript(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	a := p.Send(t, http.MethodGet, "/open?at="+sample.Liuhe, "")
	for _, want := range []string{`<svg class="mz-open__chart"`, `role="img" aria-label="柳河镇每个月享受最低生活保障的户数"`, "<table", "不显示", "2026年10月"} {
		if !strings.Contains(a.Body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if a := p.Send(t, http.MethodGet, "/open?at="+sample.Shimen, ""); !strings.Contains(a.Body, "还没有公开的名单") {
		t.Error("石门镇, which publishes no list, does not say so")
	}
	if n, _ := strconv.Atoi(a.Header.Get("Content-Length")); n > 60_000 {
		t.Errorf("the page has %d bytes", n)
	}
	if a := p.Send(t, http.MethodGet, "/roster", ""); !strings.Contains(a.Body, `href="/open"`) {
		t.Error("the lists' page does not lead to the figures")
	}
}
