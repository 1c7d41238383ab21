// Package status shows a case to who holds its receipt.
package status

import (
	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/aid/cases"
	"mashang/aid/cases/alarm"
	"mashang/aid/notify"
	"mashang/api/resident/frame"
	"mashang/api/resident/photo"
	"mashang/platform/audit"
	"mashang/platform/print"
)

// Room is the door with what it asks.
type Room struct {
	*frame.Frame
	Cases  *cases.Registry
	Alarms *alarm.Desk
	Desk   *apply.Desk
	Photos *photo.Taker
	Texts  *notify.Desk // nil sends none
	Audit  *audit.Log
	Fonts  *print.Fonts // nil prints none
}

// Install adds its routes.
func (p *Room) Install(r gin.IRouter) {
	p.Get(r, "/status", p.ask)
	p.Post(r, "/status", frame.FormBytes, p.look)
	p.Get(r, "/status/:token", p.receipt)
	p.Get(r, "/status/:token/add", p.add)
	p.Post(r, "/status/:token/add", photo.Bytes, p.addDo)
	p.Get(r, "/status/:token/receipt.pdf", p.receiptPDF)
	p.Get(r, "/status/:token/prove", p.prove)
	p.Post(r, "/status/:token/prove", frame.FormBytes, p.proveDo)
	p.Get(r, "/status/:token/correct", p.correct)
	p.Post(r, "/status/:token/correct", frame.FormBytes, p.correctDo)
	p.Get(r, "/status/:token/object", p.object)
	p.Post(r, "/status/:token/object", frame.FormBytes, p.objectDo)
	p.Get(r, "/status/:token/renew", p.renew)
	p.Post(r, "/status/:token/renew", frame.FormBytes, p.renewDo)
	p.Get(r, "/status/:token/text", p.text)
	p.Post(r, "/status/:token/text", frame.FormBytes, p.textDo)
	p.Get(r, "/status/:token/own", p.own)
	p.Post(r, "/status/:token/own", frame.FormBytes, p.ownDo)
	p.Get(r, "/status/:token/signers", p.signers)
	p.Post(r, "/status/:token/signers", frame.FormBytes, p.signersDo)
	p.Get(r, "/status/:token/signers/:n/code", p.signersCode)
	p.Get(r, "/status/:token/withdraw", p.withdraw)
	p.Post(r, "/status/:token/withdraw", frame.FormBytes, p.withdrawDo)
}
