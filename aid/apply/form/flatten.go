package form

import (
	"encoding/json"
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Flat turns answers as JSON into answers as a page would have sent them, so that both ways in are checked by the
// same code. Problems are those of shape: a name the form does not know, a list where a text belongs.
type Flat struct {
	form     *Form
	Values   url.Values
	Problems []Problem
}

// Flatten takes the answers of another program. Groups that are no answers (for, consents) are not taken from here.
func (f *Form) Flatten(answers map[string]any) *Flat {
	x := &Flat{form: f, Values: url.Values{}}
	for _, key := range slices.Sorted(maps.Keys(answers)) {
		v := answers[key]
		fd := f.fields[key]
		switch group, isGroup := v.(map[string]any); {
		case !isAnswer(key):
			x.problem(key, "form.error.unknown")
		case fd != nil && fd.Kind == Rows:
			x.rows(fd, v)
		case fd != nil:
			x.leaf(key, fd, v)
		case !f.isGroup(key):
			x.problem(key, "form.error.unknown")
		case isGroup:
			x.group(key, group)
		case v != nil:
			x.problem(key, "form.error.shape")
		}
	}
	return x
}

// isAnswer tells answers from what a whole application carries beside them.
func isAnswer(path string) bool {
	group, _, _ := strings.Cut(path, ".")
	return group != "for" && group != "consents"
}

func (f *Form) isGroup(key string) bool {
	for path := range f.pageOf {
		if strings.HasPrefix(path, key+".") {
			return true
		}
	}
	return false
}

func (x *Flat) problem(path, key string) {
	group, _, _ := strings.Cut(path, ".")
	page := x.form.pageOf[path]
	if page == "" {
		page = x.form.pageOf[group]
	}
	x.Problems = append(x.Problems, Problem{Page: page, Field: path, Key: key})
}

func (x *Flat) group(key string, group map[string]any) {
	for _, sub := range slices.Sorted(maps.Keys(group)) {
		path := key + "." + sub
		if fd := x.form.fields[path]; fd != nil && x.form.pageOf[path] != "" {
			x.leaf(path, fd, group[sub])
		} else {
			x.problem(path, "form.error.unknown")
		}
	}
}

func (x *Flat) rows(fd *Field, v any) {
	list, ok := v.([]any)
	if !ok {
		if v != nil {
			x.problem(fd.Key, "form.error.shape")
		}
		return
	}
	for i, one := range list {
		path := fd.Key + "." + strconv.Itoa(i)
		row, ok := one.(map[string]any)
		if !ok || i >= mostRows {
			x.problem(path, "form.error.shape")
			return
		}
		before := len(x.Values)
		for _, sub := range slices.Sorted(maps.Keys(row)) {
			part := x.form.fields[fd.Key+"."+sub]
			switch {
			case part != nil:
				x.leaf(path+"."+sub, part, row[sub])
			case sub == "who" && fd.Source == FromPersons:
				x.leaf(path+".who", &Field{Kind: Text}, row[sub])
			default:
				x.problem(path+"."+sub, "form.error.unknown")
			}
		}
		if len(x.Values) == before && len(x.Problems) == 0 {
			x.problem(path, "form.error.rows.blank")
		}
	}
}

func (x *Flat) leaf(path string, fd *Field, v any) {
	if list, ok := v.([]any); ok && fd.Kind == Choices {
		for i, one := range list {
			s, ok := scalar(fd, one)
			if !ok || i >= mostRows {
				x.problem(path, "form.error.shape")
				return
			}
			x.Values.Add(path, s)
		}
		return
	}
	s, ok := scalar(fd, v)
	switch {
	case !ok:
		x.problem(path, "form.error.shape")
	case s != "":
		x.Values.Set(path, s)
	}
}

// scalar is one JSON value as it would have been typed.
func scalar(fd *Field, v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case string:
		return v, true
	case json.Number:
		return v.String(), fd.Kind == Money || fd.Kind == Whole
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return "", false
		}
		return strconv.FormatFloat(v, 'f', -1, 64), fd.Kind == Money || fd.Kind == Whole
	case int:
		return strconv.Itoa(v), fd.Kind == Money || fd.Kind == Whole
	case int64:
		return strconv.FormatInt(v, 10), fd.Kind == Money || fd.Kind == Whole
	case bool:
		switch {
		case v && (fd.Kind == Tick || fd.Kind == YesNo):
			return "yes", true
		case fd.Kind == YesNo:
			return "no", true
		}
		return "", fd.Kind == Tick
	}
	return "", false
}

// Prune drops what was not answered, so that the back office gets answers and no holes.
func Prune(doc map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range doc {
		switch v := v.(type) {
		case nil:
		case map[string]any:
			if m := Prune(v); len(m) > 0 {
				out[k] = m
			}
		case []any:
			list := make([]any, 0, len(v))
			for _, one := range v {
				if m, ok := one.(map[string]any); ok {
					one = Prune(m)
				}
				list = append(list, one)
			}
			out[k] = list
		default:
			out[k] = v
		}
	}
	return out
}
