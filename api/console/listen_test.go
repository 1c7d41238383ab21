package console_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/aid/policy"
	"mashang/aid/policy/listen"
	"mashang/api/apitest"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

func (d desk) sound(t *testing.T, b *http.Client, section, lang, content string, more ...string) apitest.Answer {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	fields := append([]string{"section", section, "lang", lang}, more...)
	for i := 0; i+1 < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if content != "" {
		part, err := w.CreateFormFile("file", "a.mp3")
		if err != nil {
			t.Fatal(err)
		}
		part.Write([]byte(content))
	}
	w.Close()
	return d.SendBy(t, b, "POST", "/console/policies/dibao/listen", body.String(), "Content-Type", w.FormDataContentType())
}

var audio = regexp.MustCompile(`<audio[^>]*preload="none" src="([^"]+)"`)

func TestARecordingIsPlayedAfterTheSecondPersonsYes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, db)
		editor, publisher, resident := d.as(t, "editor"), d.as(t, "publisher"), d.Browser(t)
		mp3 := "ID3\x04\x00\x00\x00\x00\x00\x00" + strings.Repeat("sound", 200)
		for _, tt := range []struct {
			name, section, lang, content string
			status                       int
		}{
			{"a page that calls itself sound", "who", "zh-Hans", "<html><script>alert(1)</script></html>", 415},
			{"nothing", "who", "zh-Hans", "", 422},
			{"no such section", "nowhere", "zh-Hans", mp3, 422},
			{"no such language", "who", "fr", mp3, 422},
			{"too large", "who", "zh-Hans", mp3 + strings.Repeat("x", listen.Most), 413},
		} {
			if a := d.sound(t, editor, tt.section, tt.lang, tt.content); a.Status != tt.status {
				t.Errorf("%s = %d, want %d", tt.name, a.Status, tt.status)
			}
		}
		page := func(lang string) string {
			return d.get(t, resident, "/policies/dibao?place="+sample.Xinglin+"&lang="+lang).Body
		}
		at := d.sound(t, editor, "who", "zh-Hans", mp3).Header.Get("Location")
		if !strings.HasPrefix(at, "/console/review/") || audio.MatchString(page("zh-Hans")) {
			t.Fatalf("proposed at %q, or shown too soon", at)
		}
		// Who approves hears it first; residents do not.
		if a := d.get(t, publisher, at); !strings.Contains(a.Body, `href="`+at+`/sound"`) {
			t.Errorf("the page of the change does not lead to the sound: %s", a.Body)
		}
		if a := d.get(t, publisher, at+"/sound"); a.Status != 200 || a.Body != mp3 || a.Header.Get("Content-Type") != "audio/mpeg" || !strings.Contains(a.Header.Get("Cache-Control"), "no-store") {
			t.Errorf("the proposed sound = %d %v", a.Status, a.Header)
		}
		if a := d.get(t, resident, at+"/sound"); a.Status == 200 || a.Body == mp3 {
			t.Errorf("a resident hears it = %d", a.Status)
		}
		if a := d.post(t, editor, at+"/approve", nil); a.Status != 403 {
			t.Errorf("an editor approves = %d", a.Status)
		}
		if a := d.post(t, publisher, at+"/approve", nil); a.Status != 303 {
			t.Fatalf("approving = %d %s", a.Status, a.Body)
		}
		m := audio.FindStringSubmatch(page("zh-Hans"))
		if m == nil || audio.MatchString(page("en")) {
			t.Fatal("no recording on the page, or on that of another language")
		}
		to := strings.ReplaceAll(m[1], "&amp;", "&")
		whole := d.get(t, resident, to)
		if whole.Status != 200 || whole.Body != mp3 || whole.Header.Get("Content-Type") != "audio/mpeg" || !strings.Contains(whole.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("the sound = %d %v", whole.Status, whole.Header)
		}
		part := d.SendBy(t, resident, "GET", to, "", "Range", "bytes=10-14")
		if part.Status != 206 || part.Body != "sound" {
			t.Errorf("a part = %d %q", part.Status, part.Body)
		}
		if a := d.SendBy(t, resident, "GET", to, "", "Range", "bytes=99999-"); a.Status != 416 {
			t.Errorf("a part beyond the end = %d", a.Status)
		}
		for i := 0; d.SendBy(t, resident, "GET", to, "", "Range", "bytes=0-0").Status != 429; i++ {
			if i == 400 {
				t.Fatal("one address may have it opened without end")
			}
		}
		d.Pass(2 * time.Minute)
		if a := d.get(t, resident, "/policies/dibao/listen/what?in=zh-Hans"); a.Status != 404 {
			t.Errorf("a section nobody read = %d", a.Status)
		}
		// A section that reads otherwise by now is not played as it was: the recording would say what no longer holds.
		g, _ := d.Library.Shelf().Programme("dibao")
		was := g
		g.Sections = slices.Clone(g.Sections)
		for i := range g.Sections {
			if g.Sections[i].Key == "who" {
				g.Sections[i].Text.Hans += "以新的规定为准。"
			}
		}
		for _, one := range []struct {
			g      policy.Programme
			played bool
		}{{g, false}, {was, true}} {
			if err := d.Library.PutProgrammes(t.Context(), d.DB, []policy.Programme{one.g}); err != nil {
				t.Fatal(err)
			}
			if err := d.Library.Reload(t.Context()); err != nil {
				t.Fatal(err)
			}
			if audio.MatchString(page("zh-Hans")) != one.played {
				t.Errorf("with the section as it was read (%v) it is played: %v", one.played, !one.played)
			}
		}
		at = d.sound(t, editor, "who", "zh-Hans", "", "gone", "yes").Header.Get("Location")
		if a := d.post(t, publisher, at+"/approve", nil); a.Status != 303 || audio.MatchString(page("zh-Hans")) {
			t.Errorf("taking off = %d", a.Status)
		}
	})
}
