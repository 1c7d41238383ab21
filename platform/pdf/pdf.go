// Package pdf makes a clean PDF of one that strangers send: its pages and what is drawn on them are written anew, and
// nothing else is. One that holds what does something when it is opened is refused.
package pdf

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"

	"mashang/platform/problem"
)

// What a person is told.
const (
	keyBroken = "papers.pdf.broken"
	keyLocked = "papers.pdf.locked"
	keyActs   = "papers.pdf.acts"
	keyMany   = "papers.pdf.many"
)

// acts are names that make a file do something, or hide another file in it.
var acts = []name{
	"JavaScript", "JS", "Launch", "EmbeddedFile", "EmbeddedFiles", "EF", "AF", "RichMedia", "XFA", "SubmitForm", "ImportData",
	"GoToE", "GoToR", "Rendition", "Movie", "Sound", "3D", "AA", "FileAttachment",
}

// dropped are keys that say who made a page, when and where, or lead away from it.
var dropped = []name{"Metadata", "PieceInfo", "LastModified", "OpenAction", "OC", "Thumb", "StructParent", "StructParents", "OPI", "Alternates"}

var (
	ofPage       = []name{"MediaBox", "CropBox", "BleedBox", "TrimBox", "ArtBox", "Rotate", "Resources", "Contents", "Group", "UserUnit", "Annots"}
	inherited    = []name{"MediaBox", "CropBox", "Rotate", "Resources"}
	ofAnnotation = []name{"Type", "Subtype", "Rect", "F", "AS", "AP", "C", "Border"}
)

// Clean reads a PDF and writes its pages anew. What a person can put right comes as a problem.Error.
func Clean(raw []byte) ([]byte, error) {
	f, err := read(raw)
	if err == nil && f.trailer["Encrypt"] != nil {
		return nil, problem.New(problem.Unsupported, keyLocked)
	}
	if err == nil {
		for _, num := range slices.Sorted(maps.Keys(f.objects)) {
			if err = f.check(f.objects[num], 0); err != nil {
				break
			}
		}
	}
	var out []byte
	if err == nil {
		out, err = f.write()
	}
	var told *problem.Error
	if errors.As(err, &told) || err == nil {
		return out, err
	}
	return nil, &problem.Error{Kind: problem.Invalid, Key: keyBroken, Err: err}
}

// check refuses what acts, wherever it stands, reachable or not.
func (f *file) check(v any, depth int) error {
	if depth > mostDepth {
		return errSyntax
	}
	switch v := v.(type) {
	case name:
		if slices.Contains(acts, v) {
			return problem.New(problem.Unsupported, keyActs)
		}
	case array:
		for _, x := range v {
			if err := f.check(x, depth+1); err != nil {
				return err
			}
		}
	case stream:
		if v.dict["F"] != nil || v.dict["FFilter"] != nil { // its data would lie in another file
			return problem.New(problem.Unsupported, keyActs)
		}
		if err := f.weigh(v); err != nil {
			return err
		}
		return f.check(v.dict, depth)
	case dict:
		if _, goes := f.follow(v["OpenAction"]).(dict); goes { // a page to open at is no action, and is dropped
			return problem.New(problem.Unsupported, keyActs)
		}
		for key, x := range v {
			if key == "EmbeddedFiles" && f.none(x) { // some writers always leave room for files
				continue
			}
			if slices.Contains(acts, key) {
				return problem.New(problem.Unsupported, keyActs)
			}
			if err := f.check(x, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// none tells whether a list of names is empty.
func (f *file) none(v any) bool {
	d, ok := f.follow(v).(dict)
	names, listed := f.follow(d["Names"]).(array)
	return ok && listed && len(names) == 0 && d["Kids"] == nil
}

// weigh refuses what unpacks to far more than it is.
func (f *file) weigh(s stream) error {
	if s.dict["Subtype"] == name("Image") {
		w, ok := f.whole(s.dict["Width"])
		h, ok2 := f.whole(s.dict["Height"])
		if !ok || !ok2 || w <= 0 || h <= 0 || w > mostDots || h > mostDots || w*h > mostDots {
			return problem.New(problem.TooLarge, "apply.paper.dots")
		}
	}
	filters := list(f.follow(s.dict["Filter"]))
	if len(filters) == 0 {
		return nil
	}
	if len(filters) > 3 {
		return errSyntax
	}
	if f.follow(filters[0]) != name("FlateDecode") {
		return nil
	}
	z, err := zlib.NewReader(bytes.NewReader(s.data))
	if err != nil {
		return nil // what cannot be unpacked unpacks to nothing
	}
	n, _ := io.Copy(io.Discard, io.LimitReader(z, mostUnpacked-f.unpacked+1))
	if f.unpacked += n; f.unpacked > mostUnpacked {
		return problem.New(problem.TooLarge, "apply.paper.dots")
	}
	return nil
}

func list(v any) array {
	switch v := v.(type) {
	case nil:
		return nil
	case array:
		return v
	}
	return array{v}
}

// pages walks the tree of pages, each with what it inherits.
func (f *file) pages(v any, from dict, seen map[int]bool, depth int) ([]dict, error) {
	if r, ok := v.(ref); ok {
		if seen[r.num] {
			return nil, errSyntax
		}
		seen[r.num] = true
	}
	d, ok := f.follow(v).(dict)
	if !ok || depth > mostDepth {
		return nil, errSyntax
	}
	own := maps.Clone(from)
	for _, key := range inherited {
		if x, ok := d[key]; ok {
			own[key] = x
		}
	}
	if d["Type"] != name("Pages") && d["Kids"] == nil {
		for _, key := range ofPage {
			if x, ok := d[key]; ok {
				own[key] = x
			}
		}
		return []dict{own}, nil
	}
	var all []dict
	kids, _ := f.follow(d["Kids"]).(array)
	for _, kid := range kids {
		some, err := f.pages(kid, own, seen, depth+1)
		if err != nil {
			return nil, err
		}
		if all = append(all, some...); len(all) > mostPages {
			return nil, &problem.Error{Kind: problem.TooLarge, Key: keyMany, Args: map[string]string{"max": strconv.Itoa(mostPages)}}
		}
	}
	return all, nil
}

// write writes the pages and what they need, under new numbers.
func (f *file) write() ([]byte, error) {
	root, ok := f.follow(f.trailer["Root"]).(dict)
	if !ok {
		return nil, errSyntax
	}
	pages, err := f.pages(root["Pages"], dict{}, map[int]bool{}, 0)
	if err != nil {
		return nil, err
	}
	if len(pages) == 0 {
		return nil, errSyntax
	}
	w := &writer{file: f, renamed: map[int]int{}, next: 3 + len(pages)}
	w.out.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	kids := array{}
	for i, p := range pages {
		kids = append(kids, ref{3 + i, 0})
		p["Type"], p["Parent"] = name("Page"), ref{2, 0}
		p["Annots"] = w.annotations(p["Annots"])
		parent := p["Parent"]
		delete(p, "Parent")
		fresh, ok := w.copy(p, 0).(dict)
		if !ok || w.err != nil {
			return nil, errSyntax
		}
		fresh["Parent"] = parent
		w.object(3+i, fresh)
	}
	for len(w.todo) > 0 && w.err == nil {
		num := w.todo[0]
		w.todo = w.todo[1:]
		w.object(w.renamed[num], w.copy(f.objects[num], 0))
	}
	w.object(1, dict{"Type": name("Catalog"), "Pages": ref{2, 0}})
	w.object(2, dict{"Type": name("Pages"), "Kids": kids, "Count": number(strconv.Itoa(len(pages)))})
	if w.err != nil {
		return nil, w.err
	}
	return w.finish(), nil
}

// finish writes the table of objects.
func (w *writer) finish() []byte {
	at := w.out.Len()
	fmt.Fprintf(&w.out, "xref\n0 %d\n0000000000 65535 f \n", w.next)
	for i := 1; i < w.next; i++ {
		fmt.Fprintf(&w.out, "%010d 00000 n \n", w.at[i])
	}
	fmt.Fprintf(&w.out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", w.next, at)
	return w.out.Bytes()
}
