package web

import (
	"time"

	"github.com/gin-gonic/gin"

	"mashang/platform/problem"
)

// How often one address may learn that somebody has an open application already, whose identity number it knows. A
// helper who files for a whole village stays below it.
const (
	againMost  = 30
	againEvery = 24 * time.Hour
)

// Again runs a filing, unless this address has learnt of too many open applications today.
func (w *Web) Again(c *gin.Context, file func() error) error {
	key, ctx := "again:"+ClientAddress(c), c.Request.Context()
	if ok, retry, err := w.KV.Peek(ctx, key, againMost, againEvery); err == nil && !ok {
		return &problem.Error{Kind: problem.Limited, Key: "error.limited", RetryAfter: retry}
	}
	err := file()
	if problem.Is(err, problem.Conflict) {
		if _, _, counted := w.KV.Allow(ctx, key, againMost, againEvery); counted != nil {
			w.Log.Warn("limit not counted", "err", counted)
		}
	}
	return err
}
