package policy_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func take(t testing.TB, l *policy.Library, name, text string) (policy.Document, place.Report) {
	t.Helper()
	r, err := l.ImportDocuments(t.Context(), name, strings.NewReader(text), false)
	if err != nil || !r.Written {
		t.Fatalf("ImportDocuments = %+v, %v", r, err)
	}
	all := l.Shelf().Documents()
	return all[len(all)-1], r
}

func noted(r place.Report, key string) bool {
	return slices.ContainsFunc(r.Notes, func(f place.Fault) bool { return f.Key == key })
}

func TestTheHeadOfALawTellsItsDaysAndIssuer(t *testing.T) {
	for _, tt := range []struct{ name, head, number, issuer, published, from string }{
		{"state council", "2007年4月5日 中华人民共和国国务院令第492号公布\n2019年4月3日 中华人民共和国国务院令第711号修订　\n2019年5月15日 施行", "国务院令第711号", "国务院", "2019-04-03", "2019-05-15"},
		{"congress", "2021年8月20日 第十三届全国人民代表大会常务委员会第三十次会议通过", "", "全国人民代表大会常务委员会", "2021-08-20", "2020-01-01"},
		{"province", "2007年7月27日 某某省第十届人民代表大会常务委员会第二十九次会议通过\n2015年4月1日 某某省第十二届人民代表大会常务委员会第十三次会议《关于修改<某条例>的决定》修正", "", "某某省人民代表大会常务委员会", "2015-04-01", "2020-01-01"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := filled(t, storetest.SQLite(t))
			d, _ := take(t, l, "a.md", "# 测试条例\n\n"+tt.head+"\n\n<!-- INFO END -->\n\n第一条 2012年1月1日以前通过的照旧。\n\n第二条 本条例自2020年1月1日起施行。")
			if d.Number != tt.number || d.Issuer != tt.issuer || place.FormatDay(d.Published) != tt.published || place.FormatDay(d.From) != tt.from {
				t.Errorf("read %q %q %s %s", d.Number, d.Issuer, place.FormatDay(d.Published), place.FormatDay(d.From))
			}
			if len(d.Articles) != 2 || d.Articles[0].Text != "2012年1月1日以前通过的照旧。" {
				t.Errorf("articles %+v", d.Articles)
			}
		})
	}
}

// long is a text of its own that is long enough to compare.
func long(seed int) string {
	var b strings.Builder
	for i := range 12 {
		fmt.Fprintf(&b, "第%s条 ", []string{"一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"}[i])
		for j := range 60 {
			b.WriteRune(rune(0x4e00 + (seed*7919+i*613+j*j*31)%6000))
		}
		b.WriteString("。\n\n")
	}
	return b.String()
}

func TestWhatReplacesWhat(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := filled(t, db)
		old, _ := take(t, l, "old-1.md", "# 审核办法（试行）\n\n"+long(1)+"第十三条 本办法自2012年12月12日起施行。")
		next, r := take(t, l, "new-1.md", "# 审核确认办法\n\n"+long(2)+"第十三条 本办法自2021年7月1日起施行，2012年12月12日印发的《审核办法(试行)》（民发〔2012〕220号）同时废止。")
		if !slices.Equal(next.Replaces, []string{old.ID}) || !noted(r, "policy.import.replaces") {
			t.Errorf("Replaces = %v, notes %v", next.Replaces, r.Notes)
		}
		if d, ok := l.Shelf().ReplacedBy(old.ID); !ok || d.ID != next.ID {
			t.Errorf("ReplacedBy = %v, %v", d.ID, ok)
		}
		again, r := take(t, l, "old-2.md", "# 审核办法（试行）\n\n"+long(3)+"第十三条 本办法自2012年12月12日起施行。")
		if again.State != policy.Expired || place.FormatDay(again.To) != "2021-06-30" || !noted(r, "policy.import.replaced") {
			t.Errorf("a document that one in the library repeals: %s to %s, %v", again.State, place.FormatDay(again.To), r.Notes)
		}
		if _, r = take(t, l, "new-1.md", "# 审核确认办法\n\n"+long(2)+"第十三条 本办法自2021年7月1日起施行。"); noted(r, "policy.import.replaces") || noted(r, "policy.import.same") {
			t.Errorf("the same document anew: %v", r.Notes)
		}
	})
}

func TestCopiesAreFound(t *testing.T) {
	l := filled(t, storetest.SQLite(t))
	first, _ := take(t, l, "copy-1.md", "# 某某办法\n\n民发〔2021〕57号\n\n"+long(5))
	_, r := take(t, l, "copy-2.md", "# 某某办法（全文）\n\n"+strings.Replace(long(5), "。", "；", 3)+"第十三条 附一句。")
	if !noted(r, "policy.import.same") {
		t.Errorf("nearly the same text: %v", r.Notes)
	}
	if _, r = take(t, l, "copy-3.md", "# 某某办法\n\n民发[2021]57 号\n\n"+long(6)); !noted(r, "policy.import.same") {
		t.Errorf("the same title and number: %v", r.Notes)
	}
	if _, r = take(t, l, "copy-4.md", "# 别的办法\n\n"+long(7)); noted(r, "policy.import.same") {
		t.Errorf("another text: %v", r.Notes)
	}
	if got := l.Shelf().Alike(first.ID); len(got) != 2 {
		t.Errorf("Alike = %d documents, want 2", len(got))
	}
}

func TestAWordFileIsCutLikeAText(t *testing.T) {
	l := filled(t, storetest.SQLite(t))
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	p := func(s string) string { return "<w:p><w:r><w:t>" + s + "</w:t></w:r></w:p>" }
	if _, err := io.WriteString(w, `<w:document xmlns:w="w"><w:body>`+p("云溪县测试办法")+p("云民发〔2026〕99号")+p("第一章　总则")+p("第一条　为了测试。")+p("（一）甲；")+p("第二条　本办法自2026年3月1日起施行。")+`</w:body></w:document>`); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	d, _ := take(t, l, "word-1.docx", b.String())
	want := []policy.Article{{No: "1", Label: "第一条", Chapter: "第一章 总则", Text: "为了测试。\n（一）甲；"}, {No: "2", Label: "第二条", Chapter: "第一章 总则", Text: "本办法自2026年3月1日起施行。"}}
	if d.Title != "云溪县测试办法" || d.Number != "云民发〔2026〕99号" || place.FormatDay(d.From) != "2026-03-01" || !slices.Equal(d.Articles, want) {
		t.Errorf("Document = %+v", d)
	}
}
