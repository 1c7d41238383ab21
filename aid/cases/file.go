package cases

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"mashang/platform/calendar"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/webhook"
)

// File takes f and queues the message about it, both or neither. When it
// returns, both are on disk. The same key and content again give the same reply;
// other content under a key that is taken is a Conflict, and so is a second open
// case of a person and programme where f asks for only one.
func (r *Registry) File(ctx context.Context, f Filing) (Filed, error) {
	p, err := r.prepare(f) // before the transaction: on SQLite nobody else writes while one is open
	if err != nil {
		return Filed{}, wrapped("file", err)
	}
	var filed Filed
	err = r.DB.Tx(ctx, func(q store.Queryer) (err error) {
		filed, err = r.file(ctx, q, p)
		return err
	})
	if err != nil {
		return Filed{}, wrapped("file", err)
	}
	r.Ring()
	return filed, nil
}

// FileTx is File inside the caller's transaction. Nothing it returns may be
// shown before the commit. Call Ring after it.
func (r *Registry) FileTx(ctx context.Context, q store.Queryer, f Filing) (Filed, error) {
	p, err := r.prepare(f)
	if err != nil {
		return Filed{}, wrapped("file", err)
	}
	filed, err := r.file(ctx, q, p)
	if err != nil {
		return Filed{}, wrapped("file", err)
	}
	return filed, nil
}

// prepared is a filing with everything worked out that needs no database: numbers drawn, keys made, words sealed.
type prepared struct {
	Filing
	course            course
	row               row
	pin               string
	keyHash, contents string // of the idempotency key, and of what came under it
	sealedPIN         sql.NullString
}

func (r *Registry) prepare(f Filing) (prepared, error) {
	p := prepared{Filing: f}
	var ok bool
	if p.course, ok = r.machine.Kinds[f.Kind]; !ok {
		return p, fmt.Errorf("unknown kind %q", f.Kind)
	}
	body, err := json.Marshal(f.Body)
	if err != nil {
		return p, err
	}
	var key privacy.DataKey
	if p.row, p.pin, key, err = r.draw(f, p.course, body); err != nil || f.IdempotencyKey == "" {
		return p, err
	}
	if p.keyHash, p.contents, err = r.fingerprint(f, body); err != nil || p.pin == "" {
		return p, err
	}
	p.sealedPIN.Valid = true
	p.sealedPIN.String, err = key.Seal("pin", []byte(p.pin))
	return p, err
}

func (r *Registry) file(ctx context.Context, q store.Queryer, p prepared) (Filed, error) {
	f, course, c, pin := p.Filing, p.course, p.row, p.pin
	if f.IdempotencyKey != "" {
		before, taken, err := r.takeKey(ctx, q, p)
		if err != nil || taken {
			return before, err
		}
	}
	n, err := insertCase(ctx, q, c)
	if err != nil {
		return Filed{}, err
	}
	if n == 0 {
		return Filed{}, &problem.Error{Kind: problem.Conflict, Key: "cases.open.already", Args: map[string]string{"url": "/status"}}
	}
	for i, paper := range f.Papers {
		n, err := insertPaper(ctx, q, paper, c.ID, i)
		if err != nil {
			return Filed{}, err
		}
		if n == 0 {
			return Filed{}, problem.New(problem.Conflict, "cases.paper.used")
		}
	}
	if err := insertEvent(ctx, q, happening{id: rand.Text(), caseID: c.ID, status: c.Status, at: c.ReceivedAt, notedAt: c.ReceivedAt, source: portal}); err != nil {
		return Filed{}, err
	}
	if f.About, err = r.tie(ctx, q, c.ID, f.About); err != nil {
		return Filed{}, err
	}
	if f.Helper != "" {
		if err := insertHelper(ctx, q, c.ID, f.Helper, c.ReceivedAt); err != nil {
			return Filed{}, err
		}
	}
	var call Call
	if course.Grouping != nil {
		if call, err = r.lane(ctx, q, course.Grouping, c, f.Caller); err != nil {
			return Filed{}, err
		}
	}
	m, err := r.message(f, course, c.Case)
	if err == nil && call.Lane != LaneOwn {
		err = r.marks(ctx, q, &m, call)
	}
	if err != nil {
		return Filed{}, err
	}
	if _, err := webhook.Enqueue(ctx, q, m); err != nil {
		return Filed{}, err
	}
	return Filed{Case: c.Case, PIN: pin, Fresh: true}, nil
}

// draw makes the numbers and keys of a new case and seals its body.
func (r *Registry) draw(f Filing, course course, body []byte) (c row, pin string, key privacy.DataKey, err error) {
	now := r.now()
	c.Case = Case{
		ID: rand.Text(), Receipt: NewReceipt(), Token: rand.Text(), Kind: f.Kind, Programme: f.Programme, Place: f.Location,
		Division: f.Division, Scope: f.Scope, For: f.For, Identity: f.Identity, Status: course.First, StatusAt: now, ReceivedAt: now,
	}
	if c.Identity == "" {
		c.Identity = "none"
	}
	if course.Acknowledge != "" {
		if d, ok := r.machine.law(r.law(f.Programme), course.Acknowledge); ok {
			if c.AcknowledgeBy, _, err = d.until(r.Calendar, now); err != nil {
				return row{}, "", key, err
			}
		}
	}
	proof := plain(f.Proof)
	if proof == "" {
		pin = digits(6)
		proof = pin
	}
	var wrapped string
	if key, wrapped, err = r.Keys.NewDataKey("cases", c.ID); err != nil {
		return row{}, "", key, err
	}
	c.dataKey = sql.NullString{String: wrapped, Valid: true}
	if c.token, err = key.Seal("token", []byte(c.Token)); err != nil {
		return row{}, "", key, err
	}
	if c.body, err = key.Seal("body", body); err != nil {
		return row{}, "", key, err
	}
	c.tokenHash, c.proofHash = r.blind("token", c.Token), r.blind("proof", c.Receipt+":"+proof)
	if f.Person != "" {
		c.person = sql.NullString{String: f.Person, Valid: true}
		if f.Unique {
			c.once = c.person
		}
	}
	return c, pin, key, nil
}

// takeKey claims the idempotency key for c. When it is taken already, it gives
// the reply of then, or a Conflict when the content differs.
func (r *Registry) takeKey(ctx context.Context, q store.Queryer, p prepared) (Filed, bool, error) {
	n, err := insertKey(ctx, q, p.Kind, p.keyHash, p.contents, p.row.ID, p.sealedPIN, p.row.ReceivedAt)
	if err != nil || n == 1 {
		return Filed{}, false, err
	}
	then, caseID, sealed, err := selectKey(ctx, q, p.Kind, p.keyHash)
	if err != nil {
		return Filed{}, false, err
	}
	if then != p.contents {
		return Filed{}, false, problem.New(problem.Conflict, "cases.key.other")
	}
	filed, err := r.reply(ctx, q, caseID, sealed)
	return filed, true, err
}

// fingerprint is the hash of the key, and the hash of what was handed in under
// it. What the portal adds, such as the divisions above a place, may change
// between two tries and is left out.
func (r *Registry) fingerprint(f Filing, body []byte) (key, content string, err error) {
	all, err := json.Marshal([]any{f.Programme, f.Location, f.For, f.Proof, f.Papers, body})
	if err != nil {
		return "", "", err
	}
	return r.blind("key", f.IdempotencyKey), r.blind("content", string(all)), nil
}

// reply is what the first filing was answered with.
func (r *Registry) reply(ctx context.Context, q store.Queryer, caseID string, sealed sql.NullString) (Filed, error) {
	c, err := selectByID(ctx, q, caseID)
	if err != nil {
		return Filed{}, err
	}
	if c.Destroyed {
		return Filed{}, problem.New(problem.Gone, "status.destroyed")
	}
	key, err := r.dataKey(c)
	if err != nil {
		return Filed{}, err
	}
	filed := Filed{Case: c.Case}
	if filed.Token, err = open(key, "token", c.token); err != nil || !sealed.Valid {
		return filed, err
	}
	filed.PIN, err = open(key, "pin", sealed.String)
	return filed, err
}

func open(key privacy.DataKey, field, sealed string) (string, error) {
	b, err := key.Open(field, sealed)
	return string(b), err
}

// message is the thin word to the office. What the case knows comes first; the
// filing's summary may add to it and not replace it.
func (r *Registry) message(f Filing, course course, c Case) (webhook.Message, error) {
	data := map[string]any{}
	if f.Summary != nil {
		b, err := json.Marshal(f.Summary)
		if err == nil {
			err = json.Unmarshal(b, &data)
		}
		if err != nil || data == nil {
			return webhook.Message{}, errors.New("a summary is a JSON object")
		}
	}
	data["receipt"], data["place"], data["division"] = c.Receipt, c.Place, c.Division
	data["received_at"], data["due_at"] = stamp(c.ReceivedAt), nil
	data["url"] = r.BaseURL + "/api/v1/backoffice/applications/" + c.Receipt
	for name, value := range map[string]string{"programme": c.Programme, "for": c.For, "about": f.About} {
		if value != "" {
			data[name] = value
		}
	}
	if c.Kind == Application {
		data["identity"] = c.Identity
	} else {
		delete(data, "due_at")
		data["kind"] = string(c.Kind)
	}
	if !c.AcknowledgeBy.IsZero() {
		data["acknowledge_by"] = stamp(c.AcknowledgeBy)
	}
	topic := course.Topic
	if f.Topic != "" {
		topic = f.Topic
	}
	return webhook.Message{Topic: topic, Data: data, Scope: c.Scope, At: c.ReceivedAt, Urgent: course.Urgent}, nil
}

// marks adds to a message that its call is to be looked at together with an earlier one.
func (r *Registry) marks(ctx context.Context, q store.Queryer, m *webhook.Message, call Call) error {
	first, err := r.thin(ctx, q, call.Leader)
	if err != nil {
		return err
	}
	if data, ok := m.Data.(map[string]any); ok {
		data["lane"], data["repeat_of"] = call.Lane, first.Receipt
	}
	return nil
}

func stamp(t time.Time) string { return t.In(calendar.Shanghai()).Format(time.RFC3339) }

// ForgetPINs clears the PINs of replies older than age, which then cannot be
// asked for again; it says how many.
func (r *Registry) ForgetPINs(ctx context.Context, age time.Duration) (int, error) {
	n, err := forgetPINs(ctx, r.DB, r.now().Add(-age))
	if err != nil {
		return 0, fmt.Errorf("cases: forget pins: %w", err)
	}
	return int(n), nil
}
