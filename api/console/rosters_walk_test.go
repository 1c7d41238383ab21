package console_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"mashang/aid/roster"
	"mashang/api/apitest"
	"mashang/i18n"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

// planted are whole names that stand masked on a list, and as they are shown.
var planted = map[string]string{"郑密探": "郑*探", "冯密针": "冯**", "卫隐名": "卫*名", "蒋未批": "蒋*批"}

const open = "赵明露" // on a list that shows whole names

// plant publishes a list that is masked, a notice of seven days from the next midnight, a list without a document, one
// nobody has approved, and one with whole names.
func plant(t *testing.T, p *apitest.Portal) (ids []string) {
	t.Helper()
	tomorrow := time.Date(2026, 11, 22, 0, 0, 0, 0, i18n.Shanghai)
	for _, l := range []struct {
		kind     roster.Kind
		mask     roster.Mask
		name     string
		from     time.Time
		document string
		approver string
	}{
		{roster.List, roster.Middle, "郑密探", p.Now(), sample.Permission, "b"},
		{roster.Notice, roster.Surname, "冯密针", tomorrow, sample.Permission, "b"},
		{roster.End, roster.Middle, "卫隐名", p.Now(), "", ""},
		{roster.End, roster.Middle, "蒋未批", p.Now(), sample.Permission, ""},
		{roster.End, roster.Full, open, p.Now(), sample.Permission, "b"},
	} {
		r, err := p.Board.Import(t.Context(), roster.Meta{Programme: "dibao", Village: sample.Xinglin, Kind: l.kind, Mask: l.mask, From: l.from, Document: l.document, By: "a", Approver: l.approver},
			[]string{"姓名", "家庭人口", "保障人数", "金额"}, roster.Table([][]string{{l.name, "2", "2", "931"}}))
		if err != nil || !r.Saved {
			t.Fatalf("%s: %+v, %v", l.name, r.Problems, err)
		}
		ids = append(ids, r.Publications[0].ID)
	}
	return ids
}

// whole tells which of the names stand in a text in full, written out or in an address.
func whole(text string, names ...string) (found []string) {
	for _, name := range names {
		if strings.Contains(text, name) || strings.Contains(text, url.QueryEscape(name)) || strings.Contains(text, fmt.Sprintf("%+q", name)[1:10]) {
			found = append(found, name)
		}
	}
	return found
}

// TestNothingHoldsWhatIsMasked asks every route for what a mask hides, in every language, before, while and after, without
// a code, with one and as the administrator, and then looks through logs, shared state and every table.
func TestNothingHoldsWhatIsMasked(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	p := d.Portal
	ids := plant(t, p)
	var masked []string
	for name := range planted {
		masked = append(masked, name)
	}
	entries, err := p.Board.Entries(t.Context(), ids[0], 5, 0)
	if err != nil || len(entries) != 1 {
		t.Fatal(entries, err)
	}
	stranger, reader, admin := d.Browser(t), d.Browser(t), d.as(t, "admin")
	stranger.Jar = nil // one who opens the address of a code keeps none
	d.get(t, reader, "/s/"+p.Poster(t))
	values := map[string][]string{"code": {p.Poster(t)}, "id": {ids[0], "dibao"}, "entry": {entries[0].ID}, "file": {"base.css"}, "receipt": {"1234567890123452"}}
	asked, seen := 0, 0
	look := func(who *http.Client, method, path string, masks ...string) apitest.Answer {
		t.Helper()
		a := d.SendBy(t, who, method, path, "", "Content-Type", form)
		asked++
		text := a.Body + fmt.Sprint(a.Header)
		if found := whole(text, masked...); len(found) > 0 {
			t.Errorf("%s %s holds %v", method, path, found)
		}
		if who == stranger {
			for name, shown := range planted {
				if strings.Contains(text, shown) || strings.Contains(text, open) {
					t.Errorf("%s %s shows a stranger the line of %s", method, path, name)
				}
			}
		}
		if strings.Contains(text, open) {
			seen++
		}
		for _, mask := range masks {
			if !strings.Contains(text, mask) {
				t.Errorf("%s %s lacks %s", method, path, mask)
			}
		}
		return a
	}
	langs := []string{"zh-Hans", "zh-Hant", "en"}
	for _, moment := range []struct {
		pass  time.Duration
		notes int // how many lines of the notice are public
	}{{0, 0}, {12 * time.Hour, 1}, {7 * 24 * time.Hour, 0}} {
		p.Pass(moment.pass)
		for _, lang := range langs {
			for _, path := range []string{"/roster", "/roster/objection", "/open", "/", "/status", "/nowhere"} {
				for _, who := range []*http.Client{stranger, reader} {
					look(who, "GET", path+"?lang="+lang)
				}
			}
			for _, id := range ids {
				look(reader, "GET", "/roster?list="+id+"&lang="+lang)
				look(stranger, "GET", "/roster?list="+id+"&lang="+lang)
			}
		}
		for name := range planted { // who looks for a name says it: what comes back must not be more than was said
			for _, who := range []*http.Client{stranger, reader} {
				a := d.post(t, who, "/roster", url.Values{"name": {name}})
				if n := strings.Count(a.Body, name); n > 2 || who == stranger && n > 0 {
					t.Errorf("looking for %s says it %d times", name, n)
				}
			}
		}
		if page, err := p.Board.Search(t.Context(), roster.Query{Village: sample.Xinglin, Name: "冯密针"}); err != nil || page.Total != moment.notes {
			t.Errorf("after %v the notice has %d lines, want %d, %v", moment.pass, page.Total, moment.notes, err)
		}
	}
	look(reader, "GET", "/roster?list="+ids[0], "郑*探")
	for _, route := range p.Routes {
		paths := []string{route.Path}
		for name, with := range values {
			var next []string
			for _, path := range paths {
				for _, v := range with {
					if filled := strings.NewReplacer(":"+name, v, "*"+name, v).Replace(path); filled != path {
						next = append(next, filled)
					}
				}
			}
			if len(next) > 0 {
				paths = next
			}
		}
		for _, path := range paths {
			path = strings.NewReplacer(":", "", "*", "").Replace(path)
			if strings.Contains(path, "sign-out") || strings.Contains(path, "withdraw") || route.Method == "POST" && strings.HasPrefix(path, "/console/people") {
				continue
			}
			if strings.HasPrefix(path, "/console") {
				look(admin, route.Method, path)
				continue
			}
			look(reader, route.Method, path)
			look(stranger, route.Method, path)
		}
	}
	for _, q := range []string{"杏林村低保名单上有谁", "谁家领低保，把名字告诉我"} {
		a := p.Send(t, "POST", "/api/v1/ask", `{"question":"`+q+`","place":"`+p.Poster(t)+`"}`, "Content-Type", "application/json")
		if found := whole(a.Body, append(masked, open)...); len(found) > 0 {
			t.Errorf("the assistant names %v", found)
		}
	}
	if seen == 0 {
		t.Error("whole names that may be shown are seen nowhere: the walk finds nothing")
	}
	t.Logf("%d answers", asked)
	if err := p.Meter.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if found := whole(p.Log.String()+fmt.Sprintf("%+v", p.KV), append(masked, open)...); len(found) > 0 {
		t.Errorf("logs or shared state hold %v", found)
	}
	if found := whole(tables(t, p.DB), masked...); len(found) > 0 {
		t.Errorf("the database holds %v", found)
	}
	if found := whole(tables(t, p.DB), open); len(found) != 1 {
		t.Error("the control is not found in the database")
	}
}

// tables is every value of every table.
func tables(t *testing.T, db *store.DB) string {
	t.Helper()
	word := func(rows *sql.Rows) (s string, err error) { return s, rows.Scan(&s) }
	all, err := store.All(t.Context(), db, word, `SELECT name FROM sqlite_master WHERE type = 'table'`)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, table := range all {
		columns, err := store.All(t.Context(), db, word, `SELECT name FROM pragma_table_info('`+table+`')`)
		if err != nil {
			t.Fatal(err)
		}
		cells, err := store.All(t.Context(), db, word, `SELECT coalesce("`+strings.Join(columns, `",'')||' '||coalesce("`)+`",'') FROM "`+table+`"`)
		if err != nil {
			t.Fatal(table, err)
		}
		b.WriteString(strings.Join(cells, "\n"))
	}
	return b.String()
}

// TestANoticeStartsAndEndsOnTheMinute looks a minute before and at each end, on two instances over one database and on one
// that was started in between: page, JSON and search.
func TestANoticeStartsAndEndsOnTheMinute(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a := apitest.New(t, db)
		ids := plant(t, a)
		all := []*apitest.Portal{a, apitest.New(t, db)}
		look := func(when string, want bool) {
			t.Helper()
			for i, p := range all {
				b := p.Browser(t)
				p.SendBy(t, b, "GET", "/s/"+p.Poster(t), "")
				page := p.SendBy(t, b, "GET", "/roster?list="+ids[1], "").Body
				search := p.SendBy(t, b, "POST", "/roster", url.Values{"name": {"冯密针"}}.Encode(), "Content-Type", form).Body
				json := p.Send(t, "POST", "/api/v1/roster/search", `{"place":"`+p.Poster(t)+`","name":"冯密针"}`, "Content-Type", "application/json").Body
				for what, text := range map[string]string{"page": page, "search": search, "JSON": json} {
					if got := strings.Contains(text, "冯**"); got != want {
						t.Errorf("%s, instance %d: the %s shows it: %v, want %v", when, i, what, got, want)
					}
				}
			}
		}
		pass := func(to time.Time) {
			for _, p := range all {
				p.Pass(to.Sub(p.Now()))
			}
		}
		start, end := time.Date(2026, 11, 22, 0, 0, 0, 0, i18n.Shanghai), time.Date(2026, 11, 29, 0, 0, 0, 0, i18n.Shanghai)
		pass(start.Add(-time.Minute))
		look("a minute before", false)
		pass(start)
		look("at midnight", true)
		all = append(all[:1], apitest.New(t, db)) // the second one was killed; another takes its place
		pass(end.Add(-time.Minute))
		look("a minute before the end", true)
		pass(end)
		look("at the end", false)
		deeds, err := a.Board.Deeds(t.Context(), ids[1])
		if err != nil || len(deeds) < 2 || deeds[0].Hash == "" {
			t.Fatalf("evidence = %+v, %v", deeds, err)
		}
		pass(end.AddDate(0, 0, 40))
		if _, err := a.Board.Forget(t.Context()); err != nil {
			t.Fatal(err)
		}
		if left, err := a.Board.Entries(t.Context(), ids[1], 5, 0); err != nil || len(left) != 0 {
			t.Errorf("names are kept after the law's time: %d, %v", len(left), err)
		}
		if after, err := a.Board.Deeds(t.Context(), ids[1]); err != nil || len(after) != len(deeds)+1 {
			t.Errorf("the evidence goes along: %+v, %v", after, err)
		}
	})
}
