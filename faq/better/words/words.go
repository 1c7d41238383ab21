// Package words is the lexicon as an office keeps it: the words that ship with the program, and over them what the office has
// changed, line by line. A newer program brings its newer words and takes back nothing of the office's.
package words

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"mashang/aid/policy"
	"mashang/faq"
	"mashang/i18n"
	"mashang/platform/fresh"
	"mashang/platform/kv"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/text"
)

// topic is the notice and the version of the snapshot.
const topic = "sayings"

// Row is one line of the lexicon.
type Row struct {
	Words      string   `json:"words"`
	Lang       string   `json:"lang"`
	Kind       string   `json:"kind"`
	Programmes []string `json:"programmes,omitempty"`
	Aspect     string   `json:"aspect,omitempty"`
	Hotline    string   `json:"hotline,omitempty"`
	Note       string   `json:"note,omitempty"` // where it was heard
	Off        bool     `json:"off,omitempty"`  // not in use
}

// Line is a row with where it comes from.
type Line struct {
	Row
	Name    string // the words, folded: what tells lines apart
	Shipped bool   // it came with the program
	Ours    bool   // the office wrote or changed it
	At      time.Time
}

// Book keeps the lexicon. Its fields are set once.
type Book struct {
	DB      *store.DB
	KV      kv.Store
	Now     func() time.Time
	Log     *slog.Logger
	Library *policy.Library
	Words   *i18n.Catalog // which offices there are words for

	shipped map[string]Row
	twins   map[string][]faq.Saying // shipped lines by name: some differ in their script alone
	order   []string
	snap    *fresh.Snapshot[state]
}

// state is the lexicon at one version. It never changes.
type state struct {
	lines   []Line
	sayings []faq.Saying
}

// Open reads the lexicon and keeps it fresh until Close.
func (b *Book) Open(ctx context.Context) error {
	seed, err := faq.SeedSayings()
	if err != nil {
		return fmt.Errorf("words: open: %w", err)
	}
	b.shipped, b.twins = map[string]Row{}, map[string][]faq.Saying{}
	for _, s := range seed {
		name := Name(s.Words)
		if _, had := b.shipped[name]; !had {
			b.shipped[name] = rowOf(s)
			b.order = append(b.order, name)
		}
		b.twins[name] = append(b.twins[name], s)
	}
	b.snap, err = fresh.Open(ctx, fresh.Source{DB: b.DB, KV: b.KV, Log: b.Log, Name: topic}, func(ctx context.Context, q store.Queryer, _ int64) (*state, error) {
		ours, err := selectRows(ctx, q)
		if err != nil {
			return nil, err
		}
		return b.lay(ours), nil
	})
	if err != nil {
		return fmt.Errorf("words: open: %w", err)
	}
	return nil
}

// Close ends the watch; the last lexicon stays readable.
func (b *Book) Close() { b.snap.Close() }

// Name is what tells lines apart: words that are matched alike are one line.
func Name(words string) string { return strings.Join(strings.Fields(text.Fold(words)), " ") }

func rowOf(s faq.Saying) Row {
	r := Row{Words: s.Words, Lang: string(i18n.Hans), Kind: s.Kind, Programmes: s.Programmes, Aspect: s.Aspect, Hotline: s.Hotline}
	switch s.Kind {
	case "en":
		r.Lang = string(i18n.En)
	case "hant":
		r.Lang = string(i18n.Hant)
	}
	return r
}

func (r Row) saying() faq.Saying {
	return faq.Saying{Words: r.Words, Programmes: r.Programmes, Kind: r.Kind, Hotline: r.Hotline, Aspect: r.Aspect}
}

// lay puts the office's rows over the shipped ones.
func (b *Book) lay(ours map[string]kept) *state {
	s := &state{}
	for _, name := range b.order {
		if _, changed := ours[name]; changed {
			continue
		}
		s.lines = append(s.lines, Line{Row: b.shipped[name], Name: name, Shipped: true})
		s.sayings = append(s.sayings, b.twins[name]...)
	}
	for _, name := range slices.Sorted(maps.Keys(ours)) {
		_, shipped := b.shipped[name]
		s.lines = append(s.lines, Line{Row: ours[name].Row, Name: name, Shipped: shipped, Ours: true, At: ours[name].at})
		if !ours[name].Off {
			s.sayings = append(s.sayings, ours[name].saying())
		}
	}
	return s
}

// Sayings is the lexicon as the assistant takes it, and its version.
func (b *Book) Sayings() ([]faq.Saying, int64) {
	s, version := b.snap.Current()
	return s.sayings, version
}

// Laid is the lexicon as it would be with some lines changed.
func (b *Book) Laid(ctx context.Context, items []Item) ([]faq.Saying, error) {
	ours, err := selectRows(ctx, b.DB)
	if err != nil {
		return nil, fmt.Errorf("words: lay: %w", err)
	}
	for _, it := range items {
		if it.Row == nil || b.isShipped(it) {
			delete(ours, it.Name)
		} else {
			ours[it.Name] = kept{Row: *it.Row}
		}
	}
	return b.lay(ours).sayings, nil
}

func (b *Book) isShipped(it Item) bool {
	had, ok := b.shipped[it.Name]
	return ok && it.Row != nil && string(pack(had)) == string(pack(*it.Row))
}

// Filter chooses lines; what is empty chooses all.
type Filter struct {
	Find, Lang, Kind, Programme string
	Ours, Off                   bool
}

// Lines lists what a filter chooses: the office's own lines first, the newest of them first.
func (b *Book) Lines(f Filter) []Line {
	s, _ := b.snap.Current()
	find := Name(f.Find)
	var all []Line
	for _, l := range s.lines {
		if f.Lang != "" && l.Lang != f.Lang || f.Kind != "" && l.Kind != f.Kind || f.Programme != "" && !slices.Contains(l.Programmes, f.Programme) ||
			f.Ours && !l.Ours || f.Off && !l.Off || find != "" && !strings.Contains(l.Name, find) {
			continue
		}
		all = append(all, l)
	}
	slices.SortStableFunc(all, func(x, y Line) int {
		if x.Ours != y.Ours {
			return map[bool]int{true: -1, false: 1}[x.Ours]
		}
		return y.At.Compare(x.At)
	})
	return all
}

// Line is one line by its words.
func (b *Book) Line(words string) (Line, bool) {
	s, _ := b.snap.Current()
	name := Name(words)
	i := slices.IndexFunc(s.lines, func(l Line) bool { return l.Name == name })
	if i < 0 {
		return Line{}, false
	}
	return s.lines[i], true
}

// Kinds are the sorts of words.
func Kinds() []string {
	return []string{"plain", "ask", "dialect", "old", "typo", "pinyin", "hant", "en"}
}

// Aspects are what a word may ask for.
func Aspects() []string {
	return []string{"who", "what", "how_much", "papers", "how", "where", "how_long", "status", "publicity", "renewal", "duties", "stacking", "appeal"}
}

// hotlines are the numbers of other offices that there are words for.
var hotlines = []string{"12345", "12333", "12366", "12329", "12315", "12367", "12123", "12355", "12338", "12348", "12356", "12385", "12388", "12393"}

// Hotlines are the numbers a line may send to.
func (b *Book) Hotlines() []string {
	return slices.DeleteFunc(slices.Clone(hotlines), func(n string) bool { return !b.Words.Has("ask.hotline." + n) })
}

const (
	longestWords = 30
	longestNote  = 200
)

// mostSentAway is how many of the office's own answers may be asked for with words that send to another office.
const mostSentAway = 5

// answered is how many answers of the office's own are asked for with these words: who asks so would be sent away from them.
func (b *Book) answered(words string) int {
	n := 0
	for _, e := range b.Library.Shelf().Entries() {
		for _, q := range e.Questions {
			han, latin := text.Scripts(text.Fold(q.Hans))
			if strings.Contains(han+latin, words) || strings.Contains(text.Fold(q.En), words) {
				n++
				break
			}
		}
	}
	return n
}

// Check tidies a row and says what is wrong with it: a *problem.Error with the fields.
func (b *Book) Check(r Row) (Row, error) {
	r.Words, r.Note = text.Clean(r.Words), text.Clean(r.Note)
	bad := map[string]string{}
	folded := text.Fold(r.Words)
	han, latin := text.Scripts(folded)
	switch {
	case han == "" && latin == "":
		bad["words"] = "better.words.missing"
	case text.Len(r.Words) > longestWords:
		bad["words"] = "better.words.long"
	case han != "" && text.Len(han) < 2, han == "" && len(latin) < 3:
		bad["words"] = "better.words.short" // it would stand in every other question
	case !r.Off && len(r.Programmes) == 0 && r.Hotline != "" && b.answered(han+latin) > mostSentAway:
		bad["words"] = "better.words.wide"
	case privacy.Scrub(r.Words) != r.Words:
		bad["words"] = "better.wording.person"
	}
	if privacy.Scrub(r.Note) != r.Note || text.Len(r.Note) > longestNote {
		bad["note"] = "better.note.wrong"
	}
	if !slices.Contains(Kinds(), r.Kind) {
		bad["kind"] = "better.words.kind"
	}
	if l, ok := i18n.Parse(r.Lang); ok {
		r.Lang = string(l)
	} else {
		bad["lang"] = "better.words.lang"
	}
	for _, id := range r.Programmes {
		if _, ok := b.Library.Shelf().Programme(id); !ok {
			bad["programmes"] = "better.words.programme"
		}
	}
	if r.Aspect != "" && !slices.Contains(Aspects(), r.Aspect) {
		bad["aspect"] = "better.words.aspect"
	}
	if r.Hotline != "" && !slices.Contains(b.Hotlines(), r.Hotline) {
		bad["hotline"] = "better.words.hotline"
	}
	if len(r.Programmes) == 0 && r.Aspect == "" && r.Hotline == "" && len(bad) == 0 && !r.Off {
		bad["programmes"] = "better.words.nothing"
	}
	if len(bad) > 0 {
		return r, &problem.Error{Kind: problem.Invalid, Key: "better.words.wrong", Fields: bad}
	}
	return r, nil
}
