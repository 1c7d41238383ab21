package v1

import (
	"errors"
	"testing"
	"unicode/utf8"

	"mashang/platform/problem"
)

// FuzzDecode: whatever is sent, the answer is a problem with words or a value,
// and no word of what was sent is in the error.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{`{}`, `{"programme":1}`, `{"answers":{"a":[1,2]}}`, `[]`, `{} {}`, "\xff", `{"for":{"kind":"self"}}`, `{"papers":[1]}`, `null`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var in application
		err := decode(body, &in)
		if err == nil {
			if !utf8.Valid(body) {
				t.Errorf("%q was taken", body)
			}
			return
		}
		var p *problem.Error
		if !errors.As(err, &p) || p.Err != nil {
			t.Errorf("decode(%q) = %v", body, err)
		}
	})
}

// FuzzMetadata: the header of an upload is read or refused, and nothing panics.
func FuzzMetadata(f *testing.F) {
	for _, s := range []string{"kind aWRfZnJvbnQ=", "kind", "kind ", "a b,kind aWQ=", "kind %%%", ",,,", "kind aWQ= x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, header string) {
		kind, err := metadata(header, "kind")
		var p *problem.Error
		if err != nil && (!errors.As(err, &p) || kind != "") {
			t.Errorf("metadata(%q) = %q, %v", header, kind, err)
		}
	})
}
