package console_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"mashang/aid/apply/applytest"
	"mashang/aid/cases"
	"mashang/aid/place/round"
	"mashang/aid/place/scan"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

// phoneAgent is the browser of somebody who scans.
const phoneAgent = "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/107.0 Mobile Safari/537.36 MicroMessenger/8.0.37"

// scanned opens a poster as a phone does, and what the counter holds is stored.
func (d desk) scanned(t *testing.T, b *http.Client, path string, headers ...string) string {
	t.Helper()
	a := d.SendBy(t, b, "GET", path, "", append([]string{"User-Agent", phoneAgent}, headers...)...)
	if err := d.Counter.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	return a.Body
}

// figures are the posters' counts of today as the ledger has them.
func (d desk) figures(t *testing.T, location string) scan.Sum {
	t.Helper()
	f, err := d.Scans.Figures(t.Context(), scan.Query{Location: location, From: d.Now(), To: d.Now()})
	if err != nil {
		t.Fatal(err)
	}
	return f.Total
}

func TestDashboardShowsWhatWasScanned(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, db)
		code := d.Poster(t)
		id, err := d.Codes.Verify(code)
		if err != nil {
			t.Fatal(err)
		}
		phone, admin := d.Browser(t), d.as(t, "admin")
		landing := "/s/" + code
		for range 3 {
			d.scanned(t, phone, landing)
		}
		own := []string{"Referer", d.URL + landing}
		d.scanned(t, phone, "/policies", own...)
		d.scanned(t, phone, "/policies/dibao", "Referer", d.URL+"/policies") // the same door
		d.scanned(t, phone, "/apply", "Referer", d.URL+"/policies/dibao")
		d.SendBy(t, phone, "POST", "/call", "PING", "User-Agent", phoneAgent, "Content-Type", "text/ping")
		d.scanned(t, admin, landing)                                // staff
		d.scanned(t, d.Browser(t), landing, "User-Agent", "curl/8") // a program
		trial := regexp.MustCompile(`/s/[A-Z2-7]{16}\?test=[\w.-]+`).FindString(d.get(t, admin, "/console/scans/test/"+id).Body)
		if trial == "" {
			t.Fatal("no address for a test")
		}
		d.scanned(t, d.Browser(t), trial)
		d.scanned(t, d.Browser(t), landing+"?test=1") // anybody can write that: it is a scan
		got := d.figures(t, id)
		want := scan.Sum{People: 4, Bots: 1, Tests: 2, Know: 1, Apply: 1, Call: 1}
		if got != want {
			t.Errorf("counted %+v, want %+v", got, want)
		}
		page := d.get(t, admin, "/console/scans")
		for _, want := range []string{"云溪县的扫码情况", `role="img"`, "码上知", "柳河镇", "0137", "<b>4</b>", "试扫"} {
			if !strings.Contains(page.Body, want) {
				t.Errorf("the dashboard lacks %q", want)
			}
		}
		if strings.Contains(page.Body, "style=") || strings.Contains(page.Body, "onclick") {
			t.Error("the page carries what the content policy refuses")
		}
		if a := d.get(t, admin, "/console/scans/test/"+id); !strings.Contains(a.Body, "这个钟头试扫了 2 次") {
			t.Error("the page for trying does not say that the test arrived")
		}
		csv := d.get(t, admin, "/console/scans/export?as=csv&days=7")
		if csv.Status != 200 || !strings.Contains(csv.Body, "0137") || !strings.Contains(csv.Header.Get("Content-Disposition"), "scans-2026-11-15-2026-11-21.csv") {
			t.Errorf("the export = %d, %s", csv.Status, csv.Header.Get("Content-Disposition"))
		}
		if xlsx := d.get(t, admin, "/console/scans/export?as=xlsx&days=7&poster=0137"); xlsx.Status != 200 || !strings.HasPrefix(xlsx.Body, "PK") {
			t.Errorf("the XLSX export = %d", xlsx.Status)
		}
	})
}

func TestFiguresStayInsideTheDivision(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	id, err := d.Codes.Verify(d.Hall(t, sample.Beiyuan))
	if err != nil {
		t.Fatal(err)
	}
	officer := d.as(t, "town-officer") // of 柳河镇
	for _, path := range []string{
		"/console/scans?place=" + sample.Beiyuan, "/console/scans?poster=" + id, "/console/scans/export?place=" + sample.Beiyuan,
		"/console/scans/test/" + id, "/console/inspect/" + id, "/console/rounds/overdue?place=" + sample.Beiyuan,
		"/console/scans?place=%3Cscript%3E", "/console/scans?poster=%F0%9F%98%80",
	} {
		if a := d.get(t, officer, path); a.Status != http.StatusNotFound {
			t.Errorf("%s = %d, want 404", path, a.Status)
		}
	}
	page := d.get(t, officer, "/console/scans")
	if !strings.Contains(page.Body, "柳河镇的扫码情况") || strings.Contains(page.Body, "北原镇") {
		t.Error("a town officer's dashboard is not that of his town")
	}
	for _, path := range []string{"/console/scans?days=-4", "/console/scans?days=999999", "/console/scans?from=2020-01-01&to=1999-01-01", "/console/scans?from=x&to=y", "/console/scans?days=365", "/console/scans?from=2018-01-01"} {
		if a := d.get(t, officer, path); a.Status != 200 {
			t.Errorf("%s = %d", path, a.Status)
		}
	}
	loose := "loose"
	if err := d.Staff.Ensure(t.Context(), loose, "town-officer", "", password); err != nil {
		t.Fatal(err)
	}
	if a := d.get(t, d.as(t, loose), "/console/scans"); a.Status != http.StatusForbidden {
		t.Errorf("a town officer without a town sees the figures: %d", a.Status)
	}
}

func TestAlertsAreSeenIgnoredAndTakenBack(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	id, err := d.Codes.Verify(d.Poster(t))
	if err != nil {
		t.Fatal(err)
	}
	for day := 60; day > 5; day-- {
		if _, err := d.DB.ExecContext(t.Context(), `INSERT INTO scans (location, hour, kind, n) VALUES ($1, $2, 'scan', 9)`, id, store.At(d.Now().AddDate(0, 0, -day).Truncate(time.Hour))); err != nil {
			t.Fatal(err)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(d.Scans.Roll(t.Context(), nil))
	must(d.Scans.Watch(t.Context()))
	officer := d.as(t, "town-officer")
	must(d.Staff.Ensure(t.Context(), "beiyuan", "town-officer", sample.Beiyuan, password))
	other := d.as(t, "beiyuan")
	page := d.get(t, officer, "/console/scans").Body
	if !strings.Contains(page, "没人扫") || !strings.Contains(page, "平时每天约 9 次") {
		t.Fatal("the silent poster is not told")
	}
	if home := d.get(t, officer, "/console").Body; !strings.Contains(home, "5 天没人扫") {
		t.Error("the first page does not tell the silent poster")
	}
	if strings.Contains(d.get(t, other, "/console/scans").Body, "平时每天约") {
		t.Error("the other town is told")
	}
	path := regexp.MustCompile(`/console/scans/alerts/[A-Z2-7]+`).FindString(page)
	if a := d.post(t, other, path+"/seen", nil); a.Status != 404 {
		t.Errorf("the other town answers the alert: %d", a.Status)
	}
	for _, step := range []struct{ do, want string }{{"seen", "town-officer 2026年11月21日看过"}, {"undo", "（1 件没人看过）"}, {"ignore", "2026年12月5日前不提醒"}, {"undo", "（1 件没人看过）"}} {
		if a := d.post(t, officer, path+"/"+step.do, nil); a.Status != 303 {
			t.Fatalf("%s = %d", step.do, a.Status)
		}
		if body := d.get(t, officer, "/console/scans").Body; !strings.Contains(body, step.want) {
			t.Errorf("after %s the page lacks %q", step.do, step.want)
		}
	}
}

// inspected posts an inspection with a photo.
func (d desk) inspected(t *testing.T, b *http.Client, path string, values map[string]string, photo []byte) (int, string) {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for k, v := range values {
		if err := w.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	if photo != nil {
		part, err := w.CreateFormFile("photo", "IMG.jpg")
		if err != nil {
			t.Fatal(err)
		}
		part.Write(photo)
	}
	w.Close()
	a := d.SendBy(t, b, "POST", path, body.String(), "Content-Type", w.FormDataContentType())
	return a.Status, a.Header.Get("Location") + a.Body
}

func TestRoundIsPlannedWalkedAndEnded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, db)
		officer, helper := d.as(t, "town-officer"), d.as(t, "helper")
		plan := url.Values{"name": {"十一月巡查"}, "place": {sample.Xinglin}, "which": {"overdue"}, "who": {"helper"}, "due": {"2026-12-01"}}
		for _, bad := range []struct{ field, value, want string }{
			{"name", "", "起个名字"}, {"name", strings.Repeat("很", 200), "最多 60 个字"}, {"place", sample.Beiyuan, "选一个归您管的地方"}, {"place", "1", "选一个归您管的地方"},
			{"due", "2020-01-01", "选今天或以后"}, {"due", "morgen", "选今天或以后"}, {"who", "auditor", "不能巡查"},
		} {
			form := url.Values{}
			for k, v := range plan {
				form[k] = v
			}
			form.Set(bad.field, bad.value)
			if a := d.post(t, officer, "/console/rounds/new", form); a.Status != 422 || !strings.Contains(a.Body, bad.want) {
				t.Errorf("%s %q = %d, want words %q", bad.field, bad.value, a.Status, bad.want)
			}
		}
		a := d.post(t, officer, "/console/rounds/new", plan)
		at := a.Header.Get("Location")
		if a.Status != 303 || !strings.HasPrefix(at, "/console/rounds/") {
			t.Fatalf("planning = %d to %q", a.Status, at)
		}
		page := d.get(t, helper, at).Body
		id, err := d.Codes.Verify(d.Poster(t))
		if err != nil {
			t.Fatal(err)
		}
		stop := "/console/inspect/" + id + "?round=" + strings.TrimPrefix(at, "/console/rounds/")
		if !strings.Contains(page, "看了 0 张") || !strings.Contains(page, stop) {
			t.Fatal("the round does not list the poster")
		}
		// The inspector scans the poster and is shown the way; a resident is not.
		landing := "/s/" + d.Poster(t)
		if body := d.scanned(t, helper, landing); !strings.Contains(body, stop) || !strings.Contains(body, "十一月巡查") {
			t.Error("the landing offers the inspector no way to the round")
		}
		if body := d.scanned(t, d.Browser(t), landing); strings.Contains(body, "/console/") {
			t.Error("a resident's landing speaks of the console")
		}
		if got := d.figures(t, id); got.People != 1 || got.Tests != 1 {
			t.Errorf("an inspector's scan counts as a resident's: %+v", got)
		}
		form := d.get(t, helper, stop)
		if !strings.Contains(form.Header.Get("Permissions-Policy"), "geolocation=(self)") {
			t.Error("the page may not ask for the position")
		}
		once := hidden(t, form.Body, "once")
		tick := map[string]string{"once": once, "round": strings.TrimPrefix(at, "/console/rounds/"), "state": "fine", "lat": "30.12345678", "lon": "104.98765"}
		path := "/console/inspect/" + id
		if code, body := d.inspected(t, helper, path, map[string]string{"once": once, "state": ""}, nil); code != 422 || !strings.Contains(body, "选一样您看到的情况") {
			t.Errorf("an inspection without a state = %d", code)
		}
		if code, body := d.inspected(t, helper, path, tick, []byte("no picture at all")); code != 415 || !strings.Contains(body, "这不是照片") {
			t.Errorf("a photo that is none = %d", code)
		}
		for range 2 { // the phone was not sure that it arrived
			if code, to := d.inspected(t, helper, path, tick, applytest.Photo(400, 300)); code != 303 || to != at {
				t.Fatalf("inspecting = %d to %q", code, to)
			}
		}
		last, err := d.Rounds.Last(t.Context(), id)
		if err != nil || last.State != round.Fine || last.By != "helper" || !last.Photo || last.Spot.String() != "30.1235, 104.9877" {
			t.Errorf("kept %+v, %v", last, err)
		}
		page = d.get(t, helper, at).Body
		if !strings.Contains(page, "看了 1 张") || !strings.Contains(page, "完好") {
			t.Error("the round does not show what was found")
		}
		photo := d.get(t, helper, "/console/inspections/"+last.ID+"/photo")
		if photo.Status != 200 || photo.Header.Get("Content-Type") != "image/jpeg" || strings.Contains(photo.Body, "Exif") {
			t.Errorf("the photo = %d %s", photo.Status, photo.Header.Get("Content-Type"))
		}
		if err := d.Staff.Ensure(t.Context(), "beiyuan", "helper", sample.Beiyuan, password); err != nil {
			t.Fatal(err)
		}
		stranger := d.as(t, "beiyuan")
		for _, p := range []string{at, stop, "/console/inspections/" + last.ID + "/photo"} {
			if a := d.get(t, stranger, p); a.Status != 404 {
				t.Errorf("%s for the other town = %d", p, a.Status)
			}
		}
		if code, _ := d.inspected(t, stranger, path, map[string]string{"once": strings.Repeat("x", 20), "state": "gone"}, nil); code != 404 {
			t.Errorf("the other town inspects: %d", code)
		}
		// Ending asks first, and can be taken back.
		if a := d.get(t, officer, at+"/end"); a.Status != 200 || !strings.Contains(a.Body, "张海报没看") {
			t.Errorf("asking before the end = %d", a.Status)
		}
		if a := d.post(t, helper, at+"/end", nil); a.Status != 403 {
			t.Errorf("a helper ends the round: %d", a.Status)
		}
		d.post(t, officer, at+"/end", nil)
		if body := d.scanned(t, helper, landing); strings.Contains(body, "十一月巡查") {
			t.Error("a round that has ended is still offered")
		}
		if body := d.get(t, officer, at).Body; !strings.Contains(body, at+"/reopen") {
			t.Error("the end cannot be taken back")
		}
	})
}

// A code pasted over ours is a case at once, one however often the form is sent.
func TestStickerBecomesACase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, db)
		helper := d.as(t, "helper")
		id, err := d.Codes.Verify(d.Poster(t))
		if err != nil {
			t.Fatal(err)
		}
		path := "/console/inspect/" + id
		once := hidden(t, d.get(t, helper, path).Body, "once")
		for range 3 {
			if code, body := d.inspected(t, helper, path, map[string]string{"once": once, "state": "sticker"}, nil); code != 303 {
				t.Fatalf("inspecting = %d %s", code, body)
			}
		}
		n, err := d.Cases.Count(t.Context(), cases.Filter{Kind: cases.Poster, Scope: sample.Liuhe})
		if err != nil || n != 1 {
			t.Errorf("%d cases, %v, want one", n, err)
		}
		if code, _ := d.inspected(t, helper, path, map[string]string{"once": once, "state": "fine"}, nil); code != 409 {
			t.Errorf("another finding under the same key = %d, want 409", code)
		}
		overdue := d.get(t, helper, "/console/rounds/overdue?place="+sample.Xinglin).Body
		if strings.Contains(overdue, ">0137<") || !strings.Contains(overdue, ">0002<") {
			t.Error("the overdue list does not tell the inspected poster from the others")
		}
		d.Pass(91 * 24 * time.Hour)
		helper = d.as(t, "helper")
		if overdue = d.get(t, helper, "/console/rounds/overdue?place="+sample.Xinglin).Body; !strings.Contains(overdue, ">0137<") {
			t.Error("after 91 days the poster is not overdue")
		}
	})
}
