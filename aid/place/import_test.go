package place_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"mashang/aid/place"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// villages is a list as statistics offices publish it: a remark, codes of towns with nine digits, columns nobody needs.
const villages = `# source: made up for this test
code,name,streetCode,provinceCode,cityCode,areaCode
990121100301,"上坡村委会",990121100,99,9901,990121
990121100302,"下坡村委会",990121100,99,9901,990121
`

func TestImportDivisions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		g := filled(t, db, nil, day(t, "2026-11-21"))
		dry, err := g.ImportPlaces(t.Context(), "list.csv", strings.NewReader(villages), true)
		if err != nil || dry.Written || dry.Rows != 2 || len(dry.Faults) > 0 {
			t.Fatalf("dry run = %+v, %v", dry, err)
		}
		if _, ok := g.Atlas().Division("990121100301"); ok {
			t.Fatal("a dry run wrote")
		}
		got, err := g.ImportPlaces(t.Context(), "list.csv", strings.NewReader(villages), false)
		if err != nil || !got.Written || got.Kind != "divisions" {
			t.Fatalf("ImportPlaces = %+v, %v", got, err)
		}
		d, _ := g.Atlas().Division("990121100302")
		if d.Name.Hans != "下坡村委会" || d.Level != place.Village || d.Parent != liuhe {
			t.Errorf("imported %+v", d)
		}
		if len(got.Notes) != 1 || got.Notes[0].Key != "place.import.prefix" || got.New != 2 || len(got.Gone) != 7 {
			t.Errorf("got %+v, want two new ones under the parents their codes name, and what the list does not name listed", got)
		}
	})
}

func TestABadRowStopsTheWholeImport(t *testing.T) {
	for _, tt := range []struct {
		name, sheet string
		line        int
		key         string
	}{
		{"code", "# remark\ncode,name\n990121100301,上坡村\n\n9901211,下坡村\n", 5, "place.import.code"},
		{"parent", "code,name,parent\n990121100301,上坡村,990121100000\n990121100302,下坡村,990199100000\n", 3, "place.import.parent"},
		{"date", "code,name,from\n990121100301,上坡村,2026/1/2\n", 2, "place.import.date"},
		{"header in a remark", "# source: a list, columns: code,name\n990121100301,上坡村\n9901211,下坡村\n", 3, "place.import.code"},
		{"office's division", "name,division,phone\n窗口,990199100000,0500-5550109\n", 2, "place.import.division"},
		{"location's kind", "name,division,kind,number\n亭子,990121100201,pavilion,0900\n", 2, "place.import.kind"},
		{"number given twice", "名称,所在区划,类型,海报编号\n一,990121100201,公园,0900\n二,990121100201,公园,0900\n", 3, "place.import.taken"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := filled(t, storetest.SQLite(t), nil, day(t, "2026-11-21"))
			before := g.Version()
			got, err := g.ImportPlaces(t.Context(), "x.csv", strings.NewReader(tt.sheet), false)
			if err != nil {
				t.Fatal(err)
			}
			if got.Written || !slices.ContainsFunc(got.Faults, func(f place.Fault) bool { return f.Key == tt.key && f.Line == tt.line }) {
				t.Errorf("got %+v, want %s on line %d", got, tt.key, tt.line)
			}
			if err := g.Reload(t.Context()); err != nil || g.Version() != before {
				t.Errorf("something was written: %v", err)
			}
		})
	}
}

func TestImportLocationsAndOffices(t *testing.T) {
	g := filled(t, storetest.SQLite(t), nil, day(t, "2026-11-21"))
	book := excelize.NewFile()
	for i, row := range [][]any{
		{"点位名称", "所在区划", "类型", "海报编号", "名单村"},
		{"改名的村委会", "990121100201", "便民服务点", "0001", "990121100201"},
		{"新公园", "990121100", "公园", "0901", ""},
	} {
		cell, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := book.SetSheetRow("Sheet1", cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	got, err := g.ImportPlaces(t.Context(), "locations.xlsx", &b, false)
	if err != nil || !got.Written || got.Kind != "locations" {
		t.Fatalf("ImportPlaces = %+v, %v", got, err)
	}
	if l, _ := g.Atlas().Location("AAAAAAAA"); l.Name.Hans != "改名的村委会" {
		t.Errorf("poster 0001 is %+v, want it renamed", l)
	}
	parks := g.Atlas().Locations(liuhe)
	if len(parks) != 1 || len(parks[0].ID) != 8 || parks[0].State != place.Active {
		t.Errorf("new locations = %+v", parks)
	}

	gb, err := simplifiedchinese.GB18030.NewEncoder().String("名称,所属区划,电话,受理部门\n北原镇便民服务中心,990121400000,0500-5550120,minzheng、yibao\n")
	if err != nil {
		t.Fatal(err)
	}
	got, err = g.ImportPlaces(t.Context(), "offices.csv", strings.NewReader(gb), false)
	if err != nil || !got.Written || got.Kind != "offices" {
		t.Fatalf("ImportPlaces = %+v, %v", got, err)
	}
	if o, _ := g.Atlas().Office(estray, "yibao"); o.Name.Hans != "北原镇便民服务中心" {
		t.Errorf("the nearest office is %+v", o)
	}
}

// A zone that no county of ours manages stands at the top, whatever its code looks like.
func TestAListOfItsOwnHasItsOwnTop(t *testing.T) {
	g, err := place.NewGazetteer(t.Context(), storetest.SQLite(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	const list = "代码,名称,级别,管理上级\n990900000000,测试高新区,开发区,\n990911003,某镇,镇,990900000000\n990911003201,某村,村,990911003\n"
	got, err := g.ImportPlaces(t.Context(), "x.csv", strings.NewReader(list), false)
	if err != nil || !got.Written || g.Atlas().Root().Code != "990900000000" || len(g.Atlas().Chain("990911003201")) != 3 {
		t.Errorf("ImportPlaces = %+v, %v", got, err)
	}
}

func TestEveryColumnOfATemplateIsRead(t *testing.T) {
	g := filled(t, storetest.SQLite(t), nil, day(t, "2026-11-21"))
	for i, header := range place.Templates() {
		got, err := g.ImportPlaces(t.Context(), "x.csv", strings.NewReader(strings.Join(header, ",")+"\n"), true)
		if want := []string{"divisions", "offices", "locations"}[i]; err != nil || got.Kind != want || len(got.Notes) > 0 {
			t.Errorf("%v: %+v, %v", header, got, err)
		}
	}
}

func TestASheetThatIsNoneIsRefusedWithWords(t *testing.T) {
	g := filled(t, storetest.SQLite(t), nil, day(t, "2026-11-21"))
	for _, sheet := range []string{"", "\x00\x01\x02", "a,b\n1,2\n", "code\n1\n", "\xd0\xcf\x11\xe0old excel"} {
		_, err := g.ImportPlaces(t.Context(), "x.csv", strings.NewReader(sheet), false)
		if !problem.Is(err, problem.Invalid) && !problem.Is(err, problem.Unsupported) && !problem.Is(err, problem.Malformed) {
			t.Errorf("%q: %v, want a problem", sheet, err)
		}
	}
}

func FuzzImportPlaces(f *testing.F) {
	f.Add([]byte(villages))
	f.Add([]byte("名称,所在区划,类型,海报编号,状态,迁至\n一,990121100201,公园,0900,迁移,AAAAAAAA\n"))
	f.Add([]byte("name,division,phone,departments\n窗口,990121100000,1,\"a、b\"\n"))
	f.Add([]byte("# columns: code,name,streetCode,areaCode\n990211003201,甲村委会,990211003,990211\n990212001001,乙社区居委会,990212001,990212\n"))
	f.Add([]byte("名称,所属区划,电话,办公时间,休息日期\n窗口,990121100000,未知,周一至周五 8:30-12:00,2026-12-01/2026-12-03=搬家\n"))
	f.Add([]byte("code,name,parent,into,to\n990121100201,甲,990121100000,990121100288,2026-12-31\n"))
	f.Add([]byte("#\n#\ncode,name,from,to\n990121,县,2026-01-01,2025-01-01\n"))
	db := storetest.SQLite(f)
	g, err := place.NewGazetteer(f.Context(), db, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(g.Close)
	if err := db.Tx(f.Context(), func(q store.Queryer) error { return g.PutDivisions(f.Context(), q, tree(f)) }); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, sheet []byte) {
		got, err := g.Import(t.Context(), "x.csv", bytes.NewReader(sheet), place.Intake{Dry: true, Short: true, Named: given()})
		var p *problem.Error
		if err != nil && !errors.As(err, &p) {
			t.Errorf("an error that is no problem: %v", err)
		}
		if got.Written {
			t.Error("a dry run wrote")
		}
	})
}
