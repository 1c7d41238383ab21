package v1_test

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"mashang/aid/policy/screen"
	"mashang/api/apitest"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

// TestScreenerOverJSON sends every invented family with the figures of its case.
func TestScreenerOverJSON(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	f, err := os.Open("../../aid/policy/screen/testdata/households.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for lines := bufio.NewScanner(f); lines.Scan(); n++ {
		var one struct {
			ID      string                `json:"id"`
			Assumed json.RawMessage       `json:"assumed"`
			May     []struct{ ID string } `json:"may_qualify"`
			Not     []struct{ ID string } `json:"clearly_not"`
		}
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			t.Fatal(err)
		}
		reply := call(t, p, "POST", "/screener", `{"standards":`+string(one.Assumed)+`,"household":`+lines.Text()+`}`, 200)
		verdict := map[string]string{}
		for _, line := range reply["programmes"].([]any) {
			l := line.(map[string]any)
			verdict[l["id"].(string)] = l["verdict"].(string)
			for _, b := range l["because"].([]any) {
				if why := b.(map[string]any); why["text"] == "" || why["document"] == "" {
					t.Errorf("%s: %s is said without %v", one.ID, l["id"], why)
				}
			}
		}
		for _, want := range one.May {
			if verdict[want.ID] != screen.May {
				t.Errorf("%s: %s is %q", one.ID, want.ID, verdict[want.ID])
			}
		}
		for _, want := range one.Not {
			if verdict[want.ID] == screen.May {
				t.Errorf("%s: %s is offered", one.ID, want.ID)
			}
		}
	}
	if n == 0 {
		t.Fatal("no families")
	}
}

// TestScreenerKnowsThePlace judges one family where lines are registered and where none are.
func TestScreenerKnowsThePlace(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	// 720 a person is below the development zone's rural line and above the county's.
	family := `"household":{"place":{"type":"农村"},"members":[{"rel":"夫","age":50},{"rel":"妻","age":48}],"income_month":{"工资":1440}}}`
	for _, tt := range []struct{ place, want string }{
		{p.Hall(t, sample.Beiyuan), "may"}, {p.Hall(t, sample.Liuhe), "unlikely"}, {p.Hall(t, sample.Shimen), ""}, {"", ""},
	} {
		reply := call(t, p, "POST", "/screener", `{"place":"`+tt.place+`",`+family, 200)
		got := ""
		for _, line := range reply["programmes"].([]any) {
			if l := line.(map[string]any); l["id"] == "dibao" {
				got = l["verdict"].(string)
			}
		}
		if got != tt.want {
			t.Errorf("at %q dibao is %q, want %q", tt.place, got, tt.want)
		}
	}
}

func TestScreenerRefusesInWords(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	for name, tt := range map[string]struct {
		body string
		want int
	}{
		"no household":         {`{}`, 422},
		"nobody in it":         {`{"household":{"members":[]}}`, 422},
		"a whole school":       {`{"household":{"members":[` + strings.Repeat(`{"rel":"子"},`, 30) + `{"rel":"子"}]}}`, 422},
		"an object for a word": {`{"household":{"members":[{"rel":"本人"}],"facts":{"车":{"a":1}}}}`, 400},
		"a place unknown":      {`{"place":"990199999999","household":{"members":[{"rel":"本人"}]}}`, 422},
		"no JSON":              {`household`, 400},
	} {
		t.Run(name, func(t *testing.T) { call(t, p, "POST", "/screener", tt.body, tt.want) })
	}
}

// TestScreenerCitesWhatHolds holds every rule to the library.
func TestScreenerCitesWhatHolds(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	s, err := screen.New()
	if err != nil {
		t.Fatal(err)
	}
	programmes, cites := s.Programmes()
	shelf := p.Library.Shelf()
	for _, id := range programmes {
		if _, ok := shelf.Programme(id); !ok {
			t.Errorf("no programme %s", id)
		}
	}
	for _, c := range cites {
		if _, _, ok := shelf.Cited(c, p.Now()); !ok {
			t.Errorf("%s article %s may not be cited", c.Document, c.Article)
		}
	}
}
