package apply

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"mashang/aid/cases"
	"mashang/platform/privacy"
	"mashang/platform/problem"
)

// KeepProof is how long somebody who has shown their proof need not show it again.
const KeepProof = 20 * time.Minute

// Pass is what a browser keeps after its holder has shown the proof of a case: it is good for that case only, and for a
// short while.
func (d *Desk) Pass(ctx context.Context, token string) (string, error) {
	until := strconv.FormatInt(d.Now().Add(KeepProof).Unix(), 10)
	index, err := d.Secrets.Get(ctx, "apply.index", 32)
	if err != nil {
		return "", wrap("pass", err)
	}
	return until + "." + privacy.Blind(index, "apply.pass", token+" "+until), nil
}

// Passed reports whether a pass is good for a case now.
func (d *Desk) Passed(ctx context.Context, token, pass string) (bool, error) {
	until, mark, ok := strings.Cut(pass, ".")
	at, err := strconv.ParseInt(until, 10, 64)
	if !ok || err != nil || !d.Now().Before(time.Unix(at, 0)) {
		return false, nil
	}
	index, err := d.Secrets.Get(ctx, "apply.index", 32)
	if err != nil {
		return false, wrap("passed", err)
	}
	return subtle.ConstantTimeCompare([]byte(mark), []byte(privacy.Blind(index, "apply.pass", token+" "+until))) == 1, nil
}

// How often the digits of a phone may be typed wrongly, from one address and by all together.
const (
	wrongDigits  = 5
	restDigits   = 15 * time.Minute
	digitsInADay = 30
)

// Copy is all there is about a case, for the person it is about.
type Copy struct {
	Made      time.Time        `json:"made"`
	Receipt   string           `json:"receipt"`
	Document  json.RawMessage  `json:"application"`
	Additions []cases.Addition `json:"added_later"`
	Consents  []Given          `json:"consents"`
	Timeline  []cases.Entry    `json:"timeline"`
	Papers    []string         `json:"papers"`
	Whole     Document         `json:"-"`
}

// Own is a copy of one's own data. Beside the proof of the case it asks for the last four of the phone that the
// application gives, where it gives one: receipt and identity number may stand on one sheet of paper.
func (d *Desk) Own(ctx context.Context, v cases.View, last4, address string) (Copy, error) {
	doc, err := d.Cases.Document(ctx, v.Receipt, "")
	if err != nil {
		return Copy{}, wrap("own", err)
	}
	out := Copy{Made: d.Now(), Receipt: v.Receipt, Document: doc.Body, Additions: doc.Additions, Timeline: doc.History, Papers: doc.Papers}
	if v.Kind == cases.Application || v.Kind == cases.Referral {
		if err := json.Unmarshal(doc.Body, &out.Whole); err != nil {
			return Copy{}, wrap("own", err)
		}
	}
	phone := form4(out.Whole)
	if phone != "" {
		if err := d.proveDigits(ctx, v.ID, phone, last4, address); err != nil {
			return Copy{}, wrap("own", err)
		}
	}
	all, err := d.CaseConsents(ctx, v.ID)
	if err != nil {
		return Copy{}, err
	}
	for _, rec := range all {
		if rec.Signer.Member == "applicant" || rec.Signature.Way != "phone" { // what others wrote on their own phones is theirs
			out.Consents = append(out.Consents, stateOf(rec))
		}
	}
	return out, nil
}

// OwnAsks reports whether a copy asks for the last four of a phone.
func (d *Desk) OwnAsks(ctx context.Context, v cases.View) (bool, error) {
	if v.Kind != cases.Application && v.Kind != cases.Referral {
		return false, nil
	}
	doc, err := d.caseDocument(ctx, v.Receipt)
	return form4(doc) != "", wrapped("own asks", err)
}

func form4(doc Document) string {
	who, _ := doc.Answers["applicant"].(map[string]any)
	for _, s := range []any{who["phone"], doc.For.Phone} {
		if phone, ok := s.(string); ok && len(phone) >= 4 {
			return phone[len(phone)-4:]
		}
	}
	return ""
}

func (d *Desk) proveDigits(ctx context.Context, caseID, want, typed, address string) error {
	here, all := "apply:digits:"+caseID+":"+address, "apply:digits:"+caseID
	ok, retry, err := d.KV.Peek(ctx, all, digitsInADay, 24*time.Hour)
	if err == nil && ok { // counted before it is compared: many tries at once are no more than many in turn
		ok, retry, err = d.KV.Allow(ctx, here, wrongDigits, restDigits)
	}
	switch {
	case err != nil:
		return err
	case !ok:
		return &problem.Error{Kind: problem.Limited, Key: "after.consent.locked", RetryAfter: retry}
	case strings.TrimSpace(typed) == want:
		return d.KV.Delete(ctx, here)
	}
	if _, _, err := d.KV.Allow(ctx, all, digitsInADay, 24*time.Hour); err != nil {
		return err
	}
	return problem.Field("phone4", "after.own.phone.wrong")
}
