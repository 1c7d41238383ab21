// Package files keeps uploaded papers in the database, sealed piece by piece, so
// that neither saving nor reading one holds more than a piece in memory.
package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// Chunk is the size of every piece but the last.
const Chunk = 256 << 10

// Vault is where the papers are. Now may be left nil.
type Vault struct {
	DB   *store.DB
	Keys *privacy.Keyring
	Now  func() time.Time
}

// Info is what is known about a file without opening it.
type Info struct {
	ID, Owner, MIME string
	Size            int64 // bytes declared, or stored when nothing was declared
	Received        int64
	Complete        bool
	Made            time.Time
}

func (v *Vault) now() time.Time {
	if v.Now == nil {
		return time.Now()
	}
	return v.Now()
}

// Put stores all of r as the file id of owner, within q. The caller bounds r. A
// reader that can seek is read from its start when the transaction runs again.
func (v *Vault) Put(ctx context.Context, q store.Queryer, id, owner, mime string, r io.Reader) error {
	if s, ok := r.(io.Seeker); ok {
		if _, err := s.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("files: put: %w", err)
		}
	}
	if err := v.put(ctx, q, id, owner, mime, r); err != nil {
		return fmt.Errorf("files: put: %w", err)
	}
	return nil
}

func (v *Vault) put(ctx context.Context, q store.Queryer, id, owner, mime string, r io.Reader) error {
	key, wrapped, err := v.Keys.NewDataKey("files", id)
	if err != nil {
		return err
	}
	f := file{Info: Info{ID: id, Owner: owner, MIME: mime, Size: -1, Made: v.now()}, wrapped: wrapped}
	if err := insertFile(ctx, q, f); err != nil {
		return err
	}
	buf := make([]byte, Chunk)
	for n := int64(0); ; n++ {
		got, err := io.ReadFull(r, buf)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		if got > 0 {
			if err := seal(ctx, q, key, id, n, buf[:got]); err != nil {
				return err
			}
			f.Received += int64(got)
		}
		if err != nil {
			break
		}
	}
	return setReceived(ctx, q, id, 0, f.Received, true)
}

// Start opens an upload that Append fills; size is how much will come. It stays
// invisible to Open until all of it is there.
func (v *Vault) Start(ctx context.Context, q store.Queryer, id, owner, mime string, size int64) error {
	if size <= 0 {
		return problem.New(problem.Invalid, "problem.invalid")
	}
	_, wrapped, err := v.Keys.NewDataKey("files", id)
	if err != nil {
		return fmt.Errorf("files: start: %w", err)
	}
	f := file{Info: Info{ID: id, Owner: owner, MIME: mime, Size: size, Made: v.now()}, wrapped: wrapped}
	if err := insertFile(ctx, q, f); err != nil {
		return fmt.Errorf("files: start: %w", err)
	}
	return nil
}

// Append adds chunk at offset, which must be where the upload stands, and tells
// where it stands now. A wrong offset is problem.Conflict, more than was
// declared is problem.TooLarge; in both cases nothing is kept.
func (v *Vault) Append(ctx context.Context, id string, offset int64, chunk []byte) (Info, error) {
	var info Info
	err := v.DB.Tx(ctx, func(q store.Queryer) error {
		f, err := selectFile(ctx, q, id)
		if err != nil {
			return err
		}
		info = f.Info
		switch {
		case f.Complete || f.Received != offset:
			return problem.New(problem.Conflict, "problem.conflict")
		case offset+int64(len(chunk)) > f.Size:
			return problem.New(problem.TooLarge, "problem.too-large")
		case len(chunk) == 0:
			return nil
		}
		key, err := v.Keys.OpenDataKey("files", id, f.wrapped)
		if err != nil {
			return err
		}
		if err := grow(ctx, q, key, f, chunk); err != nil {
			return err
		}
		info.Received += int64(len(chunk))
		info.Complete = info.Received == info.Size
		return setReceived(ctx, q, id, offset, info.Received, info.Complete)
	})
	if err != nil {
		return info, fmt.Errorf("files: append: %w", err)
	}
	return info, nil
}

// grow fills up the last piece before it begins new ones, so that an upload in
// drops costs no more rows than one in a stream.
func grow(ctx context.Context, q store.Queryer, key privacy.DataKey, f file, chunk []byte) error {
	n := f.Received / Chunk
	if rest := f.Received % Chunk; rest > 0 {
		sealed, err := selectChunk(ctx, q, f.ID, n)
		if err != nil {
			return err
		}
		last, err := key.OpenBytes(part(n), sealed)
		if err != nil {
			return err
		}
		chunk = append(last[:len(last):len(last)], chunk...)
	}
	for ; len(chunk) > 0; n++ {
		size := min(len(chunk), Chunk)
		if err := seal(ctx, q, key, f.ID, n, chunk[:size]); err != nil {
			return err
		}
		chunk = chunk[size:]
	}
	return nil
}

func seal(ctx context.Context, q store.Queryer, key privacy.DataKey, id string, n int64, plain []byte) error {
	sealed, err := key.SealBytes(part(n), plain)
	if err != nil {
		return err
	}
	return putChunk(ctx, q, id, n, sealed)
}

func part(n int64) string { return fmt.Sprintf("chunk-%d", n) }

// Stat tells about a file, finished or not.
func (v *Vault) Stat(ctx context.Context, id string) (Info, error) {
	f, err := selectFile(ctx, v.DB, id)
	if err != nil {
		return Info{}, fmt.Errorf("files: stat: %w", err)
	}
	return f.Info, nil
}

// Open reads a finished file, a piece at a time. The caller closes it.
func (v *Vault) Open(ctx context.Context, id string) (io.ReadCloser, Info, error) {
	return v.open(ctx, id, true)
}

// Arrived reads what has come of an upload, finished or not.
func (v *Vault) Arrived(ctx context.Context, id string) (io.ReadCloser, Info, error) {
	return v.open(ctx, id, false)
}

func (v *Vault) open(ctx context.Context, id string, whole bool) (io.ReadCloser, Info, error) {
	f, err := selectFile(ctx, v.DB, id)
	if err != nil {
		return nil, Info{}, fmt.Errorf("files: open: %w", err)
	}
	if whole && !f.Complete {
		return nil, Info{}, fmt.Errorf("files: open: %w", problem.New(problem.Missing, "problem.missing"))
	}
	key, err := v.Keys.OpenDataKey("files", id, f.wrapped)
	if err != nil {
		return nil, Info{}, fmt.Errorf("files: open: %w", err)
	}
	return &reader{ctx: ctx, db: v.DB, key: key, id: id, left: f.Received}, f.Info, nil
}

// reader keeps no cursor open between pieces, so a slow client holds no connection.
type reader struct {
	ctx  context.Context
	db   *store.DB
	key  privacy.DataKey
	id   string
	n    int64
	left int64
	buf  bytes.Reader
}

func (r *reader) Read(p []byte) (int, error) {
	if r.buf.Len() == 0 {
		if r.left == 0 {
			return 0, io.EOF
		}
		sealed, err := selectChunk(r.ctx, r.db, r.id, r.n)
		if err != nil {
			return 0, fmt.Errorf("files: read: %w", err)
		}
		plain, err := r.key.OpenBytes(part(r.n), sealed)
		if err != nil {
			return 0, fmt.Errorf("files: read: %w", err)
		}
		if int64(len(plain)) != min(r.left, Chunk) {
			return 0, errors.New("files: read: a piece has the wrong size")
		}
		r.n++
		r.left -= int64(len(plain))
		r.buf.Reset(plain)
	}
	return r.buf.Read(p)
}

func (r *reader) Close() error { return nil }

// Owned lists the files of owner, oldest first.
func (v *Vault) Owned(ctx context.Context, q store.Queryer, owner string) ([]Info, error) {
	all, err := selectOwned(ctx, q, owner)
	if err != nil {
		return nil, fmt.Errorf("files: owned: %w", err)
	}
	return all, nil
}

// Hand gives a file from one owner to another, as from a draft to its case. A
// file that is not from's is Missing.
func (v *Vault) Hand(ctx context.Context, q store.Queryer, id, from, to string) error {
	n, err := store.Rows(setOwner(ctx, q, id, from, to))
	if err == nil && n == 0 {
		err = problem.New(problem.Missing, "problem.missing")
	}
	if err != nil {
		return fmt.Errorf("files: hand: %w", err)
	}
	return nil
}

// Delete destroys a file; deleting one that is not there is no error.
func (v *Vault) Delete(ctx context.Context, q store.Queryer, id string) error {
	if err := deleteFile(ctx, q, id); err != nil {
		return fmt.Errorf("files: delete: %w", err)
	}
	return nil
}

// Sweep destroys uploads that were begun before the given time and never finished.
func (v *Vault) Sweep(ctx context.Context, before time.Time) (int64, error) {
	n, err := store.Rows(deleteUnfinished(ctx, v.DB, before))
	if err != nil {
		return 0, fmt.Errorf("files: sweep: %w", err)
	}
	return n, nil
}

// Staged begins the owner of every file that only waits for somebody to look at it.
const Staged = "staged/"

// SweepStaged destroys files that were staged before the given time and never taken in.
func (v *Vault) SweepStaged(ctx context.Context, before time.Time) (int64, error) {
	n, err := store.Rows(deleteStaged(ctx, v.DB, before))
	if err != nil {
		return 0, fmt.Errorf("files: sweep: %w", err)
	}
	return n, nil
}

// Rotate wraps the keys of every file with the newest key of the ring. The
// pieces themselves stay as they are.
func (v *Vault) Rotate(ctx context.Context) (int64, error) {
	var done int64
	for after := ""; ; {
		all, err := selectKeys(ctx, v.DB, after, 500)
		if err != nil {
			return done, fmt.Errorf("files: rotate: %w", err)
		}
		if len(all) == 0 {
			return done, nil
		}
		for _, f := range all {
			after = f.ID
			again, err := v.Keys.Rewrap("files", f.ID, f.wrapped)
			if err != nil {
				return done, fmt.Errorf("files: rotate: %w", err)
			}
			if again == f.wrapped {
				continue
			}
			if err := setKey(ctx, v.DB, f.ID, f.wrapped, again); err != nil {
				return done, fmt.Errorf("files: rotate: %w", err)
			}
			done++
		}
	}
}
