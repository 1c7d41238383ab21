package pdf

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
)

// writer writes objects under new numbers, those that something written needs.
type writer struct {
	*file
	out     bytes.Buffer
	at      map[int]int
	renamed map[int]int
	todo    []int
	next    int
	notes   int
	copied  int
	err     error
}

// annotations keeps how notes, stamps and filled-in fields look, and nothing they do.
func (w *writer) annotations(v any) array {
	kept := array{}
	for _, one := range list(w.follow(v)) {
		d, ok := w.follow(one).(dict)
		if !ok || d["Subtype"] == name("Link") || d["Subtype"] == name("Popup") || d["AP"] == nil {
			continue
		}
		if w.notes++; w.notes > mostNotes {
			w.err = errSyntax
			return nil
		}
		fresh := dict{}
		for _, key := range ofAnnotation {
			if x, ok := d[key]; ok {
				fresh[key] = x
			}
		}
		kept = append(kept, fresh)
	}
	return kept
}

// copy is an object with new numbers in it, without what is dropped.
func (w *writer) copy(v any, depth int) any {
	if w.copied++; depth > mostDepth || w.copied > mostValues || w.err != nil {
		w.err = errSyntax
		return nil
	}
	switch v := v.(type) {
	case ref:
		if _, there := w.objects[v.num]; !there {
			return word("null")
		}
		if w.renamed[v.num] == 0 {
			w.renamed[v.num] = w.next
			w.next++
			w.todo = append(w.todo, v.num)
		}
		return ref{w.renamed[v.num], 0}
	case array:
		out := make(array, 0, len(v))
		for _, x := range v {
			out = append(out, w.copy(x, depth+1))
		}
		return out
	case dict:
		if v["Type"] == name("Page") && depth == 0 && v["Parent"] != nil || v["Type"] == name("Catalog") || v["Type"] == name("Pages") {
			return word("null") // a page is not needed by what is drawn on another
		}
		out := dict{}
		for _, key := range slices.Sorted(maps.Keys(v)) { // in the same order each time, so that the same file comes out
			if !slices.Contains(dropped, key) {
				out[key] = w.copy(v[key], depth+1)
			}
		}
		return out
	case stream:
		d, _ := w.copy(v.dict, depth).(dict)
		data := v.data
		if f := list(w.follow(v.dict["Filter"])); len(f) == 1 && w.follow(f[0]) == name("DCTDecode") {
			data = bare(data)
		}
		d["Length"] = number(fmt.Sprint(len(data)))
		return stream{d, data}
	}
	return v
}

func (w *writer) object(num int, v any) {
	if w.at == nil {
		w.at = map[int]int{}
	}
	w.at[num] = w.out.Len()
	fmt.Fprintf(&w.out, "%d 0 obj\n", num)
	w.value(v)
	w.out.WriteString("\nendobj\n")
}

// value writes no more than a file may have: what many pages share is written for each of them.
func (w *writer) value(v any) {
	if w.out.Len() > mostWritten {
		w.err = errSyntax
		return
	}
	switch v := v.(type) {
	case nil:
		w.out.WriteString("null")
	case name:
		w.name(v)
	case number:
		w.out.WriteString(string(v))
	case word:
		w.out.WriteString(string(v))
	case text:
		w.out.Write(v)
	case ref:
		fmt.Fprintf(&w.out, "%d %d R", v.num, v.gen)
	case array:
		w.out.WriteByte('[')
		for i, x := range v {
			if i > 0 {
				w.out.WriteByte(' ')
			}
			w.value(x)
		}
		w.out.WriteByte(']')
	case dict:
		w.out.WriteString("<<")
		for _, key := range slices.Sorted(maps.Keys(v)) {
			w.name(key)
			w.out.WriteByte(' ')
			w.value(v[key])
		}
		w.out.WriteString(">>")
	case stream:
		w.value(v.dict)
		w.out.WriteString("\nstream\n")
		w.out.Write(v.data)
		w.out.WriteString("\nendstream")
	}
}

func (w *writer) name(n name) {
	w.out.WriteByte('/')
	for i := range len(n) {
		if c := n[i]; c <= ' ' || c >= 0x7f || c == '#' || delimiter(c) {
			fmt.Fprintf(&w.out, "#%02X", c)
		} else {
			w.out.WriteByte(c)
		}
	}
}

// bare is a JPEG without what a camera writes into it: place, time, maker, comments. How its colours are meant stays.
func bare(b []byte) []byte {
	if len(b) < 4 || b[0] != 0xff || b[1] != 0xd8 {
		return b
	}
	out := append(make([]byte, 0, len(b)), 0xff, 0xd8)
	for i := 2; i+4 <= len(b) && b[i] == 0xff; {
		marker := b[i+1]
		if marker == 0xff {
			i++
			continue
		}
		end := i + 2 + int(binary.BigEndian.Uint16(b[i+2:]))
		if marker == 0xda || end > len(b) || end < i+4 {
			return append(out, b[i:]...)
		}
		if keep := marker == 0xe0 || marker == 0xe2 || marker == 0xee; keep || marker < 0xe0 || marker > 0xef && marker != 0xfe {
			out = append(out, b[i:end]...)
		}
		i = end
	}
	return out
}
