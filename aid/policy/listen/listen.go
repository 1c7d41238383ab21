// Package listen keeps what the office has read out of its programmes: one sound file for a section in a language.
package listen

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"mashang/aid/policy"
	"mashang/i18n"
	"mashang/platform/files"
	"mashang/platform/fresh"
	"mashang/platform/problem"
	"mashang/platform/review"
	"mashang/platform/store"
)

// Most is the largest file that is taken, in bytes; ten minutes of speech have half of it.
const Most = 10 << 20

// Owner owns the files in the vault.
const Owner = "policy/listen"

// Kind is the review kind of a recording.
const Kind = "recording"

// Recording is a section as somebody read it out. File is "" for one that is to go.
type Recording struct {
	Programme string `json:"programme"`
	Section   string `json:"section"`
	Lang      string `json:"lang"`
	File      string `json:"file,omitempty"` // in the vault
	Mime      string `json:"mime,omitempty"`
	Size      int64  `json:"size,omitempty"`
	Words     string `json:"words,omitempty"` // a mark of the section as it was read out; "" when unknown
}

// Says reports whether a recording says what its section of g says now.
func (r Recording) Says(g policy.Programme) bool {
	return r.Words == "" || r.Words == words(g, r.Section, r.Lang)
}

func words(g policy.Programme, section, lang string) string {
	l, _ := i18n.Parse(lang)
	for _, s := range g.Sections {
		if s.Key == section {
			sum := sha256.Sum256([]byte(s.Text.In(l)))
			return hex.EncodeToString(sum[:8])
		}
	}
	return "gone"
}

// Key is what a recording is of, in one word, as review keeps it.
func (r Recording) Key() string { return r.Programme + "/" + r.Section + "/" + r.Lang }

// Book keeps recordings.
type Book struct {
	DB      *store.DB
	Vault   *files.Vault
	Library *policy.Library
	Now     func() time.Time
}

// Sound tells by its first bytes what kind of sound a file is: MP3, Ogg or M4A, "" for anything else.
func Sound(b []byte) string {
	switch {
	case len(b) < 16:
	case bytes.HasPrefix(b, []byte("OggS\x00")):
		return "audio/ogg"
	case bytes.HasPrefix(b, []byte("ID3")) && b[3] < 0xff && b[4] < 0xff && b[6]|b[7]|b[8]|b[9] < 0x80:
		return "audio/mpeg"
	case b[0] == 0xff && b[1]&0xe6 == 0xe2 && b[2]&0xf0 != 0xf0 && b[2]&0xf0 != 0 && b[2]&0x0c != 0x0c: // layer III, a rate that exists
		return "audio/mpeg"
	case bytes.Equal(b[4:8], []byte("ftyp")) && (bytes.HasPrefix(b[8:], []byte("M4A")) || bytes.HasPrefix(b[8:], []byte("mp42")) || bytes.HasPrefix(b[8:], []byte("isom"))):
		return "audio/mp4"
	}
	return ""
}

// Bring puts a sound into the vault for a proposal; the page shows it after the second person's yes.
func (b *Book) Bring(ctx context.Context, of Recording, sound io.Reader) (Recording, error) {
	raw, err := io.ReadAll(io.LimitReader(sound, Most+1))
	if err != nil {
		return of, &problem.Error{Kind: problem.Malformed, Key: "listen.unreadable", Err: err}
	}
	if len(raw) > Most {
		return of, problem.New(problem.TooLarge, "listen.large")
	}
	if of.Mime = Sound(raw); of.Mime == "" {
		return of, problem.New(problem.Unsupported, "listen.kind")
	}
	if err := b.of(b.Library.Shelf(), of); err != nil {
		return of, err
	}
	g, _ := b.Library.Shelf().Programme(of.Programme)
	of.File, of.Size, of.Words = rand.Text(), int64(len(raw)), words(g, of.Section, of.Lang)
	if err := b.Vault.Put(ctx, b.DB, of.File, Owner, of.Mime, bytes.NewReader(raw)); err != nil {
		return of, fmt.Errorf("listen: bring: %w", err)
	}
	return of, nil
}

// Knows refuses a recording of what is not there.
func (b *Book) Knows(r Recording) error { return b.of(b.Library.Shelf(), r) }

// of refuses a recording of what is not there.
func (b *Book) of(s *policy.Shelf, r Recording) error {
	g, ok := s.Programme(r.Programme)
	if !ok {
		return problem.New(problem.Missing, "know.missing")
	}
	if _, ok := i18n.Parse(r.Lang); !ok {
		return problem.New(problem.Invalid, "listen.lang")
	}
	for _, x := range g.Sections {
		if x.Key == r.Section {
			return nil
		}
	}
	return problem.New(problem.Invalid, "listen.section")
}

// Of lists the recordings of a programme in a language, by section; some may say what stood there before, see Says.
func (b *Book) Of(ctx context.Context, programme string, lang i18n.Lang) (map[string]Recording, error) {
	all, err := read(ctx, b.DB, programme)
	if err != nil {
		return nil, err
	}
	out := map[string]Recording{}
	for _, r := range all {
		if r.Lang == string(lang) {
			out[r.Section] = r
		}
	}
	return out, nil
}

// All lists every recording of a programme.
func (b *Book) All(ctx context.Context, programme string) ([]Recording, error) {
	return read(ctx, b.DB, programme)
}

// Open is the sound of a section, whole.
func (b *Book) Open(ctx context.Context, programme, section string, lang i18n.Lang) (Recording, []byte, error) {
	all, err := b.Of(ctx, programme, lang)
	if err != nil {
		return Recording{}, nil, err
	}
	r, ok := all[section]
	if !ok {
		return r, nil, problem.New(problem.Missing, "listen.missing")
	}
	return b.sound(ctx, r)
}

// Brought is the sound of a version of a recording, published or not: who approves one has to hear it.
func (b *Book) Brought(ctx context.Context, version json.RawMessage) (Recording, []byte, error) {
	var r Recording
	if err := json.Unmarshal(version, &r); err != nil || r.File == "" {
		return r, nil, problem.New(problem.Missing, "listen.missing")
	}
	return b.sound(ctx, r)
}

func (b *Book) sound(ctx context.Context, r Recording) (Recording, []byte, error) {
	f, _, err := b.Vault.Open(ctx, r.File)
	if err != nil {
		return r, nil, fmt.Errorf("listen: open: %w", err)
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, Most+1))
	if err != nil {
		return r, nil, fmt.Errorf("listen: open: %w", err)
	}
	return r, raw, nil
}

// ReviewKind lets a recording be brought by one person and published by another.
func (b *Book) ReviewKind() review.Kind {
	return review.Kind{
		Name: Kind,
		Now: func(ctx context.Context, q store.Queryer, object string) (json.RawMessage, error) {
			r, ok := parse(object)
			if !ok {
				return nil, errors.New("listen: no such recording")
			}
			all, err := read(ctx, q, r.Programme)
			if err != nil {
				return nil, err
			}
			for _, one := range all {
				if one.Key() == object {
					return json.Marshal(one)
				}
			}
			return json.Marshal(r)
		},
		Apply: func(ctx context.Context, q store.Queryer, c review.Change) error {
			r, ok := parse(c.Object)
			if !ok {
				return errors.New("listen: no such recording")
			}
			var next Recording
			if err := json.Unmarshal(c.After, &next); err != nil {
				return fmt.Errorf("listen: apply: %w", err)
			}
			next.Programme, next.Section, next.Lang = r.Programme, r.Section, r.Lang
			if err := write(ctx, q, next); err != nil {
				return err
			}
			return fresh.Bump(ctx, q, policy.Topic) // pages are kept until the library changes
		},
		After: b.Library.Reload,
	}
}

func parse(object string) (Recording, bool) {
	p := strings.Split(object, "/")
	if len(p) != 3 || p[0] == "" || p[1] == "" || p[2] == "" {
		return Recording{}, false
	}
	return Recording{Programme: p[0], Section: p[1], Lang: p[2]}, true
}
