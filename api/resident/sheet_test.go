package resident_test

import (
	"bytes"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"mashang/api/apitest"
	"mashang/i18n"
	"mashang/platform/doc"
	"mashang/platform/store/storetest"
)

func fetch(t testing.TB, client *http.Client, url string) (int, []byte) {
	t.Helper()
	res, err := client.Get(url)
	must(t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	must(t, err)
	return res.StatusCode, b
}

var onePage = regexp.MustCompile(`/Type\s*/Page\b[^s]`)

// letters leaves out what line breaks and spacing change.
func letters(s string) string { return strings.Join(strings.Fields(s), "") }

// sheets opens the sheets of programmes at a place and tells what is wrong with them.
func sheets(t *testing.T, p *apitest.Portal, code string, l i18n.Lang, ids []string) {
	t.Helper()
	client := p.Browser(t)
	fetch(t, client, p.URL+"/?place="+code+"&lang="+string(l))
	for _, id := range ids {
		g, ok := p.Library.Shelf().Programme(id)
		if !ok {
			t.Fatal(id)
		}
		status, pdf := fetch(t, client, p.URL+"/policies/"+id+"/sheet.pdf?place="+code)
		if n := len(onePage.FindAll(pdf, -1)); status != 200 || n != 1 {
			t.Errorf("%s %s at %s: status %d, %d pages", id, l, code, status, n)
			continue
		}
		lines, err := doc.PDF(pdf)
		must(t, err)
		var text strings.Builder
		for _, line := range lines {
			text.WriteString(line.Text)
		}
		got := letters(text.String())
		want := []string{g.Name.In(l), g.Summary.In(l)}
		if o, ok := p.Places.Atlas().Office(code, g.Office); ok {
			want = append(want, o.Phone, o.Name.In(l))
		}
		for _, paper := range g.Papers {
			want = append(want, paper.Name.In(l))
		}
		for _, w := range want {
			if !strings.Contains(got, letters(w)) {
				t.Errorf("%s %s at %s lacks %q", id, l, code, w)
			}
		}
		if status, page := fetch(t, client, p.URL+"/policies/"+id+"/sheet?place="+code); status != 200 || bytes.Contains(page, []byte("mz-sheet--s2")) && l != i18n.En {
			t.Errorf("%s %s at %s: status %d, or letters that are hard to read", id, l, code, status)
		}
	}
}

func TestSheetsAreOnePageAndWhole(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	village := p.Places.Atlas().Villages()[0].Code
	sheets(t, p, village, i18n.Hans, []string{"dibao"})
	sheets(t, p, village, i18n.Hant, []string{"yb_yishen"})
	sheets(t, p, village, i18n.En, []string{"dibao", "linshi_jinan", "can_kangfu"})
}

func TestASheetShowsAmountsOfItsPlaceOnly(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	client := p.Browser(t)
	village := p.Places.Atlas().Villages()[0]
	_, here := fetch(t, client, p.URL+"/policies/dibao/sheet?place="+village.Code+"&lang=zh-Hans")
	for _, w := range []string{village.Name.Hans, "起执行", "适用：", "/policies/dibao/sheet.svg"} {
		if !strings.Contains(string(here), w) {
			t.Errorf("the sheet lacks %q", w)
		}
	}
	_, none := fetch(t, p.Browser(t), p.URL+"/policies/dibao/sheet?lang=zh-Hans")
	if strings.Contains(string(none), "元/人") || !strings.Contains(string(none), "各地给的钱不一样") {
		t.Error("a sheet without a place shows an amount, or does not say why there is none")
	}
	status, code := fetch(t, client, p.URL+"/policies/dibao/sheet.svg")
	if status != 200 || !bytes.HasPrefix(code, []byte("<svg")) {
		t.Errorf("the code: %d", status)
	}
	if status, _ := fetch(t, client, p.URL+"/policies/nothing/sheet.pdf"); status != 404 {
		t.Errorf("no such programme: %d", status)
	}
}
