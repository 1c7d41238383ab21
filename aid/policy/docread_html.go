package policy

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// html reads the words of a page. What a page puts around its text (menus, scripts, drawings) is left out.
func (d *draft) html(text string) {
	t := html.NewTokenizer(strings.NewReader(text))
	t.SetMaxBuf(1 << 20)
	var words strings.Builder
	var hidden []atom.Atom // elements being left out, innermost last
	heading, titled := 0, false
	flush := func() {
		if titled {
			d.front["title"] = tidy(words.String())
		} else {
			d.push(words.String(), heading)
		}
		words.Reset()
	}
	for {
		kind := t.Next()
		if kind == html.ErrorToken {
			flush()
			return
		}
		if kind == html.TextToken {
			if len(hidden) == 0 {
				words.Write(t.Text())
			}
			continue
		}
		if kind != html.StartTagToken && kind != html.EndTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		name, _ := t.TagName()
		a := atom.Lookup(name)
		opens := kind == html.StartTagToken
		switch a {
		case atom.Script, atom.Style, atom.Svg, atom.Nav, atom.Footer, atom.Header, atom.Noscript, atom.Iframe, atom.Button, atom.Select, atom.Template:
			if opens {
				hidden = append(hidden, a)
			} else if n := len(hidden); n > 0 && hidden[n-1] == a && kind == html.EndTagToken {
				hidden = hidden[:n-1]
			}
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			flush()
			heading = 0
			if opens {
				heading = int(name[1] - '0')
			}
		case atom.Title:
			flush()
			titled = opens && len(hidden) == 0
		case atom.Td, atom.Th:
			words.WriteByte(' ')
		case atom.A, atom.B, atom.Strong, atom.I, atom.Em, atom.Span, atom.Font, atom.U, atom.Sup, atom.Sub, atom.Img, 0:
		default:
			flush()
		}
	}
}
