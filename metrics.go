package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"mashang/platform/jobs"
)

// measured is what ask says, or -1 when it does not say so within two seconds.
func measured(ask func(context.Context) (float64, error)) func() float64 {
	return func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		n, err := ask(ctx)
		if err != nil {
			return -1
		}
		return n
	}
}

// metrics serves /metrics on its own address, away from residents, and returns
// what closes it.
func (p *portal) metrics() (func() error, error) {
	r := prometheus.NewRegistry()
	r.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "mashang_outbox_waiting",
			Help: "Deliveries that have not reached their endpoint yet.",
		}, measured(func(ctx context.Context) (float64, error) {
			b, err := p.book.Backlog(ctx, p.now())
			return float64(b.Waiting + b.Retrying + b.Unrouted), err
		})),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "mashang_jobs_leads",
			Help: "1 when this instance does the jobs; the sum over all instances is 1.",
		}, func() float64 {
			if p.jobs.Leads() {
				return 1
			}
			return 0
		}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "mashang_jobs_failing",
			Help: "Jobs by the clock whose last run failed.",
		}, measured(func(ctx context.Context) (float64, error) {
			all, err := p.jobs.Schedules(ctx)
			n := 0
			for _, s := range all {
				if s.State == jobs.Failed {
					n++
				}
			}
			return float64(n), err
		})),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "mashang_audit_waiting",
			Help: "Notes of deeds that are not chained yet.",
		}, measured(func(ctx context.Context) (float64, error) {
			n, err := p.audit.Waiting(ctx)
			return float64(n), err
		})),
	)
	l, err := net.Listen("tcp", p.cfg.MetricsAddr)
	if err != nil {
		return nil, fmt.Errorf("listen on PORTAL_METRICS_ADDR: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(r, promhttp.HandlerOpts{}))
	s := newServer(mux, p.log)
	go func() {
		if err := s.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
			p.log.Error("metrics stopped", "err", err)
		}
	}()
	return s.Close, nil
}
