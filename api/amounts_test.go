package api_test

import (
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/api/apitest"
	"mashang/i18n"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

var (
	amountCard   = regexp.MustCompile(`(?s)<div class="mz-amount">(.*?)</div>`)
	amountFigure = regexp.MustCompile(`(?s)<span class="mz-sum">(.*?)<small>`)
	listedRow    = regexp.MustCompile(`(?s)<a class="mz-row" href="/policies/([a-z_]+)">(.*?)</a>`)
	listedFigure = regexp.MustCompile(`(?s)<small class="mz-give">(.*?)</small>(.*)`)
	unseen       = regexp.MustCompile(`(?s)<(head|script|style)\b.*?</(head|script|style)>`)
	markup       = regexp.MustCompile(`<[^>]*>`)
	dated        = regexp.MustCompile(`20[0-9]{2}`)
	sum          = regexp.MustCompile(`[0-9][0-9,.]* ?[万千百]?[元块]|[0-9][0-9,.]* yuan|[¥￥]`)
)

func wordsOf(s string) string {
	return html.UnescapeString(strings.Join(strings.Fields(markup.ReplaceAllString(unseen.ReplaceAllString(s, " "), " ")), " "))
}

// fivePlaces are a village and a community of the county, a village of the zone, one of the town that has registered
// nothing, and the county town.
func fivePlaces(t testing.TB, a *place.Atlas) map[string]place.Location {
	t.Helper()
	found := map[string]place.Location{}
	for name, fits := range map[string]func(place.Division) bool{
		"village": func(d place.Division) bool { return d.Code == sample.Xinglin },
		"community": func(d place.Division) bool {
			return d.Parent == sample.Liuhe && d.Level == place.Village && d.Code[9] < '2'
		},
		"zone":         func(d place.Division) bool { return d.Parent == sample.Beiyuan },
		"unregistered": func(d place.Division) bool { return d.Parent == sample.Shimen },
		"county":       func(d place.Division) bool { return d.Code == sample.County },
	} {
		for _, d := range append(a.Villages(), a.Root()) {
			for _, l := range a.Locations(d.Code) {
				if _, ok := found[name]; !ok && fits(d) && l.State == place.Active {
					found[name] = l
				}
			}
		}
		if _, ok := found[name]; !ok {
			t.Fatalf("no location in the %s", name)
		}
	}
	return found
}

// registered is what a programme pays at a place today, and where that was set.
func registered(p *apitest.Portal, chain []string, programme string, lang i18n.Lang) (figures, sources []string) {
	for _, x := range p.Library.Shelf().Standards(chain, programme, p.Now()) {
		if !x.None {
			figures = append(figures, plain(policy.Yuan(x.Cents)))
			sources = append(sources, p.Places.Atlas().Names(lang, x.Place))
		}
	}
	slices.Sort(figures)
	return figures, sources
}

// plain is a figure without the signs that languages write into it.
func plain(s string) string {
	return strings.TrimSuffix(strings.NewReplacer(",", "", " ", "").Replace(s), ".00")
}

// sourced tells whether place, date and document stand with an amount.
func sourced(said string, sources []string) bool {
	return dated.MatchString(said) && strings.Contains(said, "〔") &&
		slices.ContainsFunc(sources, func(w string) bool { return strings.Contains(said, w) })
}

func TestNoPageShowsTheAmountOfAnotherPlace(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	shown := map[string]int{}
	for name, spot := range fivePlaces(t, p.Places.Atlas()) {
		chain := p.Places.Atlas().Chain(spot.Division)
		for _, lang := range []i18n.Lang{i18n.Hans, i18n.Hant, i18n.En} {
			where := name + " " + string(lang)
			client := p.Browser(t)
			p.SendBy(t, client, http.MethodGet, "/s/"+p.Codes.Code(spot.ID)+"?lang="+string(lang), "")
			for _, g := range p.Library.Shelf().Programmes() {
				want, sources := registered(p, chain, g.ID, lang)
				body := p.SendBy(t, client, http.MethodGet, "/policies/"+g.ID, "").Body
				var got []string
				for _, c := range amountCard.FindAllStringSubmatch(body, -1) {
					figures := amountFigure.FindAllStringSubmatch(c[1], -1)
					for _, f := range figures {
						got = append(got, plain(wordsOf(f[1])))
					}
					if len(figures) > 0 && !(sourced(wordsOf(c[1]), sources) && strings.Contains(c[1], `href="/documents/`)) {
						t.Errorf("%s: %s has a figure without place, date or document: %s", where, g.ID, wordsOf(c[1]))
					}
				}
				slices.Sort(got)
				if !slices.Equal(got, want) {
					t.Errorf("%s: %s shows %q, registered are %q", where, g.ID, got, want)
				}
				shown[name] += len(got)
				if m := sum.FindString(wordsOf(amountCard.ReplaceAllString(body, " "))); m != "" {
					t.Errorf("%s: %s names %s outside its amounts", where, g.ID, m)
				}
			}
			for _, path := range lists(p) {
				for _, row := range listedRow.FindAllStringSubmatch(p.SendBy(t, client, http.MethodGet, path, "").Body, -1) {
					m := listedFigure.FindStringSubmatch(row[2])
					if m == nil || !sum.MatchString(wordsOf(m[1])) {
						continue // no amount, or a share
					}
					shown["lists"]++
					figures, sources := registered(p, chain, row[1], lang)
					if !slices.ContainsFunc(figures, func(f string) bool { return strings.Contains(plain(wordsOf(m[1])), f) }) || !sourced(wordsOf(m[2]), sources) {
						t.Errorf("%s: %s lists %s as %s", where, path, row[1], wordsOf(m[0]))
					}
				}
			}
		}
	}
	if shown["unregistered"] != 0 || shown["village"] == 0 || shown["zone"] == 0 || shown["county"] == 0 || shown["lists"] == 0 {
		t.Errorf("figures by place: %v", shown)
	}
}

// The test above would find nothing if the places paid alike.
func TestThePlacesPayDifferently(t *testing.T) {
	p := newPortal(t, nil)
	a, s := p.Places.Atlas(), p.Library.Shelf()
	pays := func(at, programme string) (cents int64) {
		for _, x := range s.Standards(a.Chain(at), programme, noon) {
			cents += x.Cents
		}
		return cents
	}
	for _, id := range []string{"dibao", "tekun", "can_huli", "gaoling", "linshi_jinan"} {
		if pays(sample.Liuhe, id) == pays(sample.Beiyuan, id) || pays(sample.Shimen, id) != 0 {
			t.Errorf("%s pays alike", id)
		}
	}
}

func lists(p *apitest.Portal) []string {
	paths := []string{"/policies"}
	for _, s := range p.Library.Shelf().Situations() {
		paths = append(paths, "/policies?situation="+s.ID)
	}
	for _, d := range p.Library.Shelf().Departments() {
		paths = append(paths, "/policies?department="+d.ID)
	}
	return paths
}
