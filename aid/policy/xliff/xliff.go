// Package xliff writes and reads the file that translators work on: XLIFF 1.2, strict.
package xliff

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Namespace is that of XLIFF 1.2.
const Namespace = "urn:oasis:names:tc:xliff:document:1.2"

// States of a target, as far as we write them.
const (
	Translated       = "translated"
	NeedsTranslation = "needs-translation"
	NeedsReview      = "needs-review-translation"
)

// File is the texts of one object in two languages.
type File struct {
	Original string // what the texts belong to
	Source   string // language of the sources
	Target   string // language of the targets
	Units    []Unit
}

// Unit is one text and its translation.
type Unit struct {
	ID, Name       string
	Source, Target string
	State          string
	MaxWidth       int      // in characters; 0 for no bound
	Notes          []string // for who translates

	Line   int  // of a file that was read
	Inline bool // the target holds marks of a tool, not words alone
	Void   bool // there is no target at all
}

// Write writes a file. What XML cannot hold becomes U+FFFD; line breaks are kept.
func Write(w io.Writer, files []File) error {
	var b bytes.Buffer
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xliff version=\"1.2\" xmlns=\"" + Namespace + "\">\n")
	for _, f := range files {
		fmt.Fprintf(&b, "  <file original=%s source-language=%s target-language=%s datatype=\"plaintext\" xml:space=\"preserve\">\n    <body>\n",
			quoted(f.Original), quoted(f.Source), quoted(f.Target))
		for _, u := range f.Units {
			unit(&b, u)
		}
		b.WriteString("    </body>\n  </file>\n")
	}
	b.WriteString("</xliff>\n")
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("xliff: write: %w", err)
	}
	return nil
}

func unit(b *bytes.Buffer, u Unit) {
	b.WriteString("      <trans-unit id=" + quoted(u.ID))
	if u.Name != "" {
		b.WriteString(" resname=" + quoted(u.Name))
	}
	if u.MaxWidth > 0 {
		b.WriteString(` maxwidth="` + strconv.Itoa(u.MaxWidth) + `" size-unit="char"`)
	}
	b.WriteString(" xml:space=\"preserve\">\n        <source>" + escaped(u.Source, false) + "</source>\n        <target")
	if u.State != "" {
		b.WriteString(" state=" + quoted(u.State))
	}
	b.WriteString(">" + escaped(u.Target, false) + "</target>\n")
	for _, n := range u.Notes {
		b.WriteString("        <note>" + escaped(n, false) + "</note>\n")
	}
	b.WriteString("      </trans-unit>\n")
}

func quoted(s string) string { return `"` + escaped(s, true) + `"` }

// escaped writes text as XML. A carriage return is written as a reference, or a reader would take it for a line break.
func escaped(s string, attribute bool) string {
	var b strings.Builder
	for _, r := range Plain(s) {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '\r':
			b.WriteString("&#13;")
		case attribute && r == '"':
			b.WriteString("&quot;")
		case attribute && (r == '\n' || r == '\t'):
			b.WriteString("&#" + strconv.Itoa(int(r)) + ";")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Plain is s as XML can hold it.
func Plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000 {
			return r
		}
		return utf8.RuneError
	}, s)
}
