package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestAFolderThatWasExportedComesBack(t *testing.T) {
	s := newSite(t)
	s.want(0, nil, "import", "places", s.file("d.csv", "区划代码,名称,级别,管理上级\n990100000000,青河县,县,\n990100100000,东山镇,镇,990100000000\n"))
	s.want(0, nil, "import", "programmes", s.file("b.csv", "部门编码,部门名称\nminzheng,民政局\n"))
	s.want(0, nil, "import", "programmes", s.file("p.csv", "编码,名称,部门\ndibao,低保,民政局\n"))
	s.want(0, []string{"imported 1 documents"}, "import", "documents", s.file("law.md", "---\nstate: in_force\neffective_from: 2026-01-01\n---\n# 通知\n\n第一条 标准每月712元。\n"))
	folder := filepath.Join(s.dir, "out")
	s.want(0, []string{"wrote 1 files"}, "export", "documents", "-out", folder)
	s.want(0, []string{"wrote 3 files"}, "export", "programmes", "-out", folder)
	s.want(1, []string{"there already"}, "export", "programmes", "-out", folder)
	s.want(0, []string{`"id": "dibao"`}, "export", "programmes")
	s.want(0, []string{"would import 1 programmes"}, "import", "programmes", folder, "-dry-run")
	s.want(0, []string{"imported 1 documents"}, "import", "documents", folder)
	s.want(1, []string{"没有可以导入的文件"}, "import", "faq", folder)
	if err := os.WriteFile(filepath.Join(folder, "documents", "law.json"), []byte(`{"id":"law","titel":"x"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	s.want(1, []string{"documents/law.json", "JSON"}, "import", "documents", folder)
}
