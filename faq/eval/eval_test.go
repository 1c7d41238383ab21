package eval_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mashang/faq/eval"
)

// files lays out a small set and returns its folder.
func files(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"corpus.jsonl": `{"_id": "a", "title": "借用农具", "text": "锄头和水桶在仓库登记后借用，当天归还。"}
{"_id": "b", "title": "领取菜种", "text": "每户春天可以领取两包菜种。"}

{"_id": "c", "title": "蜂箱管理", "text": "蜂箱离小路不少于十米。"}
{"_id": "d", "title": "", "text": "围栏坏了告诉值日的人。"}
`,
		"queries.jsonl": `{"_id": "1", "text": "锄头在哪里借"}
{"_id": "2", "text": "菜种什么时候领"}
{"_id": "3", "text": "养蜂的箱子离小路多远"}
`,
		"qrels.tsv":  "query-id\tcorpus-id\tscore\n1\ta\t1\n2\tb\t1\n3\tc\t1\n3\td\t0\n",
		"oos.jsonl":  `{"_id": "x", "kind": "other", "text": "飞机票怎么改签"}` + "\n",
		"broken":     "{nope\n",
		"more.jsonl": `{"_id": "9", "text": "种子几时发"}` + "\n",
		"more.tsv":   "9\tb\t1\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func run(t *testing.T, args ...string) (string, error) {
	t.Helper()
	dir := files(t)
	for i, a := range args {
		if i > 0 && strings.HasPrefix(args[i-1], "-") && !strings.HasPrefix(a, "-") {
			args[i] = filepath.Join(dir, a)
		}
	}
	var out strings.Builder
	err := eval.Command(args, &out)
	return out.String(), err
}

func TestReportHasThePromisedKeys(t *testing.T) {
	out, err := run(t, "-corpus", "corpus.jsonl", "-queries", "queries.jsonl", "-qrels", "qrels.tsv", "-oos", "oos.jsonl", "-stored", "more.jsonl", "-stored-qrels", "more.tsv", "-json")
	if err != nil {
		t.Fatal(err)
	}
	var r map[string]float64
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	for _, key := range []string{"r@1", "r@3", "mrr@10", "oos_refused", "p50_us", "p99_us", "build_ms", "heap_bytes"} {
		if _, ok := r[key]; !ok {
			t.Errorf("no %s in %s", key, out)
		}
	}
	if r["r@1"] != 1 || r["r@3"] != 1 || r["mrr@10"] != 1 || r["oos_refused"] != 1 {
		t.Errorf("report %s, want all right", out)
	}
}

func TestReportInWords(t *testing.T) {
	out, err := run(t, "-corpus", "corpus.jsonl", "-queries", "queries.jsonl", "-qrels", "qrels.tsv")
	if err != nil || !strings.Contains(out, "4 documents, 3 questions") || strings.Contains(out, "refused") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestWrongUseIsToldPlainly(t *testing.T) {
	for _, tt := range []struct {
		name string
		args []string
		want string
	}{
		{"nothing", nil, "want -corpus"},
		{"no such file", []string{"-corpus", "none", "-queries", "queries.jsonl", "-qrels", "qrels.tsv"}, "none"},
		{"broken line", []string{"-corpus", "broken", "-queries", "queries.jsonl", "-qrels", "qrels.tsv"}, "line 1"},
		{"half of stored", []string{"-corpus", "corpus.jsonl", "-queries", "queries.jsonl", "-qrels", "qrels.tsv", "-stored", "more.jsonl"}, "go together"},
		{"broken qrels", []string{"-corpus", "corpus.jsonl", "-queries", "queries.jsonl", "-qrels", "broken"}, "three columns"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := run(t, tt.args...); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

func TestWrongCallsAndEmptyFilesAreNoFigures(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		args  []string
		usage bool
		says  string
	}{
		{"nothing", nil, true, "-corpus"},
		{"strange flag", []string{"-strange"}, true, "strange"},
		{"half a pair", []string{"-corpus", "corpus.jsonl", "-queries", "queries.jsonl", "-qrels", "qrels.tsv", "-stored", "more.jsonl"}, true, "-stored-qrels"},
		{"no documents", []string{"-corpus", empty, "-queries", "queries.jsonl", "-qrels", "qrels.tsv"}, false, "no documents"},
		{"no questions", []string{"-corpus", "corpus.jsonl", "-queries", empty, "-qrels", "qrels.tsv"}, false, "no questions"},
		{"no right answers", []string{"-corpus", "corpus.jsonl", "-queries", "queries.jsonl", "-qrels", empty}, false, "no question of"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := files(t)
			for i, a := range tt.args {
				if !strings.HasPrefix(a, "-") && !filepath.IsAbs(a) {
					tt.args[i] = filepath.Join(dir, a)
				}
			}
			var out strings.Builder
			err := eval.Command(tt.args, &out)
			if err == nil || errors.Is(err, eval.ErrUsage) != tt.usage || !strings.Contains(err.Error(), tt.says) || out.Len() > 0 {
				t.Errorf("Command(%q) = %v, printed %q; want an error that says %q, of usage %v", tt.args, err, out.String(), tt.says, tt.usage)
			}
		})
	}
}
