package frame

import (
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
)

func at(address string) *gin.Context {
	c, _ := gin.CreateTestContext(httptest.NewRecorder())
	c.Request = httptest.NewRequest("GET", address, nil)
	return c
}

func whole(pieces []Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(p.Text)
	}
	return b.String()
}

func marked(pieces []Piece) string {
	var all []string
	for _, p := range pieces {
		if p.Mark {
			all = append(all, p.Text)
		}
	}
	return strings.Join(all, "|")
}

func TestDiffMarksTheWordsThatDiffer(t *testing.T) {
	for _, tt := range []struct{ before, after, gone, came string }{
		{"712 元/人·月", "738 元/人·月", "712", "738"},
		{"每月补一笔生活费", "每月补两笔生活费", "一", "两"},
		{"same", "same", "", ""},
		{"the old rule", "the new rule", "old", "new"},
		{"", "all new", "", "all new"},
	} {
		gone, came := Diff(tt.before, tt.after)
		if marked(gone) != tt.gone || marked(came) != tt.came {
			t.Errorf("Diff(%q, %q) marks %q and %q, want %q and %q", tt.before, tt.after, marked(gone), marked(came), tt.gone, tt.came)
		}
	}
}

// Nothing of either text is lost, whatever they are.
func FuzzDiff(f *testing.F) {
	f.Add("712 元", "738 元")
	f.Add("", "\xff")
	f.Add(strings.Repeat("字", longDiff+1), "x")
	f.Fuzz(func(t *testing.T, before, after string) {
		before, after = strings.ToValidUTF8(before, "?"), strings.ToValidUTF8(after, "?")
		if gone, came := Diff(before, after); whole(gone) != before || whole(came) != after {
			t.Errorf("Diff(%q, %q) loses text: %q, %q", before, after, whole(gone), whole(came))
		}
	})
}

func TestSortingTurnsAroundAndKeepsTheFilter(t *testing.T) {
	c := at("/console/standards?find=x&sort=-amount&page=3&lang=en")
	by, down := Sorted(c, "", "amount", "from")
	if by != "amount" || !down {
		t.Fatalf("Sorted() = %q, %v", by, down)
	}
	h := Sortable(c, Head{Label: "a"}, "amount", by, down)
	if h.Sort != "descending" || h.Href != "/console/standards?find=x&sort=amount" {
		t.Errorf("the head = %+v", h)
	}
	if h := Sortable(c, Head{Label: "b"}, "from", by, down); h.Sort != "" || h.Href != "/console/standards?find=x&sort=from" {
		t.Errorf("the other head = %+v", h)
	}
	if by, _ := Sorted(at("/?sort=password"), "from", "amount", "from"); by != "from" {
		t.Errorf("an unknown order = %q", by)
	}
}

func TestChosenRows(t *testing.T) {
	for _, tt := range []struct {
		form url.Values
		want []string
	}{
		{url.Values{"pick": {"a", "b", "a", ""}}, []string{"a", "b"}},
		{url.Values{"pick": {"a"}, "all": {"page"}, "listed": {"a b c"}}, []string{"a", "b", "c"}},
		{url.Values{}, nil},
	} {
		if got := Chosen(tt.form); !slices.Equal(got, tt.want) {
			t.Errorf("Chosen(%v) = %v, want %v", tt.form, got, tt.want)
		}
	}
}

func TestPagesStayInsideTheList(t *testing.T) {
	all := make([]int, 120)
	for address, want := range map[string]int{"/x": 50, "/x?page=3": 20, "/x?page=4": 0, "/x?page=-1": 50, "/x?page=99999999999999999999": 50, "/x?page=a": 50} {
		if got := Slice(at(address), all); len(got) != want {
			t.Errorf("%s shows %d rows, want %d", address, len(got), want)
		}
	}
}

func TestBackLeadsNowhereElse(t *testing.T) {
	for in, want := range map[string]string{
		"/console/cases?x=1": "/console/cases?x=1", "/console": "/console", "/console?a=b": "/console?a=b",
		"/consolex": "/f", "//evil.example": "/f", `/\evil.example`: "/f", "https://evil.example/console/": "/f", "/policies": "/f", "": "/f",
	} {
		if got := Back(in, "/f"); got != want {
			t.Errorf("Back(%q) = %q, want %q", in, got, want)
		}
	}
}
