package wording

import (
	"io"
	"strings"
	"unicode/utf8"

	"mashang/aid/policy"
	"mashang/aid/policy/translate"
	"mashang/aid/policy/xliff"
	"mashang/i18n"
)

// Export writes texts as XLIFF, each object a file of its own. The same texts always
// give the same bytes.
func Export(w io.Writer, all []Unit) error {
	var files []xliff.File
	for _, u := range all {
		original := u.Object.Kind + "/" + u.Object.ID
		if n := len(files); n == 0 || files[n-1].Original != original || files[n-1].Target != string(u.Lang) {
			files = append(files, xliff.File{Original: original, Source: string(i18n.Hans), Target: string(u.Lang)})
		}
		f := &files[len(files)-1]
		f.Units = append(f.Units, unit(u))
	}
	return xliff.Write(w, files)
}

// Ordered puts texts language by language, so that an export has one file an object.
func Ordered(all []Unit) []Unit {
	var out []Unit
	for _, l := range translate.Langs() {
		out = append(out, Choose(all, Filter{Lang: l})...)
	}
	return out
}

func unit(u Unit) xliff.Unit {
	x := xliff.Unit{ID: u.ID(), Name: u.Path, Source: u.Source, Target: u.Target, State: xliff.Translated, MaxWidth: Width(u)}
	x.Notes = append(x.Notes, u.Title.Hans+" ("+u.Object.Kind+" "+u.Object.ID+"): "+u.Path)
	switch u.State {
	case translate.Missing:
		x.State = xliff.NeedsTranslation
	case translate.Outdated:
		x.State = xliff.NeedsReview
		if u.Was != "" {
			x.Notes = append(x.Notes, "译时原文 / translated from: "+u.Was)
		}
	}
	for _, lost := range u.Figures.Lost {
		x.Notes = append(x.Notes, "译文缺 / not in the translation: "+lost)
	}
	for _, came := range u.Figures.Came {
		x.Notes = append(x.Notes, "原文没有 / not in the source: "+came)
	}
	return x
}

// Width is how many characters a text may have, 0 where nothing bounds it. It says
// what the checks of policy say when a text is written; a test holds the two together.
func Width(u Unit) int {
	most := 0
	last := u.Path[strings.LastIndexByte(u.Path, '.')+1:]
	switch {
	case u.Object.Kind == policy.OfStandard:
		return 0
	case u.Path == "name", strings.HasPrefix(u.Path, "sections.") && last == "title":
		most = 120
	case u.Path == "alias", u.Path == "summary", strings.HasPrefix(u.Path, "questions."), strings.HasPrefix(u.Path, "deadlines."),
		strings.HasPrefix(u.Path, "papers.") && last == "name", strings.HasPrefix(u.Path, "steps.") && last == "title":
		most = 400
	default:
		most = 8_000
	}
	if u.Lang == i18n.En {
		most *= 4
	}
	return most
}

// tooLong tells how many characters s has when that is more than u may have.
func tooLong(u Unit, s string) (n int, long bool) {
	most := Width(u)
	n = utf8.RuneCountInString(s)
	return n, most > 0 && n > most
}
