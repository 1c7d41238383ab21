package webhook_test

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/platform/webhook"
)

func TestEndpointsAreToldApartAndAskForWhatIsSent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBook(t, db, time.Now)
		b.Topics = []string{"application.submitted", "emergency.reported"}
		e, _ := add(t, b, webhook.Endpoint{Name: "县民政局", URL: "https://a.example", Topics: []string{"application.*", "emergency.reported"}})
		other, _ := add(t, b, webhook.Endpoint{Name: "镇里", URL: "https://b.example"})
		for _, tt := range []struct {
			name, field string
			e           webhook.Endpoint
		}{
			{"a name that is taken", "name", webhook.Endpoint{Name: " 县民政局 ", URL: "https://c.example"}},
			{"a topic nobody sends", "topics", webhook.Endpoint{Name: "c", URL: "https://c.example", Topics: []string{"aplication.submitted"}}},
			{"a group nobody sends", "topics", webhook.Endpoint{Name: "c", URL: "https://c.example", Topics: []string{"nothing.*"}}},
		} {
			t.Run(tt.name, func(t *testing.T) {
				_, _, err := b.Add(t.Context(), tt.e, webhook.Credentials{})
				var told *problem.Error
				if !errors.As(err, &told) || told.Fields[tt.field] == "" {
					t.Errorf("Add() = %v, want the field %s named", err, tt.field)
				}
				tt.e.ID = other.ID
				if err := b.Change(t.Context(), tt.e); !problem.Is(err, problem.Invalid) {
					t.Errorf("Change() = %v", err)
				}
			})
		}
		e.URL = "https://new.example"
		if err := b.Change(t.Context(), e); err != nil {
			t.Errorf("its own name is taken: %v", err)
		}
	})
}

func TestTestMessageTellsTheAnswerAndLeavesTheOutboxAlone(t *testing.T) {
	db := storetest.SQLite(t)
	b := newBook(t, db, time.Now)
	status := http.StatusOK
	var seen http.Header
	to := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header
		w.WriteHeader(status)
		io.WriteString(w, "well")
	}))
	t.Cleanup(to.Close)
	e, _ := add(t, b, webhook.Endpoint{URL: to.URL})
	c := webhook.NewCourier(b, nil, slog.New(slog.DiscardHandler))
	if a, err := c.Test(t.Context(), e.ID); err != nil || a.Class != "blocked" {
		t.Errorf("a test of an address inside = %+v, %v", a, err)
	}
	c.Client = to.Client()
	if a, err := c.Test(t.Context(), e.ID); err != nil || a.Class != "ok" || a.Status != 200 || a.Answer != "well" || seen.Get("webhook-signature") == "" {
		t.Errorf("a test = %+v, %v", a, err)
	}
	status = http.StatusGone
	if a, err := c.Test(t.Context(), e.ID); err != nil || a.Status != 410 {
		t.Errorf("a test = %+v, %v", a, err)
	}
	if e, err := b.Find(t.Context(), e.ID); err != nil || e.Disabled {
		t.Errorf("a test disabled the endpoint: %+v, %v", e, err)
	}
	if n, err := b.Count(t.Context(), webhook.DeliveryFilter{}); err != nil || n != 0 {
		t.Errorf("%d deliveries after tests, %v", n, err)
	}
	if err := b.Revoke(t.Context(), e.ID, webhook.Signing); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Test(t.Context(), e.ID); !problem.Is(err, problem.Precondition) {
		t.Errorf("a test without a secret = %v", err)
	}
	if _, err := c.Test(t.Context(), "nobody"); !problem.Is(err, problem.Missing) {
		t.Errorf("a test of nobody = %v", err)
	}
}

func TestRevokedBearerOpensNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBook(t, db, time.Now)
		e, c := add(t, b, webhook.Endpoint{URL: "https://a.example"})
		if _, err := b.Bearer(t.Context(), c.Bearer); err != nil {
			t.Fatal(err)
		}
		if err := b.Revoke(t.Context(), e.ID, webhook.Bearer); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Bearer(t.Context(), c.Bearer); !problem.Is(err, problem.Unauthenticated) {
			t.Errorf("a revoked key = %v", err)
		}
		if n, err := b.Replayable(t.Context(), e.ID, time.Unix(0, 0), time.Now()); err != nil || n != 0 {
			t.Errorf("Replayable() = %d, %v", n, err)
		}
	})
}
