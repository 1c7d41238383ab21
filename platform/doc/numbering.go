package doc

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// listing is the place of a paragraph in one of Word's lists.
type listing struct {
	id    string
	level int
}

// numbering keeps Word's own numbers, which stand in no text: a law typed with them would have lost all its 第…条.
type numbering struct {
	levels map[string]map[int]listLevel // abstract list -> level
	lists  map[string]string            // list -> abstract list
	counts map[string]*[9]int           // abstract list -> how far each level has come
}

type listLevel struct {
	format, text string
	start        int
}

func (w *wordReader) readNumbering(part []byte) error {
	n := &w.numbers
	n.levels, n.lists, n.counts = map[string]map[int]listLevel{}, map[string]string{}, map[string]*[9]int{}
	abstract, list, at := "", "", 0
	level := listLevel{}
	return walk(part, func(e xml.StartElement) bool {
		switch e.Name.Local {
		case "abstractNum":
			abstract = attr(e, "abstractNumId")
			if len(n.levels) < maxStyles {
				n.levels[abstract] = map[int]listLevel{}
			}
		case "num":
			list = attr(e, "numId")
		case "abstractNumId":
			if len(n.lists) < maxStyles {
				n.lists[list] = attr(e, "val")
			}
		case "lvl":
			at, level = number(attr(e, "ilvl"), 0), listLevel{start: 1, format: "decimal"}
		case "start":
			level.start = number(attr(e, "val"), 1)
		case "numFmt":
			level.format = attr(e, "val")
		case "lvlText":
			level.text = attr(e, "val")
		case "lvlOverride":
			return false
		}
		return true
	}, func(name string) {
		if name == "lvl" && at < 9 && n.levels[abstract] != nil {
			n.levels[abstract][at] = level
		}
	}, nil)
}

// next is what Word shows before the next paragraph of a list, "" when it is in none or only has a bullet.
func (n *numbering) next(l listing) string {
	abstract, ok := n.lists[l.id]
	if !ok || l.level > 8 {
		return ""
	}
	level, ok := n.levels[abstract][l.level]
	if !ok || level.format == "bullet" || level.format == "none" {
		return ""
	}
	counts := n.counts[abstract]
	if counts == nil {
		counts = &[9]int{}
		n.counts[abstract] = counts
	}
	if counts[l.level] == 0 {
		counts[l.level] = level.start
	} else {
		counts[l.level]++
	}
	clear(counts[l.level+1:])
	s := level.text
	for i := range l.level + 1 {
		mark := "%" + strconv.Itoa(i+1)
		if strings.Contains(s, mark) {
			s = strings.ReplaceAll(s, mark, counted(max(1, counts[i]), n.levels[abstract][i].format))
		}
	}
	if strings.ContainsAny(s, "条章节") {
		s += " "
	}
	return s
}

// counted writes a number as a list does.
func counted(n int, format string) string {
	switch {
	case strings.Contains(strings.ToLower(format), "chinese") || strings.HasPrefix(format, "japanese") || strings.HasPrefix(format, "ideograph") || strings.HasPrefix(format, "taiwanese"):
		return chinese(n)
	case format == "lowerLetter" || format == "upperLetter":
		return string(rune('a' + (n-1)%26))
	}
	return strconv.Itoa(n)
}

// chinese writes a number below ten thousand in Chinese: 一百零二.
func chinese(n int) string {
	digits := []rune("零一二三四五六七八九")
	if n <= 0 || n > 9999 {
		return strconv.Itoa(n)
	}
	var b strings.Builder
	gap := false
	for i, unit := 1000, 0; i > 0; i, unit = i/10, unit+1 {
		d := n / i % 10
		if d == 0 {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteRune('零')
			gap = false
		}
		if d != 1 || i != 10 || b.Len() > 0 {
			b.WriteRune(digits[d])
		}
		b.WriteString([]string{"千", "百", "十", ""}[unit])
	}
	return b.String()
}
