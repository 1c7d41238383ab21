package form

import (
	"mashang/platform/problem"

	"net/url"
	"slices"
	"strconv"
	"strings"
)

// rawRow is one row as typed.
type rawRow struct {
	index  int
	values map[string][]string
}

// rawRows gathers the rows of f, in order, and leaves out those in which nothing was typed.
func rawRows(in url.Values, f *Field) []rawRow {
	byIndex := map[int]map[string][]string{}
	for name, typed := range in {
		i, sub, ok := RowPath(f, name)
		if !ok {
			continue
		}
		if byIndex[i] == nil {
			byIndex[i] = map[string][]string{}
		}
		byIndex[i][sub] = typed
	}
	var rows []rawRow
	for i, values := range byIndex {
		if f.Source == FromPersons || slices.ContainsFunc(f.Fields, func(fd Field) bool { return first(values[fd.Key]) != "" }) {
			rows = append(rows, rawRow{i, values})
		}
	}
	slices.SortFunc(rows, func(a, b rawRow) int { return a.index - b.index })
	return rows
}

// mostRows is the highest row number that is looked at.
const mostRows = 200

// RowPath takes members.3.name apart.
func RowPath(f *Field, name string) (index int, sub string, ok bool) {
	rest, ok := strings.CutPrefix(name, f.Key+".")
	if !ok {
		return 0, "", false
	}
	number, sub, ok := strings.Cut(rest, ".")
	if !ok || len(number) > 3 {
		return 0, "", false
	}
	i, err := strconv.Atoi(number)
	if err != nil || i < 0 || i >= mostRows || strconv.Itoa(i) != number {
		return 0, "", false
	}
	known := sub == "who" && f.Source == FromPersons || slices.ContainsFunc(f.Fields, func(fd Field) bool { return fd.Key == sub })
	return i, sub, known
}

func first(typed []string) string {
	if len(typed) == 0 {
		return ""
	}
	return typed[0]
}

// sharesAnswer compares what was written; what was only chosen is too often the same.
func sharesAnswer(a, b rawRow, fd *Field) bool {
	return slices.ContainsFunc(fd.Fields, func(f Field) bool {
		switch f.Kind {
		case Choice, Choices, YesNo, Tick:
			return false
		}
		return first(a.values[f.Key]) != "" && first(a.values[f.Key]) == first(b.values[f.Key])
	})
}

func setRow(out url.Values, fd *Field, i int, r rawRow) {
	for sub, typed := range r.values {
		out[fd.Key+"."+strconv.Itoa(i)+"."+sub] = slices.Clone(typed)
	}
}

func sameRow(a, b rawRow, fd *Field) bool {
	return !slices.ContainsFunc(fd.Fields, func(f Field) bool { return first(a.values[f.Key]) != first(b.values[f.Key]) })
}

// PutRow puts one row, posted under its number or as new, among those that were saved, and tells the prefix of its
// fields. A new row that is the same as the last one is that one: somebody tapped twice. So is one that shares a typed
// answer with a last row that is not right yet, as wrong tells of its prefix: somebody corrected it.
func (p *Page) PutRow(saved url.Values, row string, posted url.Values, wrong func(prefix string) bool) (url.Values, string, error) {
	i := slices.IndexFunc(p.Fields, func(f Field) bool { return f.Kind == Rows })
	if i < 0 {
		return nil, "", problem.New(problem.Missing, "apply.page.unknown")
	}
	fd := &p.Fields[i]
	prefix := func(i int) string { return fd.Key + "." + strconv.Itoa(i) + "." }
	rows := rawRows(saved, fd)
	sent := rawRow{values: map[string][]string{}}
	for _, part := range fd.Fields {
		if typed := posted[fd.Key+"."+row+"."+part.Key]; first(typed) != "" {
			sent.values[part.Key] = typed
		}
	}
	at, err := strconv.Atoi(row)
	switch {
	case row == "new":
		at = len(rows)
		if at > 0 && (sameRow(sent, rows[at-1], fd) || sharesAnswer(sent, rows[at-1], fd) && wrong(prefix(at-1))) {
			at--
		}
	case err != nil || at < 0 || at > len(rows) || strconv.Itoa(at) != row:
		return nil, "", problem.New(problem.Missing, "apply.page.unknown")
	}
	out := url.Values{}
	for i, r := range rows {
		if i != at {
			setRow(out, fd, i, r)
		}
	}
	setRow(out, fd, at, sent)
	return out, prefix(at), nil
}
