package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/api"
	"mashang/frontend"
	"mashang/i18n"
	"mashang/platform/kv"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/qr"
)

// Codes of the small county in which these tests happen.
const (
	county  = "990121000000"
	zone    = "990121990000"
	liuhe   = "990121100000" // the county manages it
	beiyuan = "990121400000" // the zone manages it
	shimen  = "990121102000" // its amounts are expressly not registered
	xinglin = "990121100001"
	nanwan  = "990121400001"
	shiqiao = "990121102001"
)

// noon is when the tests happen.
var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, i18n.Shanghai)

// portal is a running portal over a small county with the sample's policies.
type portal struct {
	*httptest.Server
	Codes   *qr.Signer
	Places  *place.Gazetteer
	Library *policy.Library
	Counter *place.Counter
	DB      *store.DB
	Log     *lockedBuffer
	codes   map[string]string // location name -> code
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func name(s string) i18n.Text { return i18n.Text{Hans: s} }

func newPortal(t testing.TB, change func(*api.Parts)) *portal {
	t.Helper()
	ctx := t.Context()
	now := func() time.Time { return noon }
	p := &portal{DB: storetest.SQLite(t), Log: &lockedBuffer{}, Codes: qr.NewSigner([]byte("a signing key for tests")), codes: map[string]string{}}
	log := slog.New(slog.NewJSONHandler(p.Log, nil))
	memory := kv.NewMemory(now)
	t.Cleanup(func() { memory.Close() })

	p.Places = &place.Gazetteer{DB: p.DB, KV: memory, Now: now, Log: log}
	must(t, p.Places.Open(ctx))
	t.Cleanup(p.Places.Close)
	p.Library = &policy.Library{DB: p.DB, KV: memory, Now: now, Log: log}
	must(t, p.Library.Open(ctx))
	t.Cleanup(p.Library.Close)
	must(t, p.DB.Tx(ctx, func(q store.Queryer) error { return p.fill(ctx, t, q) }))
	must(t, p.Places.Reload(ctx))
	must(t, p.Library.Reload(ctx))

	p.Counter = place.NewCounter(p.DB, now, log)
	t.Cleanup(func() { p.Counter.Close() })
	words, err := i18n.Load()
	must(t, err)
	face, err := frontend.New(words, frontend.Options{})
	must(t, err)
	parts := api.Parts{
		BaseURL: "https://ms.yunxi.example", Sample: true, Log: log, Now: now, DB: p.DB, KV: memory, Words: words, Face: face,
		Codes: p.Codes, Places: p.Places, Counter: p.Counter, Library: p.Library,
	}
	if change != nil {
		change(&parts)
	}
	s, err := api.New(parts)
	must(t, err)
	p.Server = httptest.NewServer(s.Handler())
	t.Cleanup(p.Close)
	return p
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (p *portal) fill(ctx context.Context, t testing.TB, q store.Queryer) error {
	divisions := []place.Division{
		{Code: county, Name: i18n.Text{Hans: "云溪县", Hant: "雲溪縣", En: "Yunxi County"}, Level: place.County},
		{Code: zone, Name: i18n.Text{Hans: "云溪经济开发区", Hant: "雲溪經濟開發區", En: "Yunxi Development Zone"}, Level: place.Zone, Parent: county},
		{Code: liuhe, Name: i18n.Text{Hans: "柳河镇", Hant: "柳河鎮", En: "Liuhe Town"}, Level: place.Town, Parent: county},
		{Code: beiyuan, Name: i18n.Text{Hans: "北原镇", Hant: "北原鎮", En: "Beiyuan Town"}, Level: place.Town, Parent: zone},
		{Code: shimen, Name: i18n.Text{Hans: "石门镇", Hant: "石門鎮", En: "Shimen Town"}, Level: place.Town, Parent: county},
		{Code: xinglin, Name: i18n.Text{Hans: "杏林村", Hant: "杏林村", En: "Xinglin Village"}, Level: place.Village, Parent: liuhe},
		{Code: nanwan, Name: i18n.Text{Hans: "南湾村", Hant: "南灣村", En: "Nanwan Village"}, Level: place.Village, Parent: beiyuan},
		{Code: shiqiao, Name: i18n.Text{Hans: "石桥村", Hant: "石橋村", En: "Shiqiao Village"}, Level: place.Village, Parent: shimen},
	}
	for i := 2; i <= 45; i++ {
		divisions = append(divisions, place.Division{Code: fmt.Sprintf("9901211%05d", i), Name: name(fmt.Sprintf("柳%d村", i)), Level: place.Village, Parent: liuhe})
	}
	office := func(id, at, kind, title, phone string) place.Office {
		return place.Office{
			ID: id, Division: at, Kind: kind, Phone: phone, Name: i18n.Text{Hans: title, En: "Office " + id},
			Address: i18n.Text{Hans: "柳河镇人民路 18 号，柳河车站往东 200 米", En: "18 Renmin Road, Liuhe Town"},
			Hours:   i18n.Text{Hans: "周一至周五，上午 8:30–12:00，下午 1:30–5:30", En: "Monday to Friday 8:30–12:00, 13:30–17:30"}, Departments: []string{"minzheng"},
		}
	}
	offices := []place.Office{
		office("o-county", county, "civil_affairs", "云溪县民政局", "0500-5550101"),
		office("o-liuhe", liuhe, "town_window", "柳河镇便民服务中心 3 号窗口", "0500-5550121"),
		office("o-beiyuan", beiyuan, "town_window", "北原镇便民服务中心", "0500-5550131"),
		office("o-shimen", shimen, "town_window", "石门镇便民服务中心", "0500-5550141"),
	}
	hang := func(at, title, number, state, movedTo string) place.Location {
		id := qr.NewID()
		p.codes[title] = p.Codes.Code(id)
		return place.Location{ID: id, Division: at, Name: i18n.Text{Hans: title}, Kind: "hall", Number: number, State: state, MovedTo: movedTo, Roster: at}
	}
	hall := hang(xinglin, "杏林村便民服务点", "0137", place.Active, "")
	locations := []place.Location{
		hall,
		hang(nanwan, "南湾村便民服务点", "1137", place.Active, ""),
		hang(shiqiao, "石桥村便民服务点", "2137", place.Active, ""),
		hang(xinglin, "杏林村旧祠堂", "0138", place.Moved, hall.ID),
		hang(xinglin, "杏林村公交站", "0139", place.Retired, ""),
		hang(xinglin, "杏林村小广场", "0140", place.Lost, ""),
	}
	if err := p.Places.PutDivisions(ctx, q, divisions); err != nil {
		return err
	}
	if err := p.Places.PutOffices(ctx, q, offices); err != nil {
		return err
	}
	if err := p.Places.PutLocations(ctx, q, locations); err != nil {
		return err
	}
	if err := p.Library.PutDepartments(ctx, q, content[[]policy.Department](t, "departments.json")); err != nil {
		return err
	}
	if err := p.Library.PutDocuments(ctx, q, each[policy.Document](t, "documents")); err != nil {
		return err
	}
	programmes := each[policy.Programme](t, "programmes")
	situations := content[[]policy.Situation](t, "situations.json")
	known := map[string]bool{}
	for _, g := range programmes {
		known[g.ID] = true
	}
	for i := range situations {
		var ids []string
		for _, id := range situations[i].Programmes {
			if known[id] {
				ids = append(ids, id)
			}
		}
		situations[i].Programmes = ids
	}
	if err := p.Library.PutSituations(ctx, q, situations); err != nil {
		return err
	}
	if err := p.Library.PutProgrammes(ctx, q, programmes); err != nil {
		return err
	}
	var rows []policy.Standard
	for _, s := range content[[]policy.Standard](t, "standards.json") {
		if known[s.Programme] {
			rows = append(rows, s)
		}
	}
	return p.Library.PutStandards(ctx, q, rows)
}

func content[T any](t testing.TB, file string) T {
	t.Helper()
	var v T
	b, err := os.ReadFile(filepath.Join("..", "sample", "content", file))
	must(t, err)
	must(t, json.Unmarshal(b, &v))
	return v
}

func each[T any](t testing.TB, folder string) []T {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "sample", "content", folder, "*.json"))
	must(t, err)
	var all []T
	for _, f := range files {
		all = append(all, content[T](t, filepath.Join(folder, filepath.Base(f))))
	}
	return all
}
