package console_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"mashang/aid/cases"
	"mashang/aid/feedback"
	"mashang/api/apitest"
	"mashang/platform/settings"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

// sent posts a form with a file.
func (d desk) sent(t *testing.T, b *http.Client, path string, values url.Values, field, name string, file []byte) apitest.Answer {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for k, vs := range values {
		for _, v := range vs {
			if err := w.WriteField(k, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	part, err := w.CreateFormFile(field, name)
	if err != nil {
		t.Fatal(err)
	}
	part.Write(file)
	w.Close()
	return d.SendBy(t, b, "POST", path, body.String(), "Content-Type", w.FormDataContentType())
}

func emblem(t *testing.T) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 900, 300))
	for x := range 900 {
		img.Set(x, x%300, color.NRGBA{200, 30, 30, uint8(x % 256)})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTheOfficeEntersWhoItIs(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "admin")
	names := url.Values{"county.zh-Hans": {"云溪县"}, "issuer.zh-Hans": {"云溪县民政局"}, "issuer.en": {"Civil Affairs"}, "colour": {"#8C1D18"}, "languages": {"zh-Hant"}, "version": {"0"}}
	a := d.sent(t, b, "/console/settings/names", names, "emblem", "e.png", emblem(t))
	if a.Status != http.StatusSeeOther {
		t.Fatalf("names answer %d:\n%s", a.Status, a.Body)
	}
	o := d.Settings.Office()
	if o.County["zh-Hans"] != "云溪县" || o.EmblemID == "" || o.Colour != "#8c1d18" || fmt.Sprint(o.Languages) != "[zh-Hans zh-Hant]" || o.By != "admin" {
		t.Errorf("saved is %+v", o)
	}
	page := d.get(t, b, "/console/settings").Body
	for _, want := range []string{"云溪县民政局", "#8c1d18", "撤销", "县名", "/console/settings/emblem.png"} {
		if !strings.Contains(page, want) {
			t.Errorf("the settings do not show %q", want)
		}
	}
	resident := d.Browser(t)
	if home := d.get(t, resident, "/?lang=en").Body; strings.Contains(home, `hreflang="en"`) || strings.Contains(home, `<html lang="en"`) || !strings.Contains(home, "云溪县民政局") {
		t.Error("a language that was left out is offered, or the name is not shown")
	}
	// Somebody else saved in between: nothing is overwritten.
	if a := d.sent(t, b, "/console/settings/names", names, "emblem", "", nil); a.Status != http.StatusConflict || !strings.Contains(a.Body, "admin") {
		t.Errorf("an old form answers %d", a.Status)
	}
	if a := d.post(t, b, "/console/settings/undo", url.Values{"version": {"1"}, "next": {"/settings"}}); a.Status != http.StatusSeeOther || d.Settings.Office().County["zh-Hans"] != "" || d.Settings.Office().EmblemID != "" {
		t.Errorf("taken back it is %+v", d.Settings.Office())
	}
	if a := d.post(t, b, "/console/settings/undo", url.Values{"version": {"1"}}); a.Status != http.StatusConflict {
		t.Errorf("taking back what is no longer newest answers %d", a.Status)
	}
	for _, e := range d.entries(t) {
		if e == "settings-names office" {
			return
		}
	}
	t.Error("who changed the names is not recorded")
}

// entries are the deeds on record.
func (d desk) entries(t *testing.T) []string {
	t.Helper()
	rows, err := store.All(t.Context(), d.DB, scanPair, `SELECT action, object FROM audit_inbox`)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestWrongSettingsAreToldAtTheirField(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "admin")
	for _, tt := range []struct {
		name, path string
		values     url.Values
		see        string
	}{
		{"a filing of nowhere", "contact", url.Values{"icp": {"随便"}}, "ICP 备案号像这样"},
		{"a short police number", "contact", url.Values{"police": {"京公网安备1号"}}, "公安备案号像这样"},
		{"words for a number", "contact", url.Values{"hotline": {"打我"}}, "电话只写数字"},
		{"an address with a path", "contact", url.Values{"domains": {"https://a.gov.cn/x"}}, "域名像这样"},
		{"a script", "contact", url.Values{"domains": {"<script>alert(1)</script>"}}, "域名像这样"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := d.post(t, b, "/console/settings/"+tt.path, tt.values)
			if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, tt.see) || strings.Contains(a.Body, "<script>alert") {
				t.Errorf("answers %d without %q", a.Status, tt.see)
			}
		})
	}
	big := append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 5<<20)...)
	for _, tt := range []struct {
		name string
		file []byte
		code int
		see  string
	}{
		{"a text", []byte("hello"), 422, "请用 PNG 或 JPG"}, {"an SVG", []byte(`<svg onload="x"/>`), 422, "请用 PNG 或 JPG"}, {"five megabytes", big, 413, "图片超过 2 MB"},
	} {
		t.Run("an emblem: "+tt.name, func(t *testing.T) {
			a := d.sent(t, b, "/console/settings/names", url.Values{"county.zh-Hans": {"云溪县"}}, "emblem", "e.png", tt.file)
			if a.Status != tt.code || !strings.Contains(a.Body, tt.see) || !strings.Contains(a.Body, `value="云溪县"`) {
				t.Errorf("answers %d", a.Status)
			}
		})
	}
	if v := d.Settings.Office().Version; v != 0 {
		t.Errorf("%d versions were saved", v)
	}
	if a := d.sent(t, b, "/console/settings/names", url.Values{"county.zh-Hans": {"云溪县"}, "colour": {"#ffdd00"}}, "emblem", "", nil); a.Status != 422 || !strings.Contains(a.Body, "太浅") {
		t.Errorf("a pale colour answers %d", a.Status)
	}
}

func TestVerificationFilesStandAtTheRoot(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "admin")
	const name, content = "MP_verify_abcdEFGH12345678.txt", "abcdEFGH12345678"
	if a := d.get(t, b, "/"+name); a.Status != http.StatusNotFound {
		t.Errorf("a file nobody put up answers %d", a.Status)
	}
	if a := d.sent(t, b, "/console/settings/files", nil, "file", name, []byte(content+"\n")); a.Status != http.StatusSeeOther {
		t.Fatalf("the file answers %d:\n%s", a.Status, a.Body)
	}
	if a := d.Send(t, "GET", "/"+name, ""); a.Status != 200 || a.Body != content || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/plain") {
		t.Errorf("it answers %d %q", a.Status, a.Body)
	}
	if a := d.Send(t, "POST", "/"+name, ""); a.Status == 200 {
		t.Error("it can be posted to")
	}
	for _, wrong := range []struct{ name, content string }{{"robots.txt", "User-agent: *"}, {"index.html", content}, {"../../x.txt", content}, {"MP_verify_abcdEFGH12345679.txt", content}, {"security.txt", content}, {"ok12345678.txt", "<script>"}} {
		if a := d.sent(t, b, "/console/settings/files", nil, "file", wrong.name, []byte(wrong.content)); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s answers %d", wrong.name, a.Status)
		}
	}
	if a := d.post(t, b, "/console/settings/files", nil); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("no file answers %d", a.Status)
	}
	d.post(t, b, "/console/settings/files/remove", url.Values{"name": {name}})
	if a := d.Send(t, "GET", "/"+name, ""); a.Status != http.StatusNotFound {
		t.Errorf("taken down it answers %d", a.Status)
	}
}

func TestTheWizardStaysOutOfAFullSystem(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "admin")
	if a := d.get(t, b, "/console"); a.Status != 200 || strings.Contains(a.Body, "mz-wizard") {
		t.Errorf("a county that is there is led to the wizard: %d", a.Status)
	}
	a := d.get(t, b, "/console/setup")
	if a.Header.Get("Location") != "/console/setup/names" {
		t.Errorf("the wizard opens at %s", a.Header.Get("Location"))
	}
	for _, step := range []string{"names", "places", "contact", "backoffice", "poster", "people", "rest"} {
		if a := d.get(t, b, "/console/setup/"+step); a.Status != 200 {
			t.Errorf("step %s answers %d", step, a.Status)
		}
	}
	if a := d.get(t, b, "/console/setup/nothing"); a.Status != 404 {
		t.Errorf("a step nobody knows answers %d", a.Status)
	}
	for _, kind := range []string{"divisions", "offices", "locations"} {
		a := d.get(t, b, "/console/setup/places/"+kind+".csv")
		if lines := strings.Count(strings.TrimSpace(a.Body), "\n"); a.Status != 200 || lines < 2 {
			t.Errorf("the sheet of %s answers %d with %d lines", kind, a.Status, lines)
		}
		// A sheet in which the sample lines were left is refused, not taken in.
		up := d.sent(t, b, "/console/places/import", nil, "file", kind+".csv", []byte(a.Body))
		if !strings.Contains(up.Body, "999999") && up.Status == 200 && strings.Contains(up.Body, `name="staged"`) {
			t.Errorf("the sample lines of %s could be taken in", kind)
		}
	}
	// A step begun leads on until it is finished, and other admins' saves lose nothing.
	d.post(t, b, "/console/setup/poster", nil)
	if a := d.get(t, b, "/console"); a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Header.Get("Location"), "/console/setup/") {
		t.Errorf("the wizard does not lead on: %d %s", a.Status, a.Header.Get("Location"))
	}
	if a := d.SendBy(t, b, "GET", "/console", "", "Referer", d.URL+"/console/cases"); a.Status != 200 || !strings.Contains(a.Body, "mz-wizard") {
		t.Errorf("from inside, the first page answers %d", a.Status)
	}
	if a := d.get(t, d.as(t, "editor"), "/console"); strings.Contains(a.Body, "mz-wizard") {
		t.Error("who may not edit settings is led to the wizard")
	}
	d.post(t, b, "/console/setup", nil)
	if a := d.get(t, b, "/console"); a.Status != 200 || strings.Contains(a.Body, "mz-wizard") {
		t.Errorf("put away it still leads: %d", a.Status)
	}
}

func TestStaffSettleReportsOfTheirOwnPosters(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	file := func(place, what string) cases.Filed {
		id, err := d.Codes.Verify(place)
		if err != nil {
			t.Fatal(err)
		}
		l, _ := d.Places.Atlas().Location(id)
		var filed cases.Filed
		if err := d.DB.Tx(t.Context(), func(q store.Queryer) (err error) {
			filed, err = d.Cases.FilePoster(t.Context(), q, cases.PosterReport{
				Location: id, Number: l.Number, Division: l.Division, Scope: d.Places.Atlas().Chain(l.Division), What: what, From: "resident", Phone: "13855500123",
			})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return filed
	}
	mine, again, other := file(d.Poster(t), cases.PosterDamaged), file(d.Poster(t), cases.PosterSticker), file(d.Hall(t, sample.Beiyuan), cases.PosterSticker)
	villages := d.Places.Atlas().Children(sample.Liuhe)
	torn := file(d.Codes.Code(d.Places.Atlas().Locations(villages[len(villages)-1].Code)[0].ID), cases.PosterDamaged)
	helper := d.as(t, "helper")
	if page := d.get(t, helper, "/console/reports").Body; strings.Contains(page, "/console/reports/"+mine.Receipt) || !strings.Contains(page, "/console/reports/"+torn.Receipt) {
		t.Errorf("a helper is offered to settle fraud, or is not to settle damage %s:\n%s", torn.Receipt, visible(page))
	}
	for receipt, want := range map[string]int{mine.Receipt: http.StatusForbidden, torn.Receipt: http.StatusSeeOther} {
		if a := d.post(t, helper, "/console/reports/"+receipt, url.Values{"end": {"fixed"}, "once": {"h"}}); a.Status != want {
			t.Errorf("a helper settles and is answered %d, want %d", a.Status, want)
		}
	}
	officer := d.as(t, "town-officer")
	page := d.get(t, officer, "/console/reports").Body
	if !strings.Contains(page, mine.Receipt) || strings.Contains(page, again.Receipt) || strings.Contains(page, other.Receipt) || strings.Contains(page, "13855500123") {
		t.Error("the list shows what it should not, or not what it should")
	}
	if a := d.get(t, officer, "/console/reports/"+other.Receipt); a.Status != 404 {
		t.Errorf("another town's report answers %d", a.Status)
	}
	if a := d.post(t, officer, "/console/reports/"+mine.Receipt, url.Values{"end": {"rejected"}, "once": {"a"}}); a.Status != 422 {
		t.Errorf("any end answers %d", a.Status)
	}
	d.Pass(time.Minute)
	values := url.Values{"end": {"no_need"}, "once": {"a"}, "why": {"换了位置"}}
	for range 2 {
		if a := d.post(t, officer, "/console/reports/"+mine.Receipt, values); a.Status != http.StatusSeeOther {
			t.Fatalf("settling answers %d:\n%s", a.Status, a.Body)
		}
	}
	for _, token := range []string{mine.Token, again.Token} {
		if v, err := d.Cases.ByToken(t.Context(), token); err != nil || !v.Closed || v.Reason != "换了位置" || len(v.Timeline) != 2 {
			t.Errorf("a report reads %+v, %v", v, err)
		}
	}
	if v, err := d.Cases.ByToken(t.Context(), other.Token); err != nil || v.Closed {
		t.Errorf("another report reads %+v, %v", v, err)
	}
}

func TestFeedbackIsShownByPlaceAndHidesTheFew(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	give := func(n int, programme, division string, l feedback.Level, reasons ...string) {
		for range n {
			if _, err := d.Feedback.Give(t.Context(), d.Feedback.Write(feedback.For(feedback.Page, programme, division)), l, reasons, false); err != nil {
				t.Fatal(err)
			}
		}
	}
	give(6, "dibao", sample.Xinglin, 5)
	give(6, "tekun", sample.Xinglin, 2, "phone")
	give(3, "dibao", sample.Beiyuan, 1, "hard")
	b := d.as(t, "admin")
	page := d.get(t, b, "/console/feedback").Body
	for _, want := range []string{"15", "40%", "电话打不通", "看不懂", "杏林村", "另有 1 处不到 5 次"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(d.get(t, d.as(t, "town-officer"), "/console/feedback").Body, "看不懂") {
		t.Error("an officer of one town sees another's")
	}
	out := d.get(t, b, "/console/feedback?as=csv")
	if out.Status != 200 || !strings.Contains(out.Body, "<5") || strings.Contains(out.Body, ",3,") {
		t.Errorf("the file reads %s", out.Body)
	}
	if home := d.get(t, b, "/console").Body; !strings.Contains(home, "本月满意度") {
		t.Error("the first page does not say how satisfied people are")
	}
	for _, bad := range []string{"?months=-1", "?about=%00", "?programme=" + url.QueryEscape("' OR 1=1 --"), "?months=999999999999"} {
		if a := d.get(t, b, "/console/feedback"+bad); a.Status != 200 {
			t.Errorf("%s answers %d", bad, a.Status)
		}
	}
}

func FuzzSettingsForms(f *testing.F) {
	p := apitest.New(f, storetest.SQLite(f))
	f.Add("0500-5550100", "鄂ICP备12345678号-1", "鄂公网安备42010602000001号", "ms2.yunxi.example")
	f.Add("\x00", "\xff", strings.Repeat("9", 9999), "\r\n..\r\n")
	f.Fuzz(func(t *testing.T, hotline, icp, police, domain string) {
		o, err := p.Settings.Stored(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		o = settings.Office{Version: o.Version, Hotline: hotline, ICP: icp, PoliceFiling: police, OtherDomains: []string{domain}}
		_ = p.Settings.Save(t.Context(), p.DB, o, "fuzz")
		if a := p.Send(t, "GET", "/verify", ""); a.Status != 200 {
			t.Errorf("after %+v the pages answer %d", o, a.Status)
		}
	})
}

func scanPair(rows *sql.Rows) (string, error) {
	var action, object string
	err := rows.Scan(&action, &object)
	return action + " " + object, err
}
