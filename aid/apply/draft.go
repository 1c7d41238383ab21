package apply

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"net/url"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"mashang/aid/apply/consent"
	"mashang/aid/apply/form"
	"mashang/aid/place"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// KeepDraft is how long a draft waits for the next answer.
const KeepDraft = 30 * 24 * time.Hour

// codeLetters leaves out I, L and O, which are heard and read as others.
const codeLetters = "ABCDEFGHJKMNPQRSTUVWXYZ"

// How often a resume code may be tried with a wrong PIN, from one address and from all together, and for how long it
// then rests. Together it is many more, so that a neighbour cannot lock somebody out.
const (
	wrongPINs = 5
	restPIN   = 15 * time.Minute
	wrongAll  = 200
	restAll   = 24 * time.Hour
)

// head is what only the holder of a draft may know.
type head struct {
	Secret string `json:"secret"`
	Code   string `json:"code"`
	PIN    string `json:"pin"`
	Renews string `json:"renews,omitempty"` // the receipt whose answers it began with
}

// savedPage is a page as it is sealed.
type savedPage struct {
	Version int                  `json:"-"`
	At      time.Time            `json:"-"`
	Values  url.Values           `json:"values"`
	Marks   map[string]form.Mark `json:"marks,omitempty"`
	Begun   url.Values           `json:"begun,omitempty"` // a row that was not added yet
	By      map[string]string    `json:"by,omitempty"`    // the window that changed a field last
	Aside   map[string]string    `json:"aside,omitempty"` // what another window had in a field, until it was told
	Heard   map[string]heard     `json:"heard,omitempty"` // what each window said last
}

// folder is an opened draft.
type folder struct {
	draftRow
	head  head
	key   privacy.DataKey
	form  *form.Form
	pages map[string]savedPage

	consents []consent.Record // of those who were asked, or signed by hand
}

// Start writes an empty draft for a place (a location or a division code), so that nothing later can be lost.
// The draft it returns carries the secret, the resume code and the PIN.
func (d *Desk) Start(ctx context.Context, programme, place string) (Draft, error) {
	f, ok := form.Of(programme)
	if !ok {
		return Draft{}, problem.New(problem.Missing, "apply.form.unknown")
	}
	spot, err := d.spot(place)
	if err != nil {
		return Draft{}, err
	}
	index, err := d.Secrets.Get(ctx, "apply.index", 32)
	if err != nil {
		return Draft{}, fmt.Errorf("apply: start: %w", err)
	}
	now := d.Now()
	h := head{Secret: rand.Text(), Code: letters(codeLetters, 8), PIN: letters("0123456789", 4)}
	r := draftRow{id: rand.Text(), programme: programme, version: f.Version, place: placeOf(spot), division: spot.Division.Code,
		secretHash: hash(h.Secret), codeHash: privacy.Blind(index, "apply.code", h.Code),
		created: store.At(now), updated: store.At(now), expires: store.At(now.Add(KeepDraft))}
	key, wrapped, err := d.Keys.NewDataKey("drafts", r.id)
	if err != nil {
		return Draft{}, fmt.Errorf("apply: start: %w", err)
	}
	r.wrapped = wrapped
	if r.head, err = sealJSON(key, "head", h); err != nil {
		return Draft{}, fmt.Errorf("apply: start: %w", err)
	}
	if err := insertDraft(ctx, d.DB, r); err != nil {
		return Draft{}, fmt.Errorf("apply: start: %w", err)
	}
	return d.view(&folder{draftRow: r, head: h, key: key, form: f, pages: map[string]savedPage{}}, nil), nil
}

// spot is where a draft or an application belongs. A poster that was taken down still says where one stands.
func (d *Desk) spot(code string) (place.Spot, error) {
	spot, err := d.Places.Resolve(code)
	if err != nil && !(problem.Is(err, problem.Gone) && spot.Division.Code != "") {
		return spot, problem.Field("place", "apply.place.unknown")
	}
	return spot, nil
}

func placeOf(s place.Spot) string {
	if s.Location != nil {
		return s.Location.ID
	}
	return ""
}

func letters(from string, n int) string {
	b := make([]byte, n)
	for i := range b {
		k, err := rand.Int(rand.Reader, big.NewInt(int64(len(from))))
		if err != nil {
			panic(err) // crypto/rand does not fail
		}
		b[i] = from[k.Int64()]
	}
	return string(b)
}

func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func sealJSON(key privacy.DataKey, field string, v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	return key.Seal(field, b)
}

func openJSON(key privacy.DataKey, field, sealed string, v any) error {
	b, err := key.Open(field, sealed)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, v)
}

// open reads a draft for the holder of its secret. One that was handed in comes without its pages.
func (d *Desk) open(ctx context.Context, q store.Queryer, id, secret string) (*folder, error) {
	r, err := selectDraft(ctx, q, id)
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare([]byte(r.secretHash), []byte(hash(secret))) != 1 {
		return nil, problem.New(problem.Missing, "apply.draft.unknown")
	}
	return d.unfold(ctx, q, r)
}

func (d *Desk) unfold(ctx context.Context, q store.Queryer, r draftRow) (*folder, error) {
	f, ok := form.At(r.programme, r.version) // the one it was begun with
	if !ok {
		return nil, problem.New(problem.Missing, "apply.form.unknown")
	}
	x := &folder{draftRow: r, form: f, pages: map[string]savedPage{}}
	if !r.closed.IsZero() {
		return x, nil
	}
	if !r.expires.After(d.Now()) {
		return nil, problem.New(problem.Gone, "apply.draft.expired")
	}
	var err error
	if x.key, err = d.Keys.OpenDataKey("drafts", r.id, r.wrapped); err != nil {
		return nil, err
	}
	if err := openJSON(x.key, "head", r.head, &x.head); err != nil {
		return nil, err
	}
	rows, err := selectPages(ctx, q, r.id)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		p := savedPage{Version: row.version, At: row.updated.Time}
		if err := openJSON(x.key, "page-"+row.page, row.sealed, &p); err != nil {
			return nil, err
		}
		x.pages[row.page] = p
	}
	if f.PageOf("consents") != "" {
		x.consents, err = (&consent.Book{Keys: d.Keys}).All(ctx, q, consent.Owner{Draft: r.id})
	}
	return x, err
}

// typed is everything typed so far, the rows that belong to persons put beside their persons.
func (x *folder) typed(c form.Checker) (url.Values, form.Reading) {
	all := url.Values{}
	for _, p := range x.pages {
		maps.Copy(all, p.Values)
	}
	r := x.form.Read(all, c, false)
	for _, f := range x.form.PerPerson() {
		aligned := form.Align(all, f, r.Persons)
		for name := range all {
			if _, _, ok := form.RowPath(f, name); ok {
				delete(all, name)
			}
		}
		maps.Copy(all, aligned)
		if page, ok := x.pages[x.form.PageOf(f.Key)]; ok {
			page.Values = aligned
			x.pages[x.form.PageOf(f.Key)] = page
		}
	}
	return all, x.form.Read(all, c, false)
}

func (d *Desk) checker() form.Checker {
	atlas := d.Places.Atlas()
	return form.Checker{Now: d.Now(), Village: func(code string) bool {
		v, ok := atlas.Here(code)
		return ok && v.Level == place.Village
	}}
}

// view is the draft as its holder sees it.
func (d *Desk) view(x *folder, papers []paperRow) Draft {
	v := Draft{ID: x.id, Secret: x.head.Secret, ResumeCode: x.head.Code, PIN: x.head.PIN, Programme: x.programme, Version: x.version,
		Place: x.place, Division: x.division, Pages: map[string]Saved{}, Created: x.created.Time, Updated: x.updated.Time,
		Expires: x.expires.Time, Closed: !x.closed.IsZero()}
	if v.Closed {
		return v
	}
	all, r := x.typed(d.checker())
	for key, p := range x.pages {
		v.Pages[key] = Saved{Version: p.Version, At: p.At, Values: p.Values, Begun: p.Begun, Aside: p.Aside}
	}
	for _, f := range x.form.PerPerson() { // rows that wait for persons are shown before their page was ever saved
		if page := x.form.PageOf(f.Key); v.Pages[page].Values == nil {
			v.Pages[page] = Saved{Values: form.Align(url.Values{}, f, r.Persons)}
		}
	}
	v.Screens, v.Hidden = r.Screens, r.Hidden
	v.Shown, v.Persons, v.Problems, v.Sums = r.Shown, r.Persons, x.excuse(r).Problems, r.Sums()
	if kind := all.Get("for.kind"); kind != "" && kind != "self" && len(r.Persons) > 0 {
		v.Helping = r.Persons[0].Name
	}
	for _, w := range x.form.Papers {
		if x.form.Holds(w.When, r.Doc, nil) {
			v.Wants = append(v.Wants, w)
		}
	}
	for _, p := range papers {
		v.Papers = append(v.Papers, p.Paper)
	}
	return v
}

// Draft is the draft with that id, for the holder of its secret.
func (d *Desk) Draft(ctx context.Context, id, secret string) (Draft, error) {
	x, err := d.open(ctx, d.DB, id, secret)
	if err != nil {
		return Draft{}, wrap("draft", err)
	}
	papers, err := selectDraftPapers(ctx, d.DB, id)
	if err != nil {
		return Draft{}, wrap("draft", err)
	}
	return d.view(x, papers), nil
}

// wrap names the room and the deed; what a person is told passes through it.
func wrap(deed string, err error) error { return fmt.Errorf("apply: %s: %w", deed, err) }

// Resume finds a draft by its code and PIN. Five wrong PINs lock code and address for a while.
func (d *Desk) Resume(ctx context.Context, code, pin, address string) (Draft, error) {
	index, err := d.Secrets.Get(ctx, "apply.index", 32)
	if err != nil {
		return Draft{}, wrap("resume", err)
	}
	codeHash := privacy.Blind(index, "apply.code", only(code, unicode.IsLetter))
	here, everywhere := "apply:resume:"+codeHash+":"+address, "apply:resume:"+codeHash
	ok, retry, err := d.KV.Peek(ctx, everywhere, wrongAll, restAll)
	if err == nil && ok { // counted before the PIN is looked at: many tries at once are no more than many in turn
		ok, retry, err = d.KV.Allow(ctx, here, wrongPINs, restPIN)
	}
	if err != nil {
		return Draft{}, wrap("resume", err)
	}
	if !ok {
		return Draft{}, &problem.Error{Kind: problem.Limited, Key: "apply.resume.locked", RetryAfter: retry}
	}
	x, err := d.byCode(ctx, codeHash, only(pin, unicode.IsDigit))
	if err == nil {
		if err := d.KV.Delete(ctx, here); err != nil {
			return Draft{}, wrap("resume", err)
		}
		return d.Draft(ctx, x.id, x.head.Secret)
	}
	if !problem.Is(err, problem.Missing) {
		return Draft{}, wrap("resume", err)
	}
	if _, _, err := d.KV.Allow(ctx, everywhere, wrongAll, restAll); err != nil {
		return Draft{}, wrap("resume", err)
	}
	return Draft{}, problem.Field("code", "apply.resume.wrong")
}

func (d *Desk) byCode(ctx context.Context, codeHash, pin string) (*folder, error) {
	r, err := selectDraftByCode(ctx, d.DB, codeHash)
	if err != nil {
		return nil, err
	}
	if !r.closed.IsZero() { // the status page is the way on from here; the code has done its work
		return nil, problem.New(problem.Missing, "apply.draft.unknown")
	}
	x, err := d.unfold(ctx, d.DB, r)
	var told *problem.Error
	switch {
	case errors.As(err, &told):
		return nil, problem.New(problem.Missing, "apply.draft.unknown")
	case err != nil:
		return nil, err
	case subtle.ConstantTimeCompare([]byte(x.head.PIN), []byte(pin)) != 1:
		return nil, problem.New(problem.Missing, "apply.draft.unknown")
	}
	return x, nil
}

// only keeps the runes people mean when they type a code, large and narrow.
func only(s string, keep func(rune) bool) string {
	return strings.Map(func(r rune) rune {
		if keep(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, norm.NFKC.String(s))
}

// Discard deletes a draft, its papers and its key.
func (d *Desk) Discard(ctx context.Context, id, secret string) error {
	err := d.DB.Tx(ctx, func(q store.Queryer) error {
		x, err := d.open(ctx, q, id, secret)
		if err != nil {
			return err
		}
		return d.destroy(ctx, q, x.id)
	})
	if err != nil {
		return wrap("discard", err)
	}
	return nil
}

func (d *Desk) destroy(ctx context.Context, q store.Queryer, id string) error {
	papers, err := selectDraftPapers(ctx, q, id)
	if err != nil {
		return err
	}
	for _, p := range papers {
		if err := d.shred(ctx, q, p.ID); err != nil {
			return err
		}
	}
	if err := (&consent.Book{}).Forget(ctx, q, consent.Owner{Draft: id}); err != nil {
		return err
	}
	return deleteDraft(ctx, q, id)
}
