package print

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// Paper is what a PDF is printed on. Bleed is how far colour reaches beyond the
// trimmed page; Crop adds marks that show where to cut.
type Paper struct {
	W, H  float64
	Bleed float64
	Crop  bool
}

// slug is the room around the bleed that crop marks need.
const slug = 7

// margin is how far the media reach beyond the trimmed page.
func (p Paper) margin() float64 {
	if p.Crop {
		return p.Bleed + slug
	}
	return p.Bleed
}

// Info is what a PDF says about itself.
type Info struct {
	Title, Author string
	Made          time.Time
}

const mm = 72 / 25.4 // points

// PDF is a document that grows page by page. It is for one goroutine.
type PDF struct {
	fonts    *Fonts
	paper    Paper
	f        *fpdf.Fpdf
	to       *fpdf.Fpdf // where marks go: the document, or a shared part of it
	shared   map[*Sheet]fpdf.Template
	pictures map[string]*fpdf.ImageInfoType
	buf      []byte
}

// NewPDF begins a document.
func (f *Fonts) NewPDF(paper Paper, info Info) *PDF {
	m := paper.margin()
	d := &PDF{fonts: f, paper: paper, shared: map[*Sheet]fpdf.Template{}, pictures: map[string]*fpdf.ImageInfoType{}}
	d.f = fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: paper.W + 2*m, Ht: paper.H + 2*m}})
	d.to = d.f
	d.f.SetMargins(0, 0, 0)
	d.f.SetAutoPageBreak(false, 0)
	d.f.SetCompression(true)
	d.f.SetTitle(info.Title, true)
	d.f.SetAuthor(info.Author, true)
	d.f.SetCreator("码上通 mashang", true)
	d.f.SetCreationDate(info.Made)
	d.f.SetModificationDate(info.Made)
	for i, b := range files {
		d.f.AddUTF8FontFromBytes(names[i], "", b)
	}
	if m > 0 {
		d.f.SetPageBox("trim", m, m, paper.W, paper.H)
		d.f.SetPageBox("bleed", m-paper.Bleed, m-paper.Bleed, paper.W+2*paper.Bleed, paper.H+2*paper.Bleed)
	}
	return d
}

// Page adds a page with the marks of the sheets, one over the other. A sheet
// that Share was told about is only referred to.
func (d *PDF) Page(sheets ...*Sheet) {
	d.f.AddPage()
	for _, s := range sheets {
		if t, ok := d.shared[s]; ok {
			d.f.UseTemplate(t)
			continue
		}
		d.marks(s)
	}
	if d.paper.Crop {
		d.cropMarks()
	}
}

// Share draws a sheet once for all pages that show it. Pictures cannot be on it.
func (d *PDF) Share(s *Sheet) {
	d.shared[s] = d.f.CreateTemplate(func(t *fpdf.Tpl) {
		d.to = &t.Fpdf
		d.marks(s)
		d.to = d.f
	})
}

func (d *PDF) marks(s *Sheet) {
	for _, m := range s.marks {
		m.pdf(d)
	}
}

// Pages is how many pages there are.
func (d *PDF) Pages() int { return d.f.PageCount() }

// Write ends the document.
func (d *PDF) Write(w io.Writer) error {
	if err := d.f.Output(w); err != nil {
		return fmt.Errorf("print: write: %w", err)
	}
	return nil
}

// cropMarks shows the printer's shop where to cut.
func (d *PDF) cropMarks() {
	const length, line = 5, .25
	w, h, gap := d.paper.W, d.paper.H, d.paper.Bleed+1
	p := NewPath()
	for _, x := range []float64{0, w} {
		p.Move(x, -gap).Line(x, -gap-length).Move(x, h+gap).Line(x, h+gap+length)
	}
	for _, y := range []float64{0, h} {
		p.Move(-gap, y).Line(-gap-length, y).Move(w+gap, y).Line(w+gap+length, y)
	}
	shape{ink: Black, path: p, line: line}.pdf(d)
}

// begin opens a stretch whose unit is scale millimetres and whose y grows downwards.
func (d *PDF) begin(x, y, scale float64) {
	d.buf = append(d.buf[:0], "q "...)
	m := d.paper.margin()
	k := scale * mm
	d.numbers(k, 0, 0, -k, (x+m)*mm, (d.paper.H+m-y)*mm)
	d.buf = append(d.buf, "cm "...)
}

func (d *PDF) numbers(list ...float64) {
	for _, v := range list {
		v = math.Round(v*1e4) / 1e4
		d.buf = strconv.AppendFloat(d.buf, v, 'f', -1, 64)
		d.buf = append(d.buf, ' ')
	}
}

func (d *PDF) ink(i Ink, op string) {
	d.numbers(float64(i.R)/255, float64(i.G)/255, float64(i.B)/255)
	d.buf = append(d.buf, op...)
}

func (d *PDF) end() { d.to.RawWriteBuf(bytes.NewReader(append(d.buf, 'Q'))) }

func (s shape) pdf(d *PDF) {
	d.begin(0, 0, 1)
	if s.line > 0 {
		d.ink(s.ink, "RG ")
		d.numbers(s.line)
		d.buf = append(d.buf, "w "...)
	} else {
		d.ink(s.ink, "rg ")
	}
	for _, one := range s.path.steps {
		d.numbers(one.xy[:one.count()]...)
		d.buf = append(d.buf, map[byte]string{'M': "m ", 'L': "l ", 'C': "c ", 'Z': "h "}[one.op]...)
	}
	if s.line > 0 {
		d.buf = append(d.buf, "S "...)
	} else {
		d.buf = append(d.buf, "f* "...)
	}
	d.end()
}

func (m modules) pdf(d *PDF) {
	d.begin(m.x, m.y, m.size)
	d.buf = append(d.buf, "0 g "...)
	m.rows(func(x, y, run int) {
		d.buf = strconv.AppendInt(d.buf, int64(x), 10)
		d.buf = append(d.buf, ' ')
		d.buf = strconv.AppendInt(d.buf, int64(y), 10)
		d.buf = append(d.buf, ' ')
		d.buf = strconv.AppendInt(d.buf, int64(run), 10)
		d.buf = append(d.buf, " 1 re "...)
	})
	d.buf = append(d.buf, "f "...)
	d.end()
}

func (t writing) pdf(d *PDF) {
	m := d.paper.margin()
	x := t.x + m
	d.to.SetTextColor(int(t.ink.R), int(t.ink.G), int(t.ink.B))
	d.fonts.runs(t.text, t.bold, func(r run) {
		if r.face == absent {
			t.box(x-m, int(r.width+.5)).pdf(d)
			x += r.width * t.size
			return
		}
		d.to.SetFont(names[r.face], "", t.size*mm)
		thick := t.bold && r.face == cjk
		if thick {
			d.buf = append(d.buf[:0], "q 2 Tr 1 j "...)
			d.numbers(t.size * stroke * mm)
			d.buf = append(d.buf, "w "...)
			d.ink(t.ink, "RG")
			d.to.RawWriteBuf(bytes.NewReader(d.buf))
		}
		d.to.Text(x+r.shift*t.size, t.y+m, r.text)
		if thick {
			d.to.RawWriteStr("Q")
		}
		x += r.width * t.size
	})
}

func (p picture) pdf(d *PDF) {
	info, ok := d.pictures[p.name]
	options := fpdf.ImageOptions{ImageType: "PNG"}
	if !ok {
		info = d.f.RegisterImageOptionsReader(p.name, options, bytes.NewReader(p.png))
		d.pictures[p.name] = info
	}
	if info == nil || d.f.Err() {
		return // Write tells
	}
	x, y, w, h := fitted(p, info.Width(), info.Height())
	m := d.paper.margin()
	d.f.ImageOptions(p.name, x+m, y+m, w, h, false, options, 0, "")
}

// fitted is the box within p's that has the proportions w to h.
func fitted(p picture, w, h float64) (x, y, width, height float64) {
	if w <= 0 || h <= 0 {
		return p.x, p.y, p.w, p.h
	}
	k := min(p.w/w, p.h/h)
	width, height = w*k, h*k
	return p.x + (p.w-width)/2, p.y + (p.h-height)/2, width, height
}
