package policy_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"mashang/i18n"
)

// Every key that this room and the one below it may say has words.
func TestEveryKeyHasWords(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	key := regexp.MustCompile(`"((?:place|policy)\.[a-z]+[a-z._]*)"`)
	found := 0
	for _, pattern := range []string{"*.go", "../place/*.go"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range key.FindAllSubmatch(b, -1) {
				found++
				for _, l := range i18n.Langs() {
					if k := string(m[1]); catalog.T(l, k) == k {
						t.Errorf("%s: %s has no words in %s", name, k, l)
					}
				}
			}
		}
	}
	if found < 50 {
		t.Errorf("only %d keys found", found)
	}
}
