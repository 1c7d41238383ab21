package better_test

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/aid/policy/edit"
	"mashang/faq"
	"mashang/faq/better"
	"mashang/faq/better/month"
	"mashang/faq/better/trial"
	"mashang/faq/better/words"
	"mashang/i18n"
	"mashang/platform/audit"
	"mashang/platform/kv"
	"mashang/platform/review"
	"mashang/platform/store"
)

const (
	county = "990121000000"
	town   = "990121100000"
	other  = "990121102000"
)

func hans(s string) i18n.Text { return i18n.Text{Hans: s} }

func day(s string) time.Time {
	d, err := place.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

// room is a small county with everything that makes its assistant better, and a clock that can be moved.
type room struct {
	*better.Book
	DB     *store.DB
	Desk   *review.Desk
	Words  *words.Book
	Tests  *trial.Book
	Months *month.Maker
	Asks   *faq.Assistant
	Places *place.Gazetteer
	KV     kv.Store
	clock  atomic.Pointer[time.Time] // background work reads it, too
}

func (r *room) at() time.Time { return *r.clock.Load() }

func (r *room) pass(d time.Duration) {
	at := r.at().Add(d)
	r.clock.Store(&at)
}

func (r *room) move(years, months, days int) { r.pass(r.at().AddDate(years, months, days).Sub(r.at())) }

func newRoom(t testing.TB, db *store.DB) *room {
	t.Helper()
	ctx := t.Context()
	r := &room{DB: db}
	began := day("2026-11-21").Add(12 * time.Hour)
	r.clock.Store(&began)
	clock := r.at
	r.KV = kv.NewMemory(clock)
	r.Places = &place.Gazetteer{DB: db, KV: r.KV, Now: clock}
	must(t, r.Places.Open(ctx))
	t.Cleanup(r.Places.Close)
	l, err := policy.NewLibrary(ctx, db, r.KV, clock)
	must(t, err)
	t.Cleanup(l.Close)
	r.do(t, func(q store.Queryer) error {
		if err := r.Places.PutDivisions(ctx, q, []place.Division{{Code: county, Name: hans("县"), Level: place.County}, {Code: town, Name: hans("柳河镇"), Level: place.Town, Parent: county}, {Code: other, Name: hans("石门镇"), Level: place.Town, Parent: county}}); err != nil {
			return err
		}
		if err := l.PutDocuments(ctx, q, []policy.Document{{ID: "law", Title: "社会救助办法", State: policy.InForce, From: day("2020-01-01"), Articles: []policy.Article{{No: "1", Label: "第一条", Text: "最低生活保障金按月发放，于每月十日前打到申请人的账户。"}}}}); err != nil {
			return err
		}
		if err := l.PutDepartments(ctx, q, []policy.Department{{ID: "minzheng", Name: hans("民政局")}}); err != nil {
			return err
		}
		if err := l.PutProgrammes(ctx, q, []policy.Programme{{ID: "dibao", Order: 1, Name: hans("最低生活保障"), Alias: hans("低保"), Department: "minzheng", Full: true, Apply: "office",
			Sections: []policy.Section{{Key: "who", Title: hans("谁能办"), Text: hans("家里每人每月收入低于标准的，可以申请。"), Cites: []policy.Cite{{Document: "law", Article: "1"}}}}}}); err != nil {
			return err
		}
		return l.PutEntries(ctx, q, []policy.Entry{
			{ID: "e-day", Programme: "dibao", Aspect: "how_long", Questions: []i18n.Text{hans("低保金每月几号发")}, Answer: hans("低保金每月十日前打到卡上。"), Cites: []policy.Cite{{Document: "law", Article: "1"}}},
			{ID: "e-stop", Programme: "dibao", Questions: []i18n.Text{hans("低保停了怎么恢复")}, Answer: hans("到镇里重新申请，带上停发通知。"), Cites: []policy.Cite{{Document: "law", Article: "1"}}},
		})
	})
	must(t, l.Reload(ctx))
	must(t, r.Places.Reload(ctx))
	record := &audit.Log{DB: db, Now: clock}
	r.Desk = &review.Desk{DB: db, Audit: record, Now: clock}
	for _, k := range edit.ReviewKinds(l) {
		r.Desk.Register(k)
	}
	catalog, err := i18n.Load()
	must(t, err)
	r.Book = &better.Book{DB: db, Library: l, Review: r.Desk, Now: clock, Drafts: &edit.Desk{DB: db, Library: l, Review: r.Desk, Audit: record, Now: clock}}
	r.Words = &words.Book{DB: db, KV: r.KV, Now: clock, Library: l, Words: catalog}
	must(t, r.Words.Open(ctx))
	t.Cleanup(r.Words.Close)
	r.Desk.Register(r.Words.ReviewKind())
	r.Tests = &trial.Book{DB: db, Library: l, Places: r.Places, Now: clock}
	r.Months = &month.Maker{DB: db, Places: r.Places, Groups: r.Book, Tests: r.Tests, Now: clock}
	r.Asks, err = faq.NewAssistant(ctx, faq.Parts{Library: l, Places: r.Places, KV: r.KV, DB: db, Catalog: catalog, Log: slog.New(slog.DiscardHandler), Now: clock, Sayings: r.Words.Sayings})
	must(t, err)
	t.Cleanup(func() { r.Asks.Close() })
	return r
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (r *room) do(t testing.TB, deed func(q store.Queryer) error) {
	t.Helper()
	must(t, r.DB.Tx(t.Context(), deed))
}

// asked keeps questions as the assistant keeps them.
func (r *room) asked(t testing.TB, division string, questions ...string) {
	t.Helper()
	r.do(t, func(q store.Queryer) error {
		for i, text := range questions {
			at := r.at().Add(time.Duration(i) * time.Millisecond)
			if _, err := q.ExecContext(t.Context(), `INSERT INTO faq_questions (id, text, outcome, programme, division, lang, at, channel, shown, verdict) VALUES ($1, $2, 'refuse', '', $3, 'zh-Hans', $4, 'resident', '', '')`,
				rand.Text(), text, division, store.At(at)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *room) groups(t testing.TB, f better.Filter) []better.Group {
	t.Helper()
	all, err := r.Groups(t.Context(), f)
	must(t, err)
	return all
}

// tx runs one deed and gives its error.
func (r *room) tx(t testing.TB, deed func(ctx context.Context, q store.Queryer) error) error {
	t.Helper()
	return r.DB.Tx(t.Context(), func(q store.Queryer) error { return deed(t.Context(), q) })
}
