package apply

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/url"

	"mashang/aid/cases"
)

// Form is the form of a programme.
func (d *Desk) Form(programme string) (FormDef, bool) { return FormDef{}, false }

// Schema is the JSON Schema (2020-12) of the answers File takes for a programme.
func (d *Desk) Schema(programme string) (json.RawMessage, bool) { return nil, false }

// Start writes an empty draft for a place (a location or a division code), so that nothing later can be lost.
// The draft it returns carries the secret, the resume code and the PIN.
func (d *Desk) Start(ctx context.Context, programme, place string) (Draft, error) {
	return Draft{}, errors.ErrUnsupported
}

// Draft is the draft with that id, for the holder of its secret.
func (d *Desk) Draft(ctx context.Context, id, secret string) (Draft, error) {
	return Draft{}, errors.ErrUnsupported
}

// Resume finds a draft by its code and PIN. Five wrong PINs lock code and address for a while.
func (d *Desk) Resume(ctx context.Context, code, pin, address string) (Draft, error) {
	return Draft{}, errors.ErrUnsupported
}

// Discard deletes a draft, its papers and its key.
func (d *Desk) Discard(ctx context.Context, id, secret string) error { return errors.ErrUnsupported }

// SavePage keeps what was typed on a page, right or wrong, and then says what is wrong with it: a problem.Error whose
// Fields are full field paths; the draft's Problems hold the same with the values their words need. page is a page's
// key; for a page of rows it may be "members.2" or "members.new", and then the other rows stay as they are.
func (d *Desk) SavePage(ctx context.Context, id, secret, page string, answers url.Values) (Draft, error) {
	return Draft{}, errors.ErrUnsupported
}

// AddPaper takes a picture (JPEG or PNG), cleans it and keeps it with the draft.
func (d *Desk) AddPaper(ctx context.Context, id, secret, kind string, r io.Reader) (Paper, error) {
	return Paper{}, errors.ErrUnsupported
}

// RemovePaper takes a picture away from the draft.
func (d *Desk) RemovePaper(ctx context.Context, id, secret, paper string) error {
	return errors.ErrUnsupported
}

// DraftPaper opens a picture of the draft for its holder.
func (d *Desk) DraftPaper(ctx context.Context, id, secret, paper string) (io.ReadCloser, Paper, error) {
	return nil, Paper{}, errors.ErrUnsupported
}

// CasePaper opens a picture of the case filed under receipt, for the back office; the caller has checked its right.
func (d *Desk) CasePaper(ctx context.Context, receipt, paper string) (io.ReadCloser, Paper, error) {
	return nil, Paper{}, errors.ErrUnsupported
}

// StartUpload begins a resumable upload of size bytes. With a draft's id and secret the paper belongs to that draft;
// without, it waits a day to be named by File. The paper's id is the only key to it.
func (d *Desk) StartUpload(ctx context.Context, id, secret, kind string, size int64) (Paper, error) {
	return Paper{}, errors.ErrUnsupported
}

// Upload says how much of a paper has arrived.
func (d *Desk) Upload(ctx context.Context, paper string) (Paper, error) {
	return Paper{}, errors.ErrUnsupported
}

// AppendUpload adds bytes at offset; problem.Conflict when that is not where the upload stands. The last byte makes
// it a saved paper, or says what is wrong with the picture.
func (d *Desk) AppendUpload(ctx context.Context, paper string, offset int64, r io.Reader) (Paper, error) {
	return Paper{}, errors.ErrUnsupported
}

// Review is the whole draft as it stands, read and checked.
type Review struct {
	Draft    Draft
	Form     FormDef
	For      For
	Answers  map[string]any
	Sums     Sums
	Consents []Consent
	Problems []Problem // in page order; empty means it can be handed in
}

// Check reads and checks the whole draft.
func (d *Desk) Check(ctx context.Context, id, secret string) (Review, error) {
	return Review{}, errors.ErrUnsupported
}

// Submit checks the draft once more and files it; the draft's id is the idempotency key, so a double tap and a second
// tab get the same receipt. A draft with problems is refused with Fields and keeps everything.
func (d *Desk) Submit(ctx context.Context, id, secret string) (cases.Filed, error) {
	return cases.Filed{}, errors.ErrUnsupported
}

// File files a whole application at once, with the checks a resident's pages have; field paths are those of the schema.
func (d *Desk) File(ctx context.Context, a Application) (cases.Filed, error) {
	return cases.Filed{}, errors.ErrUnsupported
}

// Emergency files a call for help. Only who, where and what can be asked for; nothing else stops it.
func (d *Desk) Emergency(ctx context.Context, e Emergency) (cases.Filed, error) {
	return cases.Filed{}, errors.ErrUnsupported
}

// Sweep deletes what has expired: drafts after 30 days, uploads that nobody named after a day.
func (d *Desk) Sweep(ctx context.Context) error { return errors.ErrUnsupported }
