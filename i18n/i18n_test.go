package i18n_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"mashang/i18n"
)

func load(t testing.TB) *i18n.Catalog {
	t.Helper()
	c, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want i18n.Lang
	}{
		{"zh-Hans", i18n.Hans}, {"zh", i18n.Hans}, {"zh_CN", i18n.Hans}, {"ZH-hans-cn", i18n.Hans},
		{"zh-Hant", i18n.Hant}, {"zh-TW", i18n.Hant}, {"zh-HK", i18n.Hant}, {"yue", i18n.Hant}, {"yue-Hans", i18n.Hans},
		{"en", i18n.En}, {"en-GB", i18n.En}, {"fr", ""}, {"", ""}, {"english", ""},
	} {
		t.Run(tt.in, func(t *testing.T) {
			if got, ok := i18n.Parse(tt.in); got != tt.want || ok != (tt.want != "") {
				t.Errorf("Parse(%q) = %q, %v, want %q", tt.in, got, ok, tt.want)
			}
		})
	}
}

func TestMatch(t *testing.T) {
	for _, tt := range []struct {
		name, header string
		want         i18n.Lang
	}{
		{"nothing", "", i18n.Hans},
		{"unknown only", "fr-FR,de;q=0.8", i18n.Hans},
		{"first of equals", "en-US,zh-CN", i18n.En},
		{"by weight", "en;q=0.5,zh-TW;q=0.9", i18n.Hant},
		{"refused", "en;q=0,zh-CN;q=0.1", i18n.Hans},
		{"broken weight", "en;q=x", i18n.En},
		{"endless", strings.Repeat("zh-TW,", 4000), i18n.Hant},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := i18n.Match(tt.header); got != tt.want {
				t.Errorf("Match() = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTextFallsBackToChinese(t *testing.T) {
	x := i18n.Text{Hans: "杏林村", En: "Xinglin"}
	for l, want := range map[i18n.Lang]string{i18n.Hans: "杏林村", i18n.Hant: "杏林村", i18n.En: "Xinglin"} {
		if got := x.In(l); got != want {
			t.Errorf("In(%s) = %q, want %q", l, got, want)
		}
	}
	if _, in := x.Best(i18n.Hant); in != i18n.Hans {
		t.Errorf("Best(zh-Hant) is said to be %q, want zh-Hans", in)
	}
}

func TestMoney(t *testing.T) {
	for cents, want := range map[int64]string{0: "0", 71200: "712", 71250: "712.50", 71205: "712.05", 102400: "1,024", 123456789: "1,234,567.89", -71250: "-712.50", 5: "0.05"} {
		if got := i18n.Money(i18n.Hans, cents); got != want {
			t.Errorf("Money(%d) = %q, want %q", cents, got, want)
		}
		if got := i18n.Decimal(cents); got != strings.ReplaceAll(want, ",", "") {
			t.Errorf("Decimal(%d) = %q", cents, got)
		}
	}
}

func TestDatesAreThoseOfShanghai(t *testing.T) {
	at := time.Date(2026, 11, 24, 16, 30, 0, 0, time.UTC)
	for _, tt := range []struct {
		lang           i18n.Lang
		day, andMinute string
	}{
		{i18n.Hans, "2026年11月25日", "2026年11月25日 00:30"},
		{i18n.Hant, "2026年11月25日", "2026年11月25日 00:30"},
		{i18n.En, "25 November 2026", "25 November 2026, 00:30"},
	} {
		if got := i18n.Date(tt.lang, at); got != tt.day {
			t.Errorf("Date(%s) = %q, want %q", tt.lang, got, tt.day)
		}
		if got := i18n.DateTime(tt.lang, at); got != tt.andMinute {
			t.Errorf("DateTime(%s) = %q, want %q", tt.lang, got, tt.andMinute)
		}
	}
	if got := i18n.Date(i18n.Hans, time.Time{}); got != "" {
		t.Errorf("Date(zero) = %q, want nothing", got)
	}
}

func TestSayingThings(t *testing.T) {
	files := fstest.MapFS{}
	for _, l := range i18n.Langs() {
		files[string(l)+".a.json"] = &fstest.MapFile{Data: []byte(`{"a.hi":"hi {name}, {name}","a.n.one":"{n} thing","a.n.other":"{n} things"}`)}
	}
	c, err := i18n.LoadFS(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, key string
		args      []any
		want      string
	}{
		{"argument twice", "a.hi", []any{"name", "李"}, "hi 李, 李"},
		{"a value is not filled again", "a.hi", []any{"name", "{n}", "n", "9"}, "hi {n}, {n}"},
		{"one", "a.n", []any{"n", 1}, "1 thing"},
		{"many", "a.n", []any{"n", 2}, "2 things"},
		{"many as text", "a.n", []any{"n", "12"}, "12 things"},
		{"unknown", "a.none", nil, "a.none"},
		{"odd arguments", "a.hi", []any{"name"}, "hi {name}, {name}"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := c.T(i18n.En, tt.key, tt.args...); got != tt.want {
				t.Errorf("T(%s) = %q, want %q", tt.key, got, tt.want)
			}
		})
	}
	if got := c.T("fr", "a.hi"); got != "hi {name}, {name}" {
		t.Errorf("an unknown language says %q", got)
	}
}

func TestLoadRefuses(t *testing.T) {
	for _, tt := range []struct{ name, file, text, want string }{
		{"a key that one language lacks", "zh-Hans.a.json", `{"a.x":"x"}`, "missing in en"},
		{"a key of another area", "en.a.json", `{"b.x":"x"}`, "does not begin"},
		{"an empty text", "en.a.json", `{"a.x":""}`, "empty"},
		{"a language we do not speak", "fr.a.json", `{}`, "name must be"},
		{"broken JSON", "en.a.json", `{`, "en.a.json"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := i18n.LoadFS(fstest.MapFS{tt.file: &fstest.MapFile{Data: []byte(tt.text)}})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("LoadFS() = %v, want an error with %q", err, tt.want)
			}
		})
	}
}

var argument = regexp.MustCompile(`\{[a-z_A-Z]*\}`)

// TestLanguagesAgree finds what a translator overlooks: an argument that was
// dropped or misspelt, a key written twice, Chinese left in English.
func TestLanguagesAgree(t *testing.T) {
	c := load(t)
	args := func(l i18n.Lang, key string) []string {
		found := argument.FindAllString(c.T(l, key), -1)
		slices.Sort(found)
		return slices.Compact(found)
	}
	for _, key := range c.Keys() {
		want := args(i18n.Hans, key)
		for _, l := range i18n.Langs()[1:] {
			got := args(l, key)
			if strings.HasSuffix(key, ".one") && len(got) < len(want) {
				continue // "one village" needs no number
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s has %v in %s, %v in zh-Hans", key, got, l, want)
			}
		}
		if s := c.T(i18n.Hant, key); strings.ContainsAny(s, "们这么样时间说请电话号码给钱国务险办县镇岁") {
			t.Errorf("%s has simplified characters in zh-Hant: %s", key, s)
		}
	}
	files, err := filepath.Glob("locales/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no locales", err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		d := json.NewDecoder(bytes.NewReader(b))
		for i := 0; ; i++ {
			tok, err := d.Token()
			if err != nil {
				break
			}
			s, ok := tok.(string)
			if !ok || i%2 == 0 {
				continue // the opening brace is token 0, so keys are odd
			}
			if seen[s] {
				t.Errorf("%s: %s is written twice", f, s)
			}
			seen[s] = true
		}
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("zh-CN,en;q=0.8")
	f.Add(";q=;,,,q=9")
	f.Fuzz(func(t *testing.T, header string) {
		if l := i18n.Match(header); !slices.Contains(i18n.Langs(), l) {
			t.Errorf("Match(%q) = %q", header, l)
		}
	})
}
