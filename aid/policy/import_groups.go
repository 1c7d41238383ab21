package policy

import (
	"context"
	"slices"
	"strconv"

	"mashang/aid/place"
	"mashang/i18n"
	"mashang/platform/store"
)

// The headers of departments and of situations are their own, so that a sheet of programmes that lacks a column is
// never taken for one of these.
var (
	departmentColumns = map[string][]string{
		"department_id": {"部门编码"}, "name": {"部门名称"}, "name_hant": {"部門名稱"}, "name_en": {"部门英文名称"}, "order": {"序号"},
	}
	situationColumns = map[string][]string{
		"situation_id": {"情形编码"}, "name": {"情形名称"}, "name_hant": {"情形名稱"}, "name_en": {"情形英文名称"},
		"glyph": {"图标字"}, "programmes": {"项目", "项目编码"}, "order": {"序号"},
	}
)

// DepartmentTemplate is the header of a sheet of departments, which ImportProgrammes reads too.
func DepartmentTemplate() []string {
	return place.Header(departmentColumns, "department_id", "order", "name", "name_hant", "name_en")
}

// SituationTemplate is the header of a sheet of situations, which ImportProgrammes reads too.
func SituationTemplate() []string {
	return place.Header(situationColumns, "situation_id", "order", "glyph", "name", "name_hant", "name_en", "programmes")
}

// importGroups takes in what programmes are ordered by, departments or situations, and tells whether the file was
// one of the two.
func (l *Library) importGroups(ctx context.Context, name string, raw []byte, dry bool) (place.Report, bool, error) {
	if t, err := readTable(name, raw, departmentColumns); err == nil && t.Has("department_id") {
		report := place.Report{Kind: "departments", Rows: len(t.Rows), Notes: t.Notes}
		if err := t.Need("name"); err != nil {
			return report, true, err
		}
		var all []Department
		for i, row := range t.Rows {
			all = append(all, Department{
				ID: t.Cell(row, "department_id"), Order: order(t.Cell(row, "order"), len(l.Shelf().departments)+i+1), Name: t.Text(row, "name"),
			})
		}
		return report, true, l.finish(ctx, &report, dry, t.Lines(), func(q store.Queryer) error { return l.PutDepartments(ctx, q, all) })
	}
	if t, err := readTable(name, raw, situationColumns); err == nil && t.Has("situation_id") {
		report := place.Report{Kind: "situations", Rows: len(t.Rows), Notes: t.Notes}
		if err := t.Need("name"); err != nil {
			return report, true, err
		}
		var all []Situation
		for i, row := range t.Rows {
			all = append(all, Situation{
				ID: t.Cell(row, "situation_id"), Order: order(t.Cell(row, "order"), len(l.Shelf().situations)+i+1), Glyph: t.Cell(row, "glyph"),
				Name: t.Text(row, "name"), Programmes: words(t.Cell(row, "programmes")),
			})
		}
		return report, true, l.finish(ctx, &report, dry, t.Lines(), func(q store.Queryer) error { return l.PutSituations(ctx, q, all) })
	}
	return place.Report{}, false, nil
}

func order(cell string, last int) int {
	if n, err := strconv.Atoi(cell); err == nil {
		return n
	}
	return last
}

// departmentID is the ID of the department that a cell names, by its ID or by its name.
func (s *Shelf) departmentID(cell string) string {
	if i := slices.IndexFunc(s.departments, func(d Department) bool { return named(cell, d.ID, d.Name) }); i >= 0 {
		return s.departments[i].ID
	}
	return cell
}

// situationID is the same for a situation.
func (s *Shelf) situationID(cell string) string {
	if i := slices.IndexFunc(s.situations, func(k Situation) bool { return named(cell, k.ID, k.Name) }); i >= 0 {
		return s.situations[i].ID
	}
	return cell
}

func named(cell, id string, name i18n.Text) bool {
	return cell == id || cell != "" && cell == name.Hans
}
