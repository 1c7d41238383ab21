package v1_test

import (
	"encoding/base64"
	"strconv"
	"strings"
	"testing"

	"mashang/aid/apply"
	"mashang/aid/apply/applytest"
	"mashang/api/apitest"
	"mashang/platform/store/storetest"
)

// What tus 1.0, core and creation, asks of a server.
func TestUploadsSpeakTus(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	const papers = "/api/v1/papers"
	const bytesOf = "application/offset+octet-stream"
	picture := applytest.Photo(60, 40)
	length := strconv.Itoa(len(picture))
	made := p.Send(t, "POST", papers, "", "Tus-Resumable", "1.0.0", "Upload-Length", length, "Upload-Metadata", "kind "+base64.StdEncoding.EncodeToString([]byte("hukou"))+",filename eA==,empty")
	if made.Status != 201 || made.Header.Get("Upload-Offset") != "0" {
		t.Fatalf("creation = %d %s", made.Status, made.Body)
	}
	at := made.Header.Get("Location")
	at = at[strings.Index(at, papers):]
	for _, tt := range []struct {
		name, method, path, body string
		head                     []string
		status                   int
		want                     map[string]string
	}{
		{"what the server can, asked without a version", "OPTIONS", papers, "", nil, 204,
			map[string]string{"Tus-Version": "1.0.0", "Tus-Extension": "creation", "Tus-Max-Size": strconv.Itoa(apply.PaperBytes)}},
		{"creation without a version", "POST", papers, "", []string{"Upload-Length", "9"}, 412, map[string]string{"Tus-Version": "1.0.0"}},
		{"a look without a version", "HEAD", at, "", nil, 412, map[string]string{"Tus-Version": "1.0.0"}},
		{"bytes in another version", "PATCH", at, "x", []string{"Tus-Resumable", "0.2.2", "Upload-Offset", "0", "Content-Type", bytesOf}, 412, map[string]string{"Tus-Version": "1.0.0"}},
		{"no length", "POST", papers, "", []string{"Tus-Resumable", "1.0.0"}, 400, nil},
		{"a length that is told later", "POST", papers, "", []string{"Tus-Resumable", "1.0.0", "Upload-Defer-Length", "1"}, 400, nil},
		{"a length below nothing", "POST", papers, "", []string{"Tus-Resumable", "1.0.0", "Upload-Length", "-1"}, 400, nil},
		{"a length that is no number", "POST", papers, "", []string{"Tus-Resumable", "1.0.0", "Upload-Length", "1e3"}, 400, nil},
		{"one byte too many", "POST", papers, "", []string{"Tus-Resumable", "1.0.0", "Upload-Length", strconv.Itoa(apply.PaperBytes + 1)}, 413, nil},
		{"50 MB", "POST", papers, "", []string{"Tus-Resumable", "1.0.0", "Upload-Length", strconv.Itoa(50 << 20)}, 413, nil},
		{"metadata that are not base64", "POST", papers, "", []string{"Tus-Resumable", "1.0.0", "Upload-Length", "9", "Upload-Metadata", "kind ***"}, 400, nil},
		{"where it stands", "HEAD", at, "", []string{"Tus-Resumable", "1.0.0"}, 200, map[string]string{"Upload-Offset": "0", "Upload-Length": length, "Cache-Control": "no-store"}},
		{"where an unknown one stands", "HEAD", papers + "/NOPE", "", []string{"Tus-Resumable", "1.0.0"}, 404, nil},
		{"bytes of another type", "PATCH", at, "x", []string{"Tus-Resumable", "1.0.0", "Upload-Offset", "0", "Content-Type", "image/jpeg"}, 415, nil},
		{"bytes at no place", "PATCH", at, "x", []string{"Tus-Resumable", "1.0.0", "Content-Type", bytesOf}, 400, nil},
		{"bytes at a wrong place", "PATCH", at, "x", []string{"Tus-Resumable", "1.0.0", "Upload-Offset", "7", "Content-Type", bytesOf}, 409, nil},
		{"bytes for an unknown one", "PATCH", papers + "/NOPE", "x", []string{"Tus-Resumable", "1.0.0", "Upload-Offset", "0", "Content-Type", bytesOf}, 404, nil},
		{"the first ten", "PATCH", at, string(picture[:10]), []string{"Tus-Resumable", "1.0.0", "Upload-Offset", "0", "Content-Type", bytesOf}, 204, map[string]string{"Upload-Offset": "10"}},
		{"the first ten again", "PATCH", at, string(picture[:10]), []string{"Tus-Resumable", "1.0.0", "Upload-Offset", "0", "Content-Type", bytesOf}, 409, nil},
		{"and still there", "HEAD", at, "", []string{"Tus-Resumable", "1.0.0"}, 200, map[string]string{"Upload-Offset": "10"}},
		{"the rest", "PATCH", at, string(picture[10:]), []string{"Tus-Resumable", "1.0.0", "Upload-Offset", "10", "Content-Type", bytesOf}, 204, map[string]string{"Upload-Offset": length}},
		{"all of it", "HEAD", at, "", []string{"Tus-Resumable", "1.0.0"}, 200, map[string]string{"Upload-Offset": length, "Upload-Length": length}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := p.Send(t, tt.method, tt.path, tt.body, tt.head...)
			if a.Status != tt.status {
				t.Errorf("%d %s, want %d", a.Status, a.Body, tt.status)
			}
			if a.Header.Get("Tus-Resumable") != "1.0.0" {
				t.Error("the answer does not name the version")
			}
			for name, want := range tt.want {
				if got := a.Header.Get(name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
		})
	}
}
