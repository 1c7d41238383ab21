package place

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"strconv"
	"strings"

	"mashang/platform/sheet"
	"mashang/platform/store"
)

// columns are the headers found in the lists of statistics offices, ministries and our own exports.
var columns = map[string][]string{
	"code":         {"区划代码", "代码", "统计用区划代码", "行政区划代码"},
	"name":         {"名称", "点位名称", "机构名称", "单位名称", "村居名称"},
	"name_hant":    {"名稱", "繁体名称"},
	"name_en":      {"英文名称", "英文名"},
	"level":        {"级别", "层级"},
	"parent":       {"管理上级", "上级代码", "上级", "streetCode"},
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

// ImportPlaces takes in a CSV or XLSX of divisions, of offices (it has a phone column) or of locations (it has a poster
// number or names a roster's village). All rows are written or none; a dry run writes none. Faults name the line.
func (g *Gazetteer) ImportPlaces(ctx context.Context, name string, r io.Reader, dry bool) (Report, error) {
	t, err := ReadTable(name, r, columns)
	if err != nil {
		return Report{}, err
	}
	report := Report{Rows: len(t.Rows), Notes: t.Notes}
	var write func(store.Queryer) error
	switch {
	case t.Has("number"), t.Has("roster"):
		write, err = g.importLocations(ctx, t, &report)
	case t.Has("phone"):
		write, err = g.importOffices(ctx, t, &report)
	default:
		write, err = g.importDivisions(ctx, t, &report)
	}
	if err != nil {
		return report, err
	}
	if err := report.Attempt(ctx, g.DB, dry, t.Lines(), write); err != nil {
		return report, fmt.Errorf("place: import: %w", err)
	}
	if !report.Written {
		return report, nil
	}
	return report, g.Reload(ctx)
}

func (g *Gazetteer) importDivisions(ctx context.Context, t *Table, report *Report) (func(store.Queryer) error, error) {
	report.Kind = "divisions"
	if err := t.Need("code", "name"); err != nil {
		return nil, err
	}
	var all []Division
	guessed := 0
	for _, row := range t.Rows {
		d := Division{Code: twelve(t.Cell(row, "code")), Name: t.Text(row, "name"), Level: Level(word(t.Cell(row, "level"))), Parent: twelve(t.Cell(row, "parent"))}
		if d.Level == "" {
			d.Level = levelOf(d.Code)
		}
		if !t.Has("parent") && d.Level != County && isCode(d.Code) { // an empty parent in a list that has them is the top
			d.Parent, guessed = parentOf(d.Code), guessed+1
		}
		var errFrom, errTo error
		d.From, errFrom = ParseDay(t.Cell(row, "from"))
		d.To, errTo = ParseDay(t.Cell(row, "to"))
		if errFrom != nil || errTo != nil {
			report.Faults.Add(row.Number, d.Code, "place.import.date")
		}
		all = append(all, d)
	}
	if guessed > 0 {
		report.Notes.Add(0, "", "place.import.prefix", "n", strconv.Itoa(guessed))
	}
	return func(q store.Queryer) error { return g.PutDivisions(ctx, q, all) }, nil
}

// twelve fills a code of a county (6 digits) or town (9) up to twelve digits.
func twelve(code string) string {
	if (len(code) == 6 || len(code) == 9) && strings.Trim(code, "0123456789") == "" {
		return (code + "000000")[:12]
	}
	return code
}

func levelOf(code string) Level {
	switch {
	case !isCode(code):
		return Village
	case strings.HasSuffix(code, "000000"):
		return County
	case strings.HasSuffix(code, "000"):
		return Town
	}
	return Village
}

// parentOf reads the parent off a code, for lists that do not say who manages a place.
func parentOf(code string) string {
	if strings.HasSuffix(code, "000") {
		return code[:6] + "000000"
	}
	return code[:9] + "000"
}

func (g *Gazetteer) importOffices(ctx context.Context, t *Table, report *Report) (func(store.Queryer) error, error) {
	report.Kind = "offices"
	if err := t.Need("name", "division", "phone"); err != nil {
		return nil, err
	}
	var all []Office
	for _, row := range t.Rows {
		o := Office{
			ID: t.Cell(row, "id"), Division: twelve(t.Cell(row, "division")), Kind: t.Cell(row, "kind"),
			Name: t.Text(row, "name"), Address: t.Text(row, "address"), Hours: t.Text(row, "hours"),
			Phone: t.Cell(row, "phone"), Duty: t.Cell(row, "duty"), Departments: list(t.Cell(row, "departments")),
		}
		if o.ID == "" {
			o.ID = o.Division + "-" + o.Name.Hans
		}
		all = append(all, o)
	}
	return func(q store.Queryer) error { return g.PutOffices(ctx, q, all) }, nil
}

// list reads several words in one cell.
func list(cell string) []string {
	return strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune("、，,;； \n", r) })
}

func (g *Gazetteer) importLocations(ctx context.Context, t *Table, report *Report) (func(store.Queryer) error, error) {
	report.Kind = "locations"
	if err := t.Need("name", "division", "kind"); err != nil {
		return nil, err
	}
	old, err := readLocations(ctx, g.DB)
	if err != nil {
		return nil, err
	}
	byNumber := map[string]string{}
	for _, l := range old {
		if l.hangs() {
			byNumber[l.Number] = l.ID
		}
	}
	var all []Location
	for _, row := range t.Rows {
		all = append(all, locationOf(t, row, byNumber))
	}
	return func(q store.Queryer) error { return g.PutLocations(ctx, q, all) }, nil
}

// locationOf reads a row. One without an ID is the location that has its poster number, or a new one.
func locationOf(t *Table, row sheet.Row, byNumber map[string]string) Location {
	l := Location{
		ID: t.Cell(row, "id"), Division: twelve(t.Cell(row, "division")), Name: t.Text(row, "name"), Kind: word(t.Cell(row, "kind")),
		Number: t.Cell(row, "number"), State: word(t.Cell(row, "state")), MovedTo: t.Cell(row, "moved_to"), Roster: t.Cell(row, "roster"),
	}
	if l.State == "" {
		l.State = Active
	}
	if l.ID == "" && l.Number != "" {
		l.ID = byNumber[l.Number]
	}
	if l.ID == "" {
		l.ID = rand.Text()[:8] // letters of base32, as every code has
	}
	return l
}

// Templates are the headers of the three sheets that ImportPlaces reads: divisions, offices, locations.
func Templates() [][]string {
	return [][]string{
		Header(columns, "code", "name", "name_hant", "name_en", "level", "parent", "from", "to"),
		Header(columns, "id", "division", "kind", "name", "name_hant", "name_en", "address", "address_hant", "address_en", "hours", "hours_hant", "hours_en", "phone", "duty", "departments"),
		Header(columns, "id", "division", "name", "name_hant", "name_en", "kind", "number", "state", "moved_to", "roster"),
	}
}
