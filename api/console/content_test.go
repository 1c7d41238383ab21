package console_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/aid/policy"
	"mashang/api/apitest"
	"mashang/platform/audit"
	"mashang/platform/problem"
	"mashang/platform/review"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

// county is the standard of rural dibao at the county.
var county = policy.Series{Programme: "dibao", Variant: "rural", Place: sample.County}

// proposal is what an editor types for the next amount.
func proposal(d desk, more ...string) url.Values {
	form := url.Values{"of": {county.Key()}, "programme": {county.Programme}, "variant": {county.Variant}, "place": {county.Place}, "label": {"农村低保标准"},
		"amount": {"790"}, "unit": {"yuan_person_month"}, "from": {"2028-01-01"}, "document": {d.Library.Shelf().Series(county)[0].Document}, "why": {"省里涨了"}}
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return form
}

func TestAnAmountIsProposedApprovedByAnotherAndTurnedBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, db)
		editor, publisher := d.as(t, "editor"), d.as(t, "publisher")
		before := len(d.Library.Shelf().Series(county))
		for _, tt := range []struct{ name, field, value, want string }{
			{"no amount", "amount", "", "f-amount-e"},
			{"an amount that is none", "amount", "七百", "f-amount-e"},
			{"no day", "from", "", "f-from-e"},
			{"an end before its begin", "to", "2027-01-01", "f-to-e"},
			{"no document", "document", "", "f-document-e"},
			{"both none and an amount", "none", "yes", "f-amount-e"},
			{"an unknown document", "document", "nowhere", "没有文件"},
		} {
			t.Run(tt.name, func(t *testing.T) {
				a := d.post(t, editor, "/console/standards/new", proposal(d, tt.field, tt.value))
				if a.Status != 422 || !strings.Contains(a.Body, tt.want) || !strings.Contains(a.Body, "省里涨了") || !strings.Contains(a.Body, `id="sum"`) {
					t.Errorf("= %d without %s, or what was typed is lost", a.Status, tt.want)
				}
			})
		}
		a := d.post(t, editor, "/console/standards/new", proposal(d))
		at := a.Header.Get("Location")
		if a.Status != 303 || !strings.HasPrefix(at, "/console/review/") {
			t.Fatalf("proposing = %d to %s %s", a.Status, at, a.Body)
		}
		if d.Library.Reload(t.Context()); len(d.Library.Shelf().Series(county)) != before {
			t.Fatal("a proposal is shown to residents")
		}
		page := d.get(t, editor, at)
		if page.Status != 200 || !strings.Contains(page.Body, "790") || !strings.Contains(page.Body, "<mark>") || strings.Contains(page.Body, "批准并公布") {
			t.Errorf("the proposer's page = %d", page.Status)
		}
		if a := d.post(t, editor, at+"/approve", nil); a.Status != 403 {
			t.Errorf("an editor approves = %d", a.Status)
		}
		// An administrator may both propose and approve, but not one's own.
		admin := d.as(t, "admin")
		own := d.post(t, admin, "/console/standards/new", proposal(d, "from", "2029-01-01")).Header.Get("Location")
		if a := d.post(t, admin, own+"/approve", nil); a.Status != 403 || !strings.Contains(a.Body, "不能自己批准") {
			t.Errorf("approving one's own = %d", a.Status)
		}
		if a := d.post(t, admin, own+"/withdraw", nil); a.Status != 303 {
			t.Errorf("taking one's own back = %d", a.Status)
		}
		if a := d.post(t, publisher, at+"/withdraw", nil); a.Status != 403 {
			t.Errorf("a publisher takes another's proposal back = %d", a.Status)
		}
		if a := d.post(t, publisher, at+"/reject", nil); a.Status != 422 || !strings.Contains(a.Body, "f-reason-e") {
			t.Errorf("sending back without a reason = %d", a.Status)
		}
		if a := d.get(t, publisher, "/console"); !strings.Contains(a.Body, "1 项修改等您批准") {
			t.Error("the first page does not say that something waits")
		}
		if a := d.post(t, publisher, at+"/approve", nil); a.Status != 303 {
			t.Fatalf("approving = %d %s", a.Status, a.Body)
		}
		rows := d.Library.Shelf().Series(county)
		if len(rows) != before+1 || rows[len(rows)-1].Cents != 79000 || rows[len(rows)-2].To.Format(time.DateOnly) != "2027-12-31" || rows[len(rows)-1].Label.En == "" {
			t.Fatalf("published = %+v", rows)
		}
		if a := d.post(t, publisher, at+"/approve", nil); a.Status != 409 || !strings.Contains(a.Body, "没有被盖掉") {
			t.Errorf("approving twice = %d", a.Status)
		}
		back := d.post(t, editor, at+"/revert", url.Values{"reason": {"写错了"}}).Header.Get("Location")
		if a := d.post(t, publisher, back+"/approve", nil); a.Status != 303 {
			t.Fatalf("approving the way back = %d", a.Status)
		}
		if got := d.Library.Shelf().Series(county); len(got) != before || !got[len(got)-1].To.IsZero() {
			t.Errorf("turned back = %+v", got)
		}
		if a := d.get(t, editor, "/console/standards/series?of="+url.QueryEscape(county.Key())); a.Status != 200 || !strings.Contains(a.Body, "写错了") {
			t.Errorf("the series = %d without its history", a.Status)
		}
		if rows, err := d.Audit.List(t.Context(), audit.Filter{Action: "review-published"}); err != nil || len(rows) != 2 {
			t.Errorf("%d publications are on record, %v", len(rows), err)
		}
	})
}

// Two editors with the same page open: the second is told, and keeps what was typed.
func TestAnAmountChangedMeanwhileIsTold(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	editor, publisher := d.as(t, "editor"), d.as(t, "publisher")
	page := d.get(t, editor, "/console/standards/new?of="+url.QueryEscape(county.Key()))
	seen := regexp.MustCompile(`name="seen" value="([0-9a-f]+)"`).FindStringSubmatch(page.Body)
	if seen == nil {
		t.Fatal("the page remembers nothing")
	}
	at := d.post(t, editor, "/console/standards/new", proposal(d, "seen", seen[1])).Header.Get("Location")
	if a := d.post(t, publisher, at+"/approve", nil); a.Status != 303 {
		t.Fatal(a.Status)
	}
	a := d.post(t, editor, "/console/standards/new", proposal(d, "seen", seen[1], "from", "2029-01-01", "amount", "801"))
	if a.Status != 409 || !strings.Contains(a.Body, `value="801"`) || !strings.Contains(a.Body, "刚刚变过") {
		t.Errorf("= %d, or what was typed is lost", a.Status)
	}
}

func TestADayOfPublicationIsKept(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	at := d.post(t, d.as(t, "editor"), "/console/standards/new", proposal(d, "due", "2026-11-25")).Header.Get("Location")
	publisher := d.as(t, "publisher")
	if a := d.post(t, publisher, at+"/approve", nil); a.Status != 303 {
		t.Fatalf("approving = %d", a.Status)
	}
	if a := d.get(t, publisher, at); !strings.Contains(a.Body, "到时间自动公布") || !strings.Contains(a.Body, "不公布了") {
		t.Error("a scheduled change does not say so")
	}
	before := len(d.Library.Shelf().Series(county))
	d.Pass(5 * 24 * time.Hour)
	if n, err := d.Review.Publish(t.Context()); err != nil || n != 1 {
		t.Fatalf("%d were published, %v", n, err)
	}
	if got := d.Library.Shelf().Series(county); len(got) != before+1 {
		t.Errorf("after its day there are %d rows", len(got))
	}
}

// handIn posts a file to an import page.
func (d desk) handIn(t *testing.T, b *http.Client, path, name, content string) apitest.Answer {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	part.Write([]byte(content))
	w.Close()
	return d.SendBy(t, b, "POST", path, body.String(), "Content-Type", w.FormDataContentType())
}

var stagedID = regexp.MustCompile(`name="staged" value="([A-Z0-9]+)"`)

func sheet(d desk, amount string) string {
	document := d.Library.Shelf().Series(county)[0].Document
	return "项目,档次,档次名称,地区,金额,单位,起始日期,截止日期,依据文件\n" + fmt.Sprintf("dibao,rural,农村,%s,%s,元/人·月,2029-01-01,,%s\n", sample.Liuhe, amount, document)
}

func TestAFileIsLookedAtThenTakenInByAnother(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	editor := d.as(t, "editor")
	const at = "/console/import/standards"
	if a := d.handIn(t, editor, at, "s.csv", sheet(d, "7l2")); a.Status != 200 || !strings.Contains(a.Body, "第 2 行") || !strings.Contains(a.Body, "看不懂") || stagedID.MatchString(a.Body) {
		t.Errorf("a bad file = %d", a.Status)
	}
	for name, content := range map[string]string{"s.csv": "", "s.xlsx": "PK\x03\x04 this is no workbook", "s.pdf": "%PDF-1.7", "bomb.json": "[" + strings.Repeat("[", 100_000)} {
		if a := d.handIn(t, editor, at, name, content); a.Status >= 500 || !strings.Contains(a.Body, `id="sum"`) && !strings.Contains(a.Body, "mz-faults") {
			t.Errorf("%s = %d without words", name, a.Status)
		}
	}
	if a := d.handIn(t, editor, at, "large.csv", strings.Repeat("x", 10<<20)); a.Status != 413 {
		t.Errorf("a large file = %d", a.Status)
	}
	preview := d.handIn(t, editor, at, "标准2029.csv", sheet(d, "801"))
	id := stagedID.FindStringSubmatch(preview.Body)
	if preview.Status != 200 || id == nil || !strings.Contains(preview.Body, "<b>1</b> 条新增") {
		t.Fatalf("the preview = %d", preview.Status)
	}
	take := url.Values{"staged": {id[1]}}
	// Nobody else takes it in, and no other import.
	if a := d.post(t, d.as(t, "admin"), at, take); a.Status != 410 {
		t.Errorf("another account takes it in = %d", a.Status)
	}
	if a := d.post(t, editor, "/console/import/programmes", take); a.Status != 410 {
		t.Errorf("another import takes it in = %d", a.Status)
	}
	a := d.post(t, editor, at, take)
	change := a.Header.Get("Location")
	if a.Status != 303 || !strings.HasPrefix(change, "/console/review/") {
		t.Fatalf("taking in = %d to %s", a.Status, change)
	}
	if a := d.post(t, editor, at, take); a.Status != 410 || !strings.Contains(a.Body, "已经导入过") {
		t.Errorf("pressing twice = %d", a.Status)
	}
	if _, n, err := d.Review.List(t.Context(), review.Filter{Kind: policy.KindImport}); err != nil || n != 1 {
		t.Errorf("%d proposals, %v", n, err)
	}
	of := policy.Series{Programme: "dibao", Variant: "rural", Place: sample.Liuhe}
	if len(d.Library.Shelf().Series(of)) != 0 {
		t.Fatal("a proposal is shown to residents")
	}
	// Who approves sees what the file does, not only how many rows it has.
	if a := d.get(t, d.as(t, "publisher"), change); !strings.Contains(a.Body, "801 元") || !strings.Contains(a.Body, "农村\n801") {
		t.Errorf("the page of the change does not show the amount: %s", a.Body)
	}
	if a := d.post(t, d.as(t, "publisher"), change+"/approve", nil); a.Status != 303 {
		t.Fatalf("approving = %d %s", a.Status, a.Body)
	}
	if got := d.Library.Shelf().Series(of); len(got) != 1 || got[0].Cents != 80100 {
		t.Errorf("taken in = %+v", got)
	}
	// A file that was sent back leaves nothing behind.
	again := d.handIn(t, editor, at, "s.csv", sheet(d, "802"))
	change = d.post(t, editor, at, url.Values{"staged": {stagedID.FindStringSubmatch(again.Body)[1]}}).Header.Get("Location")
	if a := d.post(t, d.as(t, "publisher"), change+"/reject", url.Values{"reason": {"数不对"}}); a.Status != 303 {
		t.Fatalf("sending back = %d", a.Status)
	}
	if !strings.Contains(d.get(t, editor, "/console").Body, change) {
		t.Error("who proposed is not told that it came back")
	}
	if strings.Contains(d.get(t, d.as(t, "admin"), "/console").Body, change) {
		t.Error("others are told what came back")
	}
	if left, err := d.Vault.Owned(t.Context(), d.DB, policy.BroughtOwner); err != nil || len(left) != 0 {
		t.Errorf("%d files are left, %v", len(left), err)
	}
	// One that nobody takes in is gone after an hour.
	late := d.handIn(t, editor, at, "s.csv", sheet(d, "803"))
	d.Pass(50 * time.Minute)
	editor = d.as(t, "editor")
	d.Pass(14 * time.Minute)
	if a := d.post(t, editor, at, url.Values{"staged": {stagedID.FindStringSubmatch(late.Body)[1]}}); a.Status != 410 {
		t.Errorf("after an hour = %d", a.Status)
	}
	if n, err := d.Vault.SweepStaged(t.Context(), d.Now()); err != nil || n != 1 {
		t.Errorf("%d staged files were swept, %v", n, err)
	}
}

func TestPagesOfTheLibraryShowAndFind(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "admin")
	document := d.Library.Shelf().Documents()[0]
	for path, want := range map[string]string{
		"/console/policies?find=" + url.QueryEscape("低保"):               "dibao",
		"/console/policies?find=nonsense-nothing":                       "还没有救助项目",
		"/console/policies/dibao":                                       "法律依据",
		"/console/standards?find=" + url.QueryEscape("柳河"):              "没有符合的金额标准",
		"/console/standards?sort=-amount":                               `aria-sort="descending"`,
		"/console/standards?programme=dibao&show=all":                   "最低生活保障",
		"/console/standards/series?of=" + url.QueryEscape(county.Key()): "录入下一次标准",
		"/console/documents?find=" + url.QueryEscape(document.Title):    document.Title,
		"/console/documents/" + document.ID:                             document.Articles[0].Label,
		"/console/forms":                                                "最低生活保障",
		"/console/forms/dibao":                                          "必填",
		"/console/questions":                                            "没有没答上来的问题",
		"/console/review?show=all":                                      "没有要批准的",
		"/console/import/documents":                                     "一份文件一个文本",
	} {
		if a := d.get(t, b, path); a.Status != 200 || !strings.Contains(a.Body, want) {
			t.Errorf("%s = %d without %q", path, a.Status, want)
		}
	}
	for _, path := range []string{"/console/policies/nonsense", "/console/documents/nonsense", "/console/forms/nonsense", "/console/standards/series?of=x", "/console/standards/series", "/console/standards/new?of=dibao/rural/" + sample.County + "&id=x", "/console/import/nonsense", "/console/import/documents/example", "/console/review/x"} {
		if a := d.get(t, b, path); a.Status != 404 {
			t.Errorf("%s = %d", path, a.Status)
		}
	}
	// What goes out comes back in as it is.
	csv := d.get(t, b, "/console/standards?show=all&as=csv")
	if csv.Status != 200 || !strings.HasPrefix(csv.Header.Get("Content-Disposition"), "attachment") {
		t.Fatalf("the export = %d", csv.Status)
	}
	trial, err := d.Library.Try(t.Context(), policy.FileStandards, "standards.csv", []byte(csv.Body))
	if err != nil || len(trial.Faults) > 0 || trial.New+trial.Changed > 0 || trial.Rows != len(d.Library.Shelf().Rows()) {
		t.Errorf("taking the export in again = %+v, %v", trial, err)
	}
	if a := d.get(t, b, "/console/cases?as=csv"); a.Status != 200 || !strings.Contains(a.Body, "回执号") {
		t.Errorf("the cases as a file = %d", a.Status)
	}
}

func TestAFlashFromOutsideIsNoLinkAndNoMarkup(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "admin")
	for _, raw := range []string{`{"k":"console.saved","u":"//evil.example/x"}`, `{"k":"console.saved","u":"/../policies"}`, `{"k":"<script>alert(1)</script>"}`, `{"k":"console.total","a":["n","<script>alert(1)</script>"]}`, `nonsense`} {
		req, err := http.NewRequest("GET", d.URL+"/console", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.AddCookie(&http.Cookie{Name: "said", Value: base64.RawURLEncoding.EncodeToString([]byte(raw))})
		res, err := b.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		var body bytes.Buffer
		body.ReadFrom(res.Body)
		res.Body.Close()
		if res.StatusCode != 200 || strings.Contains(body.String(), "<script>alert") || strings.Contains(body.String(), "evil.example") || strings.Contains(body.String(), "/../") {
			t.Errorf("%s = %d", raw, res.StatusCode)
		}
	}
}

func TestOnlyTheRightSecondPersonDecides(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	d.Review.Register(review.Kind{Name: "elsewhere",
		Now:   func(context.Context, store.Queryer, string) (json.RawMessage, error) { return nil, nil },
		Apply: func(context.Context, store.Queryer, review.Change) error { return nil }})
	c, err := d.Review.Propose(t.Context(), review.Change{Kind: "elsewhere", Object: "x", Title: "x", After: []byte(`{"a":1}`), By: "town-officer"})
	if err != nil {
		t.Fatal(err)
	}
	at := "/console/review/" + c.ID
	if a := d.post(t, d.as(t, "publisher"), at+"/approve", nil); a.Status != 403 {
		t.Errorf("a publisher of policy decides on something else = %d", a.Status)
	}
	if a := d.post(t, d.as(t, "admin"), at+"/approve", nil); a.Status != 303 {
		t.Errorf("the administrator = %d", a.Status)
	}
	if _, err := d.Review.Approve(t.Context(), c.ID, "admin"); !problem.Is(err, problem.Conflict) {
		t.Errorf("twice = %v", err)
	}
}

// Who approves a document that loses an article is told what rested on it.
func TestWhatLosesItsGroundIsToldToWhoApproves(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	dibao, _ := d.Library.Shelf().Programme("dibao")
	law, ok := d.Library.Shelf().Document(dibao.Legal[0].Document)
	if !ok {
		t.Fatal("dibao rests on no document")
	}
	propose := func(articles []policy.Article) string {
		law.Articles = articles
		raw, err := json.Marshal(law)
		if err != nil {
			t.Fatal(err)
		}
		one, err := d.Review.Propose(t.Context(), review.Change{Kind: "document", Object: law.ID, Title: law.Title, After: raw, By: "editor"})
		if err != nil {
			t.Fatal(err)
		}
		return d.get(t, d.as(t, "publisher"), "/console/review/"+one.ID).Body
	}
	all := law.Articles
	if body := propose(append(slices.Clone(all), policy.Article{No: "999", Label: "附", Text: "多一条。"})); strings.Contains(body, "这些引用会落空") {
		t.Error("an article more takes nothing its ground")
	}
	if body := propose([]policy.Article{{No: "999", Label: "附", Text: "只剩一条。"}}); !strings.Contains(body, "这些引用会落空") || !strings.Contains(body, dibao.Name.Hans) {
		t.Errorf("nothing is said of what rested on it: %s", body)
	}
}
