package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"runtime/debug"
	"strings"
	"time"
)

// serve runs the portal for real until it is told to stop.
func serve(ctx context.Context, w world, args []string) error {
	fs := flag.NewFlagSet("serve", flag.ContinueOnError)
	words, err := parse(fs, w, args)
	if err != nil {
		return err
	}
	if len(words) > 0 {
		return wrongUse("serve takes its settings from PORTAL_*, not from the command line")
	}
	cfg, err := LoadConfig(w.getenv)
	if err != nil {
		return fmt.Errorf("the settings do not allow a start:\n%w", err)
	}
	p, err := openPortal(ctx, cfg, time.Now, logger(w, cfg))
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", cfg.Addr)
	if err != nil {
		return errors.Join(fmt.Errorf("listen on PORTAL_ADDR: %w", err), p.close())
	}
	return errors.Join(p.serve(ctx, l, func() {
		fmt.Fprintf(w.out, "ready %s\n", cfg.BaseURL)
	}), p.close())
}

// How much may lie about before it is collected, in percent of what is in use:
// half the usual, because a county's machine has less memory than time, and less
// still while the county is read in, so that memory stays in one piece.
const (
	garbage        = 50
	garbageReading = 30
)

// serve answers on l and carries messages until ctx ends. ready is called when
// the first request can be answered.
func (p *portal) serve(ctx context.Context, l net.Listener, ready func()) error {
	h, err := p.handler(ctx)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	// The courier outlives the last request by a moment, so that what was just
	// acknowledged may still leave.
	carry, stop := context.WithCancel(context.WithoutCancel(ctx))
	carried := make(chan error, 1)
	go func() { carried <- p.courier.Run(carry) }()
	worked := make(chan error, 1)
	go func() { worked <- p.jobs.Run(carry) }()
	if p.cfg.MetricsAddr != "" {
		m, err := p.metrics()
		if err != nil {
			stop()
			return errors.Join(err, l.Close(), <-carried, <-worked)
		}
		p.closing(m)
	}
	// Reading the county in leaves much behind; a small machine gets that back
	// before the first resident comes.
	debug.FreeOSMemory()
	debug.SetGCPercent(garbage)
	ready()
	err = serveUntil(ctx, newServer(h, p.log), l)
	stop()
	err = errors.Join(err, <-worked)
	if cerr := <-carried; cerr != nil && !errors.Is(cerr, context.Canceled) {
		err = errors.Join(err, cerr)
	}
	return err
}

// logger writes one JSON object a line.
func logger(w world, cfg Config) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(strings.ToUpper(cfg.LogLevel))); err != nil {
		level = slog.LevelInfo
	}
	return slog.New(slog.NewJSONHandler(w.errs, &slog.HandlerOptions{Level: level}))
}
