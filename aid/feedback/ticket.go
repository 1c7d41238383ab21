package feedback

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"mashang/platform/problem"
)

// Ticket lets whoever holds it rate one thing once. It is signed, so that nobody rates a case that is not theirs or
// books a rating under a village of their choice, and it says nothing of who holds it.
type Ticket struct {
	About     About
	Stage     string
	Subject   string // a case's id; a page's or an answer's programme, or ""
	Programme string
	Division  string
	Nonce     string // tells two readers of one page apart; "" for a case, which has one holder
	Made      time.Time
}

const (
	ticketFor = 7 * 24 * time.Hour // a page stays open so long
	caseFor   = 90 * 24 * time.Hour
	maxTicket = 300
)

// ForCase is the ticket of a case at a stage; every look at the case gives the same one.
func ForCase(id, stage, programme, division string) Ticket {
	return Ticket{About: Case, Stage: stage, Subject: id, Programme: programme, Division: division}
}

// For is a fresh ticket of an answer or a page about a programme.
func For(a About, programme, division string) Ticket {
	return Ticket{About: a, Subject: programme, Programme: programme, Division: division, Nonce: rand.Text()[:12]}
}

// Write signs a ticket for a form.
func (b *Box) Write(t Ticket) string {
	made := strconv.FormatInt(b.Now().Unix()/60, 36)
	text := strings.Join([]string{string(t.About), t.Stage, t.Subject, t.Programme, t.Division, t.Nonce, made}, "~")
	return text + "~" + b.mac("ticket", text)
}

// Read opens a ticket; one that nobody signed, or that is too old, is Gone.
func (b *Box) Read(s string) (Ticket, error) {
	gone := problem.New(problem.Gone, "feedback.ticket.gone")
	cut := strings.LastIndexByte(s, '~')
	if cut < 0 || len(s) > maxTicket || !hmac.Equal([]byte(s[cut+1:]), []byte(b.mac("ticket", s[:cut]))) {
		return Ticket{}, gone
	}
	parts := strings.Split(s[:cut], "~")
	if len(parts) != 7 {
		return Ticket{}, gone
	}
	minutes, err := strconv.ParseInt(parts[6], 36, 64)
	if err != nil {
		return Ticket{}, gone
	}
	t := Ticket{About: About(parts[0]), Stage: parts[1], Subject: parts[2], Programme: parts[3], Division: parts[4], Nonce: parts[5], Made: time.Unix(minutes*60, 0)}
	keep := ticketFor
	if t.About == Case {
		keep = caseFor
	}
	if !slices.Contains(Abouts(), t.About) || b.Now().After(t.Made.Add(keep)) {
		return Ticket{}, gone
	}
	return t, nil
}

// row is the name under which the rating of a ticket is kept.
func (b *Box) row(t Ticket) string {
	return b.mac("row", strings.Join([]string{string(t.About), t.Stage, t.Subject, t.Nonce}, "~"))
}

func (b *Box) mac(use, text string) string {
	m := hmac.New(sha256.New, b.Key)
	m.Write([]byte(use + "\x00" + text))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:15])
}
