package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"mashang/aid/notify"
	"mashang/i18n"
	"mashang/platform/audit"
	"mashang/platform/calendar"
	"mashang/platform/jobs"
	"mashang/platform/store"
)

// openTexts joins the part that tells people by text message. A demo sends from the start, to its sample back office; an
// office says when.
func (p *portal) openTexts(ctx context.Context) error {
	key, err := p.secrets.Get(ctx, "notify-1", 32)
	if err != nil {
		return err
	}
	base, err := url.Parse(p.cfg.BaseURL)
	if err != nil {
		return fmt.Errorf("PORTAL_BASE_URL: %w", err)
	}
	p.texts = &notify.Desk{
		DB: p.db, KV: p.kv, Keys: p.keys, Key: key, Library: p.library, Places: p.places, Words: p.words, Calendar: calendar.Load(),
		Rules: p.textRules, Base: base, Now: p.now, Wake: p.courier.Wake, Log: p.log,
	}
	return nil
}

func (p *portal) textRules() notify.Rules {
	o := p.settings.Office().Texts
	from, to := o.Hours()
	return notify.Rules{On: o.State == "on" || o.State == "" && p.sample, Daily: o.Daily, From: from, To: to, Sign: o.Sign}
}

// textJob looks for news when the catalogue has changed or a day has begun, and sends what is due. Nobody is told twice
// even if two instances take themselves for the leader: unique keys see to that.
func (p *portal) textJob() jobs.Job {
	return jobs.Job{Name: "notify", Every: 5 * time.Second, Timeout: 30 * time.Minute, Quiet: true, Run: func(ctx context.Context, run *jobs.Progress) error {
		return p.texts.Tick(ctx, run.Fence)
	}}
}

// erasePhone ends everything a phone has subscribed to and destroys its key.
func (p *portal) erasePhone(ctx context.Context, w world, in io.Reader) error {
	line, err := bufio.NewReader(io.LimitReader(in, 100)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("the number: %w", err)
	}
	typed := strings.TrimSpace(line)
	err = p.db.Tx(ctx, func(q store.Queryer) error {
		if err := p.texts.LeaveFor(ctx, q, typed, notify.ByErase); err != nil {
			return err
		}
		return p.audit.Write(ctx, q, audit.Entry{At: p.now(), Actor: "command line", Action: "texts-erase", Object: p.texts.Trace(typed)})
	})
	if err != nil {
		return p.inWords(i18n.Hans, err)
	}
	fmt.Fprintln(w.out, "erased: what this phone subscribed to is gone, a keyed hash stays as the proof that it hears nothing more")
	return p.db.Forget(ctx)
}
