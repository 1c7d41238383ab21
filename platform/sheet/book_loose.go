package sheet

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"mashang/platform/problem"
)

// mostLoose bounds how much text outside the cells is looked at one by one; beyond it no honest list goes.
const mostLoose = 200_000

// loose gathers the text of a workbook that stands in no cell.
func (w *workbook) loose(z *zip.Reader, at map[string]int) ([]Loose, error) {
	var all []Loose
	for _, f := range z.File {
		name := strings.TrimPrefix(f.Name, "/")
		switch ext := strings.ToLower(path.Ext(name)); {
		case ext != ".xml" && ext != ".vml", quiet(name):
			continue
		}
		g := gatherer{tab: -1, sheet: strings.HasPrefix(name, "xl/worksheets/"), values: strings.HasPrefix(name, "xl/pivotCache/") || strings.HasPrefix(name, "xl/externalLinks/")}
		if i, ok := at[name]; ok {
			g.tab = i
		}
		through := func(r io.Reader) io.Reader { return r }
		if g.sheet {
			through = func(r io.Reader) io.Reader { return &cellless{r: bufio.NewReaderSize(r, 64<<10)} }
		}
		if err := w.eachOf(name, through, g.see); err != nil && path.Ext(name) == ".xml" {
			return nil, err
		}
		if all = append(all, g.all...); len(all) > mostLoose {
			return nil, refuse(problem.TooLarge, "problem.sheet.large", 0, errBroken)
		}
	}
	return all, nil
}

// quiet are the parts that hold no text of their own: the cells' strings are read with the cells.
func quiet(name string) bool {
	for _, p := range []string{"[Content_Types]", "xl/sharedStrings", "xl/styles", "xl/theme/", "xl/calcChain", "xl/metadata"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

// gatherer collects the text of one part.
type gatherer struct {
	tab    int
	sheet  bool // a worksheet: its cells are read elsewhere
	values bool // attributes called v hold values
	cells  bool // inside the cells
	cell   string
	text   strings.Builder
	all    []Loose
}

func (g *gatherer) add(text string) {
	if text = strings.TrimSpace(text); text != "" {
		g.all = append(g.all, Loose{Tab: g.tab, Cell: g.cell, Text: text})
	}
}

func (g *gatherer) see(t xml.Token) bool {
	switch e := t.(type) {
	case xml.StartElement:
		switch e.Name.Local {
		case "sheetData":
			g.cells = true
		case "comment", "threadedComment":
			g.cell = attr(e, "ref")
		case "si", "p", "definedName":
			g.text.Reset()
		}
		if g.cells && g.sheet {
			return true
		}
		for _, a := range e.Attr {
			switch a.Name.Local {
			case "tooltip", "display", "prompt", "promptTitle", "error", "errorTitle", "descr", "title", "comment", "Target":
				g.add(a.Value)
			case "v", "name":
				if g.values || e.Name.Local == "definedName" {
					g.add(a.Value)
				}
			}
		}
	case xml.EndElement:
		switch e.Name.Local {
		case "sheetData":
			g.cells = false
		case "comment", "threadedComment":
			g.flush()
			g.cell = ""
		case "created", "modified", "lastPrinted": // when the file was made: some programs say 1899
			g.text.Reset()
		case "t", "r", "rPr", "rPh", "author":
			// runs of one text stay together
			if e.Name.Local == "author" {
				g.flush()
			}
		default:
			if g.cell == "" {
				g.flush()
			}
		}
	case xml.CharData:
		if !g.cells || !g.sheet {
			g.text.Write(e)
		}
	}
	return true
}

func (g *gatherer) flush() {
	g.add(g.text.String())
	g.text.Reset()
}

// cellless is a worksheet without its cells, which are most of it and are read elsewhere.
type cellless struct {
	r       *bufio.Reader
	waiting []byte
	skip    bool
}

func (c *cellless) Read(p []byte) (int, error) {
	for len(c.waiting) == 0 {
		piece, err := c.r.ReadSlice('<')
		if errors.Is(err, bufio.ErrBufferFull) {
			err = nil
		}
		if c.skip {
			if bytes.HasPrefix(piece, []byte("/sheetData")) || bytes.HasPrefix(piece, []byte("/x:sheetData")) {
				c.skip = false
			}
		} else if open := bytes.HasPrefix(piece, []byte("sheetData")) || bytes.HasPrefix(piece, []byte("x:sheetData")); open {
			end := bytes.IndexByte(piece, '>')
			c.skip = end > 0 && piece[end-1] != '/'
		}
		if !c.skip || bytes.Contains(piece, []byte("sheetData")) {
			c.waiting = append(c.waiting[:0], piece...)
		}
		if err != nil && len(c.waiting) == 0 {
			return 0, err
		}
	}
	n := copy(p, c.waiting)
	c.waiting = c.waiting[n:]
	return n, nil
}
