package staff

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// The limits of guessing: five wrong answers within a minute lock that account
// for that address, whether they were passwords or codes; the others are far
// higher, so that nobody is locked out by a neighbour, and hashing stays
// affordable. Codes are short, so an account takes few wrong ones from anywhere:
// only who has the password gets as far as being asked for one.
const (
	wrongs        = 5
	wrongsWithin  = time.Minute
	lockedFor     = 10 * time.Minute
	perAccount    = 100 // wrong passwords of one account an hour, from anywhere
	codesAccount  = 20  // wrong codes of one account an hour, from anywhere
	perAddress    = 60  // attempts of one address a minute, right or wrong
	addressWithin = time.Minute
)

// Visit is from where somebody comes, and with what browser.
type Visit struct {
	Address, Agent string
	Shown          time.Time // when the office's own provider last asked who it is; zero when it does not tell
}

// proven is when who signs in now has shown who it is. A provider lets in without asking whoever sits before a browser
// that is signed in there, so what counts is when it asked last.
func (v Visit) proven(how string, now time.Time) time.Time {
	switch {
	case how != ByProvider || v.Shown.After(now):
		return now
	case v.Shown.IsZero():
		return now.Add(-Freshness)
	}
	return v.Shown
}

// Pass is what signing in gives: the Token of a session or, when a code is still
// asked for, the Ticket that SignInCode takes with it.
type Pass struct {
	Account       Account
	Token, Ticket string
	How           string // ByPassword and so on, with a Token
}

// gate counts the attempts of one address at one account.
type gate struct {
	name, address string
	code          bool // codes are counted apart from passwords, the lock is one
}

func (g gate) lock() string { return "staff:lock:" + key("pair", g.name, g.address) }

func (g gate) tries() string {
	if g.code {
		return "staff:codes:" + key("pair", g.name, g.address)
	}
	return "staff:pair:" + key("pair", g.name, g.address)
}

func (g gate) account() (string, int) {
	if g.code {
		return "staff:account:codes:" + key("account", g.name), codesAccount
	}
	return "staff:account:" + key("account", g.name), perAccount
}

// admit lets an attempt be looked at. It is counted before it is, so that many
// tries at once are no more than many tries in turn.
func (o *Office) admit(ctx context.Context, g gate) error {
	own, most := g.account()
	for _, l := range []struct {
		key    string
		limit  int
		within time.Duration
		count  bool
	}{
		{g.lock(), 1, lockedFor, false},
		{own, most, time.Hour, false},
		{"staff:address:" + key("address", g.address), perAddress, addressWithin, true},
		{g.tries(), wrongs, wrongsWithin, true},
	} {
		ask := o.KV.Peek
		if l.count {
			ask = o.KV.Allow
		}
		ok, retry, err := ask(ctx, l.key, l.limit, l.within)
		if err != nil {
			return err
		}
		if !ok {
			return &problem.Error{Kind: problem.Limited, Key: "staff.signin.locked", RetryAfter: retry}
		}
	}
	return nil
}

// right begins the count anew; wrong notes a failure and locks after five.
func (o *Office) right(ctx context.Context, g gate) error { return o.KV.Delete(ctx, g.tries()) }

func (o *Office) wrong(ctx context.Context, g gate) error {
	own, most := g.account()
	_, _, aerr := o.KV.Allow(ctx, own, most, time.Hour)
	left, _, err := o.KV.Peek(ctx, g.tries(), wrongs, wrongsWithin)
	if err = errors.Join(aerr, err); err != nil || left {
		return err
	}
	_, _, err = o.KV.Allow(ctx, g.lock(), 1, lockedFor)
	return err
}

// key keeps what strangers type out of the shared state.
func key(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:12])
}

// verify checks a password and gives the account with its password's hash.
// Unknown and disabled accounts, and those without a password, take as long and
// get the same answer as a wrong password.
func (o *Office) verify(ctx context.Context, name, password, address string) (Account, string, error) {
	fail := func(err error) (Account, string, error) { return Account{}, "", wrap("sign in", err) }
	if err := o.setUp(); err != nil {
		return fail(err)
	}
	g := gate{name: strings.ToLower(strings.TrimSpace(name)), address: address}
	if err := o.admit(ctx, g); err != nil {
		return fail(err)
	}
	a, own, err := selectAccount(ctx, o.DB, g.name)
	if err != nil && !problem.Is(err, problem.Missing) {
		return fail(err)
	}
	hash, known := own, err == nil && !a.Disabled && !a.ProviderOnly
	if !known {
		hash = o.dummy
	}
	if len(password) > 200 {
		password = "" // matches no password, and costs no more than one
	}
	same, err := o.matches(ctx, password, hash)
	if err != nil {
		return fail(err)
	}
	if known && same {
		return a, own, wrap("sign in", o.right(ctx, g))
	}
	if err := o.wrong(ctx, g); err != nil {
		return fail(err)
	}
	return fail(problem.New(problem.Unauthenticated, "staff.signin.wrong"))
}

// wrap says where an error of ours comes from; a problem is passed on as it is.
func wrap(verb string, err error) error {
	var p *problem.Error
	if err == nil || errors.As(err, &p) {
		return err
	}
	return fmt.Errorf("staff: %s: %w", verb, err)
}

// SignIn checks the password. An account without one-time codes gets a session
// with a token of its own, which the browser keeps in a cookie; any other gets a
// ticket and is asked for a code.
func (o *Office) SignIn(ctx context.Context, name, password string, v Visit) (Pass, error) {
	a, hash, err := o.verify(ctx, name, password, v.Address)
	if err != nil {
		return Pass{}, err
	}
	if a.Coded.IsZero() {
		return o.begin(ctx, a, v, ByPassword)
	}
	t, err := o.ticket(a.Name, hash, ByCode, "")
	return Pass{Account: a, Ticket: t}, wrap("sign in", err)
}

// SignInBy opens a session for whom the office's own provider vouches, by the
// name it tells and the subject that stays the same. An account is bound to the
// subject that comes first. Who has one-time codes here is asked for one all the
// same, unless the account belongs to the provider alone.
func (o *Office) SignInBy(ctx context.Context, name, subject string, v Visit) (Pass, error) {
	if err := o.setUp(); err != nil {
		return Pass{}, wrap("sign in", err)
	}
	name = strings.ToLower(strings.TrimSpace(name))
	none := problem.New(problem.Unauthenticated, "staff.provider.nobody")
	if subject == "" {
		return Pass{}, none
	}
	a, hash, err := selectAccount(ctx, o.DB, name)
	if problem.Is(err, problem.Missing) || err == nil && a.Disabled {
		return Pass{}, none
	}
	if err != nil {
		return Pass{}, wrap("sign in", err)
	}
	mine, err := bindSubject(ctx, o.DB, name, key("subject", subject))
	if err != nil {
		return Pass{}, wrap("sign in", err)
	}
	if !mine {
		return Pass{}, problem.New(problem.Unauthenticated, "staff.provider.other")
	}
	a.Bound = true
	if a.Coded.IsZero() || a.ProviderOnly {
		return o.begin(ctx, a, v, ByProvider)
	}
	t, err := o.ticket(a.Name, hash, ByProviderCode, "")
	return Pass{Account: a, Ticket: t}, wrap("sign in", err)
}

// Unbind forgets which person of the provider an account belongs to; the next who
// comes with its name is bound.
func (o *Office) Unbind(ctx context.Context, q store.Queryer, name string) error {
	return wrap("unbind", updateSubject(ctx, q, name, ""))
}

// SignInCode is the second step: the ticket of the first and a code, or a
// recovery code. How many recovery codes are left stands in the account.
func (o *Office) SignInCode(ctx context.Context, ticket, code string, v Visit) (Pass, error) {
	if err := o.setUp(); err != nil {
		return Pass{}, wrap("sign in", err)
	}
	again := problem.New(problem.Unauthenticated, "staff.signin.again")
	t, err := o.openTicket(ticket)
	if err != nil || t.How != ByCode && t.How != ByProviderCode {
		return Pass{}, again
	}
	a, hash, err := selectAccount(ctx, o.DB, t.Name)
	if problem.Is(err, problem.Missing) || err == nil && (a.Disabled || a.Coded.IsZero() || t.Print != key("print", hash)) {
		return Pass{}, again
	}
	if err == nil && a.ProviderOnly && t.How == ByCode { // the password of the first step no longer counts
		return Pass{}, again
	}
	if err != nil {
		return Pass{}, wrap("sign in", err)
	}
	recovered, err := o.judge(ctx, a.Name, code, v.Address)
	if err != nil {
		return Pass{}, err
	}
	how := t.How
	if recovered {
		how = ByRecovery
		a.Recovery--
	}
	return o.begin(ctx, a, v, how)
}

// begin opens a session. Its token is new whatever the browser brought.
func (o *Office) begin(ctx context.Context, a Account, v Visit, how string) (Pass, error) {
	now := o.Now()
	if err := updateSigned(ctx, o.DB, a.Name, now); err != nil {
		return Pass{}, wrap("sign in", err)
	}
	if err := deleteEnded(ctx, o.DB, now.Add(-Idle), now.Add(-Whole)); err != nil {
		return Pass{}, wrap("sign in", err)
	}
	sctx, err := o.sessions.Load(context.WithValue(ctx, beginning{}, Session{
		Account: a.Name, Made: now, Seen: now, Proven: v.proven(how, now), How: how, Device: Device(v.Agent), Address: Shorten(v.Address),
	}), "")
	if err != nil {
		return Pass{}, wrap("sign in", err)
	}
	o.sessions.Put(sctx, accountKey, a.Name)
	token, _, err := o.sessions.Commit(sctx)
	if err != nil {
		return Pass{}, wrap("sign in", err)
	}
	a.Signed = store.At(now).Time
	return Pass{Account: a, Token: token, How: how}, nil
}
