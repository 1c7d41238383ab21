package cases_test

import (
	"errors"
	"strings"
	"testing"

	"mashang/aid/cases"
	"mashang/platform/problem"
)

func TestReceiptIsReadAsPeopleWriteIt(t *testing.T) {
	r := cases.NewReceipt()
	wide := strings.Map(func(c rune) rune { return c - '0' + '０' }, r)
	wrong := "1"
	if r[15] == '1' {
		wrong = "2"
	}
	for _, tt := range []struct{ name, text, field string }{
		{"as it is", r, ""},
		{"in fours", cases.Spoken(r), ""},
		{"dashes", r[:4] + "-" + r[4:8] + "－" + r[8:12] + "—" + r[12:], ""},
		{"full width", wide, ""},
		{"full width with spaces", wide[:12] + "　" + wide[12:], ""},
		{"dots and line ends", r[:8] + " · " + r[8:] + "\r\n", ""},
		{"zero width", r[:8] + "\u200b" + r[8:], ""},
		{"a wrong digit", r[:15] + wrong, "status.receipt.digit"},
		{"one missing", r[:15], "status.receipt.length"},
		{"one too many", r + "0", "status.receipt.length"},
		{"letters", "O" + r[1:], "status.receipt.char"},
		{"nothing", "", "status.receipt.length"},
		{"a flood", strings.Repeat("1", 1<<20), "status.receipt.length"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := cases.ParseReceipt(tt.text)
			if tt.field == "" {
				if err != nil || got != r {
					t.Errorf("ParseReceipt() = %q, %v, want %q", got, err, r)
				}
				return
			}
			var p *problem.Error
			if !errors.As(err, &p) || p.Fields["receipt"] != tt.field {
				t.Errorf("ParseReceipt() = %q, %v, want %s", got, err, tt.field)
			}
		})
	}
}

func TestCheckDigitFindsSlips(t *testing.T) {
	swaps, missed := 0, 0
	for range 200 {
		r := cases.NewReceipt()
		for i := range 16 {
			for d := byte('0'); d <= '9'; d++ {
				if d == r[i] {
					continue
				}
				if _, err := cases.ParseReceipt(r[:i] + string(d) + r[i+1:]); err == nil {
					t.Fatalf("one wrong digit in %s at %d was not found", r, i)
				}
			}
			if i == 15 || r[i] == r[i+1] {
				continue
			}
			swaps++
			if _, err := cases.ParseReceipt(r[:i] + string(r[i+1]) + string(r[i]) + r[i+2:]); err == nil {
				missed++
			}
		}
	}
	if missed*25 > swaps {
		t.Errorf("%d of %d changed places were not found, want at most one in twenty-five", missed, swaps)
	}
}

func TestReceiptsDiffer(t *testing.T) {
	seen := map[string]bool{}
	for range 20_000 {
		r := cases.NewReceipt()
		if seen[r] || len(r) != 16 {
			t.Fatalf("receipt %q is not new or not 16 digits", r)
		}
		seen[r] = true
	}
}

func FuzzParseReceipt(f *testing.F) {
	f.Add("5820 4471 9036 2717")
	f.Add("５８２０４４７１９０３６２７１７")
	f.Add("\xff\xfe")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := cases.ParseReceipt(s)
		if err != nil {
			return
		}
		if again, err := cases.ParseReceipt(cases.Spoken(got)); err != nil || again != got || len(got) != 16 {
			t.Errorf("ParseReceipt(%q) = %q, and its spoken form gives %q, %v", s, got, again, err)
		}
	})
}
