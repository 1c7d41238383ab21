package faq

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"strings"
	"time"
)

// remembered is what a conversation goes on with: never what was typed.
type remembered struct {
	Programmes []string `json:"p,omitempty"`
	Aspect     string   `json:"a,omitempty"`
	Place      string   `json:"at,omitempty"` // division named in an earlier question
	Offered    []string `json:"o,omitempty"`  // programmes that were offered to choose from last
}

const (
	rememberFor = 30 * time.Minute
	memoryKey   = "ask:conversation:"
)

// recall returns what is remembered of a conversation and the name it goes on
// under; a name that is none of ours begins a new one.
func (a *Assistant) recall(ctx context.Context, conversation string) (remembered, string) {
	var m remembered
	if len(conversation) != len(rand.Text()) || strings.Trim(conversation, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" {
		return m, rand.Text()
	}
	if a.KV == nil {
		return m, conversation
	}
	value, ok, err := a.KV.Get(ctx, memoryKey+conversation)
	if err != nil {
		a.Log.Warn("conversation not recalled", "err", err)
	}
	if ok && json.Unmarshal([]byte(value), &m) != nil {
		m = remembered{}
	}
	return m, conversation
}

func (a *Assistant) remember(ctx context.Context, conversation string, m remembered) {
	if a.KV == nil || len(m.Programmes) == 0 && len(m.Offered) == 0 && m.Place == "" {
		return
	}
	value, err := json.Marshal(m)
	if err == nil {
		err = a.KV.Set(ctx, memoryKey+conversation, string(value), rememberFor)
	}
	if err != nil {
		a.Log.Warn("conversation not remembered", "err", err)
	}
}
