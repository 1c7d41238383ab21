// Package frame is what every staff page is made of: who may go where, what
// stands around a page, and the handful of pages all rooms share: list, form,
// confirmation, record, import and comparison.
package frame

import (
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/aid/policy"
	"mashang/api/web"
	"mashang/platform/audit"
	"mashang/platform/files"
	"mashang/platform/staff"
	"mashang/platform/store"
)

// Root is where the staff pages begin.
const Root = "/console"

// Cookie is the name of the cookie that holds the session's token.
const Cookie = "staff"

// Open marks the routes one can reach without having signed in.
const Open staff.Permission = "open"

// Frame is shared by all rooms. It is made once and never changes afterwards.
type Frame struct {
	Web      *web.Web
	DB       *store.DB
	Staff    *staff.Office
	Audit    *audit.Log
	Vault    *files.Vault    // where an import waits between its preview and its taking in
	Library  *policy.Library // names of programmes, which every room shows
	Provider string          // what the office's own sign-in is called; "" when there is none
	Rooms    func() []Room   // all of them, for the navigation; set by the console

	Setup func(c *gin.Context) (*Wizard, error) // how far an empty system is set up; nil where nobody asks
}

// Route is one line of the table that says who may do what.
type Route struct {
	Method, Path string // Path is below Root
	Needs        staff.Permission
	Handle       web.Handler
	Fresh        bool  // asks anew who one is when that was more than five minutes ago, see Frame.Fresh
	Body         int64 // how long a posted body may be; 0 for an ordinary form
}

// Groups of the navigation, in their order.
const (
	Today   = "today"
	Work    = "work"
	Content = "content"
	Places  = "places"
	System  = "system"
)

// Item is one line of the navigation. Its words are the message Key.
type Item struct {
	Group, Key, Path string
	Needs            staff.Permission
	Badge            func(c *gin.Context) int // how much waits there; nil for nothing to count
	Urgent           bool                     // the badge is red
}

// Room is one subject of the staff pages.
type Room interface {
	Routes() []Route
	Nav() []Item
}

// Teller is a room with something to say on the first page, to whoever asks.
type Teller interface {
	Today(c *gin.Context) (Glance, error)
}

const accountKey = "staff account"

// Account is who asks; the zero account on pages that are open.
func Account(c *gin.Context) staff.Account {
	a, _ := c.Value(accountKey).(staff.Account)
	return a
}

// SetAccount notes who asks; the guard's business.
func SetAccount(c *gin.Context, a staff.Account) { c.Set(accountKey, a) }

// May reports whether who asks may do need.
func May(c *gin.Context, need staff.Permission) bool { return staff.Can(Account(c).Role, need) }

// Note records what the signed-in person did. Give it the transaction of the deed.
func (f *Frame) Note(c *gin.Context, q store.Queryer, action, object, detail string) error {
	return f.Audit.Write(c.Request.Context(), q, audit.Entry{
		At: f.Web.Now(), Actor: Account(c).Name, Action: action, Object: object, Detail: detail, Address: web.ClientAddress(c),
	})
}

// Inside reports whether an account may see what belongs to a division: those
// of bound roles only their own, and nothing when they have none.
func (f *Frame) Inside(a staff.Account, division string) bool {
	if a.Scope == "" {
		return !a.Role.Bound()
	}
	return f.Web.Places.Atlas().Covers(a.Scope, division)
}

// Back is the address a form says to return to, when it is a staff page.
func Back(to, fallback string) string {
	to = web.Local(to)
	if to == Root || strings.HasPrefix(to, Root+"/") || strings.HasPrefix(to, Root+"?") {
		return to
	}
	return fallback
}

// foreign reports whether a query value belongs to the page around, not to the list in it.
func foreign(key string) bool { return key == "lang" || key == "care" || key == "check" }

// With is the page's address with one value of its query changed; "" takes it away.
func With(c *gin.Context, key, value string) string {
	q := url.Values{}
	for k, vs := range c.Request.URL.Query() {
		if !foreign(k) && k != key {
			q[k] = vs
		}
	}
	if value != "" {
		q.Set(key, value)
	}
	return address(c.Request.URL.Path, q)
}

func address(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// Page renders a staff page.
func (f *Frame) Page(c *gin.Context, status int, name, title string, body any) error {
	p := web.From(c).Frame(title, body)
	p.Robots = "noindex,nofollow"
	return f.Web.RenderPage(c, status, name, p)
}
