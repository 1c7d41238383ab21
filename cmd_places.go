package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"mashang/aid/place"
	"mashang/platform/sheet"
)

// mostChanged is how many changed rows an import names one by one.
const mostChanged = 40

// importPlaces takes in a table of places, saying what differs from what is
// there. towns is a second sheet that names what the list knows by code alone.
func (p *portal) importPlaces(ctx context.Context, w world, name string, file io.Reader, towns string, in place.Intake) (place.Report, error) {
	if towns != "" {
		var err error
		if in.Named, err = readTowns(towns); err != nil {
			return place.Report{}, err
		}
	}
	report, err := p.places.Import(ctx, name, file, in)
	if err != nil {
		return report, err
	}
	if len(report.Missing) > 0 {
		fmt.Fprintf(w.errs, "note   the list knows %d towns by code alone: name them in a sheet with the columns 区划代码,名称 and give it as -towns FILE\n", len(report.Missing))
		return report, nil
	}
	if len(report.Faults) > 0 || report.Rows == 0 {
		return report, nil
	}
	fmt.Fprintf(w.out, "%d new, %d changed, %d as they are\n", report.New, report.Changed, report.Same)
	shown := 0
	for _, c := range report.Changes {
		if c.New || shown == mostChanged {
			continue
		}
		shown++
		for _, f := range c.Fields {
			fmt.Fprintf(w.out, "change %d %s %s: %s “%s” → “%s”\n", c.Line, c.Code, c.Name, f.Field, f.Old, f.New)
		}
	}
	if n := len(report.Gone); n > 0 {
		fmt.Fprintf(w.out, "note   %d are here and not in the file; they stay as they are\n", n)
	}
	return report, nil
}

// readTowns reads the small sheet beside a list: codes and names, and where
// somebody knows them levels and managers.
func readTowns(path string) ([]place.Division, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return place.ReadDivisions(filepath.Base(path), bytes.NewReader(b))
}

// exportPlaces prints one of the three tables of places as import takes it.
func (p *portal) exportPlaces(to io.Writer, kind string) error {
	header, rows := p.places.Atlas().Export(kind)
	return sheet.WriteCSV(to, header, rows)
}

// isTable tells the kinds that exportPlaces prints.
func isTable(kind string) bool { return slices.Contains(place.Tables(), kind) }
