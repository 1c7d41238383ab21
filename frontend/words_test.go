package frontend_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"mashang/i18n"
)

var (
	wordLike = regexp.MustCompile(`^[a-z][a-z0-9]*(\.[a-z0-9_%-]+)+\.?$`)
	fileLike = regexp.MustCompile(`\.(css|js|html|json|sql|csv|xlsx|pdf|png|svg|txt|md|db|go|sqlite|zip)$`)
	// topics of messages, names of permissions and labels of keys have the form of keys.
	topics   = []string{"roster.published", "roster.corrected", "roster.sound", "roster.withdrawn", "roster.objection", "feedback.withdrawn", "emergency.reported", "emergency.withdrawn", "emergency.unanswered", "lead.reported", "lead.withdrawn", "staff.edit", "policy.edit", "policy.publish", "settings.edit", "jobs.run", "places.edit", "inspections.edit", "lists.publish", "endpoints.edit"}
	template = regexp.MustCompile(`"([^"]*)"`)
)

// TestWordsExist walks templates and code for keys: each one used must be in
// the catalog, whole or as the beginning of those it is put together with.
func TestWordsExist(t *testing.T) {
	c, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	keys := c.Keys()
	areas := map[string]bool{}
	for _, k := range keys {
		area, _, _ := strings.Cut(k, ".")
		areas[area] = true
	}
	known := func(s string) bool {
		if c.Has(s) || slices.Contains(topics, s) {
			return true
		}
		if i := strings.IndexByte(s, '%'); i >= 0 { // printf "error.%s.what"
			before, after := s[:i], s[i+2:]
			return slices.ContainsFunc(keys, func(k string) bool { return strings.HasPrefix(k, before) && strings.HasSuffix(k, after) })
		}
		prefix := strings.TrimSuffix(s, ".") + "."
		i, _ := slices.BinarySearch(keys, prefix)
		return i < len(keys) && strings.HasPrefix(keys[i], prefix)
	}
	check := func(file, s string) {
		area, _, _ := strings.Cut(s, ".")
		if !areas[area] || !wordLike.MatchString(s) || fileLike.MatchString(s) {
			return
		}
		if !known(s) {
			t.Errorf("%s: %q is in no locale", file, s)
		}
	}
	files := 0
	err = filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == ".git" || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		switch {
		case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
			files++
			return goStrings(path, check)
		case strings.HasSuffix(path, ".html") && strings.HasPrefix(path, ".."+string(filepath.Separator)+"frontend"):
			files++
			b, err := os.ReadFile(path)
			for _, m := range template.FindAllStringSubmatch(string(b), -1) {
				check(path, m[1])
			}
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 {
		t.Errorf("walked %d files only", files)
	}
}

func goStrings(path string, check func(file, s string)) error {
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.CallExpr:
			// Names of secrets and the purposes of hashes look like keys.
			if f, ok := n.Fun.(*ast.SelectorExpr); ok && (f.Sel.Name == "Get" || f.Sel.Name == "Blind") {
				return false
			}
		}
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil {
				check(path, s)
			}
		}
		return true
	})
	return nil
}
