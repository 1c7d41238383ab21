package translate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"mashang/i18n"
	"mashang/platform/store"
)

// Object is something with translated texts: what kind it is, and its id.
type Object struct{ Kind, ID string }

// spot is one translation, by its own words: wherever it stands in a list.
type spot struct {
	Object
	form string
	lang i18n.Lang
	made string // the translation's sum
}

// Ledger knows what translations were made from, as far as anything has to be
// known: a translation it does not name is as fresh as it is there. What it does
// name is outdated beside any other source.
type Ledger struct {
	sources map[spot][]string // the newest last
}

// State tells how a translation stands to its source.
type State string

// The states. A text without a source that has no translation either is no text: it
// has no state.
const (
	Fresh    State = "fresh"
	Outdated State = "outdated"
	Missing  State = "missing"
)

// States lists them, the worst first.
func States() []State { return []State{Missing, Outdated, Fresh} }

// Sum names a text in a few letters.
func Sum(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:12])
}

func at(o Object, f Field, l i18n.Lang) spot {
	return spot{o, f.form, l, Sum(In(*f.Text, l))}
}

// State is how the translation of f into l stands, and, when it is outdated, the
// source it was made from.
func (g *Ledger) State(o Object, f Field, l i18n.Lang) (state State, was string) {
	source, made := f.Text.Hans, In(*f.Text, l)
	switch {
	case source == "" && made == "":
		return "", ""
	case source == "":
		return Outdated, "" // what it said is gone
	case made == "":
		if Optional(f.Path) {
			return "", ""
		}
		return Missing, ""
	case made == source && untranslated(source, l):
		return Missing, ""
	}
	known := g.sources[at(o, f, l)]
	if len(known) == 0 || slices.Contains(known, source) {
		return Fresh, ""
	}
	return Outdated, nearest(known, source)
}

// nearest is the source most like the one that stands now; of equals the newest.
func nearest(known []string, source string) string {
	best, most := "", -1
	for _, one := range known {
		n := 0
		for _, r := range source {
			if strings.ContainsRune(one, r) {
				n++
			}
		}
		if n >= most {
			best, most = one, n
		}
	}
	return best
}

// untranslated tells whether a text may not stand in l as it is. Much Chinese is the
// same in both scripts; English is never Chinese.
func untranslated(source string, l i18n.Lang) bool {
	if l == i18n.Hant {
		return Strange(source, i18n.Hant) != ""
	}
	return hasHan(source)
}

// Optional are texts that say something in another way: their translation may be left out.
func Optional(path string) bool {
	return path == "alias" || len(path) > 10 && path[:10] == "questions." && path != "questions.0"
}

// pair is a translation and what it was made from.
type pair struct {
	spot
	source string
}

// learn is what must be known once before has become after, so that translations
// whose source was changed under them are found. before and after point to the two
// versions of one object; before is nil for what is new.
func (g *Ledger) learn(o Object, before, after any) []pair {
	if before == nil {
		return nil
	}
	had, has := groups(o, before), groups(o, after)
	var out []pair
	for s, now := range has {
		old := had[s]
		if len(old) == 0 {
			continue // new words: as fresh as can be, unless they are known from of old
		}
		came := slices.DeleteFunc(slices.Clone(now), func(source string) bool { return slices.Contains(old, source) })
		if len(came) == 0 {
			continue
		}
		known := g.sources[s]
		gone := slices.ContainsFunc(old, func(source string) bool { return !slices.Contains(now, source) })
		switch {
		case gone: // the source was changed and the translation was not
			for _, source := range old {
				if len(known) == 0 {
					out = append(out, pair{s, source})
				}
			}
		case len(known) > 0: // one more text that happens to be translated by the same words
			for _, source := range came {
				out = append(out, pair{s, source})
			}
		}
	}
	return out
}

// groups are the sources beside each translation of an object.
func groups(o Object, v any) map[spot][]string {
	out := map[spot][]string{}
	for _, f := range Fields(v) {
		for _, l := range Langs() {
			if In(*f.Text, l) == "" {
				continue
			}
			if s := at(o, f, l); !slices.Contains(out[s], f.Text.Hans) {
				out[s] = append(out[s], f.Text.Hans)
			}
		}
	}
	return out
}

// Keep notes what the change of an object leaves outdated, in the transaction that
// writes it.
func (g *Ledger) Keep(ctx context.Context, q store.Queryer, o Object, before, after any, now time.Time) error {
	for _, p := range g.learn(o, before, after) {
		if err := g.add(ctx, q, p, now); err != nil {
			return err
		}
	}
	return nil
}

// Confirm notes that the translation of f into l is right for the source that stands
// now; Doubt takes that back.
func (g *Ledger) Confirm(ctx context.Context, q store.Queryer, o Object, f Field, l i18n.Lang, now time.Time) error {
	if state, _ := g.State(o, f, l); state != Outdated {
		return nil
	}
	return g.add(ctx, q, pair{at(o, f, l), f.Text.Hans}, now)
}

// Doubt takes a confirmation back. What nobody knows another source of stays fresh.
func (g *Ledger) Doubt(ctx context.Context, q store.Queryer, o Object, f Field, l i18n.Lang) error {
	s := at(o, f, l)
	known := g.sources[s]
	if len(known) < 2 || !slices.Contains(known, f.Text.Hans) {
		return nil
	}
	if err := deleteSource(ctx, q, s, f.Text.Hans); err != nil {
		return fmt.Errorf("translate: doubt: %w", err)
	}
	g.sources[s] = slices.DeleteFunc(slices.Clone(known), func(source string) bool { return source == f.Text.Hans })
	return nil
}

func (g *Ledger) add(ctx context.Context, q store.Queryer, p pair, now time.Time) error {
	if err := insertSource(ctx, q, p.spot, p.source, now); err != nil {
		return fmt.Errorf("translate: keep: %w", err)
	}
	g.sources[p.spot] = append(g.sources[p.spot], p.source)
	return nil
}
