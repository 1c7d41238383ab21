// Package status shows a case to who holds its receipt.
package status

import (
	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/cases"
	"mashang/aid/cases/alarm"
	"mashang/api/resident/frame"
	"mashang/api/resident/photo"
)

// Room is the door with what it asks.
type Room struct {
	*frame.Frame
	Cases  *cases.Registry
	Alarms *alarm.Desk
	Desk   *apply.Desk
	Photos *photo.Taker
}

// Install adds its routes.
func (p *Room) Install(r gin.IRouter) {
	p.Get(r, "/status", p.ask)
	p.Post(r, "/status", frame.FormBytes, p.look)
	p.Get(r, "/status/:token", p.receipt)
	p.Get(r, "/status/:token/add", p.add)
	p.Post(r, "/status/:token/add", photo.Bytes, p.addDo)
	p.Get(r, "/status/:token/withdraw", p.withdraw)
	p.Post(r, "/status/:token/withdraw", frame.FormBytes, p.withdrawDo)
}
