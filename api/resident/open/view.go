package open

import (
	"net/url"
	"slices"
	"strconv"

	"mashang/aid/place"
	figures "mashang/aid/roster/open"
	"mashang/api/resident/frame"
	"mashang/api/web"
	"mashang/i18n"
)

type view struct {
	Heading   string
	Name      string
	Above     []link
	Mine      *link // the reader's own village
	Empty     bool  // nothing has been made yet
	None      bool  // no list stands under the place
	Months    frame.Field
	At        string
	Programme frame.Field
	Said      string // what the figures are of
	Facts     []fact // of the chosen programme here; none when it is hidden
	Hidden    bool
	Chart     *chart
	Series    []line
	Parts     []part
	PartsHead string
	CSV, JSON string
}

type link struct{ Href, Text string }

type fact struct{ Label, Value string }

type line struct{ Month, Households, Persons, Money string }

// part is one row of a place's parts, with its bar.
type part struct {
	link
	Households, Persons, Money string
	Hidden, None               bool
	W                          int // of 100
}

func (p *Room) view(r *web.Request, a asked) view {
	atlas := p.Web.Places.Atlas()
	v := view{Name: a.place.Name.In(r.Lang), At: a.place.Code, Heading: r.T("open.h1", "place", a.place.Name.In(r.Lang))}
	chain := atlas.Chain(a.place.Code)
	for i := len(chain) - 1; i > 0; i-- {
		d, _ := atlas.Division(chain[i])
		v.Above = append(v.Above, link{p.address(a, d.Code), d.Name.In(r.Lang)})
	}
	if r.Spot != nil && r.Spot.Division.Code != a.place.Code {
		v.Mine = &link{p.address(a, r.Spot.Division.Code), r.T("open.mine", "place", r.Spot.Division.Name.In(r.Lang))}
	}
	if v.Empty = len(a.months) == 0; v.Empty {
		return v
	}
	v.Months = frame.Field{Kind: "select", ID: frame.FieldID("month"), Name: "month", Label: r.T("open.month"), Groups: []frame.OptionGroup{{}}}
	for _, m := range a.months {
		v.Months.Groups[0].Options = append(v.Months.Groups[0].Options, frame.Option{Value: m.String(), Label: month(r.Lang, m), On: m == a.month})
	}
	known := programmes(a)
	slices.SortStableFunc(known, func(x, y string) int { return p.order(x) - p.order(y) })
	v.Programme = frame.Field{Kind: "select", ID: frame.FieldID("programme"), Name: "programme", Label: r.T("open.programme"), Groups: []frame.OptionGroup{{}}}
	for _, one := range known {
		v.Programme.Groups[0].Options = append(v.Programme.Groups[0].Options, frame.Option{Value: one, Label: p.name(r.Lang, one), On: one == a.programme})
	}
	if v.None = a.programme == ""; v.None {
		return v
	}
	v.Said = r.T("open.said", "programme", p.name(r.Lang, a.programme), "month", month(r.Lang, a.month))
	p.here(r, &v, a)
	p.parts(r, &v, a)
	q := "?at=" + url.QueryEscape(a.place.Code) + "&month=" + a.month.String()
	v.CSV, v.JSON = "/open.csv"+q, "/api/v1/open?place="+url.QueryEscape(a.place.Code)+"&month="+a.month.String()
	return v
}

func (p *Room) address(a asked, code string) string {
	q := url.Values{"at": {code}}
	if a.programme != "" {
		q.Set("programme", a.programme)
	}
	if len(a.months) > 0 && a.month != a.months[0] {
		q.Set("month", a.month.String())
	}
	return "/open?" + q.Encode()
}

// here fills in the place's own figures: those of the month, and the months before as a chart.
func (p *Room) here(r *web.Request, v *view, a asked) {
	var points []point
	v.Hidden = true
	for m := a.month - span + 1; m <= a.month; m++ {
		i := slices.IndexFunc(a.of, func(f figures.Figure) bool { return f.Month == m && f.Programme == a.programme })
		if i < 0 {
			if len(points) > 0 {
				points = append(points, point{short: short(m), long: month(r.Lang, m), n: -1})
				v.Series = append(v.Series, line{month(r.Lang, m), r.T("open.nolist"), "", ""})
			}
			continue
		}
		f := a.of[i]
		one := point{short: short(m), long: month(r.Lang, m), n: f.Households}
		row := line{month(r.Lang, m), count(f.Households), count(f.Persons), i18n.Money(r.Lang, f.Cents)}
		if f.Hidden {
			one.n, row = -1, line{month(r.Lang, m), r.T("open.hidden"), "", ""}
		}
		points, v.Series = append(points, one), append(v.Series, row)
		if m == a.month && !f.Hidden {
			v.Hidden = false
			v.Facts = []fact{{r.T("open.households"), count(f.Households)}, {r.T("open.persons"), count(f.Persons)}, {r.T("open.money"), r.T("open.yuan", "amount", i18n.Money(r.Lang, f.Cents))}}
		}
	}
	slices.Reverse(v.Series) // the newest first
	if shown := slices.IndexFunc(points, func(p point) bool { return p.n >= 0 }); shown >= 0 && len(points) > 1 {
		c := columns(r.T("open.chart", "place", v.Name, "programme", p.name(r.Lang, a.programme)), points, func(x point) string {
			if x.n < 0 {
				return r.T("open.bar.hidden", "month", x.long)
			}
			return r.T("open.bar", "month", x.long, "n", count(x.n))
		})
		v.Chart = &c
	}
}

// parts fills in what the place manages, with a bar each. A place no list stands under is named, and said to have none;
// so is a village whose figure is not shown, whether it has a list or not.
func (p *Room) parts(r *web.Request, v *view, a asked) {
	most := 1
	by := map[string]figures.Figure{}
	for _, f := range a.within {
		if f.Month == a.month && f.Programme == a.programme {
			by[f.Place] = f
			most = max(most, f.Households)
		}
	}
	children := p.Web.Places.Atlas().Children(a.place.Code)
	for _, d := range children {
		f, ok := by[d.Code]
		one := part{link: link{p.address(a, d.Code), d.Name.In(r.Lang)}, Hidden: f.Hidden, None: !ok}
		if d.Level == place.Village {
			one.None, one.Hidden = false, f.Hidden || !ok
		}
		if ok && !f.Hidden {
			one.Households, one.Persons, one.Money, one.W = count(f.Households), count(f.Persons), i18n.Money(r.Lang, f.Cents), max(1, 100*f.Households/most)
		}
		v.Parts = append(v.Parts, one)
	}
	if len(children) > 0 {
		v.PartsHead = r.T("open.parts", "place", v.Name)
	}
}

// count writes a number with its thousands apart.
func count(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func month(l i18n.Lang, m figures.Month) string {
	if l == i18n.En {
		return m.Start().Format("January 2006")
	}
	return m.Start().Format("2006年1月")
}

// short is the month under a column.
func short(m figures.Month) string { return strconv.Itoa(int(m%12) + 1) }
