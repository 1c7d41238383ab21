package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/netip"
	neturl "net/url"
	"strings"
	"text/tabwriter"
	"time"

	"mashang/i18n"
	"mashang/platform/audit"
	"mashang/platform/kv"
	"mashang/platform/privacy"
	"mashang/platform/staff"
	"mashang/platform/store"
	"mashang/platform/webhook"
)

// withPortal opens the portal of the settings for one piece of work.
func withPortal(ctx context.Context, w world, work func(p *portal) error) error {
	cfg, err := LoadConfig(w.getenv)
	if err != nil {
		return fmt.Errorf("the settings do not allow this:\n%w", err)
	}
	p, err := openPortal(ctx, cfg, time.Now, logger(w, cfg))
	if err != nil {
		return err
	}
	return errors.Join(work(p), p.close())
}

// user manages the accounts of the staff. A password is made here, shown once,
// and never taken from the command line, where other users could read it.
func user(ctx context.Context, w world, args []string) error {
	fs := flag.NewFlagSet("user", flag.ContinueOnError)
	role := fs.String("role", "", "one of "+strings.Join(roleNames(), ", "))
	name := fs.String("name", "", "name to sign in with")
	scope := fs.String("scope", "", "12-digit division the account is for (default: the whole county)")
	words, err := parse(fs, w, args)
	if err != nil {
		return err
	}
	if len(words) == 2 && *name == "" {
		*name = words[1]
		words = words[:1]
	}
	if len(words) != 1 {
		return wrongUse("say add, list, password, totp-reset, disable or enable")
	}
	if words[0] != "list" && *name == "" {
		return wrongUse("-name is missing")
	}
	return withPortal(ctx, w, func(p *portal) error {
		var deed, said string
		var do func(q store.Queryer) error
		given, err := p.staff.Give(ctx)
		if err != nil {
			return err
		}
		switch words[0] {
		case "add":
			r, ok := staff.ParseRole(*role)
			if !ok {
				return wrongUse("-role %q is none of %s", *role, strings.Join(roleNames(), ", "))
			}
			if _, ok := p.places.Atlas().Division(*scope); *scope != "" && !ok {
				return wrongUse("-scope %q is no division of this county", *scope)
			}
			if r.Bound() && *scope == "" {
				return wrongUse("a %s works for one town or village and sees nothing without it: say -scope and its 12-digit code", r)
			}
			deed, said = "user-create", fmt.Sprintf("account %s %s %s", r, *name, given.Password)
			do = func(q store.Queryer) error {
				return p.staff.Create(ctx, q, staff.Account{Name: *name, Role: r, Scope: *scope}, given)
			}
		case "password":
			deed, said = "user-password", fmt.Sprintf("password %s %s", *name, given.Password)
			do = func(q store.Queryer) error { return p.staff.Reset(ctx, q, *name, given) }
		case "totp-reset":
			deed, said = "user-code-reset", fmt.Sprintf("%s signs in without one-time codes until new ones are set up; its sessions are ended", *name)
			do = func(q store.Queryer) error { return p.staff.ResetCodes(ctx, q, *name) }
		case "disable":
			deed, said = "user-disable", fmt.Sprintf("disabled %s; its sessions are ended", *name)
			do = func(q store.Queryer) error { return p.staff.SetDisabled(ctx, q, *name, true) }
		case "enable":
			deed, said = "user-enable", "enabled "+*name
			do = func(q store.Queryer) error { return p.staff.SetDisabled(ctx, q, *name, false) }
		case "list":
			return p.listUsers(ctx, w)
		default:
			return wrongUse("%q is not among add, list, password, totp-reset, disable and enable", words[0])
		}
		err = p.db.Tx(ctx, func(q store.Queryer) error {
			if err := do(q); err != nil {
				return err
			}
			return p.audit.Write(ctx, q, audit.Entry{At: p.now(), Actor: "command line", Action: deed, Object: *name, Detail: *role})
		})
		if err != nil {
			return p.inWords("zh-Hans", err)
		}
		fmt.Fprintln(w.out, said)
		return nil
	})
}

func (p *portal) listUsers(ctx context.Context, w world) error {
	all, err := p.staff.List(ctx)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(w.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "NAME\tROLE\tSCOPE\tSTATE\tCODES")
	for _, a := range all {
		state, codes := "active", "no"
		if a.Disabled {
			state = "disabled"
		}
		if !a.Coded.IsZero() {
			codes = fmt.Sprintf("yes, %d recovery codes left", a.Recovery)
		}
		if a.ProviderOnly {
			codes = "at the provider"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", a.Name, a.Role, a.Scope, state, codes)
	}
	return t.Flush()
}

func roleNames() []string {
	var out []string
	for _, r := range staff.Roles() {
		out = append(out, string(r))
	}
	return out
}

// endpoint manages the back offices that receive cases.
func endpoint(ctx context.Context, w world, args []string) error {
	fs := flag.NewFlagSet("endpoint", flag.ContinueOnError)
	name := fs.String("name", "", "name for the staff")
	url := fs.String("url", "", "address that takes the messages")
	scope := fs.String("scope", "", "12-digit division it is told about (default: everything)")
	topics := fs.String("topics", "", "topics, comma separated, such as application.*,emergency.reported (default: all)")
	words, err := parse(fs, w, args)
	if err != nil {
		return err
	}
	if len(words) == 0 {
		return wrongUse("say add, list, enable ID or disable ID")
	}
	return withPortal(ctx, w, func(p *portal) error {
		switch {
		case words[0] == "add" && len(words) == 1:
			if *name == "" || *url == "" {
				return wrongUse("endpoint add needs -name and -url")
			}
			if _, ok := p.places.Atlas().Division(*scope); *scope != "" && !ok {
				return wrongUse("-scope %q is no division of this county", *scope)
			}
			var list []string
			if *topics != "" {
				list = strings.Split(strings.ReplaceAll(*topics, " ", ""), ",")
			}
			e, c, err := p.book.Add(ctx, webhook.Endpoint{Name: *name, URL: *url, Scope: *scope, Topics: list}, webhook.Credentials{})
			if err != nil {
				return p.inWords("zh-Hans", err)
			}
			fmt.Fprintf(w.out, "endpoint %s\nsecret %s\ninbound %s\nbearer %s\n\nThese are shown once: copy them into the back office now.\n", e.ID, c.Signing, c.Inbound, c.Bearer)
			if why := unreachable(p.cfg, e.URL); why != "" {
				fmt.Fprintf(w.errs, "note   %s\n", why)
			}
			return nil
		case words[0] == "list" && len(words) == 1:
			all, err := p.book.List(ctx)
			if err != nil {
				return err
			}
			t := tabwriter.NewWriter(w.out, 0, 4, 2, ' ', 0)
			fmt.Fprintln(t, "ID\tNAME\tURL\tSCOPE\tTOPICS\tSTATE")
			for _, e := range all {
				state := "active"
				if e.Disabled {
					state = "disabled: " + e.Reason
				}
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", e.ID, e.Name, e.URL, e.Scope, strings.Join(e.Topics, ","), state)
			}
			return t.Flush()
		case (words[0] == "enable" || words[0] == "disable") && len(words) == 2:
			if err := p.book.SetDisabled(ctx, words[1], words[0] == "disable", "switched off by hand"); err != nil {
				return p.inWords("zh-Hans", err)
			}
			fmt.Fprintf(w.out, "%sd %s\n", words[0], words[1])
			return nil
		}
		return wrongUse("say add, list, enable ID or disable ID")
	})
}

// unreachable says why the courier will not speak to an address that is written
// as a number, "" when it will or only a name server could tell.
func unreachable(cfg Config, address string) string {
	u, err := neturl.Parse(address)
	if err != nil {
		return ""
	}
	host := u.Hostname()
	if host == "localhost" {
		host = "127.0.0.1"
	}
	a, err := netip.ParseAddr(host)
	if guard := webhook.NewGuard(cfg.PrivateTargets); err != nil || guard.Public(a) || guard.Private(a) {
		return ""
	}
	return fmt.Sprintf("%s is inside a private network and gets nothing until PORTAL_PRIVATE_ENDPOINTS of `mashang serve` names that network", host)
}

// doctor says what blocks a launch. Blocking findings make it fail.
func doctor(ctx context.Context, w world, args []string) error {
	fs := flag.NewFlagSet("doctor", flag.ContinueOnError)
	newKey := fs.Bool("new-key", false, "print a fresh sealing key for PORTAL_KEYS and do nothing else")
	words, err := parse(fs, w, args)
	if err != nil {
		return err
	}
	if len(words) > 0 {
		return wrongUse("doctor takes only flags, not %q", words[0])
	}
	if *newKey {
		fmt.Fprintln(w.out, privacy.NewKey())
		return nil
	}
	blocked := 0
	say := func(ok bool, what, todo string) {
		if ok {
			fmt.Fprintf(w.out, "ok     %s\n", what)
			return
		}
		blocked++
		fmt.Fprintf(w.out, "BLOCKS %s\n       %s\n", what, todo)
	}
	note := func(what string) { fmt.Fprintf(w.out, "note   %s\n", what) }

	cfg, err := LoadConfig(w.getenv)
	if err != nil {
		say(false, "settings", err.Error())
		return fmt.Errorf("%d things block the launch", blocked)
	}
	say(true, "settings and secrets", "")
	p, err := openPortal(ctx, cfg, time.Now, logger(w, cfg))
	if err != nil {
		say(false, "database", err.Error())
		return fmt.Errorf("%d things block the launch", blocked)
	}
	defer p.close()
	where := ""
	if cfg.DatabaseURL == "" {
		where = " in " + cfg.Data
	}
	say(true, "database "+p.db.Engine()+where, "")
	if cfg.RedisURL != "" {
		answer := pingRedis(ctx, cfg.RedisURL)
		say(answer == nil, "Redis", fmt.Sprintf("PORTAL_REDIS_URL: %v", answer))
	}
	if m := p.model(); m != nil {
		if err := m.Check(ctx); err != nil {
			note("PORTAL_LLM_URL: " + err.Error() + "; answers are shown without it")
		} else {
			say(true, "model "+cfg.Model, "")
		}
	}
	if m := p.meaning(); m != nil {
		if dims, err := m.Check(ctx); err != nil {
			note("PORTAL_LLM_EMBED_MODEL: " + err.Error() + "; answers are found without it")
		} else {
			say(true, fmt.Sprintf("model of meaning %s, vectors of %d numbers", cfg.EmbedModel, dims), "")
		}
		switch v, tried, err := m.Verdict(ctx); {
		case err != nil:
			return err
		case !tried:
			note("its vectors have not been tried on the office's own questions yet; answers are found without them")
		case v.On:
			note("its vectors are mixed in: " + v.String())
		default:
			note("its vectors are not mixed in: " + v.String())
		}
	}
	all, err := p.launch().Checks(ctx, true)
	if err != nil {
		return err
	}
	for _, one := range all {
		said := p.words.T(i18n.En, one.Key, one.Args...)
		if one.Note {
			note(said)
			continue
		}
		say(one.OK, said, p.words.T(i18n.En, one.Key+".do"))
	}
	stale, err := p.library.Stale(ctx)
	if err != nil {
		return err
	}
	for _, f := range stale {
		note("no longer holds: " + p.fault(f))
	}
	if cfg.DatabaseURL != "" && cfg.RedisURL == "" {
		note("PORTAL_REDIS_URL is empty: run one instance only, limits are counted inside the process")
	}
	if blocked > 0 {
		return fmt.Errorf("%d things block the launch", blocked)
	}
	return nil
}

// pingRedis tells whether Redis answers: the portal starts without it too.
func pingRedis(ctx context.Context, url string) error {
	r, err := kv.OpenRedis(ctx, url)
	if err != nil {
		return err
	}
	return errors.Join(r.Ping(ctx), r.Close())
}
