package console_test

import (
	"context"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"mashang/platform/audit"
	"mashang/platform/jobs"
	"mashang/platform/problem"
	"mashang/platform/store/storetest"
	"mashang/platform/webhook"
)

var secretText = regexp.MustCompile(`whsec_[A-Za-z0-9+/=]{20,}|msk_[A-Z0-9]{40,}`)

func TestEndpointIsAddedWithWordsAndItsKeysAreShownOnce(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "admin")
	good := url.Values{"name": {"县民政业务系统"}, "url": {"https://office.example/hooks"}, "topics": {"application.submitted"}}
	for _, tt := range []struct {
		name, field, value, want string
	}{
		{"no name", "name", "", "f-name-e"},
		{"no address", "url", "office.example", "f-url-e"},
		{"a password in the address", "url", "https://u:p@office.example/", "f-url-e"},
		{"a topic nobody sends", "topics", "aplication.submitted", "f-topics-e"},
		{"an unknown place", "scope", "110101000000", "f-scope-e"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bad := url.Values{"name": good["name"], "url": good["url"], "topics": good["topics"]}
			bad.Set(tt.field, tt.value)
			a := d.post(t, b, "/console/endpoints", bad)
			if a.Status != 422 || !strings.Contains(a.Body, `id="`+tt.want+`"`) || !strings.Contains(a.Body, `value="`+bad.Get("name")+`"`) {
				t.Errorf("= %d without an error at %s, or what was typed is lost", a.Status, tt.want)
			}
		})
	}
	made := d.post(t, b, "/console/endpoints", good)
	keys := secretText.FindAllString(html.UnescapeString(made.Body), -1)
	if made.Status != 201 || len(keys) != 3 {
		t.Fatalf("adding = %d with %d keys", made.Status, len(keys))
	}
	if a := d.post(t, b, "/console/endpoints", good); a.Status != 422 || !strings.Contains(a.Body, "f-name-e") {
		t.Errorf("the same name again = %d", a.Status)
	}
	all, err := d.Book.List(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatalf("%d endpoints, %v", len(all), err)
	}
	at := "/console/endpoints/" + all[0].ID
	if a := d.get(t, b, at); a.Status != 200 || strings.Contains(html.UnescapeString(a.Body), keys[0]) || strings.Contains(d.Log.String(), keys[0]) {
		t.Errorf("the page = %d, or a key is shown twice or logged", a.Status)
	}
	if a := d.post(t, b, at+"/edit", url.Values{"name": {"改了名"}, "url": {"https://office.example/new"}}); a.Status != 303 {
		t.Errorf("editing = %d", a.Status)
	}
	if a := d.get(t, b, at); !strings.Contains(a.Body, "改好了") || !strings.Contains(a.Body, "改了名") {
		t.Error("what was done is not said")
	}
	if a := d.get(t, b, at); strings.Contains(a.Body, "改好了") {
		t.Error("what was done is said twice")
	}
	renewed := d.post(t, b, at+"/renew", url.Values{"use": {"bearer"}, "overlap": {"24"}})
	fresh := secretText.FindString(html.UnescapeString(renewed.Body))
	if renewed.Status != 200 || !strings.HasPrefix(fresh, "msk_") {
		t.Fatalf("renewing = %d", renewed.Status)
	}
	if _, err := d.Book.Bearer(t.Context(), fresh); err != nil {
		t.Errorf("the new key = %v", err)
	}
	if a := d.post(t, b, at+"/renew", url.Values{"use": {"nonsense"}, "overlap": {"24"}}); a.Status != 400 {
		t.Errorf("renewing nonsense = %d", a.Status)
	}
	if a := d.post(t, b, at+"/disable", url.Values{"keys": {"yes"}}); a.Status != 303 {
		t.Errorf("disabling = %d", a.Status)
	}
	if _, err := d.Book.Bearer(t.Context(), fresh); !problem.Is(err, problem.Unauthenticated) {
		t.Errorf("a key after disabling with its keys = %v", err)
	}
	if a := d.get(t, b, at+"/remove"); a.Status != 200 || !strings.Contains(a.Body, "不能撤销") {
		t.Errorf("asking before removing = %d", a.Status)
	}
	if a := d.post(t, b, at+"/remove", nil); a.Status != 303 {
		t.Errorf("removing = %d", a.Status)
	}
	if a := d.get(t, b, at); a.Status != 404 || !strings.Contains(a.Body, "mz-side") {
		t.Errorf("a removed one = %d, or outside the frame", a.Status)
	}
	for _, deed := range []string{"endpoint-add", "endpoint-change", "endpoint-renew", "endpoint-disable", "endpoint-remove"} {
		if rows, err := d.Audit.List(t.Context(), audit.Filter{Action: deed}); err != nil || len(rows) != 1 {
			t.Errorf("%d of %s are on record, %v", len(rows), deed, err)
		}
	}
}

// A dangerous deed asks who one is when that was long ago, and goes on with what was typed.
func TestKeysAreMadeOnlyForWhoIsKnown(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "admin")
	d.Pass(6 * time.Minute)
	typed := url.Values{"name": {"县民政业务系统"}, "url": {"https://office.example/hooks"}}
	a := d.post(t, b, "/console/endpoints", typed)
	if all, err := d.Book.List(t.Context()); err != nil || len(all) != 0 || !strings.Contains(a.Body, `value="县民政业务系统"`) {
		t.Fatalf("%d endpoints, %v; what was typed is kept: %v", len(all), err, strings.Contains(a.Body, "县民政业务系统"))
	}
	typed.Set("proof", password)
	if a := d.post(t, b, "/console/endpoints", typed); a.Status != 201 {
		t.Errorf("with the password = %d", a.Status)
	}
}

func TestTestMessageSaysWhatCameBack(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	e, _ := d.Office(t, "county", "")
	b := d.as(t, "admin")
	d.Courier.Client = &http.Client{Transport: refuse{}}
	if a := d.post(t, b, "/console/endpoints/"+e.ID+"/test", nil); a.Status != 200 || !strings.Contains(a.Body, "没有送到") || !strings.Contains(a.Body, "没有丢") {
		t.Errorf("a failing test = %d", a.Status)
	}
	d.Courier.Client = &http.Client{Transport: answers{}}
	if a := d.post(t, b, "/console/endpoints/"+e.ID+"/test", nil); a.Status != 200 || !strings.Contains(a.Body, "对方收到了：200") || !strings.Contains(a.Body, "&lt;b&gt;hello") {
		t.Errorf("a good test = %d", a.Status)
	}
	if a := d.post(t, d.as(t, "auditor"), "/console/endpoints/"+e.ID+"/test", nil); a.Status != 403 {
		t.Errorf("a test by the auditor = %d", a.Status)
	}
}

type answers struct{}

func (answers) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("<b>hello"))}, nil
}

func TestManyMessagesAreSentAgainAndDaysReplayed(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	e, _ := d.Office(t, "county", "")
	d.file(t)
	c := webhook.NewCourier(d.Book, nil, nil)
	c.Client = &http.Client{Transport: answers{}}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	var all []webhook.Delivery
	for range 200 {
		var err error
		if all, err = d.Book.Deliveries(t.Context(), webhook.DeliveryFilter{State: webhook.Delivered}); err != nil {
			t.Fatal(err)
		}
		if len(all) == 2 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	stop()
	<-done
	if len(all) != 2 {
		t.Fatalf("%d arrived", len(all))
	}
	b := d.as(t, "admin")
	day := d.Now().Format(time.DateOnly)
	at := "/console/endpoints/" + e.ID + "/replay"
	if a := d.post(t, b, at, url.Values{"from": {day}, "to": {"nonsense"}}); a.Status != 422 || !strings.Contains(a.Body, "f-to-e") {
		t.Errorf("a day that is none = %d", a.Status)
	}
	if a := d.post(t, b, at, url.Values{"from": {"2020-01-01"}, "to": {"2020-01-02"}}); a.Status != 422 || !strings.Contains(a.Body, "f-from-e") {
		t.Errorf("days without messages = %d", a.Status)
	}
	if a := d.post(t, b, at, url.Values{"from": {day}, "to": {day}}); a.Status != 200 || !strings.Contains(a.Body, "有 2 条") {
		t.Errorf("counting = %d", a.Status)
	}
	if n, err := d.Book.Count(t.Context(), webhook.DeliveryFilter{State: webhook.Waiting}); err != nil || n != 0 {
		t.Errorf("counting sent %d, %v", n, err)
	}
	if a := d.post(t, b, at, url.Values{"from": {day}, "to": {day}, "sure": {"yes"}}); a.Status != 303 {
		t.Errorf("replaying = %d", a.Status)
	}
	if n, err := d.Book.Count(t.Context(), webhook.DeliveryFilter{State: webhook.Waiting}); err != nil || n != 2 {
		t.Errorf("%d wait, %v", n, err)
	}
	list := d.get(t, b, "/console/deliveries")
	if strings.Count(list.Body, `name="pick"`) != 2 || !strings.Contains(list.Body, "共 2 条") {
		t.Error("the list offers no choice")
	}
	again := d.post(t, b, "/console/deliveries/retry", url.Values{"all": {"page"}, "listed": {all[0].ID + " " + all[1].ID}, "back": {"/console/deliveries?state=waiting"}})
	if again.Status != 303 || again.Header.Get("Location") != "/console/deliveries?state=waiting" {
		t.Errorf("sending all again = %d to %s", again.Status, again.Header.Get("Location"))
	}
	if a := d.get(t, b, "/console/deliveries?state=waiting"); !strings.Contains(a.Body, "2 条马上再发") {
		t.Error("how many are sent again is not said")
	}
	for _, back := range []string{"https://evil.example", "//evil.example", "/policies"} {
		if a := d.post(t, b, "/console/deliveries/retry", url.Values{"pick": {all[0].ID}, "back": {back}}); a.Header.Get("Location") != "/console/deliveries" {
			t.Errorf("back to %s leads to %s", back, a.Header.Get("Location"))
		}
	}
}

func TestJobsAreShownStartedAndStopped(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	release := make(chan struct{})
	d.Jobs.Add(jobs.Job{Name: "sweep", Every: time.Hour, Run: func(ctx context.Context, p *jobs.Progress) error {
		p.Step(3, 10)
		select {
		case <-release:
		case <-ctx.Done():
		}
		return ctx.Err()
	}})
	b := d.as(t, "admin")
	if a := d.get(t, b, "/console/jobs"); a.Status != 200 || !strings.Contains(a.Body, "清理过期数据") || !strings.Contains(a.Body, "现在没有服务器") {
		t.Errorf("the page = %d", a.Status)
	}
	if a := d.post(t, b, "/console/jobs/start", url.Values{"name": {"nonsense"}}); a.Status != 404 {
		t.Errorf("an unknown job = %d", a.Status)
	}
	a := d.post(t, b, "/console/jobs/start", url.Values{"name": {"sweep"}})
	at := a.Header.Get("Location")
	if a.Status != 303 || !strings.HasPrefix(at, "/console/jobs/") {
		t.Fatalf("starting = %d to %s", a.Status, at)
	}
	page := d.get(t, b, at)
	if page.Status != 200 || !strings.Contains(page.Body, "data-poll") || page.Header.Get("Refresh") == "" {
		t.Errorf("a queued run = %d, refresh %q", page.Status, page.Header.Get("Refresh"))
	}
	if a := d.post(t, b, at+"/cancel", nil); a.Status != 303 {
		t.Errorf("cancelling = %d", a.Status)
	}
	if a := d.get(t, b, at); !strings.Contains(a.Body, "已取消") || strings.Contains(a.Body, "data-poll") {
		t.Errorf("a cancelled run = %d", a.Status)
	}
	close(release)
}

func TestBackupsLeaveOnlyWithARecord(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	made, err := d.Backups.Make(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b := d.as(t, "admin")
	if a := d.get(t, b, "/console/backups"); a.Status != 200 || !strings.Contains(a.Body, made.Name) {
		t.Errorf("the list = %d", a.Status)
	}
	a := d.get(t, b, "/console/backups/"+made.Name)
	if a.Status != 200 || !strings.HasPrefix(a.Body, "SQLite format 3") || !strings.Contains(a.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the download = %d", a.Status)
	}
	if rows, err := d.Audit.List(t.Context(), audit.Filter{Action: "backup-download"}); err != nil || len(rows) != 1 {
		t.Errorf("%d downloads are on record, %v", len(rows), err)
	}
	for _, name := range []string{"unknown.db", "..%2fportal.db", "mashang-20200101-000000.db"} {
		if a := d.get(t, b, "/console/backups/"+name); a.Status != 404 {
			t.Errorf("%s = %d", name, a.Status)
		}
	}
	d.Pass(6 * time.Minute)
	if a := d.get(t, b, "/console/backups/"+made.Name); strings.HasPrefix(a.Body, "SQLite") {
		t.Error("a copy left without asking anew who one is")
	}
}
