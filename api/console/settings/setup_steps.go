package settings

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/api/console/frame"
	"mashang/api/launch"
	"mashang/api/web"
	"mashang/platform/problem"
	"mashang/platform/staff"
)

// mostChosen is how many posters a choice lists.
const mostChosen = 400

// fill puts onto the page what a step shows and asks.
func (p *Room) fill(c *gin.Context, v *setupView) error {
	o, err := p.Book.Stored(c.Request.Context())
	if err != nil {
		return err
	}
	switch v.Step {
	case stepNames:
		v.Submit = web.From(c).T("setup.next")
		v.Sections, _ = p.namesForm(c, o, nil)
		v.Multipart, v.Hidden = true, version(o)
	case stepContact:
		v.Submit = web.From(c).T("setup.next")
		v.Sections, _ = p.contactForm(c, o, nil)
		v.Hidden = version(o)
		v.Links = []frame.Action{{Path: frame.Root + here + "/files", Label: web.From(c).T("setup.edit.files"), Get: true, Quiet: true}}
	case stepPlaces:
		p.fillPlaces(c, v)
	case stepOutside:
		return p.fillOutside(c, v)
	case stepPoster:
		p.fillPoster(c, v)
	case stepScan:
		return p.fillScan(c, v)
	case stepPeople:
		return p.fillPeople(c, v)
	case stepRest:
		return p.fillRest(c, v)
	}
	return nil
}

func (p *Room) fillPlaces(c *gin.Context, v *setupView) {
	r, a := web.From(c), p.Web.Places.Atlas()
	_, offices, locations := a.Size()
	towns := 0
	for _, d := range a.All() {
		if d.Level == place.Town {
			towns++
		}
	}
	fact := func(key string, n int) {
		f := frame.Fact{Label: r.T(key), Text: strconv.Itoa(n)}
		if n == 0 {
			f.Tag = "warn"
		}
		v.Facts = append(v.Facts, f)
	}
	fact("setup.places.towns", towns)
	fact("setup.places.villages", len(a.Villages()))
	fact("setup.places.offices", offices)
	fact("setup.places.posters", locations)
	upload := frame.Action{Path: frame.Root + "/places/import", Label: r.T("setup.places.upload"), Get: true}
	halls := frame.Action{Path: frame.Root + "/locations/halls", Label: r.T("setup.places.halls"), Get: true, Quiet: true}
	office := frame.Action{Path: frame.Root + "/offices/new", Label: r.T("setup.places.office"), Get: true, Quiet: true}
	v.Links = []frame.Action{upload}
	if len(a.Villages()) > 0 {
		upload.Label, upload.Quiet = r.T("setup.places.more"), offices > 0
		v.Links = []frame.Action{upload, office, halls}
		if offices > 0 && locations == 0 {
			halls.Quiet = false
			v.Links = []frame.Action{halls, upload, office}
		}
	}
	for _, one := range place.Tables() {
		v.Examples = append(v.Examples, frame.Action{Path: frame.Root + wizard + "/" + stepPlaces + "/" + one + ".csv", Label: r.T("setup.example." + one), Get: true})
	}
}

// example is a sheet of places with a few lines that show how to fill it in.
func (p *Room) example(c *gin.Context) error {
	kinds := place.Tables()
	at := slices.IndexFunc(kinds, func(k string) bool { return k+".csv" == c.Param("file") })
	if c.Param("step") != stepPlaces || at < 0 {
		return problem.New(problem.Missing, "error.missing")
	}
	return frame.CSV(c, "mashang-"+kinds[at]+".csv", place.Templates()[at], slices.Values(exampleRows(kinds[at], place.Templates()[at])))
}

// exampleRows fill the columns that have to be filled; the others may stay empty or be deleted. They name a county
// that there is not, so that one left in by mistake is refused: a list has one county, and every line its own parent.
func exampleRows(kind string, head []string) [][]string {
	rows := map[string][]map[string]string{
		"divisions": {
			{"区划代码": "999999000000", "名称": "示例县", "名稱": "示例縣", "英文名称": "Sample County", "级别": "县"},
			{"区划代码": "999999101000", "名称": "示例镇", "名稱": "示例鎮", "英文名称": "Sample Town", "级别": "镇", "管理上级": "999999000000"},
			{"区划代码": "999999101201", "名称": "示例村", "名稱": "示例村", "英文名称": "Sample Village", "级别": "村", "管理上级": "999999101000"},
		},
		"offices": {
			{"编码": "shili-zhen", "所在区划": "999999101000", "类型": "civil_affairs", "名称": "示例镇民政办", "地址": "示例镇政府一楼", "办公时间": "周一至周五 8:30-12:00 14:00-17:30", "电话": "0500-5550199", "受理部门": "minzheng"},
			{"编码": "shili-cun", "所在区划": "999999101201", "类型": "town_window", "名称": "示例村便民服务点", "地址": "示例村村委会", "办公时间": "周一至周五 8:30-11:30", "电话": "0500-5550198"},
		},
		"locations": {
			{"所在区划": "999999101201", "名称": "示例村便民服务点", "类型": "便民服务点", "海报编号": "9001", "状态": "在用", "名单村": "999999101201"},
			{"所在区划": "999999101201", "名称": "示例村公交站", "类型": "公交站", "海报编号": "9002", "状态": "在用", "名单村": "999999101201"},
		},
	}[kind]
	out := make([][]string, len(rows))
	for i, row := range rows {
		for _, column := range head {
			out[i] = append(out[i], row[column])
		}
	}
	return out
}

func (p *Room) fillOutside(c *gin.Context, v *setupView) error {
	r := web.From(c)
	all, err := p.Outside.List(c.Request.Context())
	if err != nil {
		return err
	}
	v.Links = []frame.Action{{Path: frame.Root + "/endpoints/new", Label: r.T("setup.outside.add"), Get: true, Quiet: len(all) > 0}}
	v.Table = frame.Table{Caption: r.T("setup.outside.there"), Empty: r.T("setup.outside.none"), Head: frame.Heads(r, "endpoint", "address", "scope")}
	for _, e := range all {
		scope := r.T("console.county")
		if e.Scope != "" {
			scope = p.Web.Places.Atlas().Names(r.Lang, e.Scope)
		}
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{{Text: e.Name, Href: frame.Root + "/endpoints/" + e.ID}, {Text: e.URL, Code: true}, {Text: scope}},
			Actions: []frame.Action{{Path: frame.Root + wizard + "/" + stepOutside, Label: r.T("setup.outside.test"), Hidden: map[string]string{"test": e.ID}, What: e.Name}}})
	}
	return nil
}

// choose lets one of the posters that hang be chosen.
func (p *Room) choose(c *gin.Context, v *setupView) (place.Location, bool) {
	r, a := web.From(c), p.Web.Places.Atlas()
	var chosen place.Location
	var options []frame.Option
	for _, l := range a.EveryLocation() {
		if l.State != place.Active {
			continue
		}
		if chosen.ID == "" || l.ID == c.Query("at") {
			chosen = l
		}
		if len(options) < mostChosen {
			options = append(options, frame.Option{Value: l.ID, Label: l.Number + frame.Dot(r) + l.Name.In(r.Lang)})
		}
	}
	if chosen.ID == "" {
		v.Intro = r.T("setup.poster.none")
		v.Links = []frame.Action{{Path: frame.Root + "/locations/halls", Label: r.T("setup.places.halls"), Get: true}}
		return chosen, false
	}
	f := frame.Select(r, "at", "setup.poster.which", chosen.ID, false, options)
	v.Choose = &f
	return chosen, true
}

func (p *Room) fillPoster(c *gin.Context, v *setupView) {
	r := web.From(c)
	l, ok := p.choose(c, v)
	if !ok {
		return
	}
	q := url.Values{"ids": {l.ID}}
	v.Picture = &frame.Picture{Href: frame.Root + "/posters/preview?" + q.Encode(), Alt: r.T("setup.poster.alt", "name", l.Name.In(r.Lang)), Caption: r.T("setup.poster.caption")}
	v.Links = []frame.Action{{Path: frame.Root + "/posters/make?" + q.Encode(), Label: r.T("setup.poster.print"), Get: true}}
	v.Next += "?" + url.Values{"at": {l.ID}}.Encode()
	v.Submit = r.T("setup.poster.done")
}

// fillScan shows a code for trying and waits until somebody has scanned it.
func (p *Room) fillScan(c *gin.Context, v *setupView) error {
	r, ctx := web.From(c), c.Request.Context()
	l, ok := p.choose(c, v)
	if !ok {
		return nil
	}
	since := p.Web.Now()
	if ms, err := strconv.ParseInt(c.Query("since"), 10, 64); err == nil && ms > 0 && ms <= since.UnixMilli() {
		since = time.UnixMilli(ms)
	}
	n, err := p.Scans.Tests(ctx, l.ID, since)
	if err != nil {
		return err
	}
	from, err := strconv.ParseInt(c.Query("from"), 10, 64)
	if err != nil || c.Query("for") != l.ID { // the page was opened just now: what was scanned before does not count
		q := url.Values{"at": {l.ID}, "for": {l.ID}, "since": {strconv.FormatInt(since.UnixMilli(), 10)}, "from": {strconv.FormatInt(n, 10)}}
		return p.Web.Redirect(c, frame.Root+wizard+"/"+stepScan+"?"+q.Encode())
	}
	v.Picture = &frame.Picture{Href: frame.Root + "/scans/test/" + l.ID + "/code", Alt: r.T("setup.scan.alt", "name", l.Name.In(r.Lang)), Caption: r.T("setup.scan.caption")}
	v.Live, v.Waiting = r.T("setup.scan.wait"), true
	if n > from {
		if err := p.mark(c, stepScan); err != nil {
			return err
		}
		v.Live, v.Waiting, v.Ready = r.T("setup.scan.seen", "n", n-from), false, true
		v.Steps[v.N-1].Done = true
	} else {
		p.Again(c, "3")
	}
	return nil
}

func (p *Room) fillPeople(c *gin.Context, v *setupView) error {
	r := web.From(c)
	all, err := p.Staff.List(c.Request.Context())
	if err != nil {
		return err
	}
	v.Links = []frame.Action{{Path: frame.Root + "/new-user", Label: r.T("setup.people.add"), Get: true, Quiet: len(all) > 1}}
	v.Table = frame.Table{Caption: r.T("setup.people.there"), Head: frame.Heads(r, ".setup.people.name", ".setup.people.role", "scope")}
	for _, one := range all {
		scope := r.T("console.county")
		if one.Scope != "" {
			scope = p.Web.Places.Atlas().Names(r.Lang, one.Scope)
		}
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{{Text: one.Name, Href: frame.Root + "/users/" + url.PathEscape(one.Name)}, {Text: r.T("console.role." + string(one.Role))}, {Text: scope}}})
	}
	return nil
}

// fillRest is what still blocks the launch.
func (p *Room) fillRest(c *gin.Context, v *setupView) error {
	r := web.From(c)
	v.Submit = r.T("setup.finish")
	if p.Launch == nil {
		return nil
	}
	all, err := p.Launch.Checks(c.Request.Context(), false)
	if err != nil {
		return err
	}
	v.Live = r.T("setup.rest.none")
	if n := launch.Blocking(all); n > 0 {
		v.Live = r.T("setup.rest.some", "n", n)
	}
	v.Table = frame.Table{Caption: r.T("setup.rest.list"), Head: frame.Heads(r, ".setup.rest.what", ".setup.rest.state")}
	for _, one := range all {
		if one.Note {
			continue
		}
		line := frame.Cell{Text: r.T(one.Key, one.Args...)}
		state := frame.Cell{Text: r.T("setup.rest.ok"), Tag: "ok"}
		if !one.OK {
			line.Sub = p.Say(r, "", one.Key+".do")
			if line.Sub == one.Key+".do" {
				line.Sub = ""
			}
			state = frame.Cell{Text: r.T("setup.rest.open"), Tag: "warn"}
			if one.Page != "" && staff.Can(frame.Account(c).Role, one.Need) {
				line.Href = frame.Root + one.Page
			}
		}
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{line, state}})
	}
	return nil
}
