package form

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"mashang/platform/problem"
)

// pageBytes bounds what one page may hold.
const pageBytes = 256 << 10

// Keep takes from a posted page what belongs to it: every typed value, and rows numbered without gaps.
func (f *Form) Keep(p *Page, posted url.Values) (url.Values, error) {
	out := url.Values{}
	size := 0
	for i := range p.Fields {
		fd := &p.Fields[i]
		if fd.Kind == Rows {
			f.keepRows(fd, posted, out)
		} else if typed := posted[fd.Key]; len(typed) > 0 {
			if fd.Kind != Choices {
				typed = typed[:1]
			}
			out[fd.Key] = typed[:min(len(typed), mostRows)]
		}
	}
	for name, typed := range out {
		typed = slices.Clone(typed) // what was posted is the caller's
		for i, s := range typed {
			typed[i] = strings.ToValidUTF8(s, "\uFFFD")
			size += len(name) + len(s)
		}
		out[name] = typed
	}
	if size > pageBytes {
		return nil, &problem.Error{Kind: problem.TooLarge, Key: "apply.page.large", Args: map[string]string{"max": strconv.Itoa(pageBytes >> 10)}}
	}
	return out, nil
}

func (f *Form) keepRows(fd *Field, posted, out url.Values) {
	for i, row := range rawRows(posted, fd) {
		if fd.Source == FromPersons {
			i = row.index
		}
		for sub, typed := range row.values {
			if len(typed) == 0 {
				continue
			}
			if part := f.fields[fd.Key+"."+sub]; part == nil || part.Kind != Choices {
				typed = typed[:1]
			}
			out[fd.Key+"."+strconv.Itoa(i)+"."+sub] = slices.Clone(typed[:min(len(typed), mostRows)])
		}
	}
}
