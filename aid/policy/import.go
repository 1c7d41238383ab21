package policy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"mashang/aid/place"
	"mashang/platform/doc"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// maxFile bounds a file that is handed in; the longest law has a tenth of it.
const maxFile = 8 << 20

func slurp(r io.Reader) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, &problem.Error{Kind: problem.Malformed, Key: "policy.import.unreadable", Err: err}
	}
	if len(raw) > maxFile {
		return nil, problem.New(problem.TooLarge, "policy.import.large")
	}
	return raw, nil
}

// finish writes what was read, all or nothing, and reloads.
func (l *Library) finish(ctx context.Context, report *place.Report, dry bool, lines []int, write func(store.Queryer) error) error {
	if l.within != nil {
		if err := report.Within(ctx, l.within, lines, write); err != nil {
			return fmt.Errorf("policy: import: %w", err)
		}
		return nil
	}
	if err := report.Attempt(ctx, l.DB, dry, lines, write); err != nil {
		return fmt.Errorf("policy: import: %w", err)
	}
	if !report.Written {
		return nil
	}
	return l.Reload(ctx)
}

// isJSON tells by the name or the first sign.
func isJSON(name string, raw []byte) bool {
	if ending(name) == ".json" {
		return true
	}
	raw = bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), " \t\r\n")
	return len(raw) > 0 && (raw[0] == '[' || raw[0] == '{')
}

// parseJSON reads a list of T, or a single one.
func parseJSON[T any](raw []byte) ([]T, error) {
	raw = bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")))
	var all []T
	if bytes.Contains(raw, []byte(`\u0000`)) { // PostgreSQL keeps no such character
		return nil, &problem.Error{Kind: problem.Malformed, Key: "policy.import.json", Args: map[string]string{"reason": `\u0000`}, Err: errJSON}
	}
	if len(raw) > 0 && raw[0] == '{' {
		raw = append(append([]byte{'['}, raw...), ']')
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&all); err != nil {
		return nil, &problem.Error{Kind: problem.Malformed, Key: "policy.import.json", Args: map[string]string{"reason": err.Error()}, Err: err}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, &problem.Error{Kind: problem.Malformed, Key: "policy.import.json", Args: map[string]string{"reason": "more than one list"}, Err: errJSON}
	}
	return all, nil
}

func readTable(name string, raw []byte, columns map[string][]string) (*place.Table, error) {
	return place.ReadTable(name, bytes.NewReader(raw), columns)
}

var errJSON = errors.New("policy: not one list of rows")

// refused turns a file of a kind that cannot be read into words.
func refused(err error) error {
	switch {
	case errors.Is(err, errFormat):
		return &problem.Error{Kind: problem.Unsupported, Key: "policy.import.format", Err: err}
	case errors.Is(err, doc.ErrBroken):
		return &problem.Error{Kind: problem.Malformed, Key: "policy.import.broken", Err: err}
	case errors.Is(err, doc.ErrEncrypted):
		return &problem.Error{Kind: problem.Unsupported, Key: "policy.import.locked", Err: err}
	case errors.Is(err, doc.ErrScanned):
		return &problem.Error{Kind: problem.Unsupported, Key: "policy.import.scanned", Err: err}
	case errors.Is(err, doc.ErrLarge):
		return &problem.Error{Kind: problem.TooLarge, Key: "policy.import.unpacked", Err: err}
	case errors.Is(err, errText):
		return &problem.Error{Kind: problem.Unsupported, Key: "policy.import.text", Err: err}
	}
	return err
}

// ImportProgrammes takes in programmes: JSON with everything, or a CSV or XLSX with the short form (id, name, department,
// summary, situations, apply, office). A row of a programme that is there changes its short form and keeps the rest.
// A sheet of departments or of situations, which programmes need, is known by its header and taken in as such.
func (l *Library) ImportProgrammes(ctx context.Context, name string, r io.Reader, dry bool) (place.Report, error) {
	report := place.Report{Kind: "programmes"}
	raw, err := slurp(r)
	if err != nil {
		return report, err
	}
	var all []Programme
	var lines []int
	if isJSON(name, raw) {
		all, err = parseJSON[Programme](raw)
	} else if groups, was, failed := l.importGroups(ctx, name, raw, dry); was {
		return groups, failed
	} else {
		all, lines, err = l.programmeRows(name, raw, &report)
	}
	if err != nil {
		return report, err
	}
	report.Rows = len(all)
	return report, l.finish(ctx, &report, dry, lines, func(q store.Queryer) error { return l.PutProgrammes(ctx, q, all) })
}

var programmeColumns = map[string][]string{
	"id": {"编码", "项目编码"}, "name": {"名称", "项目", "项目名称"}, "name_hant": {"名稱"}, "name_en": {"英文名称"},
	"alias": {"俗称", "别名"}, "alias_hant": {"俗稱"}, "alias_en": {"英文俗称"}, "department": {"部门", "责任部门"},
	"summary": {"简介", "一句话说明"}, "summary_hant": {"簡介"}, "summary_en": {"英文简介"},
	"situations": {"情形"}, "apply": {"办理方式"}, "office": {"办理部门"}, "updated": {"更新日期"}, "order": {"序号"},
}

func (l *Library) programmeRows(name string, raw []byte, report *place.Report) ([]Programme, []int, error) {
	t, err := readTable(name, raw, programmeColumns)
	if err != nil {
		return nil, nil, err
	}
	report.Notes = t.Notes
	if err := t.Need("id", "name", "department"); err != nil {
		return nil, nil, err
	}
	shelf := l.Shelf()
	var all []Programme
	for i, row := range t.Rows {
		id := t.Cell(row, "id")
		p, there := shelf.Programme(id)
		if !there {
			p = Programme{ID: id, Order: len(shelf.Programmes()) + i + 1, Apply: "office"}
		}
		p.Name, p.Department = t.Text(row, "name"), shelf.departmentID(t.Cell(row, "department"))
		if t.Has("summary") {
			p.Summary = t.Text(row, "summary")
		}
		if t.Has("alias") {
			p.Alias = t.Text(row, "alias")
		}
		if t.Has("situations") {
			p.Situations = nil
			for _, cell := range words(t.Cell(row, "situations")) {
				p.Situations = append(p.Situations, shelf.situationID(cell))
			}
		}
		if s := t.Cell(row, "apply"); s != "" {
			p.Apply = s
		}
		if s := t.Cell(row, "office"); s != "" {
			p.Office = shelf.departmentID(s)
		}
		if p.Office == "" {
			p.Office = p.Department
		}
		if p.Updated, err = place.ParseDay(t.Cell(row, "updated")); err != nil {
			report.Faults.Add(row.Number, id, "policy.import.date", "date", t.Cell(row, "updated"))
		} else if p.Updated.IsZero() {
			p.Updated = l.Now()
		}
		if n, err := strconv.Atoi(t.Cell(row, "order")); err == nil {
			p.Order = n
		}
		all = append(all, p)
	}
	return all, t.Lines(), nil
}

// words reads several words in one cell.
func words(cell string) []string {
	return strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune("、，,;； \n", r) })
}

// ImportStandards takes in standards as JSON, CSV or XLSX. A row without an ID is named after what it sets and from when,
// so that bringing the same file in twice changes nothing.
func (l *Library) ImportStandards(ctx context.Context, name string, r io.Reader, dry bool) (place.Report, error) {
	report := place.Report{Kind: "standards"}
	raw, err := slurp(r)
	if err != nil {
		return report, err
	}
	var all []Standard
	var lines []int
	if isJSON(name, raw) {
		all, err = parseJSON[Standard](raw)
	} else {
		all, lines, err = standardRows(name, raw, &report)
	}
	if err != nil {
		return report, err
	}
	report.Rows = len(all)
	return report, l.finish(ctx, &report, dry, lines, func(q store.Queryer) error { return l.PutStandards(ctx, q, all) })
}

var standardColumns = map[string][]string{
	"id": {"编码"}, "programme": {"项目", "项目编码"}, "variant": {"档次", "类别编码"}, "label": {"档次名称", "类别"}, "label_hant": {"類別"}, "label_en": {"英文类别"},
	"place": {"地区", "区划代码"}, "amount": {"金额", "标准"}, "none": {"未登记", "本地未定"}, "unit": {"单位编码"},
	"unit_text": {"单位"}, "unit_text_hant": {"單位"}, "unit_text_en": {"英文单位"}, "from": {"起始日期", "执行日期"}, "to": {"截止日期"},
	"document": {"文件", "依据文件"}, "note": {"备注", "说明"}, "note_hant": {"備註"}, "note_en": {"英文备注"},
	"formula_of": {"按哪项标准"}, "formula_times": {"倍数"}, "formula_round": {"取整"},
}

func standardRows(name string, raw []byte, report *place.Report) ([]Standard, []int, error) {
	t, err := readTable(name, raw, standardColumns)
	if err != nil {
		return nil, nil, err
	}
	report.Notes = t.Notes
	if err := t.Need("programme", "place", "amount", "from"); err != nil {
		return nil, nil, err
	}
	var all []Standard
	for _, row := range t.Rows {
		s := Standard{
			ID: t.Cell(row, "id"), Programme: t.Cell(row, "programme"), Variant: t.Cell(row, "variant"), Label: t.Text(row, "label"),
			Place: t.Cell(row, "place"), Unit: t.Cell(row, "unit"), UnitText: t.Text(row, "unit_text"),
			Document: t.Cell(row, "document"), Note: t.Text(row, "note"),
		}
		if s.Unit == "" {
			s.Unit = s.UnitText.Hans
		}
		amount := t.Cell(row, "amount")
		s.Formula = Formula{Times: t.Cell(row, "formula_times"), Round: t.Cell(row, "formula_round")}
		s.Formula.Programme, s.Formula.Variant, _ = strings.Cut(t.Cell(row, "formula_of"), "/")
		switch none := t.Cell(row, "none"); {
		case none != "" && none != "0" && none != "false" && none != "否":
			s.None = true
			if amount != "" {
				report.Faults.Add(row.Number, s.ID, "policy.import.none")
			}
		case amount == "" && s.Formula != (Formula{}):
		default:
			if s.Cents, err = ParseYuan(amount); err != nil {
				report.Faults.Add(row.Number, s.ID, "policy.import.amount", "amount", amount)
			}
		}
		var errFrom, errTo error
		s.From, errFrom = place.ParseDay(t.Cell(row, "from"))
		s.To, errTo = place.ParseDay(t.Cell(row, "to"))
		if errFrom != nil || errTo != nil || s.From.IsZero() {
			report.Faults.Add(row.Number, s.ID, "policy.import.date", "date", strings.TrimSpace(t.Cell(row, "from")+" "+t.Cell(row, "to")))
		}
		if s.ID == "" {
			s.ID = strings.Join([]string{s.Programme, s.Variant, s.Place, place.FormatDay(s.From)}, "-")
		}
		all = append(all, s)
	}
	return all, t.Lines(), nil
}
