package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
)

// File is one file of a folder that Export writes and ImportFolder reads again as the same.
type File struct {
	Name    string // with slashes: documents/dibao-2021.json
	Content []byte
}

// The folder looks like the sample's: lists in files of their own, programmes and documents one a file, the office's
// answers by programme, so that a change in the office's version control shows as the change it is.
const (
	departmentsFile = "departments.json"
	situationsFile  = "situations.json"
	standardsFile   = "standards.json"
	programmesDir   = "programmes"
	documentsDir    = "documents"
	entriesDir      = "entries"
)

var plainName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$`)

// Export is everything of a kind as files. The same shelf always gives the same bytes.
func (s *Shelf) Export(kind string) ([]File, error) {
	var w exporter
	switch kind {
	case FileProgrammes:
		w.add(departmentsFile, list(s.departments))
		w.add(situationsFile, list(s.situations))
		for _, p := range s.programmes {
			w.add(path.Join(programmesDir, p.ID+".json"), p)
		}
	case FileStandards:
		w.add(standardsFile, list(s.rows))
	case FileDocuments:
		for _, d := range s.documents {
			name := d.ID
			if !plainName.MatchString(name) {
				name = documentID("", d.ID)
			}
			w.add(path.Join(documentsDir, name+".json"), d)
		}
	case FileEntries:
		var order []string
		groups := map[string][]Entry{}
		for _, e := range s.entries {
			name := e.Programme
			if !plainName.MatchString(name) {
				name = "general"
			}
			if groups[name] == nil {
				order = append(order, name)
			}
			groups[name] = append(groups[name], e)
		}
		for _, name := range order {
			w.add(path.Join(entriesDir, name+".json"), groups[name])
		}
	default:
		return nil, fmt.Errorf("policy: export: no kind %q", kind)
	}
	return w.files, w.err
}

// list is never null in JSON.
func list[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

type exporter struct {
	files []File
	err   error
}

func (w *exporter) add(name string, v any) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil && w.err == nil {
		w.err = fmt.Errorf("policy: export: %w", err)
	}
	w.files = append(w.files, File{name, b.Bytes()})
}
