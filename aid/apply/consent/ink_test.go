package consent_test

import (
	"strings"
	"testing"

	"mashang/aid/apply/consent"
)

func TestInkIsADrawingAndNothingElse(t *testing.T) {
	for _, tt := range []struct {
		name, ink string
		want      bool
	}{
		{"two strokes", "1,2 3,4;500,400 1000,0", true},
		{"a dot", "1,2", false},
		{"beyond the paper", "1,2 3,4 5,6 1001,0", false},
		{"below zero", "1,2 3,4 5,6 -1,0", false},
		{"script", `1,2 3,4 5,6 7,8"><script>`, false},
		{"leading zeros", "01,2 3,4 5,6 7,8", false},
		{"empty stroke", "1,2 3,4 5,6 7,8;", false},
		{"too much", strings.Repeat("1,2 ", 7000) + "1,2", false},
		{"nothing", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := consent.Ink(tt.ink); got != tt.want {
				t.Errorf("Ink(%.40q) = %v, want %v", tt.ink, got, tt.want)
			}
		})
	}
	if got := consent.Path("1,2 3,4;5,6 7,8"); got != "M1,2 3,4M5,6 7,8" {
		t.Errorf("Path = %q", got)
	}
}

func FuzzInk(f *testing.F) {
	f.Add("1,2 3,4;5,6 7,8")
	f.Fuzz(func(t *testing.T, s string) {
		if path := consent.Path(s); strings.Trim(path, "M0123456789, ") != "" {
			t.Errorf("Path(%q) = %q", s, path)
		}
	})
}
