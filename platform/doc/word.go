package doc

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

// Word reads a DOCX file: its paragraphs with the numbers Word puts before them, the rows of its tables as lines.
// What was struck out, is hidden or stands in headers, footers and notes is left out.
func Word(raw []byte) ([]Line, error) {
	if bytes.Count(raw, []byte("PK\x01\x02")) > maxParts { // each entry of the directory costs more than it takes up
		return nil, ErrLarge
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, ErrBroken
	}
	left := int64(maxUnpacked)
	part := func(name string) ([]byte, error) {
		for _, f := range z.File {
			if f.Name != name {
				continue
			}
			if f.Flags&1 != 0 {
				return nil, ErrEncrypted
			}
			r, err := f.Open()
			if err != nil {
				return nil, ErrBroken
			}
			defer r.Close()
			b, err := io.ReadAll(io.LimitReader(r, left+1)) // what the directory says of the size is not believed
			if left -= int64(len(b)); left < 0 {
				return nil, ErrLarge
			}
			if err != nil {
				return nil, ErrBroken
			}
			return b, nil
		}
		return nil, nil
	}
	body, err := part("word/document.xml")
	if err != nil {
		return nil, err
	}
	if body == nil {
		return nil, ErrBroken
	}
	w := wordReader{styles: map[string]wordStyle{}}
	if err := w.optional(part, "word/styles.xml", w.readStyles); err != nil {
		return nil, err
	}
	if err := w.optional(part, "word/numbering.xml", w.readNumbering); err != nil {
		return nil, err
	}
	if err := w.read(body); err != nil {
		return nil, err
	}
	return w.lines, nil
}

type wordReader struct {
	styles  map[string]wordStyle
	numbers numbering
	lines   []Line
	size    int
}

// wordStyle is what a style of paragraphs says of those that have it.
type wordStyle struct {
	based   string
	heading int
	list    listing
}

// optional reads a part that a file may lack.
func (w *wordReader) optional(part func(string) ([]byte, error), name string, read func([]byte) error) error {
	b, err := part(name)
	if err != nil || b == nil {
		return err
	}
	return read(b)
}

// walk goes through the elements of a part. enter may return false to leave an element out.
func walk(part []byte, enter func(e xml.StartElement) bool, leave func(name string), text func(string)) error {
	d := xml.NewDecoder(bytes.NewReader(part))
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, ErrBroken }
	depth := 0
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil { // an entity of the file's own making ends here too
			return ErrBroken
		}
		switch e := t.(type) {
		case xml.StartElement:
			if !enter(e) {
				if err := d.Skip(); err != nil {
					return ErrBroken
				}
				continue
			}
			if depth++; depth > maxDepth {
				return ErrLarge
			}
		case xml.EndElement:
			depth--
			leave(e.Name.Local)
		case xml.CharData:
			if text != nil {
				text(string(e))
			}
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func number(s string, otherwise int) int {
	if n, err := strconv.Atoi(s); err == nil && n >= 0 && n < 1<<20 {
		return n
	}
	return otherwise
}

// on tells whether a switch such as <w:vanish/> is on.
func on(e xml.StartElement) bool {
	v := attr(e, "val")
	return v != "0" && v != "false" && v != "off"
}

func (w *wordReader) readStyles(part []byte) error {
	id, style := "", wordStyle{}
	return walk(part, func(e xml.StartElement) bool {
		switch e.Name.Local {
		case "style":
			id, style = attr(e, "styleId"), wordStyle{}
		case "basedOn":
			style.based = attr(e, "val")
		case "name":
			if n, ok := strings.CutPrefix(strings.ToLower(attr(e, "val")), "heading "); ok {
				style.heading = number(n, 0)
			} else if strings.EqualFold(attr(e, "val"), "title") {
				style.heading = 1
			}
		case "outlineLvl":
			if n := number(attr(e, "val"), 9); n < 9 {
				style.heading = n + 1
			}
		case "numId":
			style.list.id = attr(e, "val")
		case "ilvl":
			style.list.level = number(attr(e, "val"), 0)
		}
		return true
	}, func(name string) {
		if name == "style" && len(w.styles) < maxStyles {
			w.styles[id] = style
		}
	}, nil)
}

// style is a style with what it takes over from those it is based on.
func (w *wordReader) style(id string) wordStyle {
	s := w.styles[id]
	for based, n := s.based, 0; based != "" && n < 10; n++ {
		b := w.styles[based]
		if s.heading == 0 {
			s.heading = b.heading
		}
		if s.list.id == "" {
			s.list = b.list
		}
		based = b.based
	}
	return s
}

// paragraph is what has been read of a paragraph so far.
type paragraph struct {
	text    strings.Builder
	heading int
	list    listing
	style   string
}

func (w *wordReader) read(body []byte) error {
	var open []*paragraph // a text box puts a paragraph into a paragraph
	var rows [][]string   // cells of the rows being read, one table in another
	inText, hidden, runs := false, false, 0
	over := false
	add := func(s string) {
		if n := len(open); n > 0 && !hidden {
			open[n-1].text.WriteString(s)
		}
		if w.size += len(s); w.size > maxText {
			over = true
		}
	}
	err := walk(body, func(e xml.StartElement) bool {
		var p *paragraph
		if len(open) > 0 {
			p = open[len(open)-1]
		}
		switch e.Name.Local {
		case "del", "moveFrom", "Fallback", "instrText", "delText", "footnoteReference", "pPrChange", "rPrChange", "sectPr":
			return false
		case "p":
			open = append(open, &paragraph{})
		case "r":
			runs++
			hidden = false
		case "vanish":
			hidden = runs > 0 && on(e)
		case "t":
			inText = true
		case "tab":
			if runs > 0 {
				add(" ")
			}
		case "br", "cr":
			add("\n")
		case "noBreakHyphen":
			add("-")
		case "tr":
			rows = append(rows, nil)
		case "pStyle":
			if p != nil {
				p.style = attr(e, "val")
			}
		case "outlineLvl":
			if n := number(attr(e, "val"), 9); p != nil && n < 9 {
				p.heading = n + 1
			}
		case "numId":
			if p != nil {
				p.list.id = attr(e, "val")
			}
		case "ilvl":
			if p != nil {
				p.list.level = number(attr(e, "val"), 0)
			}
		}
		return !over
	}, func(name string) {
		switch name {
		case "t":
			inText = false
		case "r":
			runs, hidden = max(0, runs-1), false
		case "p":
			n := len(open) - 1
			if n < 0 {
				return
			}
			for _, l := range w.finish(open[n]) {
				if k := len(rows) - 1; k >= 0 {
					rows[k] = append(rows[k], l.Text)
				} else if len(w.lines) < maxLines {
					w.lines = append(w.lines, l)
				} else {
					over = true
				}
			}
			open = open[:n]
		case "tr":
			k := len(rows) - 1
			if k < 0 {
				return
			}
			row := rows[k]
			rows = rows[:k]
			if k > 0 {
				rows[k-1] = append(rows[k-1], row...)
			} else if len(row) > 0 {
				w.lines = append(w.lines, rowLines(row)...)
			}
		}
	}, func(s string) {
		if inText {
			add(s)
		}
	})
	if err == nil && over {
		return ErrLarge
	}
	return err
}

// rowLines makes one line of a row. A cell with long paragraphs only frames a text, which keeps its paragraphs.
func rowLines(row []string) []Line {
	for _, s := range row {
		if len(s) > 300 {
			lines := make([]Line, len(row))
			for i, s := range row {
				lines[i].Text = s
			}
			return lines
		}
	}
	return []Line{{Text: strings.Join(row, " ")}}
}

// finish makes lines of a paragraph, more than one where breaks were typed into it.
func (w *wordReader) finish(p *paragraph) []Line {
	style := w.style(p.style)
	heading, list := p.heading, p.list
	if heading == 0 {
		heading = style.heading
	}
	if list.id == "" {
		list.id = style.list.id
		list.level = max(list.level, style.list.level)
	}
	var out []Line
	for s := range strings.SplitSeq(p.text.String(), "\n") {
		if s = clean(s); s == "" {
			continue
		}
		if len(out) == 0 {
			s = clean(w.numbers.next(list) + s)
		}
		out = append(out, Line{Text: s, Heading: heading})
	}
	return out
}
