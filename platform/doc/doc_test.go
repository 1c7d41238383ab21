package doc_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"mashang/platform/doc"
	"mashang/platform/print"
)

// word packs parts as a DOCX file.
func word(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const (
	head = `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="x"><w:body>`
	foot = `</w:body></w:document>`
)

func p(text string) string { return `<w:p><w:r><w:t>` + text + `</w:t></w:r></w:p>` }

func texts(lines []doc.Line) []string {
	var out []string
	for _, l := range lines {
		out = append(out, fmt.Sprint(l.Heading, " ", l.Text))
	}
	return out
}

func TestWordKeepsWhatIsReadAndDropsTheRest(t *testing.T) {
	numbering := `<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="第%1条"/></w:lvl>` +
		`<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>`
	styles := `<w:styles xmlns:w="w"><w:style w:styleId="1"><w:name w:val="heading 1"/></w:style><w:style w:styleId="a"><w:name w:val="My own"/><w:basedOn w:val="1"/></w:style>` +
		`<w:style w:styleId="t"><w:name w:val="article"/><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style></w:styles>`
	numbered := func(level, text string) string {
		return `<w:p><w:pPr><w:numPr><w:ilvl w:val="` + level + `"/><w:numId w:val="3"/></w:numPr></w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
	}
	body := head +
		`<w:p><w:pPr><w:pStyle w:val="a"/></w:pPr><w:r><w:t>测试办法</w:t></w:r></w:p>` +
		numbered("0", "为了测试。") + numbered("1", "甲；") + numbered("1", "乙。") + numbered("0", "适用于测试。") + numbered("1", "丙。") +
		`<w:p><w:pPr><w:pStyle w:val="t"/><w:rPr><w:vanish/></w:rPr></w:pPr><w:r><w:t>分成</w:t></w:r><w:r><w:t xml:space="preserve">两段的 </w:t></w:r><w:ins><w:r><w:t>加进来的</w:t></w:r></w:ins><w:del><w:r><w:delText>划掉的</w:delText></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见的</w:t></w:r><w:r><w:t>话。</w:t></w:r></w:p>` +
		`<w:p><w:r><w:t>一行</w:t><w:br/><w:t>又一行</w:t></w:r></w:p>` +
		`<w:p><w:r><w:fldChar/><w:instrText>HYPERLINK "http://localhost:8080"</w:instrText></w:r><w:hyperlink><w:r><w:t>链接的字</w:t></w:r></w:hyperlink></w:p>` +
		`<w:tbl><w:tr><w:tc>` + p("档次") + `</w:tc><w:tc>` + p("金额") + `</w:tc></w:tr><w:tr><w:tc>` + p("A") + `</w:tc><w:tc>` + p("800") + p("元") + `</w:tc></w:tr></w:tbl>` +
		`<mc:AlternateContent><mc:Choice>` + p("文本框") + `</mc:Choice><mc:Fallback>` + p("文本框") + `</mc:Fallback></mc:AlternateContent>` + foot
	lines, err := doc.Word(word(t, map[string]string{"word/document.xml": body, "word/styles.xml": styles, "word/numbering.xml": numbering, "word/header1.xml": p("页眉")}))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"1 测试办法", "0 第一条 为了测试。", "0 （一）甲；", "0 （二）乙。", "0 第二条 适用于测试。", "0 （一）丙。", "0 第三条 分成两段的 加进来的话。",
		"0 一行", "0 又一行", "0 链接的字", "0 档次 金额", "0 A 800 元", "0 文本框",
	}
	if got := texts(lines); !slices.Equal(got, want) {
		t.Errorf("lines:\n got %q\nwant %q", got, want)
	}
}

func TestWordCountsInChinese(t *testing.T) {
	var b strings.Builder
	b.WriteString(head)
	for range 112 {
		b.WriteString(`<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>某某</w:t></w:r></w:p>`)
	}
	b.WriteString(foot)
	lines, err := doc.Word(word(t, map[string]string{"word/document.xml": b.String(), "word/numbering.xml": `<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="第%1条"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`}))
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int]string{1: "一", 10: "十", 11: "十一", 20: "二十", 21: "二十一", 99: "九十九", 100: "一百", 101: "一百零一", 110: "一百一十", 112: "一百一十二"} {
		if got := lines[n-1].Text; got != "第"+want+"条 某某" {
			t.Errorf("%d is %q", n, got)
		}
	}
}

func TestHostileWordFilesAreRefused(t *testing.T) {
	bomb := head + strings.Repeat(p(strings.Repeat(" ", 1<<16)), 1000) + foot
	for _, tt := range []struct {
		name string
		file []byte
		want error
	}{
		{"not a zip", []byte("PK\x03\x04 and no more"), doc.ErrBroken},
		{"no document in it", word(t, map[string]string{"a.txt": "x"}), doc.ErrBroken},
		{"zip bomb", word(t, map[string]string{"word/document.xml": bomb}), doc.ErrLarge},
		{"more words than any law", word(t, map[string]string{"word/document.xml": head + strings.Repeat(p(strings.Repeat("字", 1000)), 1000) + foot}), doc.ErrLarge},
		{"entities inside entities", word(t, map[string]string{"word/document.xml": `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>` + head + p("&b;") + foot}), doc.ErrBroken},
		{"an entity from outside", word(t, map[string]string{"word/document.xml": `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>` + head + p("&a;") + foot}), doc.ErrBroken},
		{"deeper than any document", word(t, map[string]string{"word/document.xml": head + strings.Repeat("<w:sdt>", 100_000) + foot}), doc.ErrLarge},
		{"cut off", word(t, map[string]string{"word/document.xml": head + "<w:p><w:r>"}), doc.ErrBroken},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if lines, err := doc.Word(tt.file); !errors.Is(err, tt.want) {
				t.Errorf("Word = %d lines, %v, want %v", len(lines), err, tt.want)
			}
		})
	}
}

func TestPDFPutsParagraphsTogether(t *testing.T) {
	fonts, err := print.OpenFonts()
	if err != nil {
		t.Fatal(err)
	}
	d := fonts.NewPDF(print.Paper{W: 210, H: 297}, print.Info{Title: "x"})
	for page, rows := range [][]string{
		{"云溪县测试办法", "　　第一条　为了规范测试，根据有关规定，结合本县实际情况，制定本办法。这一段长到要在", "行末折行，折行以后要重新连在一起，一个字也不能少，再长一些，再长一些，还要再长一些", "才能折第二次。", "　　第二条　适用于测试，写满一整行才看得出换页以后还在一段里，写满一整行写满一整行写满一"},
		{"整行，到这里为止。", "　　第三条　自2026年3月1日起施行。"},
		{"　　附件的一行。"},
	} {
		s := print.NewSheet(1)
		s.Text(print.Black, 20, 12, 4, false, "云溪县政府公报")
		for i, r := range rows {
			s.Text(print.Black, 20, 30+float64(i)*8, 4.2, false, r)
		}
		s.Text(print.Black, 100, 285, 3.5, false, fmt.Sprintf("— %d —", page+1))
		d.Page(s)
	}
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		t.Fatal(err)
	}
	lines, err := doc.PDF(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"0 云溪县测试办法",
		"0 第一条 为了规范测试，根据有关规定，结合本县实际情况，制定本办法。这一段长到要在行末折行，折行以后要重新连在一起，一个字也不能少，再长一些，再长一些，还要再长一些才能折第二次。",
		"0 第二条 适用于测试，写满一整行才看得出换页以后还在一段里，写满一整行写满一整行写满一整行，到这里为止。",
		"0 第三条 自2026年3月1日起施行。", "0 附件的一行。",
	}
	if got := texts(lines); !slices.Equal(got, want) {
		t.Errorf("lines:\n got %q\nwant %q", got, want)
	}
}

// page is a PDF of one page with that content; more is put before the end.
func page(content, more string) []byte {
	return []byte("%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n" +
		"3 0 obj <</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>> endobj\n" +
		"5 0 obj <</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/UniGB-UCS2-H>> endobj\n" +
		fmt.Sprintf("4 0 obj <</Length %d>> stream\n%s\nendstream endobj\n", len(content), content) + more + "\ntrailer <</Root 1 0 R>>\n%%EOF")
}

func deflated(b []byte) string {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	w.Write(b)
	w.Close()
	return out.String()
}

func TestPDFReadsTheChineseTables(t *testing.T) {
	lines, err := doc.PDF(page("BT /F 12 Tf 10 100 Td <7B2C4E006761002000206D4B8BD5529E6CD50020751F6548> Tj ET", ""))
	if err != nil || len(lines) != 1 || lines[0].Text != "第一条  测试办法 生效" {
		t.Errorf("PDF = %q, %v", texts(lines), err)
	}
}

func TestHostilePDFFilesAreRefused(t *testing.T) {
	zeros := deflated(make([]byte, 60<<20))
	for _, tt := range []struct {
		name string
		file []byte
		want error
	}{
		{"no PDF", []byte("hello"), doc.ErrBroken},
		{"only a head", []byte("%PDF-1.7\n"), doc.ErrBroken},
		{"locked", page("BT ET", "trailer <</Encrypt 9 0 R/Root 1 0 R>>"), doc.ErrEncrypted},
		{"scanned", page("/X Do", "6 0 obj <</Subtype/Image/Length 3>> stream\nabc\nendstream endobj"), doc.ErrScanned},
		{"a form that draws itself", page("/X Do", "6 0 obj <</Subtype/Form/Length 20>> stream\n/X Do /X Do /X Do  \nendstream endobj"), doc.ErrScanned},
		{"pages that are their own parents", []byte("%PDF-1.7\n1 0 obj <</Pages 2 0 R>> endobj 2 0 obj <</Kids[2 0 R 2 0 R 1 0 R]>> endobj trailer <</Root 1 0 R>>"), doc.ErrBroken},
		{"unpacks without end", page("BT ET", fmt.Sprintf("6 0 obj <</Type/ObjStm/N 9/First 5/Filter/FlateDecode/Length %d>> stream\n%s\nendstream endobj", len(zeros), zeros)), doc.ErrLarge},
		{"brackets inside brackets", page(strings.Repeat("[", 1<<20), ""), doc.ErrLarge},
		{"operators without end", page(strings.Repeat("q ", 2<<20)+strings.Repeat("BT 1 2 Td () Tj ET\n", 200_000)+strings.Repeat("1 ", 1<<20), ""), doc.ErrScanned},
		{"thousands of pages", []byte("%PDF-1.7\n1 0 obj <</Pages 2 0 R>> endobj 2 0 obj <</Kids[" + strings.Repeat("<</Contents 9 0 R>> ", 2000) + "]>> endobj trailer <</Root 1 0 R>>"), doc.ErrLarge},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if lines, err := doc.PDF(tt.file); !errors.Is(err, tt.want) {
				t.Errorf("PDF = %d lines, %v, want %v", len(lines), err, tt.want)
			}
		})
	}
}

func FuzzWord(f *testing.F) {
	f.Add(head + p("第一条 某某") + foot)
	f.Add(head + `<w:tbl><w:tr><w:tc><w:p><w:pPr><w:numPr><w:ilvl w:val="9"/><w:numId w:val="-1"/></w:numPr></w:pPr></w:p></w:tc></w:tr></w:tbl>` + foot)
	f.Fuzz(func(t *testing.T, body string) {
		lines, err := doc.Word(word(t, map[string]string{"word/document.xml": body, "word/styles.xml": body, "word/numbering.xml": body}))
		if err != nil && len(lines) > 0 {
			t.Error("lines beside an error")
		}
	})
}

func FuzzPDF(f *testing.F) {
	f.Add(page("BT /F 12 Tf 10 100 Td <7B2C4E00> Tj [(a) -3 (b)] TJ T* (x) ' ET /X Do", "6 0 obj <</Subtype/Form/Matrix[1 0 0 1 0 0]/Length 20>> stream\n/X Do /X Do /X Do  \nendstream endobj"))
	f.Add([]byte("%PDF-1.7\n1 0 obj <</Type/ObjStm/N 2/First 8/Length 30>> stream\n2 0 3 9  <</Pages 3 0 R>> <</Kids[]>>\nendstream endobj"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if lines, err := doc.PDF(file); err != nil && len(lines) > 0 {
			t.Error("lines beside an error")
		}
	})
}
