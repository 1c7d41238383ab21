package cases

import (
	"context"
	"crypto/subtle"
	"fmt"
	"net/netip"
	"strconv"
	"time"

	"mashang/platform/problem"
)

// Bounds of wrong proofs. A pair of receipt and address is locked early; the
// address alone is shared by a whole village's phones and the receipt alone is
// somebody else's, so both bear far more.
const (
	pairTries    = 5
	pairLock     = 15 * time.Minute
	addressTries = 300
	addressEvery = time.Hour
	receiptTries = 100
	receiptEvery = 24 * time.Hour
)

// Status is the case that receipt and proof belong to. A receipt that does not
// exist and a proof that is wrong are the same Missing error; too many of either
// are the same Limited error.
func (r *Registry) Status(ctx context.Context, receipt, proof, address string) (View, error) {
	receipt, proof = plain(receipt), plain(proof)
	g := guess{
		pair:    "case.pair." + r.blind("pair", receipt+" "+network(address)),
		address: "case.address." + r.blind("address", network(address)),
		receipt: "case.receipt." + r.blind("receipt", receipt),
	}
	if err := r.mayGuess(ctx, g); err != nil {
		return View{}, fmt.Errorf("cases: status: %w", err)
	}
	id, hash, err := selectProof(ctx, r.DB, receipt)
	if err != nil {
		return View{}, fmt.Errorf("cases: status: %w", err)
	}
	// An unknown receipt is compared too, with a hash nothing has.
	right := subtle.ConstantTimeCompare([]byte(r.blind("proof", receipt+":"+proof)), []byte(fmt.Sprintf("%-52s", hash))) == 1
	if !right {
		if err := r.wrong(ctx, g); err != nil {
			return View{}, fmt.Errorf("cases: status: %w", err)
		}
		return View{}, problem.New(problem.Missing, "status.unknown")
	}
	if err := r.KV.Delete(ctx, g.pair); err != nil {
		return View{}, fmt.Errorf("cases: status: %w", err)
	}
	c, err := selectByID(ctx, r.DB, id)
	if err == nil {
		var v View
		if v, err = r.view(ctx, c); err == nil {
			return v, nil
		}
	}
	return View{}, fmt.Errorf("cases: status: %w", err)
}

// guess names the counters of one look-up. They hold hashes, so that shared
// state knows neither receipts nor addresses.
type guess struct{ pair, address, receipt string }

// mayGuess counts the try before the proof is looked at, so that many tries at
// once are no more than many tries in turn.
func (r *Registry) mayGuess(ctx context.Context, g guess) error {
	if text, locked, err := r.KV.Get(ctx, g.pair+".lock"); err != nil {
		return err
	} else if locked {
		return limited(r.untilEnd(text))
	}
	for _, c := range []struct {
		key   string
		tries int
		every time.Duration
	}{{g.address, addressTries, addressEvery}, {g.receipt, receiptTries, receiptEvery}} {
		if ok, retry, err := r.KV.Peek(ctx, c.key, c.tries, c.every); err != nil {
			return err
		} else if !ok {
			return limited(retry)
		}
	}
	ok, retry, err := r.KV.Allow(ctx, g.pair, pairTries, pairLock)
	if err == nil && !ok {
		err = limited(retry)
	}
	return err
}

// wrong counts a wrong proof; the fifth locks the pair for its whole time.
func (r *Registry) wrong(ctx context.Context, g guess) error {
	if _, _, err := r.KV.Allow(ctx, g.address, addressTries, addressEvery); err != nil {
		return err
	}
	if _, _, err := r.KV.Allow(ctx, g.receipt, receiptTries, receiptEvery); err != nil {
		return err
	}
	more, _, err := r.KV.Peek(ctx, g.pair, pairTries, pairLock)
	if err != nil || more {
		return err
	}
	return r.KV.Set(ctx, g.pair+".lock", strconv.FormatInt(r.Now().Add(pairLock).UnixMilli(), 10), pairLock)
}

func (r *Registry) untilEnd(text string) time.Duration {
	ms, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return pairLock
	}
	return min(max(time.UnixMilli(ms).Sub(r.Now()), time.Second), pairLock)
}

func limited(retry time.Duration) error {
	return &problem.Error{Kind: problem.Limited, Key: "status.locked", RetryAfter: retry,
		Args: map[string]string{"minutes": strconv.Itoa(int((retry + time.Minute - 1) / time.Minute))}}
}

// network is the address a household has: of IPv6 the first half, the rest of
// which a phone may choose as it likes.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if a = a.Unmap().WithZone(""); a.Is4() {
		return a.String()
	}
	p, err := a.Prefix(64)
	if err != nil {
		return address
	}
	return p.String()
}

// ByToken is the case of a link.
func (r *Registry) ByToken(ctx context.Context, token string) (View, error) {
	c, err := selectByToken(ctx, r.DB, r.blind("token", token))
	if err == nil {
		var v View
		if v, err = r.view(ctx, c); err == nil {
			return v, nil
		}
	}
	return View{}, fmt.Errorf("cases: by token: %w", err)
}
