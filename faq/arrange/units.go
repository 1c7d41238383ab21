package arrange

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// leans are the beginnings of sentences that mean nothing, or something else, without the sentence before: an exception
// must never part from its rule.
var leans = []string{
	"但", "不过", "不過", "可是", "然而", "除外", "其中", "其他", "其余", "其餘", "该", "該", "此", "这", "這", "那", "上述", "前款", "以上", "同时", "同時",
	"并", "並", "且", "也", "还", "還", "再", "又", "否则", "否則", "如果没有", "如果沒有", "另外", "所以", "因此", "例如", "比如", "即",
	"but ", "however", "except", "unless", "this ", "that ", "these ", "those ", "it ", "they ", "otherwise", "also", "and ", "or ", "such ", "the same", "for example",
}

// Units cuts a text into the smallest pieces that may be shown alone, each word for word as it stands: lines and
// sentences, with those that lean on the one before kept with it. A list stays with the line that announces it.
func Units(text string) []string {
	var units []string
	announced, listed := false, false // the line before ends in a colon; items of its list have come
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		item := isItem(line)
		belongs := announced && (item || !listed)
		for i, s := range sentences(line) {
			last := len(units) - 1
			switch {
			case last >= 0 && i == 0 && (belongs || leaning(s)):
				units[last] += "\n" + s
			case last >= 0 && i > 0 && (item && belongs || leaning(s)):
				units[last] += gap(line, units[last], s) + s
			default:
				units = append(units, s)
			}
		}
		switch {
		case ends(line, "：:"):
			announced, listed = true, false
		case item && announced:
			listed = true
		default:
			announced = false
		}
	}
	return units
}

// isItem reports whether a line is one of a list.
func isItem(line string) bool {
	if strings.HasPrefix(line, "- ") {
		return true
	}
	c, _ := utf8.DecodeRuneInString(line)
	return strings.ContainsRune("（(①②③④⑤⑥⑦⑧⑨⑩", c)
}

func leaning(s string) bool {
	low := strings.ToLower(strings.TrimLeft(s, "- （("))
	for _, l := range leans {
		if strings.HasPrefix(low, l) {
			return true
		}
	}
	return false
}

func ends(s, marks string) bool {
	c, _ := utf8.DecodeLastRuneInString(s)
	return c != utf8.RuneError && strings.ContainsRune(marks, c)
}

// gap is what stands in the line between the end of one sentence and the next: a space in English, nothing in Chinese.
func gap(line, before, s string) string {
	if i := strings.LastIndex(before, "\n"); i >= 0 {
		before = before[i+1:]
	}
	at := strings.Index(line, before)
	if at < 0 {
		return ""
	}
	rest := line[at+len(before):]
	if n := strings.Index(rest, s); n >= 0 {
		return rest[:n]
	}
	return ""
}

// sentences cuts a line behind 。！？； and behind an English full stop that a space follows. What stands in brackets or
// quotes is not cut.
func sentences(line string) []string {
	var all []string
	depth, from := 0, 0
	for at, c := range line {
		_, size := utf8.DecodeRuneInString(line[at:])
		end := at + size
		switch c {
		case '（', '(', '「', '“', '《', '『', '【':
			depth++
		case '）', ')', '」', '”', '》', '』', '】':
			depth = max(0, depth-1)
		}
		next, _ := utf8.DecodeRuneInString(line[end:])
		stop := strings.ContainsRune("。！？；", c) || strings.ContainsRune(".!?;", c) && unicode.IsSpace(next) && !short(line[from:at])
		if stop && depth == 0 {
			if s := strings.TrimSpace(line[from:end]); s != "" {
				all = append(all, s)
			}
			from = end
		}
	}
	if s := strings.TrimSpace(line[from:]); s != "" {
		all = append(all, s)
	}
	return all
}

// short reports whether what stands before a full stop is an abbreviation: "No", "e.g".
func short(s string) bool {
	word := s[strings.LastIndexFunc(s, unicode.IsSpace)+1:]
	return len(word) <= 2 || strings.Contains(word, ".")
}
