package main

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mashang/platform/privacy"
	"mashang/platform/store"
)

// site is a county's machine: its settings and its files.
type site struct {
	t   *testing.T
	dir string
	env map[string]string
}

func newSite(t *testing.T) *site {
	dir := t.TempDir()
	return &site{t, dir, map[string]string{
		"PORTAL_KEYS": privacy.NewKey(), "PORTAL_DATA": filepath.Join(dir, "data"), "PORTAL_ADDR": "127.0.0.1:0", "PORTAL_LOG_LEVEL": "error",
	}}
}

// file writes a file and returns where it is.
func (s *site) file(name, text string) string {
	s.t.Helper()
	path := filepath.Join(s.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return path
}

// run runs a command line and returns its code and all it said.
func (s *site) run(args ...string) (code int, said string) {
	s.t.Helper()
	var out, errs bytes.Buffer
	code = run(s.t.Context(), world{func(k string) string { return s.env[k] }, &out, &errs}, args)
	return code, out.String() + errs.String()
}

// want runs a command line and checks its code and that it says each of words.
func (s *site) want(code int, words []string, args ...string) string {
	s.t.Helper()
	got, said := s.run(args...)
	if got != code {
		s.t.Errorf("mashang %q = %d, want %d; it said:\n%s", args, got, code, said)
	}
	for _, w := range words {
		if !strings.Contains(said, w) {
			s.t.Errorf("mashang %q does not say %q but:\n%s", args, w, said)
		}
	}
	return said
}

func TestEveryCommandHelpsAndRefusesStrangeFlags(t *testing.T) {
	s := newSite(t)
	for _, c := range commands() {
		t.Run(c.name, func(t *testing.T) {
			s.t = t
			s.want(0, []string{"usage: mashang " + c.name}, c.name, "-h")
			s.want(0, []string{"usage: mashang " + c.name}, "help", c.name)
			said := s.want(2, []string{"usage: mashang " + c.name}, c.name, "-no-such-flag")
			if n := strings.Count(said, "flag provided but not defined: -no-such-flag"); n != 1 {
				t.Errorf("the mistake is named %d times, want once:\n%s", n, said)
			}
		})
	}
}

func TestWrongCalls(t *testing.T) {
	s := newSite(t)
	empty := s.file("empty.csv", "")
	for _, tt := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"no command", nil, 0, "mashang help COMMAND"},
		{"unknown command", []string{"nonsense"}, 2, `no command "nonsense"`},
		{"serve with a word", []string{"serve", "now"}, 2, "PORTAL_*"},
		{"no question", []string{"ask", " "}, 2, "no question"},
		{"bad language", []string{"ask", "-lang", "fr", "低保"}, 2, "zh-Hant"},
		{"bad place", []string{"ask", "-at", "nowhere", "低保"}, 2, `"nowhere"`},
		{"bad code", []string{"ask", "-at", "ABCDEFGHIJKLMNOP", "低保"}, 2, "no code"},
		{"no demo folder", []string{"ask", "-data", s.dir, "低保"}, 1, "no folder of the demo"},
		{"eval without files", []string{"eval"}, 2, "-corpus"},
		{"eval of half a pair", []string{"eval", "-corpus", empty, "-queries", empty, "-qrels", empty, "-stored", empty}, 2, "-stored-qrels"},
		{"eval of nothing", []string{"eval", "-corpus", empty, "-queries", empty, "-qrels", empty}, 1, "no documents"},
		{"import without file", []string{"import", "places"}, 2, "from which file"},
		{"import of a strange kind", []string{"import", "nonsense", empty}, 2, "programmes"},
		{"import of a folder", []string{"import", "places", s.dir}, 1, "folder"},
		{"import of nothing", []string{"import", "places", empty}, 1, "表里没有内容"},
		{"import of no file", []string{"import", "places", filepath.Join(s.dir, "none.csv")}, 1, "no such file"},
		{"roster without place", []string{"import", "roster", empty}, 2, "-place"},
		{"roster from no day", []string{"import", "roster", empty, "-from", "yesterday"}, 2, "2026-11-21"},
		{"roster of no programme", []string{"import", "roster", empty, "-programme", "none", "-place", "1"}, 1, "没有项目“none”"},
		{"export without kind", []string{"export"}, 2, "standards"},
		{"export of a strange kind", []string{"export", "nonsense"}, 2, "standards"},
		{"export of contents", []string{"export", "places"}, 1, "-template"},
		{"user without word", []string{"user"}, 2, "add, list"},
		{"user without name", []string{"user", "add"}, 2, "-name"},
		{"user of no role", []string{"user", "add", "-name", "zhang", "-role", "king"}, 2, "town-officer"},
		{"user of a bad name", []string{"user", "add", "-name", "a b", "-role", "admin"}, 1, "name: 登录名"},
		{"helper of nowhere", []string{"user", "add", "-name", "li", "-role", "helper"}, 2, "-scope"},
		{"user of no division", []string{"user", "add", "-name", "li", "-role", "helper", "-scope", "990199999999"}, 2, "990199999999"},
		{"nobody's password", []string{"user", "password", "nobody"}, 1, "没有这个账号"},
		{"strange user word", []string{"user", "marry", "zhang"}, 2, "marry"},
		{"endpoint without word", []string{"endpoint"}, 2, "add, list"},
		{"endpoint without address", []string{"endpoint", "add", "-name", "a"}, 2, "-url"},
		{"endpoint of a strange address", []string{"endpoint", "add", "-name", "a", "-url", "ftp://a"}, 1, "url: "},
		{"endpoint nobody knows", []string{"endpoint", "disable", "NONE"}, 1, "没有这个接收地址"},
		{"backup to nowhere", []string{"backup", filepath.Join(s.dir, "none", "copy.db")}, 1, "no folder"},
		{"backup over a file", []string{"backup", empty}, 1, "never overwrites"},
		{"restore of nothing", []string{"restore", empty, "-force"}, 1, "no copy made by"},
		{"restore of no file", []string{"restore", filepath.Join(s.dir, "none.db")}, 1, "no such file"},
		{"erase without a receipt", []string{"erase"}, 2, "receipt"},
		{"erase without being sure", []string{"erase", "1234567812345670"}, 2, "-yes"},
		{"rotate with a word", []string{"rotate", "now"}, 2, "PORTAL_KEYS"},
		{"doctor with a word", []string{"doctor", "please"}, 2, "please"},
		{"back office without secrets", []string{"backoffice"}, 2, "endpoint add"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s.t = t
			s.want(tt.code, []string{tt.says}, tt.args...)
		})
	}
}

func TestWithoutSettingsNothingStarts(t *testing.T) {
	s := newSite(t)
	s.env = map[string]string{}
	for _, args := range [][]string{{"serve"}, {"user", "list"}, {"endpoint", "list"}, {"backup", filepath.Join(s.dir, "a.db")}, {"rotate"}, {"erase", "1234567812345670", "-yes"}, {"doctor"}} {
		s.want(1, []string{"PORTAL_KEYS is not set"}, args...)
	}
	s.want(0, []string{":"}, "doctor", "-new-key")
}

func TestServeSaysWhatIsInItsWay(t *testing.T) {
	for _, tt := range []struct {
		name string
		set  func(t *testing.T, s *site)
		says string
	}{
		{"the port is taken", func(t *testing.T, s *site) {
			l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = l.Close() })
			s.env["PORTAL_ADDR"] = l.Addr().String()
		}, "PORTAL_ADDR"},
		{"the folder is a file", func(_ *testing.T, s *site) { s.env["PORTAL_DATA"] = s.file("data", "") }, "PORTAL_DATA"},
		{"the database is none", func(_ *testing.T, s *site) {
			s.env["PORTAL_DATA"] = s.dir
			s.file(store.File, strings.Repeat("no database ", 1000))
		}, "PORTAL_DATA"},
		{"other keys", func(_ *testing.T, s *site) {
			s.want(0, nil, "user", "list")
			s.env["PORTAL_KEYS"] = privacy.NewKey()
		}, "PORTAL_KEYS lacks a key"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			tt.set(t, s)
			s.want(1, []string{tt.says}, "serve")
		})
	}
}

func TestBackupAndRestore(t *testing.T) {
	s := newSite(t)
	copied := filepath.Join(s.dir, "copy.db")
	s.want(1, []string{"PORTAL_DATA"}, "backup", copied)
	s.want(0, nil, "user", "add", "-name", "zhang", "-role", "admin")
	s.want(0, []string{"backup " + copied}, "backup", copied)

	whole, err := os.ReadFile(copied)
	if err != nil {
		t.Fatal(err)
	}
	s.want(1, []string{"cut short"}, "restore", s.file("half.db", string(whole[:len(whole)/2])), "-force")

	s.env["PORTAL_DATA"] = filepath.Join(s.dir, "other")
	s.want(0, []string{"restored"}, "restore", copied)
	s.want(0, []string{"zhang"}, "user", "list")
	s.want(1, []string{"-force"}, "restore", copied)
	for _, kept := range []string{".before-restore\n", ".before-restore-2\n", ".before-restore-3\n"} {
		s.want(0, []string{kept}, "restore", copied, "-force")
	}

	right := s.env["PORTAL_KEYS"]
	s.env["PORTAL_KEYS"] = privacy.NewKey()
	s.want(1, []string{"PORTAL_KEYS lacks a key"}, "restore", copied, "-force")
	s.env["PORTAL_KEYS"] = right
	s.want(0, []string{"zhang"}, "user", "list")
}

func TestRestoreWaitsForNoPortal(t *testing.T) {
	s := newSite(t)
	copied := filepath.Join(s.dir, "copy.db")
	s.want(0, nil, "user", "list")
	s.want(0, nil, "backup", copied)
	ctx, stop := context.WithCancel(t.Context())
	served, ready := make(chan int, 1), make(chan struct{})
	go func() {
		served <- run(ctx, world{func(k string) string { return s.env[k] }, &firstWord{said: ready}, &bytes.Buffer{}}, []string{"serve"})
	}()
	<-ready
	s.want(1, []string{"stop it first"}, "restore", copied, "-force")
	s.want(0, []string{"backup"}, "backup", copied+"2")
	stop()
	if code := <-served; code != 0 {
		t.Errorf("serve = %d, want 0", code)
	}
	s.want(0, []string{"restored"}, "restore", copied, "-force")
}

// firstWord closes said at the first word written to it.
type firstWord struct{ said chan struct{} }

func (s *firstWord) Write(p []byte) (int, error) {
	if s.said != nil {
		close(s.said)
		s.said = nil
	}
	return len(p), nil
}

func TestAccountsAndBackOffices(t *testing.T) {
	s := newSite(t)
	s.want(0, []string{"account admin zhang "}, "user", "add", "-name", "zhang", "-role", "admin")
	s.want(0, []string{"account editor li "}, "user", "add", "li", "-role", "editor")
	s.want(1, []string{"已经有人用了"}, "user", "add", "li", "-role", "editor")
	s.want(0, []string{"password li "}, "user", "password", "li")
	s.want(0, []string{"disabled li"}, "user", "disable", "li")
	s.want(0, []string{"enabled li"}, "user", "enable", "li")

	said := s.want(0, []string{"secret whsec_", "inbound whsec_", "PORTAL_PRIVATE_ENDPOINTS"}, "endpoint", "add", "-name", "office", "-url", "http://127.0.0.1:9/hooks")
	id := regexp.MustCompile(`endpoint (\S+)`).FindStringSubmatch(said)[1]
	s.want(1, []string{"BLOCKS back office office", "PORTAL_PRIVATE_ENDPOINTS"}, "doctor")
	s.env["PORTAL_PRIVATE_ENDPOINTS"] = "127.0.0.0/8"
	if said := s.want(1, nil, "doctor"); strings.Contains(said, "BLOCKS back office office") {
		t.Errorf("doctor still blocks on an allowed network:\n%s", said)
	}
	s.want(0, []string{"disabled " + id}, "endpoint", "disable", id)
	s.want(1, []string{"0 working of 1"}, "doctor")
	s.want(0, []string{"enabled " + id}, "endpoint", "enable", id)
}

// docs/importing.md shows a whole first import; it is done here word for word.
func TestTheDocumentedImportsWork(t *testing.T) {
	s := newSite(t)
	guide, err := os.ReadFile(filepath.Join("docs", "importing.md"))
	if err != nil {
		t.Fatal(err)
	}
	shown := regexp.MustCompile("(?s)\n```[a-z]+ ([a-z0-9-]+\\.[a-z]+)\n(.*?)```\n").FindAllStringSubmatch(string(guide), -1)
	for _, f := range shown {
		s.file(f[1], f[2])
	}
	commands := regexp.MustCompile(`(?m)^mashang (.+)$`).FindAllStringSubmatch(string(guide), -1)
	if len(shown) < 9 || len(commands) < 9 {
		t.Fatalf("docs/importing.md shows %d files and %d commands, want one of each for every kind", len(shown), len(commands))
	}
	for _, c := range commands {
		args := strings.Fields(c[1])
		for i, a := range args {
			if strings.Contains(a, ".") {
				args[i] = filepath.Join(s.dir, a)
			}
		}
		into := slices.Index(args, ">")
		if into < 0 {
			s.want(0, nil, args...)
			continue
		}
		if err := os.WriteFile(args[into+1], []byte(s.want(0, nil, args[:into]...)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.want(0, []string{"/qr.svg", "1001"}, "export", "codes")
	s.want(0, []string{"712"}, "ask", "-at", "990100100201", "农村低保多少钱")
}

func TestEachBadRowIsNamed(t *testing.T) {
	s := newSite(t)
	s.want(0, nil, "import", "places", s.file("d.csv", "区划代码,名称,级别,管理上级\n990100000000,青河县,县,\n990100100000,东山镇,镇,990100000000\n"))
	s.want(0, []string{"1 departments"}, "import", "programmes", s.file("b.csv", "部门编码,部门名称\nminzheng,民政局\n"))
	s.want(0, nil, "import", "programmes", s.file("p.csv", "编码,名称,部门\ndibao,低保,民政局\n"))
	s.want(0, []string{"imported 1 documents"}, "import", "documents", s.file("law.md", "---\nstate: in_force\neffective_from: 2026-01-01\n---\n# 通知\n\n第一条 标准每月712元。\n\n第二条 书面申请。\n"))
	for _, tt := range []struct {
		name, kind, text string
		says             []string
	}{
		{"header only", "places", "区划代码,名称\n", []string{"no rows"}},
		{"missing column", "places", "名称\n甲\n", []string{"“区划代码”"}},
		{"short code", "places", "区划代码,名称,级别,管理上级\n9901,甲,村,990100100000\n", []string{"line   2 9901"}},
		{"unknown parent", "places", "区划代码,名称,级别,管理上级\n990100200201,甲,村,990100200000\n", []string{"line   2", "990100200000"}},
		{"unknown department", "programmes", "编码,名称,部门\nlinshi,临时救助,外星局\n", []string{"line   2 linshi", "外星局", "请先导入部门"}},
		{"bad ID and way", "programmes", "编码,名称,部门,办理方式\nx y,甲,民政局,飞\n", []string{"“x y”", "“飞”", "office"}},
		{"both stages in the order of lines", "standards", "项目,档次,地区,金额,单位编码,单位,起始日期,文件\n" +
			"nope,a,990100000000,712,,元/人·月,2026-04-01,law\n" +
			"dibao,b,990100000000,七百,,元/人·月,2026-04-01,law\n" +
			"dibao,c,990100000000,712,banana,香蕉,2026-04-01,law\n" +
			"dibao,d,990100000000,712,,元/人·月,,law\n",
			[]string{"line   2 nope", "line   3 : 金额“七百”", "line   4 dibao-c", "yuan_once", "line   5 : 日期", "4 things are wrong in 4 rows"}},
		{"binary", "faq", "\x00\x01\x02\xff\xfe\x80", []string{"读不懂这个文件"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s.t = t
			said := s.want(1, tt.says, "import", tt.kind, s.file("bad.csv", tt.text))
			for i, rest := 1, said; i < len(tt.says); i++ {
				_, after, found := strings.Cut(rest, tt.says[i-1])
				if !found {
					break
				}
				if rest = after; !strings.Contains(rest, tt.says[i]) {
					t.Errorf("%q does not come after %q in:\n%s", tt.says[i], tt.says[i-1], said)
				}
			}
		})
	}
}
