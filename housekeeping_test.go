package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"mashang/i18n"
	"mashang/platform/audit"
	"mashang/platform/jobs"
)

// job runs one job to its end, beside the schedules.
func (p *portal) job(t *testing.T, name string) jobs.Run {
	t.Helper()
	id, err := p.jobs.Start(t.Context(), name, "test", nil)
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		run, err := p.jobs.Find(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if run.State != jobs.Queued && run.State != jobs.Running {
			return run
		}
	}
	t.Fatalf("job %s does not end", name)
	return jobs.Run{}
}

// The record's head goes out, also when it no longer holds; doctor says so too.
func TestRecordIsChainedAndItsHeadGoesOut(t *testing.T) {
	s := newSite(t)
	cfg, err := LoadConfig(func(k string) string { return s.env[k] })
	if err != nil {
		t.Fatal(err)
	}
	p, err := openPortal(t.Context(), cfg, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.jobs.Run(ctx) }()
	defer func() { stop(); <-ended }()

	for range 3 {
		if err := p.audit.Write(t.Context(), p.db, audit.Entry{Actor: "wang", Action: "case-look"}); err != nil {
			t.Fatal(err)
		}
	}
	if run := p.job(t, "audit-chain"); run.State != jobs.Done {
		t.Fatalf("chaining ended as %+v", run)
	}
	if run := p.job(t, "audit-head"); run.State != jobs.Done || run.Message.Args["rows"] != "3" {
		t.Errorf("sending the head ended as %+v", run)
	}
	if _, err := p.db.ExecContext(t.Context(), `UPDATE audit SET actor = 'li' WHERE n = 2`); err != nil {
		t.Fatal(err)
	}
	if run := p.job(t, "audit-head"); run.State != jobs.Failed || run.Error.Key != "jobs.audit.broken" || run.Error.Args["n"] != "2" {
		t.Errorf("a broken record ends the job as %+v", run)
	}

	rows, err := p.db.QueryContext(t.Context(), `SELECT body, scope FROM webhook_messages WHERE topic = 'audit.head'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	_, head, err := p.audit.Head(t.Context(), p.db)
	if err != nil {
		t.Fatal(err)
	}
	sent := 0
	for rows.Next() {
		var body, scope string
		if err := rows.Scan(&body, &scope); err != nil {
			t.Fatal(err)
		}
		var e struct {
			Type string
			Data map[string]any
		}
		if err := json.Unmarshal([]byte(body), &e); err != nil {
			t.Fatal(err)
		}
		if e.Type != "audit.head" || e.Data["rows"] != 3.0 || e.Data["head"] != head || e.Data["at"] == nil || len(e.Data) != 3 || scope != "null" {
			t.Errorf("the message is %s to %s", body, scope)
		}
		sent++
	}
	if err := rows.Err(); err != nil || sent != 2 {
		t.Errorf("%d heads were sent, %v, want 2", sent, err)
	}

	all, err := p.launch().Checks(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for _, one := range all {
		said.WriteString(p.words.T(i18n.En, one.Key, one.Args...) + "\n")
	}
	for _, want := range []string{"from row 2 on", "job audit-head failed"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("doctor does not say %q but:\n%s", want, said.String())
		}
	}
}

// Every job has a name that the console can show.
func TestJobsHaveNames(t *testing.T) {
	s := newSite(t)
	cfg, err := LoadConfig(func(k string) string { return s.env[k] })
	if err != nil {
		t.Fatal(err)
	}
	p, err := openPortal(t.Context(), cfg, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	all, err := p.jobs.Schedules(t.Context())
	if err != nil || len(all) == 0 {
		t.Fatal(len(all), err)
	}
	for _, one := range all {
		if !p.words.Has("jobs.name." + one.Job.Name) {
			t.Errorf("jobs.name.%s is in no locale", one.Job.Name)
		}
	}
}
