package sample_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

// exported is everything of the library as one folder.
func exported(t testing.TB, s *policy.Shelf) fstest.MapFS {
	t.Helper()
	folder := fstest.MapFS{}
	for _, kind := range policy.Files() {
		files, err := s.Export(kind)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if folder[f.Name] != nil {
				t.Errorf("%s is written twice", f.Name)
			}
			folder[f.Name] = &fstest.MapFile{Data: f.Content}
		}
	}
	return folder
}

// bare is the county's tree of places and nothing else.
func bare(t testing.TB, db *store.DB) *policy.Library {
	t.Helper()
	g, err := place.NewGazetteer(t.Context(), db, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	divisions, err := sample.Divisions()
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Tx(t.Context(), func(q store.Queryer) error { return g.PutDivisions(t.Context(), q, divisions) }); err != nil {
		t.Fatal(err)
	}
	p, err := policy.NewLibrary(t.Context(), db, nil, func() time.Time { return today })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func TestContentGoesOutAndComesBackAsItWas(t *testing.T) {
	before := exported(t, loaded(t, storetest.SQLite(t), today).Library.Shelf())
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := bare(t, db)
		for range 2 { // the second time changes nothing
			for _, kind := range policy.Files() {
				r, err := l.ImportFolder(t.Context(), kind, before, false)
				if err != nil || len(r.Faults) > 0 || !r.Written {
					t.Fatalf("%s: %+v, %v", kind, r.Faults, err)
				}
			}
			after := exported(t, l.Shelf())
			for name, f := range before {
				if after[name] == nil || string(after[name].Data) != string(f.Data) {
					t.Errorf("%s came back otherwise", name)
				}
			}
			if len(after) != len(before) {
				t.Errorf("%d files came back of %d", len(after), len(before))
			}
		}
	})
}

func TestAFolderIsTakenInWholeOrNotAtAll(t *testing.T) {
	folder := exported(t, loaded(t, storetest.SQLite(t), today).Library.Shelf())
	l := bare(t, storetest.SQLite(t))
	take := func(kind string) place.Report {
		t.Helper()
		r, err := l.ImportFolder(context.Background(), kind, folder, false)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	folder["documents/zz.pdf"] = &fstest.MapFile{Data: []byte("%PDF-1.7")}
	folder["documents/notes.xyz"] = &fstest.MapFile{Data: []byte("?")}
	r := take(policy.FileDocuments)
	if r.Written || len(r.Faults) != 1 || r.Faults[0].Item != "documents/zz.pdf" || r.Faults[0].Key != "policy.import.broken" || len(l.Shelf().Documents()) != 0 {
		t.Errorf("a folder with a broken file: %+v, %d documents", r.Faults, len(l.Shelf().Documents()))
	}
	if !slices.ContainsFunc(r.Notes, func(f place.Fault) bool { return f.Key == "policy.import.passed" }) {
		t.Errorf("no word about the file that was passed over: %v", r.Notes)
	}
	delete(folder, "documents/zz.pdf")
	if r := take(policy.FileDocuments); !r.Written {
		t.Fatalf("%+v", r)
	}
	was := folder["programmes/dibao.json"].Data
	folder["programmes/dibao.json"] = &fstest.MapFile{Data: []byte(strings.Replace(string(was), `"article": "9"`, `"article": "999"`, 1))}
	if r := take(policy.FileProgrammes); r.Written || len(l.Shelf().Programmes()) != 0 || len(r.Faults) == 0 || r.Faults[0].Key != "policy.cite.article" {
		t.Errorf("a programme that cites an article that is not there: %+v", r.Faults)
	}
}
