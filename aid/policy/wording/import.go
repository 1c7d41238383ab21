package wording

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"mashang/aid/place"
	"mashang/aid/policy/translate"
	"mashang/aid/policy/xliff"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/text"
)

// Plan is what a file of translations would do. Units that cannot be taken are named
// in Refused and change nothing; Notes should be looked at before.
type Plan struct {
	Items                         []Item
	Rows                          []Row // what changes
	Units                         int   // in the file
	New, Changed, Confirmed, Same int
	Refused, Notes                place.Faults
}

// Row is one text that a file changes.
type Row struct {
	Unit      Unit // as it stands
	Text      string
	Confirmed bool // the translation stays, and is right for the new source
}

// done are the states by which a tool says that somebody has finished a unit.
var done = []string{"translated", "final", "signed-off"}

// markup is what would be a tag in a page.
var markup = regexp.MustCompile(`</?[A-Za-z][A-Za-z0-9-]*(\s[^<>]*)?/?>`)

// Plan reads a file and tells unit by unit what it would do. It writes nothing.
func (b *Book) Plan(ctx context.Context, raw []byte) (Plan, error) {
	var p Plan
	files, err := xliff.Read(raw)
	if err != nil {
		return p, err
	}
	stands, err := b.now(ctx)
	if err != nil {
		return p, err
	}
	seen := map[string]bool{}
	for _, f := range files {
		lang, err := target(f)
		if err != nil {
			return p, err
		}
		for _, x := range f.Units {
			p.Units++
			id := string(lang) + "/" + x.ID
			u, ok := stands[id]
			switch {
			case !ok:
				p.Refused.Add(x.Line, x.ID, "words.import.unknown")
			case seen[id]:
				p.Refused.Add(x.Line, x.ID, "words.import.twice")
			default:
				seen[id] = true
				p.take(u, x)
			}
		}
	}
	if p.Units == 0 {
		return p, problem.New(problem.Invalid, "words.import.empty")
	}
	return p, b.try(ctx, &p)
}

var errTried = errors.New("wording: only tried")

// target is the language of a file, which must be one of ours and come from ours.
func target(f xliff.File) (i18n.Lang, error) {
	from, ok := i18n.Parse(f.Source)
	if !ok || from != i18n.Hans {
		return "", &problem.Error{Kind: problem.Invalid, Key: "words.import.source", Args: map[string]string{"lang": text.Cut(text.Clean(f.Source), 20)}}
	}
	to, ok := i18n.Parse(f.Target)
	if !ok || !slices.Contains(translate.Langs(), to) {
		return "", &problem.Error{Kind: problem.Invalid, Key: "words.import.target", Args: map[string]string{"lang": text.Cut(text.Clean(f.Target), 20)}}
	}
	return to, nil
}

// take decides on one unit of a file.
func (p *Plan) take(u Unit, x xliff.Unit) {
	made := tidy(x.Target, u.Target)
	refuse := func(key string, args ...string) { p.Refused.Add(x.Line, x.ID, key, args...) }
	switch {
	case x.Void || made == "":
		p.Same++ // nobody has got that far
		return
	case made == xliff.Plain(u.Target) && (u.State != translate.Outdated || !slices.Contains(done, x.State)):
		p.Same++
		return
	case !same(x.Source, u.Source):
		refuse("words.import.moved")
		return
	case x.Inline:
		refuse("words.import.inline")
		return
	case made == xliff.Plain(u.Target):
		p.Confirmed++
		p.add(u, u.Target, true)
		return
	}
	if tag := markup.FindString(made); tag != "" {
		refuse("words.import.markup", "tag", text.Cut(tag, 40))
		return
	}
	if n, long := tooLong(u, made); long {
		refuse("words.import.long", "n", strconv.Itoa(n), "most", strconv.Itoa(Width(u)))
		return
	}
	p.add(u, made, false)
	p.note(u, x, made)
	if u.Target == "" {
		p.New++
	} else {
		p.Changed++
	}
}

func (p *Plan) add(u Unit, made string, confirmed bool) {
	it := itemOf(u)
	it.Text, it.Outdated = made, false
	p.Items = append(p.Items, it)
	p.Rows = append(p.Rows, Row{Unit: u, Text: made, Confirmed: confirmed})
}

// note warns of what a program sees to be wrong in a new translation.
func (p *Plan) note(u Unit, x xliff.Unit, made string) {
	u.Target = made
	u.check()
	if !u.Figures.None() {
		p.Notes.Add(x.Line, x.ID, "words.import.figures", "lost", list(u.Figures.Lost), "came", list(u.Figures.Came))
	}
	if odd := translate.Strange(made, u.Lang); odd != "" {
		p.Notes.Add(x.Line, x.ID, "words.import.script", "signs", odd)
	}
	if lines(u.Source) != lines(made) {
		p.Notes.Add(x.Line, x.ID, "words.import.items", "source", strconv.Itoa(lines(u.Source)), "target", strconv.Itoa(lines(made)))
	}
}

// lines counts the items of lists.
func lines(s string) int {
	n := 0
	for line := range strings.Lines(s) {
		if strings.HasPrefix(line, "- ") {
			n++
		}
	}
	return n
}

func list(all []string) string {
	if len(all) == 0 {
		return "—"
	}
	return strings.Join(all, "、")
}

// tidy takes off the space around a target that a tool added; what stands has none.
func tidy(made, stands string) string {
	made = strings.ReplaceAll(made, "\r\n", "\n")
	if made == xliff.Plain(stands) {
		return made
	}
	return strings.TrimSpace(made)
}

// same tells whether a source is the one that stands, however a tool broke its lines.
func same(source, stands string) bool {
	return source == xliff.Plain(stands) || strings.Join(strings.Fields(source), " ") == strings.Join(strings.Fields(xliff.Plain(stands)), " ")
}

// try writes the plan and takes it back. Objects that cannot be written as they are
// (a cite has broken since) are left out, with the reason, so that one of them does
// not keep all others from being translated.
func (b *Book) try(ctx context.Context, p *Plan) error {
	for len(p.Items) > 0 {
		err := b.Try(ctx, p.Items)
		var faults place.Faults
		switch {
		case err == nil:
			return nil
		case !errors.As(err, &faults) || !p.without(faults):
			return err
		}
	}
	return nil
}

// Try writes texts and takes them back, and tells what keeps them from being written.
func (b *Book) Try(ctx context.Context, items []Item) error {
	err := b.DB.Tx(ctx, func(q store.Queryer) error {
		if err := b.write(ctx, q, items); err != nil {
			return err
		}
		return errTried
	})
	if errors.Is(err, errTried) {
		return nil
	}
	return err
}

// without takes the objects of faults out of the plan and says why.
func (p *Plan) without(faults place.Faults) bool {
	why := map[string]place.Fault{}
	for _, f := range faults {
		if _, there := why[f.Item]; !there {
			why[f.Item] = f
		}
	}
	kept := Plan{Units: p.Units, Same: p.Same, Refused: p.Refused, Notes: p.Notes}
	for i, row := range p.Rows {
		f, wrong := why[row.Unit.Object.ID]
		switch {
		case wrong:
			kept.Refused = append(kept.Refused, place.Fault{Item: row.Unit.ID(), Key: f.Key, Args: f.Args})
			continue
		case row.Confirmed:
			kept.Confirmed++
		case row.Unit.Target == "":
			kept.New++
		default:
			kept.Changed++
		}
		kept.Rows, kept.Items = append(kept.Rows, row), append(kept.Items, p.Items[i])
	}
	if len(kept.Items) == len(p.Items) {
		return false
	}
	*p = kept
	return true
}
