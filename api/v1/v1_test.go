package v1_test

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"mashang/aid/apply"
	"mashang/aid/apply/applytest"
	"mashang/aid/roster"
	"mashang/api/apitest"
	"mashang/platform/audit"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/platform/webhook"
	"mashang/sample"
)

const js = "application/json"

// call sends JSON and reads JSON, and holds the reply against its description.
func call(t *testing.T, p *apitest.Portal, method, path, body string, want int, headers ...string) map[string]any {
	t.Helper()
	if body != "" {
		headers = append(headers, "Content-Type", js)
	}
	a := p.Send(t, method, "/api/v1"+path, body, headers...)
	if a.Status != want {
		t.Fatalf("%s %s = %d %s, want %d", method, path, a.Status, a.Body, want)
	}
	var v map[string]any
	if err := json.Unmarshal([]byte(a.Body), &v); err != nil {
		t.Fatalf("%s %s: %v in %q", method, path, err, a.Body)
	}
	_, root := described(t)
	schema := find(t, root, method, path, want)
	conform(t, root, method+" "+path, schema, v)
	return v
}

// find is the schema of a response.
func find(t *testing.T, root map[string]any, method, path string, status int) map[string]any {
	t.Helper()
	path, _, _ = strings.Cut(path, "?")
	for told, ops := range root["paths"].(map[string]any) {
		a, b := strings.Split(told, "/"), strings.Split(path, "/")
		if len(a) != len(b) {
			continue
		}
		same := true
		for i := range a {
			same = same && (a[i] == b[i] || strings.HasPrefix(a[i], "{"))
		}
		if !same || strings.Contains(told, "{") && root["paths"].(map[string]any)[path] != nil {
			continue
		}
		op := ops.(map[string]any)[strings.ToLower(method)].(map[string]any)
		res, ok := op["responses"].(map[string]any)[strconv.Itoa(status)].(map[string]any)
		if !ok {
			t.Fatalf("%s %s: status %d is not described", method, path, status)
		}
		if ref, ok := res["$ref"].(string); ok {
			res = resolve(root, ref).(map[string]any)
		}
		for _, media := range res["content"].(map[string]any) {
			if schema, ok := media.(map[string]any)["schema"].(map[string]any); ok && schema["type"] != "string" {
				return schema
			}
		}
	}
	t.Fatalf("%s %s is not described", method, path)
	return nil
}

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// filing is a whole application as a program sends it.
func filing(t *testing.T, place string, n int, papers ...string) string {
	t.Helper()
	a := applytest.Example("dibao", "", sample.Xinglin, n)
	consents := []map[string]string{}
	for _, c := range a.Consents {
		consents = append(consents, map[string]string{"member": c.Member, "version": c.Version, "name": c.Name})
	}
	if papers == nil {
		papers = []string{}
	}
	return text(t, map[string]any{"programme": "dibao", "place": place, "for": a.For, "answers": a.Answers, "consents": consents, "papers": papers})
}

func proofOf(t *testing.T, n int) string {
	t.Helper()
	a := applytest.Example("dibao", "", sample.Xinglin, n)
	id := a.Answers["applicant"].(map[string]any)["id"].(string)
	return id[len(id)-4:]
}

func upload(t *testing.T, p *apitest.Portal, picture []byte) string {
	t.Helper()
	a := p.Send(t, "POST", "/api/v1/papers", "", "Tus-Resumable", "1.0.0", "Upload-Length", strconv.Itoa(len(picture)),
		"Upload-Metadata", "filename "+base64.StdEncoding.EncodeToString([]byte("a.jpg"))+",kind "+base64.StdEncoding.EncodeToString([]byte("id_front")))
	if a.Status != http.StatusCreated || a.Header.Get("Tus-Resumable") != "1.0.0" {
		t.Fatalf("creation = %d %s", a.Status, a.Body)
	}
	var made struct{ ID string }
	if err := json.Unmarshal([]byte(a.Body), &made); err != nil || !strings.HasSuffix(a.Header.Get("Location"), "/api/v1/papers/"+made.ID) {
		t.Fatalf("creation = %s, Location %s", a.Body, a.Header.Get("Location"))
	}
	path := "/api/v1/papers/" + made.ID
	half := len(picture) / 2
	for _, part := range []struct{ from, to int }{{0, half}, {half, len(picture)}} {
		h := p.Send(t, "HEAD", path, "", "Tus-Resumable", "1.0.0")
		if h.Status != 200 || h.Header.Get("Upload-Offset") != strconv.Itoa(part.from) || h.Header.Get("Upload-Length") != strconv.Itoa(len(picture)) {
			t.Fatalf("HEAD = %d, %v", h.Status, h.Header)
		}
		b := p.Send(t, "PATCH", path, string(picture[part.from:part.to]), "Tus-Resumable", "1.0.0", "Upload-Offset", strconv.Itoa(part.from), "Content-Type", "application/offset+octet-stream")
		if b.Status != http.StatusNoContent || b.Header.Get("Upload-Offset") != strconv.Itoa(part.to) {
			t.Fatalf("PATCH = %d %s, offset %s", b.Status, b.Body, b.Header.Get("Upload-Offset"))
		}
	}
	return made.ID
}

// event sends a signed event.
func event(t *testing.T, p *apitest.Portal, secret, id, kind string, data any) apitest.Answer {
	t.Helper()
	raw, err := webhook.ParseSecret(secret)
	if err != nil {
		t.Fatal(err)
	}
	body := text(t, map[string]any{"type": kind, "timestamp": p.Now().Format(time.RFC3339), "data": data})
	headers := []string{"Content-Type", js}
	for name, values := range webhook.Headers([][]byte{raw}, id, p.Now(), []byte(body)) {
		headers = append(headers, name, values[0])
	}
	return p.Send(t, "POST", "/api/v1/backoffice/events", body, headers...)
}

func TestWholeLoopOverJSON(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := apitest.New(t, db)
		place := p.Poster(t)
		_, mine := p.Office(t, "liuhe", sample.Liuhe)
		_, theirs := p.Office(t, "beiyuan", sample.Beiyuan)

		paper := upload(t, p, applytest.Photo(800, 600))
		body := filing(t, place, 7, paper)
		filed := call(t, p, "POST", "/applications", body, 201, "Idempotency-Key", "one")
		again := call(t, p, "POST", "/applications", body, 201, "Idempotency-Key", "one")
		if text(t, filed) != text(t, again) {
			t.Errorf("the same key gave %v, then %v", filed, again)
		}
		if filed["due_at"] != nil {
			t.Errorf("due_at is %v before the office accepted", filed["due_at"])
		}
		receipt := filed["receipt"].(string)
		look := text(t, map[string]any{"receipt": receipt, "proof": proofOf(t, 7)})
		if v := call(t, p, "POST", "/status", look, 200); len(v["timeline"].([]any)) == 0 {
			t.Errorf("the status has no timeline: %v", v)
		}

		whole := call(t, p, "GET", "/backoffice/applications/"+receipt, "", 200, "Authorization", "Bearer "+mine.Bearer)
		if !strings.Contains(text(t, whole["body"]), "杏林村三组") || len(whole["papers"].([]any)) != 1 {
			t.Errorf("the office got %v", whole)
		}
		pic := p.Send(t, "GET", "/api/v1/backoffice/papers/"+paper, "", "Authorization", "Bearer "+mine.Bearer)
		if pic.Status != 200 || pic.Header.Get("Content-Type") != "image/jpeg" || !strings.HasPrefix(pic.Body, "\xff\xd8") || !strings.HasPrefix(pic.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("the paper came as %d %v", pic.Status, pic.Header)
		}
		for _, path := range []string{"/backoffice/applications/" + receipt, "/backoffice/papers/" + paper} {
			call(t, p, "GET", path, "", 404, "Authorization", "Bearer "+theirs.Bearer)
			call(t, p, "GET", path, "", 401)
			call(t, p, "GET", path, "", 401, "Authorization", "Bearer "+mine.Bearer[:40])
		}

		at := p.Now().Add(time.Hour)
		data := map[string]any{"receipt": receipt, "status": "accepted", "at": at.Format(time.RFC3339)}
		if a := event(t, p, theirs.Inbound, "msg_0", "application.status_changed", data); a.Status != 404 {
			t.Errorf("another division's office moved the case: %d %s", a.Status, a.Body)
		}
		for range 2 {
			if a := event(t, p, mine.Inbound, "msg_1", "application.status_changed", data); a.Status != 200 {
				t.Fatalf("event = %d %s", a.Status, a.Body)
			}
		}
		v := call(t, p, "POST", "/status", look, 200)
		if v["status"] != "accepted" || v["due_at"] == nil {
			t.Errorf("after the event the status is %v", v)
		}
		if a := event(t, p, mine.Inbound, "msg_2", "application.supplement_requested", map[string]any{"receipt": receipt, "items": []string{"户口簿首页"}, "by": "2026-12-01"}); a.Status != 200 {
			t.Fatalf("event = %d %s", a.Status, a.Body)
		}

		rows, err := p.Audit.List(t.Context(), audit.Filter{Object: receipt})
		if err != nil || len(rows) != 2 {
			t.Errorf("%d looks are on record, %v, want 2", len(rows), err)
		}
		if strings.Contains(p.Log.String(), receipt) || strings.Contains(p.Log.String(), "去年冬天起干不了重活") {
			t.Error("the log tells about the case")
		}
	})
}

func TestEmergencyOverJSON(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	v := call(t, p, "POST", "/emergencies", text(t, map[string]any{"place": p.Poster(t), "who": "张大爷", "where": "村口", "what": "没吃的", "phone": "bad"}), 201)
	if v["acknowledge_by"] == nil || v["pin"] == nil {
		t.Errorf("the reply is %v", v)
	}
	look := text(t, map[string]any{"receipt": v["receipt"], "proof": v["pin"]})
	if s := call(t, p, "POST", "/status", look, 200); s["status"] == "" {
		t.Errorf("the status is %v", s)
	}
	call(t, p, "POST", "/emergencies", `{"place": "nowhere", "who": "李", "where": "桥", "what": "受伤"}`, 201)
	bad := call(t, p, "POST", "/emergencies", `{"who": "李"}`, 422)
	if len(bad["errors"].([]any)) != 2 {
		t.Errorf("errors = %v, want where and what", bad["errors"])
	}
}

func TestKnowOverJSON(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	all := call(t, p, "GET", "/programmes?place="+sample.Xinglin+"&lang=en", "", 200)
	if n := len(all["programmes"].([]any)); n != 37 {
		t.Errorf("%d programmes, want 37", n)
	}
	amounts := map[string]string{}
	for name, at := range map[string]string{"liuhe": p.Poster(t), "beiyuan": p.Hall(t, sample.Beiyuan), "shimen": p.Hall(t, sample.Shimen), "none": ""} {
		v := call(t, p, "GET", "/programmes/dibao?place="+at, "", 200)
		list := v["standards"].([]any)
		amounts[name] = text(t, list)
		for _, one := range list {
			s := one.(map[string]any)
			if s["document"] == "" || s["document_title"] == "" || s["place"] == "" || s["effective_from"] == nil {
				t.Errorf("%s: an amount without its source: %v", name, s)
			}
		}
		if v["office"] == nil || len(v["legal"].([]any)) == 0 || len(v["sections"].([]any)) == 0 {
			t.Errorf("%s: office, legal or sections are missing", name)
		}
	}
	if amounts["liuhe"] == amounts["beiyuan"] || amounts["liuhe"] == "[]" || amounts["beiyuan"] == "[]" {
		t.Errorf("two places share %s", amounts["liuhe"])
	}
	if amounts["shimen"] != "[]" || amounts["none"] != "[]" {
		t.Errorf("where none is registered: %s; without a place: %s", amounts["shimen"], amounts["none"])
	}
	f := call(t, p, "GET", "/programmes/dibao/form", "", 200)
	if f["schema"].(map[string]any)["$schema"] != "https://json-schema.org/draft/2020-12/schema" || len(f["pages"].([]any)) == 0 {
		t.Errorf("form = %.200s", text(t, f))
	}
	for lang, want := range map[string]string{"zh-Hans": "最低生活保障", "zh-Hant": "最低生活保障", "en": "a"} {
		if v := call(t, p, "GET", "/programmes/dibao?lang="+lang, "", 200); !strings.Contains(strings.ToLower(text(t, v["name"])), want) {
			t.Errorf("%s: the name is %v", lang, v["name"])
		}
	}
	call(t, p, "GET", "/programmes/nothing", "", 404)
	call(t, p, "GET", "/programmes/nothing/form", "", 404)
	call(t, p, "GET", "/programmes?place=999999999999", "", 422)
}

func TestRosterOverJSON(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	got := call(t, p, "POST", "/roster/search", text(t, map[string]any{"place": p.Poster(t)}), 200)
	if len(got["entries"].([]any)) == 0 || got["publication"] == nil {
		t.Errorf("with the village's code: %.300s", text(t, got))
	}
	for name, place := range map[string]string{"a division code": sample.Xinglin, "a town": sample.Liuhe} {
		if v := call(t, p, "POST", "/roster/search", text(t, map[string]any{"place": place}), 200); len(v["entries"].([]any)) != 0 || v["publication"] != nil {
			t.Errorf("%s opens a list", name)
		}
	}
	brought, err := p.Board.Import(t.Context(), roster.Meta{Programme: "tekun", Village: sample.Xinglin, Kind: roster.Notice, Document: "yunxi-2026-3", By: "ma", Approver: "gao"},
		[]string{"姓名", "金额"}, roster.Table([][]string{{"欧阳慕楠", "1"}, {"欧阳木男", "2"}, {"欧阳慕", "3"}}))
	if err != nil || !brought.Saved {
		t.Fatal(err, brought.Problems)
	}
	found := call(t, p, "POST", "/roster/search", text(t, map[string]any{"place": p.Poster(t), "name": "欧阳木男"}), 200)["entries"].([]any)
	if len(found) != 2 || found[0].(map[string]any)["same_sound"] != nil || found[0].(map[string]any)["name"] != "欧阳*男" || found[1].(map[string]any)["same_sound"] != true || found[1].(map[string]any)["name"] != "欧阳*楠" {
		t.Errorf("a name and what sounds the same: %s", text(t, found))
	}
	forged := []byte(p.Poster(t))
	forged[15] ^= 1
	for name, body := range map[string]string{
		"no place": `{}`, "a forged code": text(t, map[string]any{"place": string(forged)}), "a page below zero": text(t, map[string]any{"place": p.Poster(t), "page": -1}),
		"a long name": text(t, map[string]any{"place": p.Poster(t), "name": strings.Repeat("张", 41)}),
	} {
		t.Run(name, func(t *testing.T) { call(t, p, "POST", "/roster/search", body, 422) })
	}
	limited := false
	for range 1505 {
		a := p.Send(t, "POST", "/api/v1/roster/search", text(t, map[string]any{"place": p.Poster(t), "name": "无此人"}), "Content-Type", js)
		if limited = a.Status == 429 && a.Header.Get("Retry-After") != ""; limited {
			break
		}
	}
	if !limited {
		t.Error("1,500 look-ups in an hour are not the limit")
	}
	spelt := strings.ToLower(p.Poster(t)[:4]) + "- " + p.Poster(t)[4:]
	if a := p.Send(t, "POST", "/api/v1/roster/search", text(t, map[string]any{"place": spelt}), "Content-Type", js); a.Status != 429 {
		t.Errorf("the same code spelt otherwise answers %d, want 429", a.Status)
	}
}

func TestWrongInputIsToldInWords(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	_, office := p.Office(t, "county", "")
	for _, tt := range []struct {
		name, method, path, body string
		headers                  []string
		want                     int
		field                    string
	}{
		{"no JSON type", "POST", "/status", `{}`, []string{"Content-Type", "text/plain"}, 415, ""},
		{"broken JSON", "POST", "/status", `{"receipt":`, nil, 400, ""},
		{"two values", "POST", "/status", `{} {}`, nil, 400, ""},
		{"invalid UTF-8", "POST", "/status", "{\"receipt\":\"\xff\"}", nil, 400, ""},
		{"a wrong type", "POST", "/status", `{"receipt": 5}`, nil, 422, "receipt"},
		{"a short receipt", "POST", "/status", `{"receipt": "123", "proof": "1234"}`, nil, 422, "receipt"},
		{"no proof", "POST", "/status", `{"receipt": "1234567890123456"}`, nil, 422, "proof"},
		{"a question of a megabyte", "POST", "/ask", `{"question": "` + strings.Repeat("长", 350_000) + `"}`, nil, 413, ""},
		{"an unknown language", "POST", "/ask", `{"question": "低保", "lang": "xx"}`, nil, 422, "lang"},
		{"an unknown place", "POST", "/ask", `{"question": "低保", "place": "here"}`, nil, 422, "place"},
		{"no idempotency key", "POST", "/applications", filing(t, p.Poster(t), 1), nil, 400, "Idempotency-Key"},
		{"an unknown programme", "POST", "/applications", `{"programme": "gold"}`, []string{"Idempotency-Key", "a"}, 422, "programme"},
		{"an application to an unknown place", "POST", "/applications", filing(t, "999999999999", 1), []string{"Idempotency-Key", "a"}, 422, "place"},
		{"an application too large", "POST", "/applications", `{"programme": "` + strings.Repeat("x", 2<<20) + `"}`, []string{"Idempotency-Key", "a"}, 413, ""},
		{"answers missing", "POST", "/applications", `{"programme": "dibao", "place": "` + p.Poster(t) + `", "for": {"kind": "self"}, "answers": {}}`, []string{"Idempotency-Key", "a"}, 422, "applicant.name"},
		{"an upload without a length", "POST", "/papers", "", []string{"Tus-Resumable", "1.0.0"}, 400, "Upload-Length"},
		{"another tus version", "POST", "/papers", "", []string{"Tus-Resumable", "0.2.2", "Upload-Length", "5"}, 412, ""},
		{"a huge upload", "POST", "/papers", "", []string{"Tus-Resumable", "1.0.0", "Upload-Length", "50000000"}, 413, ""},
		{"an unsigned event", "POST", "/backoffice/events", `{"type":"case.status_changed"}`, nil, 401, ""},
		{"an event too large", "POST", "/backoffice/events", strings.Repeat("x", 300<<10), nil, 413, ""},
		{"an unknown route", "GET", "/nothing", "", nil, 404, ""},
		{"an unknown method", "DELETE", "/status", "", nil, 405, ""},
		{"another site", "POST", "/emergencies", `{"who":"a","where":"b","what":"c"}`, []string{"Sec-Fetch-Site", "cross-site"}, 403, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			headers := append([]string{"Content-Type", js}, tt.headers...)
			for _, lang := range []string{"zh-Hans", "zh-Hant", "en"} {
				a := p.Send(t, tt.method, "/api/v1"+tt.path+"?lang="+lang, tt.body, headers...)
				var doc struct {
					Type, Title string
					Status      int
					Errors      []struct{ Field, Code, Message string }
				}
				if err := json.Unmarshal([]byte(a.Body), &doc); err != nil || a.Status != tt.want || doc.Status != tt.want {
					t.Fatalf("%d %s, %v, want %d", a.Status, a.Body, err, tt.want)
				}
				if a.Header.Get("Content-Type") != "application/problem+json" || !strings.HasPrefix(doc.Type, "/problems/") || doc.Title == "" || strings.Contains(doc.Title, "api.") {
					t.Errorf("%s: type %q, title %q", lang, doc.Type, doc.Title)
				}
				found := tt.field == ""
				for _, e := range doc.Errors {
					found = found || e.Field == tt.field && e.Message != "" && e.Message != e.Code
				}
				if !found {
					t.Errorf("%s: errors are %v, want %s", lang, doc.Errors, tt.field)
				}
			}
		})
	}
	for name, data := range map[string]struct {
		kind string
		data any
		want int
	}{
		"an unknown type":      {"case.exploded", map[string]any{}, 422},
		"no receipt":           {"case.status_changed", map[string]any{"status": "accepted", "at": "2026-11-21T12:00:00+08:00"}, 422},
		"data of a wrong sort": {"case.status_changed", "soon", 422},
		"an unknown case":      {"case.status_changed", map[string]any{"receipt": "1234567890123452", "status": "accepted", "at": "2026-11-21T12:00:00+08:00"}, 422},
		"a noted event":        {"standard.changed", map[string]any{"programme": "dibao"}, 200},
		"an unknown list":      {"roster.withdrawn", map[string]any{"publication": "x"}, 404},
	} {
		t.Run(name, func(t *testing.T) {
			a := event(t, p, office.Inbound, "msg_"+rand.Text(), data.kind, data.data)
			if a.Status != data.want && !(name == "an unknown case" && a.Status == 404) {
				t.Errorf("%d %s, want %d", a.Status, a.Body, data.want)
			}
		})
	}
}

func TestForgedEventsAreRefused(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	_, office := p.Office(t, "county", "")
	raw, err := webhook.ParseSecret(office.Inbound)
	if err != nil {
		t.Fatal(err)
	}
	body := `{"type":"standard.changed","timestamp":"2026-11-21T12:00:00+08:00","data":{}}`
	for _, tt := range []struct {
		name, body string
		at         time.Duration
		secret     []byte
		want       int
	}{
		{"as signed", body, 0, raw, 200},
		{"another body", strings.Replace(body, "{}", `{"a":1}`, 1), 0, raw, 401},
		{"an old one", body, -6 * time.Minute, raw, 401},
		{"one from the future", body, 6 * time.Minute, raw, 401},
		{"another secret", body, 0, webhook.NewSecret(), 401},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var headers []string
			for name, values := range webhook.Headers([][]byte{tt.secret}, "msg_x", p.Now().Add(tt.at), []byte(body)) {
				headers = append(headers, name, values[0])
			}
			if a := p.Send(t, "POST", "/api/v1/backoffice/events", tt.body, headers...); a.Status != tt.want {
				t.Errorf("%d %s, want %d", a.Status, a.Body, tt.want)
			}
		})
	}
	limited := false
	for range 70 {
		a := p.Send(t, "GET", "/api/v1/backoffice/applications/1234567890123456", "", "Authorization", "Bearer "+rand.Text()+rand.Text())
		limited = limited || a.Status == 429
	}
	if !limited {
		t.Error("guessing keys is not limited")
	}
}

func TestUnknownAndWrongLookAlike(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	filed := call(t, p, "POST", "/applications", filing(t, p.Poster(t), 3), 201, "Idempotency-Key", "k")
	wrong := p.Send(t, "POST", "/api/v1/status", text(t, map[string]any{"receipt": filed["receipt"], "proof": "0000"}), "Content-Type", js)
	unknown := p.Send(t, "POST", "/api/v1/status", `{"receipt": "4444333322221111", "proof": "0000"}`, "Content-Type", js)
	if wrong.Status != unknown.Status || wrong.Body != unknown.Body {
		t.Errorf("wrong is %d %s, unknown is %d %s", wrong.Status, wrong.Body, unknown.Status, unknown.Body)
	}
	var last apitest.Answer
	for range 6 {
		last = p.Send(t, "POST", "/api/v1/status", text(t, map[string]any{"receipt": filed["receipt"], "proof": "0000"}), "Content-Type", js)
	}
	if last.Status != 429 || last.Header.Get("Retry-After") == "" {
		t.Errorf("after five wrong proofs: %d %s", last.Status, last.Body)
	}
}

func TestPapersGoOnWhereTheyStopped(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	options := p.Send(t, "OPTIONS", "/api/v1/papers", "")
	if options.Status != 204 || options.Header.Get("Tus-Extension") != "creation" || options.Header.Get("Tus-Version") != "1.0.0" {
		t.Errorf("OPTIONS = %d %v", options.Status, options.Header)
	}
	picture := applytest.Photo(400, 300)
	id := upload(t, p, picture)
	path := "/api/v1/papers/" + id
	patch := func(offset int, kind, body string) apitest.Answer {
		return p.Send(t, "PATCH", path, body, "Tus-Resumable", "1.0.0", "Upload-Offset", strconv.Itoa(offset), "Content-Type", kind)
	}
	if a := patch(0, "application/offset+octet-stream", "x"); a.Status != 409 {
		t.Errorf("a finished upload took more: %d %s", a.Status, a.Body)
	}
	if a := patch(0, "image/jpeg", "x"); a.Status != 415 {
		t.Errorf("another type: %d", a.Status)
	}
	if a := p.Send(t, "HEAD", "/api/v1/papers/UNKNOWN", "", "Tus-Resumable", "1.0.0"); a.Status != 404 {
		t.Errorf("an unknown paper: %d", a.Status)
	}
	made := p.Send(t, "POST", "/api/v1/papers", "", "Tus-Resumable", "1.0.0", "Upload-Length", "1000")
	var svg struct{ ID string }
	if err := json.Unmarshal([]byte(made.Body), &svg); err != nil {
		t.Fatal(err)
	}
	path = "/api/v1/papers/" + svg.ID
	if a := patch(0, "application/offset+octet-stream", "<svg>"+strings.Repeat(" ", 995)); a.Status != 415 && a.Status != 422 {
		t.Errorf("an SVG: %d %s", a.Status, a.Body)
	}
}

func TestDescriptionIsServedWithItsAddress(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	v := call(t, p, "GET", "/openapi.json", "", 200)
	if got := fmt.Sprint(v["servers"]); !strings.Contains(got, "http://ms.yunxi.example/api/v1") {
		t.Errorf("servers are %s", got)
	}
}

func TestUploadsThatNobodyNamesAreBounded(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	whole := strconv.Itoa(apply.PaperBytes)
	for n := range 300 {
		a := p.Send(t, "POST", "/api/v1/papers", "", "Tus-Resumable", "1.0.0", "Upload-Length", whole)
		switch {
		case a.Status == 429 && a.Header.Get("Retry-After") != "" && n >= 200:
			return
		case a.Status != 201:
			t.Fatalf("upload %d answers %d: %.200s", n+1, a.Status, a.Body)
		}
	}
	t.Error("one address may park 300 uploads of 15 MB in an hour")
}
