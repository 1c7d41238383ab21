package xliff

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"mashang/platform/problem"
)

// The bounds of a file that is handed in. The whole sample county in one language has a tenth of each.
const (
	MaxSize  = 8 << 20
	maxUnits = 50_000
	maxDepth = 24
)

var errEncoding = errors.New("not UTF-8")

// Read reads a file. Every error of it is a *problem.Error: such files come from outside.
func Read(raw []byte) ([]File, error) {
	if len(raw) > MaxSize {
		return nil, problem.New(problem.TooLarge, "words.xliff.large")
	}
	if bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff")) || bytes.IndexByte(raw, 0) >= 0 || !utf8.Valid(raw) {
		return nil, refusal("words.xliff.encoding", errEncoding)
	}
	if bytes.HasPrefix(raw, []byte("PK\x03\x04")) {
		return nil, problem.New(problem.Unsupported, "words.xliff.zip")
	}
	r := reader{d: xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))))}
	r.d.CharsetReader = func(string, io.Reader) (io.Reader, error) {
		return nil, errEncoding // what says it is something else is; Go reads UTF-8 by itself
	}
	if err := r.read(); err != nil {
		return nil, err
	}
	return r.files, nil
}

func refusal(key string, err error, args ...string) error {
	e := &problem.Error{Kind: problem.Malformed, Key: key, Err: err}
	for i := 0; i+1 < len(args); i += 2 {
		if e.Args == nil {
			e.Args = map[string]string{}
		}
		e.Args[args[i]] = args[i+1]
	}
	return e
}

// reader goes through a file once, keeping what it is in.
type reader struct {
	d     *xml.Decoder
	files []File
	open  []string // names of the elements it is in
	units int
	unit  *Unit
	text  *strings.Builder // where words go; nil where they are none of ours
	seen  bool             // the root has been seen
}

func (r *reader) read() error {
	for {
		token, err := r.d.Token()
		switch {
		case errors.Is(err, io.EOF):
			if !r.seen {
				return refusal("words.xliff.other", nil)
			}
			return nil
		case errors.Is(err, errEncoding):
			return refusal("words.xliff.encoding", err)
		case err != nil:
			line, _ := r.d.InputPos()
			return refusal("words.xliff.broken", err, "line", strconv.Itoa(line))
		}
		switch t := token.(type) {
		case xml.Directive:
			return refusal("words.xliff.doctype", nil)
		case xml.StartElement:
			if err := r.start(t); err != nil {
				return err
			}
		case xml.EndElement:
			r.end()
		case xml.CharData:
			if r.text != nil {
				r.text.Write(t)
			}
		}
	}
}

func attr(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// in reports whether the innermost open elements are these.
func (r *reader) in(name string) bool { return len(r.open) > 0 && r.open[len(r.open)-1] == name }

func (r *reader) start(t xml.StartElement) error {
	name := t.Name.Local
	if !r.seen {
		if err := root(t); err != nil {
			return err
		}
		r.seen = true
	}
	if len(r.open) >= maxDepth {
		return refusal("words.xliff.deep", nil)
	}
	ours := t.Name.Space == Namespace || t.Name.Space == ""
	switch {
	case !ours:
	case name == "file" && r.in("xliff"):
		r.files = append(r.files, File{Original: attr(t, "original"), Source: attr(t, "source-language"), Target: attr(t, "target-language")})
	case name == "trans-unit" && (r.in("body") || r.in("group")) && len(r.files) > 0:
		if r.units++; r.units > maxUnits {
			return problem.New(problem.TooLarge, "words.xliff.large")
		}
		line, _ := r.d.InputPos()
		r.unit = &Unit{ID: attr(t, "id"), Name: attr(t, "resname"), Line: line, Void: true}
	case name == "source" && r.in("trans-unit") && r.unit != nil:
		r.text = &strings.Builder{}
	case name == "target" && r.in("trans-unit") && r.unit != nil:
		r.text = &strings.Builder{}
		r.unit.State, r.unit.Void = attr(t, "state"), false
	case r.text != nil && r.unit != nil && name != "mrk": // mrk only parts sentences
		if r.target() {
			r.unit.Inline = true
		}
	}
	if !ours {
		name = "-" // whatever a tool put there
		if r.text != nil && r.unit != nil && r.target() {
			r.unit.Inline = true
		}
	}
	r.open = append(r.open, name)
	return nil
}

// target reports whether the words being read are those of a target.
func (r *reader) target() bool {
	for i := len(r.open) - 1; i >= 0; i-- {
		switch r.open[i] {
		case "target":
			return true
		case "source", "trans-unit":
			return false
		}
	}
	return false
}

func root(t xml.StartElement) error {
	version := attr(t, "version")
	switch {
	case t.Name.Local != "xliff":
		return refusal("words.xliff.other", nil)
	case strings.HasPrefix(version, "2") || strings.Contains(t.Name.Space, "document:2"):
		return &problem.Error{Kind: problem.Unsupported, Key: "words.xliff.two", Args: map[string]string{"version": version}}
	case version != "1.2" || t.Name.Space != Namespace && t.Name.Space != "":
		return &problem.Error{Kind: problem.Unsupported, Key: "words.xliff.version", Args: map[string]string{"version": version}}
	}
	return nil
}

func (r *reader) end() {
	if len(r.open) == 0 {
		return
	}
	was := r.open[len(r.open)-1]
	r.open = r.open[:len(r.open)-1]
	switch {
	case was == "source" && r.in("trans-unit") && r.text != nil && r.unit != nil:
		r.unit.Source, r.text = r.text.String(), nil
	case was == "target" && r.in("trans-unit") && r.text != nil && r.unit != nil:
		r.unit.Target, r.text = r.text.String(), nil
	case was == "trans-unit" && r.unit != nil:
		if f := len(r.files) - 1; f >= 0 {
			r.files[f].Units = append(r.files[f].Units, *r.unit)
		}
		r.unit, r.text = nil, nil
	}
}
