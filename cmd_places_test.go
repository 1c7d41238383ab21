package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A list of the statistics office fills an empty system: its towns are named in
// a sheet beside it. What is printed is read again as the same.
func TestAListOfStatisticsOnTheCommandLine(t *testing.T) {
	s := newSite(t)
	b, err := os.ReadFile(filepath.Join("aid", "place", "testdata", "villages.csv"))
	if err != nil {
		t.Fatal(err)
	}
	list := s.file("villages.csv", string(b))
	s.want(1, []string{"-towns FILE", "990211003000", "45", "nothing was written"}, "import", "places", list)
	towns := s.file("towns.csv", "区划代码,名称\n990211,示例区\n990211003,北坡街道\n990211103,东村镇\n990211104,良庄镇\n")
	s.want(0, []string{"120 new, 0 changed, 0 as they are", "would import", "nothing was written"}, "import", "places", "-towns", towns, "-short", "-dry-run", list)
	s.want(0, []string{"120 new", "imported 116 divisions"}, "import", "places", "-towns", towns, "-short", list)
	s.want(0, []string{"0 new, 0 changed, 116 as they are", "4 are here and not in the file"}, "import", "places", list)
	for _, kind := range []string{"divisions", "offices", "locations"} {
		out := s.want(0, nil, "export", kind)
		if kind == "divisions" && (strings.Count(out, "\n") != 121 || !strings.Contains(out, "990211003000,北坡街道")) {
			t.Errorf("export %s:\n%s", kind, out)
		}
		if strings.Count(out, "\n") > 1 {
			s.want(0, []string{"0 new, 0 changed, 120 as they are"}, "import", "places", s.file(kind+".csv", out))
		}
	}
	s.want(1, []string{"示例区 → 北坡街道 → 示例区"}, "import", "places", s.file("loop.csv", "区划代码,名称,级别,管理上级\n990211000000,示例区,开发区,990211003000\n"))
	changed := strings.Replace(string(b), "990211003,99,9902,990211", "990211104,99,9902,990211", 1)
	s.want(0, []string{"116 as they are"}, "import", "places", s.file("moved.csv", changed)) // who manages a village is known better here
	s.want(0, []string{"change 2 990211003000 新街道: name.zh-Hans “北坡街道” → “新街道”"}, "import", "places", s.file("rename.csv", "区划代码,名称\n990211003000,新街道\n"))
}
