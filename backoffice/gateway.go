package backoffice

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// smsTopic is the event that asks for a text message.
const smsTopic = "notification.sms"

// sealed is what the portal sends of a text message.
type sealed struct {
	ID       string    `json:"id"`
	Template string    `json:"template"`
	Lang     string    `json:"lang"`
	Params   string    `json:"params"`
	NotAfter time.Time `json:"not_after"`
}

// sms is a text message as this gateway would send it, or why it did not.
type sms struct {
	ID       string    `json:"id"`
	Template string    `json:"template"`
	To       string    `json:"to,omitempty"`
	Text     string    `json:"text,omitempty"`
	Status   int       `json:"status"` // what the portal answered when it was asked for the key; 0: nothing
	At       time.Time `json:"at"`
}

const (
	asks     = 5
	askPause = time.Second
)

// sendLater sends a text when its key has come. A text is sent once, however often its event arrives.
func (s *Server) sendLater(data json.RawMessage) {
	var m sealed
	if json.Unmarshal(data, &m) != nil || !plainName(m.ID) || !s.shelf.Begin(m.ID) {
		return
	}
	s.under.Go(func() {
		out := sms{ID: m.ID, Template: m.Template}
		for n := range asks {
			if n > 0 {
				select {
				case <-s.ending.Done():
					return // it is begun again after the next start
				case <-time.After(askPause):
				}
			}
			var err error
			if out, err = s.open(s.ending, m); err != nil {
				s.log.Warn("text not opened", "id", m.ID, "status", out.Status, "err", err)
			}
			if out.Status == http.StatusOK || out.Status == http.StatusGone || out.Status == http.StatusConflict || out.Status == http.StatusNotFound {
				break
			}
		}
		if s.ending.Err() != nil {
			return
		}
		out.At = s.now().UTC()
		b, err := json.Marshal(out)
		if err == nil {
			err = s.shelf.Keep(record{Kind: "text", At: out.At, ID: m.ID, Type: m.Template, Status: out.Status, Data: b})
		}
		if err != nil {
			s.log.Error("text not noted", "id", m.ID, "err", err)
		}
	})
}

// open asks for the key of a text and opens it: AES-256-GCM, the nonce in front, the id as associated data.
func (s *Server) open(ctx context.Context, m sealed) (sms, error) {
	out := sms{ID: m.ID, Template: m.Template}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.portal.JoinPath("api", "v1", "backoffice", "notifications", m.ID, "open").String(), nil)
	if err != nil {
		return out, fmt.Errorf("backoffice: open: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+s.bearer)
	res, err := s.client.Do(req)
	if err != nil {
		return out, fmt.Errorf("backoffice: open: %w", err)
	}
	defer res.Body.Close()
	out.Status = res.StatusCode
	if res.StatusCode != http.StatusOK {
		return out, nil
	}
	var given struct{ Key string }
	if err := json.NewDecoder(http.MaxBytesReader(nil, res.Body, maxBody)).Decode(&given); err != nil {
		return out, fmt.Errorf("backoffice: open: %w", err)
	}
	key, err := base64.StdEncoding.DecodeString(given.Key)
	if err != nil {
		return out, fmt.Errorf("backoffice: key: %w", err)
	}
	raw, err := base64.RawURLEncoding.DecodeString(m.Params)
	if err != nil {
		return out, fmt.Errorf("backoffice: params: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return out, fmt.Errorf("backoffice: key: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return out, fmt.Errorf("backoffice: key: %w", err)
	}
	if len(raw) < aead.NonceSize() {
		return out, fmt.Errorf("backoffice: params are cut short")
	}
	plain, err := aead.Open(nil, raw[:aead.NonceSize()], raw[aead.NonceSize():], []byte(m.ID))
	if err != nil {
		return out, fmt.Errorf("backoffice: params: %w", err)
	}
	if err := json.Unmarshal(plain, &out); err != nil {
		return out, fmt.Errorf("backoffice: params: %w", err)
	}
	return out, nil
}

// resend goes on with the texts that a stop broke off.
func (s *Server) resend() {
	for _, m := range s.shelf.Messages() {
		if m.Verified && m.Type == smsTopic {
			s.sendLater(m.Data)
		}
	}
}

// showTexts is the page of what a telephone would show.
func (s *Server) showTexts(w http.ResponseWriter, r *http.Request) {
	all := s.shelf.Texts()
	if r.URL.Query().Get("as") == "json" {
		answer(w, http.StatusOK, all)
		return
	}
	slices.Reverse(all)
	const most = 200
	s.page(w, http.StatusOK, "texts", map[string]any{"Texts": all[:min(len(all), most)], "Total": len(all)})
}
