package form

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
)

// The forms of today, the shared blocks they are put together from, and forms as they were: a draft keeps the version
// it was begun with, and a case is read by the version it was filed on.
//
//go:embed blocks.json forms/*.json forms/referral/*.json forms/old/*.json
var formFiles embed.FS

// shelf is all forms: those of today by programme, and every version by programme and version.
type shelf struct {
	today map[string]*Form
	all   map[[2]string]*Form
}

// forms are the embedded forms, compiled once: they are constants that are only easier to write as files.
var forms = sync.OnceValues(func() (shelf, error) {
	s := shelf{today: map[string]*Form{}, all: map[[2]string]*Form{}}
	b, err := formFiles.ReadFile("blocks.json")
	if err != nil {
		return s, err
	}
	var parts blocks
	if err := json.Unmarshal(b, &parts); err != nil {
		return s, fmt.Errorf("apply: blocks.json: %w", err)
	}
	var names []string
	for _, pattern := range []string{"forms/*.json", "forms/referral/*.json", "forms/old/*.json"} {
		some, err := fs.Glob(formFiles, pattern)
		if err != nil {
			return s, err
		}
		names = append(names, some...)
	}
	for _, name := range names {
		f, err := read(name, parts)
		if err != nil {
			return s, fmt.Errorf("apply: %s: %w", name, err)
		}
		if s.all[[2]string{f.Programme, f.Version}] != nil {
			return s, fmt.Errorf("apply: %s: version %s stands there twice", name, f.Version)
		}
		s.all[[2]string{f.Programme, f.Version}] = f
		if path.Base(path.Dir(name)) != "old" {
			s.today[f.Programme] = f
		}
	}
	return s, nil
})

func read(name string, parts blocks) (*Form, error) {
	b, err := formFiles.ReadFile(name)
	if err != nil {
		return nil, err
	}
	whole, err := parts.expand(b)
	if err != nil {
		return nil, err
	}
	return compile(whole)
}

// Load reports what is wrong with the embedded forms; nil when they are sound.
func Load() error {
	_, err := forms()
	return err
}

// Of is the form of a programme as it is asked today. Its slices are shared: read them only.
func Of(programme string) (*Form, bool) {
	s, err := forms()
	if err != nil {
		return nil, false
	}
	f, ok := s.today[programme]
	return f, ok
}

// At is the form of a programme in the version with which something was begun or filed; today's when that version is
// not kept.
func At(programme, version string) (*Form, bool) {
	s, err := forms()
	if err != nil {
		return nil, false
	}
	if f, ok := s.all[[2]string{programme, version}]; ok {
		return f, true
	}
	return Of(programme)
}

// Programmes lists those that have a form.
func Programmes() []string {
	s, err := forms()
	if err != nil {
		return nil
	}
	return slices.Sorted(maps.Keys(s.today))
}

// Versions lists the versions of a programme's form that can still be read, the newest first.
func Versions(programme string) []string {
	s, err := forms()
	if err != nil {
		return nil
	}
	var all []string
	for key := range s.all {
		if key[0] == programme {
			all = append(all, key[1])
		}
	}
	slices.Sort(all)
	slices.Reverse(all)
	return all
}

// blocks are what several forms ask in the same way.
type blocks struct {
	Options map[string][]string         `json:"options"` // lists of choices by name; "!" behind a value: it goes with no other
	Fields  map[string]map[string]any   `json:"fields"`
	Pages   map[string]map[string]any   `json:"pages"`
	Sets    map[string][]map[string]any `json:"sets"` // several pages under one name
	Papers  map[string]map[string]any   `json:"papers"`
}

// expand writes a form out in full: what it uses is put in its place, and what goes without saying is said.
func (b blocks) expand(raw []byte) ([]byte, error) {
	var doc map[string]any
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, err
	}
	var pages []map[string]any
	for _, one := range objects(doc["pages"]) {
		more, err := b.pages(one)
		if err != nil {
			return nil, err
		}
		pages = append(pages, more...)
	}
	doc["pages"] = pages
	var papers []map[string]any
	for _, one := range objectsOrNames(doc["papers"]) {
		w, err := use("papers", b.Papers, one)
		if err != nil {
			return nil, err
		}
		w["label"] = or(w["label"], "form.paper."+word(w["key"]))
		papers = append(papers, w)
	}
	if len(papers) > 0 {
		doc["papers"] = papers
	}
	if doc["steps"] == nil {
		doc["steps"] = steps(pages)
	}
	return json.Marshal(doc)
}

// steps are those of the pages, in their order.
func steps(pages []map[string]any) []map[string]any {
	var all []map[string]any
	for _, p := range pages {
		key := p["step"]
		if !slices.ContainsFunc(all, func(s map[string]any) bool { return s["key"] == key }) {
			all = append(all, map[string]any{"key": key, "title": "form.step." + word(key)})
		}
	}
	return all
}

func (b blocks) pages(one map[string]any) ([]map[string]any, error) {
	if set, ok := b.Sets[word(one["use"])]; ok && len(one) == 1 {
		var all []map[string]any
		for _, p := range set {
			more, err := b.pages(p)
			if err != nil {
				return nil, err
			}
			all = append(all, more...)
		}
		return all, nil
	}
	p, err := use("pages", b.Pages, one)
	if err != nil {
		return nil, err
	}
	p["title"] = or(p["title"], "form.page."+word(p["key"]))
	without := p["without"]
	delete(p, "without")
	var fields []map[string]any
	for _, f := range append(objectsOrNames(p["fields"]), objects(p["more"])...) {
		whole, err := b.field(f, "form.")
		if err != nil {
			return nil, fmt.Errorf("page %s: %w", p["key"], err)
		}
		if !contains(without, whole["key"]) {
			fields = append(fields, whole)
		}
	}
	delete(p, "more")
	delete(p, "fields")
	if len(fields) > 0 {
		p["fields"] = fields
	}
	return []map[string]any{p}, nil
}

// usual is what goes without saying for a kind of field.
var usual = map[string]map[string]any{
	Money:   {"inputmode": "decimal", "min": 0, "max": 10_000_000_000},
	Whole:   {"inputmode": "numeric"},
	Account: {"inputmode": "numeric"},
	PhoneNo: {"inputmode": "tel"},
}

func (b blocks) field(one map[string]any, prefix string) (map[string]any, error) {
	f, err := use("fields", b.Fields, one)
	if err != nil {
		return nil, err
	}
	f["label"] = or(f["label"], prefix+word(f["key"]))
	for name, value := range usual[word(f["kind"])] {
		f[name] = or(f[name], value)
	}
	if err := b.options(f); err != nil {
		return nil, err
	}
	var parts []map[string]any
	for _, part := range objectsOrNames(f["fields"]) {
		whole, err := b.field(part, word(f["label"])+".")
		if err != nil {
			return nil, err
		}
		parts = append(parts, whole)
	}
	if len(parts) > 0 {
		f["fields"] = parts
	}
	return f, nil
}

// options writes out a list that is given by its name, or by its values alone.
func (b blocks) options(f map[string]any) error {
	var values []string
	prefix := word(f["label"]) + "."
	switch o := f["options"].(type) {
	case string:
		known, ok := b.Options[o]
		if !ok {
			return fmt.Errorf("field %s: there are no options %s", f["key"], o)
		}
		values, prefix = known, "form.opt."+o+"."
	case []any:
		for _, v := range o {
			s, plain := v.(string)
			if !plain {
				return nil
			}
			values = append(values, s)
		}
	}
	var all []map[string]any
	for _, v := range values {
		v, alone := strings.CutSuffix(v, "!")
		o := map[string]any{"value": v, "label": prefix + v}
		if alone {
			o["alone"] = true
		}
		all = append(all, o)
	}
	if len(all) > 0 {
		f["options"] = all
	}
	return nil
}

// use puts a block in the place where it is named, under what is said there.
func use(kind string, of map[string]map[string]any, one map[string]any) (map[string]any, error) {
	name, ok := one["use"].(string)
	if !ok {
		return maps.Clone(one), nil
	}
	block, known := of[name]
	if !known {
		return nil, fmt.Errorf("there is no %s %s", kind, name)
	}
	whole, err := use(kind, of, block)
	if err != nil {
		return nil, err
	}
	if whole["key"] == nil {
		whole["key"] = name
	}
	maps.Copy(whole, one)
	delete(whole, "use")
	return whole, nil
}

func objects(v any) []map[string]any {
	var all []map[string]any
	some, _ := v.([]any)
	for _, one := range some {
		if m, ok := one.(map[string]any); ok {
			all = append(all, m)
		}
	}
	return all
}

// listOrNames is list, in which a bare name uses the block of that name.
func objectsOrNames(v any) []map[string]any {
	var all []map[string]any
	some, _ := v.([]any)
	for _, one := range some {
		switch one := one.(type) {
		case string:
			all = append(all, map[string]any{"use": one})
		case map[string]any:
			all = append(all, one)
		}
	}
	return all
}

func contains(v, one any) bool {
	some, _ := v.([]any)
	return slices.Contains(some, one)
}

func word(v any) string {
	s, _ := v.(string)
	return s
}

func or(v, otherwise any) any {
	if v == nil {
		return otherwise
	}
	return v
}
