package console_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/aid/policy"
	"mashang/aid/policy/edit"
	"mashang/api/apitest"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

var (
	inputTag  = regexp.MustCompile(`<input[^>]*>`)
	areaTag   = regexp.MustCompile(`(?s)<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>`)
	selectTag = regexp.MustCompile(`(?s)<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>`)
	chosenTag = regexp.MustCompile(`value="([^"]*)" selected`)
	nameOf    = regexp.MustCompile(` name="([^"]*)"`)
	valueOf   = regexp.MustCompile(` value="([^"]*)"`)
)

// filled is the form of a page as a browser would send it back.
func filled(page string) url.Values {
	form := url.Values{}
	if i := strings.Index(page, `class="mz-ask`); i >= 0 {
		page = page[i:]
	}
	for _, tag := range inputTag.FindAllString(page, -1) {
		name, value := nameOf.FindStringSubmatch(tag), valueOf.FindStringSubmatch(tag)
		box := strings.Contains(tag, `type="checkbox"`) || strings.Contains(tag, `type="radio"`)
		if name == nil || value == nil || box && !strings.Contains(tag, " checked") {
			continue
		}
		form.Add(html.UnescapeString(name[1]), html.UnescapeString(value[1]))
	}
	for _, m := range areaTag.FindAllStringSubmatch(page, -1) {
		form.Set(m[1], html.UnescapeString(m[2]))
	}
	for _, m := range selectTag.FindAllStringSubmatch(page, -1) {
		form.Set(m[1], "")
		if chosen := chosenTag.FindStringSubmatch(m[2]); chosen != nil {
			form.Set(m[1], html.UnescapeString(chosen[1]))
		}
	}
	return form
}

// part opens a part and sends it back with some values changed.
func (d desk) part(t *testing.T, b *http.Client, path string, change ...string) apitest.Answer {
	t.Helper()
	page := d.get(t, b, path)
	if page.Status != 200 {
		t.Fatalf("%s = %d", path, page.Status)
	}
	form := filled(page.Body)
	for i := 0; i+1 < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	return d.post(t, b, path, form)
}

const dibao = "/console/edit/programme/dibao"

func TestAParagraphIsEditedPreviewedAndPublished(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	editor, publisher := d.as(t, "editor"), d.as(t, "publisher")
	who := dibao + "/part/who"
	// A part that is saved as it stands begins nothing.
	if a := d.part(t, editor, who); a.Status != 303 {
		t.Fatalf("saving nothing = %d", a.Status)
	}
	if a := d.get(t, editor, "/console/edit"); !strings.Contains(a.Body, "现在没有草稿") {
		t.Error("a draft was begun by changing nothing")
	}
	said := map[string]string{"zh-Hans": "草稿里的新话", "zh-Hant": "草稿裡的新話", "en": "New words of the draft"}
	if a := d.part(t, editor, who, "text.zh-Hans", said["zh-Hans"], "text.zh-Hant", said["zh-Hant"], "text.en", said["en"]); a.Status != 303 {
		t.Fatalf("saving = %d %s", a.Status, a.Body)
	}
	// The draft shows at every place in every language, and nowhere outside.
	for _, at := range []string{sample.Liuhe, sample.Xinglin, ""} {
		for lang, words := range said {
			a := d.get(t, editor, dibao+"/preview?in="+lang+"&at="+at)
			if a.Status != 200 || !strings.Contains(a.Body, words) || !strings.Contains(a.Body, `<html lang="`+lang+`"`) || a.Header.Get("Cache-Control") != "no-store" || !strings.Contains(a.Body, "noindex") || !strings.Contains(a.Body, `href="`+dibao+`"`) {
				t.Errorf("the preview at %q in %s = %d", at, lang, a.Status)
			}
			for range 3 { // a page that is asked for often is kept ready
				if a := d.Send(t, "GET", "/policies/dibao?lang="+lang+"&place="+at, ""); a.Status != 200 || strings.Contains(a.Body, words) {
					t.Fatalf("residents at %q in %s see the draft, or nothing: %d", at, lang, a.Status)
				}
			}
		}
	}
	if with, without := d.get(t, editor, dibao+"/preview?in=zh-Hans&at="+sample.Liuhe), d.get(t, editor, dibao+"/preview?in=zh-Hans"); !strings.Contains(with.Body, "元/人·月") || strings.Contains(without.Body, "元/人·月") {
		t.Error("the preview does not stand at its place")
	}
	if a := d.get(t, publisher, dibao+"/preview"); a.Status != 200 {
		t.Errorf("who approves looks at the draft = %d", a.Status)
	}
	for _, role := range []string{"operator", "helper", "auditor"} {
		if a := d.get(t, d.as(t, role), dibao+"/preview"); a.Status != 403 {
			t.Errorf("%s looks at a draft = %d", role, a.Status)
		}
		if a := d.get(t, d.as(t, role), dibao+"/versions"); strings.Contains(a.Body, `value="draft"`) {
			t.Errorf("%s reads a draft among the versions = %d", role, a.Status)
		}
	}
	if a := d.Send(t, "GET", dibao+"/preview", ""); strings.Contains(a.Body, said["zh-Hans"]) {
		t.Error("a stranger sees the draft")
	}
	// Proposed without a reason it stays; with one it goes to the second person.
	if a := d.part(t, editor, dibao); a.Status != 422 || !strings.Contains(a.Body, "f-why-e") {
		t.Errorf("without a reason = %d", a.Status)
	}
	at := d.part(t, editor, dibao, "why", "写清楚").Header.Get("Location")
	page := d.get(t, publisher, at)
	if page.Status != 200 || !strings.Contains(page.Body, "谁可以申请·正文（简体）") || !strings.Contains(page.Body, "（繁体）") || strings.Contains(page.Body, "sections[") || strings.Contains(page.Body, "更新日期") {
		t.Errorf("the comparison of %s = %d", at, page.Status)
	}
	preview := regexp.MustCompile(`href="(/console/edit/programme/dibao/preview\?[^"]*in=zh-Hans[^"]*)"`).FindStringSubmatch(page.Body)
	if preview == nil || !strings.Contains(d.get(t, publisher, html.UnescapeString(preview[1])).Body, said["zh-Hans"]) {
		t.Error("the second person has no preview")
	}
	if a := d.post(t, publisher, at+"/approve", nil); a.Status != 303 {
		t.Fatalf("approving = %d %s", a.Status, a.Body)
	}
	if a := d.Send(t, "GET", "/policies/dibao?lang=zh-Hans&place="+sample.Liuhe, ""); !strings.Contains(a.Body, said["zh-Hans"]) {
		t.Error("residents do not see what was published")
	}
	// The versions, any two beside each other, and an earlier one as a draft.
	id := at[strings.LastIndex(at, "/")+1:]
	a := d.get(t, editor, dibao+"/versions?a=before:"+id+"&b="+id)
	if a.Status != 200 || !strings.Contains(a.Body, "<mark>") && !strings.Contains(a.Body, said["zh-Hans"]) || !strings.Contains(a.Body, "写清楚") {
		t.Errorf("the versions = %d", a.Status)
	}
	if a := d.post(t, editor, dibao+"/take", url.Values{"version": {"before:" + id}}); a.Status != 303 {
		t.Errorf("taking an earlier one = %d", a.Status)
	}
	if a := d.get(t, editor, who); strings.Contains(a.Body, said["zh-Hans"]) {
		t.Error("the earlier version is not in the draft")
	}
	if a := d.part(t, editor, dibao+"/discard"); a.Status != 303 && a.Status != 409 {
		t.Errorf("discarding = %d", a.Status)
	}
}

func TestTwoEditorsSeeEachOthersText(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	editor, admin := d.as(t, "editor"), d.as(t, "admin")
	who := dibao + "/part/who"
	first, second := filled(d.get(t, editor, who).Body), filled(d.get(t, admin, who).Body)
	first.Set("text.zh-Hans", "编辑写的话")
	if a := d.post(t, editor, who, first); a.Status != 303 {
		t.Fatalf("the first = %d", a.Status)
	}
	if a := d.get(t, admin, who); !strings.Contains(a.Body, "草稿由 editor 在") {
		t.Error("the second editor is not told of the draft")
	}
	second.Set("text.zh-Hans", "管理员写的话")
	a := d.post(t, admin, who, second)
	if a.Status != 409 || !strings.Contains(a.Body, "编辑写的话") || !strings.Contains(a.Body, "管理员写的话</textarea>") || !strings.Contains(a.Body, "editor 保存的") {
		t.Fatalf("the second = %d, or one of the texts is lost", a.Status)
	}
	if a := d.get(t, editor, who); !strings.Contains(a.Body, "编辑写的话") {
		t.Error("the first text was overwritten")
	}
	if a := d.post(t, admin, who, filled(a.Body)); a.Status != 303 {
		t.Errorf("having looked = %d", a.Status)
	}
	// What cannot be read is not lost either.
	form := filled(d.get(t, editor, dibao+"/part/deadlines").Body)
	form.Set("0.days", "many")
	form.Set("0.text.zh-Hans", "新写的时限")
	if a := d.post(t, editor, dibao+"/part/deadlines", form); a.Status != 422 || !strings.Contains(a.Body, "新写的时限") || !strings.Contains(a.Body, `value="many"`) || !strings.Contains(a.Body, "f-0.days-e") {
		t.Errorf("a number that is none = %d", a.Status)
	}
}

// Every part of everything there is can be opened, and sent back as it is changes nothing.
func TestEveryPartComesBackAsItIs(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	editor := d.as(t, "editor")
	shelf := d.Library.Shelf()
	things := map[string]any{}
	for _, id := range []string{"dibao", "gaoling"} {
		p, _ := shelf.Programme(id)
		things[edit.Programme+"/"+id] = p
	}
	entry := shelf.Entries()[0]
	document := slices.MinFunc(shelf.Documents(), func(a, b policy.Document) int { return len(a.Articles) - len(b.Articles) })
	department, situation := shelf.Departments()[0], shelf.Situations()[0]
	things[edit.Entry+"/"+entry.ID], things[edit.Document+"/"+document.ID] = entry, document
	things[edit.Department+"/"+department.ID], things[edit.Situation+"/"+situation.ID] = department, situation
	for path, v := range things {
		for _, part := range edit.Parts(v) {
			at := "/console/edit/" + path + "/part/" + url.PathEscape(part)
			if a := d.part(t, editor, at); a.Status != 303 {
				t.Errorf("%s = %d", at, a.Status)
			}
		}
	}
	if a := d.get(t, editor, "/console/edit"); !strings.Contains(a.Body, "现在没有草稿") {
		t.Errorf("sending a part back as it is changed it:\n%s", a.Body)
	}
	for _, path := range []string{"/console/edit/programme/none", "/console/edit/programme/dibao/part/none", "/console/edit/thing/x", "/console/edit/new/thing", "/console/edit/programme/dibao/cite/names/0", "/console/edit/programme/dibao/cite/who/99", "/console/edit/document/dibao-2021/remove", "/console/edit/programme/none/versions"} {
		if a := d.get(t, editor, path); a.Status != 404 {
			t.Errorf("%s = %d", path, a.Status)
		}
	}
}

func TestAPassageIsChosenFromItsArticle(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	editor := d.as(t, "editor")
	at := dibao + "/cite/legal/0"
	if a := d.get(t, editor, at+"?other=1"); a.Status != 200 || !strings.Contains(a.Body, "jiuzhu-2019") {
		t.Errorf("the documents = %d", a.Status)
	}
	if a := d.get(t, editor, at+"?document=jiuzhu-2019"); a.Status != 200 || !strings.Contains(a.Body, "第九条") {
		t.Errorf("the articles = %d", a.Status)
	}
	page := d.get(t, editor, at+"?document=jiuzhu-2019&article=9")
	if page.Status != 200 || !strings.Contains(page.Body, "给予最低生活保障") {
		t.Fatalf("the article = %d", page.Status)
	}
	form := filled(page.Body)
	form.Set("quote", "不在这里的话")
	if a := d.post(t, editor, at, form); a.Status != 422 || !strings.Contains(a.Body, "f-quote-e") || !strings.Contains(a.Body, "不在这里的话") {
		t.Errorf("a quote that is not there = %d", a.Status)
	}
	form.Set("quote", "")
	form.Set("sentence", "0")
	if a := d.post(t, editor, at, form); a.Status != 303 {
		t.Fatalf("a sentence = %d %s", a.Status, a.Body)
	}
	a := d.get(t, editor, dibao+"/part/legal")
	if !strings.Contains(a.Body, "给予最低生活保障。</blockquote>") {
		t.Error("the passage is not in the draft")
	}
	n := strings.Count(a.Body, "<blockquote>")
	if a := d.part(t, editor, dibao+"/part/legal", "go", "drop:0"); a.Status != 303 {
		t.Errorf("taking it out = %d", a.Status)
	}
	if a := d.get(t, editor, dibao+"/part/legal"); strings.Count(a.Body, "<blockquote>") != n-1 {
		t.Error("it is still there")
	}
}

func TestARetiredProgrammeSaysSo(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	editor, publisher := d.as(t, "editor"), d.as(t, "publisher")
	if a := d.get(t, editor, dibao+"/remove"); a.Status != 200 || !strings.Contains(a.Body, "照常办") || !strings.Contains(a.Body, "入口同时收起") {
		t.Errorf("what becomes of it = %d", a.Status)
	}
	at := d.post(t, editor, dibao+"/remove", url.Values{"why": {"并入别的"}}).Header.Get("Location")
	if a := d.post(t, publisher, at+"/approve", nil); a.Status != 303 {
		t.Fatalf("approving = %d %s", a.Status, a.Body)
	}
	if a := d.Send(t, "GET", "/policies/dibao", ""); a.Status != 410 || !strings.Contains(a.Body, "已经停办") {
		t.Errorf("its page = %d", a.Status)
	}
	for path, want := range map[string]int{"/apply/dibao": 404, "/policies/dibao/sheet": 404, "/api/v1/programmes/dibao": 404, "/policies": 200, "/screener": 200} {
		if a := d.Send(t, "GET", path, ""); a.Status != want || want == 200 && strings.Contains(a.Body, `/policies/dibao"`) {
			t.Errorf("%s = %d, or leads to it", path, a.Status)
		}
	}
	if a := d.get(t, editor, "/console/edit"); !strings.Contains(a.Body, "已停办") {
		t.Error("the editor does not list it")
	}
}

// seenBy asks the page, the interface, the search and the assistant of a portal.
func seenBy(t *testing.T, p *apitest.Portal, words string) map[string]bool {
	t.Helper()
	page := p.Send(t, "GET", "/policies/dibao?lang=zh-Hans", "")
	api := p.Send(t, "GET", "/api/v1/programmes/dibao?lang=zh-Hans", "")
	ask := p.Send(t, "POST", "/api/v1/ask", `{"question":"`+words+`"}`, "Content-Type", "application/json")
	find := p.Send(t, "GET", "/policies?q="+url.QueryEscape(words), "")
	return map[string]bool{"page": strings.Contains(page.Body, words), "json": strings.Contains(api.Body, words), "assistant": strings.Contains(ask.Body, `"dibao"`), "search": strings.Contains(find.Body, "/policies/dibao")}
}

// The second instance has nothing in common with the first but the database.
func TestAPublishedChangeIsSeenOnAnotherInstance(t *testing.T) {
	db := storetest.Postgres(t)
	one := newDesk(t, db)
	two := apitest.New(t, db)
	const words = "嘎哩豆"
	for where, seen := range seenBy(t, two, words) {
		if seen {
			t.Fatalf("%s of the other instance shows it before it was written", where)
		}
	}
	editor := one.as(t, "editor")
	if a := one.part(t, editor, dibao+"/part/names", "alias.zh-Hans", "低保、"+words, "summary.zh-Hans", words+"，每月补一笔生活费。"); a.Status != 303 {
		t.Fatalf("saving = %d", a.Status)
	}
	at := one.part(t, editor, dibao, "why", "俗称").Header.Get("Location")
	publisher := one.as(t, "publisher")
	if a := one.post(t, publisher, at+"/approve", nil); a.Status != 303 {
		t.Fatalf("approving = %d", a.Status)
	}
	begin := time.Now()
	for _, p := range []struct {
		name string
		*apitest.Portal
	}{{"here", one.Portal}, {"the other", two}} {
		for {
			missing := ""
			for where, seen := range seenBy(t, p.Portal, words) {
				if !seen {
					missing = where
				}
			}
			if missing == "" {
				t.Logf("%s shows it everywhere after %v", p.name, time.Since(begin).Round(10*time.Millisecond))
				break
			}
			if time.Since(begin) > time.Minute {
				t.Fatalf("%s: the %s does not show it after a minute", p.name, missing)
			}
			time.Sleep(50 * time.Millisecond)
		}
	}
}
