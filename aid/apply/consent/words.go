package consent

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"time"

	"mashang/platform/store"
)

// Words are what people agree to, as they read them.
type Words struct {
	Version string
	Lang    string
	Lines   []string
}

// ID is the same for the same words, whoever reads them and when.
func (w Words) ID() string {
	if len(w.Lines) == 0 {
		return ""
	}
	h := sha256.New()
	for _, s := range append([]string{w.Version, w.Lang}, w.Lines...) {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	return base32.StdEncoding.EncodeToString(h.Sum(nil)[:15])
}

// keep holds on to the words of a consent.
func (w Words) keep(ctx context.Context, q store.Queryer, now time.Time) (string, error) {
	if len(w.Lines) == 0 {
		return "", nil
	}
	body, err := json.Marshal(w.Lines)
	if err != nil {
		return "", err
	}
	return w.ID(), insertWords(ctx, q, w.ID(), w.Version, w.Lang, string(body), now)
}

// Words are those with an id, as they were read.
func (b *Book) Words(ctx context.Context, id string) (Words, error) {
	version, lang, body, err := selectWords(ctx, b.DB, id)
	if err != nil {
		return Words{}, wrap("words", err)
	}
	w := Words{Version: version, Lang: lang}
	return w, wrap("words", json.Unmarshal([]byte(body), &w.Lines))
}
