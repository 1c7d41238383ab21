package apply

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strconv"
	"time"

	"mashang/platform/files"
	"mashang/platform/picture"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// keepUpload is how long an upload waits to be finished, and a finished one to be named by an application.
const keepUpload = 24 * time.Hour

// PaperBytes is how large a picture may be as it is sent.
const PaperBytes = picture.MaxBytes

// mostPapers is how many papers one draft or application may have.
const mostPapers = 80

// mostBegun bounds the uploads of one draft that were begun, finished or not.
const mostBegun = 400

const noRoom = "apply.paper.many"

// nobody owns a paper in the vault until it is named by an application.
const nobody = "upload"

func owner(draft string) string {
	if draft == "" {
		return nobody
	}
	return "draft:" + draft
}

// AddPaper takes a picture or a PDF, cleans it and keeps it with the draft. What a person can put right about it comes
// as a problem.Error with words. What was sent before, byte for byte, is the paper it was then.
func (d *Desk) AddPaper(ctx context.Context, id, secret, kind string, r io.Reader) (Paper, error) {
	_, err := d.room(ctx, d.DB, id, secret, kind)
	var full *problem.Error // there may be no room, and yet what comes may be what came before
	if err != nil && (!errors.As(err, &full) || full.Key != noRoom) {
		return Paper{}, wrap("add paper", err)
	}
	came, err := d.receive(ctx, r)
	if err != nil {
		return Paper{}, wrap("add paper", err)
	}
	p, err := d.keepPicture(ctx, kind, id, came, func(q store.Queryer) error { _, err := d.room(ctx, q, id, secret, kind); return err })
	if err != nil {
		return Paper{}, wrap("add paper", err)
	}
	return p, nil
}

// arrival is a paper as it is kept, and the keyed hash of what was sent.
type arrival struct {
	picture.Picture
	digest string
}

// digest is the keyed hash of what was sent.
func (d *Desk) digest(ctx context.Context, sum []byte) (string, error) {
	index, err := d.Secrets.Get(ctx, "apply.index", 32)
	if err != nil {
		return "", err
	}
	return privacy.Blind(index, "apply.paper", hex.EncodeToString(sum)), nil
}

// receive takes a paper at the pace it comes. More than one piece waits in the vault, so that a hundred slow phones
// hold no more than a piece each in memory; Sweep clears what is left there when the program is killed.
func (d *Desk) receive(ctx context.Context, r io.Reader) (arrival, error) {
	sum := sha256.New()
	pic, err := d.gather(ctx, io.TeeReader(r, sum))
	if err != nil {
		return arrival{}, err
	}
	digest, err := d.digest(ctx, sum.Sum(nil))
	return arrival{pic, digest}, err
}

func (d *Desk) gather(ctx context.Context, r io.Reader) (picture.Picture, error) {
	buf := make([]byte, files.Chunk)
	n, err := fill(r, buf)
	if errors.Is(err, io.EOF) {
		return d.studio.Paper(ctx, bytes.NewReader(buf[:n]))
	}
	if err != nil {
		return picture.Picture{}, err
	}
	if _, err := picture.Sniff(buf); err != nil {
		return picture.Picture{}, err
	}
	id := raw(rand.Text())
	if err := d.Vault.Start(ctx, d.DB, id, nobody, "application/octet-stream", PaperBytes); err != nil {
		return picture.Picture{}, err
	}
	pic, err := d.hold(ctx, id, buf, r)
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return pic, errors.Join(err, d.Vault.Delete(after, d.DB, id))
}

// hold fills the vault's file id, whose first piece is buf, and develops what came.
func (d *Desk) hold(ctx context.Context, id string, buf []byte, r io.Reader) (picture.Picture, error) {
	n, came, end := len(buf), int64(0), error(nil)
	for n > 0 {
		if came+int64(n) > PaperBytes {
			return picture.Picture{}, picture.TooLarge()
		}
		if _, err := d.Vault.Append(ctx, id, came, buf[:n]); err != nil {
			return picture.Picture{}, err
		}
		if came += int64(n); end != nil {
			break
		}
		if n, end = fill(r, buf); end != nil && !errors.Is(end, io.EOF) {
			return picture.Picture{}, end
		}
	}
	in, _, err := d.Vault.Arrived(ctx, id)
	if err != nil {
		return picture.Picture{}, err
	}
	defer in.Close()
	return d.studio.Paper(ctx, in)
}

// fill reads until buf is full or r has no more; unlike io.ReadFull it gives r's own word for its end.
func fill(r io.Reader, buf []byte) (n int, err error) {
	for n < len(buf) && err == nil {
		var m int
		m, err = r.Read(buf[n:])
		n += m
	}
	if n == len(buf) && errors.Is(err, io.EOF) {
		err = nil // it will say so again
	}
	return n, err
}

// keepPicture stores a cleaned paper for a draft, or for nobody, when allowed says so.
func (d *Desk) keepPicture(ctx context.Context, kind, draft string, came arrival, allowed func(store.Queryer) error) (Paper, error) {
	p := paperRow{Paper: Paper{ID: rand.Text(), Kind: kind, At: store.At(d.Now()).Time}, draft: draft, digest: came.digest}
	p.fill(came.Picture)
	err := d.DB.Tx(ctx, func(q store.Queryer) error {
		if same, err := selectSamePaper(ctx, q, draft, kind, came.digest); !problem.Is(err, problem.Missing) {
			p = same
			return err
		}
		if err := allowed(q); err != nil {
			return err
		}
		if err := insertPaper(ctx, q, p); err != nil {
			return err
		}
		return d.Vault.Put(ctx, q, p.ID, owner(draft), p.MIME, bytes.NewReader(came.Data))
	})
	return p.Paper, err
}

func (p *Paper) fill(pic picture.Picture) {
	p.State, p.MIME = PaperSaved, pic.MIME
	p.Size, p.Received = int64(len(pic.Data)), int64(len(pic.Data))
	p.Width, p.Height = pic.Width, pic.Height
}

// room checks that the draft is open and may take one more paper of that kind. What was begun and never came takes
// no room, up to a bound.
func (d *Desk) room(ctx context.Context, q store.Queryer, id, secret, kind string) (*folder, error) {
	x, err := d.open(ctx, q, id, secret)
	if err != nil {
		return nil, err
	}
	if !x.closed.IsZero() {
		return nil, problem.New(problem.Conflict, "apply.draft.closed")
	}
	wants, err := x.form.Wants(kind)
	if err != nil {
		return nil, err
	}
	papers, err := selectDraftPapers(ctx, q, id)
	if err != nil {
		return nil, err
	}
	same, all := 0, 0
	for _, p := range papers {
		if p.State != PaperSaved {
			continue
		}
		if all++; p.Kind == kind {
			same++
		}
	}
	if same >= wants.Max || all >= mostPapers || len(papers) >= mostBegun {
		return nil, &problem.Error{Kind: problem.Invalid, Key: noRoom, Args: map[string]string{"max": strconv.Itoa(min(wants.Max, mostPapers))}}
	}
	return x, nil
}

// RemovePaper takes a picture away from the draft and destroys it.
func (d *Desk) RemovePaper(ctx context.Context, id, secret, paper string) error {
	err := d.DB.Tx(ctx, func(q store.Queryer) error {
		if _, err := d.ofDraft(ctx, q, id, secret, paper); err != nil {
			return err
		}
		return d.shred(ctx, q, paper)
	})
	if err != nil {
		return wrap("remove paper", err)
	}
	return nil
}

func (d *Desk) ofDraft(ctx context.Context, q store.Queryer, id, secret, paper string) (paperRow, error) {
	x, err := d.open(ctx, q, id, secret)
	if err != nil {
		return paperRow{}, err
	}
	p, err := selectPaper(ctx, q, paper)
	if err == nil && (p.draft != id || p.caseID != "" || !x.closed.IsZero()) {
		err = problem.New(problem.Missing, "apply.paper.unknown")
	}
	return p, err
}

// shred destroys a paper, finished or not.
func (d *Desk) shred(ctx context.Context, q store.Queryer, paper string) error {
	if err := errors.Join(d.Vault.Delete(ctx, q, raw(paper)), d.Vault.Delete(ctx, q, paper)); err != nil {
		return err
	}
	return deletePaper(ctx, q, paper)
}

// DraftPaper opens a picture of the draft for its holder. The caller closes it.
func (d *Desk) DraftPaper(ctx context.Context, id, secret, paper string) (io.ReadCloser, Paper, error) {
	p, err := d.ofDraft(ctx, d.DB, id, secret, paper)
	if err != nil {
		return nil, Paper{}, wrap("draft paper", err)
	}
	return d.paper(ctx, p)
}

// CasePaper opens a picture of a filed application, for the back office; the caller has checked its right, and audits.
func (d *Desk) CasePaper(ctx context.Context, paper string) (io.ReadCloser, Paper, error) {
	p, err := selectPaper(ctx, d.DB, paper)
	if err == nil && p.caseID == "" {
		err = problem.New(problem.Missing, "apply.paper.unknown")
	}
	if err != nil {
		return nil, Paper{}, wrap("case paper", err)
	}
	return d.paper(ctx, p)
}

func (d *Desk) paper(ctx context.Context, p paperRow) (io.ReadCloser, Paper, error) {
	r, info, err := d.Vault.Open(ctx, p.ID)
	if err != nil {
		return nil, Paper{}, wrap("paper", err)
	}
	p.MIME = info.MIME
	return r, p.Paper, nil
}

// raw is the vault's name for what was sent, before it is cleaned.
func raw(paper string) string { return "raw-" + paper }

// StartUpload begins a resumable upload of size bytes. With a draft's id and secret the paper belongs to that draft;
// without, it waits a day to be named by File. The paper's id is the only key to it.
func (d *Desk) StartUpload(ctx context.Context, id, secret, kind string, size int64) (Paper, error) {
	switch {
	case size <= 0:
		return Paper{}, wrap("start upload", problem.New(problem.Invalid, "apply.paper.empty"))
	case size > PaperBytes:
		return Paper{}, wrap("start upload", picture.TooLarge())
	}
	p := Paper{ID: rand.Text(), Kind: kind, State: PaperUploading, Size: size, Sent: size, MIME: "image/jpeg", At: store.At(d.Now()).Time}
	err := d.DB.Tx(ctx, func(q store.Queryer) error {
		if id != "" {
			if _, err := d.room(ctx, q, id, secret, kind); err != nil {
				return err
			}
		}
		if err := insertPaper(ctx, q, paperRow{Paper: p, draft: id}); err != nil {
			return err
		}
		return d.Vault.Start(ctx, q, raw(p.ID), owner(id), "application/octet-stream", size)
	})
	if err != nil {
		return Paper{}, wrap("start upload", err)
	}
	return p, nil
}

// Upload says how much of a paper has arrived.
func (d *Desk) Upload(ctx context.Context, paper string) (Paper, error) {
	p, err := selectPaper(ctx, d.DB, paper)
	if err == nil && p.caseID != "" {
		err = problem.New(problem.Missing, "apply.paper.unknown")
	}
	if err == nil && p.State == PaperUploading {
		info, statErr := d.Vault.Stat(ctx, raw(paper))
		p.Received, err = info.Received, statErr
	}
	if err != nil {
		return Paper{}, wrap("upload", err)
	}
	return p.Paper, nil
}

// Settle says how much of a paper has arrived, and finishes one of which everything has: whoever sent it may never have
// heard so.
func (d *Desk) Settle(ctx context.Context, paper string) (Paper, error) {
	p, err := d.Upload(ctx, paper)
	if err != nil || p.State == PaperSaved || p.Received < p.Size {
		return p, err
	}
	return d.develop(context.WithoutCancel(ctx), p)
}

// AppendUpload adds bytes at offset; problem.Conflict when that is not where the upload stands. What has arrived before
// the connection breaks is kept. The last byte makes it a saved paper, or says what is wrong with the picture, and then
// the upload is gone.
func (d *Desk) AppendUpload(ctx context.Context, paper string, offset int64, r io.Reader) (Paper, error) {
	p, err := d.Upload(ctx, paper)
	if err != nil {
		return Paper{}, err
	}
	if p.Received != offset || p.State == PaperSaved {
		return p, wrap("append", problem.New(problem.Conflict, "apply.paper.offset"))
	}
	keep := context.WithoutCancel(ctx) // whoever sends may be gone; what has come stays
	buf := make([]byte, files.Chunk)
	for p.Received < p.Size {
		n, readErr := io.ReadFull(r, buf)
		if n > 0 {
			info, err := d.Vault.Append(keep, raw(paper), p.Received, buf[:n])
			if err != nil {
				return p, wrap("append", err)
			}
			p.Received = info.Received
		}
		if readErr != nil {
			break
		}
	}
	if p.Received < p.Size {
		return p, nil
	}
	return d.develop(keep, p)
}

// develop makes a clean paper of what was sent.
func (d *Desk) develop(ctx context.Context, p Paper) (Paper, error) {
	r, _, err := d.Vault.Open(ctx, raw(p.ID))
	if err != nil {
		return p, wrap("develop", err)
	}
	defer r.Close()
	sum := sha256.New()
	pic, err := d.studio.Paper(ctx, io.TeeReader(r, sum))
	var told *problem.Error
	if errors.As(err, &told) && told.Kind != problem.Unavailable {
		gone := d.DB.Tx(ctx, func(q store.Queryer) error { return d.shred(ctx, q, p.ID) })
		return Paper{}, wrap("develop", errors.Join(err, gone))
	}
	if err != nil {
		return p, wrap("develop", err)
	}
	digest, err := d.digest(ctx, sum.Sum(nil))
	if err != nil {
		return p, wrap("develop", err)
	}
	p.fill(pic)
	err = d.DB.Tx(ctx, func(q store.Queryer) error {
		row, err := selectPaper(ctx, q, p.ID)
		if err != nil || row.State == PaperSaved {
			return err
		}
		switch same, err := selectSamePaper(ctx, q, row.draft, row.Kind, digest); {
		case err == nil: // it came before, and only the answer was lost
			p = same.Paper
			return d.shred(ctx, q, row.ID)
		case !problem.Is(err, problem.Missing):
			return err
		}
		if err := d.Vault.Delete(ctx, q, raw(p.ID)); err != nil {
			return err
		}
		if err := d.Vault.Put(ctx, q, p.ID, owner(row.draft), p.MIME, bytes.NewReader(pic.Data)); err != nil {
			return err
		}
		row.Paper, row.digest = p, digest
		return savePaper(ctx, q, row)
	})
	if err != nil {
		return p, wrap("develop", err)
	}
	return p, nil
}
