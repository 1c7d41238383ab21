package console_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply/applytest"
	"mashang/aid/roster"
	"mashang/api/apitest"
	"mashang/api/console"
	"mashang/api/console/frame"
	"mashang/platform/audit"
	"mashang/platform/staff"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/platform/webhook"
	"mashang/sample"
)

const password = "horse-battery-staple"

const form = "application/x-www-form-urlencoded"

// desk is a portal with an account of every role.
type desk struct {
	*apitest.Portal
}

func newDesk(t *testing.T, db *store.DB) desk {
	t.Helper()
	p := apitest.New(t, db)
	for _, r := range staff.Roles() {
		scope := ""
		if r.Bound() {
			scope = sample.Liuhe
		}
		if err := p.Staff.Ensure(t.Context(), string(r), r, scope, password); err != nil {
			t.Fatal(err)
		}
	}
	return desk{p}
}

// as signs a role in.
func (d desk) as(t *testing.T, name string) *http.Client {
	t.Helper()
	b := d.Browser(t)
	a := d.post(t, b, "/console/sign-in", url.Values{"name": {name}, "password": {password}})
	if a.Status != http.StatusSeeOther || a.Header.Get("Location") != "/console" {
		t.Fatalf("signing in %s = %d, to %s", name, a.Status, a.Header.Get("Location"))
	}
	return b
}

func (d desk) get(t *testing.T, b *http.Client, path string) apitest.Answer {
	t.Helper()
	return d.SendBy(t, b, "GET", path, "")
}

func (d desk) post(t *testing.T, b *http.Client, path string, values url.Values) apitest.Answer {
	t.Helper()
	return d.SendBy(t, b, "POST", path, values.Encode(), "Content-Type", form)
}

// file files an application in 柳河镇 and one in 北原镇.
func (d desk) file(t *testing.T) (liuhe, beiyuan string) {
	t.Helper()
	var receipts []string
	for n, place := range []string{d.Poster(t), d.Hall(t, sample.Beiyuan)} {
		id, err := d.Codes.Verify(place)
		if err != nil {
			t.Fatal(err)
		}
		filed, err := d.Desk.File(t.Context(), applytest.Example("dibao", id, sample.Xinglin, n))
		if err != nil {
			t.Fatal(err)
		}
		receipts = append(receipts, filed.Receipt)
	}
	return receipts[0], receipts[1]
}

// listed is every route that is installed below /console.
func listed(d desk) gin.RoutesInfo {
	return slices.DeleteFunc(slices.Clone(d.Routes), func(r gin.RouteInfo) bool {
		return r.Path != frame.Root && !strings.HasPrefix(r.Path, frame.Root+"/")
	})
}

// static is the address of a style sheet or script, whose hash may look like a key.
var static = regexp.MustCompile(`/static/[^"]+`)

var parameter = regexp.MustCompile(`:[a-z]+`)

// TestEveryRoleMeetsEveryRoute is the whole matrix, written out by hand: who is
// not named for a route is denied there.
func TestEveryRoleMeetsEveryRoute(t *testing.T) {
	allowed := map[string]string{}
	for _, room := range []map[string]string{frameMatrix(), peopleMatrix(), placesMatrix(), postersMatrix(), scansMatrix(), settingsMatrix(), rostersMatrix(), notifyMatrix(), editMatrix(), wordsMatrix(), questionsMatrix(), callsMatrix(), helperMatrix(), keepMatrix(), deskMatrix()} {
		for at, who := range room {
			if allowed[at] != "" {
				t.Errorf("%s is in two matrices", at)
			}
			allowed[at] = who
		}
	}
	d := newDesk(t, storetest.SQLite(t))
	browsers := map[string]*http.Client{}
	for _, r := range staff.Roles() {
		browsers[string(r)] = d.as(t, string(r))
	}
	stranger := d.Browser(t)
	seen := 0
	for _, r := range listed(d) {
		if r.Method == http.MethodHead {
			continue
		}
		at := r.Method + " " + r.Path
		who, known := allowed[at]
		if !known {
			t.Errorf("%s is not in the matrix", at)
			continue
		}
		seen++
		path := parameter.ReplaceAllString(r.Path, "unknown")
		if who == "everybody" {
			continue
		}
		a := d.SendBy(t, stranger, r.Method, path, "", "Content-Type", form)
		if r.Method == "GET" && (a.Status != 303 || !strings.HasPrefix(a.Header.Get("Location"), "/console/sign-in?next=")) || r.Method == "POST" && a.Status != 401 {
			t.Errorf("%s without signing in = %d", at, a.Status)
		}
		if strings.HasSuffix(r.Path, "/sign-out") {
			continue
		}
		for role, b := range browsers {
			a := d.SendBy(t, b, r.Method, path, "", "Content-Type", form)
			may := slices.Contains(strings.Fields(who), role)
			if (a.Status != 403) != may || a.Status >= 500 {
				t.Errorf("%s as %s = %d, allowed: %v", at, role, a.Status, may)
			}
		}
	}
	if seen != len(allowed) {
		t.Errorf("%d of the matrix's %d routes exist", seen, len(allowed))
	}
}

// TestUnlistedRouteIsDenied puts a route beside the table, as a slip would.
func TestUnlistedRouteIsDenied(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "admin")
	for _, path := range []string{"/console/secret", "/console/users/admin/1/2/3", "/console/cases/1/2/3"} {
		if a := d.get(t, b, path); a.Status != 404 {
			t.Errorf("%s = %d", path, a.Status)
		}
	}
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	g := e.Group(frame.Root, d.Web.Prepare)
	f := &frame.Frame{Web: d.Web, DB: d.DB, Staff: d.Staff, Audit: d.Audit, Library: d.Library}
	(&console.Pages{Frame: f, Cases: d.Cases, Book: d.Book}).Install(g)
	g.GET("/slip", func(c *gin.Context) { c.String(200, "let in") })
	d.Server.Config.Handler = e
	if a := d.get(t, b, "/console/slip"); a.Status != 403 || strings.Contains(a.Body, "let in") {
		t.Errorf("a route beside the table = %d", a.Status)
	}
}

func TestCasesAreSeenByRoleAndDivision(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, db)
		near, far := d.file(t)
		spaced := func(r string) string { return r[:4] + " " + r[4:8] + " " + r[8:12] + " " + r[12:] }
		for _, tt := range []struct {
			role               string
			near, far, persons bool
		}{
			{"admin", true, true, true}, {"operator", true, true, false}, {"auditor", true, true, false},
			{"town-officer", true, false, true}, {"helper", false, false, false}, // a helper sees own cases only: helper_test.go
		} {
			t.Run(tt.role, func(t *testing.T) {
				b := d.as(t, tt.role)
				list := d.get(t, b, "/console/cases")
				if strings.Contains(list.Body, spaced(near)) != tt.near || strings.Contains(list.Body, spaced(far)) != tt.far {
					t.Errorf("the list shows near %v, far %v", strings.Contains(list.Body, spaced(near)), strings.Contains(list.Body, spaced(far)))
				}
				for receipt, may := range map[string]bool{near: tt.near, far: tt.far} {
					a := d.get(t, b, "/console/cases/"+receipt)
					if (a.Status == 200) != may || !may && a.Status != 404 {
						t.Errorf("case %s = %d, may %v", receipt[:4], a.Status, may)
					}
					if may && strings.Contains(a.Body, "去年冬天起干不了重活") != tt.persons {
						t.Errorf("persons are shown: %v", !tt.persons)
					}
				}
			})
		}
		for deed, want := range map[string]int{"case-look": 4, "person-look": 3} {
			rows, err := d.Audit.List(t.Context(), audit.Filter{Action: deed})
			if err != nil || len(rows) != want {
				t.Errorf("%d of %s are on record, %v, want %d", len(rows), deed, err, want)
			}
		}
		if strings.Contains(d.Log.String(), near) || strings.Contains(d.Log.String(), "去年冬天起干不了重活") {
			t.Error("the log tells about the case")
		}
	})
}

func TestListsFilterSearchAndPage(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	near, _ := d.file(t)
	b := d.as(t, "admin")
	for path, want := range map[string]string{
		"/console/cases?receipt=" + near[:6]:                                           near[:4],
		"/console/cases?receipt=0000000":                                               "没有符合的办件",
		"/console/cases?kind=emergency":                                                "没有符合的办件",
		"/console/cases?kind=nonsense&show=nothing":                                    "没有符合的办件",
		"/console/cases?show=open&programme=dibao":                                     near[:4],
		"/console/places":                                                              "柳河镇",
		"/console/places?at=" + sample.Xinglin:                                         "0137",
		"/console/policies?department=" + d.Library.Shelf().Programmes()[0].Department: d.Library.Shelf().Programmes()[0].ID,
		"/console/standards?show=all":                                                  "这里没有登记",
		"/console/lists":                                                               "正在公开",
		"/console/users":                                                               "town-officer",
		"/console/audit?check=1":                                                       "都完好",
		"/console/deliveries":                                                          "发件箱",
		"/console/endpoints":                                                           "还没有业务系统",
	} {
		a := d.get(t, b, path)
		if a.Status != 200 || !strings.Contains(a.Body, want) {
			t.Errorf("%s = %d without %q", path, a.Status, want)
		}
	}
	if a := d.get(t, b, "/console/places?at=999999999999"); a.Status != 404 {
		t.Errorf("an unknown place = %d", a.Status)
	}
}

func TestPagesInEveryLanguage(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	near, _ := d.file(t)
	d.Office(t, "county", "")
	b := d.as(t, "admin")
	key := regexp.MustCompile(`(console|staff|status|problem)\.[a-z]+\.[a-z]`)
	for _, lang := range []string{"zh-Hans", "zh-Hant", "en"} {
		for _, path := range []string{"", "/cases", "/cases/" + near, "/deliveries", "/endpoints", "/endpoints/new", "/jobs", "/backups", "/places", "/policies", "/policies/dibao", "/standards", "/standards/new", "/documents", "/forms", "/forms/dibao", "/questions", "/review", "/import/standards", "/lists", "/lists/rules", "/lists/import", "/users", "/users/editor", "/new-user", "/users/editor/edit", "/users/editor/disable", "/users/editor/password", "/roles", "/audit", "/audit?check=1", "/password", "/me", "/me/code"} {
			sep := "?"
			if strings.Contains(path, "?") {
				sep = "&"
			}
			a := d.get(t, b, "/console"+path+sep+"lang="+lang)
			if a.Status != 200 || !strings.Contains(a.Body, `<html lang="`+lang+`"`) {
				t.Errorf("%s in %s = %d", path, lang, a.Status)
			}
			if m := key.FindString(static.ReplaceAllString(a.Body, "")); m != "" {
				t.Errorf("%s in %s shows the key %s", path, lang, m)
			}
			if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("X-Robots-Tag") == "" {
				t.Errorf("%s may be kept or indexed", path)
			}
			if strings.Contains(a.Body, "style=") || strings.Contains(a.Body, "onclick") {
				t.Errorf("%s has what the content policy forbids", path)
			}
		}
	}
}

func TestOutboxIsSeenAndRetried(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	e, _ := d.Office(t, "county", "")
	d.file(t)
	c := webhook.NewCourier(d.Book, nil, nil)
	c.Client = &http.Client{Transport: refuse{}}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	var all []webhook.Delivery
	for range 200 {
		var err error
		if all, err = d.Book.Deliveries(t.Context(), webhook.DeliveryFilter{}); err != nil {
			t.Fatal(err)
		}
		if len(all) == 2 && all[0].Failures > 0 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	stop()
	<-done
	if len(all) != 2 || all[0].Failures == 0 {
		t.Fatalf("deliveries are %+v", all)
	}
	b := d.as(t, "admin")
	one := d.get(t, b, "/console/deliveries/"+all[0].ID)
	if one.Status != 200 || !strings.Contains(one.Body, "application.submitted") || !strings.Contains(one.Body, "现在再发") {
		t.Errorf("one delivery = %d", one.Status)
	}
	if a := d.post(t, b, "/console/deliveries/"+all[0].ID+"/retry", nil); a.Status != 303 {
		t.Errorf("retry = %d", a.Status)
	}
	if a := d.post(t, b, "/console/deliveries/unknown/retry", nil); a.Status != 404 {
		t.Errorf("retry of an unknown delivery = %d", a.Status)
	}
	if a := d.post(t, b, "/console/endpoints/"+e.ID+"/disable", nil); a.Status != 303 {
		t.Errorf("disable = %d", a.Status)
	}
	if got, err := d.Book.Find(t.Context(), e.ID); err != nil || !got.Disabled {
		t.Errorf("the endpoint is %+v, %v", got, err)
	}
	if a := d.get(t, b, "/console"); !strings.Contains(a.Body, "没有业务系统在收件") {
		t.Error("the first page does not say that nobody receives cases")
	}
}

type refuse struct{}

func (refuse) RoundTrip(*http.Request) (*http.Response, error) { return nil, fmt.Errorf("refused") }

func TestListsNeedFourEyes(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	var mine roster.Publication
	all, err := d.Board.All(t.Context(), "", 500)
	if err != nil || len(all) == 0 {
		t.Fatalf("%d lists, %v", len(all), err)
	}
	mine = all[0]
	b := d.as(t, "publisher")
	if a := d.post(t, b, "/console/lists/"+mine.ID+"/withdraw", url.Values{"reason": {"wrong"}}); a.Status != 303 {
		t.Errorf("withdraw = %d", a.Status)
	}
	if p, err := d.Board.Find(t.Context(), mine.ID); err != nil || p.Withdrawn.IsZero() {
		t.Errorf("the list is %+v, %v", p, err)
	}
	if _, err := d.DB.ExecContext(t.Context(), `UPDATE roster_publications SET made_by = 'publisher', approved_at = NULL WHERE id = $1`, all[1].ID); err != nil {
		t.Fatal(err)
	}
	if a := d.post(t, b, "/console/lists/"+all[1].ID+"/approve", nil); a.Status != 403 {
		t.Errorf("approving one's own list = %d", a.Status)
	}
}
