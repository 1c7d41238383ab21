package policy_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// notice is Markdown as enthusiasts keep laws: with a head, boxes, tables, drawings and addresses of their own machine.
const notice = `来源 source: somebody's repository

---
title: 云溪县测试办法
issuer: 云溪县民政局
place: 990121000000
tag:
 - 低保
---

# 云溪县测试办法

云民发〔2026〕99号

<div role="alert" class="x">  <svg d="M9 12"/> <strong>实施时间</strong> <p>2025年1月1日</p></div>

## 第一章　总  则

第一条　为**规范**测试，根据《[社会救助暂行办法](http://localhost:8080/council/1.1.html)》制定本办法。

第二条 共同生活的家庭成员包括：

::: tip 记忆口诀

孩子成年没法活

:::

（一）配偶；

（二）未成年*子女*。

第二条所称子女，包括养子女。

## 第二章 附则

| 方面 | 主体 |
| ---- | ---- |
| 申请 | 本人 |

第二条之一 另有规定的除外。

::: warning
这一句是条文。
:::

第十条第一款的规定不适用于测试。

第三条 本办法自2026年3月1日起施行。
`

func TestImportDocumentsCutsAText(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := filled(t, db)
		r, err := l.ImportDocuments(t.Context(), "ceshi.md", strings.NewReader(notice), false)
		if err != nil || !r.Written {
			t.Fatalf("ImportDocuments = %+v, %v", r, err)
		}
		d, ok := l.Shelf().Document("ceshi")
		if !ok || d.Title != "云溪县测试办法" || d.Number != "云民发〔2026〕99号" || d.Issuer != "云溪县民政局" || d.Place != county || d.State != policy.Unverified || !d.From.Equal(day(t, "2026-03-01")) {
			t.Fatalf("Document = %+v, %v", d, ok)
		}
		want := []policy.Article{
			{No: "1", Label: "第一条", Chapter: "第一章 总则", Text: "为规范测试，根据《社会救助暂行办法》制定本办法。"},
			{No: "2", Label: "第二条", Chapter: "第一章 总则", Text: "共同生活的家庭成员包括：\n（一）配偶；\n（二）未成年子女。\n第二条所称子女，包括养子女。"},
			{No: "2-1", Label: "第二条之一", Chapter: "第二章 附则", Text: "另有规定的除外。\n这一句是条文。\n第十条第一款的规定不适用于测试。"},
			{No: "3", Label: "第三条", Chapter: "第二章 附则", Text: "本办法自2026年3月1日起施行。"},
		}
		if !slices.Equal(d.Articles, want) {
			t.Errorf("articles:\n got %+v\nwant %+v", d.Articles, want)
		}
		for _, key := range []string{"policy.import.box", "policy.import.boxkept", "policy.import.html", "policy.import.table", "policy.import.unverified", "policy.import.since", "policy.import.number"} {
			if !slices.ContainsFunc(r.Notes, func(f place.Fault) bool { return f.Key == key }) {
				t.Errorf("no note %s in %v", key, r.Notes)
			}
		}
	})
}

func TestANoticeIsCutAtItsPoints(t *testing.T) {
	l := filled(t, storetest.SQLite(t))
	const text = `关于测试的通知

各镇：
现将有关事项通知如下。

一、总体要求

（一）指导思想。以测试为指导。
第二段。

二、重点任务
### （一）建立体系
1.构建格局。内容一。
2.打造体系。内容二。
三、其他事项。自即日起执行。
`
	r, err := l.ImportDocuments(t.Context(), "通知.txt", strings.NewReader(text), false)
	if err != nil || !r.Written {
		t.Fatalf("ImportDocuments = %+v, %v", r, err)
	}
	i := slices.IndexFunc(l.Shelf().Documents(), func(d policy.Document) bool { return d.Title == "关于测试的通知" })
	if i < 0 {
		t.Fatal("the document is not there")
	}
	var got []string
	for _, a := range l.Shelf().Documents()[i].Articles {
		got = append(got, strings.Join([]string{a.No, a.Label, a.Chapter, a.Text}, "|"))
	}
	want := []string{
		"0|引言||各镇：\n现将有关事项通知如下。",
		"1-1|一（一）|一、总体要求|（一）指导思想。以测试为指导。\n第二段。",
		"2-1-1|二（一）1|二、重点任务 （一）建立体系|1.构建格局。内容一。",
		"2-1-2|二（一）2|二、重点任务 （一）建立体系|2.打造体系。内容二。",
		"3|三||三、其他事项。自即日起执行。",
	}
	if !slices.Equal(got, want) {
		t.Errorf("points:\n got %q\nwant %q", got, want)
	}
}

func TestAPageIsReadWithoutItsFrame(t *testing.T) {
	l := filled(t, storetest.SQLite(t))
	const page = `<!DOCTYPE html><html><head><title>测试办法_县政府</title><style>p{}</style><script>var a = "第九条 假的";</script></head>
<body><nav>首页 &gt; 政策</nav><h1>测试办法</h1><div><p>第一条&nbsp;为了<b>测试</b>，制定本办法。</p><p>第二款&#12290;</p>
<table><tr><td>档次</td><td>金额</td></tr></table><p>第二条　本办法自2026年5月1日起施行。</p></div><footer>主办单位</footer></body></html>`
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(page)
	if err != nil {
		t.Fatal(err)
	}
	r, err := l.ImportDocuments(t.Context(), "page-1.html", strings.NewReader(gb), false)
	if err != nil || !r.Written {
		t.Fatalf("ImportDocuments = %+v, %v", r, err)
	}
	d, _ := l.Shelf().Document("page-1")
	if d.Title != "测试办法" || len(d.Articles) != 2 || d.Articles[0].Text != "为了测试，制定本办法。\n第二款。\n档次 金额" {
		t.Errorf("Document = %+v", d)
	}
}

func TestFilesThatCannotBeReadSaySo(t *testing.T) {
	l := filled(t, storetest.SQLite(t))
	for _, tt := range []struct{ name, file, content, want string }{
		{"broken word", "a.docx", "PK\x03\x04", "policy.import.broken"},
		{"old or locked word", "a.docx", "\xd0\xcf\x11\xe0", "policy.import.format"},
		{"word by name only", "a.docx", "第一条 某某", "policy.import.format"},
		{"broken pdf called text", "a.txt", "%PDF-1.7", "policy.import.broken"},
		{"locked pdf", "a.pdf", "%PDF-1.7 1 0 obj <<>> endobj trailer <</Root 1 0 R/Encrypt 2 0 R>>", "policy.import.locked"},
		{"scanned pdf", "a.pdf", "%PDF-1.7 1 0 obj <</Pages 2 0 R>> endobj 2 0 obj <</Type/Page>> endobj trailer <</Root 1 0 R>>", "policy.import.scanned"},
		{"no text at all", "a.txt", "\x00\x01\x02\xff", "policy.import.text"},
		{"broken json", "a.json", "[{", "policy.import.json"},
		{"unknown field", "a.json", `[{"id":"x","titel":"y"}]`, "policy.import.json"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := l.ImportDocuments(t.Context(), tt.file, strings.NewReader(tt.content), false)
			var p *problem.Error
			if !errors.As(err, &p) || p.Key != tt.want || r.Written {
				t.Errorf("got %+v, %v, want %s", r, err, tt.want)
			}
		})
	}
}

func TestImportStandards(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := filled(t, db)
		const good = "项目,档次,地区,金额,单位,起始日期,截止日期,依据文件\n" +
			"dibao,A,990121100000,\"1,712.50\",元/人·月,2026-02-01,,county\n"
		for range 2 { // the same file again changes nothing
			r, err := l.ImportStandards(t.Context(), "s.csv", strings.NewReader(good), false)
			if err != nil || !r.Written {
				t.Fatalf("ImportStandards = %+v, %v", r, err)
			}
		}
		got := l.Shelf().Standards([]string{liuhe}, "dibao", day(t, "2026-11-21"))
		if len(got) != 1 || got[0].Cents != 171250 || got[0].UnitText.Hans != "元/人·月" {
			t.Errorf("Standards = %+v", got)
		}
		const bad = "项目,档次,地区,金额,单位,起始日期,截止日期,依据文件\n" +
			"dibao,A,990121400000,100,元/人·月,2026-02-01,,county\n" +
			"dibao,A,990121400000,200,元/人·月,2026-03-01,,county\n" +
			"tekun,A,990121400000,200,元/人·月,2026-03-01,,county\n"
		before := len(l.Shelf().Rows())
		r, err := l.ImportStandards(t.Context(), "s.csv", strings.NewReader(bad), false)
		if err != nil || r.Written {
			t.Fatalf("ImportStandards = %+v, %v", r, err)
		}
		for line, key := range map[int]string{3: "policy.import.overlap", 4: "policy.import.programme"} {
			if !slices.ContainsFunc(r.Faults, func(f place.Fault) bool { return f.Line == line && f.Key == key }) {
				t.Errorf("no %s on line %d: %v", key, line, r.Faults)
			}
		}
		if err := l.Reload(t.Context()); err != nil || len(l.Shelf().Rows()) != before {
			t.Error("half of the file was written")
		}
		r, err = l.ImportStandards(t.Context(), "s.csv", strings.NewReader("programme,place,amount,from\ndibao,990121000000,7l2,2026/1/1\n"), false)
		if err != nil || len(r.Faults) != 2 || r.Faults[0].Line != 2 {
			t.Errorf("ImportStandards = %+v, %v, want the amount and the date on line 2", r, err)
		}
	})
}

func TestImportProgrammesAndEntries(t *testing.T) {
	l := filled(t, storetest.SQLite(t))
	r, err := l.ImportProgrammes(t.Context(), "p.csv", strings.NewReader("id,名称,部门,简介,情形\ndibao,低保,minzheng,补到标准。,shouru\ntekun,特困,minzheng,管吃管住。,\n"), false)
	if err != nil || !r.Written {
		t.Fatalf("ImportProgrammes = %+v, %v", r, err)
	}
	p, _ := l.Shelf().Programme("dibao")
	if p.Name.Hans != "低保" || len(p.Deadlines) != 1 {
		t.Errorf("the short form must change and the rest must stay: %+v", p)
	}
	if p, ok := l.Shelf().Programme("tekun"); !ok || p.Full || p.Office != "minzheng" {
		t.Errorf("the new programme is %+v", p)
	}

	r, err = l.ImportEntries(t.Context(), "faq.csv", strings.NewReader("问题,答案,相似问,项目,依据文件,条,原文\n多久办好,30 个工作日。,要等多久|几天,dibao,law,22,三十个工作日\n"), false)
	if err != nil || !r.Written {
		t.Fatalf("ImportEntries = %+v, %v", r, err)
	}
	r, err = l.ImportEntries(t.Context(), "faq.md", strings.NewReader("# 常见问题\n\n## 在哪里办\n\n镇便民服务中心。\n\n## 要带什么\n\n- 身份证\n- 户口簿\n"), false)
	if err != nil || !r.Written || r.Rows != 2 {
		t.Fatalf("ImportEntries = %+v, %v", r, err)
	}
	entries := l.Shelf().Entries()
	if len(entries) != 4 || len(entries[1].Questions) != 3 || entries[3].Answer.Hans != "- 身份证\n- 户口簿" || entries[3].Updated.IsZero() {
		t.Errorf("entries = %+v", entries)
	}
	r, err = l.ImportEntries(t.Context(), "faq.csv", strings.NewReader("问题,答案,依据文件,条,原文\n多久,很快。,law,22,二十个工作日\n"), false)
	if err != nil || r.Written || len(r.Faults) != 1 || r.Faults[0].Key != "policy.cite.quote" {
		t.Errorf("a quote that does not stand there: %+v, %v", r, err)
	}
}

func TestEveryColumnOfATemplateIsRead(t *testing.T) {
	l := filled(t, storetest.SQLite(t))
	for _, tt := range []struct {
		header []string
		read   func(ctx context.Context, name string, r io.Reader, dry bool) (place.Report, error)
	}{
		{policy.ProgrammeTemplate(), l.ImportProgrammes}, {policy.StandardTemplate(), l.ImportStandards}, {policy.EntryTemplate(), l.ImportEntries},
	} {
		got, err := tt.read(t.Context(), "x.csv", strings.NewReader(strings.Join(tt.header, ",")+"\n"), true)
		if err != nil || len(got.Notes) > 0 {
			t.Errorf("%v: %+v, %v", tt.header, got, err)
		}
	}
}

func FuzzImportDocuments(f *testing.F) {
	f.Add("a.md", []byte(notice))
	f.Add("a.txt", []byte("一、总则\n（一）某某\n1.某某\n二、附则"))
	f.Add("a.html", []byte("<h1>办法</h1><p>第一条 某某</p><script>"))
	f.Add("a.json", []byte(`{"id":"x","title":"y","state":"in_force","articles":[{"no":"1","label":"第一条","text":"z"}]}`))
	f.Add("a.txt", []byte("\xff\xfe\x00\x4e"))
	f.Add("a.txt", []byte("# 办法\n2019年4月3日 国务院令第711号修订）\n2019年5月15日 施行\n第一条 某\n第二条 《旧办法》（民发〔2012〕1号）同时废止。"))
	l := filled(f, storetest.SQLite(f))
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		r, err := l.ImportDocuments(t.Context(), name, strings.NewReader(string(content)), true)
		var p *problem.Error
		if err != nil && !errors.As(err, &p) {
			t.Errorf("an error that is no problem: %v", err)
		}
		if r.Written {
			t.Error("a dry run wrote")
		}
	})
}

func TestDepartmentsAndSituationsComeBeforeProgrammes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := filled(t, db)
		take := func(text string) place.Report {
			t.Helper()
			r, err := l.ImportProgrammes(t.Context(), "a.csv", strings.NewReader(text), false)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		if r := take("部门编码,部门名称\nlaoling,老龄办\n"); r.Kind != "departments" || !r.Written || r.Rows != 1 {
			t.Errorf("departments: %+v", r)
		}
		if r := take("情形编码,情形名称,图标字,项目\nlao,家里有老人,老,gaoling、dibao\n"); r.Kind != "situations" || !r.Written {
			t.Errorf("situations: %+v", r)
		}
		if r := take("编码,名称,部门,情形\ngaoling,高龄津贴,老龄办,家里有老人\n"); r.Kind != "programmes" || !r.Written {
			t.Errorf("programmes: %+v", r)
		}
		p, ok := l.Shelf().Programme("gaoling")
		if !ok || p.Department != "laoling" || p.Office != "laoling" || !slices.Equal(p.Situations, []string{"lao"}) {
			t.Errorf("the programme is %+v, want its department and situation by their IDs", p)
		}
		if r := take("编码,名称,部门,办理方式\nx y,甲,老龄办,飞\n"); r.Written || len(r.Faults) != 2 || r.Faults[0].Key != "policy.import.badid" || r.Faults[1].Key != "policy.import.apply" {
			t.Errorf("a bad ID and way to apply: %+v", r)
		}
	})
}

func TestImportTellsEverythingThatIsWrongAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := filled(t, db)
		before := len(l.Shelf().Rows())
		r, err := l.ImportStandards(t.Context(), "a.csv", strings.NewReader("项目,档次,地区,金额,单位编码,单位,起始日期,文件\n"+
			"nope,a,"+county+",712,,元/人·月,2031-04-01,law\n"+
			"dibao,b,"+county+",七百,,元/人·月,2031-04-01,law\n"+
			"dibao,c,"+county+",712,banana,香蕉,2031-04-01,law\n"+
			"dibao,d,"+county+",712,,元/人·月,,law\n"+
			"dibao,e,"+county+",712,,元/人·月,2031-04-01,law\n"), false)
		if err != nil || r.Written {
			t.Fatalf("ImportStandards = %+v, %v", r, err)
		}
		var got []string
		for _, f := range r.Faults {
			got = append(got, strconv.Itoa(f.Line)+" "+f.Key)
		}
		want := []string{"2 policy.import.programme", "3 policy.import.amount", "4 policy.import.unitcode", "5 policy.import.date"}
		if !slices.Equal(got, want) {
			t.Errorf("faults %q, want %q", got, want)
		}
		if err := l.Reload(t.Context()); err != nil || len(l.Shelf().Rows()) != before {
			t.Errorf("%d standards after a refused import, want %d (%v)", len(l.Shelf().Rows()), before, err)
		}
	})
}
