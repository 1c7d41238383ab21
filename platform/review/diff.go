package review

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// maxDepth is how deep Diff looks; what lies below is compared as a whole.
const maxDepth = 48

// Line is one difference: the path of a field and what stood and stands there, as
// text; "" where the field is missing. Paths read programme.items[id=a].label, or
// items[2] where the items have no id; items[] tells of a new order.
type Line struct {
	Path, Old, New string
}

// Diff compares two JSON values field by field. Keys go in alphabetical order; items
// of a list in the order they have now, those that are gone last. Items are told
// apart by their "id" or "key" when all have one, else by their place. It is empty
// just when the values are the same.
func Diff(before, after json.RawMessage) []Line {
	a, errA := decode(before)
	b, errB := decode(after)
	if errA != nil || errB != nil {
		if string(before) == string(after) {
			return nil
		}
		return []Line{{Old: string(before), New: string(after)}}
	}
	var d differ
	d.compare("", a, b, 0)
	return d.lines
}

// missing stands for a field that is not there, which null is not.
type missing struct{}

type differ struct{ lines []Line }

func (d *differ) compare(path string, a, b any, depth int) {
	if depth < maxDepth {
		if x, y, ok := both[map[string]any](a, b); ok && len(x)+len(y) > 0 {
			d.objects(path, x, y, depth)
			return
		}
		if x, y, ok := both[[]any](a, b); ok && len(x)+len(y) > 0 {
			d.lists(path, x, y, depth)
			return
		}
	}
	d.leaf(path, a, b)
}

// both are two values of one kind, objects or lists. Against one that is not empty,
// what is missing or null counts as empty, so that its fields show one by one.
func both[T map[string]any | []any](a, b any) (x, y T, ok bool) {
	x, isX := a.(T)
	y, isY := b.(T)
	return x, y, isX && isY || isX && len(x) > 0 && void(b) || isY && len(y) > 0 && void(a)
}

func void(v any) bool { return v == nil || v == any(missing{}) }

func (d *differ) objects(path string, a, b map[string]any, depth int) {
	names := maps.Clone(a)
	if names == nil {
		names = map[string]any{}
	}
	maps.Copy(names, b)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		d.compare(field(path, name), get(a, name), get(b, name), depth+1)
	}
}

func get(m map[string]any, name string) any {
	if v, ok := m[name]; ok {
		return v
	}
	return missing{}
}

func (d *differ) lists(path string, a, b []any, depth int) {
	for _, by := range []string{"id", "key"} {
		x, okA := named(a, by)
		y, okB := named(b, by)
		if okA && okB {
			d.byName(path, by, x, y, depth)
			return
		}
	}
	for i := range max(len(a), len(b)) {
		var x, y any = missing{}, missing{}
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		d.compare(path+"["+strconv.Itoa(i)+"]", x, y, depth+1)
	}
}

// items are those of a list, by name and in order.
type items struct {
	names []string
	of    map[string]any
}

// named tells the items of a list apart by a field, when each has one of its own.
func named(list []any, by string) (items, bool) {
	out := items{of: map[string]any{}}
	for _, v := range list {
		m, _ := v.(map[string]any)
		var name string
		switch id := m[by].(type) {
		case string:
			name = id
		case json.Number:
			name = id.String()
		default:
			return items{}, false
		}
		if _, twice := out.of[name]; twice {
			return items{}, false
		}
		out.names = append(out.names, name)
		out.of[name] = v
	}
	return out, true
}

func (d *differ) byName(path, by string, a, b items, depth int) {
	at := func(name string) string { return path + "[" + by + "=" + word(name) + "]" }
	for _, name := range b.names {
		d.compare(at(name), get(a.of, name), b.of[name], depth+1)
	}
	for _, name := range a.names {
		if _, stays := b.of[name]; !stays {
			d.compare(at(name), a.of[name], missing{}, depth+1)
		}
	}
	old, now := common(a, b), common(b, a)
	if !slices.Equal(old, now) {
		d.lines = append(d.lines, Line{path + "[]", strings.Join(old, ", "), strings.Join(now, ", ")})
	}
}

// common are the names of a that b has too, in a's order.
func common(a, b items) []string {
	var out []string
	for _, name := range a.names {
		if _, ok := b.of[name]; ok {
			out = append(out, word(name))
		}
	}
	return out
}

func (d *differ) leaf(path string, a, b any) {
	old, now := string(encode(a)), string(encode(b))
	if old == now {
		return
	}
	if x, y := text(a, old), text(b, now); x != y {
		old, now = x, y
	} // else 1 has become "1": only their JSON tells them apart
	d.lines = append(d.lines, Line{path, old, now})
}

// text is a value as a person reads it.
func text(v any, encoded string) string {
	if s, ok := v.(string); ok {
		return s
	}
	return encoded
}

func field(path, name string) string {
	w := word(name)
	switch {
	case w != name:
		return path + "[" + w + "]"
	case path == "":
		return w
	}
	return path + "." + w
}

// word is a name as it stands in a path: quoted when it could be taken for more.
func word(name string) string {
	if name == "" || strings.ContainsAny(name, `.[]"=,`) || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }) {
		return strconv.Quote(name)
	}
	return name
}

func decode(raw json.RawMessage) (any, error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, nil
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber() // amounts keep every digit
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one value")
	}
	return v, nil
}

// encode is JSON with its keys in order and nothing between; "" for what is missing.
func encode(v any) []byte {
	if v == any(missing{}) {
		return nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil // what was decoded always encodes
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
