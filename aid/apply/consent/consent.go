// Package consent keeps who agreed to be checked (核对授权): one record a person, with the words they agreed to, from
// the asking to the withdrawal. A member may sign on the applicant's phone or later on their own.
package consent

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"math/big"
	"time"

	"mashang/platform/kv"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// KeepAsking is how long a code waits for the one it was made for.
const KeepAsking = 14 * 24 * time.Hour

// codeLetters leaves out I, L and O, which are heard and read as others.
const codeLetters = "ABCDEFGHJKMNPQRSTUVWXYZ"

// State is where a consent stands.
type State string

// The states. An open one was neither asked for nor given.
const (
	Open      State = "open"
	Asked     State = "asked"
	Signed    State = "signed"
	Refused   State = "refused"
	Withdrawn State = "withdrawn"
)

// The ways a consent was given.
const (
	OnScreen = "screen" // on the phone the application was filled in on
	OnPhone  = "phone"  // on the member's own
	ByAPI    = "api"    // another program vouches for it
)

// Book keeps consents.
type Book struct {
	DB    *store.DB
	Keys  *privacy.Keyring
	Index []byte // key of the keyed hashes
	KV    kv.Store
	Now   func() time.Time
}

// Owner is what a consent belongs to: a draft, or the case it became.
type Owner struct{ Draft, Case string }

// Signer is somebody whose consent is needed.
type Signer struct {
	Key    string // stays with the person while others come and go
	Member string // applicant, members.0, supporters.1
	Person string // name
	Minor  bool
	Last4  string // of the identity number, where it is known
}

// Asking is what a member is told before signing: who asks, and for what.
type Asking struct {
	Applicant string `json:"applicant"`
	Filler    string `json:"filler,omitempty"` // who fills it in, when that is somebody else
	Programme string `json:"programme"`
	Division  string `json:"division"`
}

// Signature is what somebody wrote, and drew.
type Signature struct {
	Name     string `json:"name,omitempty"`
	Guardian bool   `json:"guardian,omitempty"`
	Ink      string `json:"ink,omitempty"` // strokes, see Ink
	Way      string `json:"way,omitempty"`
}

// Record is a consent, opened.
type Record struct {
	ID        string
	Owner     Owner
	State     State
	Signer    Signer
	Asking    Asking
	Signature Signature
	Version   string
	Words     string // id of the text
	Code      string // of the asking; "" when nobody was asked
	Token     string
	Made      time.Time
	Until     time.Time
	SignedAt  time.Time
	Withdrawn time.Time
}

// inside is what is sealed.
type inside struct {
	Signer    Signer    `json:"signer"`
	Asking    Asking    `json:"asking"`
	Signature Signature `json:"signature,omitzero"`
	Code      string    `json:"code,omitempty"`
	Token     string    `json:"token,omitempty"`
}

// Waits reports whether somebody may still sign: one who refused may think again.
func (r Record) Waits() bool { return r.State == Open || r.State == Asked || r.State == Refused }

// hash is a keyed hash for one purpose.
func (b *Book) hash(purpose, value string) string {
	return privacy.Blind(b.Index, "consent."+purpose, value)
}

func (b *Book) open(r row) (Record, error) {
	key, err := b.Keys.OpenDataKey("consents", r.id, r.wrapped)
	if err != nil {
		return Record{}, err
	}
	raw, err := key.Open("consent", r.sealed)
	if err != nil {
		return Record{}, err
	}
	var in inside
	if err := json.Unmarshal(raw, &in); err != nil {
		return Record{}, err
	}
	return Record{ID: r.id, Owner: Owner{r.draft, r.caseID}, State: r.state, Signer: in.Signer, Asking: in.Asking, Signature: in.Signature,
		Version: r.version, Words: r.words, Code: in.Code, Token: in.Token, Made: r.made.Time, Until: r.until.Time, SignedAt: r.signed.Time, Withdrawn: r.withdrawn.Time}, nil
}

// seal writes a record back into a row; a new row gets a key of its own.
func (b *Book) seal(rec Record, place int) (row, error) {
	r := row{id: rec.ID, draft: rec.Owner.Draft, caseID: rec.Owner.Case, who: b.hash("who", rec.Signer.Key), place: place, state: rec.State, version: rec.Version,
		words: rec.Words, made: store.At(rec.Made), until: store.At(rec.Until), signed: store.At(rec.SignedAt), withdrawn: store.At(rec.Withdrawn)}
	key, wrapped, err := b.Keys.NewDataKey("consents", rec.ID)
	if err != nil {
		return row{}, err
	}
	raw, err := json.Marshal(inside{Signer: rec.Signer, Asking: rec.Asking, Signature: rec.Signature, Code: rec.Code, Token: rec.Token})
	if err != nil {
		return row{}, err
	}
	r.wrapped = wrapped
	if r.sealed, err = key.Seal("consent", raw); err != nil {
		return row{}, err
	}
	if rec.Code != "" {
		r.code, r.token = b.hash("code", rec.Code), b.hash("token", rec.Token)
	}
	return r, nil
}

// All lists the consents of a draft or a case, in the order of its people.
func (b *Book) All(ctx context.Context, q store.Queryer, o Owner) ([]Record, error) {
	rows, err := selectOwned(ctx, q, o)
	if err != nil {
		return nil, wrap("all", err)
	}
	out := make([]Record, 0, len(rows))
	for _, r := range rows {
		one, err := b.open(r)
		if err != nil {
			return nil, wrap("all", err)
		}
		out = append(out, one)
	}
	return out, nil
}

// Ask makes a code for somebody who signs on their own phone, or gives the one that was made and still waits. One who
// has signed is not asked again.
func (b *Book) Ask(ctx context.Context, q store.Queryer, o Owner, place int, s Signer, a Asking) (Record, error) {
	now := b.Now()
	old, known, err := b.find(ctx, q, o, s.Key)
	switch {
	case err != nil:
		return Record{}, wrap("ask", err)
	case known && (old.State == Signed || old.State == Asked && old.Until.After(now)):
		return old, nil
	}
	rec := Record{ID: rand.Text(), Owner: o, State: Asked, Signer: s, Asking: a, Code: letters(8), Token: rand.Text(), Made: now, Until: now.Add(KeepAsking)}
	if known {
		rec.ID = old.ID
	}
	r, err := b.seal(rec, place)
	if err != nil {
		return Record{}, wrap("ask", err)
	}
	n, err := putRow(ctx, q, r, old.State)
	if err == nil && n == 0 {
		err = problem.New(problem.Conflict, "after.consent.changed")
	}
	if err != nil {
		return Record{}, wrap("ask", err)
	}
	return rec, nil
}

// find is the record of a person, if there is one.
func (b *Book) find(ctx context.Context, q store.Queryer, o Owner, key string) (Record, bool, error) {
	rows, err := selectWho(ctx, q, o, b.hash("who", key))
	if err != nil || len(rows) == 0 {
		return Record{}, false, err
	}
	rec, err := b.open(rows[0])
	return rec, err == nil, err
}

func letters(n int) string {
	out := make([]byte, n)
	for i := range out {
		k, err := rand.Int(rand.Reader, big.NewInt(int64(len(codeLetters))))
		if err != nil {
			panic(err) // crypto/rand does not fail
		}
		out[i] = codeLetters[k.Int64()]
	}
	return string(out)
}

func wrap(deed string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("consent: %s: %w", deed, err)
}
