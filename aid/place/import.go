package place

import (
	"context"
	"fmt"
	"io"
	"strings"

	"mashang/platform/store"
)

// columns are the headers found in the lists of statistics offices, ministries and our own exports.
var columns = map[string][]string{
	"code":         {"区划代码", "代码", "统计用区划代码", "行政区划代码"},
	"name":         {"名称", "点位名称", "机构名称", "单位名称", "村居名称"},
	"name_hant":    {"名稱", "繁体名称"},
	"name_en":      {"英文名称", "英文名"},
	"level":        {"级别", "层级"},
	"parent":       {"管理上级", "上级代码", "上级"},
	"street":       {"streetcode", "streetCode", "街道代码", "乡镇代码"},
	"area":         {"areacode", "areaCode", "区县代码"},
	"beyond":       {"provinceCode"},
	"beyond2":      {"cityCode"},
	"into":         {"并入"},
	"hung":         {"挂出日期"},
	"closed":       {"休息日期"},
	"from":         {"启用日期", "起始日期"},
	"to":           {"停用日期", "截止日期"},
	"id":           {"编码", "点位编码"},
	"division":     {"所在区划", "所属区划", "所在村居代码"},
	"kind":         {"类型", "种类"},
	"number":       {"海报编号", "编号", "点位编号"},
	"state":        {"状态"},
	"moved_to":     {"迁至"},
	"roster":       {"名单村", "公示村代码"},
	"phone":        {"电话", "联系电话"},
	"duty":         {"值班电话"},
	"address":      {"地址"},
	"address_hant": {"地址（繁体）"},
	"address_en":   {"英文地址"},
	"hours":        {"办公时间", "工作时间"},
	"hours_hant":   {"办公时间（繁体）"},
	"hours_en":     {"英文办公时间"},
	"departments":  {"受理部门", "部门"},
}

// words are what lists call levels, kinds and states.
var words = map[string]string{
	"县": "county", "区": "county", "开发区": "zone", "功能区": "zone", "镇": "town", "乡": "town", "街道": "town", "乡镇": "town",
	"村": "village", "社区": "village", "居委会": "village", "村委会": "village",
	"村委会办公点": "hall", "便民服务点": "hall", "党群服务中心": "hall", "公交站": "bus", "车站": "bus", "公园": "park", "广场": "park",
	"医院": "hospital", "卫生院": "hospital", "学校": "school", "在用": Active, "停用": Retired, "迁移": Moved, "丢失": Lost,
}

func word(s string) string {
	if w, ok := words[s]; ok {
		return w
	}
	return strings.ToLower(s)
}

// Intake says how a file of places is taken in.
type Intake struct {
	Dry   bool
	Only  string     // the six digits of one county, of a list that spans several
	Short bool       // 北集坡村委会 is entered as 北集坡村, 东湖社区居委会 as 东湖社区
	Named []Division // towns and counties that the list knows by code alone; a Level or Parent left out is worked out
}

// ImportPlaces is Import with nothing to add to the file.
func (g *Gazetteer) ImportPlaces(ctx context.Context, name string, r io.Reader, dry bool) (Report, error) {
	return g.Import(ctx, name, r, Intake{Dry: dry})
}

// Import takes in a CSV or XLSX of divisions, of offices (it has a phone column) or of locations (it has a poster number
// or names a roster's village). All rows are written or none; a dry run writes none. Faults name the line. A column that
// the file does not have leaves what is there as it is.
func (g *Gazetteer) Import(ctx context.Context, name string, r io.Reader, in Intake) (Report, error) {
	t, err := ReadTable(name, r, columns)
	if err != nil {
		return Report{}, err
	}
	report := Report{Rows: len(t.Rows), Notes: t.Notes}
	all, err := readAll(ctx, g.DB)
	if err != nil {
		return report, err
	}
	m := intake{Intake: in, t: t, report: &report, atlas: newAtlas(all, g.now()), rows: all}
	var lines []int
	var write func(store.Queryer) error
	switch {
	case t.Has("number"), t.Has("roster"):
		var put []Location
		put, err = m.locations()
		lines, write = t.Lines(), func(q store.Queryer) error { return g.PutLocations(ctx, q, put) }
	case t.Has("phone"):
		var put []Office
		put, err = m.offices()
		lines, write = t.Lines(), func(q store.Queryer) error { return g.PutOffices(ctx, q, put) }
	default:
		var put []Division
		put, lines, err = m.divisions()
		write = func(q store.Queryer) error { return g.PutDivisions(ctx, q, put) }
	}
	if err != nil || len(report.Missing) > 0 || len(report.Faults) > 0 && lines == nil {
		return report, err
	}
	if err := report.Attempt(ctx, g.DB, in.Dry, lines, write); err != nil {
		return report, fmt.Errorf("place: import: %w", err)
	}
	if !report.Written {
		return report, nil
	}
	return report, g.Reload(ctx)
}

// intake is an import under way.
type intake struct {
	Intake
	t      *Table
	report *Report
	atlas  *Atlas // of today
	rows   *rows
}

// Templates are the headers of the three sheets that ImportPlaces reads: divisions, offices, locations.
func Templates() [][]string {
	return [][]string{
		Header(columns, "code", "name", "name_hant", "name_en", "level", "parent", "into", "from", "to"),
		Header(columns, "id", "division", "kind", "name", "name_hant", "name_en", "address", "address_hant", "address_en", "hours", "hours_hant", "hours_en", "closed", "phone", "duty", "departments"),
		Header(columns, "id", "division", "name", "name_hant", "name_en", "kind", "number", "state", "moved_to", "roster", "hung"),
	}
}
