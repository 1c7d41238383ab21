package qr

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// MaxPNG is the largest edge of a picture in pixels.
const MaxPNG = 4096

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
	return picture(m, scale), nil
}

// picture writes a grey 1-bit PNG. Every pixel row of a module row is the same,
// so the row is coded once and repeated by copies of one distance: the work
// grows with the modules, not with the pixels.
func picture(m [][]bool, scale int) []byte {
	n := len(m) + 2*quiet
	edge := n * scale
	row := make([]byte, 1+(edge+7)/8) // the filter (0, none), then the pixels; a clear bit is dark
	out := bytes.NewBuffer(make([]byte, 0, 8<<10))
	out.WriteString("\x89PNG\r\n\x1a\n")
	var head [13]byte
	binary.BigEndian.PutUint32(head[0:], uint32(edge))
	binary.BigEndian.PutUint32(head[4:], uint32(edge))
	head[8] = 1 // bit depth; colour type 0: 0 is black, 1 white
	chunk(out, "IHDR", head[:])

	z := packer{out: make([]byte, 0, 8<<10), a: 1}
	z.out = append(z.out, 0x78, 0x01) // zlib, no dictionary
	z.bits(3, 3)                      // the last block, with the codes that deflate fixes
	white := func() {
		for i := range row[1:] {
			row[1+i] = 0xff
		}
	}
	white()
	z.rows(row, quiet*scale)
	for _, line := range m {
		white()
		for x, dark := range line {
			if dark {
				clearBits(row[1:], (x+quiet)*scale, scale)
			}
		}
		z.rows(row, scale)
	}
	white()
	z.rows(row, quiet*scale)
	chunk(out, "IDAT", z.end())
	chunk(out, "IEND", nil)
	return out.Bytes()
}

// clearBits sets n bits of row from bit `from` on to 0.
func clearBits(row []byte, from, n int) {
	for i := from; i < from+n; {
		if i%8 == 0 && from+n-i >= 8 {
			row[i/8] = 0
			i += 8
			continue
		}
		row[i/8] &^= 0x80 >> (i % 8)
		i++
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

// packer writes one deflate block of RFC 1951 with its fixed codes, and the
// Adler-32 sum of what it stands for.
type packer struct {
	out  []byte
	hold uint64
	have uint
	a, b uint64
}

const adlerMod = 65521

func (p *packer) bits(v uint64, n uint) {
	p.hold |= v << p.have
	p.have += n
	for p.have >= 8 {
		p.out = append(p.out, byte(p.hold))
		p.hold >>= 8
		p.have -= 8
	}
}

// code writes a Huffman code, whose first bit is its highest.
func (p *packer) code(v uint64, n uint) {
	var r uint64
	for range n {
		r = r<<1 | v&1
		v >>= 1
	}
	p.bits(r, n)
}

func (p *packer) literal(c byte) {
	if c < 144 {
		p.code(0x30+uint64(c), 8)
	} else {
		p.code(0x190+uint64(c)-144, 9)
	}
}

// again repeats n bytes from distance bytes back.
func (p *packer) again(n, distance int) {
	for n > 0 {
		length := min(n, 258)
		if left := n - length; left > 0 && left < 3 {
			length -= 3 - left // no copy is shorter than three
		}
		p.length(length)
		p.distance(distance)
		n -= length
	}
}

func (p *packer) length(n int) {
	if n == 258 {
		p.code(0xc5, 8)
		return
	}
	n -= 3
	symbol, extra := 257+n, uint(0)
	if n >= 8 {
		for n>>(extra+3) != 0 {
			extra++
		}
		symbol = 257 + int(extra)*4 + n>>extra
	}
	if symbol < 280 {
		p.code(uint64(symbol-256), 7)
	} else {
		p.code(0xc0+uint64(symbol-280), 8)
	}
	p.bits(uint64(n)&(1<<extra-1), extra)
}

func (p *packer) distance(d int) {
	d--
	symbol, extra := d, uint(0)
	if d >= 4 {
		for d>>(extra+2) != 0 {
			extra++
		}
		symbol = int(extra)*2 + d>>extra
	}
	p.code(uint64(symbol), 5)
	p.bits(uint64(d)&(1<<extra-1), extra)
}

// rows writes row, its runs as copies of their first byte, and then copies of
// the whole row until it stands there the given number of times.
func (p *packer) rows(row []byte, times int) {
	for i := 0; i < len(row); {
		run := 1
		for i+run < len(row) && row[i+run] == row[i] {
			run++
		}
		p.literal(row[i])
		if run >= 4 {
			p.again(run-1, 1)
			i += run
			continue
		}
		i++
	}
	p.again((times-1)*len(row), len(row))

	// One row adds sum to a; and to b its length times a, and each byte as often
	// as bytes follow it, itself counted.
	var sum, weighed uint64
	for i, c := range row {
		sum += uint64(c)
		weighed += uint64(c) * uint64(len(row)-i)
	}
	for range times {
		p.b = (p.b + uint64(len(row))*p.a + weighed) % adlerMod
		p.a = (p.a + sum) % adlerMod
	}
}

func (p *packer) end() []byte {
	p.code(0, 7) // end of block
	if p.have > 0 {
		p.bits(0, 8-p.have)
	}
	return binary.BigEndian.AppendUint32(p.out, uint32(p.b<<16|p.a))
}
