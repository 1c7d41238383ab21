package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"

	"mashang/platform/problem"
)

// A HEIC is not drawn anew: a decoder would cost every build half a minute of compiling (decision 0020). What it is made
// of is known, though: boxes, and items in them. All that is no part of the picture is overwritten, in place, so that
// nothing moves: place, time, maker, previews of other kinds, whatever lies between.

var errBoxes = errors.New("picture: not a picture of boxes")

// box is a stretch of a file: where its content begins and ends.
type box struct {
	kind       string
	at, in, to int // where it begins, its content begins, it ends
}

func boxes(b []byte, from, to int) ([]box, error) {
	var all []box
	for at := from; at < to; {
		if to-at < 8 || len(all) > 400 {
			return nil, errBoxes
		}
		size, head := int64(binary.BigEndian.Uint32(b[at:])), 8
		if size == 1 && to-at >= 16 {
			size, head = int64(binary.BigEndian.Uint64(b[at+8:])), 16 //nolint:gosec // bounded below
		} else if size == 0 {
			size = int64(to - at)
		}
		if size < int64(head) || size > int64(to-at) {
			return nil, errBoxes
		}
		all = append(all, box{string(b[at+4 : at+8]), at, at + head, at + int(size)})
		at += int(size)
	}
	return all, nil
}

// The boxes and items that make the picture.
var (
	inMeta    = []string{"hdlr", "dinf", "pitm", "iinf", "iref", "iprp", "iloc", "idat", "grpl"}
	inProps   = []string{"hvcC", "ispe", "colr", "irot", "imir", "clap", "pixi", "pasp", "auxC", "lsel", "a1lx"}
	pictorial = []string{"hvc1", "grid", "iden", "iovl"}
)

// strip overwrites all of a HEIC that is no part of its picture.
func strip(raw []byte) (Picture, error) {
	b := bytes.Clone(raw)
	top, err := boxes(b, 0, len(b))
	if err != nil || len(top) < 2 || top[0].kind != "ftyp" {
		return Picture{}, &problem.Error{Kind: problem.Invalid, Key: words + "broken", Err: err}
	}
	keep := [][2]int{{top[0].at, top[0].to}}
	var p Picture
	for _, x := range top[1:] {
		switch {
		case x.kind == "meta" && p.Width == 0:
			some, err := p.meta(b, x)
			if err != nil {
				return Picture{}, &problem.Error{Kind: problem.Invalid, Key: words + "broken", Err: err}
			}
			keep = append(keep, some...)
		case x.kind == "moov": // a film, or a picture that moves
			return Picture{}, problem.New(problem.Unsupported, words+"video")
		}
	}
	for _, x := range top { // heads stay, as what they are or as empty space
		if x.kind != "ftyp" && x.kind != "meta" && x.kind != "mdat" {
			copy(b[x.at+4:], "free")
		}
		keep = append(keep, [2]int{x.at, x.in})
	}
	if p.Width <= 0 || p.Height <= 0 || int64(p.Width)*int64(p.Height) > maxPixels {
		return Picture{}, problem.New(problem.TooLarge, words+"dots")
	}
	blank(b, keep)
	p.Data, p.MIME = b, "image/heic"
	return p, nil
}

// blank overwrites everything outside of what is kept.
func blank(b []byte, keep [][2]int) {
	slices.SortFunc(keep, func(x, y [2]int) int { return x[0] - y[0] })
	at := 0
	for _, k := range keep {
		if k[0] > at {
			clear(b[at:k[0]])
		}
		at = max(at, k[1])
	}
	clear(b[at:])
}

// meta finds what of a file is picture, and how large that is.
func (p *Picture) meta(b []byte, meta box) ([][2]int, error) {
	if meta.to-meta.in < 4 {
		return nil, errBoxes
	}
	inside, err := boxes(b, meta.in+4, meta.to)
	if err != nil {
		return nil, err
	}
	keep := [][2]int{{meta.in, meta.in + 4}}
	kinds := map[uint32]string{}
	for _, x := range inside {
		if x.kind == "iinf" {
			if err := items(b, x, kinds); err != nil {
				return nil, err
			}
		}
	}
	for _, x := range inside {
		keep = append(keep, [2]int{x.at, x.in})
		switch {
		case !slices.Contains(inMeta, x.kind):
			copy(b[x.at+4:], "free")
		case x.kind == "iprp":
			some, err := p.properties(b, x)
			if err != nil {
				return nil, err
			}
			keep = append(keep, some...)
		case x.kind == "iloc":
			some, err := extents(b, x, kinds, inside)
			if err != nil {
				return nil, err
			}
			keep = append(append(keep, some...), [2]int{x.in, x.to})
		case x.kind != "idat":
			keep = append(keep, [2]int{x.in, x.to})
		}
	}
	return keep, nil
}

// items reads what each item is, and takes away what it is called.
func items(b []byte, iinf box, kinds map[uint32]string) error {
	from := iinf.in + 6
	if iinf.to < from || b[iinf.in] != 0 {
		if from = iinf.in + 8; iinf.to < from {
			return errBoxes
		}
	}
	all, err := boxes(b, from, iinf.to)
	if err != nil {
		return err
	}
	for _, x := range all {
		if x.kind != "infe" || x.to-x.in < 12 || b[x.in] < 2 || b[x.in] > 3 {
			return errBoxes
		}
		id, at := uint32(binary.BigEndian.Uint16(b[x.in+4:])), x.in+8
		if b[x.in] == 3 {
			id, at = binary.BigEndian.Uint32(b[x.in+4:]), x.in+10
		}
		if at+4 > x.to {
			return errBoxes
		}
		kinds[id] = string(b[at : at+4])
		clear(b[at+4 : x.to])
	}
	return nil
}

// properties keeps those that say how the picture is drawn, and finds the largest size among them.
func (p *Picture) properties(b []byte, iprp box) ([][2]int, error) {
	parts, err := boxes(b, iprp.in, iprp.to)
	if err != nil {
		return nil, err
	}
	var keep [][2]int
	for _, x := range parts {
		keep = append(keep, [2]int{x.at, x.in})
		if x.kind != "ipco" {
			keep = append(keep, [2]int{x.in, x.to})
			continue
		}
		all, err := boxes(b, x.in, x.to)
		if err != nil {
			return nil, err
		}
		for _, y := range all {
			keep = append(keep, [2]int{y.at, y.in})
			if !slices.Contains(inProps, y.kind) {
				copy(b[y.at+4:], "free")
				continue
			}
			keep = append(keep, [2]int{y.in, y.to})
			if y.kind == "ispe" && y.to-y.in >= 12 {
				w, h := int(binary.BigEndian.Uint32(b[y.in+4:])), int(binary.BigEndian.Uint32(b[y.in+8:]))
				if w > 0 && h > 0 && w < 1<<20 && h < 1<<20 && w*h > p.Width*p.Height {
					p.Width, p.Height = w, h
				}
			}
		}
	}
	return keep, nil
}

// mostPlaces bounds where the items of a picture lie; a phone's has a few dozen.
const mostPlaces = 10_000

// extents finds where in the file the pictorial items lie.
func extents(b []byte, iloc box, kinds map[uint32]string, inside []box) ([][2]int, error) {
	r := &cursor{b: b[iloc.in:iloc.to]}
	version := r.uint(1)
	r.uint(3)
	sizes, more := r.uint(1), r.uint(1)
	offset, length, base, index := int(sizes>>4), int(sizes&15), int(more>>4), int(more&15)
	wide := 2
	if version == 2 {
		wide = 4
	} else if version > 2 {
		return nil, errBoxes
	}
	if version == 0 {
		index = 0
	}
	idat := 0
	for _, x := range inside {
		if x.kind == "idat" {
			idat = x.in
		}
	}
	var keep [][2]int
	places := mostPlaces
	for n := r.uint(wide); n > 0 && !r.short; n-- {
		id := uint32(r.uint(wide)) //nolint:gosec // at most four bytes
		method := uint64(0)
		if version > 0 {
			method = r.uint(2) & 15
		}
		r.uint(2)
		from := r.uint(base)
		for e := r.uint(2); e > 0 && !r.short; e-- {
			if places--; places < 0 { // a list may be written so that its places take no room in it
				return nil, errBoxes
			}
			r.uint(index)
			at, size := from+r.uint(offset), r.uint(length)
			if method == 1 {
				at += uint64(idat) //nolint:gosec // a place in the file
			}
			if method > 1 || at > uint64(len(b)) || size > uint64(len(b))-at {
				return nil, errBoxes
			}
			if slices.Contains(pictorial, kinds[id]) {
				keep = append(keep, [2]int{int(at), int(at + size)}) //nolint:gosec // within the file
			}
		}
	}
	if r.short {
		return nil, errBoxes
	}
	return keep, nil
}

// cursor reads numbers one after the other.
type cursor struct {
	b     []byte
	short bool
}

func (c *cursor) uint(n int) (v uint64) {
	if n > len(c.b) || n > 8 {
		c.short = true
		return 0
	}
	for _, x := range c.b[:n] {
		v = v<<8 | uint64(x)
	}
	c.b = c.b[n:]
	return v
}
