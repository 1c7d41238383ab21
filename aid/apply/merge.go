package apply

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"mashang/aid/apply/form"
)

// Seen is the name of the field in which a page says what it was shown with. Saving then takes from the page only what
// was changed on it, so that two windows on one draft undo nothing of each other. Where it is missing, the page counts
// as it was posted.
const Seen = "was"

// AsideSeen is the name of the field by which a page says that it told of answers that were typed elsewhere.
const AsideSeen = "aside"

// Part is the name of the field that says which part of a page was posted: nothing else on it is touched then.
const Part = "part"

// Beat is the name of the field in which a window numbers what it sends, higher each time. What was sent earlier and
// arrives later changes nothing.
const Beat = "beat"

const (
	tagChars    = 6 // of the draft
	windowChars = 6 // the name of a window
	digestChars = 4 // of a field as it was shown: 24 bits, so that one in millions is taken for another
)

// Window is the value of the field Seen for a page of the draft, or for one row of it ("members.2", "members.new.health").
func (d Draft) Window(def form.Def, page string) string {
	return d.Tag() + rand.Text()[:windowChars] + d.digests(def, page)
}

// Tag tells one draft from another and opens nothing. A page carries it, so that a window that was left open on one
// person's draft does not write into the next one's.
func (d Draft) Tag() string { return TagOf(d.Secret) }

// TagOf is the tag of the draft with a secret.
func TagOf(secret string) string { return hash(secret)[:tagChars] }

// Box is the tag and, after a point, the key with which a browser seals what it could not send yet. It opens nothing
// here, and without the page, which is not stored, nobody opens there what was sealed with it.
func (d Draft) Box() string {
	mac := hmac.New(sha256.New, []byte(d.Secret))
	mac.Write([]byte("outbox"))
	return d.Tag() + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

func (d Draft) digests(def form.Def, page string) string {
	f, ok := form.At(def.Programme, def.Version)
	if !ok {
		return ""
	}
	at, ok := f.Address(page)
	if !ok {
		return ""
	}
	values := d.Pages[at.Page].Values
	if at.Row == "new" {
		values = d.Pages[at.Page].Begun
	}
	p := f.Page(at.Page)
	fields := p.Fields
	if p.Kind == form.PagePlain && (p.Rows() == nil || p.EachPerson() && at.Row != "") {
		fields = part(p, at.Part, nil) // of a row in a list all of it: by that it is known again
	}
	var b strings.Builder
	for _, c := range cells(fields, values, at.Row) {
		b.WriteString(digest(c.alias, c.of(values)))
	}
	return b.String()
}

// cell is a place for one answer: under which name it is posted, and what it is called wherever its row stands.
type cell struct{ name, alias string }

func (c cell) of(values url.Values) string { return plain(values[c.name]) }

// plain is what was typed in a place, as one text. A browser sends lines its own way.
func plain(typed []string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.Join(typed, "\x00"), "\r\n", "\n"))
}

func digest(alias, value string) string {
	sum := sha256.Sum256([]byte(alias + "\x00" + value))
	return base64.RawURLEncoding.EncodeToString(sum[:3])
}

// cells lists the places of a page for answers: of one row, when row is not "".
func cells(fields []form.Field, values url.Values, row string) []cell {
	var all []cell
	for i := range fields {
		f := &fields[i]
		switch {
		case f.Kind != form.Rows:
			all = append(all, cell{f.Key, f.Key})
		case row != "" && f.Source == form.FromPersons:
			who := plain(values[f.Key+"."+row+".who"])
			for _, part := range f.Fields {
				all = append(all, cell{f.Key + "." + row + "." + part.Key, f.Key + "." + who + "." + part.Key})
			}
		case row != "":
			for _, part := range f.Fields {
				all = append(all, cell{f.Key + "." + row + "." + part.Key, f.Key + ".*." + part.Key})
			}
		case f.Source == form.FromPersons:
			for _, n := range people(f, values) {
				who := plain(values[f.Key+"."+n+".who"])
				for _, part := range f.Fields {
					all = append(all, cell{f.Key + "." + n + "." + part.Key, f.Key + "." + who + "." + part.Key})
				}
			}
		}
	}
	return all
}

// people lists the numbers of the rows that follow the persons.
func people(f *form.Field, values url.Values) []string {
	var numbers []int
	for name := range values {
		if i, sub, ok := form.RowPath(f, name); ok && sub == "who" {
			numbers = append(numbers, i)
		}
	}
	slices.Sort(numbers)
	out := make([]string, len(numbers))
	for i, n := range numbers {
		out[i] = strconv.Itoa(n)
	}
	return out
}

// window is what a page says it was shown with.
type window struct {
	draft, name string
	seen        map[string]bool
	said        map[string]string // what it had in each place when it was last heard
}

// saw tells whether the window had this answer before it was changed there, if it was.
func (w window) saw(alias, value string) bool {
	if last, ok := w.said[alias]; ok {
		return last == digest(alias, value)
	}
	return w.seen[digest(alias, value)]
}

// heard is what a window said last. A window that never learns that it was heard says it again; that is no change.
type heard struct {
	Beat int64             `json:"beat,omitempty"`
	Turn int               `json:"turn"` // the version of the page at that time
	Said map[string]string `json:"said"` // a digest for each place
}

// windowsHeard is how many windows of a page are remembered: those that were heard last.
const windowsHeard = 6

// hear remembers what a window posted.
func (s *savedPage) hear(w window, beat int64, fields []form.Field, row string, posted url.Values) {
	h := heard{Beat: beat, Turn: s.Version, Said: map[string]string{}}
	for _, c := range cells(fields, posted, row) {
		h.Said[c.alias] = digest(c.alias, c.of(posted))
	}
	s.Heard = maps.Clone(s.Heard)
	if s.Heard == nil {
		s.Heard = map[string]heard{}
	}
	s.Heard[w.name] = h
	for len(s.Heard) > windowsHeard {
		oldest := w.name
		for name, one := range s.Heard {
			if one.Turn < s.Heard[oldest].Turn {
				oldest = name
			}
		}
		delete(s.Heard, oldest)
	}
}

func readWindow(was string) (w window, ok bool) {
	const head = tagChars + windowChars
	if len(was) < head || (len(was)-head)%digestChars != 0 {
		return w, false
	}
	w.draft, w.name, w.seen = was[:tagChars], was[tagChars:head], map[string]bool{}
	for rest := was[head:]; rest != ""; rest = rest[digestChars:] {
		w.seen[rest[:digestChars]] = true
	}
	return w, true
}

// merge brings what a window posted together with what is kept by now. A field changed in the window only is taken, one
// changed elsewhere only stays; where both changed it, the window that speaks now is believed and the other answer laid
// aside, to be told. by says which window changed a field last, so that nobody quarrels with himself.
func merge(fields []form.Field, row string, kept savedPage, posted url.Values, w window) (url.Values, map[string]string, map[string]string) {
	out, by, aside := maps.Clone(posted), maps.Clone(kept.By), map[string]string{}
	if by == nil {
		by = map[string]string{}
	}
	held := map[string][]string{}
	for _, c := range cells(fields, kept.Values, row) {
		held[c.alias] = kept.Values[c.name]
	}
	for _, c := range cells(fields, posted, row) {
		now, stands := c.of(posted), plain(held[c.alias])
		single := !strings.Contains(c.alias, ".*.")
		switch own := single && by[c.alias] == w.name; {
		case now == stands:
			continue
		case w.saw(c.alias, now) && !own:
			out[c.name] = held[c.alias]
			continue
		case !own && stands != "" && !w.saw(c.alias, stands):
			aside[c.name] = strings.Join(held[c.alias], "、")
		}
		if single {
			by[c.alias] = w.name
		}
	}
	if row == "" {
		stay(fields, kept.Values, out)
	}
	return out, by, aside
}

// stay keeps the rows of persons that the window did not know of yet.
func stay(fields []form.Field, kept, out url.Values) {
	for i := range fields {
		f := &fields[i]
		if f.Kind != form.Rows || f.Source != form.FromPersons {
			continue
		}
		known, next := map[string]bool{}, 0
		for _, n := range people(f, out) {
			known[plain(out[f.Key+"."+n+".who"])] = true
			number, _ := strconv.Atoi(n)
			next = number + 1
		}
		for _, n := range people(f, kept) {
			if known[plain(kept[f.Key+"."+n+".who"])] {
				continue
			}
			for name, typed := range kept {
				if sub, ok := strings.CutPrefix(name, f.Key+"."+n+"."); ok {
					out[f.Key+"."+strconv.Itoa(next)+"."+sub] = typed
				}
			}
			next++
		}
	}
}

// sameRowAs finds the row that a window was shown, wherever it stands by now: the one that holds most of what the
// window saw. When it was taken away meanwhile, what was typed becomes a new row: nothing typed is lost.
func sameRowAs(fields []form.Field, row string, kept url.Values, w window) string {
	if row == "new" {
		return row
	}
	best, most := "new", 0
	numbers := map[string]bool{row: true}
	for i := range fields {
		for name := range kept {
			if n, _, ok := form.RowPath(&fields[i], name); ok {
				numbers[strconv.Itoa(n)] = true
			}
		}
	}
	for _, n := range slices.Sorted(maps.Keys(numbers)) {
		found := 0
		for _, c := range cells(fields, kept, n) {
			if v := c.of(kept); v != "" && (w.seen[digest(c.alias, v)] || w.saw(c.alias, v)) {
				found++
			}
		}
		if found > most || found == most && found > 0 && n == row {
			best, most = n, found
		}
	}
	return best
}

// part is a page with only those fields that stand on one part of it and that keep says are asked there.
func part(p *form.Page, part string, keep func(name string) bool) []form.Field {
	if rows := p.Rows(); rows != nil {
		one := *rows
		one.Fields = asked(rows.Fields, part, keep)
		return []form.Field{one}
	}
	return asked(p.Fields, part, keep)
}

func asked(fields []form.Field, part string, keep func(string) bool) []form.Field {
	return slices.DeleteFunc(slices.Clone(form.On(fields, part)), func(f form.Field) bool { return keep != nil && !keep(f.Key) })
}

// overlay puts what was posted from some fields over what is kept of a page, or of one row of it.
func overlay(fields []form.Field, row string, kept, posted url.Values) url.Values {
	out := url.Values{}
	for name, typed := range kept {
		group, rest, _ := strings.Cut(name, ".")
		if number, _, _ := strings.Cut(rest, "."); row == "" || len(fields) > 0 && group == fields[0].Key && number == row {
			out[name] = typed
		}
	}
	for _, c := range cells(fields, kept, row) {
		delete(out, c.name)
	}
	for _, c := range cells(fields, posted, row) {
		if typed, ok := posted[c.name]; ok {
			out[c.name] = typed
		}
	}
	return out
}

// rowOf is the number under which a person's row is kept, where the rows follow the persons.
func rowOf(f *form.Field, row string, kept, posted url.Values) string {
	who := plain(posted[f.Key+"."+row+".who"])
	for _, n := range people(f, kept) {
		if who != "" && plain(kept[f.Key+"."+n+".who"]) == who {
			return n
		}
	}
	return row
}

// renumber gives a posted row another number.
func renumber(posted url.Values, from, to string) url.Values {
	if from == to {
		return posted
	}
	out := url.Values{}
	for name, typed := range posted {
		group, rest, _ := strings.Cut(name, ".")
		if number, sub, ok := strings.Cut(rest, "."); ok && number == from {
			name = group + "." + to + "." + sub
		}
		out[name] = typed
	}
	return out
}
