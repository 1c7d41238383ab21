package sample

import (
	"context"
	"fmt"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/aid/roster"
	"mashang/platform/store"
)

// Parts are the rooms that are filled. A nil Board gets no rosters.
type Parts struct {
	DB      *store.DB
	Places  *place.Gazetteer
	Library *policy.Library
	Board   *roster.Board
	Now     func() time.Time // nil is the system's clock
}

// Load fills what is empty: places and policy together, then the rosters. What is there is left alone, so that Load may
// run at every start.
func Load(ctx context.Context, p Parts) error {
	if p.Now == nil {
		p.Now = time.Now
	}
	if p.Places.Atlas().Root().Code == "" && len(p.Library.Shelf().Programmes()) == 0 {
		if err := p.county(ctx); err != nil {
			return err
		}
	}
	if p.Board == nil {
		return nil
	}
	if err := p.rosters(ctx); err != nil {
		return err
	}
	return p.figures(ctx)
}

// content is everything that stands in the files.
type content struct {
	divisions   []place.Division
	offices     []place.Office
	locations   []place.Location
	departments []policy.Department
	situations  []policy.Situation
	programmes  []policy.Programme
	standards   []policy.Standard
	documents   []policy.Document
	entries     []policy.Entry
}

func read() (c content, err error) {
	for _, step := range []func() error{
		func() (err error) { c.divisions, err = Divisions(); return },
		func() (err error) { c.offices, err = Offices(); return },
		func() (err error) { c.locations, err = Locations(); return },
		func() (err error) { c.departments, err = Departments(); return },
		func() (err error) { c.situations, err = Situations(); return },
		func() (err error) { c.programmes, err = Programmes(); return },
		func() (err error) { c.standards, err = Standards(); return },
		func() (err error) { c.documents, err = Documents(); return },
		func() (err error) { c.entries, err = Entries(); return },
	} {
		if err := step(); err != nil {
			return c, err
		}
	}
	return c, nil
}

func (p Parts) county(ctx context.Context) error {
	c, err := read()
	if err != nil {
		return err
	}
	// Cites are checked as of the day of writing: the demo's clock may stand elsewhere.
	library := &policy.Library{Now: func() time.Time { return written }}
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		for _, step := range []func() error{
			func() error { return p.Places.PutDivisions(ctx, q, c.divisions) },
			func() error { return p.Places.PutOffices(ctx, q, c.offices) },
			func() error { return p.Places.PutLocations(ctx, q, c.locations) },
			func() error { return library.PutDocuments(ctx, q, c.documents) },
			func() error { return library.PutDepartments(ctx, q, c.departments) },
			func() error { return library.PutSituations(ctx, q, c.situations) },
			func() error { return library.PutProgrammes(ctx, q, c.programmes) },
			func() error { return library.PutStandards(ctx, q, c.standards) },
			func() error { return library.PutEntries(ctx, q, c.entries) },
		} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("sample: load: %w", err)
	}
	if err := p.Places.Reload(ctx); err != nil {
		return err
	}
	return p.Library.Reload(ctx)
}

// rosters are brought in through the board's own importer. The notices come last, so that they tell whether a load ran
// to its end; lists that are brought in again take the place of those before.
func (p Parts) rosters(ctx context.Context) error {
	there, err := p.Board.All(ctx, "", 1000)
	if err != nil {
		return err
	}
	for _, one := range there {
		if one.Kind != roster.List {
			return nil
		}
	}
	for _, l := range Rosters(p.Places.Atlas(), p.Library.Shelf(), p.Now()) {
		report, err := p.Board.Import(ctx, l.Meta, l.Header, roster.Table(l.Rows))
		if err != nil {
			return fmt.Errorf("sample: load: %w", err)
		}
		if !report.Saved {
			return fmt.Errorf("sample: load: the list of %s was not taken: %v", l.Meta.Programme, report.Problems)
		}
	}
	return nil
}
