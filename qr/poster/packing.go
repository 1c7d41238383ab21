package poster

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"

	"mashang/i18n"
	"mashang/platform/print"
	"mashang/platform/sheet"
)

// Set is the locations of one village, or of a town for itself.
type Set struct {
	Town, Village string
	Places        []Place
}

// Sets parts places into sets, in the order in which their villages first come.
func Sets(places []Place) []Set {
	var out []Set
	at := map[[2]string]int{}
	for _, p := range places {
		key := [2]string{p.Town, p.Village}
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, Set{Town: p.Town, Village: p.Village})
		}
		out[i].Places = append(out[i].Places, p)
	}
	return out
}

// Zip writes a ZIP with one PDF a village in the folder of its town, and before
// them the packing list, to print and as a table. Warnings and refusal are as
// those of Print.
func (p *Press) Zip(ctx context.Context, to io.Writer, o Office, c Choice, places []Place, step func(done, total int)) ([]Warning, error) {
	warns := p.Check(o, c, places)
	if Blocking(warns) && !c.Anyway {
		return warns, &Refused{warns}
	}
	z := zip.NewWriter(to)
	put := func(name string, method uint16, content []byte) error {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: o.Month})
		if err != nil {
			return err
		}
		_, err = w.Write(content)
		return err
	}
	list, table, err := p.packing(o, c, places)
	if err == nil {
		err = put(p.say("packing.file")+".pdf", zip.Store, list)
	}
	if err == nil {
		err = put(p.say("packing.file")+".csv", zip.Deflate, table)
	}
	if err != nil {
		return warns, fmt.Errorf("poster: zip: %w", err)
	}
	sets := Sets(places)
	done := 0
	for i, one := range p.files(ctx, o, c, sets) {
		if one.err == nil {
			// A PDF is packed already.
			one.err = put(fmt.Sprintf("%s/%03d %s.pdf", fileName(sets[i].Town), i+1, fileName(sets[i].Village)), zip.Store, one.pdf)
		}
		if one.err != nil {
			return warns, fmt.Errorf("poster: zip: %w", one.err)
		}
		done += len(sets[i].Places)
		if step != nil {
			step(done, len(places))
		}
	}
	if err := ctx.Err(); err != nil {
		return warns, fmt.Errorf("poster: zip: %w", err)
	}
	if err := z.Close(); err != nil {
		return warns, fmt.Errorf("poster: zip: %w", err)
	}
	return warns, nil
}

type file struct {
	pdf []byte
	err error
}

// files makes the PDFs of the sets on all processors and hands them on in order.
func (p *Press) files(ctx context.Context, o Office, c Choice, sets []Set) func(yield func(int, file) bool) {
	return func(yield func(int, file) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		workers := min(runtime.GOMAXPROCS(0), len(sets))
		ready := make([]chan file, workers)
		for w := range ready {
			ready[w] = make(chan file)
			go func() {
				for i := w; i < len(sets); i += workers {
					var b bytes.Buffer
					c := c
					c.Anyway = true // Zip has looked at all warnings before
					_, err := p.Print(ctx, &b, o, c, sets[i].Places, nil)
					select {
					case ready[w] <- file{b.Bytes(), err}:
					case <-ctx.Done():
						return
					}
				}
			}()
		}
		for i := range sets {
			select {
			case one := <-ready[i%workers]:
				if !yield(i, one) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

// fileName is a village's name as every system takes it for a file.
func fileName(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || print.Silent(r) || strings.ContainsRune(`/\:*?"<>|`, r) {
			return -1
		}
		return r
	}, s)
	if s = strings.Trim(s, ". "); s == "" {
		return "-"
	}
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60])
	}
	return s
}

func (p *Press) say(key string, args ...any) string {
	return p.Words.T(i18n.Hans, "posters."+key, args...)
}

// Packing writes the packing list as a PDF of its own.
func (p *Press) Packing(to io.Writer, o Office, c Choice, places []Place) error {
	b, _, err := p.packing(o, c, places)
	if err != nil {
		return err
	}
	_, err = to.Write(b)
	return err
}

// columns of the packing list: where each begins, in millimetres.
var columns = []struct {
	key string
	x   float64
}{{"", 15}, {"packing.number", 24}, {"packing.name", 42}, {"packing.kind", 118}, {"packing.hung", 140}, {"packing.who", 168}}

// packing is the list in print, a set on a page of its own, and as a table.
func (p *Press) packing(o Office, c Choice, places []Place) (list, table []byte, err error) {
	const top, step, perPage = 46.0, 9.2, 25
	grey, ink := print.Ink{R: 0xb9, G: 0xbf, B: 0xbb}, print.Ink{R: 0x1c, G: 0x24, B: 0x20}
	d := p.Fonts.NewPDF(print.Paper{W: 210, H: 297}, print.Info{Title: p.say("packing.title"), Author: o.Issuer, Made: o.Month})
	for _, set := range Sets(places) {
		for from := 0; from < len(set.Places); from += perPage {
			l := &layer{fonts: p.Fonts, sheet: print.NewSheet(1)}
			l.write("title", ink, box{x: 15, y: 18, w: 130, h: 9, size: 7, min: 4}, true, set.Town+" "+set.Village)
			l.write("title", ink, box{x: 195, y: 18, w: 60, h: 9, size: 4.2, min: 3, align: 'r'}, false,
				p.say("packing.title")+" "+p.say("size."+string(c.Size))+" "+p.say("packing.count", "n", len(set.Places)))
			l.write("title", ink, box{x: 15, y: 27, w: 180, h: 7, size: 4, min: 3}, false, p.say("packing.how", "town", set.Town))
			for _, col := range columns {
				if col.key != "" {
					l.write("head", ink, box{x: col.x, y: top - 6, w: 30, h: 6, size: 3.8, min: 2.5}, true, p.say(col.key))
				}
			}
			l.sheet.Fill(ink, 15, top-2, 180, .4, 0)
			for i, one := range set.Places[from:min(from+perPage, len(set.Places))] {
				y := top + step*(float64(i)+.5) - 1
				l.sheet.Frame(ink, 15.5, y-2.4, 4.8, 4.8, .6, .35)
				l.write("number", ink, box{x: columns[1].x, y: y, w: 16, h: 6, size: 4.4, min: 2.5}, true, one.Number)
				l.write("name", ink, box{x: columns[2].x, y: y, w: 73, h: step - .6, size: 4.4, min: 2.6}, false, one.Name)
				l.write("kind", ink, box{x: columns[3].x, y: y, w: 20, h: 6, size: 3.8, min: 2.4}, false, one.Kind)
				l.sheet.Fill(grey, 15, y+step/2, 180, .2, 0)
			}
			pages := (len(set.Places) + perPage - 1) / perPage
			l.write("page", ink, box{x: 195, y: 288, w: 60, h: 5, size: 3.6, min: 3, align: 'r'}, false, fmt.Sprintf("%d / %d", from/perPage+1, pages))
			l.write("page", ink, box{x: 15, y: 288, w: 120, h: 5, size: 3.6, min: 2.5}, false, o.Issuer)
			d.Page(l.sheet)
		}
	}
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		return nil, nil, err
	}
	var csv bytes.Buffer
	header := []string{p.say("packing.tick"), p.say("packing.order"), p.say("packing.number"), p.say("packing.name"), p.say("packing.kind"),
		p.say("packing.village"), p.say("packing.town"), p.say("packing.address")}
	err = sheet.WriteCSV(&csv, header, func(yield func([]string) bool) {
		n := 0
		for _, set := range Sets(places) {
			for _, one := range set.Places {
				n++
				if !yield([]string{"☐", strconv.Itoa(n), one.Number, one.Name, one.Kind, one.Village, one.Town, one.Address}) {
					return
				}
			}
		}
	})
	return b.Bytes(), csv.Bytes(), err
}
