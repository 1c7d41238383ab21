// Package launch says what must be in place before the posters are hung. The
// first page of the console and `mashang doctor` show this one list.
package launch

import (
	"context"
	"strings"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/platform/audit"
	"mashang/platform/backup"
	"mashang/platform/calendar"
	"mashang/platform/jobs"
	"mashang/platform/settings"
	"mashang/platform/staff"
	"mashang/platform/webhook"
)

// Check is one line of the list. Its words are the message Key; what to do about
// a bad one is Key+".do".
type Check struct {
	Name string
	OK   bool
	Note bool // worth knowing, but it blocks nothing
	Key  string
	Args []any
	Page string           // of the console, below its root, where it is mended; "" for the server's settings
	Need staff.Permission // for that page
}

// List is what is asked. Fields but Reachable and Backups are all set.
type List struct {
	Places    *place.Gazetteer
	Library   *policy.Library
	Staff     *staff.Office
	Book      *webhook.Book
	Audit     *audit.Log
	Jobs      *jobs.Runner
	Settings  *settings.Book
	Backups   *backup.Folder            // nil on PostgreSQL
	Reachable func(address string) bool // whether messages may go to an address; nil: any
	Now       func() time.Time
	BaseURL   string
	Sample    bool
}

// Checks goes through the list. deep also reads the whole record of deeds, which
// takes its time; else the last daily reading counts.
func (l *List) Checks(ctx context.Context, deep bool) ([]Check, error) {
	var all []Check
	add := func(c Check) { all = append(all, c) }
	l.address(add)
	l.content(add)
	for _, step := range []func(context.Context, func(Check)) error{l.people, l.offices, func(ctx context.Context, add func(Check)) error { return l.record(ctx, add, deep) }, l.work} {
		if err := step(ctx, add); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Blocking counts what blocks the launch.
func Blocking(all []Check) int {
	n := 0
	for _, c := range all {
		if !c.OK && !c.Note {
			n++
		}
	}
	return n
}

// check is a line that has good words and bad ones.
func check(name string, ok bool, page string, need staff.Permission, args ...any) Check {
	c := Check{Name: name, OK: ok, Key: "ops.launch." + name, Args: args, Page: page, Need: need}
	if !ok {
		c.Key += ".bad"
	}
	return c
}

func (l *List) address(add func(Check)) {
	scheme, host, _ := strings.Cut(l.BaseURL, "://")
	add(check("https", scheme == "https", "", "", "host", host))
	if len(host) > 33 {
		add(Check{Name: "host", Note: true, Key: "ops.launch.host", Args: []any{"host", host}})
	}
	add(check("real", !l.Sample, "", ""))
	o := l.Settings.Office()
	add(check("filing", o.ICP != "", "/settings", staff.SeeSettings, "icp", o.ICP))
	now := l.Now()
	add(check("clock", now.Year() >= 2025 && now.Year() <= 2100, "", "", "time", now.In(calendar.Shanghai()).Format("2006-01-02 15:04")))
}

func (l *List) content(add func(Check)) {
	atlas, shelf, now := l.Places.Atlas(), l.Library.Shelf(), l.Now()
	villages, silent := atlas.Villages(), 0
	for _, v := range villages {
		if o, ok := atlas.Office(v.Code, "civil_affairs"); !ok || o.Phone == "" {
			silent++
		}
	}
	add(check("villages", len(villages) > 0 && silent == 0, "/places", staff.SeePlaces, "n", len(villages), "silent", silent))
	mute := len(atlas.Silent())
	add(check("offices", mute == 0, "/offices", staff.SeePlaces, "n", mute))
	_, _, locations := atlas.Size()
	add(check("locations", locations > 0, "/places", staff.SeePlaces, "n", locations))
	add(check("programmes", len(shelf.Programmes()) > 0, "/policies", staff.SeePolicy, "n", len(shelf.Programmes())))
	figures := 0
	for _, s := range shelf.Rows() {
		if !s.None && s.InForce(now) {
			figures++
		}
	}
	add(check("standards", figures > 0, "/standards", staff.SeePolicy, "n", figures))
}

func (l *List) people(ctx context.Context, add func(Check)) error {
	accounts, err := l.Staff.List(ctx)
	if err != nil {
		return err
	}
	admins, loose := 0, 0
	for _, a := range accounts {
		if a.Role == staff.Admin && !a.Disabled {
			admins++
		}
		if a.Role.Bound() && a.Scope == "" && !a.Disabled {
			loose++
		}
	}
	add(check("admin", admins > 0, "/users", staff.SeeStaff, "n", len(accounts)))
	add(check("accounts", loose == 0, "/users", staff.SeeStaff, "n", loose))
	return nil
}

func (l *List) offices(ctx context.Context, add func(Check)) error {
	endpoints, err := l.Book.List(ctx)
	if err != nil {
		return err
	}
	working := 0
	for _, e := range endpoints {
		if e.Disabled {
			continue
		}
		working++
		if l.Reachable != nil && !l.Reachable(e.URL) {
			add(check("unreachable", false, "/endpoints/"+e.ID, staff.SeeEndpoints, "name", e.Name))
		}
	}
	add(check("endpoints", working > 0, "/endpoints", staff.SeeEndpoints, "n", working, "all", len(endpoints)))
	b, err := l.Book.Backlog(ctx, l.Now().AddDate(0, 0, -1))
	if err != nil {
		return err
	}
	if n := b.Waiting + b.Retrying + b.Unrouted; n > 0 {
		add(Check{Name: "waiting", Note: true, Key: "ops.launch.waiting", Args: []any{"n", n, "since", b.Oldest.In(calendar.Shanghai()).Format("2006-01-02 15:04")}, Page: "/deliveries", Need: staff.SeeDeliveries})
	}
	if b.Dead > 0 {
		add(Check{Name: "dead", Note: true, Key: "ops.launch.dead", Args: []any{"n", b.Dead}, Page: "/deliveries?state=dead", Need: staff.SeeDeliveries})
	}
	return nil
}

// record asks whether the record of deeds is as it was written.
func (l *List) record(ctx context.Context, add func(Check), deep bool) error {
	if deep {
		rep, err := l.Audit.Verify(ctx)
		if err != nil {
			return err
		}
		add(check("record", rep.Broken == 0, "/audit?check=1", staff.SeeAudit, "rows", rep.Rows, "from", rep.Broken))
		return nil
	}
	schedules, err := l.Jobs.Schedules(ctx)
	if err != nil {
		return err
	}
	whole := true
	for _, s := range schedules {
		if (s.Job.Name == "audit-head" || s.Job.Name == "audit-chain") && s.State == jobs.Failed {
			whole = false
		}
	}
	add(check("record", whole, "/audit?check=1", staff.SeeAudit, "rows", "", "from", ""))
	return nil
}

// work notes what the jobs and the library have to tell.
func (l *List) work(ctx context.Context, add func(Check)) error {
	schedules, err := l.Jobs.Schedules(ctx)
	if err != nil {
		return err
	}
	for _, s := range schedules {
		if s.State == jobs.Failed || s.State == jobs.Interrupted {
			add(Check{Name: "job", Note: true, Key: "ops.launch.job", Args: []any{"job", s.Job.Name}, Page: "/jobs", Need: staff.SeeJobs})
		}
	}
	failed, _, err := l.Jobs.List(ctx, jobs.Filter{State: jobs.Failed, Asked: true, Limit: 1})
	if err != nil {
		return err
	}
	for _, run := range failed {
		add(Check{Name: "job", Note: true, Key: "ops.launch.job", Args: []any{"job", run.Name}, Page: "/jobs/" + run.ID, Need: staff.SeeJobs})
	}
	stale, err := l.Library.Stale(ctx)
	if err != nil {
		return err
	}
	if len(stale) > 0 {
		add(Check{Name: "stale", Note: true, Key: "ops.launch.stale", Args: []any{"n", len(stale)}, Page: "/policies?show=gaps", Need: staff.SeePolicy})
	}
	if l.Backups == nil {
		return nil
	}
	copies, err := l.Backups.List()
	if err != nil {
		return err
	}
	if len(copies) == 0 || l.Now().Sub(copies[0].Made) > 7*24*time.Hour {
		add(Check{Name: "backup", Note: true, Key: "ops.launch.backup", Page: "/backups", Need: staff.SeeJobs})
	}
	return nil
}
