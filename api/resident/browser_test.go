package resident_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/textproto"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

type node = html.Node

// browser is a phone with script off: it keeps cookies, follows redirects, and
// sends forms as they stand on the page.
type browser struct {
	t      testing.TB
	base   string
	client *http.Client
	Status int
	Header http.Header
	Body   string
	At     string // path of the page
	page   *html.Node
}

func newBrowser(t testing.TB, base string) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, base: base, client: &http.Client{Jar: jar}}
}

// tab is a second window of the same phone, open on the same page.
func (b *browser) tab() *browser {
	other := *b
	return &other
}

func (b *browser) do(req *http.Request) *browser {
	b.t.Helper()
	res, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	b.Status, b.Header, b.Body, b.At = res.StatusCode, res.Header, string(body), res.Request.URL.Path
	if b.page, err = html.Parse(bytes.NewReader(body)); err != nil {
		b.t.Fatal(err)
	}
	return b
}

func (b *browser) get(path string) *browser {
	b.t.Helper()
	req, err := http.NewRequest(http.MethodGet, b.base+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(req)
}

func (b *browser) post(path string, values url.Values) *browser {
	b.t.Helper()
	req, err := http.NewRequest(http.MethodPost, b.base+path, strings.NewReader(values.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(req)
}

// want fails unless the page answered with status.
func (b *browser) want(status int) *browser {
	b.t.Helper()
	if b.Status != status {
		b.t.Fatalf("%s answered %d, want %d:\n%s", b.At, b.Status, status, b.text())
	}
	return b
}

// see fails unless the page shows each of the words.
func (b *browser) see(words ...string) *browser {
	b.t.Helper()
	text := b.text()
	for _, w := range words {
		if !strings.Contains(text, w) {
			b.t.Fatalf("%s does not show %q:\n%s", b.At, w, text)
		}
	}
	return b
}

func (b *browser) miss(words ...string) *browser {
	b.t.Helper()
	text := b.text()
	for _, w := range words {
		if strings.Contains(text, w) {
			b.t.Fatalf("%s shows %q:\n%s", b.At, w, text)
		}
	}
	return b
}

// text is what a reader sees, spaces folded.
func (b *browser) text() string {
	var out strings.Builder
	for n := range b.page.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "script" && n.Parent.Data != "style" {
			out.WriteString(n.Data)
		}
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// all lists the elements for which is holds.
func (b *browser) all(is func(*html.Node) bool) []*html.Node {
	var out []*html.Node
	for n := range b.page.Descendants() {
		if n.Type == html.ElementNode && is(n) {
			out = append(out, n)
		}
	}
	return out
}

func (b *browser) byID(id string) *html.Node {
	for _, n := range b.all(func(n *html.Node) bool { return attr(n, "id") == id }) {
		return n
	}
	return nil
}

// form finds the form that posts to action, else to an address containing it.
func (b *browser) form(action string) *html.Node {
	b.t.Helper()
	forms := b.all(func(n *html.Node) bool { return n.Data == "form" })
	for _, n := range forms {
		if path, _, _ := strings.Cut(attr(n, "action"), "?"); path == action {
			return n
		}
	}
	for _, n := range forms {
		if strings.Contains(attr(n, "action"), action) {
			return n
		}
	}
	b.t.Fatalf("%s (%d) has no form for %q:\n%s", b.At, b.Status, action, b.text())
	return nil
}

// filled are the values a form would send as it stands.
func filled(form *html.Node) url.Values {
	v := url.Values{}
	for n := range form.Descendants() {
		name := attr(n, "name")
		if n.Type != html.ElementNode || name == "" {
			continue
		}
		switch n.Data {
		case "input":
			switch attr(n, "type") {
			case "checkbox", "radio":
				if has(n, "checked") {
					v.Add(name, attr(n, "value"))
				}
			case "file":
			default:
				v.Add(name, attr(n, "value"))
			}
		case "textarea":
			if n.FirstChild != nil {
				v.Add(name, strings.TrimPrefix(n.FirstChild.Data, "\n"))
			} else {
				v.Add(name, "")
			}
		case "select":
			v.Add(name, selected(n))
		}
	}
	return v
}

func selected(list *html.Node) string {
	first, found := "", false
	for o := range list.Descendants() {
		if o.Type != html.ElementNode || o.Data != "option" {
			continue
		}
		if has(o, "selected") {
			return attr(o, "value")
		}
		if !found {
			first, found = attr(o, "value"), true
		}
	}
	return first
}

// submit sends the form for action with some values changed and a button
// ("name=value", or "") pressed. A value for a field the form does not have is a
// mistake of the test.
func (b *browser) submit(action string, values map[string]string, button string) *browser {
	b.t.Helper()
	form := b.form(action)
	send := filled(form)
	for name, value := range values {
		known := false
		for n := range form.Descendants() {
			known = known || attr(n, "name") == name
		}
		if !known {
			b.t.Fatalf("%s: the form for %q has no field %q", b.At, action, name)
		}
		send.Set(name, value)
	}
	if name, value, ok := strings.Cut(button, "="); ok {
		send.Set(name, value)
	}
	return b.post(attr(form, "action"), send)
}

// upload sends a file in the form for action.
func (b *browser) upload(action, name string, content []byte) *browser {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for field, values := range filled(b.form(action)) {
		for _, v := range values {
			must(b.t, w.WriteField(field, v))
		}
	}
	h := textproto.MIMEHeader{}
	h.Set("Content-Disposition", `form-data; name="file"; filename="`+name+`"`)
	h.Set("Content-Type", "application/octet-stream")
	part, err := w.CreatePart(h)
	if err != nil {
		b.t.Fatal(err)
	}
	if name != "" {
		part.Write(content) // a bytes.Buffer takes everything
	}
	w.Close()
	req, err := http.NewRequest(http.MethodPost, b.base+attr(b.form(action), "action"), &body)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	return b.do(req)
}

// link follows the first link whose address contains part.
func (b *browser) link(part string) *browser {
	b.t.Helper()
	for _, n := range b.all(func(n *html.Node) bool { return n.Data == "a" }) {
		if strings.Contains(attr(n, "href"), part) {
			return b.get(attr(n, "href"))
		}
	}
	b.t.Fatalf("%s has no link to %q", b.At, part)
	return nil
}

// sound checks what every page of these doors owes its reader: one h1, a label
// for every control, errors tied to their fields, ids that are unique, links of
// the summary that lead somewhere. The one control without a label is the
// button that the Enter key presses: nobody can see, hear or reach it.
func (b *browser) sound() *browser {
	b.t.Helper()
	ids := map[string]int{}
	labelled := map[string]bool{}
	for _, n := range b.all(func(*html.Node) bool { return true }) {
		if id := attr(n, "id"); id != "" {
			ids[id]++
		}
		if n.Data == "label" {
			labelled[attr(n, "for")] = true
		}
	}
	for id, n := range ids {
		if n > 1 {
			b.t.Errorf("%s: the id %q stands there %d times", b.At, id, n)
		}
	}
	if n := len(b.all(func(n *html.Node) bool { return n.Data == "h1" })); n != 1 {
		b.t.Errorf("%s: %d headings of the first order, want 1", b.At, n)
	}
	for _, n := range b.all(func(n *html.Node) bool { return n.Data == "input" || n.Data == "select" || n.Data == "textarea" }) {
		if attr(n, "type") == "hidden" {
			continue
		}
		if attr(n, "type") == "submit" && attr(n, "aria-hidden") == "true" && attr(n, "tabindex") == "-1" {
			continue
		}
		wrapped := n.Parent.Data == "label"
		if !wrapped && (attr(n, "id") == "" || !labelled[attr(n, "id")]) {
			b.t.Errorf("%s: the control %q has no label", b.At, attr(n, "name"))
		}
		for _, id := range strings.Fields(attr(n, "aria-describedby")) {
			if ids[id] == 0 {
				b.t.Errorf("%s: %q is described by %q, which is not there", b.At, attr(n, "name"), id)
			}
		}
	}
	for _, n := range b.all(func(n *html.Node) bool { return n.Data == "a" && strings.HasPrefix(attr(n, "href"), "#") }) {
		if id := strings.TrimPrefix(attr(n, "href"), "#"); id != "" && ids[id] == 0 {
			b.t.Errorf("%s: a link leads to #%s, which is not there", b.At, id)
		}
	}
	return b
}
