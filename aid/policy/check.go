package policy

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"mashang/aid/place"
	"mashang/i18n"
	"mashang/platform/store"
)

var (
	programmeID = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,60}$`)
	// applyWays are the ways to apply that pages have words for (policy.apply.*).
	applyWays = []string{"form", "emergency", "office", "school", "hospital", "station", "auto", "phone", "bureau"}
	// unitCodes are the units that a program may rely on (policy.unit.*); a unit without a code stands as its text.
	unitCodes = []string{"yuan_person_month", "yuan_person_year", "yuan_once", "percent", "workday", "day", "month", "hour"}
)

// bench is what rows are checked against: the shelf and the places as the transaction sees them.
type bench struct {
	shelf *Shelf
	known map[string]bool // division codes
}

func newBench(ctx context.Context, q store.Queryer) (*bench, error) {
	shelf, err := readShelf(ctx, q, 0)
	if err != nil {
		return nil, err
	}
	known, err := place.Known(ctx, q)
	if err != nil {
		return nil, err
	}
	return &bench{shelf, known}, nil
}

// repeats notes rows with no ID or with the ID of an earlier row, and tells which rows are left to check.
func repeats[T any](all []T, id func(T) string, faults *place.Faults) []bool {
	seen, fine := map[string]bool{}, make([]bool, len(all))
	for i, v := range all {
		switch key := id(v); {
		case key == "":
			faults.Add(i+1, "", "policy.import.id")
		case seen[key]:
			faults.Add(i+1, key, "policy.import.twice", "id", key)
		default:
			seen[key], fine[i] = true, true
		}
	}
	return fine
}

func checkDepartments(_ *bench, all []Department) (faults place.Faults) {
	for i, ok := range repeats(all, func(d Department) string { return d.ID }, &faults) {
		if ok {
			hasName(all[i].ID, all[i].Name, i+1, &faults)
		}
	}
	return faults
}

func checkSituations(_ *bench, all []Situation) (faults place.Faults) {
	for i, ok := range repeats(all, func(s Situation) string { return s.ID }, &faults) {
		if ok {
			hasName(all[i].ID, all[i].Name, i+1, &faults)
			texts("glyph", i18n.Text{Hans: all[i].Glyph}, 4, i+1, all[i].ID, &faults)
		}
	}
	return faults
}

func (b *bench) programmes(all []Programme, now time.Time) (faults place.Faults) {
	for i, ok := range repeats(all, func(p Programme) string { return p.ID }, &faults) {
		if !ok {
			continue
		}
		p, line := all[i], i+1
		hasName(p.ID, p.Name, line, &faults)
		if !programmeID.MatchString(p.ID) {
			faults.AddAt(line, p.ID, "id", "policy.import.badid", "id", p.ID)
		}
		if p.Apply != "" && !slices.Contains(applyWays, p.Apply) {
			faults.AddAt(line, p.ID, "apply", "policy.import.apply", "apply", p.Apply, "known", strings.Join(applyWays, "、"))
		}
		if !b.shelf.hasDepartment(p.Department) {
			faults.AddAt(line, p.ID, "department", "policy.import.department", "id", p.Department)
		}
		for _, id := range p.Situations {
			if !slices.ContainsFunc(b.shelf.situations, func(s Situation) bool { return s.ID == id }) {
				faults.AddAt(line, p.ID, "situations", "policy.import.situation", "id", id)
			}
		}
		b.clocks(p, line, &faults)
		p.notices(line, &faults)
		if p.Retired {
			continue // nobody reads it any more: what it rested on may go
		}
		for _, c := range p.cites() {
			b.cite(c.Cite, now, line, p.ID, c.field, &faults)
		}
		programmeTexts(p, line, &faults)
	}
	return faults
}

func (b *bench) clocks(p Programme, line int, faults *place.Faults) {
	for _, d := range p.Deadlines {
		if d.Days <= 0 || d.Days > maxDays || !slices.Contains([]string{"workday", "day", "month", "hour"}, d.Unit) {
			faults.AddAt(line, p.ID, "deadlines."+d.Key+".days", "policy.import.deadline", "key", d.Key)
		}
	}
	for _, s := range p.Steps {
		if s.Within != "" && !slices.ContainsFunc(p.Deadlines, func(d Deadline) bool { return d.Key == s.Within }) {
			faults.AddAt(line, p.ID, "steps."+s.Key+".within", "policy.import.within", "key", s.Within)
		}
	}
}

// placedCite is a cite and where in its programme or answer it stands.
type placedCite struct {
	Cite
	field string
}

func placed(path string, cites []Cite) []placedCite {
	var all []placedCite
	for i, c := range cites {
		all = append(all, placedCite{c, path + "." + strconv.Itoa(i)})
	}
	return all
}

// cites lists everything p rests on.
func (p Programme) cites() []placedCite {
	all := append(placed("legal", p.Legal), p.Notice.cites()...)
	for _, s := range p.Sections {
		all = append(all, placed("sections."+s.Key+".cites", s.Cites)...)
	}
	for _, d := range p.Deadlines {
		if d.Cite != (Cite{}) {
			all = append(all, placedCite{d.Cite, "deadlines." + d.Key + ".cite"})
		}
	}
	return all
}

// cite notes what is wrong with c: its document, its article, its days, or that its quote does not stand there word
// for word.
func (b *bench) cite(c Cite, at time.Time, line int, item, field string, faults *place.Faults) {
	if key, args := b.shelf.CiteFault(c, at); key != "" {
		faults.AddAt(line, item, field, key, args...)
	}
}

// CiteFault says what is wrong with c at the moment at, as an i18n key and its values; "" when it may stand.
func (s *Shelf) CiteFault(c Cite, at time.Time) (key string, args []string) {
	d, ok := s.Document(c.Document)
	if !ok {
		return "policy.cite.document", []string{"document", c.Document}
	}
	if !d.Citable(at) {
		return "policy.cite.force", []string{"document", d.Title}
	}
	articles := d.Articles
	if c.Article != "" {
		a, ok := s.Article(c.Document, c.Article)
		if !ok {
			return "policy.cite.article", []string{"document", d.Title, "article", c.Article}
		}
		articles = []Article{a}
	}
	if c.Quote != "" && !slices.ContainsFunc(articles, func(a Article) bool { return strings.Contains(a.Text, c.Quote) }) {
		return "policy.cite.quote", []string{"document", d.Title, "article", cmp.Or(c.Article, "—"), "quote", c.Quote}
	}
	return "", nil
}

func checkStandards(b *bench, all []Standard) (faults place.Faults) {
	fine := repeats(all, func(s Standard) string { return s.ID }, &faults)
	type spot struct{ programme, variant, place string }
	rows := map[spot][]Standard{}
	put := map[string]bool{}
	for _, s := range all {
		put[s.ID] = true
	}
	for _, s := range b.shelf.rows {
		if !put[s.ID] {
			key := spot{s.Programme, s.Variant, s.Place}
			rows[key] = append(rows[key], s)
		}
	}
	stand := slices.DeleteFunc(slices.Clone(b.shelf.rows), func(s Standard) bool { return put[s.ID] })
	stands := newSums(append(stand, all...))
	for i, s := range all {
		if !fine[i] {
			continue
		}
		if _, ok := b.shelf.Ever(s.Programme); !ok {
			faults.Add(i+1, s.ID, "policy.import.programme", "id", s.Programme)
		}
		if !b.known[s.Place] {
			faults.Add(i+1, s.ID, "policy.import.place", "code", s.Place)
		}
		if _, ok := b.shelf.Document(s.Document); !ok && !(s.None && s.Document == "") {
			faults.Add(i+1, s.ID, "policy.import.document", "id", s.Document)
		}
		if s.None && s.Cents != 0 {
			faults.Add(i+1, s.ID, "policy.import.none")
		}
		switch {
		case s.None:
		case s.Unit == "" || s.UnitText.Hans == "":
			faults.Add(i+1, s.ID, "policy.import.unit")
		case strings.Trim(s.Unit, "abcdefghijklmnopqrstuvwxyz_") == "" && !slices.Contains(unitCodes, s.Unit):
			faults.Add(i+1, s.ID, "policy.import.unitcode", "unit", s.Unit, "known", strings.Join(unitCodes, "、"))
		}
		stands.formula(s, i+1, &faults)
		if s.Cents < 0 {
			faults.Add(i+1, s.ID, "policy.import.amount", "amount", Yuan(s.Cents))
		}
		if !s.To.IsZero() && s.To.Before(s.From) {
			faults.Add(i+1, s.ID, "policy.import.days", "from", place.FormatDay(s.From), "to", place.FormatDay(s.To))
			continue
		}
		key := spot{s.Programme, s.Variant, s.Place}
		for _, other := range rows[key] {
			if overlap(s.From, s.To, other.From, other.To) {
				faults.Add(i+1, s.ID, "policy.import.overlap", "id", other.ID, "from", place.FormatDay(other.From), "to", place.FormatDay(other.To))
			}
		}
		rows[key] = append(rows[key], s)
	}
	return faults
}

func overlap(from1, to1, from2, to2 time.Time) bool {
	return (to1.IsZero() || !to1.Before(from2)) && (to2.IsZero() || !to2.Before(from1))
}

func checkDocuments(b *bench, all []Document) (faults place.Faults) {
	replaces := map[string][]string{}
	for _, d := range b.shelf.documents {
		replaces[d.ID] = d.Replaces
	}
	for _, d := range all {
		replaces[d.ID] = d.Replaces
	}
	for i, ok := range repeats(all, func(d Document) string { return d.ID }, &faults) {
		if !ok {
			continue
		}
		d, line := all[i], i+1
		if d.Title == "" {
			faults.AddAt(line, d.ID, "title", "policy.import.name")
		}
		if d.Place != "" && !b.known[d.Place] {
			faults.AddAt(line, d.ID, "place", "policy.import.place", "code", d.Place)
		}
		if !slices.Contains([]string{InForce, Expired, Unverified}, d.State) {
			faults.AddAt(line, d.ID, "state", "policy.import.state", "state", d.State)
		}
		if !d.To.IsZero() && d.To.Before(d.From) {
			faults.AddAt(line, d.ID, "effective_to", "policy.import.days", "from", place.FormatDay(d.From), "to", place.FormatDay(d.To))
		}
		if circle(replaces, d.ID) {
			faults.AddAt(line, d.ID, "replaces", "policy.import.circle", "document", d.Title)
		}
		if len(d.Articles) == 0 {
			faults.AddAt(line, d.ID, "articles", "policy.import.empty")
		}
		seen := map[string]bool{}
		for _, a := range d.Articles {
			switch {
			case a.No == "" || strings.TrimSpace(a.Text) == "":
				faults.AddAt(line, d.ID, "articles."+a.No, "policy.import.article", "article", a.No)
			case seen[a.No]:
				faults.AddAt(line, d.ID, "articles."+a.No, "policy.import.articles", "article", a.No)
			}
			seen[a.No] = true
		}
		documentTexts(d, line, &faults)
	}
	return faults
}

// circle tells whether a document replaces itself, by whatever way round.
func circle(replaces map[string][]string, id string) bool {
	seen := map[string]bool{}
	var reaches func(from string) bool
	reaches = func(from string) bool {
		for _, next := range replaces[from] {
			if next == id {
				return true
			}
			if !seen[next] {
				seen[next] = true
				if reaches(next) {
					return true
				}
			}
		}
		return false
	}
	return reaches(id)
}

func (b *bench) entries(all []Entry, now time.Time) (faults place.Faults) {
	for i, ok := range repeats(all, func(e Entry) string { return e.ID }, &faults) {
		if !ok {
			continue
		}
		e, line := all[i], i+1
		switch {
		case len(e.Questions) == 0 || e.Questions[0].Hans == "":
			faults.AddAt(line, e.ID, "questions.0", "policy.import.entry")
		case e.Answer.Hans == "":
			faults.AddAt(line, e.ID, "answer", "policy.import.entry")
		}
		if _, ok := b.shelf.Ever(e.Programme); e.Programme != "" && !ok {
			faults.AddAt(line, e.ID, "programme", "policy.import.programme", "id", e.Programme)
		}
		if e.Place != "" && !b.known[e.Place] {
			faults.AddAt(line, e.ID, "place", "policy.import.place", "code", e.Place)
		}
		for _, c := range placed("cites", e.Cites) {
			b.cite(c.Cite, now, line, e.ID, c.field, &faults)
		}
		for n, q := range e.Questions {
			texts("questions."+strconv.Itoa(n), q, maxLine, line, e.ID, &faults)
		}
		texts("answer", e.Answer, maxWords, line, e.ID, &faults)
	}
	return faults
}

// Stale lists what on the shelf no longer holds: cites of documents that have gone out of force since they were
// entered, and situations that name a programme which is not there.
func (l *Library) Stale(ctx context.Context) (place.Faults, error) {
	b, err := newBench(ctx, l.DB)
	if err != nil {
		return nil, err
	}
	now := l.Now()
	faults := append(b.programmes(b.shelf.programmes, now), b.entries(b.shelf.entries, now)...)
	for _, s := range b.shelf.situations {
		for _, id := range s.Programmes {
			if _, ok := b.shelf.Ever(id); !ok {
				faults.Add(0, s.ID, "policy.import.programme", "id", id)
			}
		}
	}
	return faults, nil
}
