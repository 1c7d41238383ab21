package policy

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"mashang/aid/place"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// The bounds of a folder that is handed in.
const (
	maxFiles  = 5000
	maxFolder = 256 << 20
)

// ImportFolder takes in a folder as Export writes it, all files or none. A folder of documents may also hold texts,
// Markdown, HTML, Word and PDF files. Faults and notes name the file.
func (l *Library) ImportFolder(ctx context.Context, kind string, folder fs.FS, dry bool) (place.Report, error) {
	f := folderReader{folder: folder, left: maxFolder}
	report := place.Report{Kind: kind}
	var write func(store.Queryer) error
	switch kind {
	case FileProgrammes:
		departments, err := folderRows[Department](&f, departmentsFile)
		if err != nil {
			return report, err
		}
		situations, err := folderRows[Situation](&f, situationsFile)
		if err != nil {
			return report, err
		}
		programmes, err := folderRows[Programme](&f, programmesDir)
		if err != nil {
			return report, err
		}
		report.Rows = len(programmes)
		write = func(q store.Queryer) error {
			return firstFault(l.PutDepartments(ctx, q, departments), func() error { return l.PutSituations(ctx, q, situations) }, func() error { return l.PutProgrammes(ctx, q, programmes) })
		}
	case FileStandards:
		rows, err := folderRows[Standard](&f, standardsFile)
		if err != nil {
			return report, err
		}
		report.Rows = len(rows)
		write = func(q store.Queryer) error { return l.PutStandards(ctx, q, rows) }
	case FileDocuments:
		all, err := l.folderDocuments(&f, &report)
		if err != nil {
			return report, err
		}
		report.Rows = len(all)
		write = func(q store.Queryer) error { return l.PutDocuments(ctx, q, all) }
	case FileEntries:
		all, err := folderRows[Entry](&f, entriesDir)
		if err != nil {
			return report, err
		}
		report.Rows = len(all)
		write = func(q store.Queryer) error { return l.PutEntries(ctx, q, all) }
	default:
		return report, fmt.Errorf("policy: import: no kind %q", kind)
	}
	if report.Rows == 0 && len(report.Faults) == 0 {
		return report, &problem.Error{Kind: problem.Malformed, Key: "policy.import.nofiles", Args: map[string]string{"kind": kind}}
	}
	return report, l.finish(ctx, &report, dry, nil, write)
}

func firstFault(err error, then ...func() error) error {
	for _, next := range then {
		if err != nil {
			return err
		}
		err = next()
	}
	return err
}

type folderReader struct {
	folder fs.FS
	left   int
}

// names lists the files of a folder inside, or the one file of that name; none when there is neither.
func (f *folderReader) names(name string) ([]string, error) {
	info, err := fs.Stat(f.folder, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("policy: import: %w", err)
	case !info.IsDir():
		return []string{name}, nil
	}
	entries, err := fs.ReadDir(f.folder, name)
	if err != nil {
		return nil, fmt.Errorf("policy: import: %w", err)
	}
	if len(entries) > maxFiles {
		return nil, problem.New(problem.TooLarge, "policy.import.large")
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			names = append(names, path.Join(name, e.Name()))
		}
	}
	slices.Sort(names)
	return names, nil
}

func (f *folderReader) read(name string) ([]byte, error) {
	file, err := f.folder.Open(name)
	if err != nil {
		return nil, fmt.Errorf("policy: import: %w", err)
	}
	defer file.Close()
	raw, err := slurp(file)
	if err != nil {
		return nil, inFile(name, err)
	}
	if f.left -= len(raw); f.left < 0 {
		return nil, problem.New(problem.TooLarge, "policy.import.large")
	}
	return raw, nil
}

// inFile says which file of a folder a problem is about.
func inFile(name string, err error) error {
	var p *problem.Error
	if !errors.As(err, &p) {
		return err
	}
	return &problem.Error{Kind: p.Kind, Key: p.Key, Args: p.Args, Err: fmt.Errorf("%s: %w", name, err)}
}

// folderRows reads every row of a list or of the files in a folder.
func folderRows[T any](f *folderReader, name string) ([]T, error) {
	names, err := f.names(name)
	if err != nil {
		return nil, err
	}
	var all []T
	for _, n := range names {
		raw, err := f.read(n)
		if err != nil {
			return nil, err
		}
		rows, err := parseJSON[T](raw)
		if err != nil {
			var p *problem.Error
			if errors.As(err, &p) && p.Args["reason"] != "" {
				p.Args["reason"] = n + ": " + p.Args["reason"]
			}
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, nil
}

// folderDocuments reads documents of every form. One that cannot be read is a fault beside the others.
func (l *Library) folderDocuments(f *folderReader, report *place.Report) ([]Document, error) {
	names, err := f.names(documentsDir)
	if err != nil {
		return nil, err
	}
	if names == nil {
		if names, err = f.names("."); err != nil {
			return nil, err
		}
	}
	var all []Document
	for _, n := range names {
		raw, err := f.read(n)
		if err != nil {
			return nil, err
		}
		if isJSON(n, raw) {
			rows, err := parseJSON[Document](raw)
			if err != nil {
				fileFault(report, n, err)
			}
			all = append(all, rows...)
			continue
		}
		if !slices.Contains([]string{".txt", ".md", ".markdown", ".html", ".htm", ".docx", ".pdf"}, ending(n)) {
			report.Notes.Add(0, n, "policy.import.passed")
			continue
		}
		one := place.Report{}
		d, err := parseDocument(n, raw, &one)
		if err != nil {
			fileFault(report, n, err)
			continue
		}
		l.Shelf().connect(&d, d.State != Unverified, l.Now(), &one)
		for _, note := range one.Notes {
			note.Item = n
			report.Notes = append(report.Notes, note)
		}
		for _, fault := range one.Faults {
			fault.Item = n
			report.Faults = append(report.Faults, fault)
		}
		all = append(all, d)
	}
	return all, nil
}

func fileFault(report *place.Report, name string, err error) {
	f := place.Fault{Item: name, Key: "policy.import.unreadable"}
	var p *problem.Error
	if errors.As(err, &p) {
		f.Key, f.Args = p.Key, p.Args
	}
	report.Faults = append(report.Faults, f)
}
