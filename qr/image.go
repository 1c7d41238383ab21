package qr

import (
	"bytes"
	"fmt"
	"strconv"

	qrcode "github.com/skip2/go-qrcode"
)

// quiet is the clear margin in modules that ISO/IEC 18004 asks for.
const quiet = 4

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

// SVG draws text as one path over a white ground, one unit a module with the
// quiet zone included, so that print and screen scale it without blur.
func SVG(text string) ([]byte, error) {
	m, err := Matrix(text)
	if err != nil {
		return nil, err
	}
	n := strconv.Itoa(len(m) + 2*quiet)
	b := make([]byte, 0, 256+len(m)*len(m)*8) // never grown: half the modules are dark, and in runs
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
			b = small(b, x+quiet)
			b = append(b, ' ')
			b = small(b, y+quiet)
			b = append(b, 'h')
			b = small(b, run)
			b = append(b, "v1h-"...)
			b = small(b, run)
			b = append(b, 'z')
			x += run
		}
	}
	return append(b, `"/></svg>`...), nil
}

// small appends a number below 1,000, which every coordinate of a code is.
func small(b []byte, n int) []byte {
	if n >= 100 {
		b = append(b, byte('0'+n/100))
	}
	if n >= 10 {
		b = append(b, byte('0'+n/10%10))
	}
	return append(b, byte('0'+n%10))
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
