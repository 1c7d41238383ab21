package policy

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"mashang/aid/place"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// The kinds of file ImportIn and Try take.
const (
	FileProgrammes = "programmes"
	FileStandards  = "standards"
	FileDocuments  = "documents"
	FileEntries    = "faq"
)

// Files lists the kinds of file, in the order in which they build on each other.
func Files() []string { return []string{FileDocuments, FileProgrammes, FileStandards, FileEntries} }

// Template is the header of a table of a kind; nil for documents, which are texts.
func Template(kind string) []string {
	switch kind {
	case FileProgrammes:
		return ProgrammeTemplate()
	case FileStandards:
		return StandardTemplate()
	case FileEntries:
		return EntryTemplate()
	}
	return nil
}

// ImportIn takes a file in within the caller's transaction, which must be taken
// back when the report has faults. Call Reload after the commit.
func (l *Library) ImportIn(ctx context.Context, q store.Queryer, kind, name string, raw []byte) (place.Report, error) {
	inside := *l
	inside.within = q
	r := bytes.NewReader(raw)
	switch kind {
	case FileProgrammes:
		return inside.ImportProgrammes(ctx, name, r, false)
	case FileStandards:
		return inside.ImportStandards(ctx, name, r, false)
	case FileDocuments:
		return inside.ImportDocuments(ctx, name, r, false)
	case FileEntries:
		return inside.ImportEntries(ctx, name, r, false)
	}
	return place.Report{}, fmt.Errorf("policy: import: no kind %q", kind)
}

// Units lists the codes of units that have words of their own.
func Units() []string { return slices.Clone(unitCodes) }

// StandardLine is a standard as ImportStandards reads it under the header of
// StandardTemplate, so that a file can go out, be changed in a spreadsheet and come back.
func StandardLine(s Standard) []string {
	amount, none := Yuan(s.Cents), ""
	switch {
	case s.None:
		amount, none = "", "1"
	case s.Formula != (Formula{}):
		amount = ""
	}
	return []string{s.ID, s.Programme, s.Variant, s.Label.Hans, s.Label.Hant, s.Label.En, s.Place, amount, none, s.Unit, s.UnitText.Hans, s.UnitText.Hant, s.UnitText.En,
		place.FormatDay(s.From), place.FormatDay(s.To), s.Document, s.Note.Hans, s.Note.Hant, s.Note.En, s.Formula.Key(), s.Formula.Times, s.Formula.Round}
}

// Trial is what a file would do: New and Changed of the report count, and Rows names them.
type Trial struct {
	place.Report
	Effects []Effect
}

// Effect is one thing a file makes new or changes; Kind is the word review and the editor have for it.
type Effect struct {
	Kind, ID, Title string
	New             bool
	Before, After   json.RawMessage // null for nothing
}

var errTrial = errors.New("policy: only tried")

// Try takes a file in and back again, and tells what differs afterwards.
func (l *Library) Try(ctx context.Context, kind, name string, raw []byte) (Trial, error) {
	var t Trial
	err := l.DB.Tx(ctx, func(q store.Queryer) (err error) {
		before, err := readShelf(ctx, q, 0)
		if err != nil {
			return err
		}
		if t.Report, err = l.ImportIn(ctx, q, kind, name, raw); err != nil {
			return err
		}
		if len(t.Faults) > 0 {
			return errTrial
		}
		after, err := readShelf(ctx, q, 0)
		if err != nil {
			return err
		}
		t.Effects = effects(before, after)
		return errTrial
	})
	if err != nil && !errors.Is(err, errTrial) {
		return t, err
	}
	t.Written = false
	for _, e := range t.Effects {
		if e.New {
			t.New++
		} else {
			t.Changed++
		}
	}
	t.Same = max(0, t.Rows-t.New-t.Changed)
	return t, nil
}

// effects are what one shelf has and another had not, or otherwise.
func effects(before, after *Shelf) []Effect {
	all := slices.Concat(
		differ("department", before.departments, after.departments, func(d Department) (string, string) { return d.ID, d.Name.Hans }),
		differ("situation", before.situations, after.situations, func(s Situation) (string, string) { return s.ID, s.Name.Hans }),
		differ("document", before.documents, after.documents, func(d Document) (string, string) { return d.ID, d.Title }),
		differ("programme", before.programmes, after.programmes, func(p Programme) (string, string) { return p.ID, p.Name.Hans }),
		differ(KindStandard, before.rows, after.rows, func(s Standard) (string, string) { return s.ID, after.title(s) }),
		differ("entry", before.entries, after.entries, func(e Entry) (string, string) { return e.ID, e.Questions[0].Hans }),
	)
	return all
}

func (s *Shelf) title(row Standard) string {
	p, _ := s.Ever(row.Programme)
	return p.Name.Hans + " " + row.Label.Hans
}

func differ[T any](kind string, before, after []T, name func(T) (id, title string)) []Effect {
	had := map[string]string{}
	for _, v := range before {
		id, _ := name(v)
		had[id] = written(v)
	}
	var all []Effect
	for _, v := range after {
		id, title := name(v)
		old, there := had[id]
		if fresh := written(v); !there || old != fresh {
			e := Effect{Kind: kind, ID: id, Title: title, New: !there, Before: json.RawMessage("null"), After: json.RawMessage(fresh)}
			if there {
				e.Before = json.RawMessage(old)
			}
			all = append(all, e)
		}
	}
	return all
}

// Ground is a mark of what a file changes and what stood there before. A day on which something was last looked at is
// no change.
func Ground(all []Effect) string {
	h := sha256.New()
	for _, e := range all {
		if e.New || undated(e.Before) != undated(e.After) {
			fmt.Fprintf(h, "%s %q %s\n", e.Kind, e.ID, e.Before)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func undated(raw json.RawMessage) string {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return string(raw)
	}
	delete(fields, "updated")
	return written(fields)
}

func written(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// Has tells whether anything of a kind is there. What is brought into an empty
// library needs no second person: nothing published is changed by it.
func (s *Shelf) Has(kind string) bool {
	switch kind {
	case FileProgrammes:
		return len(s.programmes) > 0
	case FileStandards:
		return len(s.rows) > 0
	case FileDocuments:
		return len(s.documents) > 0
	}
	return len(s.entries) > 0
}

// Refused is a report with faults as a problem in words, for those who cannot show a list.
func Refused(r place.Report) error {
	if len(r.Faults) == 0 {
		return nil
	}
	f := r.Faults[0]
	return &problem.Error{Kind: problem.Conflict, Key: f.Key, Args: f.Args, Err: r.Faults.Err()}
}
