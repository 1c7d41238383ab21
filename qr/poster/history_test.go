package poster_test

import (
	"slices"
	"testing"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/qr/poster"
)

func TestHistory(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, h := t.Context(), &poster.History{DB: db}
		at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		keep := func(id string, days int, c poster.Choice, places ...poster.Place) {
			t.Helper()
			r := poster.Run{
				ID: id, At: at.AddDate(0, 0, days), By: "admin", Choice: c, Chosen: []byte(`{"division":"990121100000"}`), Places: len(places), Key: 2,
				Host: "ms.yunxi.example", Hotline: "12345", File: "file-" + id, Bytes: 7,
			}
			if err := h.Begin(ctx, db, r); err != nil {
				t.Fatal(err)
			}
			if err := h.Finish(ctx, db, r, places); err != nil {
				t.Fatal(err)
			}
			if err := h.Finish(ctx, db, r, places); !problem.Is(err, problem.Conflict) {
				t.Errorf("finishing twice = %v, want a conflict", err)
			}
		}
		a4 := poster.Choice{Size: poster.A4, Layout: poster.Standard}
		var many []poster.Place
		for n := range 250 {
			many = append(many, place(n, "杏林村"))
		}
		keep("one", 0, a4, many...)
		renamed := place(7, "杏林新村")
		keep("two", 1, a4, renamed)
		keep("three", 2, poster.Choice{Size: poster.Cards, Layout: poster.Large, Bleed: true}, place(8, "杏林村"))

		hanging, err := h.Hanging(ctx)
		if err != nil || len(hanging) != 250 {
			t.Fatalf("Hanging = %d, %v, want 250", len(hanging), err)
		}
		if got := hanging[renamed.ID]; got.Run != "two" || got.Name != "杏林新村" || got.Key != 2 || !got.At.Equal(at.AddDate(0, 0, 1)) {
			t.Errorf("poster 7 is %+v, want that of the second run", got)
		}
		if got := hanging[place(8, "").ID]; got.Run != "one" {
			t.Errorf("poster 8 is of run %q; a card hangs nowhere", got.Run)
		}
		o, now := office(), place(7, "杏林村")
		now.Phone = "0500-5550199"
		o.Hotline = "12349"
		if got := hanging[now.ID].Changed(now, o); !slices.Equal(got, []string{"name", "office", "hotline"}) {
			t.Errorf("Changed = %q", got)
		}
		if got := hanging[place(9, "").ID].Changed(place(9, "杏林村"), office()); got != nil {
			t.Errorf("control: Changed = %q, want nothing", got)
		}

		if err := h.SetVoid(ctx, db, "two", true); err != nil {
			t.Fatal(err)
		}
		if err := h.SetVoid(ctx, db, "two", true); !problem.Is(err, problem.Conflict) {
			t.Errorf("voiding twice = %v, want a conflict", err)
		}
		if hanging, err = h.Hanging(ctx); err != nil || hanging[renamed.ID].Run != "one" {
			t.Errorf("after the second was voided poster 7 is of run %q, %v", hanging[renamed.ID].Run, err)
		}
		runs, err := h.Of(ctx, renamed.ID)
		if err != nil || len(runs) != 2 || runs[0].ID != "two" || runs[0].State != poster.Void || runs[0].Choice != a4 {
			t.Errorf("Of = %+v, %v", runs, err)
		}
		all, err := h.Runs(ctx, 0, 2)
		if err != nil || len(all) != 2 || all[0].ID != "three" || !all[0].Choice.Bleed {
			t.Errorf("Runs = %+v, %v", all, err)
		}
		if sheets, err := h.Sheets(ctx, "one"); err != nil || len(sheets) != 250 || sheets[7].Number != "0007" || sheets[7].Line != "云溪县柳河镇・民政办 0500-5550121" {
			t.Errorf("Sheets = %d, %v", len(sheets), err)
		}
		old, err := h.Old(ctx, at.AddDate(0, 0, 1))
		if err != nil || len(old) != 1 || old[0].ID != "one" {
			t.Errorf("Old = %+v, %v", old, err)
		}
		if err := h.DropFile(ctx, db, "one"); err != nil {
			t.Fatal(err)
		}
		if one, err := h.Find(ctx, "one"); err != nil || one.File != "" || one.Places != 250 {
			t.Errorf("Find = %+v, %v", one, err)
		}
		if _, err := h.Find(ctx, "none"); !problem.Is(err, problem.Missing) {
			t.Errorf("Find of nothing = %v, want Missing", err)
		}
	})
}
