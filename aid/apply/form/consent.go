package form

import (
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"mashang/platform/text"
)

// signatures checks what was signed: an adult types their own name, unless a guardian signs; for a child somebody
// else does.
func (r *reader) signatures() {
	for i, p := range r.Persons {
		row := r.signed(p.Key)
		path := "consents." + strconv.Itoa(i)
		name, _ := row["name"].(string)
		switch {
		case row == nil:
			if !r.hasProblem(path) {
				r.problem(path+".agree", bad("form.error.agree", "name", p.Name))
			}
		case name == "" || p.Name == "":
		case p.Minor || row["guardian"] == "yes":
			if SameName(name, p.Name) {
				r.problem(path+".name", bad("form.error.guardian", "name", p.Name))
			}
		case !SameName(name, p.Name):
			r.problem(path+".name", bad("form.error.signature", "name", p.Name))
		}
	}
}

func (r *reader) signed(key string) map[string]any {
	for _, row := range rowsAt(r.Doc, "consents") {
		if row["who"] == key {
			return row
		}
	}
	return nil
}

func (r *reader) hasProblem(path string) bool {
	for _, p := range r.Problems {
		if strings.HasPrefix(p.Field, path+".") {
			return true
		}
	}
	return false
}

// SameName compares names as people write them, whatever the script, the spaces and the dots.
func SameName(a, b string) bool { return bareName(a) == bareName(b) }

func bareName(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsMark(r) || r == '〇' {
			return r
		}
		return -1
	}, text.Fold(s))
}

// Mark remembers when, and to which version of the text, somebody put their name.
type Mark struct {
	Version string    `json:"version"`
	At      time.Time `json:"at"`
}

// markKey tells one signature from the next.
func markKey(who, name string) string { return who + "\n" + name }

// Marks dates the signatures on a page that has just been saved. One that stood there before keeps its time.
func Marks(values url.Values, f *Field, version string, now time.Time, before map[string]Mark) map[string]Mark {
	after := map[string]Mark{}
	for _, row := range rawRows(values, f) {
		if first(row.values["agree"]) == "" {
			continue
		}
		key := markKey(first(row.values["who"]), first(row.values["name"]))
		if m, ok := before[key]; ok && m.Version == version {
			after[key] = m
		} else {
			after[key] = Mark{Version: version, At: now.UTC()}
		}
	}
	return after
}

// Consents are the signatures of a reading without problems.
func (r Reading) Consents(version string, marked map[string]Mark, now time.Time) []Consent {
	var all []Consent
	for _, p := range r.Persons {
		for _, row := range rowsAt(r.Doc, "consents") {
			if row["who"] != p.Key || row["agree"] != "yes" {
				continue
			}
			name, _ := row["name"].(string)
			c := Consent{Member: p.Path, Person: p.Name, Version: version, Name: name, Guardian: p.Minor || row["guardian"] == "yes", At: now.UTC()}
			if m, ok := marked[markKey(p.Key, name)]; ok {
				c.Version, c.At = m.Version, m.At
			}
			all = append(all, c)
		}
	}
	return all
}

// Align puts the rows of a field that has one for each person into the order of the persons. A row follows its
// person's name; one whose person was renamed stays where it was; one whose person has left is dropped.
func Align(values url.Values, f *Field, persons []Person) url.Values {
	rows := rawRows(values, f)
	taken := make([]int, len(persons)) // row for each person, from 1
	used := map[int]bool{}
	for i, p := range persons {
		for j, row := range rows {
			if !used[j] && text.Clean(first(row.values["who"])) == p.Key {
				taken[i], used[j] = j+1, true
				break
			}
		}
	}
	for i := range persons {
		for j, row := range rows {
			if taken[i] == 0 && !used[j] && row.index == i {
				taken[i], used[j] = j+1, true
			}
		}
	}
	out := url.Values{}
	for i, p := range persons {
		path := f.Key + "." + strconv.Itoa(i) + "."
		out.Set(path+"who", p.Key)
		if taken[i] == 0 {
			continue
		}
		for sub, typed := range rows[taken[i]-1].values {
			if sub != "who" {
				out[path+sub] = typed
			}
		}
	}
	return out
}

// Consent is one adult member's agreement to be checked, or a guardian's for a child.
type Consent struct {
	Member   string    `json:"member"` // "applicant" or "members.0"; File also takes the person's name
	Person   string    `json:"person"`
	Version  string    `json:"version"`
	Name     string    `json:"name"` // as typed
	Guardian bool      `json:"guardian,omitempty"`
	At       time.Time `json:"at,omitzero"`
}
