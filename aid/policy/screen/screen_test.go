package screen_test

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"mashang/aid/policy/screen"
)

type testCase struct {
	ID, Title string
	screen.Household
	Assumed screen.Assumed        `json:"assumed"`
	May     []struct{ ID string } `json:"may_qualify"`
	Not     []struct{ ID string } `json:"clearly_not"`
}

func cases(t testing.TB) []testCase {
	t.Helper()
	f, err := os.Open("testdata/households.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []testCase
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var c testCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	return all
}

// TestHouseholds holds the rules to the invented families: who may qualify is told so, and who clearly does not is
// never told that he may.
func TestHouseholds(t *testing.T) {
	s, err := screen.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases(t) {
		t.Run(c.ID+" "+c.Title, func(t *testing.T) {
			verdicts, err := s.Judge(s.Family(c.Household), c.Assumed.Standards())
			if err != nil {
				t.Fatal(err)
			}
			var may, not []string
			for _, v := range verdicts {
				if v.Verdict == screen.May {
					may = append(may, v.Programme)
				} else {
					not = append(not, v.Programme)
				}
			}
			for _, want := range c.May {
				if !slices.Contains(may, want.ID) {
					t.Errorf("%s is not offered: may %v, unlikely %v", want.ID, may, not)
				}
			}
			for _, want := range c.Not {
				if slices.Contains(may, want.ID) {
					t.Errorf("%s is offered", want.ID)
				}
				if !slices.Contains(not, want.ID) {
					t.Logf("%s is not called unlikely", want.ID)
				}
			}
			if testing.Verbose() {
				t.Logf("may %s | unlikely %s", strings.Join(may, " "), strings.Join(not, " "))
			}
		})
	}
}
