package i18n

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

//go:embed locales/*.json
var locales embed.FS

// Catalog holds every message in every language. It never changes once loaded.
type Catalog struct {
	messages map[Lang]map[string]string
}

// Load reads the embedded locales. It fails when a key is missing in one of the
// languages, stands in two areas, or does not begin with the name of its area.
func Load() (*Catalog, error) {
	sub, err := fs.Sub(locales, "locales")
	if err != nil {
		return nil, fmt.Errorf("i18n: load: %w", err)
	}
	return LoadFS(sub)
}

// LoadFS is Load from another file system holding <lang>.<area>.json files.
func LoadFS(files fs.FS) (*Catalog, error) {
	c := &Catalog{messages: map[Lang]map[string]string{}}
	for _, l := range Langs() {
		c.messages[l] = map[string]string{}
	}
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, fmt.Errorf("i18n: load: %w", err)
	}
	var problems []error
	for _, name := range names {
		problems = append(problems, c.read(files, name))
	}
	problems = append(problems, c.complete()...)
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Catalog) read(files fs.FS, name string) error {
	lang, area, ok := strings.Cut(strings.TrimSuffix(path.Base(name), ".json"), ".")
	messages := c.messages[Lang(lang)]
	if !ok || messages == nil {
		return fmt.Errorf("i18n: load %s: the name must be <lang>.<area>.json", name)
	}
	b, err := fs.ReadFile(files, name)
	if err != nil {
		return fmt.Errorf("i18n: load %s: %w", name, err)
	}
	var flat map[string]string
	if err := json.Unmarshal(b, &flat); err != nil {
		return fmt.Errorf("i18n: load %s: %w", name, err)
	}
	for key, text := range flat {
		if !strings.HasPrefix(key, area+".") {
			return fmt.Errorf("i18n: load %s: key %q does not begin with %q", name, key, area+".")
		}
		if text == "" {
			return fmt.Errorf("i18n: load %s: key %q is empty", name, key)
		}
		messages[key] = text
	}
	return nil
}

func (c *Catalog) complete() []error {
	var problems []error
	for _, a := range Langs() {
		for _, b := range Langs() {
			for key := range c.messages[a] {
				if _, ok := c.messages[b][key]; !ok {
					problems = append(problems, fmt.Errorf("i18n: load: key %q of %s is missing in %s", key, a, b))
				}
			}
		}
	}
	return problems
}

// Has reports whether key can be said, itself or in its plural forms.
func (c *Catalog) Has(key string) bool {
	m := c.messages[Hans]
	_, ok := m[key]
	if !ok {
		_, ok = m[key+".other"]
	}
	return ok
}

// Keys lists every key, sorted.
func (c *Catalog) Keys() []string {
	keys := make([]string, 0, len(c.messages[Hans]))
	for k := range c.messages[Hans] {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// T says key in l. The arguments are pairs of a name and a value, put where the
// text has {name}. With an argument "n", key.one or key.other is taken when the
// catalog has them. An unknown key is returned as it is.
func (c *Catalog) T(l Lang, key string, args ...any) string {
	messages := c.messages[l]
	if messages == nil {
		messages = c.messages[Hans]
	}
	text, ok := messages[key]
	if n, counted := count(args); counted {
		form := ".other"
		if n == 1 {
			form = ".one"
		}
		if p, found := messages[key+form]; found {
			text, ok = p, true
		}
	}
	if !ok {
		return key
	}
	return fill(text, args)
}

func count(args []any) (int64, bool) {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] != "n" {
			continue
		}
		switch n := args[i+1].(type) {
		case int:
			return int64(n), true
		case int64:
			return n, true
		case string:
			v, err := strconv.ParseInt(n, 10, 64)
			return v, err == nil
		}
	}
	return 0, false
}

// fill puts the arguments in one pass, so that a value containing {name} stays
// what the reader typed.
func fill(text string, args []any) string {
	if len(args) < 2 || !strings.Contains(text, "{") {
		return text
	}
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, "{"+fmt.Sprint(args[i])+"}", fmt.Sprint(args[i+1]))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
