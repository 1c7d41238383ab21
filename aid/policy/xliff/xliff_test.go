package xliff_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"mashang/aid/policy/xliff"
	"mashang/platform/problem"
)

func sample() []xliff.File {
	return []xliff.File{
		{Original: "programme/dibao", Source: "zh-Hans", Target: "en", Units: []xliff.Unit{
			{ID: "programme/dibao/name", Name: "低保", Source: "最低生活保障", Target: "Minimum living guarantee", State: xliff.Translated, MaxWidth: 480, Notes: []string{"低保", "a <note> & more"}},
			{ID: "programme/dibao/sections.who.text", Source: "一行\n- 一条 < 2 & \"三\"\n- 两条\r\n完。\t", Target: "", State: xliff.NeedsTranslation},
			{ID: `odd "id" <&>`, Source: "x\x00\x0b\ufffe", Target: "]]>", State: xliff.NeedsReview},
		}},
		{Original: "entry/e1", Source: "zh-Hans", Target: "zh-Hant", Units: []xliff.Unit{{ID: "entry/e1/answer", Source: " 前后 ", Target: "𠮷 嚴 "}}},
	}
}

func TestAFileComesBackAsItWent(t *testing.T) {
	var b bytes.Buffer
	if err := xliff.Write(&b, sample()); err != nil {
		t.Fatal(err)
	}
	got, err := xliff.Read(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	want := sample()
	for i := range want {
		for j := range want[i].Units {
			u := &want[i].Units[j]
			u.Source, u.Notes, u.MaxWidth, u.Line = xliff.Plain(u.Source), nil, 0, got[i].Units[j].Line
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("came back as\n%+v\nwant\n%+v", got, want)
	}
	if got[0].Units[1].Line <= got[0].Units[0].Line {
		t.Error("the lines of the units are not told")
	}
}

func body(units string) string {
	return `<?xml version="1.0"?><xliff version="1.2" xmlns="` + xliff.Namespace + `"><file original="o" source-language="zh-Hans" target-language="en" datatype="plaintext"><body>` + units + `</body></file></xliff>`
}

func TestWhatToolsAddIsReadOver(t *testing.T) {
	raw := body(`<group id="g"><group><trans-unit id="a"><source>甲</source><seg-source><mrk mtype="seg" mid="0">甲</mrk></seg-source>` +
		`<target state="final"><mrk mtype="seg" mid="0">One. </mrk><mrk mtype="seg" mid="1">Two.</mrk></target><alt-trans><source>别的</source><target>other</target></alt-trans>` +
		`<x:y xmlns:x="urn:tool">tool</x:y><note>n</note></trans-unit></group></group>` +
		`<trans-unit id="b"><source>乙</source></trans-unit><trans-unit id="c"><source>丙</source><target>see <g id="1">this</g></target></trans-unit>` +
		`<trans-unit id="d"><source>丁<ph id="1"/></source><target><![CDATA[a < b]]></target></trans-unit>`)
	files, err := xliff.Read([]byte(raw))
	if err != nil || len(files) != 1 || len(files[0].Units) != 4 {
		t.Fatalf("read %+v, %v", files, err)
	}
	u := files[0].Units
	if u[0].Source != "甲" || u[0].Target != "One. Two." || u[0].State != "final" || u[0].Inline || u[0].Void {
		t.Errorf("parted = %+v", u[0])
	}
	if !u[1].Void || !u[2].Inline || u[3].Inline || u[3].Target != "a < b" {
		t.Errorf("the others = %+v", u[1:])
	}
}

func TestWhatCannotBeReadIsRefusedInWords(t *testing.T) {
	bomb := `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`
	for _, tt := range []struct{ name, raw, want string }{
		{"nothing", "", "words.xliff.other"},
		{"words", "just words", "words.xliff.other"},
		{"another language of tags", "<html><body/></html>", "words.xliff.other"},
		{"XLIFF 2.0", `<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="zh" trgLang="en"><file id="f"/></xliff>`, "words.xliff.two"},
		{"XLIFF 1.1", `<xliff version="1.1" xmlns="urn:oasis:names:tc:xliff:document:1.1"/>`, "words.xliff.version"},
		{"entities", bomb + body("&b;"), "words.xliff.doctype"},
		{"an outer file", `<!DOCTYPE x SYSTEM "file:///etc/passwd">` + body(""), "words.xliff.doctype"},
		{"an unknown entity", body(`<trans-unit id="a"><source>&lol;</source></trans-unit>`), "words.xliff.broken"},
		{"cut off", body("")[:120], "words.xliff.broken"},
		{"crossed tags", body("<trans-unit><source></trans-unit></source>"), "words.xliff.broken"},
		{"deep", body(strings.Repeat("<group>", 1000)), "words.xliff.deep"},
		{"UTF-16", "\xff\xfe<\x00x\x00", "words.xliff.encoding"},
		{"GBK", `<?xml version="1.0" encoding="GBK"?><xliff version="1.2"/>`, "words.xliff.encoding"},
		{"bytes of GBK", "<xliff version=\"1.2\"><file original=\"\xb5\xcd\xb1\xa3\"/></xliff>", "words.xliff.encoding"},
		{"a zip", "PK\x03\x04aaaa", "words.xliff.zip"},
		{"50 MB", strings.Repeat(" ", 50<<20), "words.xliff.large"},
		{"more units than anybody has", body(strings.Repeat(`<trans-unit id="a"/>`, 50_001)), "words.xliff.large"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := xliff.Read([]byte(tt.raw))
			var told *problem.Error
			if !errors.As(err, &told) || told.Key != tt.want {
				t.Errorf("= %v, want %s", err, tt.want)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	_ = xliff.Write(&b, sample())
	f.Add(b.Bytes())
	f.Add([]byte(body(`<trans-unit id="a"><source>a</source><target>b<x/></target><alt-trans><trans-unit><source>n</source><target/></trans-unit></alt-trans></trans-unit>`)))
	f.Add([]byte(`<xliff version="1.2"><trans-unit><target/></trans-unit><target/></xliff>`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		files, err := xliff.Read(raw)
		var told *problem.Error
		if err != nil {
			if !errors.As(err, &told) {
				t.Fatalf("an error without words: %v", err)
			}
			return
		}
		// What was read can be written, and reads the same.
		var out bytes.Buffer
		if err := xliff.Write(&out, files); err != nil {
			t.Fatal(err)
		}
		again, err := xliff.Read(out.Bytes())
		if err != nil || len(again) != len(files) {
			t.Fatalf("read again: %v", err)
		}
		for i, file := range files {
			for j, u := range file.Units {
				v := again[i].Units[j]
				if fmt.Sprint(u.ID, u.Source, u.Target) != fmt.Sprint(v.ID, v.Source, v.Target) {
					t.Fatalf("%+v came back as %+v", u, v)
				}
			}
		}
	})
}
