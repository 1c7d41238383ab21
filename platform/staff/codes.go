package staff

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp/hotp"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// One-time codes are those every authenticator app makes: six digits, new every
// thirty seconds; one step before and after is taken too, for clocks that differ.
const (
	codeDigits  = 6
	codeEvery   = 30 * time.Second
	recoveries  = 10
	ticketsLast = 10 * time.Minute // the time between the two steps of signing in
	enrolsLast  = 30 * time.Minute // the time to find the phone and an app
)

// ticket is what a browser carries between two steps, sealed.
type ticket struct {
	Name   string
	Print  string // of the password's hash: a new password makes the ticket void
	How    string // what it is for
	Secret string `json:",omitempty"`
	Until  int64
}

const enrolling = "enrol"

func (o *Office) ticket(name, hash, how, secret string) (string, error) {
	if o.Keys == nil {
		return "", errors.New("no keys to seal with")
	}
	last := ticketsLast
	if how == enrolling {
		last = enrolsLast
	}
	b, err := json.Marshal(ticket{Name: name, Print: key("print", hash), How: how, Secret: secret, Until: o.Now().Add(last).UnixMilli()})
	if err != nil {
		return "", err
	}
	return o.Keys.Seal("staff_tickets", "browser", "ticket", b)
}

func (o *Office) openTicket(sealed string) (ticket, error) {
	var t ticket
	if o.Keys == nil || len(sealed) > 2000 {
		return t, errors.New("not a ticket")
	}
	b, err := o.Keys.Open("staff_tickets", "browser", "ticket", sealed)
	if err == nil {
		err = json.Unmarshal(b, &t)
	}
	if err == nil && o.Now().UnixMilli() > t.Until {
		err = errors.New("the ticket has run out")
	}
	return t, err
}

// Enrolment is a secret that waits for its first code.
type Enrolment struct {
	Secret string // to be typed into the app
	URL    string // otpauth://…, to be scanned
	Ticket string // what Confirm takes with the first code
}

// Enrol makes a secret for the holder's app. Nothing is kept until Confirm; with
// the ticket of an earlier page its secret comes again.
func (o *Office) Enrol(ctx context.Context, name, issuer, earlier string) (Enrolment, error) {
	_, hash, err := selectAccount(ctx, o.DB, name)
	if err != nil {
		return Enrolment{}, wrap("enrol", err)
	}
	e := Enrolment{Secret: rand.Text()[:26] + rand.Text()[:6], Ticket: earlier} // 160 bits, as RFC 4226 asks
	if t, err := o.openTicket(earlier); err == nil && t.How == enrolling && t.Name == name {
		e.Secret = t.Secret
	} else if e.Ticket, err = o.ticket(name, hash, enrolling, e.Secret); err != nil {
		return Enrolment{}, wrap("enrol", err)
	}
	e.URL = "otpauth://totp/" + url.PathEscape(issuer+":"+name) + "?" + url.Values{"secret": {e.Secret}, "issuer": {issuer}}.Encode()
	return e, nil
}

// Confirm takes the first code of an enrolment: from now on codes are asked for.
// The recovery codes it gives are shown once; all sessions but keep end.
func (o *Office) Confirm(ctx context.Context, q store.Queryer, name, enrolment, code, keep string) ([]string, error) {
	t, err := o.openTicket(enrolment)
	if err != nil || t.How != enrolling || t.Name != name {
		return nil, problem.New(problem.Gone, "staff.code.late")
	}
	step, ok := o.step(t.Secret, code, 0)
	if !ok {
		return nil, problem.Field("code", "staff.code.first")
	}
	sealed, err := o.Keys.Seal("staff_accounts", name, "code", []byte(t.Secret))
	if err != nil {
		return nil, wrap("confirm", err)
	}
	if err := updateCode(ctx, q, name, sealed, step, o.Now()); err != nil {
		return nil, wrap("confirm", err)
	}
	if err := o.endOthers(ctx, q, name, keep); err != nil {
		return nil, wrap("confirm", err)
	}
	return o.Recover(ctx, q, name)
}

// Recover makes new recovery codes, to be shown once; the old ones are void.
func (o *Office) Recover(ctx context.Context, q store.Queryer, name string) ([]string, error) {
	if err := deleteRecovery(ctx, q, name); err != nil {
		return nil, wrap("recovery codes", err)
	}
	all := make([]string, recoveries)
	for i := range all {
		s := strings.ToLower(rand.Text())
		all[i] = s[:5] + "-" + s[5:10] + "-" + s[10:15]
		if err := insertRecovery(ctx, q, name, recoveryHash(name, all[i])); err != nil {
			return nil, wrap("recovery codes", err)
		}
	}
	return all, nil
}

// recoveryHash needs no slow hashing: 75 random bits cannot be tried out.
func recoveryHash(name, code string) string {
	code = strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, strings.ToLower(code))
	sum := sha256.Sum256([]byte("staff recovery code\x00" + name + "\x00" + code))
	return hex.EncodeToString(sum[:])
}

// DropCodes takes the codes off an account whose holder asks for it and whose
// role allows it.
func (o *Office) DropCodes(ctx context.Context, q store.Queryer, name string) error {
	a, _, err := selectAccount(ctx, q, name)
	if err != nil {
		return wrap("drop codes", err)
	}
	must, err := selectCodeRoles(ctx, q)
	if err != nil {
		return wrap("drop codes", err)
	}
	if slices.Contains(must, a.Role) && !a.ProviderOnly {
		return problem.New(problem.Conflict, "staff.code.must")
	}
	return wrap("drop codes", deleteCode(ctx, q, name))
}

// ResetCodes takes the codes off the account of somebody who has lost phone and
// recovery codes. All its sessions end.
func (o *Office) ResetCodes(ctx context.Context, q store.Queryer, name string) error {
	err := deleteCode(ctx, q, name)
	if err == nil {
		err = deleteSessions(ctx, q, name, "")
	}
	return wrap("reset codes", err)
}

// CodeRoles are the roles that must have one-time codes.
func (o *Office) CodeRoles(ctx context.Context) ([]Role, error) {
	all, err := selectCodeRoles(ctx, o.DB)
	return all, wrap("code roles", err)
}

// SetCodeRoles says which roles must have one-time codes. Who has none sets them
// up before doing anything else.
func (o *Office) SetCodeRoles(ctx context.Context, q store.Queryer, roles []Role) error {
	if err := deleteCodeRoles(ctx, q); err != nil {
		return wrap("code roles", err)
	}
	for _, r := range roles {
		if _, ok := ParseRole(string(r)); !ok {
			return problem.New(problem.Invalid, "staff.role.unknown")
		}
		if err := insertCodeRole(ctx, q, r); err != nil {
			return wrap("code roles", err)
		}
	}
	return nil
}

// judge takes a code or a recovery code of an account, each once.
func (o *Office) judge(ctx context.Context, name, code, address string) (recovered bool, err error) {
	g := gate{name: name, address: address, code: true}
	if err := o.admit(ctx, g); err != nil {
		return false, wrap("code", err)
	}
	digits := figures(code)
	ok := false
	if len(digits) == codeDigits {
		ok, err = o.spend(ctx, name, digits)
	} else {
		recovered = true
		ok, err = spendRecovery(ctx, o.DB, name, recoveryHash(name, code), o.Now())
	}
	if err != nil {
		return false, wrap("code", err)
	}
	if ok {
		return recovered, wrap("code", o.right(ctx, g))
	}
	if err := o.wrong(ctx, g); err != nil {
		return false, wrap("code", err)
	}
	return false, problem.New(problem.Unauthenticated, "staff.code.wrong")
}

// spend takes a code and notes its step, so that nobody can use it again: not
// from another instance, and not at the same moment.
func (o *Office) spend(ctx context.Context, name, code string) (bool, error) {
	sealed, last, err := selectCode(ctx, o.DB, name)
	if err != nil || sealed == "" {
		return false, err
	}
	secret, err := o.Keys.Open("staff_accounts", name, "code", sealed)
	if err != nil {
		return false, err
	}
	if last > o.Now().Unix()/int64(codeEvery/time.Second)+1 {
		last = 0 // the clock was ahead when the last code was taken: steps to come say nothing
	}
	step, ok := o.step(string(secret), code, last)
	if !ok {
		return false, nil
	}
	return updateStep(ctx, o.DB, name, sealed, step, o.Now())
}

// step is the step after `after` whose code this is.
func (o *Office) step(secret, code string, after int64) (int64, bool) {
	code = figures(code)
	now := o.Now().Unix() / int64(codeEvery/time.Second)
	for _, s := range []int64{now, now - 1, now + 1} {
		want, err := hotp.GenerateCode(secret, uint64(s))
		if err == nil && s > after && len(code) == codeDigits && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return s, true
		}
	}
	return 0, false
}

// figures are the digits of what was typed, full-width ones too, when it is
// nothing but digits and spaces; "" otherwise.
func figures(s string) string {
	var b strings.Builder
	for _, c := range s {
		switch {
		case c >= '0' && c <= '9':
			b.WriteRune(c)
		case c >= '０' && c <= '９':
			b.WriteRune(c - '０' + '0')
		case c != ' ' && c != '\u3000' && c != '\u00a0':
			return ""
		}
	}
	return b.String()
}

// Rotate seals every secret with the newest key.
func (o *Office) Rotate(ctx context.Context) error {
	err := o.DB.Tx(ctx, func(q store.Queryer) error {
		all, err := selectCodes(ctx, q)
		if err != nil {
			return err
		}
		for name, sealed := range all {
			again, err := o.Keys.Reseal("staff_accounts", name, "code", sealed)
			if err != nil {
				return fmt.Errorf("one-time codes of %s: %w", name, err)
			}
			if err := resealCode(ctx, q, name, again); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap("rotate", err)
}
