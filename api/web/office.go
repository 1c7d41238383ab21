package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"mashang/frontend"
	"mashang/i18n"
	"mashang/platform/settings"
)

// Office is what the office says of itself now.
func (w *Web) Office() settings.Office {
	if w.Book == nil {
		return settings.Office{}
	}
	return w.Book.Office()
}

// Dial is the number people are told to call.
func (w *Web) Dial() string { return cmp.Or(w.Office().Hotline, w.Hotline) }

// Hosts are the addresses a poster of ours may show, the one that is printed first. A poster outlives the servers: what
// was printed once stays here for ever.
func (w *Web) Hosts() []string {
	all := []string{w.Base.Host}
	for _, d := range w.Office().OtherDomains {
		if !slices.Contains(all, d) {
			all = append(all, d)
		}
	}
	return all
}

// Official reports whether host is one of ours. A further domain is ours on any port.
func (w *Web) Official(host string) bool { return w.known(host) != "" }

// known is the address of ours that host is, "" for none.
func (w *Web) known(host string) string {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	name, _, _ := strings.Cut(host, ":")
	for _, one := range w.Hosts() {
		if one = strings.ToLower(one); one == host || one == name {
			return one
		}
	}
	return ""
}

// host is the address of ours that a request came to; behind a proxy that hides it, the one that is printed.
func (w *Web) host(req *http.Request) string { return cmp.Or(w.known(req.Host), w.Base.Host) }

// Ours reports whether an Origin or Referer names a page of ours, on whichever of our addresses. The port must be the
// portal's: what listens on another port of the same machine may be anybody's.
func (w *Web) Ours(origin string) bool {
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && u.Scheme == w.Base.Scheme && u.Port() == w.Base.Port() && w.Official(u.Host)
}

// Languages are those a reader can choose: simplified Chinese always, the others unless the office has left them out.
func (w *Web) Languages() []string {
	all := []string{string(i18n.Hans), string(i18n.Hant), string(i18n.En)}
	kept := w.Office().Languages
	if len(kept) == 0 {
		return all
	}
	return slices.DeleteFunc(all, func(l string) bool { return l != string(i18n.Hans) && !slices.Contains(kept, l) })
}

func (w *Web) offered(l i18n.Lang) bool { return slices.Contains(w.Languages(), string(l)) }

// filings are the numbers that stand at the foot of every page by law, each with where they can be looked up.
func filings(o settings.Office) []frontend.Filing {
	var all []frontend.Filing
	if o.ICP != "" {
		all = append(all, frontend.Filing{Text: o.ICP, Link: "https://beian.miit.gov.cn/"})
	}
	if o.PoliceFiling != "" {
		digits := strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, o.PoliceFiling)
		all = append(all, frontend.Filing{Text: o.PoliceFiling, Link: "https://beian.mps.gov.cn/#/query/webSearch?code=" + digits})
	}
	return all
}

// Said is one of the office's own texts in the reader's language, else in simplified Chinese.
func Said(texts map[string]string, l i18n.Lang) string {
	return cmp.Or(texts[string(l)], texts[string(i18n.Hans)])
}
