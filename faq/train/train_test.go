package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mashang/faq/search"
)

// TestTrainingWritesAModelThatCanBeRead goes the whole way on a made-up set.
func TestTrainingWritesAModelThatCanBeRead(t *testing.T) {
	dir, out := t.TempDir(), t.TempDir()
	things := []string{"农具", "菜种", "蜂箱", "堆肥", "围栏", "水井", "果树", "篱笆", "仓库", "小路"}
	var corpus, queries, qrels strings.Builder
	for i, thing := range things {
		fmt.Fprintf(&corpus, "{\"_id\": \"d%d\", \"title\": \"%s\", \"text\": \"%s由第%d组管，%d月检查。\"}\n", i, thing, thing, i, i+1)
		fmt.Fprintf(&queries, "{\"_id\": \"q%d\", \"text\": \"%s几月检查\"}\n", i, thing)
		fmt.Fprintf(&qrels, "q%d\td%d\t1\n", i, i)
	}
	for name, content := range map[string]string{"corpus.jsonl": corpus.String(), "queries.jsonl": queries.String(), "qrels.tsv": qrels.String(),
		"oos.jsonl": `{"_id": "x", "text": "飞机票怎么改签，几月便宜"}` + "\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := run([]string{dir}, nil, filepath.Join(dir, "oos.jsonl"), wanted{out: out, folds: out, drop: []string{"lead"}, rounds: 2}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"zh.json", "zh-stored.json", "zh.0.json", "zh-stored.4.json"} {
		data, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Fatal(err)
		}
		m, err := search.ReadModel(data)
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Rank.Weights) == 0 || m.Rank.Weights["lead"] != 0 {
			t.Errorf("%s: weights %v", name, m.Rank.Weights)
		}
	}
}

func TestTrainingTellsWhatIsMissing(t *testing.T) {
	if err := run([]string{t.TempDir()}, nil, "", wanted{}); err == nil {
		t.Error("a set without files was taken")
	}
}
