package pdf

import (
	"bytes"
	"errors"
	"strconv"
)

// The kinds of object there are. Numbers stay as they were written.
type (
	name   string
	number string
	text   []byte // a string, as it was written, brackets and all
	word   string // true, false, null
	array  []any
	dict   map[name]any
	ref    struct{ num, gen int }
	stream struct {
		dict
		data []byte
	}
)

var errSyntax = errors.New("pdf: not well formed")

// lexer reads objects one after the other.
type lexer struct {
	b     []byte
	i     int
	depth int
	left  *int // how many values may still be read, of all lexers of a file together
}

const mostDepth = 60

func space(c byte) bool {
	return c == 0 || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' '
}
func delimiter(c byte) bool {
	return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0
}

// skip passes white space and comments.
func (l *lexer) skip() {
	for l.i < len(l.b) {
		switch c := l.b[l.i]; {
		case space(c):
			l.i++
		case c == '%':
			for l.i < len(l.b) && l.b[l.i] != '\n' && l.b[l.i] != '\r' {
				l.i++
			}
		default:
			return
		}
	}
}

// has passes a key word that stands here.
func (l *lexer) has(s string) bool {
	l.skip()
	if !bytes.HasPrefix(l.b[l.i:], []byte(s)) {
		return false
	}
	if end := l.i + len(s); end < len(l.b) && !space(l.b[end]) && !delimiter(l.b[end]) {
		return false
	}
	l.i += len(s)
	return true
}

func (l *lexer) regular() string {
	from := l.i
	for l.i < len(l.b) && !space(l.b[l.i]) && !delimiter(l.b[l.i]) {
		l.i++
	}
	return string(l.b[from:l.i])
}

// object reads one object.
func (l *lexer) object() (any, error) {
	if l.depth++; l.depth > mostDepth {
		return nil, errSyntax
	}
	defer func() { l.depth-- }()
	if *l.left--; *l.left < 0 {
		return nil, errSyntax
	}
	l.skip()
	if l.i >= len(l.b) {
		return nil, errSyntax
	}
	switch c := l.b[l.i]; {
	case c == '/':
		return l.name()
	case c == '(':
		return l.literal()
	case bytes.HasPrefix(l.b[l.i:], []byte("<<")):
		return l.dict()
	case c == '<':
		end := bytes.IndexByte(l.b[l.i:], '>')
		if end < 0 || len(bytes.Trim(l.b[l.i+1:l.i+end], "0123456789abcdefABCDEF\x00\t\n\f\r ")) > 0 {
			return nil, errSyntax
		}
		l.i += end + 1
		return text(l.b[l.i-end-1 : l.i]), nil
	case c == '[':
		return l.array()
	}
	switch s := l.regular(); s {
	case "true", "false", "null":
		return word(s), nil
	default:
		return l.numeric(s)
	}
}

// numeric is a number, or a reference when two whole numbers and an R stand here.
func (l *lexer) numeric(s string) (any, error) {
	if s == "" || len(s) > 40 || len(bytes.Trim([]byte(s), "0123456789+-.")) > 0 {
		return nil, errSyntax
	}
	num, err := strconv.Atoi(s)
	if err != nil || num < 0 {
		return number(s), nil
	}
	at := l.i
	l.skip()
	gen, err := strconv.Atoi(l.regular())
	if err == nil && gen >= 0 && l.has("R") {
		return ref{num, gen}, nil
	}
	l.i = at
	return number(s), nil
}

func (l *lexer) name() (name, error) {
	l.i++
	raw := l.regular()
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] == '#' && i+2 < len(raw) {
			if c, err := strconv.ParseUint(raw[i+1:i+3], 16, 8); err == nil {
				out = append(out, byte(c))
				i += 2
				continue
			}
		}
		out = append(out, raw[i])
	}
	return name(out), nil
}

func (l *lexer) literal() (text, error) {
	from, open := l.i, 0
	for ; l.i < len(l.b); l.i++ {
		switch l.b[l.i] {
		case '\\':
			l.i++
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				l.i++
				return text(l.b[from:l.i]), nil
			}
		}
	}
	return nil, errSyntax
}

func (l *lexer) array() (array, error) {
	l.i++
	out := array{}
	for {
		l.skip()
		if l.i < len(l.b) && l.b[l.i] == ']' {
			l.i++
			return out, nil
		}
		v, err := l.object()
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
}

func (l *lexer) dict() (dict, error) {
	l.i += 2
	out := dict{}
	for {
		l.skip()
		if bytes.HasPrefix(l.b[l.i:], []byte(">>")) {
			l.i += 2
			return out, nil
		}
		if l.i >= len(l.b) || l.b[l.i] != '/' {
			return nil, errSyntax
		}
		key, err := l.name()
		if err != nil {
			return nil, err
		}
		v, err := l.object()
		if err != nil {
			return nil, err
		}
		if _, twice := out[key]; twice {
			return nil, errSyntax // readers differ in which one they take
		}
		out[key] = v
	}
}
