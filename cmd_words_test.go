package main

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestTranslationsGoOutAndAreProposed(t *testing.T) {
	s := newSite(t)
	s.want(0, nil, "import", "places", s.file("d.csv", "区划代码,名称,级别,管理上级\n990100000000,青河县,县,\n"))
	s.want(0, nil, "import", "programmes", s.file("b.csv", "部门编码,部门名称\nminzheng,民政局\n"))
	s.want(0, nil, "import", "programmes", s.file("p.csv", "编码,名称,英文名称,部门,简介\ndibao,低保,Dibao,民政局,每月712元\n"))
	out := s.want(0, nil, "export", "xliff", "-lang", "en", "-only", "missing")
	if strings.Count(out, "<trans-unit") != 2 || !strings.Contains(out, `target-language="en"`) { // the department's name and the summary
		t.Fatalf("export =\n%s", out)
	}
	if one := s.want(0, nil, "export", "xliff", "-programme", "dibao"); strings.Contains(one, "department/") || strings.Count(one, "<trans-unit") != 4 {
		t.Errorf("one programme =\n%s", one)
	}
	s.want(2, []string{"-lang"}, "export", "xliff", "-lang", "fr")
	s.want(2, []string{"-only"}, "export", "xliff", "-only", "wrong")
	s.want(1, []string{"-programme"}, "export", "xliff", "-programme", "nobody")

	s.want(0, []string{"nothing to change"}, "import", "xliff", s.file("same.xlf", out))
	made := strings.Replace(out, `<target state="needs-translation"></target>`, `<target state="translated">721 yuan a month</target>`, 1)
	file := s.file("made.xlf", made)
	s.want(0, []string{"数字对不上", "would propose 1 translations"}, "import", "xliff", file, "-dry-run")
	s.want(0, []string{"proposed 1 translations", "/console/review/"}, "import", "xliff", file)
	s.want(1, []string{"本站没有这一段", "nothing was written"}, "import", "xliff", s.file("strange.xlf", strings.ReplaceAll(made, "programme/dibao", "programme/nobody")))
	s.want(1, []string{"XLIFF 2.0"}, "import", "xliff", s.file("two.xlf", `<xliff version="2.0"/>`))
	s.want(1, []string{"no such file"}, "import", "xliff", filepath.Join(s.dir, "nowhere.xlf"))
}
