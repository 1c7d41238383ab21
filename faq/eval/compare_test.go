package eval_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mashang/faq/eval"
)

// ranksOf are runs over n questions of which every k-th is wrong.
func ranksOf(n, k int) eval.Ranks {
	r := eval.Ranks{}
	for i := range n {
		r[fmt.Sprint(i)] = 0
		if k > 0 && i%k == 0 {
			r[fmt.Sprint(i)] = -1
		}
	}
	return r
}

func TestABootstrapTellsGainsFromChance(t *testing.T) {
	same := eval.Compare(ranksOf(200, 5), ranksOf(200, 5))
	if same[0].Gain != 0 || same[0].P < .99 || eval.Worse(same) {
		t.Errorf("a run against itself: %+v", same[0])
	}
	gain := eval.Compare(ranksOf(200, 5), ranksOf(200, 0))
	if gain[0].Gain != .2 || gain[0].Low <= 0 || gain[0].High < .2 || gain[0].P > .001 || eval.Worse(gain) {
		t.Errorf("a fifth better: %+v", gain[0])
	}
	if loss := eval.Compare(ranksOf(200, 0), ranksOf(200, 5)); !eval.Worse(loss) {
		t.Errorf("a fifth worse: %+v", loss[0])
	}
	by1 := ranksOf(200, 5)
	by1["0"] = 0
	if chance := eval.Compare(ranksOf(200, 5), by1); chance[0].Low > 0 || chance[0].P < .2 {
		t.Errorf("one question of 200 better: %+v", chance[0])
	}
	if none := eval.Compare(ranksOf(3, 0), eval.Ranks{"x": 0}); none[0].P != 1 || none[0].Gain != 0 {
		t.Errorf("nothing in common: %+v", none[0])
	}
}

func TestRunsAreKeptAndCompared(t *testing.T) {
	dir := files(t)
	kept := func(name, queries string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		var out strings.Builder
		if err := eval.Command([]string{"-corpus", filepath.Join(dir, "corpus.jsonl"), "-queries", filepath.Join(dir, queries), "-qrels", filepath.Join(dir, "qrels.tsv"), "-keep", path}, &out); err != nil {
			t.Fatal(err)
		}
		return path
	}
	bad := filepath.Join(dir, "bad.jsonl")
	if err := os.WriteFile(bad, []byte(`{"_id": "1", "text": "锄头在哪里借"}`+"\n"+`{"_id": "2", "text": "机票改签"}`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	a, b := kept("a.json", "queries.jsonl"), kept("b.json", "bad.jsonl")
	var out strings.Builder
	if err := eval.Command([]string{"-compare", a, b}, &out); err != nil || !strings.Contains(out.String(), "r@1     1.0000 -> 0.5000  -0.5000") {
		t.Errorf("%v: %s", err, out.String())
	}
	for _, args := range [][]string{{"-compare", a}, {"-compare", a, filepath.Join(dir, "none")}, {"-compare", a, filepath.Join(dir, "broken")}} {
		if err := eval.Command(args, &out); err == nil {
			t.Errorf("Command(%q) took it", args)
		}
	}
}

func TestOtherWeightsAreComparedOnTheSameQuestions(t *testing.T) {
	dir := files(t)
	contrary := filepath.Join(dir, "contrary.json")
	if err := os.WriteFile(contrary, []byte(`{"Rank":{"weights":{"first":-1}},"Sure":{"weights":{}}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	err := eval.Command([]string{"-corpus", filepath.Join(dir, "corpus.jsonl"), "-queries", filepath.Join(dir, "queries.jsonl"), "-qrels", filepath.Join(dir, "qrels.tsv"), "-weights", contrary, "-against", "shipped", "-json"}, &out)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(strings.NewReader(out.String()))
	var r eval.Report
	var all []eval.Difference
	if err := errors.Join(d.Decode(&r), d.Decode(&all)); err != nil || len(all) != 3 || all[0].A != 1 || all[0].B > 1 {
		t.Errorf("%v, report %+v, differences %+v", err, r, all)
	}
}

func TestBelowAFloorIsAnError(t *testing.T) {
	dir := files(t)
	floor := filepath.Join(dir, "floor.json")
	for _, tt := range []struct {
		floors string
		low    bool
	}{
		{`{"r@1": 1, "mrr@10": 0.9}`, false},
		{`{"r@1": 1.01}`, true},
		{`{"oos_refused": 0.5}`, true}, // nothing of other subjects was put
	} {
		if err := os.WriteFile(floor, []byte(tt.floors), 0o600); err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		err := eval.Command([]string{"-corpus", filepath.Join(dir, "corpus.jsonl"), "-queries", filepath.Join(dir, "queries.jsonl"), "-qrels", filepath.Join(dir, "qrels.tsv"), "-floor", floor}, &out)
		if errors.Is(err, eval.ErrFloor) != tt.low {
			t.Errorf("floors %s: %v", tt.floors, err)
		}
	}
}
