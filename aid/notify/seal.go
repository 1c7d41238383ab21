package notify

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"mashang/platform/privacy"
)

const (
	table    = "notify_people"
	keyBytes = 32
)

// Params are what a gateway needs to send a text. They travel sealed.
type Params struct {
	To     string            `json:"to"`
	Text   string            `json:"text"`   // whole, for gateways that take texts
	Values map[string]string `json:"values"` // of the template, for those that take templates
}

// opens gives the key of a subscription and what it seals.
func (d *Desk) opens(s subscription) (privacy.DataKey, whole, error) {
	key, err := d.Keys.OpenDataKey(table, s.id, s.wrapped)
	if err != nil {
		return key, whole{}, fmt.Errorf("notify: key: %w", err)
	}
	b, err := key.Open("person", s.sealed)
	if err != nil {
		return key, whole{}, fmt.Errorf("notify: open: %w", err)
	}
	var w whole
	if err := json.Unmarshal(b, &w); err != nil {
		return key, whole{}, fmt.Errorf("notify: open: %w", err)
	}
	return key, w, nil
}

// seals makes the key of a new subscription and seals w with it.
func (d *Desk) seals(s *subscription, w whole) (key privacy.DataKey, err error) {
	b, err := json.Marshal(w)
	if err != nil {
		return key, fmt.Errorf("notify: seal: %w", err)
	}
	if key, s.wrapped, err = d.Keys.NewDataKey(table, s.id); err != nil {
		return key, fmt.Errorf("notify: seal: %w", err)
	}
	if s.sealed, err = key.Seal("person", b); err != nil {
		return key, fmt.Errorf("notify: seal: %w", err)
	}
	return key, nil
}

// sealParams seals what a gateway is to know with a key of the message's own, AES-256-GCM with ref as associated data:
// the nonce, what is sealed and the tag in one, base64url. The key itself is sealed for the person.
func sealParams(person privacy.DataKey, ref string, p Params) (sealed, wrapped string, err error) {
	plain, err := json.Marshal(p)
	if err != nil {
		return "", "", fmt.Errorf("notify: params: %w", err)
	}
	raw := make([]byte, keyBytes)
	rand.Read(raw)
	aead, err := gcm(raw)
	if err != nil {
		return "", "", err
	}
	if wrapped, err = person.Seal("message-"+ref, raw); err != nil {
		return "", "", fmt.Errorf("notify: params: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(aead.Seal(nil, nil, plain, []byte(ref))), wrapped, nil
}

// OpenParams is what a gateway does with the key it was given.
func OpenParams(key, ref, sealed string) (p Params, err error) {
	raw, err := base64.StdEncoding.DecodeString(key)
	if err != nil {
		return p, fmt.Errorf("notify: key: %w", err)
	}
	aead, err := gcm(raw)
	if err != nil {
		return p, err
	}
	b, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return p, fmt.Errorf("notify: params: %w", err)
	}
	if b, err = aead.Open(nil, nil, b, []byte(ref)); err != nil {
		return p, fmt.Errorf("notify: params: %w", err)
	}
	if err := json.Unmarshal(b, &p); err != nil {
		return p, fmt.Errorf("notify: params: %w", err)
	}
	return p, nil
}

func gcm(raw []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(raw)
	if err != nil {
		return nil, fmt.Errorf("notify: key: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}
