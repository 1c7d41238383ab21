package policy

import (
	"bytes"
	"errors"
	"path"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"mashang/aid/place"
	"mashang/platform/doc"
)

// line is one paragraph of a document that is being read; heading is its depth, 0 for text.
type line struct {
	text    string
	heading int
}

// draft is a document as read: its paragraphs, what its head said about it, and what was left out.
type draft struct {
	front map[string]string
	lines []line
	notes place.Faults
	size  int // bytes of the lines
}

// The bounds of a text; the longest law has a tenth of either.
const (
	maxText     = 2 << 20 // bytes of words
	maxLines    = 50_000
	maxArticles = 10_000
)

var (
	errFormat = errors.New("policy: this format cannot be read")
	errText   = errors.New("policy: the file is not text in UTF-8, UTF-16 or GB18030")
)

// readDraft reads a file: Word or PDF by its first bytes, then by the ending of its name HTML, or else Markdown and
// plain text.
func readDraft(name string, raw []byte) (*draft, error) {
	d, err := anyDraft(name, raw)
	if err == nil && d.over() {
		return nil, doc.ErrLarge
	}
	return d, err
}

func (d *draft) over() bool { return d.size > maxText || len(d.lines) > maxLines }

func anyDraft(name string, raw []byte) (*draft, error) {
	d := &draft{front: map[string]string{}}
	if was, err := d.office(raw); was {
		return d, err
	}
	if unreadable(name, raw) {
		return nil, errFormat
	}
	text, err := decode(raw)
	if err != nil {
		return nil, err
	}
	switch ending(name) {
	case ".html", ".htm":
		d.html(text)
	default: // the texts found in the wild are Markdown by half, whatever their name says
		d.markdown(text)
	}
	return d, nil
}

func ending(name string) string { return strings.ToLower(path.Ext(name)) }

// unreadable tells the formats that are neither text nor read by us, by name and by their first bytes.
func unreadable(name string, raw []byte) bool {
	switch ending(name) {
	case ".docx", ".doc", ".pdf", ".wps", ".ofd", ".odt", ".rtf":
		return true
	}
	for _, magic := range []string{"\xd0\xcf\x11\xe0", `{\rtf`} {
		if bytes.HasPrefix(raw, []byte(magic)) {
			return true
		}
	}
	return false
}

// decode gives the text of raw, whose encoding nobody notes down.
func decode(raw []byte) (string, error) {
	if rest, ok := bytes.CutPrefix(raw, []byte("\xef\xbb\xbf")); ok {
		raw = rest
	}
	if len(raw) >= 2 && (raw[0] == 0xff && raw[1] == 0xfe || raw[0] == 0xfe && raw[1] == 0xff) {
		return decode16(raw[2:], raw[0] == 0xff), nil
	}
	if !utf8.Valid(raw) {
		b, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
		if err != nil || bytes.ContainsRune(b, utf8.RuneError) {
			return "", errText
		}
		raw = b
	}
	if bytes.IndexByte(raw, 0) >= 0 {
		return "", errText
	}
	return string(raw), nil
}

func decode16(raw []byte, little bool) string {
	units := make([]uint16, len(raw)/2)
	for i := range units {
		a, b := uint16(raw[2*i]), uint16(raw[2*i+1])
		if little {
			a, b = b, a
		}
		units[i] = a<<8 | b
	}
	return strings.ReplaceAll(string(utf16.Decode(units)), "\x00", "")
}

var (
	comments  = regexp.MustCompile(`(?s)<!--.*?-->`)
	frontLine = regexp.MustCompile(`^([A-Za-z_]+):\s*(.*)$`)
	images    = regexp.MustCompile(`!\[[^\]]*\]\([^)]*\)`)
	links     = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
	emphasis  = regexp.MustCompile(`(\*{1,3}|_{2})([^*_\n]+)(\*{1,3}|_{2})`)
	escapes   = regexp.MustCompile("\\\\([\\\\`*_{}\\[\\]()#+.!|-])")
	tags      = regexp.MustCompile(`</?[A-Za-z][^<>]*>`)
	local     = regexp.MustCompile(`https?://(localhost|127\.0\.0\.1)[^\s）)》〉]*`)
	block     = regexp.MustCompile(`(?i)^</?(div|svg|table|section|aside|details|p|center|iframe|script|style)\b`)
	headings  = regexp.MustCompile(`^(#{1,6})\s+(.*?)\s*#*$`)
)

// markdown reads Markdown and plain text. Boxes that explain (::: tip), tables and blocks of HTML were added by whoever
// published the text and are left out, each with a note; other boxes hold sentences of the text and are kept.
func (d *draft) markdown(text string) {
	text = comments.ReplaceAllString(strings.ReplaceAll(text, "\r\n", "\n"), "")
	lines := d.head(strings.Split(text, "\n"))
	drop, box := "", false // drop: the note under which the current block is left out
	for i, s := range lines {
		if d.over() {
			return
		}
		s = tidy(s)
		switch {
		case strings.HasPrefix(s, "```"): // what stands between such marks may be the text itself
			continue
		case strings.HasPrefix(s, ":::"):
			kind := strings.TrimSpace(strings.TrimPrefix(s, ":::"))
			if box = kind != ""; !box {
				drop = ""
			} else if (strings.HasPrefix(kind, "tip") || strings.HasPrefix(kind, "info")) && closes(lines[i+1:]) {
				drop = "policy.import.box"
			} else {
				d.notes.Add(0, kind, "policy.import.boxkept")
			}
			continue
		case drop == "policy.import.box":
		case s == "":
			drop = ""
			continue
		case drop == "" && block.MatchString(s):
			drop = "policy.import.html"
		case strings.HasPrefix(s, "|"):
			drop = "policy.import.table"
		}
		if drop != "" {
			if s != "" {
				d.left(drop, s)
			}
			continue
		}
		depth := 0
		if m := headings.FindStringSubmatch(s); m != nil {
			depth, s = len(m[1]), m[2]
		}
		s = emphasis.ReplaceAllString(emphasis.ReplaceAllString(s, "$2"), "$2")
		s = escapes.ReplaceAllString(links.ReplaceAllString(images.ReplaceAllString(s, ""), "$1"), "$1")
		d.push(tags.ReplaceAllString(s, ""), depth)
	}
}

// closes tells whether a box ends soon. One that nobody closed would take the rest of the text with it.
func closes(lines []string) bool {
	for _, s := range lines[:min(len(lines), 60)] {
		if s = tidy(s); strings.HasPrefix(s, ":::") {
			return strings.Trim(s, ": ") == ""
		}
	}
	return false
}

// left notes a passage that is left out, once for each run of lines.
func (d *draft) left(key, s string) {
	s = tidy(tags.ReplaceAllString(s, " "))
	if n := len(d.notes); n > 0 && d.notes[n-1].Key == key {
		d.notes[n-1].Args["text"] = cut(d.notes[n-1].Args["text"]+" "+s, 60)
		return
	}
	d.notes.Add(0, "", key, "text", cut(s, 60))
}

// head takes the front matter off, and the lines above it that say where the text came from.
func (d *draft) head(lines []string) []string {
	for len(lines) > 0 {
		s := tidy(lines[0])
		switch {
		case s == "" || strings.HasPrefix(s, "(") && d.front["source"] != "":
		case strings.HasPrefix(s, "来源 source:"):
			d.front["source"] = tidy(strings.TrimPrefix(s, "来源 source:"))
		case s == "---":
			for i, f := range lines[1:] {
				if tidy(f) == "---" {
					return lines[i+2:]
				}
				if m := frontLine.FindStringSubmatch(tidy(f)); m != nil && m[2] != "" {
					d.front[strings.ToLower(m[1])] = strings.Trim(m[2], `"'`)
				}
			}
			return lines[1:]
		default:
			return lines
		}
		lines = lines[1:]
	}
	return nil
}

func (d *draft) push(s string, heading int) {
	if s = tidy(local.ReplaceAllString(s, "")); s != "" {
		if d.size += len(s); d.size <= maxText && len(d.lines) <= maxLines {
			d.lines = append(d.lines, line{s, heading})
		}
	}
}

// tidy makes runs of spaces one, whatever kind they are, and drops what is not seen.
func tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == utf8.RuneError:
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// cut shortens s to n characters.
func cut(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}
