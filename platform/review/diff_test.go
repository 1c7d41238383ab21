package review_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"mashang/platform/review"
)

func TestDiff(t *testing.T) {
	for _, tt := range []struct {
		name, before, after string
		want                []review.Line
	}{
		{"the same in another order", `{"a":1,"b":[1,2]}`, ` {"b":[1,2],"a":1}`, nil},
		{"fields in order", `{"b":"x","a":1}`, `{"b":"y","a":2,"c":true}`, []review.Line{{"a", "1", "2"}, {"b", "x", "y"}, {"c", "", "true"}}},
		{"nested", `{"name":{"zh-Hans":"低保","en":"Dibao"}}`, `{"name":{"zh-Hans":"最低生活保障","en":"Dibao"}}`, []review.Line{{"name.zh-Hans", "低保", "最低生活保障"}}},
		{"by place", `{"l":["a","b"]}`, `{"l":["a","c","d"]}`, []review.Line{{"l[1]", "b", "c"}, {"l[2]", "", "d"}}},
		{"by id", `[{"id":"a","n":1},{"id":"b","n":2}]`, `[{"id":"c","n":3},{"id":"a","n":9}]`,
			[]review.Line{{"[id=c].id", "", "c"}, {"[id=c].n", "", "3"}, {"[id=a].n", "1", "9"}, {"[id=b].id", "b", ""}, {"[id=b].n", "2", ""}}},
		{"by key, moved", `{"s":[{"key":"a"},{"key":"b"}]}`, `{"s":[{"key":"b"},{"key":"a"}]}`, []review.Line{{"s[]", "a, b", "b, a"}}},
		{"an id twice is no id", `[{"id":1},{"id":1}]`, `[{"id":1},{"id":2}]`, []review.Line{{"[1].id", "1", "2"}}},
		{"every digit of an amount", `{"c":71200000000000000001}`, `{"c":71200000000000000002}`, []review.Line{{"c", "71200000000000000001", "71200000000000000002"}}},
		{"a number that became a text", `{"c":1}`, `{"c":"1"}`, []review.Line{{"c", "1", `"1"`}}},
		{"empty is not missing", `{}`, `{"c":""}`, []review.Line{{"c", "", `""`}}},
		{"null is not missing", `{}`, `{"c":null}`, []review.Line{{"c", "", "null"}}},
		{"nothing stood there", `null`, `{"a":{"b":[1]}}`, []review.Line{{"a.b[0]", "", "1"}}},
		{"nothing will stand there", `{"a":1}`, ``, []review.Line{{"a", "1", ""}}},
		{"an odd name", `{"a.b":1,"":2}`, `{"a.b":2,"":2}`, []review.Line{{`["a.b"]`, "1", "2"}}},
		{"another sort of thing", `{"a":[1]}`, `{"a":{"b":1}}`, []review.Line{{"a", "[1]", `{"b":1}`}}},
		{"no JSON", `{`, `{}`, []review.Line{{"", "{", "{}"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := review.Diff(json.RawMessage(tt.before), json.RawMessage(tt.after)); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("Diff() = %q, want %q", got, tt.want)
			}
		})
	}
}

// FuzzDiff: empty just when the values are the same, the same lines twice, no path
// twice, and the way back has as many lines.
func FuzzDiff(f *testing.F) {
	for _, seed := range [][2]string{
		{`{"a":1}`, `{"a":"1"}`}, {`[{"id":"a"},{"id":"b"}]`, `[{"id":"b"},{"id":"a"}]`}, {`null`, `{"":{"x":[]}}`},
		{`[{"id":1},{"id":"1"}]`, `[]`}, {strings.Repeat(`[`, 60) + strings.Repeat(`]`, 60), strings.Repeat(`[`, 61) + strings.Repeat(`]`, 61)},
		{`{"x":null}`, `{"x":[null]}`}, {`{"a":{"b.c":1}}`, `{"a.b":{"c":1}}`}, {`[{"id":"a,b"},{"id":"c"}]`, `[{"id":"a"},{"id":"b,c"}]`},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		before, after := json.RawMessage(a), json.RawMessage(b)
		got := review.Diff(before, after)
		if !reflect.DeepEqual(got, review.Diff(before, after)) {
			t.Error("two looks see two things")
		}
		if back := review.Diff(after, before); len(back) != len(got) {
			t.Errorf("%d lines there, %d back: %q %q", len(got), len(back), got, back)
		}
		seen := map[string]bool{}
		for _, l := range got {
			if seen[l.Path] || l.Old == l.New {
				t.Errorf("line %q says nothing or stands twice", l)
			}
			seen[l.Path] = true
		}
		x, errX := meaning(a)
		y, errY := meaning(b)
		if errX == nil && errY == nil && (len(got) == 0) != (x == y) {
			t.Errorf("Diff() = %q for %s and %s", got, x, y)
		}
	})
}

func meaning(text string) (string, error) {
	if strings.TrimSpace(text) == "" {
		text = "null"
	}
	if !json.Valid([]byte(text)) {
		return "", fmt.Errorf("no JSON")
	}
	var v any
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		return "", err
	}
	out, err := json.Marshal(v)
	return string(out), err
}
