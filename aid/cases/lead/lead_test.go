package lead_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"mashang/aid/cases"
	"mashang/aid/cases/lead"
	"mashang/aid/place"
	"mashang/i18n"
	"mashang/platform/calendar"
	"mashang/platform/kv"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

const (
	county  = "990121000000"
	liuhe   = "990121100000"
	xinglin = "990121100201"
)

func newDesk(t testing.TB, db *store.DB) *lead.Desk {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 20, 10, 0, 0, 0, i18n.Shanghai) }
	keys, err := privacy.ParseKeys(privacy.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	shared := kv.NewMemory(now)
	g := &place.Gazetteer{DB: db, KV: shared, Now: now}
	err = g.Open(t.Context())
	if err == nil {
		t.Cleanup(g.Close)
		err = db.Tx(t.Context(), func(q store.Queryer) error {
			return g.PutDivisions(t.Context(), q, []place.Division{
				{Code: county, Name: i18n.Text{Hans: "云溪县"}, Level: place.County},
				{Code: liuhe, Name: i18n.Text{Hans: "柳河镇"}, Level: place.Town, Parent: county},
				{Code: xinglin, Name: i18n.Text{Hans: "杏林村"}, Level: place.Village, Parent: liuhe},
			})
		})
	}
	if err == nil {
		err = g.Reload(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	r, err := cases.New(t.Context(), cases.Parts{DB: db, Keys: keys, Secrets: &privacy.Secrets{DB: db, Keys: keys}, KV: shared, Calendar: calendar.Load(), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return &lead.Desk{DB: db, Keys: keys, Cases: r, Places: g, Now: now}
}

func told() lead.Lead {
	return lead.Lead{Place: xinglin, Who: "村东头独居的老人", Where: "三组 老槐树旁", Seen: []string{"alone", "gold", "alone"}, From: "neighbour", Name: "王邻居", Phone: "13855550077"}
}

func TestWhoToldLiesApart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, db)
		filed, err := d.Report(t.Context(), told())
		if err != nil || filed.PIN == "" {
			t.Fatalf("Report() = %+v, %v, want a receipt with a PIN", filed, err)
		}
		doc, err := d.Cases.Document(t.Context(), filed.Receipt, liuhe)
		if err != nil || strings.Contains(string(doc.Body), "王邻居") || strings.Contains(string(doc.Body), "13855550077") || !strings.Contains(string(doc.Body), `"seen":["alone"]`) {
			t.Errorf("the office fetches %s, %v, want what was seen and nobody who told", doc.Body, err)
		}
		who, err := d.Reporter(t.Context(), filed.Receipt, liuhe)
		if err != nil || who.Name != "王邻居" || who.Phone != "13855550077" || who.From != "neighbour" {
			t.Errorf("Reporter() = %+v, %v", who, err)
		}
		if _, err := d.Reporter(t.Context(), filed.Receipt, "990121200000"); !problem.Is(err, problem.Missing) {
			t.Errorf("another town gets %v, want Missing", err)
		}
		if err := d.Rotate(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := db.Tx(t.Context(), func(q store.Queryer) error { return lead.Forget(t.Context(), q, filed.ID) }); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Reporter(t.Context(), filed.Receipt, ""); !problem.Is(err, problem.Missing) {
			t.Errorf("after it was destroyed: %v, want Missing", err)
		}
	})
}

func TestWhoeverToldLearnsNothingOfTheOther(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	filed, err := d.Report(t.Context(), told())
	if err != nil {
		t.Fatal(err)
	}
	at := d.Now()
	for n, status := range []string{"assigned", "visiting", "opened"} {
		ev := cases.StatusEvent{Source: "office", Receipt: filed.Receipt, Status: status, At: at.Add(time.Duration(n+1) * time.Hour), Reason: "已替他申请低保"}
		if err := d.Cases.Apply(t.Context(), status, ev); err != nil {
			t.Fatal(err)
		}
	}
	v, err := d.Cases.ByToken(t.Context(), filed.Token)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(v)
	if err != nil || strings.Contains(string(b), "低保") || strings.Contains(string(b), "opened") || strings.Contains(string(b), "visiting") || v.Status != "closed" {
		t.Errorf("whoever told sees %s, %v, want only that somebody was sent and that it is over", b, err)
	}
	if doc, err := d.Cases.Document(t.Context(), filed.Receipt, liuhe); err != nil || doc.Status != "opened" {
		t.Errorf("the town sees %q, %v, want opened", doc.Status, err)
	}
}

func TestLeadSaysWhatIsMissing(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		change     func(*lead.Lead)
	}{
		{"whole", "", func(*lead.Lead) {}},
		{"nobody who told", "", func(l *lead.Lead) { l.Name, l.Phone, l.From = "", "", "" }},
		{"no who", "who", func(l *lead.Lead) { l.Who = " " }},
		{"no where", "where", func(l *lead.Lead) { l.Where = "" }},
		{"nothing seen", "seen", func(l *lead.Lead) { l.Seen = []string{"gold"} }},
		{"only words", "", func(l *lead.Lead) { l.Seen, l.Said = nil, "三天没出门" }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := told()
			tt.change(&l)
			var p *problem.Error
			err := l.Check()
			if errors.As(err, &p) != (tt.want != "") || tt.want != "" && p.Fields[tt.want] == "" {
				t.Errorf("Check() = %v, want the field %q", err, tt.want)
			}
		})
	}
}

func TestManyLeadsOfOneAddressAreTakenAndLookedAtTogether(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	lanes := map[string]int{}
	for range 20 {
		l := told()
		l.Phone, l.Address = "", "203.0.113.9"
		filed, err := d.Report(t.Context(), l)
		if err != nil {
			t.Fatal(err)
		}
		c, err := d.Cases.CallOf(t.Context(), filed.ID)
		if err != nil {
			t.Fatal(err)
		}
		lanes[c.Lane]++
	}
	if lanes[cases.LaneOwn] != 12 || lanes[cases.LaneVerify] != 8 {
		t.Errorf("lanes %v, want twelve of their own", lanes)
	}
}
