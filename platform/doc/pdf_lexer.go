package doc

import (
	"bytes"
	"strconv"
)

// lexer reads the values of a PDF. It never fails: what it does not know it passes over.
type lexer struct {
	b  []byte
	at int
	p  *pdf
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

func (l *lexer) space() {
	for l.at < len(l.b) {
		switch c := l.b[l.at]; {
		case isSpace(c):
			l.at++
		case c == '%':
			for l.at < len(l.b) && l.b[l.at] != '\n' && l.b[l.at] != '\r' {
				l.at++
			}
		default:
			return
		}
	}
}

// end closes a list or a dictionary; done is the end of what is read.
type (
	end  byte
	done struct{}
)

func (l *lexer) value(depth int) any {
	if l.p.steps--; l.p.steps < 0 || depth > maxDepth {
		l.p.over = true
		l.at = len(l.b)
		return done{}
	}
	l.space()
	if l.at >= len(l.b) {
		return done{}
	}
	c := l.b[l.at]
	switch {
	case c == '/':
		l.at++
		return name(l.name())
	case c == '(':
		l.at++
		return l.literal()
	case c == '[':
		l.at++
		return l.items(']', depth)
	case c == '<' && l.at+1 < len(l.b) && l.b[l.at+1] == '<':
		l.at += 2
		items, d := l.items('>', depth), dict{}
		for i := 0; i+1 < len(items); i += 2 {
			if k, ok := items[i].(name); ok {
				d[k] = items[i+1]
			}
		}
		return d
	case c == '<':
		l.at++
		n := bytes.IndexByte(l.b[l.at:], '>')
		if n < 0 {
			n = len(l.b) - l.at
		}
		l.p.steps -= n / 16
		s := string(unhex(l.b[l.at : l.at+n]))
		l.at = min(len(l.b), l.at+n+1)
		return s
	case c == '>' && l.at+1 < len(l.b) && l.b[l.at+1] == '>':
		l.at += 2
		return end('>')
	case isDelimiter(c):
		l.at++
		return end(c)
	}
	return l.word()
}

// items reads up to the end of a list or dictionary and puts "12 0 R" together.
func (l *lexer) items(closing byte, depth int) list {
	var out list
	for {
		v := l.value(depth + 1)
		switch v := v.(type) {
		case done:
			return out
		case end:
			if byte(v) == closing {
				return out
			}
			continue
		case operator:
			if n := len(out); v == "R" && n >= 2 {
				if id, ok := out[n-2].(float64); ok {
					out = append(out[:n-2], ref(id))
				}
			}
			continue
		}
		if l.p.values++; l.p.values > maxValues {
			l.p.over = true
			l.at = len(l.b)
			return nil
		}
		out = append(out, v)
	}
}

func (l *lexer) word() any {
	from := l.at
	for l.at < len(l.b) && !isSpace(l.b[l.at]) && !isDelimiter(l.b[l.at]) {
		l.at++
	}
	s := string(l.b[from:min(l.at, from+64)])
	l.p.steps -= (l.at - from) / 16
	switch s {
	case "true":
		return true
	case "false":
		return false
	case "null":
		return nil
	}
	if c := s[0]; c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' {
		if f, err := strconv.ParseFloat(s, 64); err == nil {
			return f
		}
		return 0.0
	}
	return operator(s)
}

func (l *lexer) name() string {
	var out []byte
	for l.at < len(l.b) && !isSpace(l.b[l.at]) && !isDelimiter(l.b[l.at]) {
		c := l.b[l.at]
		if c == '#' && l.at+2 < len(l.b) {
			if n, err := strconv.ParseUint(string(l.b[l.at+1:l.at+3]), 16, 8); err == nil {
				c = byte(n)
				l.at += 2
			}
		}
		out = append(out, c)
		l.at++
	}
	return string(out)
}

func (l *lexer) literal() string {
	var out []byte
	from := l.at
	defer func() { l.p.steps -= (l.at - from) / 16 }()
	for open := 1; l.at < len(l.b); l.at++ {
		c := l.b[l.at]
		switch c {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				l.at++
				return string(out)
			}
		case '\\':
			if l.at++; l.at >= len(l.b) {
				return string(out)
			}
			switch c = l.b[l.at]; {
			case c >= '0' && c <= '7':
				n := 0
				for i := 0; i < 3 && l.at < len(l.b) && l.b[l.at] >= '0' && l.b[l.at] <= '7'; i++ {
					n = n*8 + int(l.b[l.at]-'0')
					l.at++
				}
				l.at--
				c = byte(n)
			case c == '\n':
				continue
			case c == '\r':
				if l.at+1 < len(l.b) && l.b[l.at+1] == '\n' {
					l.at++
				}
				continue
			default:
				if i := bytes.IndexByte([]byte("nrtbf"), c); i >= 0 {
					c = "\n\r\t\b\f"[i]
				}
			}
		}
		out = append(out, c)
	}
	return string(out)
}

// stream reads the data after a dictionary, nil when there is none. Its length is believed when it ends well.
func (l *lexer) stream(d dict) *stream {
	l.space()
	if !bytes.HasPrefix(l.b[l.at:], []byte("stream")) {
		return nil
	}
	from := l.at + len("stream")
	if from < len(l.b) && l.b[from] == '\r' {
		from++
	}
	if from < len(l.b) && l.b[from] == '\n' {
		from++
	}
	if n, ok := d["Length"].(float64); ok && n >= 0 && n <= float64(len(l.b)-from) {
		rest := bytes.TrimLeft(l.b[from+int(n):min(len(l.b), from+int(n)+20)], "\r\n ")
		if bytes.HasPrefix(rest, []byte("endstream")) {
			l.at = from + int(n)
			return &stream{d, l.b[from : from+int(n)]}
		}
	}
	n := bytes.Index(l.b[from:], []byte("endstream"))
	if n < 0 {
		n = len(l.b) - from
	}
	l.at = from + n
	return &stream{d, l.b[from : from+n]}
}
