package place

import (
	"io"
	"strconv"
	"strings"
	"time"

	"mashang/i18n"
	"mashang/platform/sheet"
)

// divisions reads a list of divisions. lines are the lines on which the rows stood; those of towns that only the form
// names are 0.
func (m *intake) divisions() (put []Division, lines []int, err error) {
	m.report.Kind = "divisions"
	if err := m.t.Need("code", "name"); err != nil {
		return nil, nil, err
	}
	m.counties()
	guessed, kept := 0, map[string]bool{}
	for _, row := range m.t.Rows {
		if m.Only != "" && !strings.HasPrefix(m.area(row), m.Only) {
			m.report.Rows--
			continue
		}
		d, old, ok := m.division(row, &guessed)
		if !ok {
			continue
		}
		kept[d.Code] = true
		put, lines = append(put, d), append(lines, row.Number)
		m.compare(row.Number, d, old)
		NameNotes(&m.report.Notes, row.Number, d.Code, d.Name)
	}
	m.twins(put, lines)
	named, missing := m.towns(put)
	m.report.Missing = missing
	for _, u := range missing {
		m.report.Faults.Add(0, u.Code, "place.import.town", "code", u.Code, "n", strconv.Itoa(u.Rows))
	}
	for _, d := range named {
		kept[d.Code] = true
		m.compare(0, d, Division{})
	}
	if guessed > 0 {
		m.report.Notes.Add(0, "", "place.import.prefix", "n", strconv.Itoa(guessed))
	}
	for _, d := range m.atlas.All() {
		if !kept[d.Code] {
			m.report.Gone = append(m.report.Gone, d.Name.Hans)
		}
	}
	return append(named, put...), append(make([]int, len(named)), lines...), nil
}

func (m *intake) compare(line int, d, old Division) {
	if old.Code == "" {
		m.report.compare(line, d.Code, d.Name.Hans, nil, d)
		return
	}
	m.report.compare(line, d.Code, d.Name.Hans, old, d)
}

// area is the six digits of the county a row belongs to.
func (m *intake) area(row sheet.Row) string {
	if area := m.t.Cell(row, "area"); area != "" {
		return area
	}
	return m.t.Cell(row, "code")
}

// counties notes when a list spans several, of which a county wants its own.
func (m *intake) counties() {
	seen := map[string]bool{}
	for _, row := range m.t.Rows {
		if code := m.area(row); m.t.Has("street") && len(code) >= 6 && !seen[code[:6]] {
			seen[code[:6]] = true
			m.report.Counties = append(m.report.Counties, code[:6])
		}
	}
	if len(m.report.Counties) > 1 && m.Only == "" {
		m.report.Notes.Add(0, "", "place.import.counties", "codes", strings.Join(m.report.Counties, "、"))
	}
}

// division reads a row beside the one that is there; ok is false for one that is left out. A list without days speaks
// of today: it changes the row that holds, and says nothing to a division that is no more.
func (m *intake) division(row sheet.Row, guessed *int) (d, old Division, ok bool) {
	t := m.t
	code := twelve(t.Cell(row, "code"))
	d = Division{Code: code}
	dated := t.Has("from")
	if dated {
		var errFrom error
		if d.From, errFrom = ParseDay(t.Cell(row, "from")); errFrom != nil {
			m.report.Faults.Add(row.Number, code, "place.import.date")
		}
		for _, one := range m.rows.past[code] {
			if one.From.Equal(d.From) {
				old = one
			}
		}
	} else if now, there := m.atlas.Division(code); there {
		old = now
	} else if former, ended := m.atlas.Former(code); ended {
		m.leftOut(row.Number, former)
		return d, old, false
	}
	if old.Code != "" {
		d = old
	}
	m.name(row, &d)
	if t.Has("level") || old.Code == "" {
		if d.Level = Level(word(t.Cell(row, "level"))); d.Level == "" {
			d.Level = levelOf(code)
		}
	}
	switch {
	case t.Has("parent"): // an empty parent in a list that has them is the top
		d.Parent = twelve(t.Cell(row, "parent"))
	case old.Code != "": // who manages it is known better here than by its code
	case t.Cell(row, "street") != "":
		d.Parent, *guessed = twelve(t.Cell(row, "street")), *guessed+1
	case d.Level != County && isCode(code):
		d.Parent, *guessed = parentOf(code), *guessed+1
	}
	if t.Has("to") {
		var errTo error
		if d.To, errTo = ParseDay(t.Cell(row, "to")); errTo != nil {
			m.report.Faults.Add(row.Number, code, "place.import.date")
		}
	}
	if t.Has("into") {
		d.Into = twelve(t.Cell(row, "into"))
	}
	return d, old, true
}

func (m *intake) leftOut(line int, former Division) {
	if heir, ok := m.atlas.Heir(former.Code); ok {
		m.report.Notes.Add(line, former.Code, "place.import.left", "village", former.Name.Hans, "heir", heir.Name.Hans)
		return
	}
	m.report.Notes.Add(line, former.Code, "place.import.left.ended", "village", former.Name.Hans)
}

// name fills in what the row says of a name. A list of committees names the same village as the name without it.
func (m *intake) name(row sheet.Row, d *Division) {
	hans := m.t.Cell(row, "name")
	if m.Short {
		hans = Shortened(hans)
	}
	if hans != d.Name.Hans && (d.Name.Hans == "" || m.t.Has("name_hant") || Shortened(hans) != d.Name.Hans) {
		if d.Name.Hans != "" && !m.t.Has("name_hant") { // a translation of another name would be wrong
			d.Name = i18n.Text{}
		}
		d.Name.Hans = hans
	}
	if m.t.Has("name_hant") {
		d.Name.Hant = m.t.Cell(row, "name_hant")
	}
	if m.t.Has("name_en") {
		d.Name.En = m.t.Cell(row, "name_en")
	}
}

// Shortened takes the committee off the name of a village: statistics list 北集坡村委会 where people say 北集坡村.
func Shortened(name string) string {
	for _, committee := range []string{"村民委员会", "村委会"} {
		if village, ok := strings.CutSuffix(name, committee); ok && village != "" {
			return strings.TrimSuffix(village, "村") + "村"
		}
	}
	for _, committee := range []string{"居民委员会", "社区居委会", "居委会"} {
		if village, ok := strings.CutSuffix(name, committee); ok && village != "" {
			return strings.TrimSuffix(village, "社区") + "社区"
		}
	}
	return name
}

// twins notes villages of one name under one town, which people and lists will mix up.
func (m *intake) twins(put []Division, lines []int) {
	seen := map[[2]string]string{}
	for i, d := range put {
		key := [2]string{d.Parent, d.Name.Hans}
		if code, ok := seen[key]; ok && code != d.Code {
			m.report.Notes.Add(lines[i], d.Code, "place.import.twin", "name", d.Name.Hans, "code", code)
		}
		seen[key] = d.Code
	}
}

// towns gives the towns and the county that rows name by code alone: those the form names, and those still to be named.
func (m *intake) towns(put []Division) (named []Division, missing []Unnamed) {
	there := map[string]bool{}
	for _, d := range put {
		there[d.Code] = true
	}
	rows := map[string]int{}
	var order []string
	want := func(code string) {
		if _, holds := m.atlas.Division(code); !holds && !there[code] && isCode(code) {
			if rows[code]++; rows[code] == 1 {
				order = append(order, code)
			}
		}
	}
	if !m.t.Has("street") { // a list with its own parents is held to them
		return nil, nil
	}
	for _, d := range put {
		want(d.Parent)
	}
	given := map[string]Division{}
	for _, d := range m.Named {
		d.Code = twelve(d.Code)
		given[d.Code] = d
	}
	root := m.atlas.Root().Code
	for i := 0; i < len(order); i++ { // a county that is wanted for a town joins the end
		code := order[i]
		d, ok := given[code]
		if ok && d.Level == "" {
			d.Level = levelOf(code)
		}
		if d.Parent == "" && levelOf(code) != County && d.Level != County {
			if d.Parent = root; root == "" {
				d.Parent = parentOf(code)
			}
		}
		if levelOf(code) != County && root == "" {
			want(or(d.Parent, parentOf(code)))
		}
		if !ok || d.Name.Hans == "" {
			missing = append(missing, Unnamed{Code: code, Level: levelOf(code), Rows: rows[code]})
			continue
		}
		named = append(named, d)
	}
	return named, missing
}

// NameNotes says what is odd in a name and yet taken: characters that few fonts have, or that nobody can say aloud.
func NameNotes(notes *Faults, line int, item string, name i18n.Text) {
	for _, r := range name.Hans + name.Hant + name.En {
		switch {
		case r >= 0xe000 && r <= 0xf8ff, r >= 0xf0000:
			notes.Add(line, item, "place.import.private", "name", name.Hans)
		case r >= 0x1f000 && r <= 0x1faff, r >= 0x2600 && r <= 0x27bf, r >= 0xfe00 && r <= 0xfe0f:
			notes.Add(line, item, "place.import.emoji", "name", name.Hans)
		case r >= 0x20000 && r <= 0x3ffff:
			notes.Add(line, item, "place.import.rare", "name", name.Hans, "letter", string(r))
		default:
			continue
		}
		return
	}
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

// Closings writes days off as "2026-12-01", or "2026-12-01/2026-12-03" with "=why" behind; several are parted by "；".
func Closings(closed []Closing) string {
	var parts []string
	for _, c := range closed {
		s := FormatDay(c.From.Time)
		if !c.To.Equal(c.From.Time) {
			s += "/" + FormatDay(c.To.Time)
		}
		if c.Why != "" {
			s += "=" + c.Why
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, "；")
}

// ParseClosings reads days off as they are written in a list: 2026-12-01/2026-12-03=搬家；2027-01-04.
func ParseClosings(s string) (closed []Closing, ok bool) {
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("；;\n、", r) }) {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		days, why, _ := strings.Cut(part, "=")
		first, last, two := strings.Cut(strings.TrimSpace(days), "/")
		if !two {
			last = first
		}
		from, err1 := ParseDay(strings.TrimSpace(first))
		to, err2 := ParseDay(strings.TrimSpace(last))
		if err1 != nil || err2 != nil || from.IsZero() || to.Before(from) || to.Sub(from) > 400*24*time.Hour || len(why) > 200 {
			return nil, false
		}
		closed = append(closed, Closing{From: Day{from}, To: Day{to}, Why: strings.TrimSpace(why)})
	}
	return closed, len(closed) <= 60
}

// ReadDivisions reads a small sheet that names divisions, as Intake.Named takes them.
func ReadDivisions(name string, r io.Reader) ([]Division, error) {
	t, err := ReadTable(name, r, columns)
	if err != nil {
		return nil, err
	}
	if err := t.Need("code", "name"); err != nil {
		return nil, err
	}
	var all []Division
	for _, row := range t.Rows {
		all = append(all, Division{Code: twelve(t.Cell(row, "code")), Name: t.Text(row, "name"), Level: Level(word(t.Cell(row, "level"))), Parent: twelve(t.Cell(row, "parent"))})
	}
	return all, nil
}
