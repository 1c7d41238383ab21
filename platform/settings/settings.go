// Package settings keeps what the office says about itself: names, hotline, filing
// numbers, emblem. Staff edit it in the console; every instance has it in memory.
package settings

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"mashang/platform/fresh"
	"mashang/platform/kv"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// Office is one version of the settings. Texts go by language tag (zh-Hans,
// zh-Hant, en). What Book hands out is shared: copy it before changing it.
type Office struct {
	County       map[string]string `json:"county,omitempty"`
	Issuer       map[string]string `json:"issuer,omitempty"`
	Hotline      string            `json:"hotline,omitempty"`
	ICP          string            `json:"icp,omitempty"`    // 粤ICP备12345678号-1
	PoliceFiling string            `json:"police,omitempty"` // 京公网安备11010502030143号
	OtherDomains []string          `json:"domains,omitempty"`
	VerifyFiles  []File            `json:"files,omitempty"`
	Colour       string            `json:"colour,omitempty"`    // #rrggbb
	Languages    []string          `json:"languages,omitempty"` // offered to residents; empty: all
	SetUp        []string          `json:"set_up,omitempty"`    // steps of the wizard that are done
	Texts        Texts             `json:"texts,omitzero"`

	Emblem   []byte `json:"-"` // PNG of at most 512 × 512, as Book.Emblem makes it
	EmblemID string `json:"-"` // changes with the emblem: for its address

	Version int64     `json:"-"` // 0: nobody has saved anything yet
	By      string    `json:"-"`
	At      time.Time `json:"-"`
}

// File is what WeChat and others ask for at the root of a domain to see whose it is.
type File struct {
	Name    string `json:"name"`
	Content string `json:"content"`
}

// File finds a verification file by its name.
func (o Office) File(name string) (File, bool) {
	if i := slices.IndexFunc(o.VerifyFiles, func(f File) bool { return f.Name == name }); i >= 0 {
		return o.VerifyFiles[i], true
	}
	return File{}, false
}

// Done reports whether a step of the wizard is done.
func (o Office) Done(step string) bool { return slices.Contains(o.SetUp, step) }

// topic is the notice and the version of the snapshot.
const topic = "settings"

// Book keeps the settings. Hotline stands where nobody has entered one.
type Book struct {
	DB      *store.DB
	KV      kv.Store
	Now     func() time.Time
	Log     *slog.Logger
	Hotline string

	snap    *fresh.Snapshot[Office]
	picture sync.Mutex // one picture at a time is taken apart: it may need 128 MiB
}

// Open reads the settings and keeps them fresh until Close.
func (b *Book) Open(ctx context.Context) error {
	s, err := fresh.Open(ctx, fresh.Source{DB: b.DB, KV: b.KV, Log: b.Log, Name: topic}, func(ctx context.Context, q store.Queryer, _ int64) (*Office, error) {
		o, err := find(ctx, q)
		if err != nil {
			return nil, err
		}
		if o.Hotline == "" {
			o.Hotline = b.Hotline
		}
		return &o, nil
	})
	if err != nil {
		return fmt.Errorf("settings: open: %w", err)
	}
	b.snap = s
	return nil
}

// Close ends the watch; the last settings stay readable.
func (b *Book) Close() { b.snap.Close() }

// Office is the newest version. The zero fields of a new county are empty.
func (b *Book) Office() Office {
	o, _ := b.snap.Current()
	return *o
}

// Stored is what is saved, without the default hotline, for the form that edits it.
func (b *Book) Stored(ctx context.Context) (Office, error) {
	o, err := find(ctx, b.DB)
	if err != nil {
		return Office{}, fmt.Errorf("settings: stored: %w", err)
	}
	return o, nil
}

// Save checks o and makes it the settings. o.Version is the version that was
// edited: when another was saved since, nothing happens and the error says so.
// Given a transaction, the caller calls Changed after its commit; given the
// database itself, Save does both.
func (b *Book) Save(ctx context.Context, q store.Queryer, o Office, by string) error {
	o = o.tidy()
	if err := o.check(); err != nil {
		return err
	}
	if db, own := q.(*store.DB); own {
		if err := db.Tx(ctx, func(q store.Queryer) error { return b.save(ctx, q, o, by) }); err != nil {
			return fmt.Errorf("settings: save: %w", err)
		}
		return b.Changed(ctx)
	}
	if err := b.save(ctx, q, o, by); err != nil {
		return fmt.Errorf("settings: save: %w", err)
	}
	return nil
}

func (b *Book) save(ctx context.Context, q store.Queryer, o Office, by string) error {
	was, err := find(ctx, q)
	if err != nil {
		return err
	}
	if was.Version != o.Version {
		return &problem.Error{Kind: problem.Conflict, Key: "settings.changed", Args: map[string]string{"who": was.By}}
	}
	data, err := json.Marshal(o)
	if err != nil {
		return err
	}
	if err := put(ctx, q, o.Version+1, string(data), o.Emblem, by, b.now()); err != nil {
		return err
	}
	return fresh.Bump(ctx, q, topic)
}

// keptVersions is how many versions can be looked at and taken back.
const keptVersions = 50

// Versions are the newest versions, the one that holds first.
func (b *Book) Versions(ctx context.Context, limit int) ([]Office, error) {
	all, err := selectVersions(ctx, b.DB, limit)
	if err != nil {
		return nil, fmt.Errorf("settings: versions: %w", err)
	}
	return all, nil
}

// Restore takes version back, when it is the one that holds: what stood before it holds again, except for the steps of
// the wizard. Call Changed after the commit.
func (b *Book) Restore(ctx context.Context, q store.Queryer, version int64, by string) error {
	now, err := find(ctx, q)
	if err != nil {
		return fmt.Errorf("settings: restore: %w", err)
	}
	if now.Version != version {
		return &problem.Error{Kind: problem.Conflict, Key: "settings.changed", Args: map[string]string{"who": now.By}}
	}
	was := Office{}
	if version > 1 {
		if was, err = selectVersion(ctx, q, version-1); err != nil {
			return err
		}
	}
	was.Version, was.SetUp = now.Version, now.SetUp
	return b.Save(ctx, q, was, by)
}

// Changed shows the newest settings here and tells the other instances.
func (b *Book) Changed(ctx context.Context) error {
	if err := b.snap.Changed(ctx); err != nil {
		return fmt.Errorf("settings: changed: %w", err)
	}
	return nil
}

func (b *Book) now() time.Time {
	if b.Now == nil {
		return time.Now()
	}
	return b.Now()
}

func emblemID(picture []byte) string {
	if len(picture) == 0 {
		return ""
	}
	sum := sha256.Sum256(picture)
	return hex.EncodeToString(sum[:8])
}
