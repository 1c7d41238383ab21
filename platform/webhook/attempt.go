package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"

	"mashang/platform/privacy"
)

// outcome is what came of one attempt.
type outcome struct {
	status int
	class  string
	answer string
	after  time.Duration // what Retry-After asked for
	took   time.Duration
}

func (o outcome) ok() bool { return o.class == "ok" }

// overloaded reports whether the endpoint should be left alone for a while.
func (o outcome) overloaded() bool { return o.class == "throttled" || o.class == "timeout" }

const answerBytes = 200

// attempt sends one delivery once. Only a 2xx counts; a redirect is a failure,
// because the signature was made for this address.
func attempt(ctx context.Context, c *http.Client, url string, secrets [][]byte, j job, now time.Time) outcome {
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(j.body))
	if err != nil {
		return outcome{class: "network"}
	}
	req.Header = Headers(secrets, j.message, now, j.body)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Mashang-Webhook/1")
	res, err := c.Do(req)
	if err != nil {
		return outcome{class: classify(err), took: time.Since(began)}
	}
	defer res.Body.Close()
	// A little more than is kept is read, so that a small answer ends and the
	// connection can be used again.
	head, _ := io.ReadAll(io.LimitReader(res.Body, 16<<10)) // the status has come; the rest may break off
	o := outcome{status: res.StatusCode, answer: excerpt(head), took: time.Since(began)}
	switch s := res.StatusCode; {
	case s >= 200 && s < 300:
		o.class = "ok"
	case s >= 300 && s < 400:
		o.class = "redirect"
	case s == http.StatusGone:
		o.class = "gone"
	case s == http.StatusTooManyRequests, s == http.StatusBadGateway, s == http.StatusServiceUnavailable, s == http.StatusGatewayTimeout:
		o.class, o.after = "throttled", retryAfter(res.Header)
	default:
		o.class = "status"
	}
	return o
}

// classify names why there was no answer. The error itself is not kept: it may
// hold the whole address.
func classify(err error) string {
	var dns *net.DNSError
	var network net.Error
	switch {
	case errors.Is(err, ErrBlocked):
		return "blocked"
	case errors.Is(err, context.Canceled):
		return "interrupted"
	case errors.As(err, &dns) && !dns.IsTimeout:
		return "dns"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return "timeout"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "reset"
	case isTLS(err):
		return "tls"
	}
	return "network"
}

func isTLS(err error) bool {
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var unknown x509.UnknownAuthorityError
	return errors.As(err, &certificate) || errors.As(err, &record) || errors.As(err, &alert) || errors.As(err, &unknown)
}

// excerpt is the beginning of an answer as one line of text, without what looks
// like a number of a person.
func excerpt(b []byte) string {
	text := strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError || r == 0x7f {
			return ' '
		}
		return r
	}, string(b[:min(len(b), 4*answerBytes)]))
	text = privacy.Scrub(strings.Join(strings.Fields(text), " "))
	for cut := answerBytes; len(text) > cut; cut-- {
		if utf8.RuneStart(text[cut]) {
			return text[:cut]
		}
	}
	return text
}
