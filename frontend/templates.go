package frontend

import (
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"sync"
	"text/template/parse"

	"mashang/i18n"
)

// setKey names one set of templates: functions such as t and care are bound to it.
type setKey struct {
	lang i18n.Lang
	care bool
}

// set makes its templates when the first reader needs them.
type set func() (*template.Template, error)

// meta is what the first line of a page file says.
type meta struct {
	css    []string
	body   string
	layout string
}

var metaLine = regexp.MustCompile(`^\{\{/\*\s*(.*?)\s*\*/\}\}`)

func readMeta(name, src string) (meta, error) {
	m := meta{css: []string{"page"}, layout: "resident"}
	if found := metaLine.FindStringSubmatch(src); found != nil && strings.Contains(found[1], ":") {
		for pair := range strings.SplitSeq(found[1], ";") {
			key, value, _ := strings.Cut(pair, ":")
			value = trim(value)
			switch trim(key) {
			case "css":
				m.css = strings.Fields(value)
			case "body":
				m.body = value
			case "layout":
				m.layout = value
			default:
				return m, fmt.Errorf("%s: first line: unknown word %q", name, trim(key))
			}
		}
	}
	switch m.layout {
	case "resident", "staff", "bare":
	default:
		return m, fmt.Errorf("%s: first line: unknown layout %q", name, m.layout)
	}
	for i, c := range m.css {
		m.css[i] = c + ".css"
	}
	return m, nil
}

func frame(page string) string { return "frame:" + page }

func trim(s string) string { return strings.Join(strings.Fields(s), " ") }

// parse reads every template once and gives each language and mode a copy, which
// costs a fraction of parsing it again.
func (r *Renderer) parse(from fs.FS) error {
	trees := map[string]*parse.Tree{}
	r.pages = map[string]meta{}
	parts, err := fs.Glob(from, "parts/*.html")
	if err != nil {
		return err
	}
	pages, err := fs.Glob(from, "pages/*.html")
	if err != nil {
		return err
	}
	builtin := r.funcs(i18n.Hans, false)
	for _, name := range append(parts, pages...) {
		b, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		src := string(b)
		if strings.HasPrefix(name, "pages/") {
			page := strings.TrimSuffix(path.Base(name), ".html")
			m, err := readMeta(name, src)
			if err != nil {
				return err
			}
			for _, c := range m.css {
				if r.assets.byName[c] == nil {
					return fmt.Errorf("%s: no style sheet static/%s", name, c)
				}
			}
			r.pages[page] = m
			src += fmt.Sprintf(`{{define %q}}{{template "%s-top" .}}{{template %q .}}{{template "%s-end" .}}{{end}}`, frame(page), m.layout, page, m.layout)
		}
		if err := addTrees(trees, name, src, builtin); err != nil {
			return err
		}
	}
	r.sets = map[setKey]set{}
	for _, l := range i18n.Langs() {
		for _, care := range []bool{false, true} {
			r.sets[setKey{l, care}] = sync.OnceValues(func() (*template.Template, error) {
				t := template.New("").Funcs(r.funcs(l, care))
				for name, tree := range trees {
					if _, err := t.AddParseTree(name, tree.Copy()); err != nil {
						return nil, err
					}
				}
				return t, nil
			})
		}
	}
	// The default set is made now, so that a fault in a file stops the start.
	_, err = r.sets[setKey{i18n.Hans, false}]()
	return err
}

func addTrees(all map[string]*parse.Tree, file, src string, builtin template.FuncMap) error {
	found, err := parse.Parse(file, src, "{{", "}}", builtin, comparisons)
	if err != nil {
		return err
	}
	for name, tree := range found {
		if name == file {
			continue
		}
		if all[name] != nil {
			return fmt.Errorf("%s: %q is defined twice", file, name)
		}
		all[name] = tree
	}
	return nil
}

// comparisons are html/template's own functions, which the bare parser does not know.
var comparisons = map[string]any{
	"and": true, "or": true, "not": true, "len": true, "index": true, "slice": true, "print": true, "printf": true,
	"eq": true, "ne": true, "lt": true, "le": true, "gt": true, "ge": true, "call": true, "urlquery": true, "html": true, "js": true,
}
