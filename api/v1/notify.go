package v1

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"mashang/aid/notify"
	"mashang/platform/problem"
	"mashang/platform/store"
)

type openedText struct {
	ID       string `json:"id"`
	Key      string `json:"key"`
	NotAfter moment `json:"not_after"`
}

// officeText gives the key of a text to the gateway that is about to send it. A text of somebody who has left has none
// any more, whatever still lies in the gateway.
func (a *API) officeText(c *gin.Context) error {
	e, err := a.officeOf(c)
	if err != nil {
		return err
	}
	if e.Disabled || !e.Wants(notify.Topic, []string{e.Scope}) {
		return problem.New(problem.Missing, "notify.open.unknown") // it sends no texts: its key opens none either
	}
	ctx := c.Request.Context()
	var o notify.Opened
	err = a.DB.Tx(ctx, func(q store.Queryer) (err error) {
		if o, err = a.Texts.Open(ctx, q, c.Param("id"), e.ID, e.Scope); err != nil {
			return err
		}
		return a.note(c, q, e, "text-open", o.ID, "")
	})
	if err != nil {
		return fmt.Errorf("v1: text: %w", err)
	}
	return reply(c, http.StatusOK, openedText{o.ID, o.Key, moment{o.NotAfter}})
}
