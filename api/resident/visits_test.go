package resident_test

import (
	"net/url"
	"regexp"
	"testing"

	"mashang/aid/place/scan"
	"mashang/api/apitest"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// What comes of a scan is counted for the poster that was scanned: an application begun, a case handed in, each once.
// Who never scanned a code, programs and staff leave no trace.
func TestWhatComesOfAScanIsCounted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := apitest.New(t, db)
		code := p.Poster(t)
		id, err := p.Codes.Verify(code)
		must(t, err)
		const people = "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/107.0 Mobile Safari/537.36 MicroMessenger/8.0.37"
		journey := func(agent, landing, cookie string) {
			t.Helper()
			b := p.Browser(t)
			send := func(method, path, body string) string {
				t.Helper()
				a := p.SendBy(t, b, method, path, body, "User-Agent", agent, "Content-Type", "application/x-www-form-urlencoded", "Referer", p.URL+landing, "Cookie", cookie)
				if a.Status >= 400 {
					t.Fatalf("%s %s = %d", method, path, a.Status)
				}
				return a.Body
			}
			if landing != "" {
				send("GET", landing, "")
			}
			key := regexp.MustCompile(`name="key" value="([^"]+)"`).FindStringSubmatch(send("GET", "/emergency", ""))[1]
			form := url.Values{"who": {"张大爷"}, "where": {"村口"}, "what": {"food"}, "key": {key}, "town": {"990121100000"}}.Encode()
			send("POST", "/emergency", form)
			send("POST", "/emergency", form) // tapped twice
			send("POST", "/apply/dibao/start", url.Values{"town": {"990121100000"}}.Encode())
		}
		journey(people, "/s/"+code, "")
		journey(people, "", "")                 // nobody scanned
		journey("curl/8", "/s/"+code, "")       // a program
		journey(people, "/s/"+code, "staff=xy") // somebody of the staff
		must(t, p.Counter.Flush(t.Context()))
		f, err := p.Scans.Figures(t.Context(), scan.Query{Location: id, From: p.Now(), To: p.Now()})
		must(t, err)
		if got := f.Total; got.Filed != 1 || got.Started != 1 || got.Emergency != 1 || got.Apply > 1 {
			t.Errorf("counted %+v, want one begun, one handed in, one door", got)
		}
		whole, err := p.Scans.Figures(t.Context(), scan.Query{From: p.Now(), To: p.Now()})
		must(t, err)
		if whole.Total != f.Total {
			t.Errorf("other posters counted too: %+v", whole.Total)
		}
	})
}

// A phone number that is tapped is told by the link itself, from our own pages only.
func TestCallIsCountedByThePing(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	code := p.Poster(t)
	id, err := p.Codes.Verify(code)
	must(t, err)
	const people = "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/107.0 Mobile Safari/537.36"
	b := p.Browser(t)
	page := p.SendBy(t, b, "GET", "/s/"+code, "", "User-Agent", people)
	if n := len(regexp.MustCompile(`href="tel:\d+" ping="/call"`).FindAllString(page.Body, -1)); n < 4 {
		t.Errorf("%d numbers tell that they are tapped, want the office's, 12345, 120 and 110", n)
	}
	for _, tt := range []struct {
		site string
		want int
	}{{"same-origin", 204}, {"cross-site", 403}} {
		if a := p.SendBy(t, b, "POST", "/call", "PING", "User-Agent", people, "Content-Type", "text/ping", "Sec-Fetch-Site", tt.site); a.Status != tt.want {
			t.Errorf("a ping from %s = %d, want %d", tt.site, a.Status, tt.want)
		}
	}
	must(t, p.Counter.Flush(t.Context()))
	f, err := p.Scans.Figures(t.Context(), scan.Query{Location: id, From: p.Now(), To: p.Now()})
	must(t, err)
	if f.Total.Call != 1 {
		t.Errorf("%d calls, want 1", f.Total.Call)
	}
}
