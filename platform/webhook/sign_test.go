package webhook_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"mashang/platform/webhook"
)

func secretOf(n int) []byte { return bytes.Repeat([]byte{7}, n) }

func TestReferenceLibraryAndWeVerifyEachOther(t *testing.T) {
	now := time.Now()
	for _, tt := range []struct {
		name string
		body []byte
	}{
		{"an object", []byte(`{"type":"application.submitted","data":{"receipt":"5820447190362717"}}`)},
		{"Chinese", []byte(`{"原因":"材料不全，请补户口簿首页"}`)},
		{"nothing", nil},
		{"a mebibyte", bytes.Repeat([]byte("字"), 1<<20/3)},
		{"no text at all", []byte{0, 0xff, '.', '\n'}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			secret := webhook.NewSecret()
			theirs, err := standardwebhooks.NewWebhook(webhook.FormatSecret(secret))
			if err != nil {
				t.Fatal(err)
			}
			h := webhook.Headers([][]byte{webhook.NewSecret(), secret}, "msg_1", now, tt.body)
			if err := theirs.Verify(tt.body, h); err != nil {
				t.Errorf("the library refuses our signature: %v", err)
			}
			signed, err := theirs.Sign("msg_2", now, tt.body)
			if err != nil {
				t.Fatal(err)
			}
			h = http.Header{}
			h.Set(webhook.HeaderID, "msg_2")
			h.Set(webhook.HeaderTimestamp, strconv.FormatInt(now.Unix(), 10))
			h.Set(webhook.HeaderSignature, "v1a,abc "+signed)
			if id, err := webhook.Verify([][]byte{webhook.NewSecret(), secret}, h, tt.body, now); err != nil || id != "msg_2" {
				t.Errorf("Verify() = %q, %v, want msg_2 of the library's signature", id, err)
			}
		})
	}
}

func TestVerifyIsStrict(t *testing.T) {
	secret, now, body := secretOf(32), time.Unix(1795250000, 0), []byte(`{"a":1}`)
	good := func() http.Header { return webhook.Headers([][]byte{secret}, "msg_1", now, body) }
	for _, tt := range []struct {
		name   string
		change func(http.Header)
		body   []byte
		now    time.Time
		want   error
	}{
		{"as sent", func(http.Header) {}, body, now, nil},
		{"five minutes late", func(http.Header) {}, body, now.Add(5 * time.Minute), nil},
		{"five minutes early", func(http.Header) {}, body, now.Add(-5 * time.Minute), nil},
		{"later", func(http.Header) {}, body, now.Add(5*time.Minute + time.Second), webhook.ErrTimestamp},
		{"earlier", func(http.Header) {}, body, now.Add(-5*time.Minute - time.Second), webhook.ErrTimestamp},
		{"body changed", func(http.Header) {}, []byte(`{"a":2}`), now, webhook.ErrSignature},
		{"id changed", func(h http.Header) { h.Set(webhook.HeaderID, "msg_2") }, body, now, webhook.ErrSignature},
		{"time changed", func(h http.Header) { h.Set(webhook.HeaderTimestamp, "1795250001") }, body, now, webhook.ErrSignature},
		{"letters after the time", func(h http.Header) { h.Set(webhook.HeaderTimestamp, "1795250000abc") }, body, now, webhook.ErrHeaders},
		{"plus before the time", func(h http.Header) { h.Set(webhook.HeaderTimestamp, "+1795250000") }, body, now, webhook.ErrHeaders},
		{"space before the time", func(h http.Header) { h.Set(webhook.HeaderTimestamp, " 1795250000") }, body, now, webhook.ErrHeaders},
		{"full-width time", func(h http.Header) { h.Set(webhook.HeaderTimestamp, "１７９５２５００００") }, body, now, webhook.ErrHeaders},
		{"no time", func(h http.Header) { h.Del(webhook.HeaderTimestamp) }, body, now, webhook.ErrHeaders},
		{"no id", func(h http.Header) { h.Del(webhook.HeaderID) }, body, now, webhook.ErrHeaders},
		{"dot in the id", func(h http.Header) { h.Set(webhook.HeaderID, "msg.1") }, body, now, webhook.ErrHeaders},
		{"id twice", func(h http.Header) { h.Add(webhook.HeaderID, "msg_1") }, body, now, webhook.ErrHeaders},
		{"signature twice", func(h http.Header) { h.Add(webhook.HeaderSignature, "v1,x") }, body, now, webhook.ErrHeaders},
		{"another version only", func(h http.Header) {
			h.Set(webhook.HeaderSignature, strings.Replace(h.Get(webhook.HeaderSignature), "v1,", "v2,", 1))
		}, body, now, webhook.ErrSignature},
		{"commas between", func(h http.Header) { h.Set(webhook.HeaderSignature, "v1,x,"+h.Get(webhook.HeaderSignature)) }, body, now, webhook.ErrSignature},
		{"unpadded", func(h http.Header) {
			h.Set(webhook.HeaderSignature, strings.TrimRight(h.Get(webhook.HeaderSignature), "="))
		}, body, now, webhook.ErrSignature},
		{"a thousand signatures", func(h http.Header) { h.Set(webhook.HeaderSignature, strings.Repeat("v1,x ", 1000)) }, body, now, webhook.ErrHeaders},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := good()
			tt.change(h)
			id, err := webhook.Verify([][]byte{secret}, h, tt.body, tt.now)
			if !errors.Is(err, tt.want) || (err == nil) != (id == "msg_1") {
				t.Errorf("Verify() = %q, %v, want %v", id, err, tt.want)
			}
		})
	}
	if _, err := webhook.Verify(nil, good(), body, now); !errors.Is(err, webhook.ErrSignature) {
		t.Errorf("without secrets Verify() = %v, want %v", err, webhook.ErrSignature)
	}
	if _, err := webhook.Verify([][]byte{secretOf(23)}, good(), body, now); !errors.Is(err, webhook.ErrSecret) {
		t.Errorf("with a short secret Verify() = %v, want %v", err, webhook.ErrSecret)
	}
}

func TestSecretsOfTheStandardsLengthOnly(t *testing.T) {
	for _, tt := range []struct {
		name string
		text string
		ok   bool
	}{
		{"23 bytes", webhook.FormatSecret(secretOf(23)), false},
		{"24 bytes", webhook.FormatSecret(secretOf(24)), true},
		{"64 bytes", webhook.FormatSecret(secretOf(64)), true},
		{"65 bytes", webhook.FormatSecret(secretOf(65)), false},
		{"spaces around", " " + webhook.FormatSecret(secretOf(32)) + "\n", true},
		{"no prefix", base64.StdEncoding.EncodeToString(secretOf(32)), false},
		{"no base64", "whsec_%%%%", false},
		{"nothing", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := webhook.ParseSecret(tt.text); (err == nil) != tt.ok {
				t.Errorf("ParseSecret() = %v, want accepted: %v", err, tt.ok)
			}
		})
	}
}

func FuzzVerify(f *testing.F) {
	f.Add("msg_1", "1795250000", "v1,abc", []byte("{}"))
	f.Add("", "-1", "v1, v1,", []byte(nil))
	secret, now := secretOf(32), time.Unix(1795250000, 0)
	f.Fuzz(func(t *testing.T, id, ts, signature string, body []byte) {
		h := http.Header{webhook.HeaderID: {id}, webhook.HeaderTimestamp: {ts}, webhook.HeaderSignature: {signature}}
		if got, err := webhook.Verify([][]byte{secret}, h, body, now); err == nil {
			t.Errorf("Verify() = %q for what nobody signed", got)
		}
		if id == "" || strings.ContainsAny(id, ".\x00") {
			return
		}
		h = webhook.Headers([][]byte{secret}, id, now, body)
		got, err := webhook.Verify([][]byte{secret}, h, body, now)
		if err == nil && got != id {
			t.Errorf("Verify() = %q, want %q", got, id)
		}
	})
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte(`{"type":"application.status_changed","timestamp":"2026-11-21T10:00:00Z","data":{"receipt":"1"}}`))
	f.Add([]byte(`{"type":1}`))
	f.Add([]byte("\xff\xfe"))
	f.Fuzz(func(t *testing.T, body []byte) {
		if e, err := webhook.Open(body); err == nil && (e.Type == "" || len(e.Data) == 0) {
			t.Errorf("Open() = %+v, want type and data or an error", e)
		}
	})
}
