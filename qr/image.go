package qr

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strconv"

	qrcode "github.com/skip2/go-qrcode"
)

// quiet is the clear margin in modules that ISO/IEC 18004 asks for.
const quiet = 4

// MaxPNG is the largest edge of a picture in pixels.
const MaxPNG = 4096

// Matrix returns the modules of text at error level Q (skip2 calls it High),
// without the quiet zone; true is dark. Only ASCII is taken: readers disagree
// about raw UTF-8.
func Matrix(text string) (m [][]bool, err error) {
	for i := 0; i < len(text); i++ {
		if text[i] < 0x20 || text[i] > 0x7e {
			return nil, fmt.Errorf("qr: matrix: byte %d is not printable ASCII", i)
		}
	}
	// The library panics on internal errors.
	defer func() {
		if r := recover(); r != nil {
			m, err = nil, fmt.Errorf("qr: matrix: %v", r)
		}
	}()
	q, err := qrcode.New(text, qrcode.High)
	if err != nil {
		return nil, fmt.Errorf("qr: matrix: %w", err)
	}
	q.DisableBorder = true // before the first rendering, later it is ignored
	return q.Bitmap(), nil
}

// PNG draws text as a 1-bit picture whose edge is at most px pixels. Modules
// are whole pixels, so the edge is the greatest multiple that fits.
func PNG(text string, px int) ([]byte, error) {
	m, err := Matrix(text)
	if err != nil {
		return nil, err
	}
	n := len(m) + 2*quiet
	if px > MaxPNG {
		px = MaxPNG
	}
	scale := px / n
	if scale < 1 {
		return nil, fmt.Errorf("qr: png: %d pixels cannot hold %d modules", px, n)
	}
	return bits(m, scale, n*scale)
}

// bits writes a grey 1-bit PNG. A module row is packed once; the pixel rows
// below it repeat it through filter Up, as zeros, which costs deflate nothing.
func bits(m [][]bool, scale, edge int) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("\x89PNG\r\n\x1a\n")
	var head [13]byte
	binary.BigEndian.PutUint32(head[0:], uint32(edge))
	binary.BigEndian.PutUint32(head[4:], uint32(edge))
	head[8] = 1 // bit depth; colour type 0: 0 is black, 1 white
	chunk(&out, "IHDR", head[:])

	width := (edge + 7) / 8
	white := bytes.Repeat([]byte{0xff}, width)
	row := make([]byte, width)
	same := make([]byte, 1+width)
	same[0] = 2 // Up, all zero: as the row above

	var data bytes.Buffer
	z, err := zlib.NewWriterLevel(&data, zlib.BestSpeed)
	if err != nil {
		return nil, fmt.Errorf("qr: png: %w", err)
	}
	// Errors of z stay with it and come out of Close; data never fails.
	band := func(r []byte, times int) {
		_, _ = z.Write([]byte{0})
		_, _ = z.Write(r)
		for i := 1; i < times; i++ {
			_, _ = z.Write(same)
		}
	}
	band(white, quiet*scale)
	for _, line := range m {
		copy(row, white)
		for x, dark := range line {
			if dark {
				clearBits(row, (x+quiet)*scale, scale)
			}
		}
		band(row, scale)
	}
	band(white, quiet*scale)
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("qr: png: %w", err)
	}
	chunk(&out, "IDAT", data.Bytes())
	chunk(&out, "IEND", nil)
	return out.Bytes(), nil
}

// clearBits sets n bits of row from bit `from` on to 0.
func clearBits(row []byte, from, n int) {
	for i := from; i < from+n; i++ {
		row[i/8] &^= 0x80 >> (i % 8)
	}
}

func chunk(out *bytes.Buffer, name string, data []byte) {
	var n [4]byte
	binary.BigEndian.PutUint32(n[:], uint32(len(data)))
	out.Write(n[:])
	start := out.Len()
	out.WriteString(name)
	out.Write(data)
	binary.BigEndian.PutUint32(n[:], crc32.ChecksumIEEE(out.Bytes()[start:]))
	out.Write(n[:])
}

// SVG draws text as one path over a white ground, one unit a module with the
// quiet zone included, so that print and screen scale it without blur.
func SVG(text string) ([]byte, error) {
	m, err := Matrix(text)
	if err != nil {
		return nil, err
	}
	n := strconv.Itoa(len(m) + 2*quiet)
	b := make([]byte, 0, 8<<10)
	b = append(b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 `+n+` `+n+`" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h`+n+`v`+n+`H0z"/><path d="`...)
	for y, line := range m {
		for x := 0; x < len(line); x++ {
			if !line[x] {
				continue
			}
			run := 1
			for x+run < len(line) && line[x+run] {
				run++
			}
			b = append(b, 'M')
			b = strconv.AppendInt(b, int64(x+quiet), 10)
			b = append(b, ' ')
			b = strconv.AppendInt(b, int64(y+quiet), 10)
			b = append(b, 'h')
			b = strconv.AppendInt(b, int64(run), 10)
			b = append(b, "v1h-"...)
			b = strconv.AppendInt(b, int64(run), 10)
			b = append(b, 'z')
			x += run
		}
	}
	return append(b, `"/></svg>`...), nil
}

// Text draws text for a terminal with a dark ground, two modules a character.
func Text(text string) (string, error) {
	m, err := Matrix(text)
	if err != nil {
		return "", err
	}
	n := len(m)
	light := func(y, x int) bool {
		return y < 0 || x < 0 || y >= n || x >= n || !m[y][x]
	}
	var b bytes.Buffer
	for y := -quiet / 2; y < n+quiet/2; y += 2 {
		for x := -quiet / 2; x < n+quiet/2; x++ {
			switch up, down := light(y, x), light(y+1, x); {
			case up && down:
				b.WriteRune('█')
			case up:
				b.WriteRune('▀')
			case down:
				b.WriteRune('▄')
			default:
				b.WriteByte(' ')
			}
		}
		b.WriteByte('\n')
	}
	return b.String(), nil
}
