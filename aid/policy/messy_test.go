package policy_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mashang/aid/policy"
	"mashang/platform/print"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// docx is a Word file of these paragraphs.
func docx(t testing.TB, paragraphs ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	body := `<w:document xmlns:w="w"><w:body>`
	for _, s := range paragraphs {
		body += "<w:p><w:r><w:t>" + s + "</w:t></w:r></w:p>"
	}
	if _, err := io.WriteString(w, body+`</w:body></w:document>`); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// pdf is a printed page of these paragraphs, each set in by two characters and broken at the edge.
func pdf(t testing.TB, paragraphs ...string) string {
	t.Helper()
	fonts, err := print.OpenFonts()
	if err != nil {
		t.Fatal(err)
	}
	d := fonts.NewPDF(print.Paper{W: 210, H: 297}, print.Info{Title: "x"})
	s := print.NewSheet(1)
	y := 20.0
	for i, p := range paragraphs {
		letters := []rune("　　" + p)
		if i == 0 {
			letters = []rune(p)
		}
		for len(letters) > 0 {
			n := min(len(letters), 38)
			s.Text(print.Black, 20, y, 4.2, false, string(letters[:n]))
			letters, y = letters[n:], y+7
		}
	}
	d.Page(s)
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The same rules in every form a file may have give the same articles.
func TestOneTextInEveryFormGivesTheSameArticles(t *testing.T) {
	l := filled(t, storetest.SQLite(t))
	text := []string{
		"试验镇互助办法",
		"第一章　总则",
		"第一条　为了让邻里互相帮一把，定这个办法。",
		"第二条　帮忙的事分三类：",
		"（一）跑腿；",
		"（二）看护，包括看老人、看孩子；",
		"（三）其他要人搭手的事，写得长一些好让这一段在纸上折到第二行去，看看读的时候接不接得上。",
		"第二章　分工",
		"第三条　村里记账，一月一公布。",
		"第三条之一　记账的人一年一换。",
		"第四条　本办法自2026年3月1日起施行。",
	}
	var page strings.Builder
	page.WriteString("<html><head><title>试验镇互助办法</title></head><body><nav>首页</nav><h1>试验镇互助办法</h1>")
	for _, s := range text[1:] {
		page.WriteString("<p>" + s + "</p>")
	}
	page.WriteString("<footer>版权</footer></body></html>")
	forms := map[string]string{
		"a.txt": strings.Join(text, "\n"), "a.md": "# " + strings.Join(text, "\n\n"), "a.html": page.String(), "a.docx": docx(t, text...), "a.pdf": pdf(t, text...),
	}
	var want []policy.Article
	for _, name := range []string{"a.txt", "a.md", "a.html", "a.docx", "a.pdf"} {
		d, _ := take(t, l, name, forms[name])
		if want == nil {
			want = d.Articles
			if numbers(d) != "1 2 3 3-1 4" || want[1].Chapter != "第一章 总则" {
				t.Fatalf("articles %+v", want)
			}
		}
		if d.Title != text[0] || !slices.Equal(d.Articles, want) {
			t.Errorf("%s: %q\n got %+v\nwant %+v", name, d.Title, d.Articles, want)
		}
	}
}

func numbers(d policy.Document) string {
	var all []string
	for _, a := range d.Articles {
		all = append(all, a.No)
	}
	return strings.Join(all, " ")
}

func TestArticlesAreCutWhereTheyBegin(t *testing.T) {
	many := "# 长办法\n\n"
	for _, n := range []string{"一百一十八", "一百一十九", "一百二十", "一百二十一"} {
		many += "第" + n + "条 这一条是第" + n + "条。\n\n"
	}
	for _, tt := range []struct{ name, text, want, last string }{
		{"beyond a hundred", many, "118 119 120 121", "这一条是第一百二十一条。"},
		{"between two", "# 甲\n\n第十条 一。\n\n第十条之一 二。\n\n第十条之二 三。\n\n第十一条 四。", "10 10-1 10-2 11", "四。"},
		{"chapters without articles", "# 甲\n\n第一章 空着\n\n第二章 也空着\n\n第三章 有字\n\n第一条 一。\n\n第四章 又空着", "1", "一。"},
		{"an article that quotes another law's", "# 甲\n\n第一条 把旧办法改成：“第七条 甲。\n\n第八条 乙。”\n\n第二条 照此办理。", "1 2", "照此办理。"},
		{"a quotation nobody closed", "# 甲\n\n第一条 叫作“互助。\n\n第二条 照旧。\n\n第三条 完。", "1 2 3", "完。"},
		{"an article named in passing", "# 甲\n\n第一条 一。\n\n第二条 二。\n\n第一条规定的事，村里办。\n\n第三条 三。", "1 2 3", "三。"},
		{"lists inside lists", "# 甲\n\n第一条 有这些：\n- 甲\n  - 甲之一\n    - 甲之一之一\n1. 乙\n\n第二条 完。", "1 2", "完。"},
		{"points of three depths", "# 关于试验的通知\n\n各村：\n\n一、怎么分\n（一）按户\n1.大户\n多的。\n2.小户\n少的。\n（二）按人\n都有。\n二、怎么记\n写在本子上。", "0 1-1-1 1-1-2 1-2 2", "写在本子上。"},
		{"a box nobody closed", "# 甲\n\n第一条 一。\n\n::: tip 口诀\n\n第二条 二。\n\n第三条 三。", "1 2 3", "三。"},
		{"no numbers at all", "大家商量的几句话，没有条，也没有款。\n第二句。", "1", "大家商量的几句话，没有条，也没有款。\n第二句。"},
		{"full-width spaces and a tab", "# 甲\n\n　　第一条　　一。\n\t第二条\t二。\n第三条\u00a0三。", "1 2 3", "三。"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := filled(t, storetest.SQLite(t))
			d, _ := take(t, l, "x-1.md", tt.text)
			if got := numbers(d); got != tt.want || d.Articles[len(d.Articles)-1].Text != tt.last {
				t.Errorf("articles %s, last %q, want %s, %q", got, d.Articles[len(d.Articles)-1].Text, tt.want, tt.last)
			}
		})
	}
}

var decoration = regexp.MustCompile("(?i):::|localhost|127\\.0\\.0\\.1|\\]\\(|\\*\\*|</?[a-z]|^#|\\| *-|`")

func TestNothingOfTheDecorationSurvives(t *testing.T) {
	l := filled(t, storetest.SQLite(t))
	d, _ := take(t, l, "deko.md", "---\ntitle: 花边办法\n---\n\n# 花边办法\n\n<div class=\"a\"><svg><path d=\"M0 0\"/></svg><p>2025年1月1日</p></div>\n\n"+
		"第一条 见[别的办法](http://localhost:8080/a.html)和 http://127.0.0.1:3000/b ，**要紧**的*再说*一遍。\n\n::: tip 口诀\n一二三\n:::\n\n::: details 展开\n四五六\n:::\n\n"+
		"![图](a.png)\n\n|甲|乙|\n|---|---|\n|1|2|\n\n<details>\n<summary>看</summary>\n</details>\n\n第二条 <u>完</u>了。\n\n```\n围起来的话。\n```\n")
	if numbers(d) != "1 2" {
		t.Errorf("articles %s", numbers(d))
	}
	for _, a := range d.Articles {
		if m := decoration.FindString(a.Text + a.Chapter); m != "" || strings.Contains(a.Text, "一二三") {
			t.Errorf("%s keeps %q: %q", a.Label, m, a.Text)
		}
	}
	if d.Articles[0].Text != "见别的办法和 ，要紧的再说一遍。\n四五六" && d.Articles[0].Text != "见别的办法和 ，要紧的再说一遍。" {
		t.Errorf("%q", d.Articles[0].Text)
	}
}

// Every document of the sample written out as a text is read again with the same articles.
func TestTheSampleDocumentsComeBackFromText(t *testing.T) {
	l := filled(t, storetest.SQLite(t))
	names, err := filepath.Glob("../../sample/content/documents/*.json")
	if err != nil || len(names) < 30 {
		t.Fatalf("%d documents, %v", len(names), err)
	}
	articles := 0
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(raw, []byte(`"第一条"`)) {
			continue // a notice by points
		}
		var was policy.Document
		if err := was.UnmarshalJSON(raw); err != nil {
			t.Fatal(err)
		}
		text, chapter := "# "+was.Title+"\n\n", ""
		for _, a := range was.Articles {
			if a.Chapter != chapter && a.Chapter != "" {
				text += "## " + a.Chapter + "\n\n"
			}
			chapter = a.Chapter
			text += a.Label + "　" + strings.ReplaceAll(a.Text, "\n", "\n\n") + "\n\n"
		}
		d, _ := take(t, l, "back-1.md", text)
		if len(d.Articles) != len(was.Articles) {
			t.Errorf("%s: %d articles, want %d", was.ID, len(d.Articles), len(was.Articles))
			continue
		}
		for i, a := range was.Articles {
			articles++
			if got := d.Articles[i]; got.No != a.No || got.Label != a.Label || got.Text != a.Text {
				t.Errorf("%s: %s came back as %s %q, want %q", was.ID, a.Label, got.Label, got.Text, a.Text)
			}
		}
	}
	if articles < 600 {
		t.Errorf("only %d articles compared", articles)
	}
}

// What cannot be taken in changes nothing, however it is wrong.
func TestAHostileDocumentLeavesTheLibraryAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := filled(t, db)
		before, err := l.Shelf().Export(policy.FileDocuments)
		if err != nil {
			t.Fatal(err)
		}
		version := l.Shelf().Version()
		many := strings.Builder{}
		for range 200_000 {
			many.WriteString("一、多\n")
		}
		for _, tt := range []struct{ name, file, text, want string }{
			{"four million lines", "a.txt", strings.Repeat("x\n", 4<<20-1), "policy.import.unpacked"},
			{"points without number", "a.txt", many.String(), "policy.import.unpacked"},
			{"one line without end", "a.md", "第一条 " + strings.Repeat("字", 2<<20), "policy.import.unpacked"},
			{"boxes inside boxes", "a.html", strings.Repeat("<div>", 1_000_000) + "x", ""},
			{"a Word file that is none", "a.docx", "PK\x03\x04", "policy.import.broken"},
			{"a PDF that is none", "a.pdf", "%PDF-1.7", "policy.import.broken"},
			{"two articles of one number", "a.md", "# 甲\n\n第一条 一。\n\n第一条 又一。", "policy.import.articles"},
		} {
			t.Run(tt.name, func(t *testing.T) {
				r, err := l.ImportDocuments(t.Context(), tt.file, strings.NewReader(tt.text), tt.want == "")
				var p *problem.Error
				switch {
				case errors.As(err, &p) && p.Key == tt.want:
				case err == nil && len(r.Faults) > 0 && r.Faults[0].Key == tt.want && !r.Written:
				case tt.want == "" && err == nil:
				default:
					t.Errorf("ImportDocuments = %+v, %v, want %s", r, err, tt.want)
				}
			})
		}
		after, err := l.Shelf().Export(policy.FileDocuments)
		if err != nil || l.Shelf().Version() != version || !slices.EqualFunc(before, after, func(a, b policy.File) bool { return a.Name == b.Name && bytes.Equal(a.Content, b.Content) }) {
			t.Errorf("the library has changed: %v", err)
		}
	})
}
