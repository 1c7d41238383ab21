package console_test

import (
	"bytes"
	"html"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/aid/apply/applytest"
	"mashang/aid/place"
	"mashang/api/apitest"
	"mashang/platform/audit"
	"mashang/platform/problem"
	"mashang/platform/staff"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

// postList posts a file with the fields of a form.
func (d desk) postList(t *testing.T, b *http.Client, path, name, file string, values url.Values) apitest.Answer {
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
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write([]byte(file))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return d.SendBy(t, b, "POST", path, body.String(), "Content-Type", w.FormDataContentType())
}

// hiddenOf are the hidden values of the page's forms.
func hiddenOf(body string) url.Values {
	v := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`).FindAllStringSubmatch(body, -1) {
		v.Add(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	return v
}

// after follows a redirect.
func (d desk) after(t *testing.T, b *http.Client, a apitest.Answer) string {
	t.Helper()
	if a.Status != http.StatusSeeOther {
		t.Fatalf("got %d, want a redirect\n%s", a.Status, visible(a.Body))
	}
	return d.get(t, b, a.Header.Get("Location")).Body
}

// visible is the text of a page, for failures.
func visible(body string) string {
	if _, after, ok := strings.Cut(body, "<main"); ok {
		body = after
	}
	return strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(body, " ")), " ")
}

func today(d desk) string    { return place.FormatDay(d.Now()) }
func tomorrow(d desk) string { return place.FormatDay(d.Now().AddDate(0, 0, 1)) }

// heir is the first village of 北原镇, into which 杏林村 of 柳河镇 merges.
func heir(d desk) place.Division { return d.Places.Atlas().Children(sample.Beiyuan)[0] }

func mergerForm(d desk, day string) url.Values {
	return url.Values{"other": {heir(d).Code}, "day": {day}, "document": {"云政发〔2026〕9号"}}
}

// A merger is seen with its consequences, then entered; a poster, a list, a case and the JSON follow; it goes back.
func TestAMergerFromThePageToThePoster(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, db)
		b, code := d.as(t, "admin"), d.Poster(t)
		near, _ := d.file(t)
		if err := d.Staff.Ensure(t.Context(), "village-helper", staff.Helper, sample.Xinglin, password); err != nil {
			t.Fatal(err)
		}
		path := "/console/places/" + sample.Xinglin + "/change/merge"
		if a := d.get(t, b, path); a.Status != 200 || !strings.Contains(a.Body, `name="other"`) {
			t.Fatalf("the form = %d", a.Status)
		}
		seen := d.post(t, b, path, mergerForm(d, today(d)))
		for _, want := range []string{"24 张海报照常用", "5 份名单", "1 件没办完的事", "village-helper", heir(d).Name.Hans} {
			if !strings.Contains(visible(seen.Body), want) {
				t.Errorf("the consequences lack %q:\n%s", want, visible(seen.Body))
			}
		}
		if s, err := d.Places.Resolve(sample.Xinglin); err != nil || s.Former != nil {
			t.Fatalf("looking changed something: %+v, %v", s, err)
		}
		done := d.after(t, b, d.post(t, b, path, hiddenOf(seen.Body)))
		if !strings.Contains(visible(done), "已并入"+heir(d).Name.Hans) || !strings.Contains(visible(done), "撤销") {
			t.Errorf("after it:\n%s", visible(done))
		}

		phone := d.Browser(t)
		landing := d.get(t, phone, "/s/"+code)
		if landing.Status != 200 || !strings.Contains(visible(landing.Body), "这里原来是杏林村，现在属"+heir(d).Name.Hans) || !strings.Contains(landing.Body, "北原镇") {
			t.Errorf("the poster = %d:\n%s", landing.Status, visible(landing.Body))
		}
		if list := d.get(t, phone, "/roster"); list.Status != 200 || !strings.Contains(visible(list.Body), "原杏林村") {
			t.Errorf("the list = %d:\n%s", list.Status, visible(list.Body))
		}
		for _, place := range []string{code, sample.Xinglin} {
			if a := d.Send(t, "GET", "/api/v1/programmes/dibao?place="+place, ""); a.Status != 200 || !strings.Contains(a.Body, "这里原来是杏林村") || !strings.Contains(a.Body, `"place_code":"`+sample.Beiyuan) && !strings.Contains(a.Body, "北原镇") {
				t.Errorf("JSON for %s = %d %s", place, a.Status, a.Body[:min(400, len(a.Body))])
			}
		}
		if _, err := d.Cases.Document(t.Context(), near, sample.Beiyuan); err != nil {
			t.Errorf("the open case, from the heir's town: %v", err)
		}
		if _, err := d.Cases.Document(t.Context(), near, sample.Liuhe); err != nil {
			t.Errorf("the open case, from its own town: %v", err)
		}
		id, _ := d.Codes.Verify(code)
		filed, err := d.Desk.File(t.Context(), applytest.Example("dibao", id, heir(d).Code, 3))
		if err != nil || filed.Division != heir(d).Code || !slices.Contains(filed.Scope, sample.Beiyuan) || slices.Contains(filed.Scope, sample.Liuhe) {
			t.Errorf("filed at the old poster: %+v, %v", filed.Case, err)
		}
		for _, deed := range []string{"place-merge", "cases-handed"} {
			if rows, err := d.Audit.List(t.Context(), audit.Filter{Action: deed}); err != nil || len(rows) != 1 || rows[0].Object != sample.Xinglin {
				t.Errorf("%s on record: %+v, %v", deed, rows, err)
			}
		}

		all, err := d.Places.Reforms(t.Context(), sample.Xinglin)
		if err != nil || len(all) != 1 {
			t.Fatalf("Reforms = %+v, %v", all, err)
		}
		ask := d.get(t, b, "/console/places/changes/"+all[0].ID+"/undo")
		if !strings.Contains(visible(ask.Body), "它已经生效") {
			t.Errorf("the way back:\n%s", visible(ask.Body))
		}
		d.after(t, b, d.post(t, b, "/console/places/changes/"+all[0].ID+"/undo", hiddenOf(ask.Body)))
		if s, err := d.Places.Resolve(sample.Xinglin); err != nil || s.Division.Code != sample.Xinglin {
			t.Errorf("taken back: %+v, %v", s, err)
		}
	})
}

// What is entered ahead begins at midnight although nothing runs, and can be taken back until then.
func TestAChangeOfTomorrowBeginsAtMidnight(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "editor")
	path := "/console/places/" + sample.Xinglin + "/change/rename"
	rename := url.Values{"name": {"新杏林村"}, "name_en": {"New Xinglin"}, "day": {tomorrow(d)}, "sure": {"yes"}}
	body := d.after(t, b, d.post(t, b, path, rename))
	undo := regexp.MustCompile(`action="(/console/places/changes/[A-Z0-9]+/undo)"`).FindStringSubmatch(body)
	if undo == nil {
		t.Fatalf("no way back is offered:\n%s", visible(body))
	}
	if body := d.after(t, b, d.post(t, b, undo[1], nil)); !strings.Contains(visible(body), "和没录过一样") {
		t.Errorf("taking it back:\n%s", visible(body))
	}
	d.after(t, b, d.post(t, b, path, rename))
	code := d.Poster(t)
	crumb := func() string { return d.get(t, d.Browser(t), "/?place="+sample.Xinglin).Body }
	if strings.Contains(crumb(), "新杏林村") {
		t.Error("it holds a day early")
	}
	d.Pass(13 * time.Hour)
	if !strings.Contains(crumb(), "新杏林村") || d.get(t, d.Browser(t), "/s/"+code).Status != 200 {
		t.Error("it does not hold after midnight")
	}
	if a := d.get(t, d.Browser(t), "/?q="+url.QueryEscape("杏林村")); !strings.Contains(a.Body, "新杏林村") {
		t.Error("the old name is not found")
	}
}

func TestWhatCannotBeIsSaidAtItsField(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "admin")
	before := d.Places.Version()
	merge, move := "/console/places/"+sample.Xinglin+"/change/merge", "/console/places/"+sample.Zone+"/change/move"
	for _, tt := range []struct {
		name, path string
		form       url.Values
		want       string
	}{
		{"no heir", merge, url.Values{"day": {tomorrow(d)}, "sure": {"yes"}}, "选一个您能管的区划"},
		{"an heir that is none", merge, url.Values{"day": {tomorrow(d)}, "other": {"123456789012"}, "sure": {"yes"}}, "不存在"},
		{"another level", merge, url.Values{"day": {tomorrow(d)}, "other": {sample.Liuhe}, "sure": {"yes"}}, "同一级"},
		{"no day", merge, url.Values{"other": {heir(d).Code}, "day": {"soon"}, "sure": {"yes"}}, "请选日期"},
		{"a circle", move, url.Values{"other": {sample.Beiyuan}, "day": {tomorrow(d)}, "sure": {"yes"}}, "北原镇 → 云溪经济开发区"},
		{"no name", "/console/places/" + sample.Xinglin + "/change/rename", url.Values{"day": {tomorrow(d)}, "sure": {"yes"}}, "名称"},
		{"200 characters", "/console/places/" + sample.Xinglin + "/edit", url.Values{"name": {strings.Repeat("长", 200)}}, "200 个字，最多 60 个"},
		{"a code that is none", "/console/places/new", url.Values{"code": {"99"}, "name": {"新村"}, "level": {"village"}, "other": {sample.Liuhe}, "day": {tomorrow(d)}}, "12"},
		{"a code that is there", "/console/places/new", url.Values{"code": {sample.Xinglin}, "name": {"新村"}, "level": {"village"}, "other": {sample.Liuhe}, "day": {tomorrow(d)}}, "已经有了"},
		{"an office without a phone", "/console/offices/new", url.Values{"name": {"窗口"}, "division": {sample.Liuhe}, "kind": {"town_window"}}, "暂时没有电话"},
		{"half a phone", "/console/offices/new", url.Values{"name": {"窗口"}, "division": {sample.Liuhe}, "kind": {"town_window"}, "phone": {"5550121"}}, "座机要带区号"},
		{"days turned round", "/console/offices/new", url.Values{"name": {"窗口"}, "division": {sample.Liuhe}, "kind": {"town_window"}, "phone": {"0500-5550121"}, "closed": {"2026-12-03/2026-12-01"}}, "2026-12-01/2026-12-03"},
		{"a number that hangs", "/console/locations/new", url.Values{"name": {"亭子"}, "division": {sample.Liuhe}, "kind": {"park"}, "number": {"0137"}}, "杏林村便民服务点"},
		{"letters for a number", "/console/locations/new", url.Values{"name": {"亭子"}, "division": {sample.Liuhe}, "kind": {"park"}, "number": {"A1"}}, "只能是数字"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := d.post(t, b, tt.path, tt.form)
			if a.Status != http.StatusUnprocessableEntity || !strings.Contains(visible(a.Body), tt.want) {
				t.Errorf("got %d without %q:\n%s", a.Status, tt.want, visible(a.Body))
			}
		})
	}
	if d.Places.Version() != before {
		t.Error("something was written")
	}
}

func TestATownOfficerSeesTheTown(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "town-officer")
	atlas := d.Places.Atlas()
	near, far := atlas.Locations(sample.Xinglin)[0], atlas.Locations(heir(d).Code)[0]
	for path, want := range map[string]int{
		"/console/places/" + sample.Liuhe: 200, "/console/places/" + sample.Xinglin: 200, "/console/places/" + sample.Beiyuan: 404, "/console/places/" + heir(d).Code: 404,
		"/console/locations/" + near.ID: 200, "/console/locations/" + far.ID: 404, "/console/offices/liuhe-window": 200, "/console/offices/beiyuan-window": 404,
		"/console/locations/" + near.ID + "/custodian": 200, "/console/locations/" + far.ID + "/custodian": 404,
	} {
		if a := d.get(t, b, path); a.Status != want {
			t.Errorf("%s = %d, want %d", path, a.Status, want)
		}
	}
	for _, path := range []string{"/console/places", "/console/offices", "/console/locations", "/console/places?q=" + url.QueryEscape("北原"), "/console/places?q=" + far.Number} {
		if a := d.get(t, b, path); a.Status != 200 || strings.Contains(visible(a.Body), "北原镇") {
			t.Errorf("%s = %d shows another town", path, a.Status)
		}
	}
	if err := d.Staff.Ensure(t.Context(), "town-editor", staff.Editor, sample.Liuhe, password); err != nil {
		t.Fatal(err)
	}
	e := d.as(t, "town-editor")
	for path, form := range map[string]url.Values{
		"/console/places/" + sample.Beiyuan + "/change/rename": {"name": {"别镇"}, "day": {tomorrow(d)}, "sure": {"yes"}},
		"/console/locations/" + far.ID + "/state/lost":         nil,
		"/console/locations/" + far.ID + "/custodian":          {"custodian": {"赵大伯"}, "phone": {"13800138000"}},
		"/console/locations/bulk":                              {"do": {"kind"}, "kind": {"park"}, "pick": {near.ID, far.ID}, "sure": {"yes"}},
		"/console/offices/beiyuan-window/delete":               nil,
	} {
		if a := d.post(t, e, path, form); a.Status != 404 {
			t.Errorf("%s = %d, want nothing there", path, a.Status)
		}
	}
	for _, path := range []string{"/console/places/import", "/console/places/export/locations"} {
		if a := d.get(t, e, path); a.Status != 403 {
			t.Errorf("%s = %d for an account of one town", path, a.Status)
		}
	}
	if a := d.post(t, e, "/console/places/"+sample.Xinglin+"/change/merge", mergerForm(d, tomorrow(d))); a.Status != 422 {
		t.Errorf("merging into another town = %d", a.Status)
	}
}

// Who looks after a poster is shown to who may know, and every look is on record.
func TestCustodiansAreShownToFew(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	admin := d.as(t, "admin")
	l := d.Places.Atlas().Locations(sample.Xinglin)[0]
	path := "/console/locations/" + l.ID + "/custodian"
	if a := d.post(t, admin, path, url.Values{"custodian": {"赵大伯"}, "phone": {"138"}}); a.Status != 422 {
		t.Errorf("half a phone = %d", a.Status)
	}
	d.after(t, admin, d.post(t, admin, path, url.Values{"custodian": {"赵大伯"}, "phone": {"13800138000"}}))
	for role, want := range map[string]int{"admin": 200, "editor": 200, "town-officer": 200, "operator": 403, "publisher": 403, "auditor": 403, "helper": 403} {
		a := d.get(t, d.as(t, role), path)
		if a.Status != want || strings.Contains(a.Body, "赵大伯") != (want == 200) {
			t.Errorf("%s = %d", role, a.Status)
		}
	}
	if rows, err := d.Audit.List(t.Context(), audit.Filter{Action: "custodian-look"}); err != nil || len(rows) != 3 {
		t.Errorf("%d looks are on record, %v, want 3", len(rows), err)
	}
	for _, path := range []string{"/console/locations?as=csv", "/console/places/export/locations", "/console/locations", "/console/locations/" + l.ID} {
		if a := d.get(t, admin, path); a.Status != 200 || strings.Contains(a.Body, "赵大伯") || strings.Contains(a.Body, "13800138000") {
			t.Errorf("%s = %d, with a custodian: %v", path, a.Status, strings.Contains(a.Body, "赵大伯"))
		}
	}
	if strings.Contains(d.Log.String(), "赵大伯") || strings.Contains(d.Log.String(), "13800138000") {
		t.Error("the log names a custodian")
	}
}

func TestPostersAreLostMovedAndChangedInBulk(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "admin")
	code := d.Poster(t)
	id, _ := d.Codes.Verify(code)
	base := "/console/locations/" + id
	status := func() int { return d.get(t, d.Browser(t), "/s/"+code).Status }
	for _, step := range []struct {
		to   string
		want int
	}{{"lost", 410}, {"active", 200}, {"retired", 410}, {"active", 200}} {
		ask := d.get(t, b, base+"/state/"+step.to)
		if ask.Status != 200 || !strings.Contains(visible(ask.Body), "扫码的人") {
			t.Errorf("%s asks = %d:\n%s", step.to, ask.Status, visible(ask.Body))
		}
		d.after(t, b, d.post(t, b, base+"/state/"+step.to, nil))
		if got := status(); got != step.want {
			t.Errorf("%s: a scan = %d, want %d", step.to, got, step.want)
		}
	}
	moved := d.after(t, b, d.post(t, b, base+"/move", url.Values{"name": {"杏林村新大厅"}, "division": {sample.Xinglin}, "kind": {"hall"}, "roster": {"own"}}))
	if a := d.get(t, d.Browser(t), "/s/"+code); a.Status != 200 || !strings.Contains(a.Body, "杏林村新大厅") {
		t.Errorf("the old code after the move = %d", a.Status)
	}
	back := regexp.MustCompile(`action="(/console/locations/[A-Z0-9]+/return)"`).FindStringSubmatch(moved)
	if back == nil {
		t.Fatalf("no way back:\n%s", visible(moved))
	}
	d.after(t, b, d.post(t, b, back[1], nil))
	if l, err := d.Places.FindLocation(t.Context(), id); err != nil || l.State != place.Active || l.Number != "0137" {
		t.Errorf("back again: %+v, %v", l, err)
	}

	all := d.Places.Atlas().Locations(sample.Xinglin)
	pick := []string{all[1].ID, all[2].ID, all[3].ID}
	ask := d.post(t, b, "/console/locations/bulk", url.Values{"do": {"roster"}, "pick": pick})
	if ask.Status != 200 || !strings.Contains(visible(ask.Body), "3 个点位") {
		t.Fatalf("bulk asks = %d:\n%s", ask.Status, visible(ask.Body))
	}
	form := hiddenOf(ask.Body)
	form.Set("roster", "")
	done := d.after(t, b, d.post(t, b, "/console/locations/bulk", form))
	for _, id := range pick {
		if l, _ := d.Places.Atlas().Location(id); l.Roster != "" {
			t.Errorf("%s opens %q", l.Number, l.Roster)
		}
	}
	d.after(t, b, d.post(t, b, "/console/locations/bulk/undo", hiddenOf(done)))
	if l, _ := d.Places.Atlas().Location(pick[0]); l.Roster != all[1].Roster {
		t.Errorf("undone: it opens %q", l.Roster)
	}
	if a := d.post(t, b, "/console/locations/bulk/undo", hiddenOf(done)); a.Status != 410 {
		t.Errorf("undone twice = %d", a.Status)
	}
	halls := d.get(t, b, "/console/locations/halls")
	if !strings.Contains(visible(halls.Body), "每个村都有便民点海报了") {
		t.Errorf("halls:\n%s", visible(halls.Body))
	}
}

func TestOfficesAreEnteredWithHoursAndRestored(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "editor")
	form := url.Values{"name": {"民政/窗口"}, "division": {sample.Liuhe}, "kind": {"town_window"}, "phone": {"0500-5550121"}, "hours": {"周一至周五 8:30-12:00、13:30-17:30"}, "closed": {"2026-11-23=搬家"}}
	body := d.after(t, b, d.post(t, b, "/console/offices/new", form))
	for _, want := range []string{"周一至周五 8:30-12:00", "现在不开门", "11月24日", "搬家"} { // the clock stands at a Saturday noon
		if !strings.Contains(visible(body), want) {
			t.Errorf("the office lacks %q:\n%s", want, visible(body))
		}
	}
	all := d.Places.Atlas().EveryOffice()
	o := all[len(all)-1]
	if o.Hours.En != "Monday to Friday 8:30–12:00, 13:30–17:30" {
		t.Errorf("hours in English: %q", o.Hours.En)
	}
	gone := d.after(t, b, d.post(t, b, "/console/offices/"+o.ID+"/delete", nil))
	if _, ok := d.Places.Atlas().FindOffice(o.ID); ok {
		t.Fatal("it is still there")
	}
	d.after(t, b, d.post(t, b, "/console/offices/restore", hiddenOf(gone)))
	if again, ok := d.Places.Atlas().FindOffice(o.ID); !ok || again.Phone != o.Phone || len(again.Closed) != 1 || again.Hours.En != o.Hours.En {
		t.Errorf("restored as %+v, want %+v", again, o)
	}
	// The names of a list are IDs that an address can carry.
	if got, err := d.Places.ImportPlaces(t.Context(), "x.csv", strings.NewReader("名称,所属区划,电话,类型\n窗口/一?,"+sample.Liuhe+",12345,town_window\n"), false); err != nil || !got.Written {
		t.Fatalf("import: %+v, %v", got, err)
	}
	list := d.get(t, b, "/console/offices?q="+url.QueryEscape("窗口/一"))
	link := regexp.MustCompile(`href="(/console/offices/~[^"]+)"`).FindStringSubmatch(list.Body)
	if link == nil || d.get(t, b, link[1]).Status != 200 {
		t.Errorf("an office of a list has no page: %v", link)
	}
}

const newTown = `# source: made up, columns: code,name,streetCode,provinceCode,cityCode,areaCode
990121700201,"甲村委会",990121700,99,9901,990121
990121700202,"𬒈村委会",990121700,99,9901,990121
`

// A list of statistics is looked at, asked for what it does not say, and taken in.
func TestAListIsTakenInBySteps(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "editor")
	ask := d.postList(t, b, "/console/places/import", "list.csv", newTown, url.Values{"short": {"yes"}})
	if ask.Status != 200 || !strings.Contains(ask.Body, `name="town.990121700000"`) {
		t.Fatalf("the towns = %d:\n%s", ask.Status, visible(ask.Body))
	}
	form := hiddenOf(ask.Body)
	if a := d.post(t, b, "/console/places/import", form); a.Status != 422 || !strings.Contains(visible(a.Body), "还没写") {
		t.Errorf("without a name = %d:\n%s", a.Status, visible(a.Body))
	}
	form.Set("town.990121700000", "新镇")
	look := d.post(t, b, "/console/places/import", form)
	for _, want := range []string{"甲村", "新镇", "生僻字", "不会动"} {
		if look.Status != 200 || !strings.Contains(visible(look.Body), want) {
			t.Errorf("the preview = %d without %q:\n%s", look.Status, want, visible(look.Body))
		}
	}
	before := d.Places.Version()
	d.after(t, b, d.post(t, b, "/console/places/import", hiddenOf(look.Body)))
	if v, ok := d.Places.Atlas().Division("990121700201"); !ok || v.Name.Hans != "甲村" || d.Places.Version() == before {
		t.Errorf("taken in: %+v", v)
	}
	if a := d.post(t, b, "/console/places/import", hiddenOf(look.Body)); a.Status != 410 {
		t.Errorf("a second press = %d, want it gone", a.Status)
	}
	again := d.postList(t, b, "/console/places/import", "list.csv", newTown, url.Values{"short": {"yes"}})
	if got := visible(again.Body); !strings.Contains(got, "0 条新增 0 条有变 2 条没变") {
		t.Errorf("the same list again:\n%s", got)
	}
}

func TestAListThatDoesNotFitChangesNothing(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "admin")
	before := d.Places.Version()
	for _, tt := range []struct {
		name, file string
		status     int
		want       string
	}{
		{"empty", "", 422, "文件"},
		{"a picture", "\x89PNG\r\n\x1a\n\x00\x00\x00", 422, "读"},
		{"an old workbook", "\xd0\xcf\x11\xe0", 422, "xlsx"},
		{"a header alone", "code,name\n", 200, "没有内容"},
		{"a code twice", "code,name,parent,level\n990121700301,甲,990121100000,village\n990121700301,乙,990121100000,village\n", 200, "两次"},
		{"a circle", "code,name,parent,level\n" + sample.Zone + ",云溪经济开发区," + sample.Beiyuan + ",zone\n", 200, "→"},
		{"a taken number", "名称,所在区划,类型,海报编号\n亭子," + sample.Beiyuan + ",公园,0137\n", 200, "杏林村便民服务点"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := d.postList(t, b, "/console/places/import", "x.csv", tt.file, nil)
			if a.Status != tt.status || !strings.Contains(strings.ToLower(visible(a.Body)), tt.want) {
				t.Fatalf("got %d without %q:\n%s", a.Status, tt.want, visible(a.Body))
			}
			if strings.Contains(a.Body, ">导入</button>") {
				t.Error("it can be taken in")
			}
		})
	}
	if d.Places.Version() != before {
		t.Error("something was written")
	}
}

func TestExportsAreReadAgainAsTheSame(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "admin")
	for _, kind := range place.Tables() {
		a := d.get(t, b, "/console/places/export/"+kind)
		got, err := d.Places.ImportPlaces(t.Context(), "x.csv", strings.NewReader(a.Body), true)
		if err != nil || a.Status != 200 || got.New+got.Changed > 0 || len(got.Gone) > 0 || len(got.Faults) > 0 || got.Same == 0 {
			t.Errorf("%s = %d: new %d, changed %d (%+v), same %d, %v, %v", kind, a.Status, got.New, got.Changed, got.Changes[:min(2, len(got.Changes))], got.Same, got.Faults, err)
		}
	}
	if a := d.get(t, b, "/console/places/export/secrets"); a.Status != 404 {
		t.Errorf("an unknown table = %d", a.Status)
	}
	if rows, err := d.Audit.List(t.Context(), audit.Filter{Action: "place-export"}); err != nil || len(rows) != 3 {
		t.Errorf("%d exports are on record, %v", len(rows), err)
	}
	if _, err := d.Places.FindReform(t.Context(), "nothing"); !problem.Is(err, problem.Missing) {
		t.Errorf("an unknown change: %v", err)
	}
}
