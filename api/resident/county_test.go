package resident_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/aid/apply"
	"mashang/aid/cases"
	"mashang/aid/feedback"
	"mashang/aid/place"
	"mashang/aid/place/scan"
	"mashang/aid/policy"
	"mashang/aid/roster"
	"mashang/api"
	"mashang/api/apitest"
	"mashang/faq"
	"mashang/frontend"
	"mashang/i18n"
	"mashang/platform/calendar"
	"mashang/platform/files"
	"mashang/platform/kv"
	"mashang/platform/privacy"
	"mashang/platform/sheet"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/qr"
)

// The small county in which these tests happen.
const (
	county  = "990121000000"
	zone    = "990121990000"
	liuhe   = "990121100000"
	beiyuan = "990121400000"
	xinglin = "990121100001"
	taolin  = "990121100002"
	nanwan  = "990121400001"
)

// portal is a whole portal over a small county with the sample's policies.
type portal struct {
	*httptest.Server
	t      testing.TB
	DB     *store.DB
	Cases  *cases.Registry
	Board  *roster.Board
	Places *place.Gazetteer
	Log    *apitest.Log
	hall   string // code of a spot in 杏林村
	bus    string // code of a spot that opens no roster
	far    string // code of a spot in 南湾村

	mu  sync.Mutex
	now time.Time
}

func (p *portal) clock() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now
}

// wait moves the clock on.
func (p *portal) wait(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = p.now.Add(d)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newPortal(t testing.TB) *portal {
	t.Helper()
	ctx := t.Context()
	p := &portal{t: t, DB: storetest.SQLite(t), Log: &apitest.Log{}, now: time.Date(2026, 11, 18, 10, 24, 0, 0, i18n.Shanghai)}
	log := slog.New(slog.NewJSONHandler(p.Log, nil))
	memory := kv.NewMemory(p.clock)
	t.Cleanup(func() { memory.Close() })
	keys, err := privacy.ParseKeys(privacy.NewKey())
	must(t, err)
	secrets := &privacy.Secrets{DB: p.DB, Keys: keys}
	words, err := i18n.Load()
	must(t, err)
	face, err := frontend.New(words, frontend.Options{})
	must(t, err)
	signer := qr.NewSigner([]byte("a signing key for tests"))

	p.Places = &place.Gazetteer{DB: p.DB, KV: memory, Now: p.clock, Log: log}
	must(t, p.Places.Open(ctx))
	t.Cleanup(p.Places.Close)
	library := &policy.Library{DB: p.DB, KV: memory, Now: p.clock, Log: log}
	must(t, library.Open(ctx))
	t.Cleanup(library.Close)
	must(t, p.DB.Tx(ctx, func(q store.Queryer) error { return p.fill(ctx, q, library, signer) }))
	must(t, p.Places.Reload(ctx))
	must(t, library.Reload(ctx))

	p.Cases, err = cases.New(ctx, cases.Parts{
		DB: p.DB, Keys: keys, Secrets: secrets, KV: memory, Calendar: calendar.Load(), Now: p.clock, BaseURL: "http://ms.yunxi.example", Log: log,
		Law: func(string) cases.Clocks {
			return cases.Clocks{"decide": {Days: 30, Unit: "workday"}, "visit": {Days: 3, Unit: "workday"}, "publicity": {Days: 7, Unit: "day"}}
		},
	})
	must(t, err)
	desk := &apply.Desk{
		DB: p.DB, Keys: keys, Secrets: secrets, Vault: &files.Vault{DB: p.DB, Keys: keys, Now: p.clock},
		Cases: p.Cases, Places: p.Places, KV: memory, Now: p.clock, Words: words,
	}
	p.Board = &roster.Board{DB: p.DB, Secrets: secrets, Places: p.Places, Now: p.clock}
	assistant, err := faq.NewAssistant(ctx, faq.Parts{Library: library, Places: p.Places, KV: memory, DB: p.DB, Catalog: words, Log: log, Now: p.clock})
	must(t, err)
	t.Cleanup(func() { assistant.Close() })
	counter := scan.NewCounter(p.DB, p.clock, log)
	t.Cleanup(func() { counter.Close() })

	s, err := api.New(api.Parts{
		BaseURL: "http://ms.yunxi.example", Sample: true, Log: log, Now: p.clock, DB: p.DB, KV: memory, Words: words, Face: face, Codes: signer,
		Places: p.Places, Counter: counter, Library: library, Cases: p.Cases, Desk: desk, Board: p.Board, Assistant: assistant,
		Feedback: &feedback.Box{DB: p.DB, Cases: p.Cases, Places: p.Places, Key: []byte("a key for tickets in tests"), Now: p.clock},
	})
	must(t, err)
	p.Server = httptest.NewServer(s.Handler())
	t.Cleanup(p.Close)
	return p
}

func (p *portal) fill(ctx context.Context, q store.Queryer, library *policy.Library, signer *qr.Signer) error {
	said := func(hans, en string) i18n.Text { return i18n.Text{Hans: hans, En: en} }
	divisions := []place.Division{
		{Code: county, Name: said("云溪县", "Yunxi County"), Level: place.County},
		{Code: zone, Name: said("云溪经济开发区", "Yunxi Development Zone"), Level: place.Zone, Parent: county},
		{Code: liuhe, Name: said("柳河镇", "Liuhe Town"), Level: place.Town, Parent: county},
		{Code: beiyuan, Name: said("北原镇", "Beiyuan Town"), Level: place.Town, Parent: zone},
		{Code: xinglin, Name: said("杏林村", "Xinglin Village"), Level: place.Village, Parent: liuhe},
		{Code: taolin, Name: said("桃林村", "Taolin Village"), Level: place.Village, Parent: liuhe},
		{Code: nanwan, Name: said("南湾村", "Nanwan Village"), Level: place.Village, Parent: beiyuan},
	}
	for i := 3; i <= 45; i++ {
		divisions = append(divisions, place.Division{Code: fmt.Sprintf("9901211%05d", i), Name: said(fmt.Sprintf("柳%d村", i), fmt.Sprintf("Liu %d Village", i)), Level: place.Village, Parent: liuhe})
	}
	office := func(id, at, kind, title, phone, duty string) place.Office {
		return place.Office{
			ID: id, Division: at, Kind: kind, Phone: phone, Duty: duty, Name: said(title, "Office "+id), Address: said("人民路 18 号", "18 Renmin Road"),
			Hours: said("周一至周五 8:30–17:30", "Monday to Friday 8:30–17:30"), Departments: []string{"minzheng"},
		}
	}
	offices := []place.Office{
		office("o-county", county, "civil_affairs", "云溪县民政局", "0500-5550101", "0500-5550109"),
		office("o-liuhe", liuhe, "civil_affairs", "柳河镇民政办", "0500-5550121", "0500-5550129"),
		office("o-beiyuan", beiyuan, "civil_affairs", "北原镇民政办", "0500-5550131", ""),
	}
	hang := func(code *string, at, title, number, rosterOf string) place.Location {
		id := qr.NewID()
		*code = signer.Code(id)
		return place.Location{ID: id, Division: at, Name: said(title, title), Kind: "hall", Number: number, State: place.Active, Roster: rosterOf}
	}
	locations := []place.Location{
		hang(&p.hall, xinglin, "杏林村便民服务点", "0137", xinglin),
		hang(&p.bus, xinglin, "杏林村公交站", "0138", ""),
		hang(&p.far, nanwan, "南湾村便民服务点", "1137", nanwan),
	}
	for _, put := range []func() error{
		func() error { return p.Places.PutDivisions(ctx, q, divisions) },
		func() error { return p.Places.PutOffices(ctx, q, offices) },
		func() error { return p.Places.PutLocations(ctx, q, locations) },
		func() error {
			return library.PutDepartments(ctx, q, content[[]policy.Department](p.t, "departments.json"))
		},
		func() error { return library.PutDocuments(ctx, q, each[policy.Document](p.t, "documents")) },
		func() error {
			return library.PutSituations(ctx, q, content[[]policy.Situation](p.t, "situations.json"))
		},
		func() error { return library.PutProgrammes(ctx, q, each[policy.Programme](p.t, "programmes")) },
	} {
		if err := put(); err != nil {
			return err
		}
	}
	return nil
}

func content[T any](t testing.TB, file string) T {
	t.Helper()
	var v T
	b, err := os.ReadFile(filepath.Join("..", "..", "sample", "content", file))
	must(t, err)
	must(t, json.Unmarshal(b, &v))
	return v
}

func each[T any](t testing.TB, folder string) []T {
	t.Helper()
	found, err := filepath.Glob(filepath.Join("..", "..", "sample", "content", folder, "*.json"))
	must(t, err)
	var all []T
	for _, f := range found {
		all = append(all, content[T](t, filepath.Join(folder, filepath.Base(f))))
	}
	return all
}

// publish puts a list on the board; document "" leaves it off the web.
func (p *portal) publish(village, programme string, kind roster.Kind, document string, lines ...string) {
	p.t.Helper()
	csv := "姓名,家庭人口,保障人数,月保障金额,批准时间\n" + strings.Join(lines, "\n") + "\n"
	header, rows, err := sheet.Read("list.csv", strings.NewReader(csv), sheet.Limits{})
	must(p.t, err)
	report, err := p.Board.Import(p.t.Context(), roster.Meta{
		Programme: programme, Village: village, Kind: kind, Document: document, Phone: "0500-5550199", By: "test", Approver: "test",
	}, header, rows)
	must(p.t, err)
	if len(report.Problems) > 0 {
		p.t.Fatalf("import: %+v", report.Problems)
	}
}

// scan is a phone that has just scanned a code.
func (p *portal) scan(code string) *browser {
	p.t.Helper()
	b := newBrowser(p.t, p.URL)
	b.get("/s/" + code).want(200)
	return b
}
